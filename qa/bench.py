"""A benchmark folder asked from end to end: how right, how honest and how fast."""

import dataclasses
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.build import index_statements
from index.encoder import load_encoder
from index.errors import ChecksError, QuestionError
from index.models import identify_model
from index.reading import Progress
from index.rows import SplitStatement
from index.sentences import split_sentences
from index.types import BuildSettings, Passage, Span, Statement
from qa.answer import Answerer
from qa.measures import measure_rankings
from qa.types import Question

MEASURES = {"ndcg@10": "nDCG@10", "recall@5": "R@5", "mrr@10": "RR@10", "p@1": "P@1"}
DEPTH = 10
SEED = 13
"""Of the sample of questions that a limit draws: always the same one."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A corpus whose rows are one passage each, and questions that it answers or does not.

    `relevant` has the grade of each relevant row by question id. `unjudged` counts the questions without
    judgments, which cannot be measured and are not asked.
    """

    corpus: tuple[SplitStatement, ...]
    answerable: Mapping[str, Question]
    unanswerable: Mapping[str, Question]
    relevant: Mapping[str, Mapping[str, int]]
    unjudged: int = 0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of one question: rows best first, the probability that the first answers, time taken."""

    rows: tuple[str, ...]
    probability: float
    answered: bool
    seconds: float


def read_benchmark(folder: Path, *, limit: int | None = None) -> Benchmark:
    """Read corpus.jsonl, queries.jsonl, qrels.tsv and, if it is there, unanswerable.jsonl.

    `limit` draws that many questions of each kind at random, always the same ones. Raises ChecksError.
    """
    corpus = tuple(_make_statement(row) for row in _read_rows(folder / "corpus.jsonl"))
    relevant = _read_judgments(folder / "qrels.tsv")
    queries = {str(row["id"]): _make_question(row) for row in _read_rows(folder / "queries.jsonl")}
    unknown = relevant.keys() - queries.keys()
    if unknown:
        raise ChecksError(
            f"{folder / 'qrels.tsv'} judges {min(unknown)!r}, which queries.jsonl does not have."
        )
    answerable = {name: queries[name] for name in relevant}
    unanswerable: dict[str, Question] = {}
    if (folder / "unanswerable.jsonl").exists():
        rows = _read_rows(folder / "unanswerable.jsonl")
        unanswerable = {str(row["id"]): _make_question(row) for row in rows}
    answerable, unanswerable = _draw(answerable, limit), _draw(unanswerable, limit)
    if not corpus or not answerable:
        raise ChecksError(f"{folder} holds no passages, or no questions with judgments.")
    return Benchmark(
        corpus=corpus,
        answerable=answerable,
        unanswerable=unanswerable,
        relevant={name: relevant[name] for name in answerable},
        unjudged=len(queries.keys() - relevant.keys()),
    )


def index_corpus(
    corpus: Sequence[SplitStatement],
    directory: Path,
    settings: BuildSettings,
    *,
    progress: Progress = lambda *_: None,
) -> None:
    """Bring the index of a corpus in `directory` up to date, with the embedder that `settings` name.

    Raises what `index_statements` raises.
    """
    index_statements(
        corpus,
        directory,
        settings=settings,
        load_encoder=load_encoder,
        model_id=lambda name: identify_model(name, kind="embedder"),
        progress=progress,
    )


def run_benchmark(
    benchmark: Benchmark, directory: Path, settings: BuildSettings, *, progress: Progress
) -> dict[str, float | int | None]:
    """Index the corpus in `directory`, ask every question, and return the numbers of ``bench --json``.

    A question that was not answered with any row counts as zero. Times are in milliseconds and seconds.
    """
    begun = time.perf_counter()
    index_corpus(benchmark.corpus, directory, settings, progress=progress)
    build_seconds = time.perf_counter() - begun
    answerer = Answerer.open(directory)
    _ask(answerer, next(iter(benchmark.answerable.values())))  # the first question pays for warming up
    total = len(benchmark.answerable) + len(benchmark.unanswerable)
    asked: dict[str, Asked] = {}
    for name, question in _all_questions(benchmark):
        progress("asking", len(asked), total)
        asked[name] = _ask(answerer, question)
    return _summarize(benchmark, asked) | {
        "build_seconds": round(build_seconds, 2),
        "passages_per_second": round(len(benchmark.corpus) / build_seconds, 2),
    }


def _ask(answerer: Answerer, question: Question) -> Asked:
    """Ask one question; one that cannot be asked, because it is too long or has no words, finds nothing."""
    begun = time.perf_counter()
    try:
        trace = answerer.trace(question)
    except QuestionError:
        return Asked(rows=(), probability=0.0, answered=False, seconds=time.perf_counter() - begun)
    seconds = time.perf_counter() - begun
    return Asked(
        rows=tuple(candidate.ranked.stored.passage.statement_id for candidate in trace.ranked[:DEPTH]),
        probability=trace.ranked[0].probability if trace.ranked else 0.0,
        answered=trace.answer.answered,
        seconds=seconds,
    )


def _summarize(benchmark: Benchmark, asked: Mapping[str, Asked]) -> dict[str, float | int | None]:
    right = [asked[f"a:{name}"] for name in benchmark.answerable]
    wrong = [asked[f"u:{name}"] for name in benchmark.unanswerable]
    rankings = {name: asked[f"a:{name}"].rows for name in benchmark.answerable}
    found = measure_rankings(MEASURES.values(), benchmark.relevant, rankings)
    milliseconds = [1000 * each.seconds for each in (*right, *wrong)]
    return {
        "passages": len(benchmark.corpus),
        "queries": len(right),
        **{name: round(found[measure], 4) for name, measure in MEASURES.items()},
        "unanswerable": len(wrong),
        "auroc": _measure_auroc(right, wrong),
        "refused_share": round(1 - _share_answered(wrong), 4) if wrong else None,
        "false_refusal_share": round(1 - _share_answered(right), 4),
        "query_ms_p50": round(float(np.percentile(milliseconds, 50)), 1),
        "query_ms_p95": round(float(np.percentile(milliseconds, 95)), 1),
    }


def _share_answered(asked: Sequence[Asked]) -> float:
    return sum(each.answered for each in asked) / len(asked)


def _measure_auroc(right: Sequence[Asked], wrong: Sequence[Asked]) -> float | None:
    """Return how often an answerable question looks better supported than an unanswerable one."""
    if not wrong:
        return None
    from sklearn.metrics import roc_auc_score

    labels = [1] * len(right) + [0] * len(wrong)
    return round(float(roc_auc_score(labels, [each.probability for each in (*right, *wrong)])), 4)


def _all_questions(benchmark: Benchmark) -> Iterator[tuple[str, Question]]:
    yield from ((f"a:{name}", question) for name, question in benchmark.answerable.items())
    yield from ((f"u:{name}", question) for name, question in benchmark.unanswerable.items())


def _draw(questions: dict[str, Question], limit: int | None) -> dict[str, Question]:
    if limit is None or limit >= len(questions):
        return questions
    names = random.Random(SEED).sample(sorted(questions), limit)  # noqa: S311 - a sample, not a secret
    return {name: questions[name] for name in names}


def _make_statement(row: Mapping[str, object]) -> SplitStatement:
    """Make a row of the corpus one passage, whatever its length."""
    name, text = str(row["id"]), str(row["text"])
    whole = Span(start=0, end=len(text))
    statement = Statement(
        statement_id=name,
        title=str(row.get("title") or name),
        issuer=None,
        date=None,
        place=None,
        language=None,
        source=name,
        url=None,
        sha256="",
        text=text,
    )
    passage = Passage(
        statement_id=name,
        paragraph=1,
        span=whole,
        sentences=tuple(split_sentences(text)) or (whole,),
        kind="body" if text.strip() else "publisher",  # what has no words cannot be quoted
    )
    return SplitStatement(statement=statement, passages=(passage,), fingerprint=name)


def _make_question(row: Mapping[str, object]) -> Question:
    history = row.get("history") or []
    earlier = tuple(
        str(turn["text"])
        for turn in (history if isinstance(history, list) else [])
        if isinstance(turn, dict) and turn.get("speaker") == "user" and "text" in turn
    )
    return Question(text=str(row["text"]), top=DEPTH, earlier=earlier)


def _read_rows(path: Path) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a JSON Lines file. Raises ChecksError, naming the line that is none."""
    seen: set[str] = set()
    for number, line in _read_lines(path):
        try:
            row = json.loads(line)
            # Half a character can be written in JSON, but neither searched for nor kept.
            json.dumps(row, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
            raise ChecksError(f"{path}, line {number}: not a JSON object with an id and a text.")
        if str(row["id"]) in seen:
            raise ChecksError(f"{path}, line {number}: the id {row['id']!r} is there twice.")
        seen.add(str(row["id"]))
        yield row


def _read_judgments(path: Path) -> dict[str, dict[str, int]]:
    """Read lines of query, corpus row and grade, parted by tabs; the first line may be a header."""
    relevant: dict[str, dict[str, int]] = {}
    for number, line in _read_lines(path):
        try:
            query, row, grade = line.split("\t")
            relevant.setdefault(query, {})[row] = int(grade)
        except ValueError:
            if number == 1:
                continue
            raise ChecksError(f"{path}, line {number}: not query_id, corpus_id and a whole grade.") from None
    return {query: grades for query, grades in relevant.items() if grades}


def _read_lines(path: Path) -> list[tuple[int, str]]:
    """Return the lines that are not blank, each with its number from 1."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise ChecksError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise ChecksError(f"{path} is not UTF-8.") from error
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
