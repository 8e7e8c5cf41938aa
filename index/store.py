"""The index on disk, as its readers see it: one build, whole and unchanging.

``statements.sqlite`` is the truth. ``vectors/<generation>.faiss`` is a cache of the vectors in it, and
``CURRENT`` says to which build it belongs. Missing, damaged or stale, the cache is made again from the truth,
without embedding; by readers in memory, by the next build on disk. ``index.writer`` writes all three.
"""

import contextlib
import datetime
import functools
import json
import sqlite3
import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from index.blobs import count_ids, pick_blobs
from index.cache import Cache, CurrentWatch, open_cache
from index.database import (
    DEFAULT_INDEX,
    FORMAT_VERSION,
    build_command,
    connect_to_read,
    explained,
    read_manifest,
    require_manifest,
)
from index.encoder import FloatArray
from index.errors import DamagedIndexError, IndexStoreError, ModelMismatchError, QuestionError
from index.ids import IdArray, IdSet
from index.nearest import Proposers, find_nearest, load_added
from index.postings import Postings
from index.rows import (
    SELECT_PASSAGES,
    SELECT_STATEMENTS,
    SELECT_SUMMARIES,
    Manifest,
    StatementSummary,
    StoredPassage,
    passage_from,
    statement_from,
    summary_from,
)
from index.suiting import make_plain
from index.types import BuildSettings, Statement
from index.vectors import Vectors
from index.words import (
    document_frequency,
    find_stem,
    holds_phrase,
    holds_term,
    index_texts,
    list_stems,
    search_words,
)

__all__ = [
    "DEFAULT_INDEX",
    "FORMAT_VERSION",
    "Index",
    "Manifest",
    "StatementSummary",
    "StoredPassage",
    "is_within",
    "open_index",
    "read_settings",
]

# Of pages that were read: the words of a question stand in tens of megabytes of them.
_CACHE_KIB = 64_000

# Sets of passages that filters leave: the questions of a conversation often share one.
_FILTERS_KEPT = 8

# A build may be switched to while a reader opens the one before: then it looks again.
_MORE_LOOKS = 2

# One row for all: to make rows of tens of thousands takes most of the time.
_BODY_OF_MANY = """
SELECT json_group_array(passage_id) FROM passages
WHERE statement_id IN (SELECT value FROM json_each(?)) AND kind = 'body'
"""
_BODY_OF = "SELECT passage_id FROM passages WHERE kind = 'body' AND statement_id = ?"
# Two queries, of all statements and of one: a single one for both would read all rows for either.
_HEADINGS_WHERE = """
SELECT text FROM passages WHERE kind = 'heading' AND {which}
UNION SELECT title || ' / ' || coalesce(issuer, '') FROM statements WHERE {which}
"""
_HEADINGS = _HEADINGS_WHERE.format(which="true")
_HEADINGS_OF = _HEADINGS_WHERE.format(which="statement_id = ?1")


