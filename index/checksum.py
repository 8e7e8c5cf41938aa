"""The checksum that tells whether the bytes of a file are what was written.

XXH3 takes a quarter of a second a gigabyte, most of it to read the file; CRC-32 takes three times as long and
sha256 six times. It guards against decay: a forger could make a file of the same checksum.
"""

from pathlib import Path

import xxhash

_CHUNK_BYTES = 1 << 20


def sum_file(path: Path) -> str:
    """Return the XXH3 checksum of a file, 16 hexadecimal digits. Raises ``OSError``."""
    # One buffer for all: memory that is new each time takes longer than the checksum.
    buffer, checksum = bytearray(_CHUNK_BYTES), xxhash.xxh3_64()
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            checksum.update(memoryview(buffer)[:size])
    return checksum.hexdigest()
