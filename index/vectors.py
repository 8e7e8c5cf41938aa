"""Unit vectors by passage id, and the nearest of them: FAISS.

Three kinds, from the most exact to the fastest. All compare a question with every vector: "flat" as they
are, "fp16" in half precision, and "rabitq" by one bit a number (RaBitQ, Gao and Long, SIGMOD 2024), and those
that are nearest then once more, by one byte a number. Each proposes passages; `index.nearest` scores what is
proposed with the vectors as they are.

Passages with the same words have the same vector, which FAISS is given once: a line that stands in hundreds
of statements would take the places of all others.
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
Marks: TypeAlias = npt.NDArray[np.bool_]

KINDS: tuple[VectorKind, ...] = get_args(VectorKind)

# In the language of `faiss.index_factory`, and the class of what is in the `IndexIDMap`.
# One bit a number says enough only when the numbers are alike, which the random rotation "RR" sees to.
_FACTORY = {"flat": "IDMap,Flat", "fp16": "IDMap,SQfp16", "rabitq": "IDMap,RR,RaBitQfs,Refine(SQ8)"}

# How many vectors teach "rabitq" their middle, and the range of each number.
TRAINING_VECTORS = 4096

# Where a filter leaves less than one vector in so many, all it leaves are compared by bytes: no slower then.
_SHARE_BY_BITS = 3

# What vectors make of an index; all else is how it was set.
_OF_CONTENT = {"ntotal", "ntotal2", "is_trained", "is_orthonormal"}

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

    The ids ascend. A search of kind "rabitq" compares `effort` vectors by bytes: more find more. `copies` has
    a row for each passage whose vector another one has: its id, and the position of that vector.
    """

    def __init__(
        self, index: FaissObject, kind: VectorKind, *, copies: IdArray | None = None, held: object = None
    ) -> None:
        self.kind = kind
        self.effort = 0
        self._index = index
        self._inner = faiss.downcast_index(index.index)
        self.scanned = faiss.downcast_index(self._inner.refine_index) if kind == "rabitq" else self._inner
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
        if new:  # of none, FAISS would end the process
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

        `question` has shape ``(dimension,)``. `within` limits the search to these passages.
        """
        if k <= 0 or not np.isfinite(question).all():
            return []
        allowed = None if within is None else to_array(within)
        positions, scores = self._find(question, k, allowed)
        ids, scores = self._list_passages(positions, scores)
        if allowed is not None:
            there = np.isin(ids, allowed, assume_unique=True)
            ids, scores = ids[there], scores[there]
        found = zip(ids.tolist(), scores.tolist(), strict=True)
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def _find(self, question: FloatArray, k: int, allowed: IdArray | None) -> tuple[IdArray, FloatArray]:
        """Return the positions and scores of up to `k` vectors, those of `allowed` passages if given."""
        marks = None if allowed is None else self._mark_positions(allowed)
        k = min(k, int(self._index.ntotal if marks is None else marks.sum()))
        if self.kind == "rabitq":
            positions = self._preselect(question, max(self.effort, k), marks)
            if positions is not None:
                return self._compare_bytes(question, k, positions)
        return self._scan(question, k, marks)

    def _mark_positions(self, allowed: IdArray) -> Marks:
        """Say of each position whether its vector is of an allowed passage."""
        marks = np.isin(self.ids, allowed, assume_unique=True)
        copied, positions = self.copies.T
        marks[positions[np.isin(copied, allowed, assume_unique=True)]] = True
        return marks

    def _list_passages(self, positions: IdArray, scores: FloatArray) -> tuple[IdArray, FloatArray]:
        """Return the ids of all passages that have the vectors at these positions, with their scores."""
        first = np.searchsorted(self._by_position[:, 1], positions, side="left")
        last = np.searchsorted(self._by_position[:, 1], positions, side="right")
        copies = [self._by_position[start:end, 0] for start, end in zip(first, last, strict=True)]
        ids = np.concatenate([self.ids[positions], *copies])
        return ids, np.concatenate([scores, np.repeat(scores, last - first)])

    def _preselect(self, question: FloatArray, count: int, marks: Marks | None) -> IdArray | None:
        """Return the positions of the `count` marked vectors nearest by bits, or None if a scan is no slower.

        By bits FAISS can leave none out, so more are looked for, and what is not marked is dropped.
        """
        total = int(self._index.ntotal)
        marked = total if marks is None else int(marks.sum())
        if marked <= count:
            return np.arange(total) if marks is None else np.flatnonzero(marks)
        if marked * _SHARE_BY_BITS < total:
            return None
        width = count if marks is None else min(total, 2 * count * total // marked)
        positions, _ = self._ask(faiss.downcast_index(self._inner.base_index), question, width, None)
        if marks is not None:
            positions = positions[marks[positions]][:count]
        return positions if len(positions) == count else None

    def _compare_bytes(self, question: FloatArray, k: int, positions: IdArray) -> tuple[IdArray, FloatArray]:
        """Return those of `positions` whose vectors are the nearest `k`, and their scores."""
        codes = faiss.rev_swig_ptr(self.scanned.codes.data(), self.scanned.codes.size())
        scores = self.scanned.sa_decode(codes.reshape(-1, self.scanned.code_size)[positions]) @ question
        best = np.argsort(-scores, kind="stable")[:k]
        return positions[best], scores[best]

    def _scan(self, question: FloatArray, k: int, marks: Marks | None) -> tuple[IdArray, FloatArray]:
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
    large file: by its size, its ids, and how each part of it is set. What can pass is a vector that is
    another one. A search may then miss a passage or propose a wrong one, but `index.nearest` scores each by
    its own vector, and a quote is never made from here. A checksum would take half a second for a million
    passages; ``python -m index verify`` does compare it, and a build if the file looks changed.
    """
    check_file(path, expected, whole=expected.size <= HASHED_BYTES)
    try:
        with path.open("rb") as file:
            data = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), dtype=np.uint8)
        with _limited(expected.size):
            # It keeps pointers into `data` instead of a copy, but for the bits of "rabitq", which it aligns.
            # Nothing may be added to such an index.
            length = _length_of_index(data.size, expected)
            index = faiss.read_index(faiss.ZeroCopyIOReader(faiss.swig_ptr(data), length))
    except (OSError, ValueError, RuntimeError, MemoryError) as error:
        raise DamagedIndexError(f"{path} does not hold vectors.") from error
    return _require(path, index, expected, data, held=data)


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
    like = faiss.index_factory(expected.dimension, _FACTORY[expected.kind], faiss.METRIC_INNER_PRODUCT)
    different = expected.count - expected.copies
    like = faiss.deserialize_index(faiss.serialize_index(like))  # of the class that is read
    if _describe(index) != _describe(like) or not _is_full(index, different):
        raise fault
    copies = data[_length_of_index(data.size, expected) :].copy().view("<i8").reshape(-1, 2)
    vectors = Vectors(index, expected.kind, copies=copies.astype(np.int64, copy=False), held=held)
    if len(vectors.ids) != different or vectors.last_id != expected.last_id or not _is_in_order(vectors):
        raise fault
    return vectors


