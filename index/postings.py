"""BM25 in a large archive: the posting lists of the words, added up, the rarest first.

FTS5's own `bm25()` takes many times as long for each passage that it looks at. The scores are the same, but
that a phrase counts once in a passage.
"""

import functools
import json
import math
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from index.ids import IdArray, mark
from index.posting_lists import TOKENS, count_holders, read_posting_list

ScoreArray: TypeAlias = npt.NDArray[np.float64]

MOST_POSTINGS = 200_000
"""How many times the terms that count may stand in passages, all together; the rarest are taken first.
BENCHMARKS.md has what it costs, in time and in what is found."""

# Of BM25, as FTS5 has them: the constants, and the weight of what stands in more than half of the passages.
_K1, _B, _LEAST_WEIGHT = 1.2, 0.75, 1e-6

# One row for all: rows of their own would take most of the time.
_FIND_PHRASE = "SELECT json_group_array(rowid) FROM (SELECT rowid FROM words WHERE words MATCH ? LIMIT ?)"
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
        self._words: dict[str, list[str]] = {}
        connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.phrases USING fts5(text, content='', {TOKENS})"
        )
        connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.phrase_words USING fts5vocab(temp, phrases, instance)"
        )

    def count(self, *phrases: str) -> int:
        """Return how many passages hold any of `phrases`."""
        match = " OR ".join(phrases)
        if match not in self._counts:
            if len(self._counts) >= _COUNTS_KEPT:
                self._counts.clear()
            self._counts[match] = (
                self._count(match) if len(phrases) == 1 else count_matches(self._connection, match)
            )
        return self._counts[match]

    def score(self, phrase: str) -> tuple[IdArray, ScoreArray]:
        """Return the ids of the passages with a phrase, ascending, and what it adds to the score of each.

        One of several words counts once in each passage: to see how often it is there takes most of the time.
        """
        if phrase not in self._scores:
            word = self._find_word(phrase)
            if word is None:
                self._keep_scores(phrase, self._find_phrase(phrase))
            else:
                self._keep_scores(phrase, read_posting_list(self._connection, word))
        return self._scores[phrase]

    def search(
        self, phrases: Sequence[str], k: int, within: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, score) with any of `phrases`, best first, equals by id.

        As many of them count, the rarest first, as `MOST_POSTINGS` allows, and more where these find nothing.
        `within` limits the search to these passages.
        """
        self._learn(phrases)
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

    def _count(self, phrase: str) -> int:
        word = self._find_word(phrase)
        if word is not None:
            return count_holders(self._connection, word)
        # To count a phrase is to find it, and what is not too common will be asked for.
        found = self._find_phrase(phrase, limit=MOST_POSTINGS + 1)
        if len(found) > MOST_POSTINGS:
            return count_matches(self._connection, phrase)
        self._keep_scores(phrase, found)
        return len(found)

    def _find_phrase(self, phrase: str, *, limit: int = -1) -> IdArray:
        (found,) = self._connection.execute(_FIND_PHRASE, (phrase, limit)).fetchone()
        return np.array(json.loads(found), dtype=np.int64)

    def _keep_scores(self, phrase: str, places: IdArray) -> None:
        """Keep what a phrase adds to the scores of passages, given as often as it is there, in order."""
        firsts = np.flatnonzero(np.diff(places, prepend=-1))
        ids, times = places[firsts], np.diff(firsts, append=len(places))
        weight = max(math.log((self.passages - len(ids) + 0.5) / (len(ids) + 0.5)), _LEAST_WEIGHT)
        if self._scores_kept >= _SCORES_KEPT:
            self._scores.clear()
            self._scores_kept = 0
        self._scores[phrase] = ids, weight * times * (_K1 + 1) / (times + self._damping[ids])
        self._scores_kept += len(ids)

    def _find_word(self, phrase: str) -> str | None:
        """Return the word that a phrase is, as the index has it, or None if it is of several, or none."""
        self._learn([phrase])
        words = self._words[phrase]
        return words[0] if len(words) == 1 else None

    def _learn(self, phrases: Iterable[str]) -> None:
        """Have the words of `phrases` as the index has them: all at once, which takes no longer than one."""
        new = [phrase for phrase in phrases if phrase not in self._words]
        if not new:
            return
        if len(self._words) >= _COUNTS_KEPT:
            self._words.clear()
        self._words |= {phrase: [] for phrase in new}
        self._connection.executemany("INSERT INTO temp.phrases (rowid, text) VALUES (?, ?)", enumerate(new))
        for number, word in self._connection.execute(
            "SELECT doc, term FROM temp.phrase_words ORDER BY offset"
        ):
            self._words[new[number]].append(word)
        self._connection.execute("INSERT INTO temp.phrases (phrases) VALUES ('delete-all')")


def count_matches(connection: sqlite3.Connection, match: str) -> int:
    """Return how many passages an FTS5 query finds."""
    row = connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (match,)).fetchone()
    return int(row[0])


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
