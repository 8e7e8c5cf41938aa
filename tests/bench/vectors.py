"""What each kind of vector index costs and finds: python tests/bench/vectors.py [--index DIR] [PASSAGES ...].

The vectors are those of the passages in an index, and as many more as are asked for: one of them moved by a
part of the difference of two others, so that they lie as the real ones do. Without an index they are drawn
around 1,000 centres. The questions are made in the same way, moved further, until their cosine to the nearest
passage is that of real questions: 0.72 for 250 of SQuAD. All with one thread.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import faiss
import numpy as np

from index.encoder import FloatArray
from index.types import VectorKind
from index.vectors import KINDS, Vectors, make_vectors, open_vectors

QUESTIONS, K, CANDIDATES = 200, 10, 100
# As in `index.recall`.
STEP = 1.15
# How many vectors a search by bits compares again.
EFFORTS = (250, 500, 1000, 2000)


def read_real(directory: Path) -> FloatArray:
    """Return the vectors in an index, each once."""
    with sqlite3.connect(f"{(directory / 'statements.sqlite').absolute().as_uri()}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT DISTINCT vector FROM vectors").fetchall()
    return np.frombuffer(b"".join(blob for (blob,) in rows), dtype="<f4").reshape(len(rows), -1)


def draw_clustered(dimension: int = 384, centres: int = 1000) -> FloatArray:
    """Draw unit vectors around centres, as those of texts on some subjects."""
    random = np.random.default_rng(7)
    middle = random.normal(size=(centres, dimension))
    return unit(np.repeat(middle, 10, axis=0) + 0.9 * random.normal(size=(10 * centres, dimension)))


def unit(vectors: np.ndarray) -> FloatArray:
    """Return vectors at length 1."""
    shortened: FloatArray = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return shortened


def draw(real: FloatArray, count: int, *, least: float, most: float, seed: int) -> FloatArray:
    """Draw more vectors like the `real` ones: each moved by `least` to `most` of the way between two."""
    random = np.random.default_rng(seed)
    drawn = np.empty((count, real.shape[1]), dtype=np.float32)
    for start in range(0, count, 50_000):
        size = min(50_000, count - start)
        one, two, three = random.integers(len(real), size=(3, size))
        step = random.uniform(least, most, size=(size, 1)).astype(np.float32)
        drawn[start : start + size] = unit(real[one] + step * (real[two] - real[three]))
    return drawn


def measure(vectors: Vectors, passages: FloatArray, questions: FloatArray, exact: np.ndarray) -> str:
    """Return the milliseconds of a search, its recall alone, and that of its 100 best scored exactly."""
    seconds, alone, rescored = [], 0, 0
    for question, right in zip(questions, exact, strict=True):
        begun = time.perf_counter()
        found = [number - 1 for number, _ in vectors.search(question, CANDIDATES)]
        seconds.append(time.perf_counter() - begun)
        alone += len(set(found[:K]) & set(right))
        best = sorted(found, key=lambda i: -float(passages[i] @ question))[:K]
        rescored += len(set(best) & set(right))
    p50, p95 = (1000 * np.quantile(seconds, share) for share in (0.5, 0.95))
    return (
        f"p50 {p50:7.2f} ms  p95 {p95:7.2f} ms  recall@10 {alone / exact.size:.4f},"
        f" of {CANDIDATES} scored exactly {rescored / exact.size:.4f}"
    )


def measure_kind(kind: VectorKind, passages: FloatArray, questions: FloatArray, exact: np.ndarray) -> None:
    """Print what one kind costs, at each effort, and with a filter."""
    begun = time.process_time()
    made = make_vectors(range(1, len(passages) + 1), passages, kind=kind)
    built = time.process_time() - begun
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        file = made.write(Path(folder) / "1.faiss")
        written = time.perf_counter() - begun
        del made
        begun = time.perf_counter()
        vectors = open_vectors(Path(folder) / "1.faiss", file)
        opened = time.perf_counter() - begun
        say(f"  {kind}: {built:.1f} CPU s to make, {file.size / len(passages):.0f} bytes each")
        say(f"    written in {written:.2f} s, opened in {1000 * opened:.0f} ms")
        for effort in EFFORTS if kind == "rabitq" else (0,):
            vectors.effort = effort
            say(f"    effort {effort:4}: {measure(vectors, passages, questions, exact)}")
        some = set(range(1, len(passages) + 1, 10))
        begun = time.perf_counter()
        for question in questions[:20]:
            vectors.search(question, CANDIDATES, some)
        say(f"    one in ten allowed: {50 * (time.perf_counter() - begun):.2f} ms")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure all kinds at all sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of an index, for real vectors")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    options = parser.parse_args()
    faiss.omp_set_num_threads(1)
    real = read_real(options.index) if options.index else draw_clustered()
    questions = draw(real, QUESTIONS, least=STEP, most=STEP, seed=1)
    for count in options.passages:
        passages = draw(real, count, least=0.2, most=0.8, seed=2)
        passages[: min(len(real), count)] = real[:count]
        scores, exact = faiss.knn(questions, passages, K, metric=faiss.METRIC_INNER_PRODUCT)
        say(f"{count:,} passages of {len(real):,} real; cosine of the nearest {scores[:, 0].mean():.2f}")
        for kind in options.kinds:
            measure_kind(kind, passages, questions, exact)


if __name__ == "__main__":
    main()
