"""A file takes nothing down but its own reading."""

import os
import signal
import sys
import zipfile
from pathlib import Path

import pytest

from index.errors import MetadataError, ScannedFileError, UnreadableFileError
from index.readers import is_ocr_installed
from index.worker import FileReader


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    path = tmp_path / "statement.txt"
    path.write_text("We met. We agreed.")
    return path


def test_what_readers_raise_comes_back(tmp_path: Path, statement: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "front.md").write_text("---\ntitle: [\n---\nWe met.")
    with FileReader() as reader:
        with pytest.raises(UnreadableFileError, match=r"empty\.txt is empty"):
            reader.read(tmp_path / "empty.txt")
        with pytest.raises(MetadataError, match="is not valid YAML"):
            reader.read(tmp_path / "front.md")
        assert [raw.text for raw in reader.read(statement)] == ["We met. We agreed."]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_file_that_takes_too_long_is_named_and_the_next_is_read(tmp_path: Path, statement: Path) -> None:
    os.mkfifo(tmp_path / "endless.txt")  # opening it waits for somebody to write
    too_slow = pytest.raises(UnreadableFileError, match=r"endless\.txt takes longer than 1 seconds to read")
    with FileReader(max_seconds=1) as reader, too_slow:
        reader.read(tmp_path / "endless.txt")
    with FileReader() as reader:
        assert [raw.text for raw in reader.read(statement)] == ["We met. We agreed."]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory")
def test_a_file_that_takes_too_much_memory_is_named(tmp_path: Path, statement: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_text("We met. " * 20_000_000)
    with FileReader(max_bytes=400_000_000) as reader:
        with pytest.raises(UnreadableFileError, match=r"large\.txt (needs more memory|makes its reader)"):
            reader.read(large)
        assert [raw.text for raw in reader.read(statement)] == ["We met. We agreed."]


def test_a_worker_that_is_killed_is_replaced(statement: Path) -> None:
    with FileReader() as reader:
        reader.read(statement)
        worker = reader._worker  # noqa: SLF001 - nothing public kills it
        assert worker is not None
        os.kill(worker[0].pid or 0, signal.SIGTERM)
        worker[0].join()
        with pytest.raises(UnreadableFileError, match="makes its reader crash"):
            reader.read(statement)
        assert [raw.text for raw in reader.read(statement)] == ["We met. We agreed."]


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        container.writestr("word/document.xml", b"\0" * 200_000_000)
    with FileReader() as reader, pytest.raises(UnreadableFileError, match=r"bomb\.docx"):
        reader.read(bomb)


@pytest.mark.skipif(is_ocr_installed(), reason="is for where scans cannot be read")
def test_a_scan_is_told_how_to_be_read(tmp_path: Path) -> None:
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with FileReader() as reader, pytest.raises(ScannedFileError, match=r"pip install '\.\[ocr\]'"):
        reader.read(tmp_path / "scan.png")