def _describe(index: FaissObject) -> list[dict[str, object]]:
    """Return how each part of an index is set, whatever vectors are in it."""
    return [
        {"class": type(part).__name__}
        | {
            name: value
            for name in dir(part)
            if not name.startswith("_") and name not in _OF_CONTENT
            if isinstance(value := getattr(part, name), int | float)
        }
        for part in _list_parts(index)
    ]


def _is_full(index: FaissObject, count: int) -> bool:
    """Say whether all parts of an index are ready, and of the size that so many vectors need."""
    for part in _list_parts(index):
        if not getattr(part, "is_trained", True) or getattr(part, "ntotal", count) != count:
            return False
        rows = getattr(part, "ntotal2", count)  # in whole blocks
        if not count <= rows < count + getattr(part, "bbs", 1):
            return False
        d = part.d_in if hasattr(part, "d_in") else part.d
        trained = 2 * d if getattr(part, "qtype", None) == faiss.ScalarQuantizer.QT_8bit else 0
        sizes = {"A": d * d, "b": 0, "center": d, "trained": trained}
        sizes["codes"] = rows * getattr(part, "code_size", 0)
        if any(getattr(part, name).size() != size for name, size in sizes.items() if hasattr(part, name)):
            return False
    return True


def _list_parts(index: FaissObject) -> Iterator[FaissObject]:
    """Yield an index, and all that FAISS put it together from."""
    part = faiss.downcast_index(index)
    yield part
    for name in ("index", "base_index", "refine_index"):
        if hasattr(part, name):
            yield from _list_parts(getattr(part, name))
    for name in ("sq", "rabitq"):
        if hasattr(part, name):
            yield getattr(part, name)
    if hasattr(part, "chain"):
        for number in range(part.chain.size()):
            yield faiss.downcast_VectorTransform(part.chain.at(number))


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
