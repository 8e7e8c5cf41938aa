"""The vector index that suits an archive: its kind goes by the number of passages, and by what it finds.

The times and recalls behind these numbers are in BENCHMARKS.md.
"""

import dataclasses
import sqlite3
from collections.abc import Callable

import numpy as np

from index.blobs import count_ids, list_ids, pick_blobs, read_blobs
from index.encoder import FloatArray
from index.errors import DamagedIndexError
from index.recall import RecallSample
from index.types import VectorChoice, VectorKind
from index.vectors import KINDS, TRAINING_VECTORS, Vectors, begin_vectors

# The greatest number of passages that are all compared with their vectors as they are.
MOST_FLAT = 30_000

# Of the ten passages nearest to a question, so many must be found on average.
LEAST_RECALL = 0.99

# How many vectors a search by bits compares again: the first of these that finds enough.
EFFORTS = (1000, 2000, 4000)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Suited:
    """Vectors, and their recall@10.

    `notes` are what the user should know of the choice, one sentence each.
    """

    vectors: Vectors
    recall: float
    notes: tuple[str, ...] = ()

    @property
    def dimension(self) -> int:
        """The number of components of each vector."""
        return self.vectors.dimension


def suggest_kinds(count: int) -> tuple[VectorKind, ...]:
    """Return the kind for so many passages, and those that are safer, in the order in which to try them."""
    return ("flat",) if count <= MOST_FLAT else ("rabitq", "fp16", "flat")


def make_suited(
    connection: sqlite3.Connection, model_id: str, choice: VectorChoice, announce: Callable[[str], None]
) -> Suited:
    """Make the vectors of all passages, of the kind `choice`; by "auto" of a safer one if that finds too few.

    Raises `DamagedIndexError` if a passage has no vector. `announce` is told how far it is.
    """
    ids = list_ids(connection)
    drawn = np.random.default_rng(len(ids)).choice(ids, size=min(TRAINING_VECTORS, len(ids)), replace=False)
    _, sample = pick_blobs(connection, model_id, drawn.tolist())
    notes: list[str] = []
    suited = None
    # An index of an earlier version may ask for a kind that is no more.
    kinds = suggest_kinds(len(ids)) if choice == "auto" or choice not in KINDS else (choice,)
    for kind in kinds if len(sample) else ():
        suited = None  # lets go of what did not suit: two may be more than memory holds
        suited = _make_kind(connection, model_id, kind, sample, announce)
        notes += suited.notes
        if suited.recall >= LEAST_RECALL:
            break
    if suited is None:
        raise DamagedIndexError("There are no passages with a vector.")
    return dataclasses.replace(suited, notes=tuple(notes))


def describe_kind(kind: VectorKind, effort: int) -> str:
    """Return the kind of a vector index as it is shown: "flat", "rabitq at effort 1000"."""
    return f"{kind} at effort {effort}" if effort else kind


def _make_kind(
    connection: sqlite3.Connection,
    model_id: str,
    kind: VectorKind,
    sample: FloatArray,
    announce: Callable[[str], None],
) -> Suited:
    """Make the vectors of all passages, of one kind, at the first effort that finds enough or at the last."""
    count, questions, vectors = count_ids(connection), RecallSample(sample), begin_vectors(kind, sample)
    for batch in read_blobs(connection, model_id):
        announce(f"indexing vectors: {vectors.count} of {count}")
        vectors.add(*batch)
        questions.see(*batch)
    recall, notes = 0.0, []
    for vectors.effort in EFFORTS if kind == "rabitq" else (0,):
        recall = questions.measure(connection, model_id, vectors)
        if recall >= LEAST_RECALL:
            break
        tried = describe_kind(kind, vectors.effort)
        notes.append(
            f"Vectors of kind {tried} find {recall:.1%} of what is nearest, less than {LEAST_RECALL:.0%}."
        )
    return Suited(vectors=vectors, recall=recall, notes=tuple(notes))


def make_plain(connection: sqlite3.Connection, model_id: str) -> Vectors:
    """Make the vectors of all passages, of a kind that is exact and soon made, without measuring it.

    Raises `DamagedIndexError` if a passage has no vector.
    """
    kind: VectorKind = "flat" if count_ids(connection) <= MOST_FLAT else "fp16"
    vectors: Vectors | None = None
    for batch in read_blobs(connection, model_id):
        vectors = vectors or begin_vectors(kind, batch[1])
        vectors.add(*batch)
    if vectors is None:
        raise DamagedIndexError("There are no passages with a vector.")
    return vectors
