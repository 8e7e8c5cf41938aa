"""Unit vectors by passage id, and the nearest of them: FAISS.

Three kinds, from the most exact to the fastest. "flat" compares all vectors as they are, "fp16" all of them
in half precision, and "hnsw" walks from neighbour to neighbour in a graph over vectors of one byte a number.
Each proposes passages; `index.nearest` scores what is proposed with the vectors as they are.

Passages with the same words have the same vector, which FAISS is given once. In a graph, a few dozen equal
ones would be each other's only neighbours, and a walk that comes to one of them would stay there.
"""

import contextlib
import dataclasses
import functools
import hashlib
import mmap
import threading
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias, get_args

import faiss as typed_faiss
import numpy as np
import numpy.typing as npt

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
    """What a written vector file must be like when it is read again. `last_id` is its greatest passage id.

    Of its `count` passages, `copies` have the vector of another one.
    """

    size: int
    sha256: str
    count: int
    copies: int
    dimension: int
    last_id: int
    kind: VectorKind


class Vectors:
    """Unit vectors keyed by passage id, compared by inner product (the cosine, as they are unit vectors).

    The ids ascend. A search of kind "hnsw" looks at `effort` vectors at least: more find more. `copies` has a
    row for each passage whose vector another one has: its id, and the position of that vector.
    """

    def __init__(
        self, index: FaissObject, kind: VectorKind, *, copies: IdArray | None = None, held: object = None
    ) -> None:
        self.kind = kind
        self.effort = 0
        self._index = index
        self._inner = faiss.downcast_index(index.index)
        self.scanned = faiss.downcast_index(self._inner.storage) if kind == "hnsw" else self._inner
        self._held = held  # the memory that FAISS reads, which must live as long
        self.ids: IdArray = faiss.vector_to_array(index.id_map)
        self.copies = np.empty((0, 2), dtype=np.int64) if copies is None else copies

    @property
    def count(self) -> int:
        """The number of passages."""
        return int(self._index.ntotal) + len(self.copies)

    @property
    def dimension(self) -> int:
        """The number of components of each vector."""
        return int(self._index.d)

    @property
    def last_id(self) -> int:
        """The greatest passage id, 0 if there is none."""
        return max(int(self.ids.max(initial=0)), int(self.copies[:, 0].max(initial=0)))

    def add(self, ids: IdArray, vectors: FloatArray) -> None:
        """Add `vectors`, shape ``(len(ids), dimension)``; their ids come after those that are there."""
        new: list[int] = []
        copies: list[tuple[int, int]] = []
        known = self._known
        for row, code in enumerate(self.scanned.sa_encode(vectors)):
            digest = _digest(code)
            if digest in known:
                copies.append((int(ids[row]), known[digest]))
            else:
                known[digest] = len(known)
                new.append(row)
        self._index.add_with_ids(vectors[new], ids[new])
        self.ids = np.concatenate([self.ids, ids[new]])
        self.copies = np.concatenate([self.copies, np.array(copies, dtype=np.int64).reshape(-1, 2)])
        vars(self).pop("_by_position", None)

    @functools.cached_property
    def _known(self) -> dict[bytes, int]:
        """The position of each vector, by a digest of what is kept of it."""
        codes = faiss.vector_to_array(self.scanned.codes).reshape(-1, self.scanned.code_size)
        return {_digest(code): position for position, code in enumerate(codes)}

    @functools.cached_property
    def _by_position(self) -> IdArray:
        return self.copies[np.argsort(self.copies[:, 1], kind="stable")]

    def search(
        self, question: FloatArray, k: int, within: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, score) nearest to `question`, best first, equal scores by id.

        `question` has shape ``(dimension,)``. `within` limits the search to these passages, which are then
        all compared, whatever the kind: the walk through a graph can miss those that are far from the rest.
        """
        if k <= 0 or not np.isfinite(question).all():
            return []
        allowed = None if within is None else to_array(within)
        positions, scores = self._find(question, k, allowed)
        ids, scores = self._list_passages(positions, scores)
        if allowed is not None:
            there = _are_in(allowed, ids)
            ids, scores = ids[there], scores[there]
        found = zip(ids.tolist(), scores.tolist(), strict=True)
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def _find(self, question: FloatArray, k: int, allowed: IdArray | None) -> tuple[IdArray, FloatArray]:
        """Return the positions and scores of up to `k` vectors, those of `allowed` passages if given."""
        if allowed is not None:
            marks = self._mark_positions(allowed)
            return self._scan(question, min(k, int(marks.sum())), marks)
        k = min(k, int(self._index.ntotal))
        if self.kind == "hnsw":
            found = self._walk(question, k)
            if len(found[0]) == k:
                return found
        return self._scan(question, k, None)

    def _mark_positions(self, ids: IdArray) -> npt.NDArray[np.bool_]:
        """Say of each position whether its vector is of one of these passages, which ascend."""
        marks = _are_in(ids, self.ids)
        marks[self.copies[_are_in(ids, self.copies[:, 0]), 1]] = True
        return marks

    def _list_passages(self, positions: IdArray, scores: FloatArray) -> tuple[IdArray, FloatArray]:
        """Return the ids of all passages that have the vectors at these positions, with their scores."""
        first = np.searchsorted(self._by_position[:, 1], positions, side="left")
        last = np.searchsorted(self._by_position[:, 1], positions, side="right")
        copies = [self._by_position[start:end, 0] for start, end in zip(first, last, strict=True)]
        ids = np.concatenate([self.ids[positions], *copies])
        return ids, np.concatenate([scores, np.repeat(scores, last - first)])

    def _walk(self, question: FloatArray, k: int) -> tuple[IdArray, FloatArray]:
        return self._ask(
            self._inner, question, k, faiss.SearchParametersHNSW(efSearch=max(self.effort, k, 1))
        )

    def _scan(
        self, question: FloatArray, k: int, marks: npt.NDArray[np.bool_] | None
    ) -> tuple[IdArray, FloatArray]:
        parameters = faiss.SearchParameters()
        # FAISS keeps only a pointer to the selector; the name keeps it alive until the search is over.
        selector = None
        if marks is not None:
            selector = faiss.IDSelectorBitmap(np.packbits(marks, bitorder="little"))
            parameters.sel = selector
        return self._ask(self.scanned, question, k, parameters)

    def _ask(
        self, index: FaissObject, question: FloatArray, k: int, parameters: FaissObject
    ) -> tuple[IdArray, FloatArray]:
        if not k:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        with _one_thread():
            scores, positions = index.search(question.reshape(1, -1), k, params=parameters)
        there = positions[0] >= 0  # FAISS fills up a short result with the position -1
        return positions[0][there], scores[0][there]

    def write(self, path: Path) -> VectorFile:
        """Write all to `path`: it is on disk before the name leads to it. Raises ``OSError``."""
        checksum = hashlib.sha256()
        with replacing(path) as file:

            def keep(data: bytes) -> None:
                file.write(data)
                checksum.update(data)

            faiss.write_index(self._index, faiss.PyCallbackIOWriter(keep))
            keep(self.copies.astype("<i8").tobytes())
            size = file.tell()
        return VectorFile(
            size=size,
            sha256=checksum.hexdigest(),
            count=self.count,
            copies=len(self.copies),
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


def open_vectors(path: Path, expected: VectorFile) -> Vectors:
    """Map what `Vectors.write` wrote into memory: a million vectors open at once and are shared by processes.

    Raises `DamagedIndexError` if it is not what was written, as far as can be told without reading all of a
    large file: by its size, its header, its ids, and the neighbours in its graph. What can pass
    is a vector or a neighbour that is another one. A search may then miss a passage or propose a wrong one,
    but `index.nearest` scores each by its own vector, and a quote is never made from here. A checksum would
    take half a second for a million passages; ``python -m index verify`` and each build do compare it.
    """
    check_file(path, expected, whole=expected.size <= HASHED_BYTES)
    try:
        with path.open("rb") as file:
            data = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), dtype=np.uint8)
        with _limited(expected.size):
            # It keeps pointers into `data` instead of a copy. Nothing may be added to such an index.
            length = _length_of_index(data.size, expected)
            index = faiss.read_index(faiss.ZeroCopyIOReader(faiss.swig_ptr(data), length))
    except (OSError, ValueError, RuntimeError, MemoryError) as error:
        raise DamagedIndexError(f"{path} does not hold vectors.") from error
    return _require(path, index, expected, data, held=data)


def read_vectors(path: Path, expected: VectorFile) -> Vectors:
    """Read what `Vectors.write` wrote into memory of our own, to add to it.

    Raises `DamagedIndexError` if it is not what was written, to the byte.
    """
    check_file(path, expected)
    data = np.fromfile(path, dtype=np.uint8)
    with _limited(expected.size):
        index = faiss.deserialize_index(data[: _length_of_index(data.size, expected)])
    return _require(path, index, expected, data)


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


def _are_in(ascending: IdArray, ids: IdArray) -> npt.NDArray[np.bool_]:
    """Say of each of `ids` whether it is one of those that ascend."""
    if not len(ascending):
        return np.zeros(len(ids), dtype=bool)
    places = np.searchsorted(ascending, ids)
    places[places == len(ascending)] = 0
    there: npt.NDArray[np.bool_] = ascending[places] == ids
    return there


def _digest(code: npt.NDArray[np.uint8]) -> bytes:
    return hashlib.blake2b(code.tobytes(), digest_size=16).digest()


def _length_of_index(size: int, expected: VectorFile) -> int:
    """Return how many bytes of a file are FAISS's: behind it stand the copies, 16 bytes each."""
    return size - 16 * expected.copies


