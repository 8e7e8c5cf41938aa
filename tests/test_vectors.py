"""FAISS: what is found, what is written, and what is noticed when it is read again."""

import dataclasses
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import FloatArray
from index.errors import DamagedIndexError
from index.vectors import FLAT, Vectors, make_vectors, read_vectors, write_vectors

DIMENSION = 8


def random_units(count: int, seed: int = 0) -> FloatArray:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    units: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return units


def some_vectors(count: int = 10) -> Vectors:
    return make_vectors([100 + 3 * number for number in range(count)], random_units(count))


@given(
    ids=st.lists(st.integers(1, 2**40), unique=True, max_size=20),
    k=st.integers(-1, 30),
    seed=st.integers(0, 5),
    data=st.data(),
)
def test_finds_what_numpy_finds(ids: list[int], k: int, seed: int, data: st.DataObject) -> None:
    units, question = random_units(len(ids), seed), random_units(1, seed + 100)[0]
    allowed = data.draw(st.none() | st.sets(st.sampled_from([*ids, 7])))
    found = make_vectors(ids, units).search(question, k, allowed)
    scores = {i: float(unit @ question) for i, unit in zip(ids, units, strict=True)}
    expected = sorted((i for i in ids if allowed is None or i in allowed), key=lambda i: (-scores[i], i))[
        : max(k, 0)
    ]
    assert [i for i, _ in found] == expected
    assert [score for _, score in found] == pytest.approx([scores[i] for i in expected], abs=1e-6)


def test_equal_scores_come_in_the_order_of_ids() -> None:
    vectors = make_vectors([9, 3, 5], np.repeat(random_units(1), 3, axis=0))
    assert [i for i, _ in vectors.search(random_units(1)[0], 3)] == [3, 5, 9]


def test_a_question_without_numbers_finds_nothing() -> None:
    assert some_vectors().search(np.full(DIMENSION, np.nan, dtype=np.float32), 5) == []


def test_search_leaves_the_number_of_threads_as_it_was() -> None:
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(2)
    try:
        some_vectors().search(random_units(1)[0], 1)
        assert faiss.omp_get_max_threads() == 2
    finally:
        faiss.omp_set_num_threads(before)


@pytest.mark.parametrize("kind", [FLAT, "IDMap2,SQfp16", "IDMap2,HNSW16"])
def test_another_kind_is_one_more_choice(kind: str, tmp_path: Path) -> None:
    units = random_units(10)
    expected = write_vectors(make_vectors(range(1, 11), units, kind=kind), tmp_path / "1.faiss")
    vectors = read_vectors(tmp_path / "1.faiss", expected)
    assert [i for i, _ in vectors.search(units[4], 1)] == [5]
    assert [i for i, _ in vectors.search(units[4], 9, {2, 7})] in ([2, 7], [7, 2])


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    vectors = some_vectors()
    path = tmp_path / "1.faiss"
    expected = write_vectors(vectors, path)
    again = read_vectors(path, expected)
    assert (again.count, again.dimension, again.last_id) == (10, DIMENSION, 127)
    assert again.search(random_units(1)[0], 10) == vectors.search(random_units(1)[0], 10)
    assert expected.size == path.stat().st_size
    assert list(tmp_path.iterdir()) == [path]


def test_every_flipped_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "1.faiss"
    expected = write_vectors(some_vectors(3), path)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(DamagedIndexError, match=r"1\.faiss"):
            read_vectors(path, expected)


@pytest.mark.parametrize("size", [0, 1, 100])
def test_a_truncated_file_is_named(tmp_path: Path, size: int) -> None:
    path = tmp_path / "1.faiss"
    expected = write_vectors(some_vectors(), path)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DamagedIndexError, match=r"1\.faiss"):
        read_vectors(path, expected)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    expected = write_vectors(some_vectors(), tmp_path / "1.faiss")
    with pytest.raises(DamagedIndexError, match=r"2\.faiss cannot be read"):
        read_vectors(tmp_path / "2.faiss", expected)


def test_other_content_than_promised_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "1.faiss"
    expected = write_vectors(some_vectors(), path)
    for other in (
        dataclasses.replace(expected, count=1),
        dataclasses.replace(expected, dimension=1),
        dataclasses.replace(expected, last_id=1),
    ):
        with pytest.raises(DamagedIndexError, match=r"1\.faiss"):
            read_vectors(path, other)
