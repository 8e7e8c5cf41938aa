"""BM25 over the words of passages: SQLite FTS5, in the same database as the passages."""

import bisect
import collections
import contextlib
import itertools
import json
import math
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from index.forms import TAG, form_words, tell_stemmed

# `porter` meets "discussing" with "discussed", `remove_diacritics 2` meets "Sao" with "São". The text itself
# stays in the table or view `content`: the index holds words and positions only. Where the forms of a text's
# words are not its words (see `index.forms`), they are kept as they were added: another version of a stemmer
# would remove others.
_TOKENS = "tokenize='porter unicode61 remove_diacritics 2'"
_CREATE = """
CREATE TABLE word_forms (passage_id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE word_languages (language TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE VIEW word_content AS
    SELECT passage_id, coalesce(word_forms.text, texts.text) AS text
    FROM {content} AS texts LEFT JOIN word_forms USING (passage_id);
CREATE VIRTUAL TABLE words USING fts5(
    text, content='word_content', content_rowid='passage_id', {tokens}
)
"""

# `allowed` has a byte for each passage id from 0, which is looked up at once however many are allowed.
_SEARCH = """
SELECT rowid, -rank FROM words
WHERE words MATCH :match AND (:allowed IS NULL OR substr(:allowed, rowid + 1, 1) = x'01')
ORDER BY rank, rowid LIMIT :k
"""
_HOLDS = "SELECT 1 FROM words WHERE words MATCH :match LIMIT 1"
# The unary plus keeps SQLite from running the match once for each allowed passage.
_HOLDS_WITHIN = """
SELECT 1 FROM words
WHERE words MATCH :match AND rowid BETWEEN :first AND :last
    AND +rowid IN (SELECT value FROM json_each(:within)) LIMIT 1
"""

MOST_POSTINGS = 15_000
"""How many times the terms of a search may stand in passages, all together, before the common are left to the
scores: BENCHMARKS.md has what it costs, in time and in what is found."""

PRUNED_FROM = 10_000
"""In fewer passages than that, all that hold any of the terms are looked at."""

# So many of the passages that hold the rarer terms are scored by all terms. Reading them takes most of it.
_RESCORED = 150
# What FTS5 gives a phrase that stands in more than half of the passages.
_LEAST_WEIGHT = 1e-6
_COUNTS_KEPT = 100_000


def create_words(connection: sqlite3.Connection, *, content: str) -> None:
    """Make the word index of `content`, a table or view with the columns ``passage_id`` and ``text``.

    What `content` holds must be added and removed here as well, in the same transaction.
    """
    for statement in _CREATE.format(content=content, tokens=_TOKENS).split(";"):
        connection.execute(statement)


def add_words(
    connection: sqlite3.Connection, passages: Iterable[tuple[int, str]], *, language: str | None = None
) -> None:
    """Make passages, given as (passage id, text), findable by their words.

    `language` is the ISO code of theirs; where it is not known, only English words are found by their stems.
    """
    stemmed = tell_stemmed(language)
    if stemmed is not None:
        connection.execute("INSERT OR IGNORE INTO word_languages VALUES (?)", (stemmed,))
    formed = [(passage_id, text, form_words(text, stemmed)) for passage_id, text in passages]
    connection.executemany(
        "INSERT INTO word_forms VALUES (?, ?)", [(each, form) for each, text, form in formed if form != text]
    )
    connection.executemany(
        "INSERT INTO words (rowid, text) VALUES (?, ?)", [(each, form) for each, _, form in formed]
    )


def remove_words(connection: sqlite3.Connection, passages: Iterable[tuple[int, str]]) -> None:
    """Undo `add_words`. The texts must be those that were added: FTS5 finds the entries by them."""
    for passage_id, text in passages:
        row = connection.execute(
            "DELETE FROM word_forms WHERE passage_id = ? RETURNING text", (passage_id,)
        ).fetchone()
        connection.execute(
            "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)",
            (passage_id, text if row is None else row[0]),
        )


