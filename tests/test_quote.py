"""Quotes are cut out of statements and never put together."""

import dataclasses
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Passage, Span, Statement
from qa.quote import find_page, make_quote

STATEMENT = Statement(
    statement_id="july",
    title="Joint statement",
    issuer="Ministers",
    date=datetime.date(2024, 7, 28),
    place=None,
    language="en",
    source="seeds/july.txt",
    url=None,
    sha256="ab" * 32,
    text="Title\n\nFirst sentence.  Second one, not cut.\n\nFooter",
)
PASSAGE = Passage(
    statement_id="july",
    paragraph=1,
    span=Span(start=7, end=46),
    sentences=(Span(start=7, end=24), Span(start=24, end=46)),
    kind="body",
)


def test_a_quote_is_the_statements_own_words_without_the_white_space_around_them() -> None:
    quote = make_quote(STATEMENT, PASSAGE, answering=PASSAGE.sentences[1], score=0.9)
    assert quote.text == "First sentence.  Second one, not cut."
    assert quote.text == STATEMENT.text[quote.citation.span.start : quote.citation.span.end]
    assert quote.emphasis.of(STATEMENT.text) == "Second one, not cut."
    assert (quote.citation.paragraph, quote.citation.page, quote.citation.sha256) == (1, None, "ab" * 32)


@given(st.integers(0, 50), st.integers(0, 50))
def test_nothing_but_whole_sentences_is_emphasised(start: int, end: int) -> None:
    whole = {(7, 24), (7, 46), (24, 46)}
    if start > end or (start, end) in whole:
        return
    with pytest.raises(ValueError, match="whole sentences"):
        make_quote(STATEMENT, PASSAGE, answering=Span(start=start, end=end), score=0.9)


@pytest.mark.parametrize("change", [{"kind": "publisher"}, {"kind": "heading"}, {"statement_id": "december"}])
def test_words_that_are_not_the_statements_are_never_quoted(change: dict[str, str]) -> None:
    passage = dataclasses.replace(PASSAGE, **change)  # type: ignore[arg-type] # the point is a wrong value
    with pytest.raises(ValueError, match="not quotable"):
        make_quote(STATEMENT, passage, answering=PASSAGE.sentences[0], score=0.9)


def test_the_page_is_the_one_on_which_the_quote_begins() -> None:
    pages = (Span(start=0, end=10), Span(start=10, end=30))
    assert find_page(pages, Span(start=9, end=20)) == 1
    assert find_page(pages, Span(start=10, end=20)) == 2
    assert find_page((), Span(start=10, end=20)) is None
