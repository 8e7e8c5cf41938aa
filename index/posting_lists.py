"""The posting list of each word, kept beside FTS5's own index so that it can be read at once.

FTS5 has the same lists, but hands them out one place after the other: in a large archive, those of a
question took most of the time of a search.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator

import numpy as np

from index.ids import IdArray

# `porter` meets "discussing" with "discussed", `remove_diacritics 2` meets "Sao" with "São".
TOKENS = "tokenize='porter unicode61 remove_diacritics 2'"

# Of each word, a row for every 65,536 ids among which it stands: `holders` is how many passages have it, and
# `places` their ids, ascending, each as often as the word stands there, as 2 bytes from the first of the
# 65,536 on (as in the containers of Roaring bitmaps, Lemire et al. 2016). So little is written for one more
# statement.
_CREATE = """
CREATE TABLE posting_lists (
    word TEXT NOT NULL, part INTEGER NOT NULL, holders INTEGER NOT NULL, places BLOB NOT NULL,
    PRIMARY KEY (word, part)
) STRICT
"""
_PART_BITS = 16
_PLACE = np.dtype("<u2")

_SELECT = "SELECT part, places FROM posting_lists WHERE word = ?"
_HOLDERS = "SELECT coalesce(sum(holders), 0) FROM posting_lists WHERE word = ?"
# One row for all places of a word: rows of their own would take most of the time. FTS5 has both in order.
_WORDS_OF = "SELECT term, json_group_array(doc) FROM temp.{places} GROUP BY term ORDER BY term"


def create_posting_lists(connection: sqlite3.Connection) -> None:
    """Make the lists, which are empty."""
    connection.execute(_CREATE)


class PostingChanges:
    """The words of passages that come and go in one transaction, to be put into the lists at its end.

    They are gathered in tables of the connection's own. The ids of what is added must be greater than all
    that the lists have.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        for table in ("added", "removed"):
            connection.execute(f"CREATE VIRTUAL TABLE temp.{table} USING fts5(text, content='', {TOKENS})")
            connection.execute(
                f"CREATE VIRTUAL TABLE temp.{table}_places USING fts5vocab(temp, {table}, instance)"
            )

    def add(self, passages: Iterable[tuple[int, str]]) -> None:
        """Gather passages that are new, given as (passage id, text)."""
        self._connection.executemany("INSERT INTO temp.added (rowid, text) VALUES (?, ?)", passages)

    def remove(self, passages: Iterable[tuple[int, str]]) -> None:
        """Gather passages that are taken out, with the texts that were added."""
        self._connection.executemany("INSERT INTO temp.removed (rowid, text) VALUES (?, ?)", passages)

    def file(self) -> None:
        """Put into the lists what was gathered. Nothing may be gathered afterwards."""
        for word, part, gone in self._list_parts("removed"):
            kept = self._read(word, part)
            self._put(word, part, kept[~np.isin(kept, gone)])
        for word, part, new in self._list_parts("added"):
            self._put(word, part, np.concatenate([self._read(word, part), new]))
        for table in ("added", "removed"):
            self._connection.execute(f"DROP TABLE temp.{table}_places")
            self._connection.execute(f"DROP TABLE temp.{table}")

    def _list_parts(self, table: str) -> Iterator[tuple[str, int, IdArray]]:
        for word, listed in self._connection.execute(_WORDS_OF.format(places=f"{table}_places")):
            places = np.array(json.loads(listed), dtype=np.int64)
            parts, starts = np.unique(places >> _PART_BITS, return_index=True)
            for part, own in zip(parts.tolist(), np.split(places, starts[1:]), strict=True):
                yield word, part, own

    def _read(self, word: str, part: int) -> IdArray:
        row = self._connection.execute(f"{_SELECT} AND part = ?", (word, part)).fetchone()
        return _unpack(*row) if row else np.empty(0, dtype=np.int64)

    def _put(self, word: str, part: int, places: IdArray) -> None:
        """Make `places` all that a part has; without any there is none."""
        if len(places):
            values = (word, part, len(np.unique(places)), places.astype(_PLACE).tobytes())
            self._connection.execute("REPLACE INTO posting_lists VALUES (?, ?, ?, ?)", values)
        else:
            self._connection.execute("DELETE FROM posting_lists WHERE word = ? AND part = ?", (word, part))


def read_posting_list(connection: sqlite3.Connection, word: str) -> IdArray:
    """Return the id of each passage with a word, ascending, as often as it stands there."""
    parts = [_unpack(*row) for row in connection.execute(f"{_SELECT} ORDER BY part", (word,))]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def count_holders(connection: sqlite3.Connection, word: str) -> int:
    """Return how many passages have a word."""
    return int(connection.execute(_HOLDERS, (word,)).fetchone()[0])


def list_words(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return every word that there is a list of."""
    return tuple(word for (word,) in connection.execute("SELECT DISTINCT word FROM posting_lists"))


def check_posting_lists(connection: sqlite3.Connection) -> bool:
    """Say whether the lists are those of the word index."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.places USING fts5vocab(main, words, instance)"
    )
    words = 0
    for word, listed in connection.execute(_WORDS_OF.format(places="places")):
        places = json.loads(listed)
        if count_holders(connection, word) != len(set(places)):
            return False
        if read_posting_list(connection, word).tolist() != places:
            return False
        words += 1
    return words == len(list_words(connection))


def _unpack(part: int, places: bytes) -> IdArray:
    return np.frombuffer(places, dtype=_PLACE).astype(np.int64) + (part << _PART_BITS)