def _require(
    path: Path,
    index: FaissObject,
    expected: VectorFile,
    data: npt.NDArray[np.uint8],
    *,
    held: object = None,
) -> Vectors:
    fault = DamagedIndexError(f"{path} does not hold the vectors that it should.")
    if type(index).__name__ != "IndexIDMap":
        raise fault
    inner = faiss.downcast_index(index.index)
    if type(inner).__name__ != _CLASS[expected.kind] or inner.metric_type != faiss.METRIC_INNER_PRODUCT:
        raise fault
    copies = data[_length_of_index(data.size, expected) :].copy().view("<i8").reshape(-1, 2)
    vectors = Vectors(index, expected.kind, copies=copies.astype(np.int64, copy=False), held=held)
    parts = (index, inner, vectors.scanned)
    different = expected.count - expected.copies
    found = {(part.ntotal, part.d, part.is_trained) for part in parts}
    if found != {(different, expected.dimension, True)} or len(vectors.ids) != different:
        raise fault
    if vectors.last_id != expected.last_id or not _is_in_order(vectors):
        raise fault
    return vectors


def _is_in_order(vectors: Vectors) -> bool:
    """Say whether the ids ascend, and each copy is of a vector that is there."""
    ids, positions = vectors.copies[:, 0], vectors.copies[:, 1]
    ascend = all((np.diff(each, prepend=0) > 0).all() for each in (vectors.ids, ids))
    return ascend and bool(((positions >= 0) & (positions < len(vectors.ids))).all())


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
