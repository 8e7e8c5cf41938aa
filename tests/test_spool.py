"""What is put aside comes back as it was, and leaves nothing behind."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import IndexStoreError
from index.spool import Spool

THINGS = st.lists(st.one_of(st.text(), st.integers(), st.tuples(st.text(), st.integers())))


@given(things=THINGS)
def test_things_come_back_in_their_order_as_often_as_one_likes(
    tmp_path_factory: pytest.TempPathFactory, things: list[object]
) -> None:
    with Spool[object](tmp_path_factory.getbasetemp()) as spool:
        for number, thing in enumerate(things):
            spool.append(thing)
            assert spool[number] == thing
            assert len(list(spool)) == len(spool) == number + 1  # reading does not disturb what comes after
        assert list(spool) == list(spool) == things
        assert all(thing in spool for thing in things)
        assert object() not in spool


def test_nothing_is_left_of_it(tmp_path: Path) -> None:
    with Spool[str](tmp_path) as spool:
        spool.append("word " * 10_000)
        assert list(tmp_path.iterdir()) == []


def test_no_room_is_told_in_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    with pytest.raises(IndexStoreError, match=f"The index in {folder} cannot be written: No such file"):
        Spool[str](folder)