class Frequencies:
    """How many of `passages` hold a term. Counts are kept, so the passages must not change meanwhile."""

    def __init__(self, connection: sqlite3.Connection, *, passages: int) -> None:
        self.passages = passages
        self._connection = connection
        self._counted: dict[str, int] = {}

    def count(self, match: str) -> int:
        """Return how many passages an FTS5 query finds."""
        if match not in self._counted:
            if len(self._counted) >= _COUNTS_KEPT:
                self._counted.clear()
            self._counted[match] = _count_matches(self._connection, match)
        return self._counted[match]

    def weigh(self, match: str) -> float:
        """Return the inverse document frequency of what an FTS5 query finds."""
        return _weigh(self.count(match), self.passages)


def search_words(
    connection: sqlite3.Connection,
    terms: Sequence[str],
    k: int,
    within: Collection[int] | None = None,
    *,
    frequencies: Frequencies | None = None,
    most_postings: int = MOST_POSTINGS,
) -> list[tuple[int, float]]:
    """Return up to `k` (passage id, BM25 score) with any of `terms`, best first, higher is better.

    A term of several words ("U.S. forces") is a phrase. `within` limits the search to these passages.

    With `frequencies`, where all terms together stand in passages more than `most_postings` times, only those
    that hold the rarer terms are looked at; but all terms count in the scores of the best of them.
    """
    if k <= 0 or not terms:
        return []
    phrases = _list_phrases(connection, terms)
    if frequencies is not None:
        for rare in _choose_rare(phrases, frequencies, at_least=k, at_most=most_postings):
            ids = _find_candidates(connection, rare, max(k, _RESCORED), within)
            found = _score(connection, phrases, ids, frequencies)
            if len(found) >= k or ids is within:
                return found[:k]
    return _search(connection, phrases, k, within)


def document_frequency(
    connection: sqlite3.Connection, term: str, *, frequencies: Frequencies | None = None
) -> int:
    """Return how many passages hold `term` (a phrase, if it has several words)."""
    match = _any_of(_list_phrases(connection, [term]))
    return frequencies.count(match) if frequencies else _count_matches(connection, match)


def holds_term(connection: sqlite3.Connection, term: str, within: Sequence[int] | None = None) -> bool:
    """Say whether any passage holds `term`, or any of those in `within`."""
    if within is not None and not within:
        return False
    limits = (None, None) if within is None else (min(within), max(within))
    match = _any_of(_list_phrases(connection, [term]))
    allowed = None if within is None else json.dumps(list(within))
    query = _HOLDS if within is None else _HOLDS_WITHIN
    values = {"match": match, "first": limits[0], "last": limits[1], "within": allowed}
    return connection.execute(query, values).fetchone() is not None


def holds_phrase(texts: Sequence[str], phrase: str) -> bool:
    """Say whether any of `texts`, which are not indexed, holds `phrase` as `search_words` would find it."""
    with contextlib.closing(index_texts(texts)) as connection:
        return holds_term(connection, phrase)


def index_texts(texts: Iterable[str]) -> sqlite3.Connection:
    """Return a word index in memory of texts that are in no other, for `holds_term`."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("CREATE TABLE content (passage_id INTEGER PRIMARY KEY, text TEXT)")
    create_words(connection, content="content")
    add_words(connection, enumerate(texts))
    return connection


def list_stems(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the stem of every word that can be found, each once; without those of one language only."""
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.stems USING fts5vocab(main, words, row)")
    terms = (term for (term,) in connection.execute("SELECT term FROM temp.stems"))
    return tuple(term for term in terms if not term.endswith(TAG))


