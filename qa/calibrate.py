"""Fit what makes a passage an answer, on questions whose answers are known: python -m qa.calibrate FOLDER...

Prints the weights that qa/support.py ships, and how far they can be trusted; changes nothing by itself.
"""

import argparse
import dataclasses
import itertools
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.console import shown_progress
from index.errors import ChecksError, QuestionError, StatementsError
from index.store import DEFAULT_INDEX
from index.terminal import say
from index.types import BuildSettings
from qa.answer import Answerer
from qa.bench import index_corpus, read_benchmark
from qa.checks import find_relevant, read_checks
from qa.support import ANSWERS_FROM, BY_HAND, Signals, estimate_probability
from qa.types import Question

SIGNALS = tuple(field.name for field in dataclasses.fields(Signals))
REGULARISATION = 10.0
BINS = 5


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Questions and the index that they are asked of; what answers each, None if nothing does."""

    name: str
    index: Path
    questions: tuple[tuple[Question, frozenset[str] | None], ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The signals of the passage that came first, and whether it answers."""

    source: str
    question: str
    signals: Signals
    answerable: bool
    right: bool


def read_folder(folder: Path, work: Path, *, limit: int | None) -> Source:
    """Read a benchmark folder, and bring its index in `work` up to date."""
    benchmark = read_benchmark(folder, limit=limit)
    directory = work / folder.name
    with shown_progress() as progress:
        index_corpus(benchmark.corpus, directory, BuildSettings(), progress=progress)
    answerable = [
        (question, frozenset(benchmark.relevant[name])) for name, question in benchmark.answerable.items()
    ]
    unanswerable = [(question, None) for question in benchmark.unanswerable.values()]
    return Source(name=folder.name, index=directory, questions=(*answerable, *unanswerable))


def read_checks_file(file: Path, index: Path) -> Source:
    """Read a checks file of the index that it is about."""
    answerer = Answerer.open(index)
    questions = [
        (
            Question(text=check.question),
            frozenset(find_relevant(answerer, check)) if check.quotes else None,
        )
        for check in read_checks(file).checks
    ]
    return Source(name=file.name, index=index, questions=tuple(questions))


def set_apart(sources: Sequence[Source], indexes: Sequence[Path], *, limit: int) -> Iterator[Source]:
    """Yield `limit` questions of each source to be asked of each other index, which does not answer them."""
    for source, index in itertools.product(sources, dict.fromkeys(indexes)):
        if index != source.index:
            answerable = [question for question, relevant in source.questions if relevant is not None]
            yield Source(
                name=f"{source.name} of {index.name}",
                index=index,
                questions=tuple((question, None) for question in answerable[:limit]),
            )


def ask(source: Source) -> Iterator[Example]:
    """Ask the questions of a source; one that cannot be asked, or finds nothing, is left out."""
    answerer = Answerer.open(source.index)
    for question, relevant in source.questions:
        try:
            ranked = answerer.trace(question).ranked
        except QuestionError:
            continue
        if ranked:
            stored = ranked[0].ranked.stored
            found = {str(stored.passage_id), stored.passage.statement_id}
            yield Example(
                source=source.name,
                question=question.text,
                signals=ranked[0].signals,
                answerable=relevant is not None,
                right=relevant is not None and bool(found & relevant),
            )


def fit(examples: Sequence[Example]) -> tuple[Signals, float]:
    """Return the weights and the bias of a logistic regression, each source counting the same in all.

    The weights that were set by hand are left out, as 0.
    """
    from sklearn.linear_model import LogisticRegression

    sources = [example.source for example in examples]
    model = LogisticRegression(C=REGULARISATION, max_iter=5000).fit(
        _matrix(examples),
        [example.right for example in examples],
        sample_weight=[len(examples) / sources.count(source) / len(set(sources)) for source in sources],
    )
    rounded = {name: round(float(weight), 2) for name, weight in zip(SIGNALS, model.coef_[0], strict=True)}
    return Signals(**rounded), round(float(model.intercept_[0]), 2)


