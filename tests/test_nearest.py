"""What is proposed is scored by the vectors as they were made, whatever proposed it."""

from collections.abc import Collection

import numpy as np
import pytest

from index.encoder import FloatArray
from index.ids import IdArray
from index.nearest import Proposers, find_nearest
from index.types import VectorKind
from index.vectors import KINDS, make_vectors

DIMENSION = 16


def random_units(count: int, seed: int = 0) -> FloatArray:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    units: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return units


class Truth:
    """Vectors by passage id, as the database holds them; remembers how many were asked for."""

    def __init__(self, units: FloatArray) -> None:
        self.units = dict(enumerate(units, start=1))
        self.asked: list[int] = []

    def __call__(self, passage_ids: Collection[int]) -> tuple[IdArray, FloatArray]:
        self.asked.append(len(passage_ids))
        there = sorted(passage_id for passage_id in passage_ids if passage_id in self.units)
        vectors = [self.units[passage_id] for passage_id in there]
        return np.array(there, dtype=np.int64), np.array(vectors).reshape(-1, DIMENSION)

    def nearest(self, question: FloatArray, k: int, within: Collection[int]) -> list[int]:
        return sorted(within, key=lambda each: -float(self.units[each] @ question))[:k]


def propose(units: FloatArray, kind: VectorKind, *, in_file: int) -> Proposers:
    """Put the first vectors into the file, and the others into what was added since."""
    file = make_vectors(range(1, in_file + 1), units[:in_file], kind=kind)
    file.effort = 256
    rest = make_vectors(range(in_file + 1, len(units) + 1), units[in_file:]) if in_file < len(units) else None
    return Proposers(file=file, added=rest)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("in_file", [600, 599, 550, 20])
def test_scores_are_exact_cosines_of_the_nearest(kind: VectorKind, in_file: int) -> None:
    units = random_units(600)
    truth, proposers = Truth(units), propose(units, kind, in_file=in_file)
    for question in random_units(20, 1):
        found = find_nearest(truth, proposers, question, 10)
        assert [each for each, _ in found] == truth.nearest(question, 10, truth.units)
        exact = [float(units[each - 1].astype(np.float64) @ question) for each, _ in found]
        assert [score for _, score in found] == pytest.approx(exact, abs=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [1, 5, 60, 599])
def test_a_filter_loses_nothing(kind: VectorKind, share: int) -> None:
    units = random_units(600)
    truth, proposers = Truth(units), propose(units, kind, in_file=550)
    within = set(range(1, 601, share))
    for question in random_units(20, 2):
        found = find_nearest(truth, proposers, question, 10, within)
        assert [each for each, _ in found] == truth.nearest(question, 10, within)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_removed_since_takes_nobody_s_place(kind: VectorKind) -> None:
    """All but ten are gone: more is proposed until they are found."""
    units = random_units(900)
    truth, proposers = Truth(units), propose(units, kind, in_file=900)
    question = random_units(1, 3)[0]
    left = truth.nearest(question, 900, truth.units)[-10:]
    truth.units = {each: truth.units[each] for each in left}
    assert [each for each, _ in find_nearest(truth, proposers, question, 10)] == left
    assert len(truth.asked) > 1


def test_a_small_filter_is_searched_once() -> None:
    units = random_units(500)
    truth = Truth(units)
    found = find_nearest(truth, propose(units, "flat", in_file=500), units[0], 10, {3, 4, 10**6})
    assert {each for each, _ in found} == {3, 4}
    assert truth.asked == [2]


@pytest.mark.parametrize("k", [0, -1])
def test_nothing_is_found_where_nothing_is_asked_for(k: int) -> None:
    units = random_units(5)
    assert find_nearest(Truth(units), propose(units, "flat", in_file=5), units[0], k) == []


def test_equal_scores_come_in_the_order_of_ids() -> None:
    units = np.repeat(random_units(1), 9, axis=0)
    found = find_nearest(Truth(units), propose(units, "rabitq", in_file=7), units[0], 9)
    assert [each for each, _ in found] == list(range(1, 10))
