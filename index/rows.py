"""The tables of the index, and how their rows become types.

Every row that a quote is made of is sealed: it carries the sha256 of its values, which is checked whenever
it is read. A byte that flips on the disk becomes an error, never a false quote.
"""

import dataclasses
import datetime
import functools
import hashlib
import json
import sqlite3
from collections.abc import Sequence
from typing import TypeAlias

from index.copies import hash_words
from index.errors import DamagedIndexError
from index.types import BuildSettings, Passage, Span, Statement

Value: TypeAlias = str | int | None
Row: TypeAlias = tuple[Value, ...]

# What `seen_files` has of a file of the seeds folder (see `SeenFile`), and `seen_cache` of the files beside
# the database, spares reading them: both may be lost or wrong, then they are read.
# `AUTOINCREMENT` never gives the id of a deleted passage to another one. Only body passages are searched:
# the words of headings and publishers are kept, since a statement is all its passages, but never found.
TABLES = """
CREATE TABLE manifest (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    settings TEXT NOT NULL, embedder_id TEXT NOT NULL, dimension INTEGER NOT NULL,
    generation INTEGER NOT NULL, build_id TEXT NOT NULL, seeds TEXT NOT NULL,
    aliases TEXT NOT NULL, seal TEXT NOT NULL
) STRICT;
CREATE TABLE statements (
    statement_id TEXT PRIMARY KEY, title TEXT NOT NULL, issuer TEXT, date TEXT, place TEXT, language TEXT,
    source TEXT NOT NULL, url TEXT, sha256 TEXT NOT NULL, pages TEXT NOT NULL, front_matter TEXT NOT NULL,
    encoding TEXT, scanned INTEGER NOT NULL, inferred TEXT NOT NULL, copies TEXT NOT NULL,
    fingerprint TEXT NOT NULL, words_sha256 TEXT NOT NULL, text_sha256 TEXT NOT NULL,
    seal TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE passages (
    passage_id INTEGER PRIMARY KEY AUTOINCREMENT,
    statement_id TEXT NOT NULL REFERENCES statements, paragraph INTEGER NOT NULL, start INTEGER NOT NULL,
    stop INTEGER NOT NULL, sentences TEXT NOT NULL, kind TEXT NOT NULL, content_hash TEXT NOT NULL,
    text TEXT NOT NULL, seal TEXT NOT NULL
) STRICT;
CREATE INDEX statements_by_fingerprint ON statements (statement_id, fingerprint);
CREATE INDEX statements_by_words ON statements (words_sha256);
CREATE INDEX passages_by_statement ON passages (statement_id, kind);
CREATE INDEX passages_by_content ON passages (content_hash);
CREATE VIEW body_passages AS
    SELECT passage_id, title || char(10) || passages.text AS text
    FROM passages JOIN statements USING (statement_id) WHERE kind = 'body';
CREATE TABLE vectors (
    vector_id INTEGER PRIMARY KEY, content_hash TEXT NOT NULL, model_id TEXT NOT NULL, vector BLOB NOT NULL,
    UNIQUE (content_hash, model_id)
) STRICT;
CREATE TABLE definitions (
    statement_id TEXT NOT NULL REFERENCES statements, meaning TEXT NOT NULL, acronym TEXT NOT NULL,
    times INTEGER NOT NULL, PRIMARY KEY (statement_id, meaning, acronym)
) STRICT, WITHOUT ROWID;
CREATE TABLE seen_files (source TEXT PRIMARY KEY, stamp TEXT NOT NULL, mark TEXT NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE TABLE seen_cache (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), stamp TEXT NOT NULL) STRICT;
"""

# What comes before the seal is what it seals.
SELECT_MANIFEST = """
SELECT settings, embedder_id, dimension, generation, build_id, seeds, aliases, seal FROM manifest
"""
SELECT_STATEMENTS = """
SELECT statement_id, title, issuer, date, place, language, source, url, sha256, pages, front_matter, encoding,
    scanned, inferred, copies, fingerprint, words_sha256, text_sha256, seal, text
FROM statements
"""
SELECT_SUMMARIES = """
SELECT statement_id, title, issuer, date, place, language, source, url, sha256, pages, front_matter, encoding,
    scanned, inferred, copies, fingerprint, words_sha256, text_sha256, seal,
    (SELECT count(*) FROM passages WHERE statement_id = statements.statement_id AND kind = 'body') AS passages
FROM statements
"""
SELECT_PASSAGES = """
SELECT statement_id, paragraph, start, stop, sentences, kind, content_hash, text, seal, passage_id,
    (SELECT title FROM statements WHERE statements.statement_id = passages.statement_id) AS title
FROM passages
"""

