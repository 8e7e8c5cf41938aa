"""A build that is killed leaves the old index or the new one, and no flipped byte stays unnoticed.

This is the short version; ``python tests/bench/kills.py`` kills at every step.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
# Run so, a reader that a build starts need not import the script again.
COMMAND = [sys.executable, "-c", "import kills, sys; sys.exit(kills.main())", "--kills", "8", "--flips", "15"]


@pytest.mark.skipif(
    not (sys.platform == "linux" and platform.machine() in {"x86_64", "aarch64"}), reason="needs ptrace"
)
def test_kills_and_flips_break_nothing() -> None:
    paths = os.pathsep.join(map(str, [REPOSITORY, REPOSITORY / "tests" / "bench"]))
    done = subprocess.run(  # noqa: S603 - ours
        COMMAND, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    *kills, flips = done.stdout.splitlines()
    assert all("8 kills at" in line and line.endswith("0 broken") for line in kills)
    assert "statements.sqlite-wal" in flips
    assert flips.endswith("0 not found, 0 not mended")
