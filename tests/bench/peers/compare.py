"""How this program fares beside others: the same texts, the same model, one run.

    python tests/bench/peers/compare.py FOLDER... --python VENV/bin/python [--limit 40] [--json]

FOLDER is one as for `python -m qa bench`. VENV is an environment with what requirements.txt here names.
Each system runs in processes of its own, one after the other, by its own Python: it builds, is asked all the
questions drawn, and is started anew for one of them. The model is loaded before the build is timed, but is
part of what a cold question takes. In brackets stands how many times better the first stage of our program
does: its cross-encoder is what the plain setups of the others lack.
"""

import argparse
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from systems import OURS, PEERS

from index.models import find_model
from index.types import BuildSettings
from qa.bench import Benchmark, read_benchmark
from qa.measures import measure_rankings

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
MEASURE = "nDCG@10"
COLD_RUNS = 3
LIKE_FOR_LIKE = "ours, first stage"
# Nothing may be fetched, and nothing told to anybody.
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
}


class FailedSystemError(Exception):
    """A system ended with an error; the last line of it is the message."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one system did on one folder. `cold_s` is from the start of a process to its end."""

    passages_per_s: float
    query_ms_p50: float
    query_ms_p95: float
    cold_s: float
    ndcg: float


# The heading of each number, and whether more is better.
COLUMNS = {
    "passages_per_s": ("passages/s", True),
    "query_ms_p50": ("ms, p50", False),
    "query_ms_p95": ("ms, p95", False),
    "cold_s": ("cold, s", False),
    "ndcg": (MEASURE, True),
}


def main() -> None:
    """Run every system on every folder, and print one line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--python", type=Path, required=True, help="the Python of the peers' environment")
    parser.add_argument("--limit", type=int, default=40, help="questions to ask")
    parser.add_argument("--only", nargs="+", choices=(*OURS, *PEERS), default=(*OURS, *PEERS), metavar="NAME")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    everything: dict[str, dict[str, Result]] = {}
    for folder in options.folders:
        results = everything[folder.name] = {}
        benchmark = read_benchmark(folder, limit=options.limit)
        for name in options.only:
            python = sys.executable if name in OURS else str(options.python)
            try:
                results[name] = run_system(name, python, folder, benchmark)
            except FailedSystemError as error:
                sys.stderr.write(f"{name} on {folder.name}: {error}\n")
            else:
                sys.stderr.write(f"{name} on {folder.name}: {results[name]}\n")
        if not options.json:
            print_table(folder.name, benchmark, results)
    if options.json:
        content = {
            folder: {name: dataclasses.asdict(result) for name, result in results.items()}
            for folder, results in everything.items()
        }
        sys.stdout.write(json.dumps(content, indent=1) + "\n")


def run_system(name: str, python: str, folder: Path, benchmark: Benchmark) -> Result:
    """Measure one system in a store of its own. Raises FailedSystemError."""
    questions = {key: question.text for key, question in benchmark.answerable.items()}
    with tempfile.TemporaryDirectory() as work:
        command = [python, str(HERE / "systems.py"), name]
        measured = run_step([*command, "measure"], folder, Path(work), questions)
        seconds = []
        for _ in range(COLD_RUNS):
            began = time.perf_counter()
            run_step([*command, "cold"], folder, Path(work), questions)
            seconds.append(time.perf_counter() - began)
    found = measure_rankings([MEASURE], benchmark.relevant, measured["rankings"])
    return Result(
        passages_per_s=len(benchmark.corpus) / measured["build_seconds"],
        query_ms_p50=float(np.percentile(measured["milliseconds"], 50)),
        query_ms_p95=float(np.percentile(measured["milliseconds"], 95)),
        cold_s=statistics.median(seconds),
        ndcg=found[MEASURE],
    )


def run_step(
    command: Sequence[str], folder: Path, work: Path, questions: Mapping[str, str]
) -> dict[str, Any]:
    """Run one step of `systems.py` and return what it wrote. Raises FailedSystemError."""
    model = find_model(BuildSettings().embedder, kind="embedder").path
    paths = {"--folder": folder, "--model": model, "--store": work / "store", "--out": work / "out.json"}
    paths["--store"].mkdir(exist_ok=True)
    options = [str(part) for option in paths.items() for part in option]
    environment = {**os.environ, **OFFLINE, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(  # noqa: S603 - our own
        [*command, *options],
        input=json.dumps(questions),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise FailedSystemError(done.stderr.strip().rpartition("\n")[2])
    written: dict[str, Any] = json.loads(paths["--out"].read_text(encoding="utf-8"))
    return written


def print_table(folder: str, benchmark: Benchmark, results: Mapping[str, Result]) -> None:
    """Print one line a system."""
    print_line(f"{folder}, {len(benchmark.corpus)} passages", [heading for heading, _ in COLUMNS.values()])
    ours = results.get(LIKE_FOR_LIKE)
    for name, result in results.items():
        cells = []
        for field, (_, more_is_better) in COLUMNS.items():
            number = getattr(result, field)
            shown = f"{number:.3f}" if field == "ndcg" else f"{number:.1f}"
            if ours and name in PEERS:
                ratio = getattr(ours, field) / number if more_is_better else number / getattr(ours, field)
                shown += f" ({ratio:.2f})"
            cells.append(shown)
        print_line(name, cells)


def print_line(name: str, cells: Sequence[str]) -> None:
    """Print cells under each other."""
    sys.stdout.write(f"{name:<32}{''.join(f'{cell:>18}' for cell in cells)}\n")


if __name__ == "__main__":
    main()
