"""Passage ids by the hundred thousand: what a filter leaves of an archive."""

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

IdArray: TypeAlias = npt.NDArray[np.int64]


class IdSet(AbstractSet[int]):
    """A set of ids, kept as an array: made once for a filter, it is looked up in each search at no cost."""

    def __init__(self, ids: Iterable[int]) -> None:
        self.array: IdArray = np.unique(np.fromiter(ids, dtype=np.int64))

    def __contains__(self, passage_id: object) -> bool:
        """Say whether this is one of the ids."""
        return bool((self.array == passage_id).any())

    def __iter__(self) -> Iterator[int]:
        """Yield the ids, ascending."""
        return iter(self.array.tolist())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.array)


def to_array(ids: Collection[int]) -> IdArray:
    """Return `ids` in ascending order, each once."""
    return (ids if isinstance(ids, IdSet) else IdSet(ids)).array


def mark(ids: Collection[int], size: int) -> npt.NDArray[np.bool_]:
    """Return of each id from 0 on, shape ``(size,)``, whether it is one of `ids`, of which none is less."""
    array = to_array(ids)
    marks = np.zeros(size, dtype=bool)
    marks[array[array < size]] = True
    return marks
