"""The vector file of a build, and ``CURRENT``, which says which file that is.

Both can be made from the database at any time. ``CURRENT`` is replaced when a build is complete, so it also
tells readers that there is something new.
"""

import contextlib
import dataclasses
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np

from index.disk import replace_file
from index.errors import DamagedIndexError
from index.rows import Manifest
from index.vectors import VectorFile, Vectors, make_vectors, read_vectors, write_vectors

CURRENT = "CURRENT"
VECTORS = "vectors"


class CurrentWatch:
    """``CURRENT`` as it was when it was first looked at; `content` is None if it could not be read."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._stat = self._read_stat()
        self.content = read_current(directory)

    def has_changed(self) -> bool:
        """Say whether it says something else now."""
        stat = self._read_stat()
        if stat == self._stat:
            return False
        if read_current(self._directory) != self.content:
            return True
        self._stat = stat
        return False

    def _read_stat(self) -> tuple[int, int, int] | None:
        try:
            stat = (self._directory / CURRENT).stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_size, stat.st_mtime_ns


def read_current(directory: Path) -> bytes | None:
    """Return what ``CURRENT`` says, or None if it cannot be read."""
    try:
        return (directory / CURRENT).read_bytes()
    except OSError:
        return None


def read_cache(directory: Path, manifest: Manifest, current: bytes | None) -> Vectors:
    """Return the vectors of the build `manifest` from the file that `current` describes.

    Raises `DamagedIndexError` if that file is missing, damaged, or of another build.
    """
    return read_vectors(vector_path(directory, manifest), _expect_file(current, manifest))


def load_vectors(connection: sqlite3.Connection, model_id: str) -> Vectors:
    """Make the vectors of all passages that can be found from the database, without embedding."""
    rows = connection.execute(
        "SELECT passage_id, vector FROM passages LEFT JOIN vectors"
        " ON vectors.content_hash = passages.content_hash AND model_id = ?"
        " WHERE kind = 'body' ORDER BY passage_id",
        (model_id,),
    ).fetchall()
    sizes = {len(row["vector"]) if isinstance(row["vector"], bytes) else 0 for row in rows}
    if len(sizes) != 1 or min(sizes) == 0 or min(sizes) % 4:
        raise DamagedIndexError("Some passages have no vector, or one of another length.")
    matrix = np.frombuffer(b"".join(row["vector"] for row in rows), dtype="<f4").reshape(len(rows), -1)
    return make_vectors([row["passage_id"] for row in rows], matrix.astype(np.float32, copy=False))


def write_cache(
    directory: Path, manifest: Manifest, vectors: Vectors, announce: Callable[[str], None]
) -> None:
    """Write the vector file of a build, then switch readers to it, then remove the older ones.

    `announce` is told each step before it is taken.
    """
    announce("writing vectors")
    path = vector_path(directory, manifest)
    path.parent.mkdir(exist_ok=True)
    file = write_vectors(vectors, path)
    announce("switching")
    replace_file(directory / CURRENT, _describe(manifest, file))
    announce("removing old vectors")
    for old in path.parent.iterdir():
        if old != path:
            with contextlib.suppress(
                OSError
            ):  # Windows keeps a file that somebody reads; the next build removes it
                old.unlink()


def discard_cache(directory: Path) -> None:
    """Delete ``CURRENT`` and all vector files."""
    (directory / CURRENT).unlink(missing_ok=True)
    shutil.rmtree(directory / VECTORS, ignore_errors=True)


def vector_path(directory: Path, manifest: Manifest) -> Path:
    """Return where the vector file of a build lies."""
    return directory / VECTORS / f"{manifest.generation}.faiss"


def _describe(manifest: Manifest, file: VectorFile) -> bytes:
    identity = {"generation": manifest.generation, "build": manifest.build_id, "model": manifest.embedder_id}
    return json.dumps(identity | dataclasses.asdict(file), indent=2).encode() + b"\n"


def _expect_file(current: bytes | None, manifest: Manifest) -> VectorFile:
    """Return what the vector file must be like. Raises `DamagedIndexError` if `current` does not say."""
    if current is None:
        raise DamagedIndexError(f"{CURRENT} cannot be read.")
    try:
        content = json.loads(current)
        expected = VectorFile(**{field.name: content[field.name] for field in dataclasses.fields(VectorFile)})
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedIndexError(f"{CURRENT} is not what was written there.") from error
    if current != _describe(manifest, expected):
        raise DamagedIndexError(f"{CURRENT} speaks of another build.")
    return expected
