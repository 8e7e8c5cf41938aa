"""The vector file of a build, and ``CURRENT``, which says which file that is.

Both can be made from the database at any time. ``CURRENT`` is replaced when a build is complete, so it also
tells readers that there is something new. A file serves several builds: it is kept while little was added to
the archive or removed from it, and what was added is taken from the database.
"""

import contextlib
import dataclasses
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from index.blobs import count_ids
from index.disk import replace_file
from index.errors import DamagedIndexError
from index.nearest import load_added
from index.rows import Manifest
from index.suiting import Suited, make_suited
from index.types import VectorChoice
from index.vectors import VectorFile, Vectors, check_file, open_vectors

CURRENT = "CURRENT"
VECTORS = "vectors"

# A file is kept while no more passages came after it: readers read their vectors when they open it, 25 ms.
MOST_ADDED = 4096

# It is made anew when an eighth of its passages is gone, and, small as it is then, when an eighth was added.
_SHARE = 8


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """A vector file as ``CURRENT`` describes it.

    `written` is the generation of the build that wrote it, `effort` how many vectors a search in it compares
    again, `recall` its recall@10.
    """

    written: int
    file: VectorFile
    effort: int
    recall: float

    @property
    def dimension(self) -> int:
        """The number of components of each vector."""
        return self.file.dimension

    def path(self, directory: Path) -> Path:
        """Return where the file lies."""
        return directory / VECTORS / f"{self.written}.faiss"


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


def open_cache(directory: Path, manifest: Manifest, current: bytes | None) -> tuple[Cache, Vectors]:
    """Return the vectors of the build `manifest` from the file that `current` describes.

    Raises `DamagedIndexError` if that file is missing, of another build, or damaged as far as `open_vectors`
    sees.
    """
    cache = _read_description(current, manifest)
    vectors = open_vectors(cache.path(directory), cache.file)
    vectors.effort = cache.effort
    return cache, vectors


def check_cache(directory: Path, manifest: Manifest, current: bytes | None, *, whole: bool = True) -> Cache:
    """Return what `current` says of the vector file.

    Raises `DamagedIndexError` if a byte of the `whole` file differs, or else if its size does.
    """
    cache = _read_description(current, manifest)
    check_file(cache.path(directory), cache.file, whole=whole)
    return cache


def renew_vectors(
    connection: sqlite3.Connection,
    model_id: str,
    choice: VectorChoice,
    announce: Callable[[str], None],
    *,
    old: Cache | None,
) -> Cache | Suited:
    """Bring the vectors up to date with the passages: keep the `old` file, or return what is to be written.

    One more statement costs no more in a large archive than in a small one, but once in thousands of
    passages. Raises `DamagedIndexError` if a passage has no vector.
    """
    if old is not None:
        total = count_ids(connection)
        added = count_ids(connection, after=old.file.last_id)
        removed = old.file.count - (total - added)
        if removed * _SHARE <= old.file.count and added <= min(MOST_ADDED, old.file.count // _SHARE):
            load_added(connection, model_id, last_id=old.file.last_id, dimension=old.dimension)
            return old
    return make_suited(connection, model_id, choice, announce)


def write_cache(
    directory: Path, manifest: Manifest, renewed: Cache | Suited, announce: Callable[[str], None]
) -> None:
    """Write the vector file of a build, then switch readers to it, then remove the older ones.

    `announce` is told each step before it is taken.
    """
    cache = renewed if isinstance(renewed, Cache) else _write_file(directory, manifest, renewed, announce)
    announce("switching")
    replace_file(directory / CURRENT, _describe(manifest, cache))
    announce("removing old vectors")
    path = cache.path(directory)
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


def _write_file(
    directory: Path, manifest: Manifest, suited: Suited, announce: Callable[[str], None]
) -> Cache:
    announce("writing vectors")
    path = directory / VECTORS / f"{manifest.generation}.faiss"
    path.parent.mkdir(exist_ok=True)
    return Cache(
        written=manifest.generation,
        file=suited.vectors.write(path),
        effort=suited.vectors.effort,
        recall=suited.recall,
    )


def _describe(manifest: Manifest, cache: Cache) -> bytes:
    content = {
        "generation": manifest.generation,
        "build": manifest.build_id,
        "model": manifest.embedder_id,
        **dataclasses.asdict(cache),
    }
    seal = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return json.dumps(content | {"seal": seal}, indent=2).encode() + b"\n"


def _read_description(current: bytes | None, manifest: Manifest) -> Cache:
    """Return what `current` says. Raises `DamagedIndexError` if it is nothing, or about another build."""
    if current is None:
        raise DamagedIndexError(f"{CURRENT} cannot be read.")
    try:
        content = json.loads(current)
        fields = {field.name: content[field.name] for field in dataclasses.fields(Cache)}
        cache = Cache(**fields | {"file": VectorFile(**fields["file"])})
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedIndexError(f"{CURRENT} is not what was written there.") from error
    if current != _describe(manifest, cache):
        raise DamagedIndexError(f"{CURRENT} speaks of another build.")
    return cache
