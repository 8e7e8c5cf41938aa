"""Files that are written whole or not at all, even when the power fails."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import filelock

from index.errors import IndexStoreError


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to. What is in it at the end is at `path` then: all of it, or the old content."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` at `path` so that whoever opens it finds the old or the new content, never a part."""
    with replacing(path) as file:
        file.write(data)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` last through a power failure, where the system can do that."""
    with contextlib.suppress(OSError):  # Windows opens no folders
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def explained_writing(directory: Path) -> Iterator[None]:
    """Turn what goes wrong with files of the index in `directory` into words for the user."""
    try:
        yield
    except filelock.Timeout:  # an OSError too, but not a fault
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise IndexStoreError(f"The index in {directory} cannot be written: {reason}.") from error
