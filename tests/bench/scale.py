"""What the index costs, by how many passages it holds.

    python tests/bench/scale.py [FOLDER...] [--sizes 12 10000] [--json] [--plot FILE]

The first 12 passages are the two statements of `seeds/`. For more, those of the FOLDERs are added, text or
Markdown; and when they are used up, all of them again and again in other words. At every size the index is
built, brought up to date with nothing changed, asked, and given one statement more; each in a process of its
own, of which the peak of memory is told.

Vectors are made by a stand-in that costs next to nothing, and that little is taken off (how many the model
makes a second: tests/bench/encoders.py). "Retrieval" reads the question and finds passages by vectors, by
words and by their fusion, without any model. "Answer", and "cold", the command that asks one question, run
the real models: the index has the real embedder's id, and what they find in it is as costly as it is wrong.
"""

import argparse
import dataclasses
import datetime
import json
import multiprocessing
import os
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
from endless_statements import make_statements
from stand_in import StandIn

from index.build import DEFAULT_SEEDS, BuildReport, build_index
from index.models import identify_model
from index.store import Index, open_index
from index.types import BuildSettings

# The processes that read files import this module, as they import `index.__main__` where that is what runs.
# So that they start as fast here, nothing of `qa` is imported before it is needed.
REPOSITORY = Path(__file__).resolve().parents[2]
SIZES = (12, 10_000)
SEED = 7
WARM_UP = 5
QUESTIONS = 100
ANSWERS = 10
COLD_RUNS = 3

Result = TypeVar("Result")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """One run of `build_index`. Of its `seconds`, the stand-in for the model took `encoder_seconds`."""

    passages: int
    statements: int
    embedded: int
    seconds: float
    encoder_seconds: float
    peak_mb: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What it takes to open an index, and then each question, in milliseconds."""

    open_ms: float
    retrieval_ms: tuple[float, ...]
    filtered_ms: tuple[float, ...]
    peak_mb: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """All that is measured at one size. Times without the model's; sizes in millions of bytes."""

    passages: int
    statements: int
    texts_embedded: int
    build_s: float
    build_passages_per_s: float
    add_one_s: float
    unchanged_s: float
    open_ms: float
    retrieval_ms_p50: float
    retrieval_ms_p95: float
    filtered_ms_p50: float
    filtered_ms_p95: float
    answer_ms_p50: float
    answer_ms_p95: float
    cold_s: float
    build_peak_mb: float
    add_one_peak_mb: float
    retrieval_peak_mb: float
    index_mb: float


ROWS = {
    "passages": "passages",
    "statements": "statements",
    "texts_embedded": "different passages",
    "build_s": "build, s",
    "build_passages_per_s": "build, passages/s",
    "add_one_s": "one statement added, s",
    "unchanged_s": "nothing changed, s",
    "open_ms": "open, ms",
    "retrieval_ms_p50": "retrieval, ms, p50",
    "retrieval_ms_p95": "retrieval, ms, p95",
    "filtered_ms_p50": "retrieval since a day, ms, p50",
    "filtered_ms_p95": "retrieval since a day, ms, p95",
    "answer_ms_p50": "answer with models, ms, p50",
    "answer_ms_p95": "answer with models, ms, p95",
    "cold_s": "cold, s",
    "build_peak_mb": "peak memory, build, MB",
    "add_one_peak_mb": "peak memory, one added, MB",
    "retrieval_peak_mb": "peak memory, retrieval, MB",
    "index_mb": "index on disk, MB",
}


