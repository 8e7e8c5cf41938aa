"""How many of the passages that are nearest to a question a vector file finds."""

import functools
import sqlite3

import faiss
import numpy as np

from index.blobs import pick_blobs
from index.encoder import FloatArray
from index.ids import IdArray
from index.nearest import Proposers, find_nearest
from index.vectors import Vectors

QUESTIONS, K = 200, 10

# How far a passage is moved in the direction of another's difference to a third, to stand for a question. Its
# cosine to the nearest of 10,000 passages becomes 0.72, as that of 250 real questions of SQuAD to theirs is.
# Passages as they are would be too easy, see BENCHMARKS.md.
_STEP = 1.15

# Passages with the same words have the same vector: whichever of them is found will do.
_EQUAL = 1e-6


class RecallSample:
    """Stand-ins for questions, and the cosines of the ten passages nearest to each, known once all are seen.

    `passages`, shape ``(some, dimension)``, are drawn from all passages.
    """

    def __init__(self, passages: FloatArray) -> None:
        one, two, three = np.random.default_rng(len(passages)).integers(len(passages), size=(3, QUESTIONS))
        moved = passages[one] + _STEP * (passages[two] - passages[three])
        self._questions = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
        self._nearest = faiss.ResultHeap(QUESTIONS, K, keep_max=True)
        self._seen = 0

    def see(self, ids: IdArray, vectors: FloatArray) -> None:
        """Compare the questions with some more of the passages. Call it once for each passage."""
        k = min(K, len(ids))
        scores, rows = faiss.knn(self._questions, vectors, k, metric=faiss.METRIC_INNER_PRODUCT)
        self._nearest.add_result(scores, ids[rows])
        self._seen += len(ids)

    def measure(self, connection: sqlite3.Connection, model_id: str, vectors: Vectors) -> float:
        """Return the share of the nearest ten that `vectors` finds: recall@10, from 0 to 1."""
        if vectors.kind == "flat":  # exact as it is made
            return 1.0
        k = min(K, self._seen)
        proposers, pick = (
            Proposers(file=vectors, added=None),
            functools.partial(pick_blobs, connection, model_id),
        )
        found = 0
        for question, nearest in zip(self._questions, self._nearest.D, strict=True):
            hits = find_nearest(pick, proposers, question, k)
            tenth = np.sort(nearest)[-k]
            found += sum(score >= tenth - _EQUAL for _, score in hits)
        return found / (k * QUESTIONS)
