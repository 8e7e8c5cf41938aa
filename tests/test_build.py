"""From a folder of statements to an index: what is read again, what is embedded, what is left out."""

import dataclasses
import datetime
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.build import BuildReport, build_index
from index.encoder import FloatArray
from index.errors import IndexBusyError, MetadataError, ModelError, NoIndexError, SeedsError
from index.reading import Progress
from index.store import Index, open_index
from index.types import BuildSettings
from index.verify import find_faults

REPOSITORY = Path(__file__).resolve().parents[1]

ONE = "Joint Statement\n\nThe two sides met in Tokyo on July 28, 2024. They discussed extended deterrence.\n"
TWO = "Dialogue\n\nJapan and the United States held a dialogue.\n\nBoth sides will meet again next year.\n"
THREE = "Remarks\n\nThe Republic of Korea (ROK) took part for the first time.\n"


class RecordingEncoder(Protocol):
    """The encoder of conftest.py."""

    model_id: str
    encoded: list[str]

    @property
    def dimension(self) -> int: ...
    def encode_passages(self, texts: Sequence[str]) -> FloatArray: ...
    def encode_question(self, text: str) -> FloatArray: ...


def build(
    seeds: Path,
    directory: Path,
    encoder: RecordingEncoder,
    *,
    settings: BuildSettings | None = None,
    full: bool = False,
    progress: Progress = lambda *_: None,
) -> BuildReport:
    return build_index(
        seeds,
        directory,
        settings=settings,
        load_encoder=lambda _: encoder,
        model_id=lambda _: encoder.model_id,
        full=full,
        progress=progress,
    )


