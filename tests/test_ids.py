"""Sets of passage ids."""

from hypothesis import given
from hypothesis import strategies as st

from index.ids import IdSet, mark

IDS = st.lists(st.integers(0, 300))


@given(ids=IDS)
def test_is_a_set(ids: list[int]) -> None:
    made = IdSet(ids)
    assert list(made) == made.array.tolist() == sorted(set(ids))
    assert len(made) == len(set(ids))
    assert {number for number in range(-1, 302) if number in made} == set(ids)


@given(ids=IDS, size=st.integers(0, 400))
def test_marks_each_id(ids: list[int], size: int) -> None:
    for collection in (ids, IdSet(ids)):
        assert mark(collection, size).tolist() == [number in ids for number in range(size)]
