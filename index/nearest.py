"""The passages nearest to a question, scored by the vectors in the database.

The vector file and the vectors of what was added since only propose passages: at least 100, whose cosines are
then taken from the vectors as they were made. So a score is exact whatever the kind of the file, a passage
that was removed since is not found, and a damaged file can at worst hide a passage.
"""

import dataclasses
import sqlite3
from collections.abc import Callable, Collection

import numpy as np

from index.blobs import read_blobs
from index.encoder import FloatArray
from index.errors import DamagedIndexError
from index.ids import IdArray
from index.vectors import Vectors, begin_vectors

# Of these the first ten are right where the kind itself confuses near ones, see BENCHMARKS.md.
CANDIDATES = 100

# How much further is looked where fewer are there than were asked for.
_WIDER = 4


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Proposers:
    """The vectors of a build: those in its `file`, and those that were `added` after that was written."""

    file: Vectors
    added: Vectors | None

    @property
    def dimension(self) -> int:
        """The number of components of each vector."""
        return self.file.dimension

    def propose(self, question: FloatArray, k: int, within: Collection[int] | None) -> tuple[set[int], bool]:
        """Return the ids of the nearest `k` of both, and whether there are no more than these."""
        found = [each.search(question, k, within) for each in (self.file, self.added) if each]
        return {passage_id for hits in found for passage_id, _ in hits}, all(len(hits) < k for hits in found)


def load_added(
    connection: sqlite3.Connection, model_id: str, *, last_id: int, dimension: int
) -> Vectors | None:
    """Return the vectors of the passages that came after the vector file, whose greatest id is `last_id`.

    Raises `DamagedIndexError` for a vector of another dimension than those in the file, or none.
    """
    added: Vectors | None = None
    for ids, vectors in read_blobs(connection, model_id, after=last_id):
        if vectors.shape[1] != dimension:
            raise DamagedIndexError("Some passages have no vector, or one of another length.")
        added = added or begin_vectors("flat", vectors)
        added.add(ids, vectors)
    return added


def find_nearest(
    pick: Callable[[Collection[int]], tuple[IdArray, FloatArray]],
    proposers: Proposers,
    question: FloatArray,
    k: int,
    within: Collection[int] | None = None,
) -> list[tuple[int, float]]:
    """Return up to `k` (passage id, cosine) nearest to the unit vector `question`, best first, equals by id.

    `pick` gives the ids and vectors of those passages that there are. `within` limits the search to these.
    """
    width = max(k, CANDIDATES)
    while True:
        proposed, complete = proposers.propose(question, width, within)
        hits = _score(*pick(proposed), question)
        if complete or len(hits) >= k:
            return hits[: max(k, 0)]
        width *= _WIDER  # some were removed since the file was written


def _score(ids: IdArray, vectors: FloatArray, question: FloatArray) -> list[tuple[int, float]]:
    """Return the cosines of the passages `ids`, best first."""
    if not len(ids):
        return []
    # Not `@`, whose last digit depends on what stands in the other rows.
    cosines = (vectors.astype(np.float64) * question).sum(axis=1)
    return sorted(zip(ids.tolist(), cosines.tolist(), strict=True), key=lambda hit: (-hit[1], hit[0]))