def held_out_probabilities(examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    """Return the probability of each example by weights fitted on examples of other sources.

    Where there is one source only, they are fitted on its other half.
    """
    folds = [example.source for example in examples]
    if len(set(folds)) == 1:
        folds = [str(position % 2) for position in range(len(examples))]
    probabilities = np.zeros(len(examples))
    for fold in set(folds):
        weights, bias = fit(
            [example for example, other in zip(examples, folds, strict=True) if other != fold]
        )
        for position, example in enumerate(examples):
            if folds[position] == fold:
                probabilities[position] = estimate_probability(example.signals, weights=weights, bias=bias)
    return probabilities


def summarize(examples: Sequence[Example], probabilities: Sequence[float]) -> Mapping[str, object]:
    """Return AUROC, reliability and the shares refused and answered wrongly, by source."""
    from sklearn.metrics import brier_score_loss, roc_auc_score

    numbers: dict[str, object] = {}
    for source in sorted({example.source for example in examples}):
        own = [
            (example, probability)
            for example, probability in zip(examples, probabilities, strict=True)
            if example.source == source
        ]
        right = [example.right for example, _ in own]
        given = [probability for _, probability in own]
        shares: dict[str, object] = {
            strictness: {
                "refused_wrongly": _share(p < threshold for e, p in own if e.answerable),
                "answered_wrongly": _share(p >= threshold for e, p in own if not e.answerable),
            }
            for strictness, threshold in ANSWERS_FROM.items()
        }
        numbers[source] = {
            "questions": len(own),
            "auroc": round(float(roc_auc_score(right, given)), 3) if len(set(right)) > 1 else None,
            "brier": round(float(brier_score_loss(right, given)), 3),
            **shares,
        }
    return numbers


def draw(examples: Sequence[Example], probabilities: npt.NDArray[np.float64], file: Path) -> None:
    """Draw reliability and the trade-off between refusing and answering wrongly. Needs matplotlib."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    reliability, trade = figure.subplots(1, 2)
    right = np.array([example.right for example in examples])
    edges = np.quantile(probabilities, np.linspace(0, 1, BINS + 1))
    bins = np.clip(np.searchsorted(edges, probabilities, side="right") - 1, 0, BINS - 1)
    said = [probabilities[bins == number].mean() for number in range(BINS)]
    was = [right[bins == number].mean() for number in range(BINS)]
    reliability.plot([0, 1], [0, 1], color="0.7")
    reliability.plot(said, was, marker="o")
    reliability.set(xlabel="probability given", ylabel="share that answered", title="Reliability")
    thresholds = np.linspace(0, 1, 101)
    for source in sorted({example.source for example in examples}):
        own = np.array([example.source == source for example in examples])
        able = np.array([example.answerable for example in examples])
        refused = [float((probabilities[own & able] < t).mean()) for t in thresholds]
        answered = [float((probabilities[own & ~able] >= t).mean()) for t in thresholds]
        trade.plot(refused, answered, label=source)
    trade.set(xlabel="answerable, refused", ylabel="unanswerable, answered", title="Trade-off")
    trade.legend()
    figure.savefig(file)


def main(arguments: Sequence[str] | None = None) -> int:
    """Collect, fit and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m qa.calibrate", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*", help="benchmark folders")
    parser.add_argument(
        "--checks", type=Path, action="append", default=[], help="a checks file about the index"
    )
    parser.add_argument(
        "--index", type=Path, default=DEFAULT_INDEX, help="the index that the checks are about"
    )
    parser.add_argument("--limit", type=int, default=60, help="questions of each kind from each folder")
    parser.add_argument(
        "--apart",
        type=int,
        default=0,
        help="questions of each source to ask of each other index, which is taken not to answer them",
    )
    parser.add_argument(
        "--others", type=Path, nargs="*", default=[], help="further indexes for questions set apart"
    )
    parser.add_argument("--work", type=Path, help="where the folders' indexes are kept")
    parser.add_argument(
        "--examples", type=Path, help="JSON file to keep the signals in, or to read them from"
    )
    parser.add_argument("--plot", type=Path, help="SVG file to draw")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            examples = _read_examples(options.examples) or list(
                _collect(options, options.work or Path(temporary))
            )
    except StatementsError as error:
        say(str(error), sys.stderr)
        return 1
    if options.examples:
        options.examples.write_text(json.dumps(to_rows(examples), indent=1), encoding="utf-8")
    weights, bias = fit(examples)
    probabilities = held_out_probabilities(examples)
    numbers = {
        "weights": dataclasses.asdict(weights),
        "bias": bias,
        **summarize(examples, list(probabilities)),
    }
    print(json.dumps(numbers, indent=1))
    if options.plot:
        draw(examples, probabilities, options.plot)
    return 0


def _collect(options: argparse.Namespace, work: Path) -> Iterator[Example]:
    if not options.checks and not options.folders:
        raise ChecksError("There is nothing to fit on. Name a benchmark folder, or a file with --checks.")
    sources = [
        *(read_checks_file(file, options.index) for file in options.checks),
        *(read_folder(folder, work, limit=options.limit) for folder in options.folders),
    ]
    indexes = [*(source.index for source in sources), *options.others]
    for source in (*sources, *set_apart(sources, indexes, limit=options.apart)):
        yield from ask(source)


def to_rows(examples: Sequence[Example]) -> list[dict[str, object]]:
    """Return examples as they are kept in a file."""
    return [dataclasses.asdict(example) for example in examples]


def _read_examples(file: Path | None) -> list[Example]:
    """Read the examples that an earlier run kept; none if there is no such file."""
    if file is None or not file.exists():
        return []
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return [Example(**{**row, "signals": Signals(**row["signals"])}) for row in rows]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ChecksError(f"{file} holds no examples as this command keeps them. Remove it.") from error


def _matrix(examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    left_out = dict.fromkeys(BY_HAND, 0.0)
    return np.array(
        [dataclasses.astuple(dataclasses.replace(example.signals, **left_out)) for example in examples]
    )


def _share(flags: Iterable[bool]) -> float | None:
    counted = list(flags)
    return round(sum(counted) / len(counted), 3) if counted else None


if __name__ == "__main__":
    sys.exit(main())
