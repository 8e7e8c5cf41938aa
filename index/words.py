"""BM25 over the words of passages: SQLite FTS5, in the same database as the passages."""

import contextlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence

from index.forms import TAG, form_words, tell_stemmed
from index.ids import mark
from index.posting_lists import TOKENS, PostingChanges, list_words, read_posting_list
from index.postings import Postings, count_matches

# The text itself stays in the table or view `content`: the index holds words and positions only. Where the
# forms of a text's words are not its words (see `index.forms`), they are kept as they were added: another
# version of a stemmer would remove others.
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

# `allowed` has a byte for each passage id from 0, which is looked up at once however many are allowed. It is
# not ordered by `rank`, since FTS5 would score what is not allowed as well.
_SEARCH = """
SELECT rowid, -bm25(words) AS score FROM words
WHERE words MATCH :match AND (:allowed IS NULL OR substr(:allowed, rowid + 1, 1) = x'01')
ORDER BY score DESC, rowid LIMIT :k
"""
_HOLDS = "SELECT 1 FROM words WHERE words MATCH :match LIMIT 1"
# The unary plus keeps SQLite from running the match once for each allowed passage.
_HOLDS_WITHIN = """
SELECT 1 FROM words
WHERE words MATCH :match AND rowid BETWEEN :first AND :last
    AND +rowid IN (SELECT value FROM json_each(:within)) LIMIT 1
"""

PRUNED_FROM = 10_000
"""In fewer passages than that, all terms count."""


def create_words(connection: sqlite3.Connection, *, content: str) -> None:
    """Make the word index of `content`, a table or view with the columns ``passage_id`` and ``text``.

    What `content` holds must be added and removed here as well, in the same transaction.
    """
    for statement in _CREATE.format(content=content, tokens=TOKENS).split(";"):
        connection.execute(statement)


def add_words(
    connection: sqlite3.Connection,
    passages: Iterable[tuple[int, str]],
    *,
    language: str | None = None,
    changes: PostingChanges | None = None,
) -> None:
    """Make passages, given as (passage id, text), findable by their words.

    `language` is the ISO code of theirs; where it is not known, only English words are found by their stems.
    `changes` are told of the words, for the lists that `Postings` reads.
    """
    stemmed = tell_stemmed(language)
    if stemmed is not None:
        connection.execute("INSERT OR IGNORE INTO word_languages VALUES (?)", (stemmed,))
    formed = [(passage_id, text, form_words(text, stemmed)) for passage_id, text in passages]
    connection.executemany(
        "INSERT INTO word_forms VALUES (?, ?)", [(each, form) for each, text, form in formed if form != text]
    )
    forms = [(each, form) for each, _, form in formed]
    connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", forms)
    if changes is not None:
        changes.add(forms)


def remove_words(
    connection: sqlite3.Connection,
    passages: Iterable[tuple[int, str]],
    *,
    changes: PostingChanges | None = None,
) -> None:
    """Undo `add_words`. The texts must be those that were added: FTS5 finds the entries by them."""
    for passage_id, text in passages:
        row = connection.execute(
            "DELETE FROM word_forms WHERE passage_id = ? RETURNING text", (passage_id,)
        ).fetchone()
        form = text if row is None else row[0]
        connection.execute(
            "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", (passage_id, form)
        )
        if changes is not None:
            changes.remove([(passage_id, form)])


def search_words(
    connection: sqlite3.Connection,
    terms: Sequence[str],
    k: int,
    within: Collection[int] | None = None,
    *,
    postings: Postings | None = None,
) -> list[tuple[int, float]]:
    """Return up to `k` (passage id, BM25 score) with any of `terms`, best first, higher is better.

    A term of several words ("U.S. forces") is a phrase. `within` limits the search to these passages.

    With `postings`, in a large archive, the most common terms do not count where all stand in too many
    passages.
    """
    if k <= 0 or not terms:
        return []
    phrases = _list_phrases(connection, terms)
    if postings is not None and postings.passages >= PRUNED_FROM:
        return postings.search(phrases, k, within)
    allowed = None if within is None else mark(within, max(within, default=0) + 1).tobytes()
    rows = connection.execute(_SEARCH, {"match": _any_of(phrases), "allowed": allowed, "k": k})
    return [(int(passage_id), float(score)) for passage_id, score in rows]


def document_frequency(connection: sqlite3.Connection, term: str, *, postings: Postings | None = None) -> int:
    """Return how many passages hold `term` (a phrase, if it has several words)."""
    phrases = _list_phrases(connection, [term])
    return postings.count(*phrases) if postings else count_matches(connection, _any_of(phrases))


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
    """Return the stem of every word that can be found, in order; without those of one language only."""
    return tuple(sorted(word for word in list_words(connection) if not word.endswith(TAG)))


def find_stem(connection: sqlite3.Connection, stem: str) -> int | None:
    """Return a passage with a word of this stem, or None. `search_words` would take the stem of the stem."""
    places = read_posting_list(connection, stem)
    return int(places[0]) if len(places) else None


def check_words(connection: sqlite3.Connection) -> None:
    """Compare the word index with the texts it is made of. Needs a connection that may write.

    Raises ``sqlite3.DatabaseError`` where they differ. The forms of words are taken as they are kept.
    """
    connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")


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
