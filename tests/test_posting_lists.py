"""The posting lists beside the word index: that they are always the same as its own."""

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.posting_lists import (
    PostingChanges,
    check_posting_lists,
    count_holders,
    create_posting_lists,
    list_words,
    read_posting_list,
)
from index.words import add_words, create_words, remove_words

PART = 65_536
TEXT = st.lists(st.sampled_from(["met", "tokyo", "treaty", "são", "北"]), max_size=6).map(" ".join)
# Ids ascend and leave gaps, some of them from one part of a list to another.
STEPS = st.lists(st.tuples(st.sampled_from([1, 2, PART - 1, PART, 3 * PART]), TEXT), max_size=8)


def make_database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE passages (passage_id INTEGER PRIMARY KEY, text TEXT)")
    create_words(connection, content="passages")
    create_posting_lists(connection)
    return connection


def change(connection: sqlite3.Connection, added: dict[int, str], removed: dict[int, str]) -> None:
    changes = PostingChanges(connection)
    remove_words(connection, removed.items(), changes=changes)
    connection.executemany("DELETE FROM passages WHERE passage_id = ?", [(each,) for each in removed])
    connection.executemany("INSERT INTO passages VALUES (?, ?)", added.items())
    add_words(connection, added.items(), changes=changes)
    changes.file()


def places_of(texts: dict[int, str], word: str) -> list[int]:
    return [number for number, text in texts.items() for each in text.split() if each == word]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = make_database()
    change(opened, {1: "met in Tokyo, met again", 2: "Tokyo", PART + 5: "a treaty"}, {})
    yield opened
    opened.close()


def test_a_word_stands_as_often_as_it_is_there(connection: sqlite3.Connection) -> None:
    assert read_posting_list(connection, "met").tolist() == [1, 1]
    assert count_holders(connection, "met") == 1
    assert read_posting_list(connection, "tokyo").tolist() == [1, 2]
    assert read_posting_list(connection, "treati").tolist() == [PART + 5]  # its stem
    assert read_posting_list(connection, "peru").tolist() == []
    assert count_holders(connection, "peru") == 0


def test_a_word_that_is_gone_has_no_list(connection: sqlite3.Connection) -> None:
    change(connection, {}, {PART + 5: "a treaty"})
    assert sorted(list_words(connection)) == ["again", "in", "met", "tokyo"]


@given(data=st.data(), builds=st.lists(STEPS, max_size=4))
def test_lists_are_those_of_the_word_index_whatever_comes_and_goes(
    data: st.DataObject, builds: list[list[tuple[int, str]]]
) -> None:
    connection = make_database()
    kept: dict[int, str] = {}
    newest = 0
    for steps in builds:
        removed = {each: kept.pop(each) for each in data.draw(st.sets(st.sampled_from([*kept, 0]))) if each}
        added = {(newest := newest + step): text for step, text in steps}
        change(connection, added, removed)
        kept |= added
        assert check_posting_lists(connection)
        for word in ("met", "tokyo", "北"):
            assert read_posting_list(connection, word).tolist() == places_of(kept, word)
            assert count_holders(connection, word) == len(set(places_of(kept, word)))
    words = {word for text in kept.values() for word in text.split()}
    assert set(list_words(connection)) == {
        {"treaty": "treati", "são": "sao"}.get(word, word) for word in words
    }
    connection.close()


def test_a_build_that_is_taken_back_leaves_no_trace(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    change(connection, {PART + 6: "Tokyo"}, {1: "met in Tokyo, met again"})
    connection.execute("ROLLBACK")
    assert read_posting_list(connection, "tokyo").tolist() == [1, 2]
    change(connection, {PART + 6: "Tokyo"}, {})
    assert read_posting_list(connection, "tokyo").tolist() == [1, 2, PART + 6]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE posting_lists SET places = x'0200' WHERE word = 'met'",
        "DELETE FROM posting_lists WHERE word = 'met'",
        "INSERT INTO posting_lists VALUES ('peru', 0, 1, x'0100')",
        "UPDATE posting_lists SET holders = 9 WHERE word = 'tokyo'",
    ],
)
def test_a_list_that_changed_is_found(connection: sqlite3.Connection, damage: str) -> None:
    assert check_posting_lists(connection)
    connection.execute(damage)
    assert not check_posting_lists(connection)
