"""Whether the files of the database are to the byte what the last build left there."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import IndexStoreError
from index.seal import find_broken_files, is_sealed, remove_seal, write_seal
from index.verify import find_faults

DATABASE, LOG = "statements.sqlite", "statements.sqlite-wal"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("store")
    (directory / DATABASE).write_bytes(os.urandom(3_000_000))
    (directory / LOG).write_bytes(os.urandom(1000))
    return directory


def test_what_was_sealed_is_whole(directory: Path) -> None:
    write_seal(directory)
    assert is_sealed(directory)
    assert find_broken_files(directory) == []


@given(data=st.data(), name=st.sampled_from([DATABASE, LOG, "SEAL"]), mask=st.integers(1, 255))
def test_any_flipped_byte_is_found(directory: Path, data: st.DataObject, name: str, mask: int) -> None:
    write_seal(directory)
    with (directory / name).open("r+b") as file:
        place = data.draw(st.integers(0, os.fstat(file.fileno()).st_size - 1))
        before = os.pread(file.fileno(), 1, place)
        os.pwrite(file.fileno(), bytes([before[0] ^ mask]), place)
        assert find_broken_files(directory) == [name]
        os.pwrite(file.fileno(), before, place)
    assert find_broken_files(directory) == []


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"SEAL 0 00000000", b"SEAL 0 0000000000000000", b"\xff\xfe", b"statements.sqlite"]
)
def test_a_seal_that_is_none_is_broken(directory: Path, content: bytes) -> None:
    (directory / "SEAL").write_bytes(content)
    assert find_broken_files(directory) == ["SEAL"]


def test_a_file_that_came_went_or_grew_is_found(tmp_path: Path) -> None:
    database, log = tmp_path / DATABASE, tmp_path / LOG
    database.write_bytes(b"some content")
    write_seal(tmp_path)
    log.touch()  # as a reader leaves it
    assert find_broken_files(tmp_path) == []
    log.write_bytes(b"more")
    assert find_broken_files(tmp_path) == [LOG]
    write_seal(tmp_path)
    log.unlink()
    assert find_broken_files(tmp_path) == [LOG]
    write_seal(tmp_path)
    database.write_bytes(b"some content and \0")
    assert find_broken_files(tmp_path) == [DATABASE]
    database.unlink()
    assert find_broken_files(tmp_path) == [DATABASE]


def test_without_a_seal_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"some content")
    write_seal(tmp_path)
    remove_seal(tmp_path)
    remove_seal(tmp_path)
    assert not is_sealed(tmp_path)
    assert find_broken_files(tmp_path) == []
    assert find_broken_files(tmp_path / "nowhere") == []


def test_a_seal_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"some content")
    (tmp_path / "SEAL").mkdir()
    with pytest.raises(IndexStoreError, match=r"^The index in .* cannot be read: Is a directory\.$"):
        find_faults(tmp_path)
