"""How far a command is, shown on the terminal."""

import contextlib
import sys
import time
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from index.build import LOADING
from index.reading import Progress
from index.terminal import say

# A progress bar that is gone before it can be read only flickers.
_QUIET_SECONDS = 2.0
_SECONDS_BETWEEN_LINES = 10.0


@contextlib.contextmanager
def shown_progress() -> Iterator[Progress]:
    """Show how far a build is, once it takes long: a bar on a terminal, elsewhere a line now and then."""
    if not sys.stderr.isatty():
        yield _ProgressLines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    try:
        yield _ProgressBar(bar)
    finally:
        bar.stop()


class _ProgressBar:
    """A bar of one line that shows the current step."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)
        self._begun = time.monotonic()

    def __call__(self, step: str, done: int, total: int) -> None:
        if step == LOADING or time.monotonic() - self._begun > _QUIET_SECONDS:
            self._bar.start()
        self._bar.update(self._task, description=step, completed=done, total=total or None)


class _ProgressLines:
    """A line when a build has taken some seconds, and again every few."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _QUIET_SECONDS

    def __call__(self, step: str, done: int, total: int) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _SECONDS_BETWEEN_LINES
            say(f"{step}: {done} of {total}" if total else step, sys.stderr)
