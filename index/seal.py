"""Whether the files of the database are, to the byte, what the last build left there.

A finished build writes ``SEAL``, which has the size and the CRC-32 of each of them. Any flipped byte changes
that, in space that SQLite does not use as well. It guards against decay, not against forgers, who could
write another ``SEAL``; what is quoted is sealed by sha256 too, see `index.rows`. CRC-32 costs a quarter of a
second a gigabyte, which sha256 needs hardware to come near.

Before a build writes anything it removes ``SEAL``, so that a crash never looks like damage. A log that could
not be emptied because somebody reads is one of the files. ``statements.sqlite-shm`` is none: it has the notes
of readers, which SQLite makes anew.
"""

import contextlib
import zlib
from collections.abc import Iterator
from pathlib import Path

from index.database import DATABASE_FILES
from index.disk import replace_file, sync_folder

SEAL = "SEAL"

_CHUNK_BYTES = 1 << 20


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
            yield f"{path.name} {path.stat().st_size} {_checksum(path):08x}\n".encode()


def _checksum(path: Path) -> int:
    # One buffer for all: memory that is new each time takes longer than the checksum.
    buffer, checksum = bytearray(_CHUNK_BYTES), 0
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            checksum = zlib.crc32(memoryview(buffer)[:size], checksum)
    return checksum


def _seal_lines(lines: bytes) -> bytes:
    """Return the lines and a last one, which seals them as they seal the files."""
    return lines + f"{SEAL} {len(lines)} {zlib.crc32(lines):08x}\n".encode()