def main() -> None:
    """Measure each size, print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER", help="statements to grow by")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="passages, at least")
    parser.add_argument("--work", type=Path, help="where statements and indexes lie while they are measured")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="SVG file to draw, by matplotlib")
    options = parser.parse_args()
    costs = []
    for size in options.sizes:
        with tempfile.TemporaryDirectory(dir=options.work) as work:
            costs.append(measure_cost(options.folders, size, Path(work)))
        say(f"{size} passages: done")
    if options.json:
        sizes = [{name: round(n, 3) for name, n in dataclasses.asdict(cost).items()} for cost in costs]
        content = {"machine": describe_machine(), "sizes": sizes}
        sys.stdout.write(json.dumps(content, indent=1) + "\n")
    else:
        print_table(costs)
    if options.plot:
        draw(costs, options.plot)


def measure_cost(folders: Sequence[Path], size: int, work: Path) -> Cost:
    """Measure all there is at about `size` passages."""
    seeds, directory = work / "statements", work / "index"
    statements = make_statements([DEFAULT_SEEDS, *folders])
    made = 0
    while made < size:
        statement = next(statements)
        statement.write(seeds)
        made += statement.passages
    say(f"{size} passages: building")
    built = run_apart(build, seeds, directory)
    unchanged = run_apart(build, seeds, directory)
    say(f"{size} passages: asking")
    asked = run_apart(ask_without_models, directory)
    answers = run_apart(ask_with_models, directory)
    cold = [time_command(directory) for _ in range(COLD_RUNS)]
    index_bytes = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    next(statements).write(seeds)
    added = run_apart(build, seeds, directory)
    return Cost(
        passages=built.passages,
        statements=built.statements,
        texts_embedded=built.embedded,
        build_s=built.seconds - built.encoder_seconds,
        build_passages_per_s=built.passages / (built.seconds - built.encoder_seconds),
        add_one_s=added.seconds - added.encoder_seconds,
        unchanged_s=unchanged.seconds,
        open_ms=asked.open_ms,
        retrieval_ms_p50=percentile(asked.retrieval_ms, 50),
        retrieval_ms_p95=percentile(asked.retrieval_ms, 95),
        filtered_ms_p50=percentile(asked.filtered_ms, 50),
        filtered_ms_p95=percentile(asked.filtered_ms, 95),
        answer_ms_p50=percentile(answers, 50),
        answer_ms_p95=percentile(answers, 95),
        cold_s=statistics.median(cold),
        build_peak_mb=built.peak_mb,
        add_one_peak_mb=added.peak_mb,
        retrieval_peak_mb=asked.peak_mb,
        index_mb=index_bytes / 1e6,
    )


def run_apart(measure: Callable[..., Result], *values: object) -> Result:
    """Return what `measure` gives in a new process, whose memory nothing else has touched."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(measure, *values).result()


def build(seeds: Path, directory: Path) -> Built:
    """Bring the index up to date, by the stand-in under the real embedder's name."""
    encoder = StandIn(name_embedder())
    began = time.perf_counter()
    report: BuildReport = build_index(
        seeds,
        directory,
        settings=BuildSettings(),
        load_encoder=lambda _: encoder,
        model_id=lambda _: encoder.model_id,
    )
    return Built(
        passages=report.passages,
        statements=report.statements,
        embedded=report.embedded,
        seconds=time.perf_counter() - began,
        encoder_seconds=encoder.seconds,
        peak_mb=measure_peak(),
    )


