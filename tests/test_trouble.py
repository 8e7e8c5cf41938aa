"""What the machine and others do to a build: full disks, read-only ones, other builds, readers, changes."""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.build import build_index
from index.encoder import Encoder
from index.store import open_index
from index.types import BuildSettings
from index.verify import find_faults
from index.writer import open_writer
from qa.answer import Answerer
from qa.cross_encoder import Reranker
from qa.types import Question

REPOSITORY = Path(__file__).resolve().parents[1]
LONG = 3000
TOWNS = ("Tokyo", "Osaka", "Seoul", "Paris", "Lima")


def build(seeds: Path, directory: Path, encoder: Encoder) -> None:
    build_index(
        seeds,
        directory,
        settings=BuildSettings(),
        load_encoder=lambda _: encoder,
        model_id=lambda _: encoder.model_id,
    )


def write_file(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"Joint Statement\n\n{text}\n")


@contextmanager
def meanwhile(*works: Callable[[], object]) -> Iterator[None]:
    """Do each of `works` over and over in a thread of its own; what they raise is raised at the end."""
    over = threading.Event()
    errors: list[BaseException] = []

    def repeat(work: Callable[[], object]) -> None:
        try:
            while not over.is_set():
                work()
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    threads = [threading.Thread(target=repeat, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]


# ---- Disks --------------------------------------------------------------------------------------------


def run_on_mount(mount: str, code: str, folder: Path) -> list[str]:
    """Run `code` after `mount`, which no other process sees; return its lines. Skips where it may not."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("needs unshare")
    prefix = [
        unshare,
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        f'{mount} || exit 77; exec "$@"',
        "sh",
    ]
    paths = os.pathsep.join(map(str, [REPOSITORY, REPOSITORY / "tests" / "bench"]))
    done = subprocess.run(  # noqa: S603 - ours
        [*prefix, sys.executable, "-c", code, str(folder)],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77 or "unshare:" in done.stderr:
        pytest.skip(f"cannot mount: {done.stderr}")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


FULL_DISK = """
import os, sys
from pathlib import Path
import kills
from index.errors import IndexStoreError
from index.verify import find_faults

disk = Path(sys.argv[1])
seeds, index = disk.parent / "seeds", disk / "index"
kills.prepare_old(seeds, index)
old = kills.read_contents(index)
kills.write_new(seeds)
free = os.statvfs(disk).f_bavail * 4096
for room in range(0, free, 24_000):
    filling = disk / "filling"
    filling.write_bytes(bytes(os.statvfs(disk).f_bavail * 4096 - room // 4096 * 4096))
    try:
        kills.build(seeds, index)
    except IndexStoreError as error:
        print(error)
    else:
        break
    filling.unlink()
    assert find_faults(index) == [] and kills.read_contents(index) is not None
    print("old" if kills.read_contents(index) == old else "new")
new = kills.read_contents(index)
assert new not in (old, None) and find_faults(index) == []
"""


def test_a_full_disk_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    said = run_on_mount(f"mount -t tmpfs -o size=1m tmpfs '{disk}'", FULL_DISK, disk)
    assert len(said) >= 4
    assert set(said[1::2]) <= {"old", "new"}
    assert said[1] == "old"
    for sentence in said[::2]:
        assert sentence.startswith(f"The index in {disk}/index cannot be ")
        assert sentence.endswith(".")


NO_ROOM = """
import sys
from pathlib import Path
import kills
from index.errors import StatementsError

seeds, index = Path(sys.argv[1]).parent / "seeds", Path(sys.argv[1]) / "index"
kills.write_new(seeds)
for use in (lambda: kills.build(seeds, index), lambda: kills.read_contents(index)):
    try:
        print(use())
    except StatementsError as error:
        print(error)
"""


@pytest.mark.parametrize("size", ["4k", "16k", "32k", "100k"])
def test_a_disk_without_room_is_one_sentence(tmp_path: Path, size: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    built, read = run_on_mount(f"mount -t tmpfs -o size={size} tmpfs '{disk}'", NO_ROOM, disk)
    said = f"The index in {disk}/index cannot be used now: "
    assert built in {f"{said}the disk is full.", f"{said}database or disk is full."}
    assert read in {"None", f"{said}the disk is full."}


READ_ONLY = """
import sys
from pathlib import Path
import kills
from index.errors import IndexStoreError
from index.store import open_index
from index.verify import find_faults

index, seeds = Path(sys.argv[1]), Path(sys.argv[1]).parent / "seeds"
with open_index(index) as opened:
    assert opened.search_words(["Tokyo"], 9) and find_faults(index) == []
kills.write_new(seeds)
try:
    kills.build(seeds, index)
except IndexStoreError as error:
    print(error)
"""


def test_a_read_only_disk_can_be_asked_and_is_not_built_on(tmp_path: Path, hashing_encoder: Encoder) -> None:
    write_file(tmp_path / "seeds" / "one.txt", "The two sides met in Tokyo.")
    index = tmp_path / "index"
    build(tmp_path / "seeds", index, hashing_encoder)
    mount = f"mount --bind '{index}' '{index}' && mount -o remount,bind,ro '{index}'"
    assert run_on_mount(mount, READ_ONLY, index) == [
        f"The index in {index} cannot be written: Read-only file system."
    ]
    assert find_faults(index) == []


# ---- Others at work -----------------------------------------------------------------------------------


def test_a_second_build_is_told_of_the_first(tmp_path: Path) -> None:
    write_file(tmp_path / "seeds" / "one.txt", "The two sides met in Tokyo.")
    index = tmp_path / "index"
    with open_writer(index):
        done = subprocess.run(  # noqa: S603 - ours
            [sys.executable, "-m", "index", "--seeds", str(tmp_path / "seeds"), "--index", str(index)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (f"Another build is writing the index in {index}. Try again when it is done.\n")


def test_every_answer_is_of_one_build(
    tmp_path: Path, hashing_encoder: Encoder, overlap_reranker: Reranker
) -> None:
    seeds, directory = tmp_path / "seeds", tmp_path / "index"

    def build_round(number: int) -> None:
        for town in TOWNS:
            write_file(seeds / f"{town}.txt", f"The ministers counted {number} whales off {town}.")
        build(seeds, directory, hashing_encoder)

    build_round(0)
    answerer = Answerer(lambda: open_index(directory), hashing_encoder, overlap_reranker)
    rounds: list[set[str]] = []

    def ask() -> None:
        answer = answerer.answer(Question(text="How many whales were counted by the ministers?", top=5))
        rounds.append({quote.text.split("counted ")[1].split()[0] for quote in answer.quotes})

    def read_all() -> None:
        with open_index(directory) as index:
            found = index.passages([hit for hit, _ in index.search_words(["whales"], 99)])
            texts = [index.statement(each.statement_id).text for each in index.statements()]
        rounds.append(
            {text.split("counted ")[1].split()[0] for text in [*texts, *(each.text for each in found)]}
        )

    def verify() -> None:
        assert find_faults(directory) == []

    with meanwhile(ask, ask, read_all, verify):
        for number in range(1, 9):
            build_round(number)
    ask()
    assert all(len(each) == 1 for each in rounds)
    assert rounds[-1] == {"8"}
    assert len(set(map(frozenset, rounds))) > 2


def test_a_file_that_changes_while_it_is_read_is_one_version_of_it(
    tmp_path: Path, hashing_encoder: Encoder
) -> None:
    seeds, directory = tmp_path / "seeds", tmp_path / "index"
    changing = seeds / "changing.txt"
    versions = [f"The two sides met in {town}.\n\n" * LONG for town in ("Kyoto", "Hakodate")]
    write_file(seeds / "still.txt", "Japan thanked Canada.")
    write_file(changing, versions[0])

    def change() -> None:
        for text in versions:
            write_file(changing, text)

    with meanwhile(change):
        for _ in range(6):
            build(seeds, directory, hashing_encoder)
            with open_index(directory) as index:
                for each in index.statements():
                    statement = index.statement(each.statement_id)
                    assert statement.sha256 == hashlib.sha256(statement.text.encode()).hexdigest()
            assert find_faults(directory) == []
    write_file(changing, versions[0])
    build(seeds, directory, hashing_encoder)
    with open_index(directory) as index:
        assert index.statement("changing").text == changing.read_text()


def test_the_clock_may_be_set_back(tmp_path: Path, hashing_encoder: Encoder) -> None:
    seeds, directory = tmp_path / "seeds", tmp_path / "index"
    past = 1_000_000_000
    write_file(seeds / "one.txt", "The two sides met in Tokyo.")
    build(seeds, directory, hashing_encoder)
    for year in range(3):
        with open_index(directory) as before:
            write_file(seeds / "one.txt", f"The two sides met in Kyoto in 200{year}.")
            for path in (*seeds.iterdir(), *directory.rglob("*")):
                os.utime(path, (past - year, past - year))
            build(seeds, directory, hashing_encoder)
            assert not before.is_current()
            with open_index(directory) as after:
                assert after.statement("one").text.endswith(f"200{year}.\n")
                assert after.manifest.generation == before.manifest.generation + 1
    assert find_faults(directory) == []
