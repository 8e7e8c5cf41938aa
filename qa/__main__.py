"""Ask the statements, or check how well they are found: python -m qa ask | check | bench | verify."""

import argparse
import dataclasses
import datetime
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from index.errors import QuestionError, StatementsError
from index.store import DEFAULT_INDEX, open_index
from index.terminal import say
from index.types import BuildSettings
from qa.answer import Answerer
from qa.present import present_json, present_text
from qa.receipt import read_receipt, verify_quote
from qa.support import ANSWERS_FROM
from qa.types import Answer, Question


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 for done, 1 for a fault that is printed, 130 for Ctrl-C.

    Leaves with ``SystemExit(2)`` if it cannot understand `arguments`.
    """
    options = _parse(sys.argv[1:] if arguments is None else arguments)
    commands = {"ask": _ask, "check": _check, "bench": _bench, "verify": _verify}
    try:
        return commands[options.command](options)
    except StatementsError as error:
        say(str(error), sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("Interrupted.", sys.stderr)
        return 130
    except BrokenPipeError:  # whoever reads our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m qa", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="ask|check|bench|verify")
    ask = commands.add_parser("ask", help="ask one question, or one a line from standard input with -")
    ask.add_argument("question", help='the question, or "-" for one a line from standard input')
    ask.add_argument("--top", type=_positive, default=3, metavar="N", help="at most so many quotes")
    ask.add_argument("--since", type=_date, metavar="DATE", help="only statements of this day or later")
    ask.add_argument("--until", type=_date, metavar="DATE", help="only statements of this day or earlier")
    ask.add_argument("--issuer", metavar="NAME", help="only statements of this issuer")
    ask.add_argument("--statement", metavar="ID", help="only this statement")
    ask.add_argument("--after", action="append", default=[], metavar="QUESTION", help="an earlier question")
    check = commands.add_parser("check", help="ask the questions of a checks file and compare")
    check.add_argument("file", type=Path, nargs="?", help="seeds/checks.toml if none is given")
    check.add_argument("--trec-run", type=Path, metavar="FILE", help="write the rankings as a TREC run")
    bench = commands.add_parser("bench", help="ask a benchmark folder and measure")
    bench.add_argument("folder", type=Path)
    bench.add_argument("--limit", type=_positive, metavar="N", help="a sample of N questions of each kind")
    verify = commands.add_parser("verify", help="is each quote of an earlier answer still where it says?")
    verify.add_argument("receipt", type=Path, help="what ask --json printed")
    for each in (ask, check, verify):
        each.add_argument(
            "--index", type=Path, default=DEFAULT_INDEX, metavar="DIR", help="folder of the index"
        )
    for each in (ask, check):
        each.add_argument(
            "--strictness",
            choices=tuple(ANSWERS_FROM),
            default="balanced",
            help="how sure an answer must be to be given",
        )
    for each in (ask, check, bench):
        each.add_argument("--embedder", metavar="NAME", help="a model's name or folder")
        each.add_argument("--reranker", metavar="NAME", help="a model's name or folder")
    for each in (ask, check, bench, verify):
        each.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return number


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as 2024-07-28") from None


def _ask(options: argparse.Namespace) -> int:
    answerer = _open_answerer(options)
    question = Question(
        text=options.question,
        top=options.top,
        since=options.since,
        until=options.until,
        issuer=options.issuer,
        statement_id=options.statement,
        earlier=tuple(options.after),
    )
    if options.question == "-":
        return _ask_lines(answerer, question, _read_standard_input())
    answer = answerer.answer(question)
    if options.json:
        _print_json(present_json(answer))
    else:
        _print_text(present_text(answer, bold=sys.stdout.isatty()))
    return 0


def _open_answerer(options: argparse.Namespace) -> Answerer:
    return Answerer.open(
        options.index,
        embedder=options.embedder,
        reranker=options.reranker,
        strictness=options.strictness,
    )


def _read_standard_input() -> Iterable[str]:
    """Return the lines of standard input; bytes that are no text become replacement characters."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    return sys.stdin


def _ask_lines(answerer: Answerer, question: Question, lines: Iterable[str]) -> int:
    """Answer one question a line with one JSON object a line; after a bad one the rest go on."""
    status = 0
    for line in lines:
        asked = dataclasses.replace(question, text=line.strip())
        try:
            _print_json(present_json(answerer.answer(asked)))
        except QuestionError as error:
            refusal = present_json(Answer(question=asked, reason=str(error)))
            _print_json({**refusal, "error": str(error)})
            status = 1
    return status


def _check(options: argparse.Namespace) -> int:
    from index.build import DEFAULT_SEEDS
    from qa.checks import format_report, present_report, read_checks, run_checks, write_trec_run

    checks = read_checks(options.file or DEFAULT_SEEDS / "checks.toml")
    answerer = _open_answerer(options)
    report = run_checks(answerer, checks)
    if options.trec_run:
        write_trec_run(report, options.trec_run)
    if options.json:
        _print_json(present_report(report))
    else:
        for line in format_report(report).splitlines():
            say(line)
    return 0 if report.passed else 1


def _bench(options: argparse.Namespace) -> int:
    from index.build import count_of
    from index.console import shown_progress
    from qa.bench import read_benchmark, run_benchmark

    benchmark = read_benchmark(options.folder, limit=options.limit)
    if benchmark.unjudged:
        say(f"note: {count_of(benchmark.unjudged, 'question')} without judgments: not asked", sys.stderr)
    chosen = {"embedder": options.embedder, "reranker": options.reranker}
    settings = BuildSettings(**{name: model for name, model in chosen.items() if model})
    with tempfile.TemporaryDirectory() as directory, shown_progress() as progress:
        numbers = run_benchmark(benchmark, Path(directory), settings, progress=progress)
    if options.json:
        _print_json(numbers)
    else:
        for name, value in numbers.items():
            print(f"{name:<22}{value}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    quotes = read_receipt(options.receipt)
    with open_index(options.index) as index:
        verdicts = [verify_quote(index, quote) for quote in quotes]
    if options.json:
        listed = [
            {"citation": each.quote.citation, "status": each.status, "message": each.message}
            for each in verdicts
        ]
        _print_json({"verified": all(each.status == "unchanged" for each in verdicts), "quotes": listed})
    else:
        for each in verdicts:
            say(f"{each.quote.citation} {each.message}")
    return 0 if all(each.status == "unchanged" for each in verdicts) else 1


def _print_text(text: str) -> None:
    """Print text as it is, but for characters that the terminal's encoding does not have."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, errors="backslashreplace").decode(encoding), flush=True)


def _print_json(content: object) -> None:
    # Escaped to ASCII, since a terminal or pipe may be of any encoding and a text may command a terminal.
    print(json.dumps(content), flush=True)


if __name__ == "__main__":
    sys.exit(main())