def write_files(folder: Path, **texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write_files(tmp_path / "seeds", one=ONE, two=TWO)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "store"


def contents(index: Index, encoder: RecordingEncoder) -> tuple[object, ...]:
    """All that an index holds and finds, without the ids and the build that differ from build to build."""
    ids = sorted(index.passage_ids(until=datetime.date.max) or ()) + sorted(undated_ids(index))
    stored = {each.passage_id: each for each in index.passages(ids)}
    assert len(stored) == index.passage_count

    def named(found: list[tuple[int, float]]) -> list[tuple[float, str, int]]:
        spans = ((score, stored[i].passage) for i, score in found)
        return sorted((round(score, 5), passage.statement_id, passage.span.start) for score, passage in spans)

    question = "Did the two sides discuss deterrence in Tokyo?"
    return (
        index.manifest.acronyms,
        index.statements(),
        [index.statement(each.statement_id) for each in index.statements()],
        sorted(
            (each.passage.statement_id, each.passage.span, each.passage, each.text)
            for each in stored.values()
        ),
        named(index.search_vectors(encoder.encode_question(question), 999)),
        named(index.search_words(question.split(), 999)),
        [index.document_frequency(word) for word in question.split()],
    )


def undated_ids(index: Index) -> frozenset[int]:
    undated = [each.statement_id for each in index.statements() if each.date is None]
    return frozenset().union(*(index.passage_ids(statement_id=each) or () for each in undated))


def contents_of(directory: Path, encoder: RecordingEncoder) -> tuple[object, ...]:
    with open_index(directory) as index:
        return contents(index, encoder)


# ---- What is done again -------------------------------------------------------------------------------


def test_the_first_build_says_what_it_did(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    report = build(seeds, directory, hashing_encoder)
    assert str(report) == "2 statements, 3 passages; 2 added, 0 changed, 0 removed, 0 unchanged"
    assert (report.embedded, report.skipped, report.notes) == (3, (), ())
    assert find_faults(directory) == []
    with open_index(directory) as index:
        assert [each.source for each in index.statements()] == ["seeds/one.txt", "seeds/two.txt"]
        assert index.statement("one").text == ONE
        assert index.manifest.seeds == str(seeds)


def test_nothing_changed(seeds: Path, directory: Path, hashing_encoder: RecordingEncoder) -> None:
    build(seeds, directory, hashing_encoder)
    files = (directory / "CURRENT", directory / "vectors" / "1.faiss")
    before = [(path.stat().st_ino, path.stat().st_mtime_ns) for path in files]
    with open_index(directory) as index:
        report = build_index(
            seeds, directory, settings=None, load_encoder=refuse_to_load, model_id=lambda _: "hashing@1"
        )
        assert str(report) == "2 statements, 3 passages; 0 added, 0 changed, 0 removed, 2 unchanged"
        assert index.is_current()
    assert [(path.stat().st_ino, path.stat().st_mtime_ns) for path in files] == before


def refuse_to_load(name: str) -> RecordingEncoder:
    raise AssertionError(f"{name} was loaded for nothing")


UNCHANGED = """
import sys
from pathlib import Path
from index import __main__, stamps
from index.build import build_index

seeds, directory, read = Path(sys.argv[1]), Path(sys.argv[2]), []
statements = set(seeds.glob("one.*")) | set(seeds.glob("two.*"))
stamps._TICK_NS = 0


def watch(event, arguments):
    if event == "open" and Path(str(arguments[0])) in statements:
        read.append(arguments[0])


sys.addaudithook(watch)
print(build_index(seeds, directory, settings=None, load_encoder=lambda _: sys.exit("loaded"),
                  model_id=lambda _: "hashing@1", full=False))
print("read", len(read))
heavy = "torch sentence_transformers transformers onnxruntime lxml trafilatura babel py3langid rich"
print("loaded", *(name for name in heavy.split() if name in sys.modules))
print("started", *(name for name in ("multiprocessing.spawn",) if name in sys.modules))
"""


def test_an_unchanged_folder_is_seen_as_such_without_reading_it(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.stamps._TICK_NS", 0)
    (seeds / "one.meta.toml").write_text('title = "One"\n')
    build(seeds, directory, hashing_encoder)
    build(seeds, directory, hashing_encoder)  # the first that finds the new vector file as it was left
    before = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    command = [sys.executable, "-c", UNCHANGED, str(seeds), str(directory)]
    done = subprocess.run(command, check=True, cwd=REPOSITORY, capture_output=True, text=True)  # noqa: S603 - ours
    report, *rest = done.stdout.splitlines()
    assert report.endswith("; 0 added, 0 changed, 0 removed, 2 unchanged")
    assert rest == ["read 0", "loaded", "started"]
    assert {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()} == before


def test_a_change_is_found_whatever_the_times_say(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    build(seeds, directory, hashing_encoder)
    times = (seeds / "one.txt").stat()
    (seeds / "one.txt").write_text(ONE.replace("Tokyo", "Kyoto"))
    os.utime(seeds / "one.txt", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert build(seeds, directory, hashing_encoder).changed == 1
    ahead, behind = 4_000_000_000, 1_000_000_000
    for moment, town in ((ahead, "Osaka"), (behind, "Akita"), (ahead, "Nagoy")):
        (seeds / "one.txt").write_text(ONE.replace("Tokyo", town))
        os.utime(seeds / "one.txt", (moment, moment))
        assert build(seeds, directory, hashing_encoder).changed == 1


def test_what_only_looks_changed_is_not(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.stamps._TICK_NS", 0)
    build(seeds, directory, hashing_encoder)
    hashing_encoder.encoded.clear()
    os.utime(seeds / "one.txt", (1, 1))
    assert build(seeds, directory, hashing_encoder).unchanged == 2
    assert hashing_encoder.encoded == []
    with open_index(directory) as index:
        assert index.manifest.generation == 1


def test_added_edited_and_removed(seeds: Path, directory: Path, hashing_encoder: RecordingEncoder) -> None:
    build(seeds, directory, hashing_encoder)
    write_files(seeds, one=ONE.replace("Tokyo", "Kyoto"), three=THREE)
    (seeds / "two.txt").unlink()
    hashing_encoder.encoded.clear()
    with open_index(directory) as index:
        report = build(seeds, directory, hashing_encoder)
        assert not index.is_current()
    assert str(report) == "2 statements, 2 passages; 1 added, 1 changed, 1 removed, 0 unchanged"
    assert len(hashing_encoder.encoded) == report.embedded == 2
    with open_index(directory) as index:
        assert [each.statement_id for each in index.statements()] == ["one", "three"]
        assert index.search_words(["dialogue"], 9) == []


@pytest.mark.parametrize("target", ["elsewhere.txt", "2024/one.txt", "one.md"])
def test_a_renamed_file_is_not_embedded_again(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder, target: str
) -> None:
    build(seeds, directory, hashing_encoder)
    (seeds / target).parent.mkdir(exist_ok=True)
    (seeds / "one.txt").rename(seeds / target)
    report = build(seeds, directory, hashing_encoder)
    expected = (0, 1, 0, 1) if target == "one.md" else (1, 0, 1, 1)
    assert (report.added, report.changed, report.removed, report.unchanged) == expected
    assert report.embedded == 0
    with open_index(directory) as index:
        assert f"seeds/{target}" in {each.source for each in index.statements()}


def test_a_file_moved_away_and_back_is_not_embedded_again(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    build(seeds, directory, hashing_encoder)
    (seeds / "one.txt").unlink()
    build(seeds, directory, hashing_encoder)
    write_files(seeds, one=ONE)
    report = build(seeds, directory, hashing_encoder)
    assert (report.added, report.embedded) == (1, 0)


def test_a_sidecar_changes_its_statement(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    build(seeds, directory, hashing_encoder)
    for title in ("First title", "Second title"):
        (seeds / "one.meta.toml").write_text(f'title = "{title}"\n')
        report = build(seeds, directory, hashing_encoder)
        assert (report.changed, report.unchanged, report.embedded) == (1, 1, 0)
        with open_index(directory) as index:
            assert index.statement("one").title == title
    (seeds / "one.meta.toml").unlink()
    assert build(seeds, directory, hashing_encoder).changed == 1


def test_aliases_belong_to_the_build(seeds: Path, directory: Path, hashing_encoder: RecordingEncoder) -> None:
    build(seeds, directory, hashing_encoder)
    (seeds / "aliases.toml").write_text('"North Korea" = ["DPRK"]\n')
    with open_index(directory) as index:
        report = build(seeds, directory, hashing_encoder)
        assert (report.unchanged, report.embedded, report.skipped, report.notes) == (2, 0, (), ())
        assert not index.is_current()
    with open_index(directory) as index:
        assert index.manifest.aliases == (("North Korea", "DPRK"),)


def test_other_words_a_passage_cut_everything_again(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    build(seeds, directory, hashing_encoder)
    report = build(seeds, directory, hashing_encoder, settings=BuildSettings(max_words=9))
    assert str(report) == "2 statements, 4 passages; 0 added, 0 changed, 0 removed, 2 unchanged"
    with open_index(directory) as index:
        assert index.manifest.settings.max_words == 9
    # Without settings the index keeps its own.
    assert build(seeds, directory, hashing_encoder).passages == 4


def test_another_embedder_embeds_everything_again(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    build(seeds, directory, hashing_encoder)
    hashing_encoder.model_id = "hashing@2"
    report = build(seeds, directory, hashing_encoder, settings=BuildSettings(embedder="other"))
    assert (report.embedded, report.unchanged) == (3, 2)
    with open_index(directory) as index:
        assert (index.manifest.settings.embedder, index.manifest.embedder_id) == ("other", "hashing@2")
    hashing_encoder.model_id = "hashing@1"
    assert build(seeds, directory, hashing_encoder, settings=BuildSettings()).embedded == 0


def test_weights_that_changed_under_their_name_embed_everything_again(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    build(seeds, directory, hashing_encoder)
    hashing_encoder.model_id = "hashing@2"
    assert build(seeds, directory, hashing_encoder).embedded == 3


def test_full_reads_and_embeds_everything_again(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    build(seeds, directory, hashing_encoder)
    before = contents_of(directory, hashing_encoder)
    report = build(seeds, directory, hashing_encoder, full=True)
    assert (report.unchanged, report.embedded) == (2, 3)
    assert contents_of(directory, hashing_encoder) == before


def test_the_same_words_twice_are_embedded_once(
    tmp_path: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    seeds = write_files(tmp_path / "seeds", one=ONE, copy=f"{ONE}\n\n{TWO}")
    report = build(seeds, directory, hashing_encoder)
    assert report.passages == report.embedded + 1


def test_an_interrupted_build_goes_on_where_it_stopped(
    tmp_path: Path, directory: Path, hashing_encoder: RecordingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build._BATCH_TEXTS", 4)
    numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    text = "\n\n".join(f"Japan sent {number} ships to the exercise this year." for number in numbers)
    seeds = write_files(tmp_path / "seeds", ships=f"Ships\n\n{text}\n")

    def interrupt(step: str, done: int, total: int) -> None:
        if (step, done, total) == ("embedding passages", 8, 10):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(seeds, directory, hashing_encoder, progress=interrupt)
    with pytest.raises(NoIndexError):
        open_index(directory)
    report = build(seeds, directory, hashing_encoder)
    assert (report.passages, report.embedded) == (10, 2)
    assert len(set(hashing_encoder.encoded)) == len(hashing_encoder.encoded) == 10
    assert sorted(hashing_encoder.encoded, key=len, reverse=True) == hashing_encoder.encoded


# ---- What is left out, and what stops a build ---------------------------------------------------------


def test_what_is_no_statement_is_passed_over_or_named(
    seeds: Path, tmp_path: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    write_files(tmp_path / "outside", secret=THREE)
    write_files(seeds / ".git", hidden=THREE)
    write_files(seeds, **{".hidden": THREE})
    for name in ("aliases.toml", "checks.toml", "one.meta.toml"):
        (seeds / name).write_text("")
    (seeds / "lonely.meta.toml").write_text("")
    (seeds / "notes.odt").write_text("?")
    (seeds / "two.txt~").write_text(TWO)
    (seeds / "link.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (seeds / "link").symlink_to(tmp_path / "outside")
    (seeds / "broken.txt").symlink_to(seeds / "nowhere.txt")
    (seeds / "same.txt").symlink_to(seeds / "one.txt")
    (seeds / "inner").symlink_to(seeds)
    os.mkfifo(seeds / "pipe.txt")
    report = build(seeds, directory, hashing_encoder)
    reasons = {each.path: each.reason for each in report.skipped}
    assert set(reasons) == {
        *("seeds/broken.txt", "seeds/inner", "seeds/link", "seeds/link.txt", "seeds/notes.odt"),
        *("seeds/pipe.txt", "seeds/two.txt~"),
    }
    assert reasons["seeds/link.txt"] == "it is a link that leads out of the folder"
    assert reasons["seeds/broken.txt"] == "it is a link that leads nowhere"
    assert reasons["seeds/pipe.txt"] == "it is not a file"
    assert reasons["seeds/notes.odt"] == "it is not what its suffix says: it does not begin like one"
    assert report.notes == (
        "seeds/lonely.meta.toml: there is no statement beside it",
        "seeds/same.txt: it has the same text as seeds/one.txt",
    )
    with open_index(directory) as index:
        assert [each.statement_id for each in index.statements()] == ["one", "two"]


def test_a_name_that_is_not_utf8_is_left_out(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    (seeds / os.fsdecode(b"\xff.txt")).write_text(THREE)
    report = build(seeds, directory, hashing_encoder)
    assert (report.statements, report.skipped[0].reason) == (2, "its name is not valid UTF-8")


def test_unreadable_files_are_named_and_the_others_read(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    build(seeds, directory, hashing_encoder)
    (seeds / "one.txt").write_bytes(b"")
    (seeds / "binary.txt").write_bytes(bytes(range(256)) * 40)
    report = build(seeds, directory, hashing_encoder)
    assert [each.path for each in report.skipped] == ["seeds/binary.txt", "seeds/one.txt"]
    assert all(each.reason for each in report.skipped)
    # What a file no longer says is no longer quoted.
    assert str(report) == "1 statement, 2 passages; 0 added, 0 changed, 1 removed, 1 unchanged"


def test_a_detected_encoding_is_said(seeds: Path, directory: Path, hashing_encoder: RecordingEncoder) -> None:
    japanese = (
        "共同声明\n\n日米両国は、東京において閣僚会合を開催した。両国は、拡大抑止について協議した。\n" * 5
    )
    (seeds / "tokyo.txt").write_bytes(japanese.encode("shift_jis"))
    report = build(seeds, directory, hashing_encoder)
    (note,) = report.notes
    assert note.startswith("seeds/tokyo.txt: encoding detected as ")
    with open_index(directory) as index:
        assert index.statement("tokyo").text == japanese


def empty_folder(seeds: Path) -> None:
    shutil.rmtree(seeds)
    seeds.mkdir()


def no_folder(seeds: Path) -> None:
    shutil.rmtree(seeds)


def a_file_instead(seeds: Path) -> None:
    shutil.rmtree(seeds)
    seeds.write_text(ONE)


def only_other_formats(seeds: Path) -> None:
    empty_folder(seeds)
    (seeds / "report.odt").write_text("?")


def only_empty_files(seeds: Path) -> None:
    for path in seeds.iterdir():
        path.write_text("")


def two_of_one_name(seeds: Path) -> None:
    (seeds / "one.md").write_text(ONE)


def a_broken_sidecar(seeds: Path) -> None:
    (seeds / "one.meta.toml").write_text("title = ")


def a_sidecar_with_a_broken_date(seeds: Path) -> None:
    (seeds / "one.meta.toml").write_text('date = "someday"\n')


def broken_front_matter(seeds: Path) -> None:
    (seeds / "notes.md").write_text("---\ntitle: [\n---\n\n" + ONE)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (empty_folder, (SeedsError, "There are no statements in .*seeds. Put text, PDF, Word or")),
        (no_folder, (SeedsError, "There is no folder .*seeds")),
        (a_file_instead, (SeedsError, "There is no folder .*seeds")),
        (
            only_other_formats,
            (SeedsError, "None of the statements .* can be read. Left out: .*report.odt"),
        ),
        (only_empty_files, (SeedsError, "None of the statements .* can be read. Left out: seeds/one.txt: ")),
        (two_of_one_name, (SeedsError, "seeds/one.md and seeds/one.txt would both be the statement one")),
        (a_broken_sidecar, (MetadataError, "one.meta.toml")),
        (a_sidecar_with_a_broken_date, (MetadataError, "one.meta.toml")),
        (broken_front_matter, (MetadataError, "notes.md")),
    ],
)
def test_a_build_that_cannot_be_meant_leaves_the_index_alone(
    seeds: Path,
    directory: Path,
    hashing_encoder: RecordingEncoder,
    spoil: Callable[[Path], None],
    expected: tuple[type[SeedsError], str],
) -> None:
    error, message = expected
    build(seeds, directory, hashing_encoder)
    before = contents_of(directory, hashing_encoder)
    with open_index(directory) as index:
        spoil(seeds)
        with pytest.raises(error, match=message) as caught:
            build(seeds, directory, hashing_encoder)
        assert index.is_current()
    assert "\n" not in str(caught.value)
    assert contents_of(directory, hashing_encoder) == before


def test_no_folder_leaves_no_index_behind(
    tmp_path: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    with pytest.raises(SeedsError):
        build(tmp_path / "nowhere", directory, hashing_encoder)
    assert not directory.exists()


def test_two_builds_at_once(seeds: Path, directory: Path, hashing_encoder: RecordingEncoder) -> None:
    def load_during_another_build(_: str) -> RecordingEncoder:
        with pytest.raises(IndexBusyError):
            build(seeds, directory, hashing_encoder)
        return hashing_encoder

    build_index(
        seeds,
        directory,
        settings=None,
        load_encoder=load_during_another_build,
        model_id=lambda _: hashing_encoder.model_id,
    )
    assert find_faults(directory) == []


def test_a_model_that_gives_no_numbers_is_refused(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = np.full((3, 64), np.nan, dtype=np.float32)
    monkeypatch.setattr(hashing_encoder, "encode_passages", lambda _: nothing)
    with pytest.raises(ModelError, match="hashing@1"):
        build(seeds, directory, hashing_encoder)


def test_a_model_that_is_another_when_loaded_is_refused(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder
) -> None:
    with pytest.raises(ModelError, match="announced@1"):
        build_index(
            seeds,
            directory,
            settings=None,
            load_encoder=lambda _: hashing_encoder,
            model_id=lambda _: "announced@1",
        )


# ---- Any way there leads to the same index ------------------------------------------------------------

NAMES = ["a.txt", "b.md", "sub/c.txt", "sub/a.txt"]
SENTENCES = [
    *(
        "The two sides met in Tokyo.",
        "They discussed extended deterrence.",
        "Japan thanked the United States.",
    ),
    *("No agreement was signed.", "They reaffirmed the importance of the Treaty.", "東京で会合を開催した。"),
]
Action = tuple[str, str, str]
TEXTS = st.lists(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map(" ".join), min_size=1, max_size=3
).map("\n\n".join)
ACTIONS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), TEXTS),
    st.tuples(st.just("describe"), st.sampled_from(NAMES), st.sampled_from(["One", "Two"])),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("remove"), st.sampled_from(NAMES), st.just("")),
    st.tuples(st.just("build"), st.sampled_from(["small", "large"]), st.just("")),
)
SETTINGS = {"small": BuildSettings(max_words=8), "large": BuildSettings(max_words=100)}


def act(seeds: Path, action: Action) -> None:
    verb, name, value = action
    path = seeds / name
    if verb == "write":
        path.write_text(value)
    elif verb == "describe":
        path.with_suffix(".meta.toml").write_text(f'title = "{value}"\n')
    elif verb == "rename" and path.exists():
        path.rename(seeds / value)
    elif verb == "remove":
        path.unlink(missing_ok=True)


@given(actions=st.lists(ACTIONS, max_size=20))
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_builds_of_what_changed_give_what_a_full_build_gives(
    hashing_encoder: RecordingEncoder, actions: list[Action]
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.stamps._TICK_NS", 0)  # or all files would be read, as they changed just now
        seeds = write_files(Path(folder) / "seeds", a=ONE)
        (seeds / "sub").mkdir()
        step_by_step, at_once = Path(folder) / "steps", Path(folder) / "once"
        for action in [*actions, ("build", "large", "")]:
            act(seeds, action)
            if action[0] == "build" and any(path.suffix != ".toml" for path in seeds.rglob("*.*")):
                build(seeds, step_by_step, hashing_encoder, settings=SETTINGS[action[1]])
                build(seeds, at_once, hashing_encoder, settings=SETTINGS[action[1]], full=True)
                assert contents_of(step_by_step, hashing_encoder) == contents_of(at_once, hashing_encoder)
                assert find_faults(step_by_step) == []


def test_report_counts_in_words() -> None:
    report = BuildReport(
        statements=1,
        passages=1,
        added=1,
        changed=0,
        removed=0,
        unchanged=0,
        embedded=1,
        skipped=(),
        notes=(),
    )
    assert str(report) == "1 statement, 1 passage; 1 added, 0 changed, 0 removed, 0 unchanged"
    assert str(dataclasses.replace(report, passages=0)).startswith("1 statement, 0 passages; ")


def test_what_is_remembered_of_files_is_no_damage(
    seeds: Path, directory: Path, hashing_encoder: RecordingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(seeds, directory, hashing_encoder)  # the files changed just now, so nothing is remembered yet
    monkeypatch.setattr("index.stamps._TICK_NS", 0)
    hashing_encoder.encoded.clear()
    for moment in range(3):  # the vector file is remembered first, then one file after another alone
        os.utime(seeds / "one.txt", (moment, moment))
        report = build(seeds, directory, hashing_encoder)
        assert (report.unchanged, report.notes) == (2, ())
        assert find_faults(directory) == []
    assert hashing_encoder.encoded == []
