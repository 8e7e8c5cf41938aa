"""What is too much for memory all at once, put aside on disk."""

import array
import contextlib
import pickle  # noqa: TID251 - of a file without a name, which nobody else can write to
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast

from index.disk import explained_writing

T = TypeVar("T")


class Spool(Collection[T], Generic[T]):
    """Things in the order in which they came, to be gone through as often as one likes.

    They lie in a file of `directory` that has no name: nothing is left of it however the program ends.
    Methods raise `IndexStoreError` where there is no room.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._places = array.array("q")
        with explained_writing(directory):
            self._file = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115 - closed when the spool is left

    def __enter__(self) -> Self:
        """Return the spool itself; leaving the block forgets what is in it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the file."""
        with contextlib.suppress(OSError):  # what there was no room for is tried once more
            self._file.close()

    def __len__(self) -> int:
        """Return how many things there are."""
        return len(self._places)

    def __iter__(self) -> Iterator[T]:
        """Yield all, one in memory at a time."""
        return map(self.__getitem__, range(len(self)))

    def __contains__(self, thing: object) -> bool:
        """Say whether one of the things equals `thing`. Reads all up to it."""
        return any(each == thing for each in self)

    def __getitem__(self, position: int) -> T:
        """Return what came as number `position`, from 0."""
        self._file.seek(self._places[position])
        return cast(T, pickle.load(self._file))  # noqa: S301 - see above

    def append(self, thing: T) -> None:
        """Put one more thing aside."""
        with explained_writing(self.directory):
            place = self._file.seek(0, 2)
            pickle.dump(thing, cast(Any, self._file), protocol=pickle.HIGHEST_PROTOCOL)
            self._file.flush()
        self._places.append(place)
