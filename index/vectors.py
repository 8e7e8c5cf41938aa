"""Unit vectors by passage id, and the nearest of them: FAISS.

Three kinds, from the most exact to the fastest. "flat" compares all vectors as they are, "fp16" all of them
in half precision, and "hnsw" walks from neighbour to neighbour in a graph over vectors of one byte a number.
Each proposes passages; `index.nearest` scores what is proposed with the vectors as they are.
"""

import contextlib
import dataclasses
import hashlib
import mmap
import threading
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias, get_args

import faiss as typed_faiss
import numpy as np

from index.disk import replacing
from index.encoder import FloatArray
from index.errors import DamagedIndexError
from index.ids import IdArray, to_array
from index.types import VectorKind

# The types that FAISS ships leave out half of what is used here.
faiss: Any = typed_faiss
FaissObject: TypeAlias = Any

KINDS: tuple[VectorKind, ...] = get_args(VectorKind)

# In the language of `faiss.index_factory`, and the class of what is in the `IndexIDMap`.
_FACTORY = {"flat": "IDMap,Flat", "fp16": "IDMap,SQfp16", "hnsw": "IDMap,HNSW32_SQ8"}
_CLASS = {"flat": "IndexFlatIP", "fp16": "IndexScalarQuantizer", "hnsw": "IndexHNSWSQ"}

# How many vectors are compared with each that is put into a graph. With the 40 that FAISS would take, a
# search finds much less, see BENCHMARKS.md.
_CARE = 200

# How many vectors teach "hnsw" the range of each number.
TRAINING_VECTORS = 4096

_LIMIT_LOCK = threading.Lock()

# A file up to this size is compared with its checksum whenever it is opened: 50 ms at 1.2 GB a second.
HASHED_BYTES = 64_000_000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class VectorFile:
    """What a written vector file must be like when it is read again. `last_id` is its greatest passage id."""

    size: int
    sha256: str
    count: int
    dimension: int
    last_id: int
    kind: VectorKind