class Index:
    """One build of the index, read as it was when it was opened, whatever is built meanwhile.

    Made by `open_index`. May be used from several threads. Its methods raise `DamagedIndexError` rather than
    return a word that is not what was written.
    """

    def __init__(
        self,
        *,
        directory: Path,
        connection: sqlite3.Connection,
        manifest: Manifest,
        cache: Cache | None,
        proposers: Proposers,
        watch: CurrentWatch,
    ) -> None:
        self.manifest = manifest
        self.cache = cache
        self._directory = directory
        self._connection = connection
        self._proposers = proposers
        self._watch = watch
        self._lock = threading.Lock()
        self._postings = Postings(connection, passages=count_ids(connection))
        self._statements: tuple[StatementSummary, ...] | None = None
        self._list_body = functools.lru_cache(_FILTERS_KEPT)(self._select_body)

    def __enter__(self) -> Self:
        """Return the index itself; leaving the block closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the index."""
        self.close()

    @property
    def directory(self) -> Path:
        """Where the index lies."""
        return self._directory

    @property
    def passage_count(self) -> int:
        """The number of passages that can be found."""
        return self._postings.passages

    def is_current(self) -> bool:
        """Say whether this is still the newest build. Cheap enough to ask before each question."""
        return not self._watch.has_changed()

    def close(self) -> None:
        """Let go of the files. Nothing else may be called afterwards."""
        with self._lock:
            self._connection.close()
            if "_headings" in vars(self):
                self._headings.close()

    def statements(self) -> tuple[StatementSummary, ...]:
        """List the statements by their ids, without reading their texts."""
        if self._statements is None:
            rows = self._select(f"{SELECT_SUMMARIES} ORDER BY statement_id")
            with explained(self._directory):
                self._statements = tuple(summary_from(row) for row in rows)
        return self._statements

    def statement(self, statement_id: str) -> Statement:
        """Return one statement with its text. Raises `QuestionError` if there is none of this id."""
        rows = self._select(f"{SELECT_STATEMENTS} WHERE statement_id = ?", statement_id)
        if not rows:
            raise QuestionError(f"The index holds no statement {statement_id!r}.")
        with explained(self._directory):
            return statement_from(rows[0])

    def passages(self, passage_ids: Sequence[int]) -> tuple[StoredPassage, ...]:
        """Return passages with their texts, in the order asked for. Raises ``KeyError`` for an unknown id."""
        rows = self._select(
            f"{SELECT_PASSAGES} WHERE passage_id IN (SELECT value FROM json_each(?))",  # noqa: S608 - constant
            json.dumps(list(passage_ids)),
        )
        with explained(self._directory):
            found = {row["passage_id"]: passage_from(row) for row in rows}
        return tuple(found[passage_id] for passage_id in passage_ids)

    def passage_ids(
        self,
        *,
        since: datetime.date | None = None,
        until: datetime.date | None = None,
        issuer: str | None = None,
        statement_id: str | None = None,
    ) -> IdSet | None:
        """Return the passages of the statements that all these filters allow, or None if there is no filter.

        The days `since` and `until` are included; a statement without a date is on neither side. `issuer` is
        the whole name in any case.
        """
        if (since, until, issuer, statement_id) == (None, None, None, None):
            return None
        return self._list_body(since, until, issuer and issuer.casefold(), statement_id)

    def search_vectors(
        self, question: FloatArray, k: int, within: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, cosine) nearest to the unit vector `question`, best first.

        Raises `ModelMismatchError` if `question` cannot come from the embedder that the index was built with.
        """
        if question.shape != (self._proposers.dimension,):
            raise ModelMismatchError(
                f"The index was built with {self.manifest.embedder_id}, whose vectors have "
                f"{self._proposers.dimension} numbers, not {question.size}. "
                f"Build it anew with: {build_command(self._directory, '--embedder', 'NAME')}"
            )
        return find_nearest(self._pick_blobs, self._proposers, question, k, within)

    def search_words(
        self, terms: Sequence[str], k: int, within: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, BM25 score) with any of `terms`, best first, higher is better."""
        with self._lock, explained(self._directory):
            return search_words(self._connection, terms, k, within, postings=self._postings)

    def document_frequency(self, term: str) -> int:
        """Return how many of the passages that can be found hold `term`."""
        with self._lock, explained(self._directory):
            return document_frequency(self._connection, term, postings=self._postings)

    def find_stem(self, stem: str) -> int | None:
        """Return the id of a passage with a word of this stem, which `vocabulary` has, or None."""
        with self._lock, explained(self._directory):
            return find_stem(self._connection, stem)

    @functools.cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """The stem of every word of the passages that can be found, in order."""
        with self._lock, explained(self._directory):
            return list_stems(self._connection)

    def find_words(self, words: str, *, statement_id: str | None = None) -> tuple[int, ...]:
        """Return the passages, of one statement or any, that hold exactly these words. Reads all of them."""
        rows = self._select(
            "SELECT passage_id, statement_id FROM passages"
            " WHERE kind = 'body' AND instr(text, ?) > 0 ORDER BY passage_id",
            words,
        )
        return tuple(row["passage_id"] for row in rows if statement_id in (None, row["statement_id"]))

    def mentions(self, name: str, *, statement_id: str | None = None) -> bool:
        """Say whether one statement, or any, has `name` in its text, its headings, title or issuer.

        Exhaustive but for the publisher's words. Names are compared as words are searched: without case,
        accents and endings.
        """
        body = None if statement_id is None else self._select(_BODY_OF, statement_id)
        within = None if body is None else [row["passage_id"] for row in body]
        with self._lock, explained(self._directory):
            if holds_term(self._connection, name, within):
                return True
        if statement_id is not None:
            return holds_phrase([row[0] for row in self._select(_HEADINGS_OF, statement_id)], name)
        headings = self._headings
        with self._lock:
            return holds_term(headings, name)

    @functools.cached_property
    def _headings(self) -> sqlite3.Connection:
        """The words of all statements that are not those of passages that can be found."""
        return index_texts(row[0] for row in self._select(_HEADINGS))

    def _select_body(
        self,
        since: datetime.date | None,
        until: datetime.date | None,
        issuer: str | None,
        statement_id: str | None,
    ) -> IdSet:
        allowed = [
            summary.statement_id
            for summary in self.statements()
            if is_within(summary.date, since, until)
            and (issuer is None or (summary.issuer or "").casefold() == issuer)
            and (statement_id is None or summary.statement_id == statement_id)
        ]
        (row,) = self._select(_BODY_OF_MANY, json.dumps(allowed))
        return IdSet(json.loads(row[0]))

    def _pick_blobs(self, passage_ids: Collection[int]) -> tuple[IdArray, FloatArray]:
        with self._lock, explained(self._directory):
            return pick_blobs(self._connection, self.manifest.embedder_id, passage_ids)

    def _select(self, query: str, *values: str | None) -> list[sqlite3.Row]:
        try:
            with self._lock, explained(self._directory):
                return self._connection.execute(query, values).fetchall()
        except UnicodeEncodeError:  # a lone surrogate, which comes from outside and is in no row
            return []


