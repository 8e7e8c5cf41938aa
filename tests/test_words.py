"""BM25: what is found, that it is BM25, and that a term is never query syntax."""

import math
import re
import sqlite3
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.words import (
    add_words,
    check_words,
    create_words,
    document_frequency,
    remove_words,
    search_words,
)

TEXTS = {
    11: "The United States reaffirmed its commitment to the defense of Japan.",
    12: "The two sides discussed extended deterrence and U.S. forces in São Paulo.",
    13: 'NEAR the col: a "quoted" word* was said.',
    20: "Nuclear weapons were discussed at length, at great length, by both sides.",
}
HOSTILE = [
    '"', '""', "*", "NEAR(", "NEAR(a b, 2)", "col:", "text:japan", "japan OR", "AND", "NOT", "(", ")",
    "^japan", "-", "+", "{", "japan*", "\0", "japan\0", "\ud800", "\U0001f600", "", " ", "'",
    "; DROP TABLE words", "x" * 10_000, '"' * 10_000, "%s", "\\", "\n",
]  # fmt: skip


def database(texts: dict[int, str]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE passages (passage_id INTEGER PRIMARY KEY, text TEXT)")
    create_words(connection, content="passages")
    connection.executemany("INSERT INTO passages VALUES (?, ?)", texts.items())
    add_words(connection, texts.items())
    return connection


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = database(TEXTS)
    yield opened
    opened.close()


def ids(found: Iterable[tuple[int, float]]) -> list[int]:
    return [passage_id for passage_id, _ in found]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("Japan", [11]),
        ("committed", [11]),  # the stem of "commitment"
        ("discussing", [12, 20]),
        ("u.s.", [12]),  # a phrase: "u" and "s" side by side
        ("Sao", [12]),
        ("SIDES", [12, 20]),
        ("states united", []),  # a phrase in another order
        ("Peru", []),
    ],
)
def test_finds_words(connection: sqlite3.Connection, term: str, expected: list[int]) -> None:
    assert sorted(ids(search_words(connection, [term], 10))) == expected
    assert document_frequency(connection, term) == len(expected)


def test_more_and_rarer_words_come_first(connection: sqlite3.Connection) -> None:
    found = search_words(connection, ["sides", "length", "Peru"], 10)
    assert ids(found) == [20, 12]
    assert found[0][1] > found[1][1] > 0


def test_returns_no_more_than_k(connection: sqlite3.Connection) -> None:
    assert ids(search_words(connection, ["sides", "length"], 1)) == [20]
    assert search_words(connection, ["sides"], 0) == []
    assert search_words(connection, [], 5) == []


def test_searches_within_the_allowed(connection: sqlite3.Connection) -> None:
    assert ids(search_words(connection, ["sides"], 10, {12, 13, 999})) == [12]
    assert search_words(connection, ["sides"], 10, frozenset()) == []


@pytest.mark.parametrize("term", HOSTILE)
def test_a_hostile_term_is_only_a_term(connection: sqlite3.Connection, term: str) -> None:
    found = search_words(connection, [term], 10)
    assert len(found) == document_frequency(connection, term)
    assert 11 in ids(search_words(connection, [term, "Japan"], 10))


def test_syntax_is_searched_as_words(connection: sqlite3.Connection) -> None:
    assert ids(search_words(connection, ["NEAR("], 10)) == [13]
    assert ids(search_words(connection, ["col:"], 10)) == [13]
    assert ids(search_words(connection, ['"quoted"'], 10)) == [13]
    assert search_words(connection, ["text:japan"], 10) == []


@given(terms=st.lists(st.text(), max_size=4))
def test_no_term_is_an_error(terms: list[str]) -> None:
    connection = database(TEXTS)
    try:
        assert set(ids(search_words(connection, terms, 10))) <= TEXTS.keys()
    finally:
        connection.close()


def test_thousands_of_terms_are_searched(connection: sqlite3.Connection) -> None:
    assert ids(search_words(connection, [f"word{number}" for number in range(5000)] + ["Japan"], 3)) == [11]


def test_removed_passages_are_not_found(connection: sqlite3.Connection) -> None:
    remove_words(connection, [(12, TEXTS[12])])
    connection.execute("DELETE FROM passages WHERE passage_id = 12")
    assert ids(search_words(connection, ["sides"], 10)) == [20]
    assert document_frequency(connection, "sides") == 1
    check_words(connection)


def test_scores_are_those_of_an_index_that_never_held_the_removed(connection: sqlite3.Connection) -> None:
    remove_words(connection, [(12, TEXTS[12])])
    fresh = database({i: text for i, text in TEXTS.items() if i != 12})
    assert search_words(connection, ["discussed", "length"], 9) == search_words(
        fresh, ["discussed", "length"], 9
    )
    fresh.close()


def test_check_finds_a_text_that_changed(connection: sqlite3.Connection) -> None:
    check_words(connection)
    connection.execute("UPDATE passages SET text = 'Something else' WHERE passage_id = 11")
    with pytest.raises(sqlite3.DatabaseError):
        check_words(connection)


def bm25(texts: dict[int, str], terms: list[str]) -> dict[int, float]:
    """BM25 as SQLite's documentation gives it: k1 = 1.2, b = 0.75."""
    words = {i: re.findall(r"\w+", text.lower()) for i, text in texts.items()}
    mean = sum(map(len, words.values())) / len(words)
    scores = dict.fromkeys(texts, 0.0)
    for term in terms:
        holders = sum(term in each for each in words.values())
        idf = max(math.log((len(words) - holders + 0.5) / (holders + 0.5)), 1e-6)
        for i, each in words.items():
            count = each.count(term)
            scores[i] += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * len(each) / mean))
    return {i: score for i, score in scores.items() if score > 0}


VOCABULARY = ["japan", "korea", "treaty", "ship", "north"]  # words that are their own stems


@given(
    texts=st.dictionaries(
        st.integers(1, 50),
        st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12).map(" ".join),
        min_size=1,
        max_size=12,
    ),
    terms=st.lists(st.sampled_from(VOCABULARY), min_size=1, unique=True),
)
def test_scores_are_bm25(texts: dict[int, str], terms: list[str]) -> None:
    connection = database(texts)
    try:
        assert dict(search_words(connection, terms, 99)) == pytest.approx(bm25(texts, terms))
    finally:
        connection.close()
