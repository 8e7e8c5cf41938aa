"""Kill builds, and flip bytes of what they left; see whether the index stays whole and each flip is found.

    python tests/bench/kills.py [--kills N] [--flips N]

A build is traced (ptrace, so Linux only) and killed by SIGKILL just before one of its system calls that
change a file: each of them in turn, or N spread evenly over all of them. Then the index must be the old
one or the new one, to the last statement and hit; `verify` must find nothing; and the next build must make
the new one. Likewise N bytes, drawn by a fixed seed from all files of the index, are flipped: `verify` must
find each, and the next build must mend it. Prints one line a scenario, and exits 1 if anything was not so.
"""

import argparse
import collections
import contextlib
import ctypes
import os
import platform
import random
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import faiss
import numpy as np

from index.build import build_index
from index.encoder import FloatArray
from index.errors import DamagedIndexError, NoIndexError, StatementsError
from index.store import open_index
from index.types import BuildSettings
from index.verify import find_faults

SEED = 7

# The numbers of the system calls that write, cut, rename, remove and make files, and wait for the disk.
_CHANGES = {
    "x86_64": frozenset({1, 18, 20, 74, 75, 76, 77, 82, 83, 84, 87, 257, 258, 263, 264, 296, 316}),
    "aarch64": frozenset({34, 35, 38, 45, 46, 56, 64, 66, 68, 70, 82, 83, 276}),
}
_TRACEME, _SYSCALL, _SETOPTIONS, _GET_SYSCALL_INFO = 0, 24, 0x4200, 0x420E
_TRACESYSGOOD, _EXITKILL = 1, 0x100000
_ENTRY = 1

Contents: TypeAlias = tuple[object, ...] | None


class WordEncoder:
    """A bag of hashed words: the models are not the point."""

    model_id = "words@1"
    dimension = 16

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return a unit vector a text."""
        return np.stack([self.encode_question(text) for text in texts])

    def encode_question(self, text: str) -> FloatArray:
        """Return one unit vector."""
        vector = np.full(self.dimension, 0.1, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[sum(word.encode()) % self.dimension] += 1
        unit: FloatArray = vector / np.linalg.norm(vector)
        return unit


def main() -> int:
    """Run what was asked for, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000, metavar="N", help="in each scenario, at most")
    parser.add_argument("--flips", type=int, default=200, metavar="N")
    options = parser.parse_args()
    faiss.omp_set_num_threads(1)  # a fork has one thread, whatever OpenMP remembers
    with tempfile.TemporaryDirectory() as folder:
        broken = sum(report_kills(Path(folder), name, options.kills) for name in SCENARIOS)
        broken += report_flips(Path(folder), options.flips)
    return 1 if broken else 0


# ---- Scenarios: an index, and the build that is killed ------------------------------------------------


