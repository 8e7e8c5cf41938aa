"""What a command says while it works, on a terminal and elsewhere."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from index.console import shown_progress
from index.terminal import say

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("Tōkyō 東京", "utf-8", "Tōkyō 東京\n"),
        ("Tōkyō", "ascii", "T\\u014dky\\u014d\n"),
        ("a\x1b[31m\nb\u202ec\ud800", "utf-8", "a\ufffd[31m\ufffdb\ufffdc\ufffd\n"),
    ],
)
def test_says_one_line_that_any_terminal_can_show(text: str, encoding: str, expected: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
    say(text, stream)
    assert raw.getvalue().decode(encoding) == expected


@pytest.mark.parametrize(("quiet", "between", "lines"), [(0, 0, 3), (0, 3600, 1), (3600, 0, 0)])
def test_a_long_build_tells_now_and_then_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, quiet: int, between: int, lines: int
) -> None:
    monkeypatch.setattr("index.console._QUIET_SECONDS", quiet)
    monkeypatch.setattr("index.console._SECONDS_BETWEEN_LINES", between)
    with shown_progress() as progress:
        progress("embedding passages", 0, 128)
        progress("embedding passages", 64, 128)
        progress("switching", 0, 0)
    expected = ["embedding passages: 0 of 128", "embedding passages: 64 of 128", "switching"]
    assert capsys.readouterr().err.splitlines() == expected[:lines]


ON_A_TERMINAL = """
import sys, time
from index import console
console._QUIET_SECONDS = float(sys.argv[1])
with console.shown_progress() as progress:
    progress("embedding passages", 64, 100)
    time.sleep(0.5)
"""


@pytest.mark.parametrize("quiet", ["0", "3600"])
def test_a_terminal_gets_a_bar_when_it_takes_long(quiet: str) -> None:
    leader, follower = pty.openpty()
    with subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-c", ON_A_TERMINAL, quiet],
        stderr=follower,
        cwd=REPOSITORY,
        env=os.environ | {"TERM": "xterm"},
    ):
        os.close(follower)
        shown = read_all(leader)
    assert ("embedding passages" in shown) == (quiet == "0")
    assert ("64/100" in shown) == (quiet == "0")


def read_all(terminal: int) -> str:
    shown = b""
    while True:
        try:
            shown += os.read(terminal, 4096)
        except OSError:  # nobody has the other end open any more
            os.close(terminal)
            return shown.decode()
