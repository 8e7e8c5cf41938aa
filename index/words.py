"""BM25 over the words of passages: SQLite FTS5, in the same database as the passages."""

import contextlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence

from index.forms import TAG, form_words, tell_stemmed

# `porter` meets "discussing" with "discussed", `remove_diacritics 2` meets "Sao" with "São". The text itself
# stays in the table or view `content`: the index holds words and positions only. Where the forms of a text's
# words are not its words (see `index.forms`), they are kept as they were added: another version of a stemmer
# would remove others.
_CREATE = """
CREATE TABLE word_forms (passage_id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE word_languages (language TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE VIEW word_content AS
    SELECT passage_id, coalesce(word_forms.text, texts.text) AS text
    FROM {content} AS texts LEFT JOIN word_forms USING (passage_id);
CREATE VIRTUAL TABLE words USING fts5(
    text, content='word_content', content_rowid='passage_id', tokenize='porter unicode61 remove_diacritics 2'
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
    for statement in _CREATE.format(content=content).split(";"):
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


def search_words(
    connection: sqlite3.Connection, terms: Sequence[str], k: int, within: Collection[int] | None = None
) -> list[tuple[int, float]]:
    """Return up to `k` (passage id, BM25 score) with any of `terms`, best first, higher is better.

    A term of several words ("U.S. forces") is a phrase. `within` limits the search to these passages.
    """
    if k <= 0 or not terms:
        return []
    allowed = None if within is None else json.dumps(sorted(within))
    rows = connection.execute(_SEARCH, {"match": _match_any(connection, terms), "within": allowed, "k": k})
    return [(int(passage_id), float(score)) for passage_id, score in rows]


def document_frequency(connection: sqlite3.Connection, term: str) -> int:
    """Return how many passages hold `term` (a phrase, if it has several words)."""
    match = _match_any(connection, [term])
    row = connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (match,)).fetchone()
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


def _match_any(connection: sqlite3.Connection, terms: Iterable[str]) -> str:
    """Return the query for any of `terms`, in the forms of every language that passages were added in."""
    added = [language for (language,) in connection.execute("SELECT language FROM word_languages")]
    forms = (form_words(term, language) for term in terms for language in (None, *added))
    return " OR ".join(dict.fromkeys(map(_quoted, forms)))


def _quoted(term: str) -> str:
    """Return a term as an FTS5 string, so that nothing in it is read as query syntax.

    NUL would end the query, and a lone surrogate cannot be stored, so no passage holds either.
    """
    clean = term.replace("\0", " ").encode("utf-8", errors="replace").decode("utf-8")
    return '"' + clean.replace('"', '""') + '"'