def write_seeds(folder: Path, **texts: str) -> None:
    """Put these statements, and no others, into `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(f"Joint Statement\n\n{text}\n")


def write_old(seeds: Path) -> None:
    """Write the statements of the first build."""
    write_seeds(seeds, one="The two sides met in Tokyo. They talked of whales.", two="Japan thanked Canada.")


def write_new(seeds: Path) -> None:
    """Write those of the next one: one changed, one removed, two added; one as long as to fill pages."""
    long = "\n\n".join(f"Article {number} is about matter {number * 7919 % 1000}." for number in range(60))
    write_seeds(
        seeds, one="The two sides met in Kyoto.", three="The Republic of Korea (ROK) agreed.", four=long
    )


def build(seeds: Path, directory: Path, *, full: bool = False) -> None:
    """Build the index as the command line does, but for the model, and with the vectors of an archive."""
    build_index(
        seeds,
        directory,
        settings=BuildSettings(vectors="rabitq"),
        load_encoder=lambda _: WordEncoder(),
        model_id=lambda _: WordEncoder.model_id,
        full=full,
    )


def prepare_nothing(_: Path, directory: Path) -> None:
    """Start from no index."""
    directory.mkdir()


def prepare_old(seeds: Path, directory: Path) -> None:
    """Start from a finished build of the old statements."""
    write_old(seeds)
    build(seeds, directory)


def prepare_damaged(seeds: Path, directory: Path) -> None:
    """Start from one whose database lost a page."""
    prepare_old(seeds, directory)
    path = directory / "statements.sqlite"
    path.write_bytes(path.read_bytes()[:-4096] + bytes(4096))


def prepare_read(seeds: Path, directory: Path) -> None:
    """Start from one whose log could not be emptied, since somebody read the build before it."""
    prepare_old(seeds, directory)
    with open_index(directory):
        write_seeds(seeds, one="The two sides met in Osaka.")
        build(seeds, directory)
    assert (directory / "statements.sqlite-wal").stat().st_size


# By name: how it starts, whether the build is a full one, and whether somebody reads meanwhile.
SCENARIOS: dict[str, tuple[Callable[[Path, Path], None], bool, bool]] = {
    "first build": (prepare_nothing, False, False),
    "next build": (prepare_old, False, False),
    "next build, read meanwhile": (prepare_old, False, True),
    "next build, over a log": (prepare_read, False, False),
    "full build": (prepare_old, True, False),
    "build over damage": (prepare_damaged, False, False),
}


def read_contents(directory: Path) -> Contents:
    """Return all that can be had from an index but its ids, or None if there is none."""
    encoder = WordEncoder()
    try:
        with open_index(directory) as index:
            found = index.search_vectors(encoder.encode_question("Tokyo Kyoto"), 999)
            found += index.search_words(["sides", "Korea", "article"], 999)
            stored = index.passages([passage_id for passage_id, _ in found])
            return (
                [index.statement(each.statement_id) for each in index.statements()],
                sorted((each.text, round(score, 4)) for each, (_, score) in zip(stored, found, strict=True)),
                index.manifest.acronyms,
            )
    except NoIndexError:
        return None


# ---- Kills --------------------------------------------------------------------------------------------


def report_kills(folder: Path, name: str, limit: int) -> int:
    """Print what became of one scenario, and return how many kills left something broken."""
    prepare, full, is_read = SCENARIOS[name]
    base, seeds = folder / name / "base", folder / name / "seeds"
    base.parent.mkdir()
    prepare(seeds, base)
    old = None if name == "build over damage" else read_contents(base)
    write_new(seeds)
    build(seeds, folder / name / "expected")
    new = read_contents(folder / name / "expected")

    def kill_at(step: int | None) -> tuple[int, str]:
        directory = folder / name / "killed"
        shutil.copytree(base, directory)
        with open_index(directory) if is_read else contextlib.nullcontext():
            steps = run_traced(lambda: build(seeds, directory, full=full), step)
        try:
            return steps, judge(seeds, directory, old, new, was_damaged=name == "build over damage")
        finally:
            shutil.rmtree(directory)

    steps, outcome = kill_at(None)
    outcomes = [kill_at(step)[1] for step in choose_steps(steps, limit)]
    counts = collections.Counter(outcomes)
    broken = sum(count for each, count in counts.items() if each not in {"old", "new"}) + (outcome != "new")
    said = ", ".join(f"{count} {each}" for each, count in sorted(counts.items()))
    sys.stdout.write(f"{name}: {len(outcomes)} kills at {steps} steps: {said}; {broken} broken\n")
    sys.stdout.flush()
    return broken


def choose_steps(steps: int, limit: int) -> list[int]:
    """Return up to `limit` of the steps from 1 to `steps`, evenly spread."""
    return sorted({1 + number * steps // min(limit, steps) for number in range(min(limit, steps))})


def judge(seeds: Path, directory: Path, old: Contents, new: Contents, *, was_damaged: bool) -> str:
    """Return "old" or "new" if that is what the index is, and all is well with it; else what is not."""
    found, faults = None, []
    with contextlib.suppress(DamagedIndexError) if was_damaged else contextlib.nullcontext():
        found = read_contents(directory)
        faults = find_faults(directory) if found else []
    if was_damaged and found != new:
        found, faults = old, []
    if faults:
        return f"faults {faults}"
    build(seeds, directory)
    if find_faults(directory) or read_contents(directory) != new:
        return "not mended by the next build"
    return "new" if found == new else "old" if found == old else "neither"


def run_traced(work: Callable[[], object], last_step: int | None) -> int:
    """Do `work` in a process that is killed before its `last_step`-th change of a file.

    Returns the number of the last change that it was about to make. Raises ``RuntimeError`` if the work
    failed by itself.
    """
    child = os.fork()
    if child == 0:
        status = 1
        with contextlib.suppress(BaseException), Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stderr.fileno())  # orphaned workers complain
            _ptrace(_TRACEME, 0)
            os.kill(os.getpid(), signal.SIGSTOP)
            work()
            status = 0
        os._exit(status)
    os.waitpid(child, 0)
    _ptrace(_SETOPTIONS, child, data=_TRACESYSGOOD | _EXITKILL)
    steps = 0
    for call in _follow(child):
        steps += call in _CHANGES[platform.machine()]
        if steps == last_step:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return steps
    return steps


def _follow(child: int) -> Iterator[int]:
    """Yield the number of each system call before the stopped process `child` makes it, until it ends."""
    info = ctypes.create_string_buffer(88)
    passed_on = 0
    while True:
        _ptrace(_SYSCALL, child, data=passed_on)
        _, status = os.waitpid(child, 0)
        if not os.WIFSTOPPED(status):
            if status:
                raise RuntimeError(f"The build failed by itself: {status}.")
            return
        passed_on = 0 if os.WSTOPSIG(status) == signal.SIGTRAP | 0x80 else os.WSTOPSIG(status)
        _ptrace(_GET_SYSCALL_INFO, child, address=len(info), data=ctypes.addressof(info))
        if not passed_on and info.raw[0] == _ENTRY:
            yield int.from_bytes(info.raw[24:32], sys.byteorder)


def _ptrace(request: int, process: int, *, address: int = 0, data: int = 0) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long] * 4
    libc.ptrace.restype = ctypes.c_long
    if libc.ptrace(request, process, address, data) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


# ---- Flipped bytes ------------------------------------------------------------------------------------


def report_flips(folder: Path, count: int) -> int:
    """Flip bytes one at a time, print what became of it, and return how many were not found or not mended."""
    seeds, base, directory = folder / "seeds", folder / "sound", folder / "flipped"
    write_new(seeds)
    build(seeds, base)
    write_old(seeds)
    build(seeds, base)  # over a larger one, so that there are pages without use
    with open_index(base):  # so that the log cannot be emptied
        write_seeds(seeds, one="The two sides met in Kyoto.", three="The Republic of Korea (ROK) agreed.")
        build(seeds, base)
    draw = random.Random(SEED)  # noqa: S311 - so that a failure can be seen again
    names = {path.relative_to(base).as_posix() for path in base.rglob("*") if path.is_file()}
    files = sorted(names - {"lock", "statements.sqlite-shm"})  # an empty one, and notes of who reads now
    missed = unmended = 0
    for number in range(count):
        shutil.copytree(base, directory)
        flip_byte(directory / files[number % len(files)], draw)
        missed += not is_damage_found(directory)
        build(seeds, directory)
        unmended += read_contents(directory) != read_contents(base) or is_damage_found(directory)
        shutil.rmtree(directory)
    sys.stdout.write(
        f"{count} flipped bytes in {', '.join(files)}: {missed} not found, {unmended} not mended\n"
    )
    return missed + unmended


def flip_byte(path: Path, draw: random.Random) -> None:
    """Change one byte of a file to another value."""
    content = bytearray(path.read_bytes())
    content[draw.randrange(len(content))] ^= draw.randrange(1, 256)
    path.write_bytes(content)


def is_damage_found(directory: Path) -> bool:
    """Say whether ``python -m index verify`` would find a fault."""
    try:
        return find_faults(directory) != []
    except StatementsError:
        return True


if __name__ == "__main__":
    sys.exit(main())
