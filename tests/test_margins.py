"""Margins: what stands above and below a statement's prose, without Markdown's and HTML's marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.margins import Block, is_prose, read_margins

PROSE = "The two sides exchanged views on regional security and agreed to work closely together."


def test_a_text_is_parted_into_head_opening_and_foot() -> None:
    margins = read_margins(
        f"# Title\n\nline one\nline two\n\n{PROSE}\n\n**{PROSE}**\n\nTokyo\n\n\\# \\# \\#\n"
    )
    assert margins.head == (Block(lines=("Title",), heading=1), Block(lines=("line one", "line two")))
    assert margins.opening == f"{PROSE}\n{PROSE}\nTokyo"
    assert margins.foot == (Block(lines=("Tokyo",)),)
    assert not margins.spoken


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("***<u>Joint Statement</u>***", "Joint Statement"),
        ("[Joint](https://example.org/a_b) Statement", "Joint Statement"),
        ("August 2<sup>nd</sup>,&nbsp;2023", "August 2nd, 2023"),
        ("snake_case and 1\\. one", "snake_case and 1. one"),
        ("COVID-\u206019\u200b", "COVID-19"),
    ],
)
def test_marks_are_no_words(line: str, clean: str) -> None:
    assert read_margins(line).head[0].text == clean


def test_long_lines_are_paragraphs_of_their_own() -> None:
    assert read_margins(f"Title\n{PROSE} {PROSE}\n").head == (Block(lines=("Title",)),)


def test_a_number_that_a_line_begins_with_may_end_a_sentence() -> None:
    assert (
        read_margins("They met again in Tokyo on April\n13. This meeting was held in good spirit.").head == ()
    )


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        (PROSE, True),
        ("PRESIDENT BIDEN: Good.", True),
        ("We the leaders of many countries have met", True),
        ("両国の外務大臣は本日、東京において会談を行い、同盟を強化することで一致した。", True),
        ("FACT SHEET: Talks", False),
        ("Statement by Joseph R. Biden on the talks of the Quad in Tokyo, Jr.", False),
        ("Washington, D.C.", False),
        ("外務省", False),
    ],
)
def test_prose_is_told_from_letterhead(text: str, *, prose: bool) -> None:
    assert is_prose(Block(lines=(text,))) is prose


@pytest.mark.parametrize(
    "text",
    [f"4:15 P.M. EDT\n\n{PROSE}", f"PRESIDENT BIDEN: {PROSE}", "Q How are you, sir, after all of that?"],
)
def test_a_transcript_is_told_by_its_clock_or_its_speakers(text: str) -> None:
    assert read_margins(text).spoken


@given(st.text(alphabet=st.sampled_from("aB1 .:\n\r\f#*[]()<>&;-_\\\u2028"), max_size=200))
def test_any_text_has_margins(text: str) -> None:
    margins = read_margins(text)
    assert all(line.strip() == line != "" for block in (*margins.head, *margins.foot) for line in block.lines)