# In the order of the columns above.
REPLACE_MANIFEST = """
REPLACE INTO manifest (only_row, settings, embedder_id, dimension, generation, build_id, seeds, aliases, seal)
VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)
"""
INSERT_STATEMENT = """
INSERT INTO statements (
    statement_id, title, issuer, date, place, language, source, url, sha256, pages, front_matter, encoding,
    scanned, inferred, copies, fingerprint, words_sha256, text_sha256, seal, text
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
INSERT_PASSAGE = """
INSERT INTO passages (statement_id, paragraph, start, stop, sentences, kind, content_hash, text, seal)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an index is: how and with what it was built, and which build of it this is.

    `generation` counts the builds from 1; `build_id` is new with each of them. `seeds` is the folder that was
    read, absolute. `dimension` is the length of a vector, `embedder_id` the id of the model that made them.
    `aliases` are the user's groups of names for the same thing; `acronyms` are such groups too, learned from
    the statements, the acronym last.
    """

    format_version: int
    settings: BuildSettings
    embedder_id: str
    dimension: int
    generation: int
    build_id: str
    seeds: str
    aliases: tuple[tuple[str, ...], ...] = ()
    acronyms: tuple[tuple[str, ...], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StatementSummary:
    """A statement without its text. `passages` counts those that can be found: its body."""

    statement_id: str
    title: str
    issuer: str | None
    date: datetime.date | None
    place: str | None
    language: str | None
    url: str | None
    source: str
    scanned: bool
    passages: int
    inferred: frozenset[str]
    copies: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassage:
    """A passage with its id in this index and the title of its statement.

    ``text == passage.span.of(statement.text)``.
    """

    passage_id: int
    passage: Passage
    text: str
    title: str

    @property
    def titled_text(self) -> str:
        """What is read to see whether the passage answers: a title often names what the text calls "it"."""
        return f"{self.title}\n{self.text.strip()}"

    def words_of(self, sentence: Span) -> str:
        """Return the words of a sentence, whose span counts from the start of the statement."""
        start = self.passage.span.start
        return self.text[sentence.start - start : sentence.end - start].strip()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SplitStatement:
    """A statement cut into passages.

    `fingerprint` has that of its file, and those of its copies behind it, parted by spaces: while they are
    what they were, it need not be read again.
    """

    statement: Statement
    passages: tuple[Passage, ...]
    fingerprint: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SeenFile:
    """A file as it was when it was last read: its `stamp`, see `index.stamps`, and its fingerprint."""

    stamp: str
    fingerprint: str


def searchable_text(passage_text: str) -> str:
    """Return the words of a passage that are embedded: all of it but the white space at its ends."""
    return passage_text.strip()


def hash_text(text: str) -> str:
    """Return the key under which the vector of `text` is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def manifest_row(manifest: Manifest) -> Row:
    """Return the values of `REPLACE_MANIFEST`."""
    return _seal(
        json.dumps(dataclasses.asdict(manifest.settings)),
        manifest.embedder_id,
        manifest.dimension,
        manifest.generation,
        manifest.build_id,
        manifest.seeds,
        json.dumps({"aliases": manifest.aliases, "acronyms": manifest.acronyms}),
    )


def manifest_from(row: sqlite3.Row, *, format_version: int) -> Manifest:
    """Return the manifest of a row of `SELECT_MANIFEST`."""
    _check_seal(row)
    names = json.loads(row["aliases"])
    return Manifest(
        format_version=format_version,
        settings=BuildSettings(**json.loads(row["settings"])),
        embedder_id=row["embedder_id"],
        dimension=row["dimension"],
        generation=row["generation"],
        build_id=row["build_id"],
        seeds=row["seeds"],
        aliases=tuple(map(tuple, names["aliases"])),
        acronyms=tuple(map(tuple, names["acronyms"])),
    )


