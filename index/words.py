"""BM25 over the words of passages: SQLite FTS5, in the same database as the passages."""

import contextlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence

# `porter` meets "discussing" with "discussed", `remove_diacritics 2` meets "Sao" with "São". The text itself
# stays in the table or view `content`: the index holds words and positions only.
_CREATE = """
CREATE VIRTUAL TABLE words USING fts5(
    text, content='{content}', content_rowid='passage_id', tokenize='porter unicode61 remove_diacritics 2'
)
"""

# The unary plus keeps SQLite from running the match once for each allowed passage.
_SEARCH = """
SELECT rowid, -rank FROM words
WHERE words MATCH :match AND (:within IS NULL OR +rowid IN (SELECT value FROM json_each(:within)))
ORDER BY rank, rowid LIMIT :k
"""


def create_words(connection: sqlite3.Connection, *, content: str) -> None:
    """Make the word index of `content`, a table or view with the columns ``passage_id`` and ``text``.

    What `content` holds must be added and removed here as well, in the same transaction.
    """
    connection.execute(_CREATE.format(content=content))


def add_words(connection: sqlite3.Connection, passages: Iterable[tuple[int, str]]) -> None:
    """Make passages, given as (passage id, text), findable by their words."""
    connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", passages)


def remove_words(connection: sqlite3.Connection, passages: Iterable[tuple[int, str]]) -> None:
    """Undo `add_words`. The texts must be those that were added: FTS5 finds the entries by them."""
    connection.executemany("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", passages)


def search_words(
    connection: sqlite3.Connection, terms: Sequence[str], k: int, within: Collection[int] | None = None
) -> list[tuple[int, float]]:
    """Return up to `k` (passage id, BM25 score) with any of `terms`, best first, higher is better.

    A term of several words ("U.S. forces") is a phrase. `within` limits the search to these passages.
    """
    if k <= 0 or not terms:
        return []
    allowed = None if within is None else json.dumps(sorted(within))
    match = " OR ".join(dict.fromkeys(_quoted(term) for term in terms))
    rows = connection.execute(_SEARCH, {"match": match, "within": allowed, "k": k})
    return [(int(passage_id), float(score)) for passage_id, score in rows]


def document_frequency(connection: sqlite3.Connection, term: str) -> int:
    """Return how many passages hold `term` (a phrase, if it has several words)."""
    row = connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (_quoted(term),)).fetchone()
    return int(row[0])


def holds_phrase(texts: Sequence[str], phrase: str) -> bool:
    """Say whether any of `texts`, which are not indexed, holds `phrase` as `search_words` would find it."""
    connection = sqlite3.connect(":memory:")
    with contextlib.closing(connection):
        connection.execute("CREATE TABLE content (passage_id INTEGER PRIMARY KEY, text TEXT)")
        create_words(connection, content="content")
        add_words(connection, enumerate(texts))
        return document_frequency(connection, phrase) > 0


def list_stems(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the stem of every word that can be found, each once."""
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.stems USING fts5vocab(main, words, row)")
    return tuple(term for (term,) in connection.execute("SELECT term FROM temp.stems"))


def find_stem(connection: sqlite3.Connection, stem: str) -> int | None:
    """Return a passage with a word of this stem, or None. `search_words` would take the stem of the stem."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.places USING fts5vocab(main, words, instance)"
    )
    row = connection.execute("SELECT doc FROM temp.places WHERE term = ? LIMIT 1", (stem,)).fetchone()
    return None if row is None else int(row[0])


def check_words(connection: sqlite3.Connection) -> None:
    """Compare the word index with the texts it is made of. Needs a connection that may write.

    Raises ``sqlite3.DatabaseError`` where they differ.
    """
    connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")


def _quoted(term: str) -> str:
    """Return a term as an FTS5 string, so that nothing in it is read as query syntax.

    NUL would end the query, and a lone surrogate cannot be stored, so no passage holds either.
    """
    clean = term.replace("\0", " ").encode("utf-8", errors="replace").decode("utf-8")
    return '"' + clean.replace('"', '""') + '"'
