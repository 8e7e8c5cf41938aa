"""Issuers: letterheads, footers and titles that name a body, and lines that only look like it."""

import pytest

from index.headlines import find_headline
from index.issuers import find_issuer, is_organisation
from index.margins import read_margins

PROSE = "The two sides exchanged views on regional security and agreed to work closely together."


def read(text: str) -> str | None:
    margins = read_margins(text)
    headline = find_headline(margins, name="statement")
    return find_issuer(
        margins, title=headline.title if headline else None, title_blocks=headline.blocks if headline else ()
    )


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        (f"Dialogue\n\nDepartment of State\n\n{PROSE}", "Department of State"),
        (f"THE WHITE HOUSE\nOffice of the Press Secretary\n\n{PROSE}", "The White House"),
        (f"Office of the Spokesperson\nU.S. DEPARTMENT OF STATE\n\n{PROSE}", "U.S. Department of State"),
        (f"MEDIA NOTE\n\nOFFICE OF THE SPOKESPERSON\n\n{PROSE}", "Office of the Spokesperson"),
        (
            f"Ministry of Foreign Affairs of Japan\nPress Releases\n[Joint Statement] Talks\n\n{PROSE}",
            "Ministry of Foreign Affairs of Japan",
        ),
        (f"外務省\n\n{PROSE}", "外務省"),
        (f"中国外交部\n\n{PROSE}", "中国外交部"),
        (f"외교부\n\n{PROSE}", "외교부"),
        (f"وزارة الخارجية\n\n{PROSE}", "وزارة الخارجية"),
        (f"Auswärtiges Amt\n\n{PROSE}", "Auswärtiges Amt"),
        (f"Ministère de l'Europe\n\n{PROSE}", "Ministère de l'Europe"),
        (f"Министерство обороны\n\n{PROSE}", "Министерство обороны"),
        (f"{PROSE}\n\nTHE WHITE HOUSE,\nJuly 28, 2024.", "The White House"),
        (f"{PROSE}\n\nSource: Readout of Call, U.S. Department of Defense", "U.S. Department of Defense"),
        (f"{PROSE}\n\nIssued by the Ministry of Defence", "Ministry of Defence"),
        (f"{PROSE}\n\n© 2024 European Commission", "European Commission"),
        (f"Statement by the North Atlantic Council on Ukraine\n\n{PROSE}", "North Atlantic Council"),
        (f"Statement by White House Press Secretary Jen Psaki\n\n{PROSE}", "The White House"),
        (f"G7 Foreign Ministers’ Statement\n\n{PROSE}", "G7"),
    ],
)
def test_a_body_that_stands_over_its_words_issued_them(text: str, issuer: str) -> None:
    assert read(text) == issuer


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        f"Joint Statement of the United States and Japan\n\n{PROSE}",
        f"Joint Statement from the European Commission, Mexico and Peru\n\n{PROSE}",
        f"Statement by President Biden\n\n{PROSE}",
        f"TO THE CONGRESS OF THE UNITED STATES:\n\n{PROSE}",
        f"Agreement\n\nbetween the\n\nGovernment of Japan\n\nand the\n\nGovernment of Peru\n\n{PROSE}",
        f"# A Compact\n\nbetween the\n\nGovernment of Japan\n\nand the\n\nCourt of Peru\n\n{PROSE}",
        f"Déclaration du Ministère des Affaires étrangères\n\n{PROSE}",
        f"Заявление МИД России\n\n{PROSE}",
        f"U.S. Department of State\nWashington, D.C.\n\n11:00 A.M. EDT\n\nTHE PRESIDENT: {PROSE}",
        f"{PROSE}\n\nParticipants:\n\nDepartment of Energy\n\nMinistry of Finance",
        f"{PROSE}\n\nSource: Jane Doe, in conversation",
    ],
)
def test_who_is_named_otherwise_is_no_issuer(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("line", ["Government of Japan", "European External Action Service", "NATO", "G20"])
def test_the_name_of_a_body(line: str) -> None:
    assert is_organisation(line)


@pytest.mark.parametrize(
    "line",
    ["to the Government of Japan", "President of the Council", "Republic of Korea", "We met.", "Tokyo", ""],
)
def test_other_lines_are_no_bodies(line: str) -> None:
    assert not is_organisation(line)
