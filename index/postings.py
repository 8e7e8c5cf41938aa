"""BM25 in a large archive: the passages that each word stands in, added up, the rarest words first.

FTS5's own `bm25()` takes several times as long for each passage that it looks at. The scores are the same,
but that a phrase counts once in a passage.
"""

import functools
import json
import math
import sqlite3
from collections.abc import Collection, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from index.ids import IdArray, mark

ScoreArray: TypeAlias = npt.NDArray[np.float64]

# `porter` meets "discussing" with "discussed", `remove_diacritics 2` meets "Sao" with "São".
TOKENS = "tokenize='porter unicode61 remove_diacritics 2'"

MOST_POSTINGS = 50_000
"""How many times the terms that count may stand in passages, all together; the rarest are taken first.
BENCHMARKS.md has what it costs, in time and in what is found."""

# Of BM25, as FTS5 has them: the constants, and the weight of what stands in more than half of the passages.
_K1, _B, _LEAST_WEIGHT = 1.2, 0.75, 1e-6

# One row for all: rows of their own would take most of the time.
_FIND_PHRASE = "SELECT json_group_array(rowid) FROM words WHERE words MATCH ?"
_FIND_WORD = "SELECT json_group_array(doc) FROM temp.places WHERE term = ?"
_LENGTHS = """
SELECT json_group_array(id), group_concat(hex(sz), '') FROM (SELECT id, sz FROM words_docsize ORDER BY id)
"""

# The bit of a byte that says that another one follows, in numbers that SQLite wrote seven bits a byte.
_GOES_ON = 0x80
_LONGEST_NUMBER = 4

_COUNTS_KEPT = 100_000
_SCORES_KEPT = 2_000_000


class Postings:
    """Which of the passages hold a term, and what it adds to their scores.

    What was read is kept, so the passages must not change meanwhile. A term is given as an FTS5 phrase.
    """

    def __init__(self, connection: sqlite3.Connection, *, passages: int) -> None:
        self.passages = passages
        self._connection = connection
        self._counts: dict[str, int] = {}
        self._scores: dict[str, tuple[IdArray, ScoreArray]] = {}
        self._scores_kept = 0

    def count(self, match: str) -> int:
        """Return how many passages an FTS5 query finds."""
        if match not in self._counts:
            if len(self._counts) >= _COUNTS_KEPT:
                self._counts.clear()
            self._counts[match] = count_matches(self._connection, match)
        return self._counts[match]

    def score(self, phrase: str) -> tuple[IdArray, ScoreArray]:
        """Return the ids of the passages with a phrase, ascending, and what it adds to the score of each.

        One of several words counts once in each passage: to see how often it is there takes most of the time.
        """
        if phrase not in self._scores:
            if self._scores_kept >= _SCORES_KEPT:
                self._scores.clear()
                self._scores_kept = 0
            self._scores[phrase] = ids, _ = self._read_scores(phrase)
            self._scores_kept += len(ids)
        return self._scores[phrase]

    def search(
        self, phrases: Sequence[str], k: int, within: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, score) with any of `phrases`, best first, equals by id.

        As many of them count, the rarest first, as `MOST_POSTINGS` allows, and more where these find nothing.
        `within` limits the search to these passages.
        """
        scores = np.zeros(len(self._damping))
        allowed = None if within is None else mark(within, len(scores))
        total = 0
        for phrase in sorted(filter(self.count, phrases), key=self.count):
            total += self.count(phrase)
            if total > MOST_POSTINGS and scores.any():
                break
            ids, added = self.score(phrase)
            scores[ids] += added if allowed is None else added * allowed[ids]
        found = np.flatnonzero(scores)
        if len(found) > k:
            found = found[scores[found] >= np.partition(scores[found], -k)[-k]]
        best = found[np.lexsort((found, -scores[found]))][:k]
        return list(zip(best.tolist(), scores[best].tolist(), strict=True))

    @functools.cached_property
    def _damping(self) -> ScoreArray:
        """What BM25 adds to a frequency below the fraction, by passage id: more where a passage is longer."""
        ids, sizes = self._connection.execute(_LENGTHS).fetchone()
        positions = np.array(json.loads(ids), dtype=np.int64)
        lengths = _read_varints(bytes.fromhex(sizes or ""))
        damping = np.zeros(positions.max(initial=0) + 1)
        damping[positions] = _K1 * (1 - _B + _B * lengths / lengths.mean())
        return damping

    def _read_scores(self, phrase: str) -> tuple[IdArray, ScoreArray]:
        open_places(self._connection)
        words = _tokenize(self._connection, phrase)
        query, value = (_FIND_WORD, words[0]) if len(words) == 1 else (_FIND_PHRASE, phrase)
        (found,) = self._connection.execute(query, (value,)).fetchone()
        # Ascending, each passage as often as it has the word.
        places = np.array(json.loads(found), dtype=np.int64)
        firsts = np.flatnonzero(np.diff(places, prepend=-1))
        ids, times = places[firsts], np.diff(firsts, append=len(places))
        weight = max(math.log((self.passages - len(ids) + 0.5) / (len(ids) + 0.5)), _LEAST_WEIGHT)
        return ids, weight * times * (_K1 + 1) / (times + self._damping[ids])


def count_matches(connection: sqlite3.Connection, match: str) -> int:
    """Return how many passages an FTS5 query finds."""
    row = connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (match,)).fetchone()
    return int(row[0])


def open_places(connection: sqlite3.Connection) -> None:
    """Make sure of the table ``temp.places``, which has each place (``doc``) where a ``term`` stands."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.places USING fts5vocab(main, words, instance)"
    )


def _tokenize(connection: sqlite3.Connection, phrase: str) -> list[str]:
    """Return the words of a phrase as the index has them."""
    connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.phrases USING fts5(text, content='', {TOKENS})"
    )
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.phrase_words USING fts5vocab(temp, phrases, instance)"
    )
    connection.execute("INSERT INTO temp.phrases (rowid, text) VALUES (1, ?)", (phrase,))
    rows = connection.execute("SELECT term FROM temp.phrase_words ORDER BY offset").fetchall()
    connection.execute("INSERT INTO temp.phrases (phrases) VALUES ('delete-all')")
    return [term for (term,) in rows]


def _read_varints(data: bytes) -> ScoreArray:
    """Return the numbers that SQLite wrote one after the other."""
    digits = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(digits < _GOES_ON)
    starts = np.concatenate([[0], ends[:-1] + 1])
    numbers = np.zeros(len(ends))
    for place in range(_LONGEST_NUMBER):
        there = ends - place >= starts
        numbers[there] += (digits[ends[there] - place] % _GOES_ON) * float(1 << 7 * place)
    return numbers