class Vectors:
    """Unit vectors keyed by passage id, compared by inner product (the cosine, as they are unit vectors).

    The ids ascend. A search of kind "hnsw" looks at `effort` vectors at least: more find more.
    """

    def __init__(self, index: FaissObject, kind: VectorKind, *, held: object = None) -> None:
        self.kind = kind
        self.effort = 0
        self._index = index
        self._inner = faiss.downcast_index(index.index)
        self.scanned = faiss.downcast_index(self._inner.storage) if kind == "hnsw" else self._inner
        self._held = held  # the memory that FAISS reads, which must live as long
        self.ids: IdArray = faiss.vector_to_array(index.id_map)

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
        return int(self.ids.max(initial=0))

    def add(self, ids: IdArray, vectors: FloatArray) -> None:
        """Add `vectors`, shape ``(len(ids), dimension)``; their ids come after those that are there."""
        self._index.add_with_ids(vectors, ids)
        self.ids = np.concatenate([self.ids, ids])

    def search(
        self, question: FloatArray, k: int, within: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, score) nearest to `question`, best first, equal scores by id.

        `question` has shape ``(dimension,)``. `within` limits the search to these passages, which are then
        all compared, whatever the kind: the walk through a graph can miss those that are far from the rest.
        """
        if within is not None:
            positions = self._find_positions(within)
            return self._scan(question, min(k, len(positions)), positions)
        k = min(k, self.count)
        if self.kind == "hnsw":
            found = self._walk(question, k)
            if len(found) == k:
                return found
        return self._scan(question, k, None)

    def _find_positions(self, ids: Collection[int]) -> IdArray:
        wanted = to_array(ids)
        positions = np.searchsorted(self.ids, wanted)
        there = positions < self.count
        there[there] = self.ids[positions[there]] == wanted[there]
        return positions[there]

    def _walk(self, question: FloatArray, k: int) -> list[tuple[int, float]]:
        return self._ask(
            self._inner, question, k, faiss.SearchParametersHNSW(efSearch=max(self.effort, k, 1))
        )

    def _scan(self, question: FloatArray, k: int, positions: IdArray | None) -> list[tuple[int, float]]:
        parameters = faiss.SearchParameters()
        # FAISS keeps only a pointer to the selector; the name keeps it alive until the search is over.
        selector = None
        if positions is not None:
            bits = np.zeros(self.count, dtype=bool)
            bits[positions] = True
            selector = faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))
            parameters.sel = selector
        return self._ask(self.scanned, question, k, parameters)

    def _ask(
        self, index: FaissObject, question: FloatArray, k: int, parameters: FaissObject
    ) -> list[tuple[int, float]]:
        if k <= 0 or not np.isfinite(question).all():
            return []
        with _one_thread():
            scores, positions = index.search(question.reshape(1, -1), k, params=parameters)
        # FAISS fills up a short result with the position -1.
        ids = self.ids[positions[0][positions[0] >= 0]].tolist()
        return sorted(zip(ids, scores[0].tolist(), strict=False), key=lambda hit: (-hit[1], hit[0]))

    def write(self, path: Path) -> VectorFile:
        """Write all to `path`: it is on disk before the name leads to it. Raises ``OSError``."""
        checksum = hashlib.sha256()
        with replacing(path) as file:

            def keep(data: bytes) -> None:
                file.write(data)
                checksum.update(data)

            faiss.write_index(self._index, faiss.PyCallbackIOWriter(keep))
            size = file.tell()
        return VectorFile(
            size=size,
            sha256=checksum.hexdigest(),
            count=self.count,
            dimension=self.dimension,
            last_id=self.last_id,
            kind=self.kind,
        )


def begin_vectors(kind: VectorKind, sample: FloatArray) -> Vectors:
    """Return vectors of this kind, none so far. `sample`, shape ``(some, dimension)``, is like what comes."""
    index = faiss.index_factory(sample.shape[1], _FACTORY[kind], faiss.METRIC_INNER_PRODUCT)
    if kind == "hnsw":
        faiss.downcast_index(index.index).hnsw.efConstruction = _CARE
    if not index.is_trained:
        index.train(sample[:TRAINING_VECTORS])
    return Vectors(index, kind)


def make_vectors(ids: Sequence[int] | IdArray, vectors: FloatArray, *, kind: VectorKind = "flat") -> Vectors:
    """Index `vectors`, shape ``(len(ids), dimension)``, under the passage ids `ids`, which ascend."""
    made = begin_vectors(kind, vectors)
    made.add(np.asarray(ids, dtype=np.int64), vectors)
    return made


def open_vectors(path: Path, expected: VectorFile, *, whole: bool = False) -> Vectors:
    """Map what `Vectors.write` wrote into memory: a million vectors open at once and are shared by processes.

    Raises `DamagedIndexError` if it is not what was written, as far as can be told without reading the
    `whole` of a large file: by its size, its header, its ids, and the neighbours in its graph. What can pass
    is a vector or a neighbour that is another one. A search may then miss a passage or propose a wrong one,
    but `index.nearest` scores each by its own vector, and a quote is never made from here. A checksum would
    take half a second for a million passages; ``python -m index verify`` and each build do compare it.
    """
    check_file(path, expected, whole=whole or expected.size <= HASHED_BYTES)
    try:
        with path.open("rb") as file:
            data = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), dtype=np.uint8)
        with _limited(expected.size):
            # It keeps pointers into `data` instead of a copy. Nothing may be added to such an index.
            index = faiss.read_index(faiss.ZeroCopyIOReader(faiss.swig_ptr(data), data.size))
    except (OSError, ValueError, RuntimeError, MemoryError) as error:
        raise DamagedIndexError(f"{path} does not hold vectors.") from error
    return _require(path, index, expected, held=data)


def read_vectors(path: Path, expected: VectorFile) -> Vectors:
    """Read what `Vectors.write` wrote into memory of our own, to add to it.

    Raises `DamagedIndexError` if it is not what was written, to the byte.
    """
    check_file(path, expected)
    with _limited(expected.size):
        index = faiss.deserialize_index(np.fromfile(path, dtype=np.uint8))
    return _require(path, index, expected)


def check_file(path: Path, expected: VectorFile, *, whole: bool = True) -> None:
    """Raise `DamagedIndexError` if the file has another size or, looked at as a `whole`, another checksum."""
    try:
        with path.open("rb") as file:
            same = path.stat().st_size == expected.size
            if same and whole:  # FAISS itself loads a flipped byte without a word
                same = hashlib.file_digest(file, "sha256").hexdigest() == expected.sha256
    except OSError as error:
        raise DamagedIndexError(f"{path} cannot be read ({error.strerror}).") from error
    if not same:
        raise DamagedIndexError(f"{path} is not what was written there (its checksum differs).")


def _require(path: Path, index: FaissObject, expected: VectorFile, *, held: object = None) -> Vectors:
    fault = DamagedIndexError(f"{path} does not hold the vectors that it should.")
    if type(index).__name__ != "IndexIDMap":
        raise fault
    inner = faiss.downcast_index(index.index)
    if type(inner).__name__ != _CLASS[expected.kind] or inner.metric_type != faiss.METRIC_INNER_PRODUCT:
        raise fault
    vectors = Vectors(index, expected.kind, held=held)
    parts = (index, inner, vectors.scanned)
    found = {(part.ntotal, part.d, part.is_trained) for part in parts}
    if found != {(expected.count, expected.dimension, True)}:
        raise fault
    if len(vectors.ids) != expected.count or vectors.last_id != expected.last_id:
        raise fault
    if not (np.diff(vectors.ids, prepend=0) > 0).all():
        raise fault
    return vectors


@contextlib.contextmanager
def _limited(size: int) -> Iterator[None]:
    """Read nothing longer than `size`: a damaged length would be believed, with 16 GB of memory."""
    with _LIMIT_LOCK:  # the limit is one for the process
        faiss.set_deserialization_vector_byte_limit(size)
        yield


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