def statement_row(split: SplitStatement) -> Row:
    """Return the values of `INSERT_STATEMENT`."""
    statement = split.statement
    sealed = _seal(
        statement.statement_id,
        statement.title,
        statement.issuer,
        statement.date.isoformat() if statement.date else None,
        statement.place,
        statement.language,
        statement.source,
        statement.url,
        statement.sha256,
        _dump_spans(statement.pages),
        _dump_spans((statement.front_matter,) if statement.front_matter else ()),
        statement.encoding,
        int(statement.scanned),
        json.dumps(sorted(statement.inferred)),
        json.dumps(statement.copies),
        split.fingerprint,
        hash_words(statement),
        hash_text(statement.text),
    )
    return (*sealed, statement.text)


def statement_from(row: sqlite3.Row) -> Statement:
    """Return the statement of a row of `SELECT_STATEMENTS`."""
    _check_seal(row)
    if hash_text(str(row["text"])) != row["text_sha256"]:
        raise DamagedIndexError(f"The text of {row['statement_id']} is not what was written there.")
    front_matter = _load_spans(row["front_matter"])
    return Statement(
        statement_id=row["statement_id"],
        title=row["title"],
        issuer=row["issuer"],
        date=_load_date(row["date"]),
        place=row["place"],
        language=row["language"],
        source=row["source"],
        url=row["url"],
        sha256=row["sha256"],
        text=row["text"],
        pages=_load_spans(row["pages"]),
        front_matter=front_matter[0] if front_matter else None,
        encoding=row["encoding"],
        scanned=bool(row["scanned"]),
        inferred=frozenset(_load_names(row["inferred"])),
        copies=_load_names(row["copies"]),
    )


def summary_from(row: sqlite3.Row) -> StatementSummary:
    """Return the statement of a row of `SELECT_SUMMARIES`, without its text."""
    _check_seal(row)
    return StatementSummary(
        statement_id=row["statement_id"],
        title=row["title"],
        issuer=row["issuer"],
        date=_load_date(row["date"]),
        place=row["place"],
        language=row["language"],
        url=row["url"],
        source=row["source"],
        scanned=bool(row["scanned"]),
        passages=row["passages"],
        inferred=frozenset(_load_names(row["inferred"])),
        copies=_load_names(row["copies"]),
    )


def passage_row(passage: Passage, statement_text: str) -> Row:
    """Return the values of `INSERT_PASSAGE`."""
    text = passage.span.of(statement_text)
    return _seal(
        passage.statement_id,
        passage.paragraph,
        passage.span.start,
        passage.span.end,
        _dump_spans(passage.sentences),
        passage.kind,
        hash_text(searchable_text(text)),
        text,
    )


def passage_from(row: sqlite3.Row) -> StoredPassage:
    """Return the passage of a row of `SELECT_PASSAGES`."""
    _check_seal(row)
    passage = Passage(
        statement_id=row["statement_id"],
        paragraph=row["paragraph"],
        span=Span(start=row["start"], end=row["stop"]),
        sentences=_load_spans(row["sentences"]),
        kind=row["kind"],
    )
    return StoredPassage(passage_id=row["passage_id"], passage=passage, text=row["text"], title=row["title"])


# A damaged row may hold bytes, which are no JSON. Made once: to make it takes longer than to use it.
_encode = json.JSONEncoder(default=repr).encode


def _seal(*values: Value) -> Row:
    return (*values, hash_text(_encode(values)))


def _check_seal(row: sqlite3.Row) -> None:
    """Raise `DamagedIndexError` if the values before the seal are not those that were sealed."""
    values = tuple(row)[: row.keys().index("seal")]
    if hash_text(_encode(values)) != row["seal"]:
        raise DamagedIndexError("A row is not what was written there.")


def _dump_spans(spans: Sequence[Span]) -> str:
    return json.dumps([(span.start, span.end) for span in spans])


def _load_spans(text: str) -> tuple[Span, ...]:
    return tuple(Span(start=start, end=end) for start, end in json.loads(text))


@functools.lru_cache  # most statements have the same: to read theirs was a third of the time for a summary
def _load_names(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _load_date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
