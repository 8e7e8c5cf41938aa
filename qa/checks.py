"""Retrieval checks: questions whose right quote is known, and questions that nothing answers."""

import dataclasses
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from index.errors import ChecksError
from qa.answer import Answerer, Trace
from qa.measures import measure_rankings
from qa.types import Question

T = TypeVar("T")

# How the file and the report call the measures -> how ir-measures does. Any one right passage will do, so
# recall@k is the share of questions with a right passage among the first k.
MEASURES = {"recall@1": "Success@1", "recall@3": "Success@3", "mrr@10": "RR@10", "ndcg@10": "nDCG@10"}
SHARES = ("refused_wrongly", "answered_wrongly")
DEPTH = 10


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A question with the words one of which the first quote must contain; without words, none may come."""

    question: str
    quotes: tuple[str, ...] = ()
    statement: str | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """A checks file: `thresholds` bound the measures from below and the two shares from above."""

    thresholds: Mapping[str, float]
    checks: tuple[Check, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A check that went wrong: what was expected and what came instead."""

    question: str
    expected: str
    came: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What the checks gave. `rankings` has the passages found for each question, as a TREC run needs them."""

    answerable: int
    unanswerable: int
    measures: Mapping[str, float]
    thresholds: Mapping[str, float]
    failures: tuple[Failure, ...]
    rankings: Mapping[str, Sequence[str]]

    @property
    def missed(self) -> tuple[str, ...]:
        """The measures that are on the wrong side of their threshold."""
        return tuple(
            name
            for name, bound in self.thresholds.items()
            if (self.measures[name] > bound if name in SHARES else self.measures[name] < bound)
        )

    @property
    def passed(self) -> bool:
        """Whether every measure keeps to its threshold."""
        return not self.missed


def read_checks(path: Path) -> Checks:
    """Read a checks file. Raises ChecksError, naming the file and what is wrong in it."""
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise ChecksError(f"There is no checks file {path}.") from None
    except OSError as error:
        raise ChecksError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ChecksError(f"{path} cannot be read as TOML: {error}.") from error
    unknown = content.keys() - {"thresholds", "answerable", "unanswerable"}
    if unknown:
        raise ChecksError(f"{path}: unknown section {', '.join(sorted(unknown))}.")
    checks = [
        _read_check(path, entry, section)
        for section in ("answerable", "unanswerable")
        for entry in _expect(path, section, content.get(section, []), list)
    ]
    if not checks:
        raise ChecksError(f"{path} holds no checks. Write [[answerable]] and [[unanswerable]] entries.")
    thresholds = _expect(path, "thresholds", content.get("thresholds", {}), dict)
    for name, bound in thresholds.items():
        number = not isinstance(bound, bool) and isinstance(bound, int | float)
        if name not in (*MEASURES, *SHARES) or not number or not 0 <= bound <= 1:
            known = ", ".join((*MEASURES, *SHARES))
            raise ChecksError(f"{path}: {name!r} in [thresholds]: it takes numbers from 0 to 1 for {known}.")
    return Checks(thresholds=thresholds, checks=tuple(checks))


def run_checks(answerer: Answerer, checks: Checks) -> CheckReport:
    """Ask every question and compare. Raises ChecksError when expected words stand in no statement."""
    relevant: dict[str, dict[str, int]] = {}
    rankings: dict[str, Sequence[str]] = {}
    failures: list[tuple[Check, Failure]] = []
    for number, check in enumerate(checks.checks, start=1):
        trace = answerer.trace(Question(text=check.question))
        if check.quotes:
            query = str(number)
            relevant[query] = dict.fromkeys(find_relevant(answerer, check), 1)
            rankings[query] = [str(candidate.ranked.stored.passage_id) for candidate in trace.ranked[:DEPTH]]
        failure = _judge(check, trace)
        if failure is not None:
            failures.append((check, failure))
    answerable = [check for check in checks.checks if check.quotes]
    refused = sum(bool(check.quotes) and failure.came.startswith("refused") for check, failure in failures)
    answered = sum(not check.quotes for check, _ in failures)
    unanswerable = len(checks.checks) - len(answerable)
    found = measure_rankings(MEASURES.values(), relevant, rankings) if answerable else {}
    measures = {name: found.get(measure, 1.0) for name, measure in MEASURES.items()}
    measures["refused_wrongly"] = refused / max(len(answerable), 1)
    measures["answered_wrongly"] = answered / max(unanswerable, 1)
    return CheckReport(
        answerable=len(answerable),
        unanswerable=unanswerable,
        measures=measures,
        thresholds=checks.thresholds,
        failures=tuple(failure for _, failure in failures),
        rankings=rankings,
    )


def format_report(report: CheckReport) -> str:
    """Return the report as lines to read: the measures with their thresholds, then each failure."""
    lines = [f"{report.answerable} answerable and {report.unanswerable} unanswerable questions", ""]
    for name, value in report.measures.items():
        bound = report.thresholds.get(name)
        limit = "" if bound is None else f"  (at {'most' if name in SHARES else 'least'} {bound:g})"
        mark = "  <- MISSED" if name in report.missed else ""
        lines.append(f"{name:<17}{value:6.3f}{limit}{mark}")
    for failure in report.failures:
        lines += [
            "",
            f"- {failure.question}",
            f"  expected: {failure.expected}",
            f"  came:     {failure.came}",
        ]
    lines += ["", "passed" if report.passed else f"failed: {', '.join(report.missed)}"]
    return "\n".join(lines)


def present_report(report: CheckReport) -> dict[str, object]:
    """Return the report as a JSON object."""
    return {
        "passed": report.passed,
        "answerable": report.answerable,
        "unanswerable": report.unanswerable,
        **report.measures,
        "thresholds": dict(report.thresholds),
        "missed": list(report.missed),
        "failures": [dataclasses.asdict(failure) for failure in report.failures],
    }


def write_trec_run(report: CheckReport, path: Path) -> None:
    """Write the rankings as a TREC run: ``query Q0 passage rank score tag``. Raises ChecksError."""
    lines = [
        f"{query} Q0 {passage} {rank} {1 / rank:.6f} word-for-word\n"
        for query, ranking in report.rankings.items()
        for rank, passage in enumerate(ranking, start=1)
    ]
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise ChecksError(f"The run cannot be written to {path}: {error.strerror}.") from error


def _read_check(path: Path, entry: object, section: str) -> Check:
    entry = _expect(path, f"an entry of {section}", entry, dict)
    question = _expect_words(path, f"question of an entry of {section}", entry.get("question"))
    quotes = _expect(path, f"quotes of {question!r}", entry.get("quotes", []), list)
    statement = entry.get("statement")
    unknown = sorted(entry.keys() - {"question", "quotes", "statement"})
    if unknown:
        raise ChecksError(f"{path}: {question!r} has the unknown key {unknown[0]!r}.")
    if bool(quotes) != (section == "answerable"):
        raise ChecksError(f"{path}: {question!r} must have quotes if it is answerable, else none.")
    for words in quotes:
        _expect_words(path, f"each of the quotes of {question!r}", words)
    if statement is not None:
        _expect_words(path, f"statement of {question!r}", statement)
    return Check(question=question, quotes=tuple(quotes), statement=statement)


def _expect_words(path: Path, what: str, value: object) -> str:
    words = _expect(path, what, value, str)
    if not words.strip():
        raise ChecksError(f"{path}: {what} must not be empty.")
    return words


def _expect(path: Path, what: str, value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        name = {"str": "a text in quotes", "list": "a list", "dict": "a table"}[kind.__name__]
        raise ChecksError(f"{path}: {what} must be {name}.")
    return value


def find_relevant(answerer: Answerer, check: Check) -> list[str]:
    """Return the ids of the passages that hold the expected words. Raises ChecksError if there is none."""
    found = [
        str(passage_id)
        for words in check.quotes
        for passage_id in answerer.find_words(words, statement_id=check.statement)
    ]
    if not found:
        where = f"the statement {check.statement}" if check.statement else "any statement"
        raise ChecksError(f"The words expected for {check.question!r} do not stand in {where} of the index.")
    return found


def _judge(check: Check, trace: Trace) -> Failure | None:
    """Compare the first quote with what the check expects."""
    answer = trace.answer
    expected = " | ".join(check.quotes) or "a refusal"
    if not answer.quotes:
        came = f"refused: {answer.reason}" if check.quotes else None
    else:
        first = answer.quotes[0]
        right = check.statement in (None, first.citation.statement_id) and any(
            words in first.text for words in check.quotes
        )
        came = None if right else f"{first.score:.2f} {first.citation.statement_id}: {first.text}"
    return None if came is None else Failure(question=check.question, expected=expected, came=came)
