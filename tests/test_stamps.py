"""What tells that a file changed without reading it, and when nothing can."""

import os
import time
from pathlib import Path

import pytest

from index import stamps
from index.stamps import take_stamp


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "_TICK_NS", 0)


def test_a_file_left_alone_keeps_its_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    stamp = take_stamp(path)
    path.read_text()
    assert take_stamp(path) == stamp is not None


def test_a_change_of_the_same_size_at_the_same_time_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    before, times = take_stamp(path), path.stat()
    time.sleep(0.02)  # longer than a tick of the system's clock
    path.write_text("two")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert path.stat().st_mtime_ns == times.st_mtime_ns
    assert take_stamp(path) != before


def test_either_file_changes_the_stamp(tmp_path: Path) -> None:
    one, two = tmp_path / "a.txt", tmp_path / "a.meta.toml"
    one.write_text("one")
    two.write_text("two")
    stamp = take_stamp(one, two)
    two.write_text("three")
    assert stamp != take_stamp(one, two) != take_stamp(one)


def test_what_changed_just_now_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    monkeypatch.setattr(stamps, "_TICK_NS", 2_000_000_000)
    assert take_stamp(path) is None
    os.utime(path, (0, 0))  # its content may still have changed now
    assert take_stamp(path) is None


def test_what_lies_ahead_has_none(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    ahead = time.time() + 3600
    os.utime(path, (ahead, ahead))
    assert take_stamp(path) is None


def test_what_is_gone_has_none(tmp_path: Path) -> None:
    assert take_stamp(tmp_path / "a.txt") is None
