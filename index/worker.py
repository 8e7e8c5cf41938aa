"""Reading files in a process of its own, so that a file takes nothing down but its own reading."""

import contextlib
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from index.errors import MetadataError, ScannedFileError, UnreadableFileError
from index.types import RawText

MAX_SECONDS = 60.0
"""How long the reading of a file may take."""

MAX_SCAN_SECONDS = 3600.0
"""How long the reading of a scan may take, which is some seconds a page."""

MAX_BYTES = 4_000_000_000
"""How much memory the reading of a file may take, where the system can limit it."""

_Found = tuple[RawText, ...] | MetadataError | UnreadableFileError


class FileReader:
    """Reads files, one after the other, in a worker process. A file that kills it costs a new one."""

    def __init__(
        self,
        *,
        max_seconds: float = MAX_SECONDS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._max_seconds = max_seconds
        self._max_bytes = max_bytes
        self._worker: tuple[multiprocessing.process.BaseProcess, Connection] | None = None

    def __enter__(self) -> Self:
        """Return the reader itself; leaving the block ends its process."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._end()

    def read(self, path: Path) -> tuple[RawText, ...]:
        """Read a file as `index.readers.read_file` does, a scan too if the extra `ocr` is installed.

        Raises what that raises, and UnreadableFileError where it took too long or too much, or crashed.
        """
        try:
            return self._ask(path, max_seconds=self._max_seconds, scan=False)
        except ScannedFileError as error:
            from index.readers import is_ocr_installed

            if not is_ocr_installed():
                raise ScannedFileError(f"{error} To have it read: pip install '.[ocr]'.") from error
        return self._ask(path, max_seconds=MAX_SCAN_SECONDS, scan=True)

    def _ask(self, path: Path, *, max_seconds: float, scan: bool) -> tuple[RawText, ...]:
        _, connection = self._worker = self._worker or self._start()
        found: _Found
        try:
            connection.send((path, scan))
            if connection.poll(max_seconds):
                found = connection.recv()
            else:
                found = UnreadableFileError(f"{path} takes longer than {max_seconds:.0f} seconds to read.")
                self._end()
        except (EOFError, OSError):
            found = UnreadableFileError(f"{path} makes its reader crash; it is damaged.")
            self._end()
        except BaseException:
            self._end()
            raise
        if isinstance(found, tuple):
            return found
        raise found

    def _start(self) -> tuple[multiprocessing.process.BaseProcess, Connection]:
        # Not forked: a fork of a process with threads, such as torch's, may hang.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._max_bytes), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def _end(self) -> None:
        if self._worker:
            process, connection = self._worker
            self._worker = None
            connection.close()
            process.kill()
            process.join()
            process.close()


def _serve(connection: Connection, max_bytes: int) -> None:
    """Read what is asked for until the other end is closed."""
    # Only here: the parent itself reads nothing.
    from index.readers import read_file, read_scan

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end is the end of this
    _limit_memory(max_bytes)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            path, scan = connection.recv()
            connection.send(_try_to_read(read_scan if scan else read_file, path))


def _try_to_read(read: Callable[[Path], tuple[RawText, ...]], path: Path) -> _Found:
    try:
        return read(path)
    except (MetadataError, UnreadableFileError) as error:
        return error
    except MemoryError:
        return UnreadableFileError(f"{path} needs more memory than any document should.")
    except Exception as error:  # noqa: BLE001 - whatever the bytes made a library do, the other files are read
        return UnreadableFileError(
            f"{path} makes its reader fail ({type(error).__name__}: {error}); it is damaged."
        )


def _limit_memory(max_bytes: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    with contextlib.suppress(ValueError, OSError):  # a lower limit is set already
        resource.setrlimit(resource.RLIMIT_AS, (max_bytes, max_bytes))
