"""Whether the files of the database are, to the byte, what the last build left there.

A finished build writes ``SEAL``, which has the size and the checksum of each of them. A flipped byte changes
that, in space that SQLite does not use as well. It guards against decay, not against forgers, who could
write another ``SEAL``; what is quoted is sealed by sha256 too, see `index.rows`.

Before a build writes anything it removes ``SEAL``, so that a crash never looks like damage. A log that could
not be emptied because somebody reads is one of the files. ``statements.sqlite-shm`` is none: it has the notes
of readers, which SQLite makes anew.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import xxhash

from index.checksum import sum_file
from index.database import DATABASE_FILES
from index.disk import replace_file, sync_folder

SEAL = "SEAL"


def write_seal(directory: Path) -> None:
    """Write down what the files of the database are now. Nobody may be writing to them."""
    replace_file(directory / SEAL, _seal_lines(b"".join(_describe_files(directory))))


def remove_seal(directory: Path) -> None:
    """Let the files of the database change. The removal outlasts a power failure before the changes do."""
    with contextlib.suppress(FileNotFoundError):
        (directory / SEAL).unlink()
        sync_folder(directory)


def is_sealed(directory: Path) -> bool:
    """Say whether the last build was finished, so that there is something to compare the files with."""
    return (directory / SEAL).exists()


def find_broken_files(directory: Path) -> list[str]:
    """Return the names of the files that are not what they were, or that of ``SEAL``. Raises ``OSError``.

    Without ``SEAL`` there is nothing to compare them with. A build may run meanwhile: then it looks again.
    """
    while True:
        seal = _read_seal(directory)
        broken = [] if seal is None else _compare(directory, seal)
        if not broken or _read_seal(directory) == seal:
            return broken


def _read_seal(directory: Path) -> bytes | None:
    try:
        return (directory / SEAL).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _compare(directory: Path, seal: bytes) -> list[str]:
    *lines, _ = seal.splitlines(keepends=True) or [b""]
    if seal != _seal_lines(b"".join(lines)):
        return [SEAL]
    changed = {*lines} ^ {*_describe_files(directory)}
    return sorted({line.split()[0].decode() for line in changed})


def _describe_files(directory: Path) -> Iterator[bytes]:
    """Yield the name, the size and the checksum of each file. A log that is empty is as good as none."""
    for path in (directory / name for name in DATABASE_FILES[:2]):
        if path.exists() and path.stat().st_size:
            yield f"{path.name} {path.stat().st_size} {sum_file(path)}\n".encode()


def _seal_lines(lines: bytes) -> bytes:
    """Return the lines and a last one, which seals them as they seal the files."""
    return lines + f"{SEAL} {len(lines)} {xxhash.xxh3_64_hexdigest(lines)}\n".encode()
