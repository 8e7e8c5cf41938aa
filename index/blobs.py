"""The vectors of passages in the database: the truth that every vector file is made from."""

import json
import sqlite3
from collections.abc import Collection, Iterator

import numpy as np

from index.encoder import FloatArray
from index.errors import DamagedIndexError
from index.ids import IdArray

_IDS = "SELECT passage_id FROM passages WHERE kind = 'body' AND passage_id > ?"
_COUNT = "SELECT count(*) FROM passages WHERE kind = 'body'"
_VECTORS = """
SELECT passage_id, vector FROM passages
LEFT JOIN vectors ON vectors.content_hash = passages.content_hash AND model_id = ?
WHERE kind = 'body' AND {which} ORDER BY passage_id
"""
_VECTORS_AFTER = _VECTORS.format(which="passage_id > ?")
_VECTORS_OF = _VECTORS.format(which="passage_id IN (SELECT value FROM json_each(?))")

# Vectors are made in float32, whose rounding leaves their length within this of 1.
LENGTH_TOLERANCE = 1e-3

# 13 MB of 384 numbers each.
_ROWS_AT_ONCE = 8192


def list_ids(connection: sqlite3.Connection) -> IdArray:
    """Return the ids of all passages that can be found, ascending."""
    rows = connection.execute(f"{_IDS} ORDER BY passage_id", (0,))
    return np.fromiter((row[0] for row in rows), dtype=np.int64)


def count_ids(connection: sqlite3.Connection, *, after: int = 0) -> int:
    """Return how many passages can be found whose ids are greater than `after`."""
    # All are counted in the index by statement, without the rows, of which each has its text.
    query, values = (f"SELECT count(*) FROM ({_IDS})", (after,)) if after else (_COUNT, ())  # noqa: S608 - constant
    return int(connection.execute(query, values).fetchone()[0])


def read_blobs(
    connection: sqlite3.Connection, model_id: str, *, after: int = 0
) -> Iterator[tuple[IdArray, FloatArray]]:
    """Yield the ids and vectors of the passages whose ids are greater than `after`, some at a time.

    Raises `DamagedIndexError` for a passage without a vector, or with one of another length than the others.
    """
    cursor = connection.execute(_VECTORS_AFTER, (model_id, after))
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield _to_arrays(rows)


def pick_blobs(
    connection: sqlite3.Connection, model_id: str, passage_ids: Collection[int]
) -> tuple[IdArray, FloatArray]:
    """Return the ids, ascending, and vectors of those of `passage_ids` that there are (none: shape (0, 0)).

    Raises `DamagedIndexError` as `read_blobs` does, and for a vector that is not of length 1.
    """
    rows = connection.execute(_VECTORS_OF, (model_id, json.dumps(list(passage_ids)))).fetchall()
    if not rows:
        return np.empty(0, dtype=np.int64), np.empty((0, 0), dtype=np.float32)
    ids, vectors = _to_arrays(rows)
    if not (abs(np.linalg.norm(vectors, axis=1) - 1) < LENGTH_TOLERANCE).all():
        raise DamagedIndexError("The vector of a passage is not of length 1.")
    return ids, vectors


def _to_arrays(rows: list[sqlite3.Row]) -> tuple[IdArray, FloatArray]:
    blobs = [blob if isinstance(blob, bytes) else b"" for _, blob in rows]
    sizes = set(map(len, blobs))
    if len(sizes) != 1 or min(sizes) == 0 or min(sizes) % 4:
        raise DamagedIndexError("Some passages have no vector, or one of another length.")
    matrix = np.frombuffer(b"".join(blobs), dtype="<f4").reshape(len(rows), -1)
    ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    return ids, matrix.astype(np.float32, copy=False)
