"""Unit vectors by passage id, and the nearest of them: FAISS."""

import contextlib
import dataclasses
import hashlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import cast

import faiss
import numpy as np

from index.disk import replace_file
from index.encoder import FloatArray
from index.errors import DamagedIndexError

# In the language of `faiss.index_factory`: exact search over float32. "IDMap2,SQfp16" halves the memory,
# "IDMap2,HNSW32" searches faster than exactly.
FLAT = "IDMap2,Flat"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class VectorFile:
    """What a written vector file must be like when it is read again. `last_id` is its greatest passage id."""

    size: int
    sha256: str
    count: int
    dimension: int
    last_id: int


class Vectors:
    """Unit vectors keyed by passage id, compared by inner product (the cosine, as they are unit vectors)."""

    def __init__(self, index: faiss.IndexIDMap2) -> None:
        self._index = index

    @property
    def count(self) -> int:
        """The number of passages."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The number of components of each vector."""
        return int(self._index.d)

    @property
    def last_id(self) -> int:
        """The greatest passage id, 0 if there is none."""
        return int(faiss.vector_to_array(self._index.id_map).max(initial=0))

    def to_bytes(self) -> bytes:
        """Return what `read_vectors` reads."""
        return bytes(faiss.serialize_index(self._index))

    def search(
        self, question: FloatArray, k: int, within: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, score) nearest to `question`, best first, equal scores by id.

        `question` has shape ``(dimension,)``. `within` limits the search to these passages.
        """
        k = min(k, self.count if within is None else len(within))
        if k <= 0:
            return []
        parameters = faiss.SearchParameters()
        # FAISS keeps only a pointer to the selector; the name keeps it alive until the search is over.
        selector = None if within is None else faiss.IDSelectorBatch(np.fromiter(within, dtype=np.int64))
        parameters.sel = selector
        with _one_thread():
            scores, ids = self._index.search(question.reshape(1, -1), k, params=parameters)
        # FAISS fills up a short result with the id -1.
        found = [(int(i), float(score)) for i, score in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))


def make_vectors(ids: Sequence[int], vectors: FloatArray, *, kind: str = FLAT) -> Vectors:
    """Index `vectors`, shape ``(len(ids), dimension)``, under the passage ids `ids`."""
    index = cast("faiss.IndexIDMap2", faiss.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT))
    if not index.is_trained:
        index.train(vectors)
    if len(ids):
        index.add_with_ids(vectors, np.asarray(ids, dtype=np.int64))
    return Vectors(index)


def write_vectors(vectors: Vectors, path: Path) -> VectorFile:
    """Write `vectors` to `path`: all of it is on disk before the name `path` leads to it."""
    data = vectors.to_bytes()
    replace_file(path, data)
    return VectorFile(
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        count=vectors.count,
        dimension=vectors.dimension,
        last_id=vectors.last_id,
    )


def read_vectors(path: Path, expected: VectorFile) -> Vectors:
    """Read what `write_vectors` wrote.

    Raises `DamagedIndexError` if it is not, to the byte: FAISS itself loads a flipped byte without a word.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DamagedIndexError(f"{path} cannot be read ({error.strerror}).") from error
    if len(data) != expected.size or hashlib.sha256(data).hexdigest() != expected.sha256:
        raise DamagedIndexError(f"{path} is not what was written there (its checksum differs).")
    index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
    vectors = Vectors(cast("faiss.IndexIDMap2", index))
    found = (vectors.count, vectors.dimension, vectors.last_id)
    if found != (expected.count, expected.dimension, expected.last_id):
        raise DamagedIndexError(f"{path} does not hold the vectors that it should.")
    return vectors


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Search with one thread: on a single question FAISS is slower with two than with one.

    The number is put back afterwards: the model may share the OpenMP library, and needs its threads.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