def open_index(directory: Path = DEFAULT_INDEX) -> Index:
    """Open the newest build in `directory`.

    Raises `NoIndexError` if there is none, `DamagedIndexError` if it cannot be trusted, and `IndexStoreError`
    if it is of another format or cannot be opened now.
    """
    with explained(directory):
        connection = connect_to_read(directory)
        try:
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            manifest, watch, opened = _look(connection, directory)
            for _ in range(_MORE_LOOKS):
                if opened is not None:
                    break
                connection.execute("ROLLBACK")
                manifest, watch, opened = _look(connection, directory)
            proposers = _load_proposers(connection, manifest, opened)
        except BaseException:
            connection.close()
            raise
    return Index(
        directory=directory,
        connection=connection,
        manifest=manifest,
        cache=opened[0] if opened else None,
        proposers=proposers,
        watch=watch,
    )


def read_settings(directory: Path = DEFAULT_INDEX) -> BuildSettings:
    """Return the settings that the index in `directory` was built with, the defaults if none can be read."""
    try:
        with explained(directory), contextlib.closing(connect_to_read(directory)) as connection:
            manifest = read_manifest(connection)
    except IndexStoreError:
        return BuildSettings()
    return manifest.settings if manifest else BuildSettings()


def is_within(date: datetime.date | None, since: datetime.date | None, until: datetime.date | None) -> bool:
    """Say whether a day is of a period, its first and last day included; no day is of all time only."""
    if date is None:
        return since is None and until is None
    return (since is None or date >= since) and (until is None or date <= until)


def _look(
    connection: sqlite3.Connection, directory: Path
) -> tuple[Manifest, CurrentWatch, tuple[Cache, Vectors] | None]:
    """Take a snapshot of the database, and the vectors on disk if they belong to it."""
    connection.execute("BEGIN")
    manifest = require_manifest(connection, directory)
    watch = CurrentWatch(directory)
    try:
        return manifest, watch, open_cache(directory, manifest, watch.content)
    except DamagedIndexError:
        return manifest, watch, None


def _load_proposers(
    connection: sqlite3.Connection, manifest: Manifest, opened: tuple[Cache, Vectors] | None
) -> Proposers:
    """Return all vectors of a build: those `opened` with those that were added since, or all made again."""
    if opened is None:
        return Proposers(file=make_plain(connection, manifest.embedder_id), added=None)
    cache, file = opened
    added = load_added(
        connection, manifest.embedder_id, last_id=cache.file.last_id, dimension=cache.dimension
    )
    return Proposers(file=file, added=added)
