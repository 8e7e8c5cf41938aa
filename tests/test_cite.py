import dataclasses
import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Span
from qa.cite import format_citation, format_date
from qa.types import Citation

CITATION = Citation(
    statement_id="2024-07-28-us-japan-ministerial-joint-statement",
    title="Joint Statement of the U.S.-Japan ministerial meeting on extended deterrence",
    issuer="U.S. Department of State",
    date=datetime.date(2024, 7, 28),
    paragraph=3,
    page=None,
    span=Span(start=0, end=1),
    sha256="0" * 64,
    url=None,
    source="seeds/2024-07-28-us-japan-ministerial-joint-statement.txt",
)

# Any text a file or a sidecar can hold, with what breaks lines and layouts over-represented.
texts = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from('"“”\r\n\t\x00\x1b\u202e\u2028 ?!'))
)
citations = st.builds(
    Citation,
    statement_id=texts,
    title=texts,
    issuer=st.none() | texts,
    date=st.none() | st.dates(),
    paragraph=st.integers(min_value=1, max_value=9999),
    page=st.none() | st.integers(min_value=1, max_value=9999),
    span=st.just(Span(start=0, end=0)),
    sha256=st.just("0" * 64),
    url=st.none() | texts,
    source=texts,
)


def test_a_full_citation() -> None:
    assert format_citation(CITATION) == (
        'U.S. Department of State, "Joint Statement of the U.S.-Japan ministerial meeting on extended '
        'deterrence," July 28, 2024, para. 3.'
    )


def test_the_page_stands_before_the_paragraph() -> None:
    assert format_citation(dataclasses.replace(CITATION, page=2)).endswith(" July 28, 2024, p. 2, para. 3.")


def test_no_date_is_said() -> None:
    assert format_citation(dataclasses.replace(CITATION, date=None)).endswith(' deterrence," n.d., para. 3.')


@pytest.mark.parametrize("issuer", [None, "", " \n"])
def test_without_an_issuer_it_starts_with_the_title(issuer: str | None) -> None:
    assert format_citation(dataclasses.replace(CITATION, issuer=issuer)).startswith('"Joint Statement of')


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ('On the "2+2" meeting', "\"On the '2+2' meeting,\""),
        ("The \u201cQuad\u201d", '"The \u2018Quad\u2019,"'),
        ("What now?", '"What now?"'),
        ("Line one\r\nline\u2028two", '"Line one line two,"'),
        ("safe\u202eltr", '"safe ltr,"'),
        ("", '"Untitled statement,"'),
        ("日米共同声明", '"日米共同声明,"'),
    ],
)
def test_titles(title: str, written: str) -> None:
    assert format_citation(dataclasses.replace(CITATION, title=title, issuer=None)).startswith(
        written + " July"
    )


@given(citations)
def test_every_citation_is_one_clean_line(citation: Citation) -> None:
    line = format_citation(citation)
    assert line.splitlines() == [line]
    assert line == " ".join(line.split())
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", line)
    assert line.endswith(f"para. {citation.paragraph}.")
    assert (f", p. {citation.page}, " in line) or citation.page is None
    # Two quotation marks and no more, so it stays clear where the title ends.
    issuer_marks = (citation.issuer or "").count('"')
    assert line.count('"') == 2 + issuer_marks


@given(st.dates())
def test_dates_are_english_and_unpadded(date: datetime.date) -> None:
    found = re.fullmatch(r"([A-Z][a-z]{2})[a-z]* (\d+), (\d+)", format_date(date))
    assert found is not None
    assert list(found.groups()) == [f"{date:%b}", str(date.day), str(date.year)]
