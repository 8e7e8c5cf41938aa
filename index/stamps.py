"""Whether a file is what it was, told without reading it: by its size and the times of its last changes."""

import os
import time
from typing import Protocol

# The coarsest times that a file system keeps are those of FAT.
_TICK_NS = 2_000_000_000


class HasStat(Protocol):
    """A path, or an entry of a folder."""

    def stat(self) -> os.stat_result:
        """Return what the system knows of the file."""


def take_stamp(*files: HasStat) -> str | None:
    """Return what changes whenever one of `files` does, or None if nothing can be relied on.

    That is where a file is gone, or changed within the last two seconds: it may change again without its
    times telling. Nor are they to be relied on where they lie ahead, as they do when a clock was set back.
    So a stamp is only ever compared for equality, and whether time has passed is never asked of it.
    """
    now = time.time_ns()
    try:
        stats = [file.stat() for file in files]
    except OSError:
        return None
    if any(max(stat.st_mtime_ns, stat.st_ctime_ns) > now - _TICK_NS for stat in stats):
        return None
    # JSON, put together by hand: an archive has tens of thousands of these.
    return f"[{', '.join(f'[{stat.st_size}, {stat.st_mtime_ns}, {stat.st_ctime_ns}]' for stat in stats)}]"