def find_stem(connection: sqlite3.Connection, stem: str) -> int | None:
    """Return a passage with a word of this stem, or None. `search_words` would take the stem of the stem."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.places USING fts5vocab(main, words, instance)"
    )
    row = connection.execute("SELECT doc FROM temp.places WHERE term = ? LIMIT 1", (stem,)).fetchone()
    return None if row is None else int(row[0])


def check_words(connection: sqlite3.Connection) -> None:
    """Compare the word index with the texts it is made of. Needs a connection that may write.

    Raises ``sqlite3.DatabaseError`` where they differ. The forms of words are taken as they are kept.
    """
    connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")


def _search(
    connection: sqlite3.Connection, phrases: Sequence[str], k: int, within: Collection[int] | None
) -> list[tuple[int, float]]:
    allowed = None if within is None else _mark(within)
    rows = connection.execute(_SEARCH, {"match": _any_of(phrases), "allowed": allowed, "k": k})
    return [(int(passage_id), float(score)) for passage_id, score in rows]


def _mark(ids: Collection[int]) -> bytes:
    """Return a byte for each id from 0 to the greatest: 1 if it is one of `ids`."""
    marks = np.zeros(max(ids, default=0) + 1, dtype=np.uint8)
    marks[np.fromiter(ids, dtype=np.int64, count=len(ids))] = 1
    return marks.tobytes()


def _choose_rare(
    phrases: Sequence[str], frequencies: Frequencies, *, at_least: int, at_most: int
) -> Iterator[list[str]]:
    """Yield the rarest of the phrases, as many as stand in so many passages all together.

    Then one more each time, should these not suffice. Nothing where there is nothing to gain.
    """
    if frequencies.passages < PRUNED_FROM:
        return
    found = sorted((phrase for phrase in phrases if frequencies.count(phrase)), key=frequencies.count)
    postings = list(itertools.accumulate(map(frequencies.count, found)))
    if not found or postings[-1] <= at_most:
        return
    enough = bisect.bisect_left(postings, at_least) + 1
    for count in range(max(enough, bisect.bisect_right(postings, at_most)), len(found)):
        yield found[:count]


def _find_candidates(
    connection: sqlite3.Connection, rare: Sequence[str], k: int, within: Collection[int] | None
) -> Collection[int]:
    """Return the passages to score: the best of those that hold `rare` phrases, or `within` if it is few."""
    if within is not None and len(within) <= k:
        return within
    return [passage_id for passage_id, _ in _search(connection, rare, k, within)]


def _score(
    connection: sqlite3.Connection, phrases: Sequence[str], ids: Collection[int], frequencies: Frequencies
) -> list[tuple[int, float]]:
    """Return the BM25 scores of those of a few passages that hold any of `phrases`, best first.

    It wants the mean length of all passages, in place of which that of these few is taken.
    """
    rows = connection.execute(
        "SELECT passage_id, text FROM word_content WHERE passage_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).fetchall()
    scores: dict[int, float] = collections.defaultdict(float)
    with contextlib.closing(sqlite3.connect(":memory:")) as few:
        few.execute(f"CREATE VIRTUAL TABLE words USING fts5(text, content='', {_TOKENS})")
        few.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", map(tuple, rows))
        for phrase in phrases:
            parts = few.execute("SELECT rowid, -rank FROM words WHERE words MATCH ?", (phrase,)).fetchall()
            # Each is the phrase's weight among these few passages, times what it is worth to one of them.
            weight = frequencies.weigh(phrase) / _weigh(len(parts), len(rows))
            for passage_id, part in parts:
                scores[passage_id] += weight * part
    return sorted(scores.items(), key=lambda found: (-found[1], found[0]))


def _weigh(count: int, passages: int) -> float:
    """Return the inverse document frequency, as FTS5 computes it."""
    return max(math.log((passages - count + 0.5) / (count + 0.5)), _LEAST_WEIGHT)


def _count_matches(connection: sqlite3.Connection, match: str) -> int:
    row = connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (match,)).fetchone()
    return int(row[0])


def _list_phrases(connection: sqlite3.Connection, terms: Iterable[str]) -> list[str]:
    """Return `terms` as FTS5 phrases, in the forms of every language that passages were added in."""
    added = [language for (language,) in connection.execute("SELECT language FROM word_languages")]
    forms = (form_words(term, language) for term in terms for language in (None, *added))
    return list(dict.fromkeys(map(_quoted, forms)))


def _any_of(phrases: Iterable[str]) -> str:
    return " OR ".join(phrases)


def _quoted(term: str) -> str:
    """Return a term as an FTS5 string, so that nothing in it is read as query syntax.

    NUL would end the query, and a lone surrogate cannot be stored, so no passage holds either.
    """
    clean = term.replace("\0", " ").encode("utf-8", errors="replace").decode("utf-8")
    return '"' + clean.replace('"', '""') + '"'
