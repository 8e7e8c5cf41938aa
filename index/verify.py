"""Whether everything in the index is still what was written there."""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from index.blobs import LENGTH_TOLERANCE
from index.cache import check_cache, read_current
from index.database import (
    connect_to_read,
    connect_to_write,
    explained,
    find_broken_pages,
    is_circumstance,
    read_manifest,
    require_manifest,
)
from index.errors import DamagedIndexError, IndexStoreError
from index.posting_lists import check_posting_lists
from index.rows import (
    SELECT_PASSAGES,
    SELECT_STATEMENTS,
    Manifest,
    StoredPassage,
    passage_from,
    statement_from,
)
from index.seal import SEAL, find_broken_files, is_sealed
from index.types import Span, Statement
from index.words import check_words


def find_faults(directory: Path) -> list[str]:
    """Return one sentence a fault of the index in `directory`; none means that all is well.

    Raises `NoIndexError` and `IndexStoreError` where there is nothing to look through.
    """
    with explained(directory), contextlib.closing(connect_to_read(directory)) as connection:
        broken = _find_broken_files(directory)
        faults = [
            f"{directory / name} is not what was written there (its checksum differs)." for name in broken
        ]
        if {*broken} - {SEAL}:  # SQLite might write to a damaged database
            return faults
        connection.execute("BEGIN")
        manifest = require_manifest(connection, directory)
        checks: tuple[Callable[[], Iterable[str]], ...] = (
            lambda: find_broken_pages(connection),
            lambda: _check_word_index(directory),
            lambda: _check_statements(connection),
            lambda: _check_vectors(connection, manifest),
            lambda: _check_cache(directory, manifest),
        )
        return faults + [fault for check in checks for fault in _collect(check)]


def _find_broken_files(directory: Path) -> list[str]:
    try:
        return find_broken_files(directory)
    except OSError as error:
        raise IndexStoreError(f"The index in {directory} cannot be read: {error.strerror}.") from error


def _collect(check: Callable[[], Iterable[str]]) -> Iterator[str]:
    """Yield the faults that `check` finds; that it cannot go on is one too."""
    try:
        yield from check()
    except DamagedIndexError as error:
        yield str(error)
    except sqlite3.DatabaseError as error:
        if is_circumstance(error):
            raise
        yield f"The database cannot be read: {error}."


def _check_word_index(directory: Path) -> Iterator[str]:
    if not os.access(directory, os.W_OK):  # SQLite compares only where it could write
        return
    with contextlib.closing(connect_to_write(directory)) as connection:
        try:
            check_words(connection)
            if not check_posting_lists(connection):
                yield "The posting lists are not those of the word index."
        except sqlite3.DatabaseError as error:
            if is_circumstance(error):
                raise
            yield "The word index does not belong to the passages."


def _check_statements(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute("PRAGMA foreign_key_check"):
        yield f"Row {row['rowid']} of {row['table']} belongs to no statement."
    for row in connection.execute(f"{SELECT_STATEMENTS} ORDER BY statement_id"):
        statement = statement_from(row)
        rows = connection.execute(
            f"{SELECT_PASSAGES} WHERE statement_id = ? ORDER BY start, stop", (statement.statement_id,)
        )
        yield from _check_tiling(statement, [passage_from(row) for row in rows])


def _check_tiling(statement: Statement, stored: Sequence[StoredPassage]) -> Iterator[str]:
    """Yield what keeps the passages from being the whole statement, and their sentences from being them."""
    spans = [item.passage.span for item in stored]
    if statement.front_matter is not None and not any(
        _overlap(statement.front_matter, span) for span in spans
    ):
        spans = sorted([*spans, statement.front_matter])
    if not _tile(spans, Span(start=0, end=len(statement.text))):
        yield f"The passages of {statement.statement_id} are not the whole statement."
    for item in stored:
        if item.passage.span.of(statement.text) != item.text:
            yield f"Passage {item.passage_id} of {statement.statement_id} has other words than the statement."
        if not _tile(item.passage.sentences, item.passage.span):
            yield f"The sentences of passage {item.passage_id} of {statement.statement_id} are not all of it."


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _tile(spans: Sequence[Span], whole: Span) -> bool:
    """Say whether `spans` follow each other without gaps from the start of `whole` to its end."""
    bounds = [whole.start, *(bound for span in spans for bound in (span.start, span.end)), whole.end]
    return bounds[::2] == bounds[1::2]


def _check_vectors(connection: sqlite3.Connection, manifest: Manifest) -> Iterator[str]:
    rows = connection.execute(
        "SELECT passage_id, statement_id, vector FROM passages LEFT JOIN vectors"
        " ON vectors.content_hash = passages.content_hash AND model_id = ?"
        " WHERE kind = 'body' ORDER BY passage_id",
        (manifest.embedder_id,),
    )
    for passage_id, statement_id, blob in rows:
        name = f"passage {passage_id} of {statement_id}"
        if blob is None:
            yield f"There is no vector for {name}."
        elif len(blob) != 4 * manifest.dimension:
            yield f"The vector of {name} has not {manifest.dimension} numbers."
        elif not abs(np.linalg.norm(np.frombuffer(blob, dtype="<f4")) - 1) < LENGTH_TOLERANCE:
            yield f"The vector of {name} is not of length 1."


def _check_cache(directory: Path, manifest: Manifest) -> Iterator[str]:
    if not is_sealed(directory):  # that of an unfinished build is made by the next, and by readers till then
        return
    try:
        check_cache(directory, manifest, read_current(directory))
    except DamagedIndexError as error:
        with contextlib.closing(connect_to_read(directory)) as newest:
            if read_manifest(newest) == manifest:  # else a build was finished meanwhile
                yield str(error)
