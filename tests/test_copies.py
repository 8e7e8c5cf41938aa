"""The same text in several files is one statement."""

import dataclasses
import datetime

from index.copies import group_copies, hash_words
from index.types import Span, Statement

PLAIN = Statement(
    statement_id="b",
    title="B",
    issuer=None,
    date=None,
    place=None,
    language=None,
    source="seeds/b.txt",
    url=None,
    sha256="",
    text="We met.\n",
    inferred=frozenset({"title"}),
)
FRONT = "---\ntitle: A\n---\n"
TOLD = dataclasses.replace(
    PLAIN,
    statement_id="z",
    title="A",
    date=datetime.date(2024, 7, 28),
    source="seeds/z.md",
    text=f"{FRONT}\nWe met.",
    front_matter=Span(start=0, end=len(FRONT)),
    inferred=frozenset(),
)


def group(statements: list[Statement]) -> tuple[tuple[Statement, ...], ...]:
    return group_copies((hash_words(each), each) for each in statements)


def test_only_the_words_of_the_statement_count() -> None:
    assert hash_words(PLAIN) == hash_words(TOLD)
    assert hash_words(PLAIN) != hash_words(dataclasses.replace(PLAIN, text="We met!"))


def test_the_source_that_tells_most_is_the_best() -> None:
    other = dataclasses.replace(PLAIN, statement_id="c", source="seeds/c.txt", text="We parted.")
    assert group([PLAIN, other, TOLD]) == ((TOLD, PLAIN), (other,))


def test_what_was_inferred_is_not_told_and_a_scan_comes_last() -> None:
    scan = dataclasses.replace(TOLD, scanned=True)
    guessed = dataclasses.replace(TOLD, statement_id="y", source="seeds/y.md", inferred=frozenset({"date"}))
    assert group([scan, PLAIN, guessed]) == ((guessed, PLAIN, scan),)


def test_equals_are_taken_by_name() -> None:
    first = dataclasses.replace(PLAIN, statement_id="a", source="seeds/a.txt")
    assert group([PLAIN, first]) == ((first, PLAIN),)
