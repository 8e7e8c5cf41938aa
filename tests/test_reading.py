"""What is read again: files that changed, and those that hold the same words."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import BuildReport, build_index
from index.encoder import Encoder
from index.store import StatementSummary, open_index

Build = Callable[..., BuildReport]

ONE = "The Ministers met in Tokyo and agreed on extended deterrence."
TWO = "The delegations visited a camp and conducted a tabletop exercise."


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    return folder


@pytest.fixture
def build(hashing_encoder: Encoder) -> Build:
    def build_it(seeds: Path, *, full: bool = False) -> BuildReport:
        return build_index(
            seeds,
            seeds.parent / "store",
            settings=None,
            load_encoder=lambda _: hashing_encoder,
            model_id=lambda _: hashing_encoder.model_id,
            full=full,
        )

    return build_it


def summaries(seeds: Path) -> dict[str, StatementSummary]:
    with open_index(seeds.parent / "store") as index:
        return {each.statement_id: each for each in index.statements()}


def test_a_file_of_many_statements_gives_each_its_id(seeds: Path, build: Build) -> None:
    records = [{"id": "july", "text": ONE, "date": "2024-07-28"}, {"text": TWO}]
    (seeds / "all.json").write_text(json.dumps(records))
    assert str(build(seeds)).startswith("2 statements, 2 passages; 2 added")
    assert {name: each.source for name, each in summaries(seeds).items()} == {
        "all/july": "seeds/all.json",
        "all/2": "seeds/all.json",
    }
    assert build(seeds).unchanged == 2
    (seeds / "all.json").write_text(json.dumps(records[:1]))
    report = build(seeds)
    assert (report.changed, report.removed) == (1, 1)
    (seeds / "all.json").unlink()
    (seeds / "one.txt").write_text(ONE)
    assert build(seeds).removed == 1


def test_the_same_text_twice_is_one_statement_with_two_sources(seeds: Path, build: Build) -> None:
    (seeds / "copy.txt").write_text(f"{ONE}\n")
    (seeds / "release.md").write_text(f"---\ntitle: Release\ndate: 2024-07-28\n---\n{ONE}")
    report = build(seeds)
    assert report.statements == 1
    assert "seeds/copy.txt: it has the same text as seeds/release.md" in report.notes
    assert summaries(seeds)["release"].copies == ("seeds/copy.txt",)
    assert build(seeds).unchanged == 1


def test_a_copy_that_comes_later_joins_and_takes_over_if_it_tells_more(seeds: Path, build: Build) -> None:
    (seeds / "b.txt").write_text(ONE)
    (seeds / "other.txt").write_text(TWO)
    build(seeds)
    (seeds / "c.txt").write_text(ONE)
    assert build(seeds).embedded == 0
    assert summaries(seeds)["b"].copies == ("seeds/c.txt",)
    (seeds / "a.md").write_text(f"---\ntitle: Release\nissuer: Ministry\n---\n{ONE}")
    report = build(seeds)
    assert (report.statements, report.unchanged, report.embedded) == (2, 1, 0)
    assert summaries(seeds)["a"].copies == ("seeds/b.txt", "seeds/c.txt")


def test_the_copy_stays_when_the_statement_goes(seeds: Path, build: Build) -> None:
    (seeds / "a.txt").write_text(ONE)
    (seeds / "b.txt").write_text(ONE)
    build(seeds)
    (seeds / "a.txt").unlink()
    assert build(seeds).embedded == 0
    assert summaries(seeds)["b"].copies == ()
    (seeds / "a.txt").write_text(ONE)
    (seeds / "b.txt").write_text(TWO)
    build(seeds)
    assert {name: each.copies for name, each in summaries(seeds).items()} == {"a": (), "b": ()}


def test_a_built_index_does_not_depend_on_the_way_to_it(seeds: Path, build: Build) -> None:
    for name, text in (("a", ONE), ("b", TWO), ("c", ONE), ("d", TWO)):
        (seeds / f"{name}.txt").write_text(text)
        build(seeds)
    step_by_step = summaries(seeds)
    build(seeds, full=True)
    assert summaries(seeds) == step_by_step


def test_a_file_that_holds_the_id_of_another_is_left_out(seeds: Path, build: Build) -> None:
    (seeds / "all").mkdir()
    (seeds / "all" / "july.txt").write_text(TWO)
    (seeds / "all.json").write_text(json.dumps([{"id": "july", "text": ONE}]))
    report = build(seeds)
    assert [str(each) for each in report.skipped] == [
        "seeds/all.json: it holds the statement all/july, and so does another"
    ]
    assert build(seeds).skipped == report.skipped
