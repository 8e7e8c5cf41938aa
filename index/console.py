"""How far a command is, shown on the terminal."""

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.build import LOADING
from index.reading import Progress
from index.terminal import say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

# A progress bar that is gone before it can be read only flickers.
_QUIET_SECONDS = 2.0
_SECONDS_BETWEEN_LINES = 10.0


@contextlib.contextmanager
def shown_progress() -> Iterator[Progress]:
    """Show how far a build is, once it takes long: a bar on a terminal, elsewhere a line now and then."""
    if not sys.stderr.isatty():
        yield _ProgressLines()
        return
    bar = _ProgressBar()
    try:
        yield bar
    finally:
        bar.stop()


class _ProgressBar:
    """A bar of one line that shows the current step; what draws it is loaded once there is something to."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._begun = time.monotonic()

    def __call__(self, step: str, done: int, total: int) -> None:
        if self._bar is None and (step == LOADING or time.monotonic() - self._begun > _QUIET_SECONDS):
            self._bar = _start_bar()
        if self._bar is not None:
            (task,) = self._bar.task_ids
            self._bar.update(task, description=step, completed=done, total=total or None)

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


def _start_bar() -> "Bar":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("", total=None)
    bar.start()
    return bar


class _ProgressLines:
    """A line when a build has taken some seconds, and again every few."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _QUIET_SECONDS

    def __call__(self, step: str, done: int, total: int) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _SECONDS_BETWEEN_LINES
            say(f"{step}: {done} of {total}" if total else step, sys.stderr)