def ask_without_models(directory: Path) -> Asked:
    """Ask the same questions of all statements, and of those since the day that parts them in halves."""
    from qa.answer import FOUND
    from qa.lexicon import Lexicon
    from qa.question import read_question
    from qa.retrieve import retrieve
    from qa.types import Question

    encoder = StandIn(name_embedder())
    began = time.perf_counter()
    with open_index(directory) as index:
        lexicon = Lexicon.of(index)
        open_ms = 1000 * (time.perf_counter() - began)

        def ask(text: str, since: datetime.date | None) -> None:
            search = read_question(Question(text=text, since=since), lexicon)
            retrieve(index, encoder, search, limit=FOUND)

        questions = list(make_questions(index))
        days = sorted(each.date for each in index.statements() if each.date is not None)
        return Asked(
            open_ms=open_ms,
            retrieval_ms=time_each(questions, lambda text: ask(text, None)),
            filtered_ms=time_each(questions, lambda text: ask(text, days[len(days) // 2])),
            peak_mb=measure_peak(),
        )


def ask_with_models(directory: Path) -> tuple[float, ...]:
    """Return the milliseconds that each answer took, once the models are there."""
    from qa.answer import Answerer
    from qa.types import Question

    answerer = Answerer.open(directory)
    with open_index(directory) as index:
        questions = list(make_questions(index))[: WARM_UP + ANSWERS]
    return time_each(questions, lambda text: answerer.answer(Question(text=text)))


def time_command(directory: Path) -> float:
    """Return the seconds from the start of the command of one question to its end."""
    command = [sys.executable, "-m", "qa", "ask", read_seed_questions()[0], "--index", str(directory)]
    began = time.perf_counter()
    subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    return time.perf_counter() - began


def make_questions(index: Index) -> Iterator[str]:
    """Yield questions that people asked of the seeds, in turn with ones made of words of a statement."""
    drawn = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    asked = read_seed_questions()
    drawn.shuffle(asked)
    statements = index.statements()
    for question in asked[: (WARM_UP + QUESTIONS) // 2]:
        yield question
        statement = index.statement(drawn.choice(statements).statement_id)
        own = statement.text[statement.front_matter.end if statement.front_matter else 0 :]
        words = re.findall(r"\w+", own)
        start = drawn.randrange(max(1, len(words) - 12))
        yield f"What was said about {' '.join(words[start : start + drawn.randint(4, 12)])}?"


def time_each(questions: Sequence[str], ask: Callable[[str], object]) -> tuple[float, ...]:
    """Return how many milliseconds each question takes; the first ones warm up and are not counted."""
    taken = []
    for question in questions:
        began = time.perf_counter()
        ask(question)
        taken.append(1000 * (time.perf_counter() - began))
    return tuple(taken[WARM_UP:])


def read_seed_questions() -> list[str]:
    """Return the questions that people asked of the seeds."""
    from qa.checks import read_checks

    return [check.question for check in read_checks(DEFAULT_SEEDS / "checks.toml").checks]


def name_embedder() -> str:
    """Return the id of the real embedder."""
    return identify_model(BuildSettings().embedder, kind="embedder")


def measure_peak() -> float:
    """Return the most memory that this process held at a time, in millions of bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # what `getrusage` says here is not less than what the parent held
        kilobytes = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        return int(kilobytes[1]) * 1024 / 1e6 if kilobytes else 0.0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value that `share` percent of `values` do not exceed."""
    return float(np.percentile(values, share))


def describe_machine() -> dict[str, object]:
    """Return what the numbers depend on besides the program."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 1e9, 1),
        "python": platform.python_version(),
    }


def print_table(costs: Sequence[Cost]) -> None:
    """Print one line a measure, with one column a size."""
    for field, name in ROWS.items():
        cells = "".join(f"{shorten(getattr(cost, field)):>12}" for cost in costs)
        sys.stdout.write(f"{name:<34}{cells}\n")


def shorten(number: float) -> str:
    """Return a number with the digits that tell something."""
    if isinstance(number, int) or number >= 100:
        return f"{number:,.0f}"
    return f"{number:.2f}" if number < 10 else f"{number:.1f}"


def draw(costs: Sequence[Cost], file: Path) -> None:
    """Draw times, and memory beside them, against the number of passages. Needs matplotlib."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "scale"  # the same numbers give the same file
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    panels = {
        "seconds": ("build_s", "add_one_s", "unchanged_s", "cold_s"),
        "milliseconds a question": (
            "retrieval_ms_p50",
            "retrieval_ms_p95",
            "filtered_ms_p95",
            "answer_ms_p50",
        ),
        "MB": ("build_peak_mb", "add_one_peak_mb", "retrieval_peak_mb", "index_mb"),
    }
    sizes = [cost.passages for cost in costs]
    for axes, (unit, fields) in zip(figure.subplots(1, len(panels)), panels.items(), strict=True):
        for field in fields:
            label = ROWS[field].removesuffix(", MB").replace(", ms", "").removesuffix(", s")
            axes.loglog(sizes, [getattr(cost, field) for cost in costs], marker="o", label=label)
        axes.set(xlabel="passages", title=unit)
        axes.grid(visible=True, color="0.9")
        axes.legend(fontsize="small", frameon=False)
    figure.savefig(file, metadata={"Date": None})


def say(text: str) -> None:
    """Tell how far it is, beside the numbers."""
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
