"""The checksum of a file."""

from pathlib import Path

import pytest
import xxhash

from index.checksum import sum_file


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1])
def test_the_checksum_is_of_all_bytes(tmp_path: Path, size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    (tmp_path / "file").write_bytes(content)
    assert sum_file(tmp_path / "file") == xxhash.xxh3_64_hexdigest(content)
