"""Headlines: a title is taken where it stands, and a venue, a section or a sentence is none."""

import pytest

from index.headlines import find_headline
from index.margins import read_margins

PROSE = "The two sides exchanged views on regional security and agreed to work closely together."


def read(text: str, name: str = "statement") -> str | None:
    headline = find_headline(read_margins(text), name=name)
    return headline.title if headline else None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"# The Day After\n\n{PROSE}", "The Day After"),
        (f"#   Tokyo   Talks ##\n{PROSE}", "Tokyo Talks"),
        (f"Joint Statement\n===============\n\n{PROSE}", "Joint Statement"),
        (
            f"JOINT STATEMENT OF THE UNITED STATES\nAND JAPAN\n\n{PROSE}",
            "JOINT STATEMENT OF THE UNITED STATES AND JAPAN",
        ),
        (f"**Remarks by the Director**\n\n{PROSE}", "Remarks by the Director"),
        (f"FACT SHEET: Talks of the Quad\n\n{PROSE}", "FACT SHEET: Talks of the Quad"),
        (f"Statement by Joseph R. Biden, Jr.\n\n{PROSE}", "Statement by Joseph R. Biden, Jr."),
        (
            f"Secretary Blinken's Call with Foreign Minister Hayashi\n\n{PROSE}",
            "Secretary Blinken's Call with Foreign Minister Hayashi",
        ),
        (
            f"Department of State\n\nJuly 28, 2024\n\nMEDIA NOTE\n\nJoint Statement\n\n{PROSE}",
            "Joint Statement",
        ),
        (
            f"MEMORANDUM\n\nbetween the\n\nGOVERNMENT OF PERU\n\nand the\n\nGOVERNMENT OF JAPAN\n\n{PROSE}",
            "MEMORANDUM between the GOVERNMENT OF PERU and the GOVERNMENT OF JAPAN",
        ),
        (
            f"**COMPACT ON**\n\n**CRITICAL**\n\n**MINERALS**\n\nCOMPACT ON\nCRITICAL MINERALS\n\n{PROSE}",
            "COMPACT ON CRITICAL MINERALS",
        ),
        (f"Déclaration conjointe sur la paix\n\n{PROSE}", "Déclaration conjointe sur la paix"),
        (f"Gemeinsame Erklärung der Minister\n\n{PROSE}", "Gemeinsame Erklärung der Minister"),
        (f"外務大臣談話\n\n{PROSE}", "外務大臣談話"),
        (
            "Joint Statement\nThe two sides met in Tokyo and discussed " + "many things " * 12 + "today.",
            "Joint Statement",
        ),
    ],
)
def test_a_title_is_taken_as_it_stands(text: str, title: str) -> None:
    assert read(text) == title


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        f"Oval Office\n\n4:15 P.M. EDT\n\nTHE PRESIDENT: {PROSE}",
        f"Los Angeles Convention Center\nLos Angeles, California\n\n{PROSE}",
        f"*Progress report and outlook 2024*\n\n{PROSE}",
        f"**I. Introduction**\n\n{PROSE}",
        f"**Preamble**\n\n{PROSE}",
        f"# Preamble\n\n{PROSE}",
        f"***President Biden announces new steps to build resilience***\n\n{PROSE}",
        f"Statement by the Press Secretary:\n\n{PROSE}",
        f"Dear Madam Speaker:\n\n{PROSE}",
        f"MEMORANDUM FOR THE SECRETARY OF STATE\n\n{PROSE}",
        f"The following is the text of a joint statement\n\n{PROSE}",
        f"July 28, 2024\n\nTokyo, Japan\n\n{PROSE}",
        f"Global Partners\n\n{PROSE}",
        f"The Prime Minister met today with Foreign Secretary Jane Smith of the United Kingdom\n\n{PROSE}",
        f"The Prime Minister will host the next Regional Nations Summit in Lima\n\n{PROSE}",
    ],
)
def test_what_only_stands_at_the_top_is_no_title(text: str) -> None:
    assert read(text) is None


def test_a_line_that_says_what_the_files_name_says_is_the_title() -> None:
    assert read(f"Towards peace\n\n{PROSE}", "2024-07-28-towards-peace") == "Towards peace"
    assert read(f"Towards peace\n\n{PROSE}", "2024-07-28-scan") is None
    assert read(f"The Minister met today with Ann\n\n{PROSE}", "the-minister-met-today-with-ann") is None
