"""Teach the carried cross-encoder what answers a question of statements, and what only seems to.

    python tests/bench/taught/teach.py STATEMENTS... --questions FILE... [--benchmark FOLDER]... [--out FILE]

The files of questions beside this one have six on each of some passages of the STATEMENTS, from the fourth on
sixteen: half that sentences of the passage answer (`s` has their numbers, from 1), half that nothing in it
answers though they are about the same. They were written by a language model that saw the passage and what
stands around it; the program has none. Of the sixteen each has its mirror: a question of the same form, in
as many of the passage's words, of the other kind. Without them a model learns from the form alone which are
answered. The seventh and the eighth are about couples of statements that have much in common: 48 questions
on each couple, half of them answered, each with all passages of both that do (`a`: A or B for the statement,
the passage's number from 0, the numbers of its sentences). They are paired with these and with the nearest of
the others. From benchmark folders, as `python -m qa bench` reads them, come questions of other kinds, but
none of those that `--limit` 40, 60 or 80 draws there: they stay for measuring. Each that is answered is
paired with what is nearest to it beside the passage that answers, too, and some with what is nearest among
texts about something else.

What is learnt is added to the matrices of all layers as a product of two thin ones (LoRA, see
`index.adapter`). The loss is that with which the model was made: binary cross-entropy of its logit. Tells how
well answers are told from the rest on the passages that are held out, before and after each epoch. With
``--epochs 0 --held-out 1`` it only does that. BENCHMARKS.md has the commands that made the file that is
shipped.
"""

import argparse
import dataclasses
import functools
import itertools
import json
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import torch  # noqa: TID253 - this script is about nothing else
from safetensors.torch import load_file, save_file
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import roc_auc_score
from torch import nn  # noqa: TID253
from transformers import AutoTokenizer, BertForSequenceClassification  # noqa: TID253

from index.adapter import DOWN, UP
from index.metadata import describe_statement
from index.models import find_model
from index.passages import split_passages
from index.readers import read_file
from index.seeds import find_seeds
from qa.bench import read_benchmark

BASE = "ms-marco-minilm"
RANK, WARM_UP, BATCH, MAX_TOKENS = 16, 50, 16, 400
UNSURE = 0.05
"""What another sentence of the passage, or one beside it, is taken for: a few of them answer as well."""
MEASURED = (40, 60, 80)
NEAREST, ACROSS = 3, 400
HAS_BFLOAT16 = torch.backends.cpu.get_cpu_capability() == "AVX512"
"""Whether the processor most likely reckons in bfloat16: those with AVX-512 that are still sold do."""

Row = dict[str, Any]
Kind = Literal["answer", "near miss", "beside", "elsewhere", "sentence"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A passage as the cross-encoder reads it, and its sentences."""

    text: str
    sentences: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question and a text that answers it (`target` 1) or does not (0), with its weight in the loss."""

    question: str
    text: str
    target: float
    weight: float
    kind: Kind
    held_out: bool = False


# Questions and texts


class Nearness:
    """Texts by name, and which of them share the rarest words with a question."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._names = {name: row for row, name in enumerate(texts)}
        self._words = TfidfVectorizer(sublinear_tf=True, stop_words="english")
        self._rows = self._words.fit_transform(texts.values())

    def order(self, question: str, names: Sequence[str]) -> list[str]:
        """Return these names, that of the text which is nearest first."""
        rows = self._rows[[self._names[name] for name in names]]
        shared = (rows @ self._words.transform([question]).T).toarray()[:, 0]
        return [names[row] for row in (-shared).argsort()]

    def find_nearest(self, question: str, others: Sequence[str]) -> str:
        """Return which of other texts is nearest."""
        shared = self._words.transform(others) @ self._words.transform([question]).T
        return others[int(shared.toarray().argmax())]


def read_passages(folders: Sequence[Path], statement_ids: set[str]) -> Mapping[str, Passage]:
    """Return the passages of statements by id: that of the statement, ``#``, the passage's number from 0."""
    passages = {}
    for file in itertools.chain.from_iterable(find_seeds(folder).statements for folder in folders):
        if file.statement_id not in statement_ids:
            continue
        raw = read_file(file.path)[0]
        statement = describe_statement(
            raw, statement_id=file.statement_id, source=file.source, sidecar=file.sidecar
        )
        body = [passage for passage in split_passages(statement) if passage.kind == "body"]
        for number, each in enumerate(body):
            words = statement.text[each.span.start : each.span.end].strip()
            passages[f"{file.statement_id}#{number}"] = Passage(
                text=f"{statement.title}\n{words}",
                sentences=tuple(statement.text[one.start : one.end].strip() for one in each.sentences),
            )
    return passages


def pair_statements(
    folders: Sequence[Path], of_files: Sequence[Row], drawn: random.Random, *, held_out: int
) -> Iterator[Pair]:
    """Pair questions about statements with passages and sentences that answer, and with such as do not."""
    rows = [{"id": row["id"], **asked} for row in of_files for asked in row["asked"]]
    passages = read_passages(folders, {row["id"].rpartition("#")[0] for row in rows})
    rows = [row for row in rows if row["id"] in passages]
    asked = list(dict.fromkeys(row["id"] for row in rows))
    kept_out = set(asked[::held_out])
    by_statement: dict[str, list[str]] = {}
    for name in passages:
        by_statement.setdefault(name.rpartition("#")[0], []).append(name)
    nearness = Nearness({name: passage.text for name, passage in passages.items()})
    for row in rows:
        passage = passages[row["id"]]
        pair = functools.partial(Pair, question=row["q"], held_out=row["id"] in kept_out)
        several = len(passage.sentences) > 1
        if not row["s"]:
            yield pair(text=passage.text, target=0, weight=1.3, kind="near miss")
            if several:
                nearest = nearness.find_nearest(row["q"], passage.sentences)
                yield pair(text=nearest, target=0, weight=0.7, kind="sentence")
            continue
        yield pair(text=passage.text, target=1, weight=1, kind="answer")
        own = by_statement[row["id"].rpartition("#")[0]]
        beside = [name for name in nearness.order(row["q"], own) if name != row["id"]][:NEAREST]
        if beside:
            yield pair(text=passages[drawn.choice(beside)].text, target=UNSURE, weight=0.8, kind="beside")
        other = next(name for name in nearness.order(row["q"], asked) if name not in own)
        yield pair(text=passages[other].text, target=0, weight=0.7, kind="elsewhere")
        if several:
            answering = [passage.sentences[number - 1] for number in row["s"]]
            yield pair(text=drawn.choice(answering), target=1, weight=0.7, kind="sentence")
            rest = [sentence for sentence in passage.sentences if sentence not in answering]
            if rest:
                yield pair(text=drawn.choice(rest), target=UNSURE, weight=0.5, kind="sentence")


def pair_couples(
    folders: Sequence[Path], rows: Sequence[Row], drawn: random.Random, *, besides: int, held_out: bool
) -> Iterator[Pair]:
    """Pair questions about two statements with the passages of both that answer, and with the nearest.

    Each that is answered is paired with so many `besides`.
    """
    passages = read_passages(folders, {each for row in rows for each in row["couple"]})
    nearness = Nearness({name: passage.text for name, passage in passages.items()})
    for row in rows:
        letters = dict(zip("AB", row["couple"], strict=True))
        own = [name for name in passages if name.rpartition("#")[0] in row["couple"]]
        for asked in row["asked"]:
            answering = {f"{letters[label[0]]}#{label[1:]}": said for label, said in asked["a"].items()}
            nearest = [name for name in nearness.order(asked["q"], own) if name not in answering]
            pair = functools.partial(Pair, question=asked["q"], held_out=held_out)
            for name, numbers in answering.items():
                sentences = passages[name].sentences
                yield pair(text=passages[name].text, target=1, weight=1, kind="answer")
                if len(sentences) > 1 and drawn.random() < 0.5:
                    said = sentences[drawn.choice(numbers) - 1]
                    yield pair(text=said, target=1, weight=0.7, kind="sentence")
            if answering:
                for name in drawn.sample(nearest[:NEAREST], min(besides, len(nearest))):
                    yield pair(text=passages[name].text, target=0, weight=1, kind="beside")
            else:
                other = drawn.choice(nearest[:2])
                yield pair(text=passages[other].text, target=0, weight=1.3, kind="near miss")


def pair_benchmark(folder: Path, drawn: random.Random, *, limit: int) -> Iterator[Pair]:
    """Pair questions of a benchmark folder with the passage that they were asked of, and with the nearest."""
    parts = [read_benchmark(folder, limit=number) for number in MEASURED]
    measured = {
        question.text
        for part in parts
        for question in (*part.answerable.values(), *part.unanswerable.values())
    }
    corpus = {
        row["id"]: f"{row['title']}\n{row['text'].strip()}" for row in read_rows(folder / "corpus.jsonl")
    }
    nearness = Nearness(corpus)
    lines = (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]
    of_question = dict(line.split("\t")[:2] for line in lines)

    def draw(file: str) -> Iterator[Row]:
        left = [row for row in read_rows(folder / file) if row["text"] not in measured]
        yield from drawn.sample(left, min(limit, len(left)))

    for row in draw("queries.jsonl"):
        own = of_question.get(row["id"])
        if own is None:
            continue
        yield Pair(question=row["text"], text=corpus[own], target=1, weight=0.8, kind="answer")
        nearest = [name for name in nearness.order(row["text"], list(corpus)) if name != own]
        answers = [str(words) for words in row.get("answer") or ()]
        without = [name for name in nearest if not any(words in corpus[name] for words in answers)][:NEAREST]
        for other in drawn.sample(without, min(2, len(without))):
            yield Pair(question=row["text"], text=corpus[other], target=0, weight=0.7, kind="beside")
    for row in draw("unanswerable.jsonl"):
        given = row["meta"].get("written_on") or row["meta"]["given_passage"]
        yield Pair(question=row["text"], text=corpus[given], target=0, weight=0.8, kind="near miss")


def pair_across(parts: Sequence[Sequence[Pair]], drawn: random.Random) -> Iterator[Pair]:
    """Pair questions of each part with what comes nearest in the others, which is about something else."""
    for part in parts:
        texts = sorted({each.text for other in parts if other is not part for each in other})
        questions = sorted({each.question for each in part if not each.held_out})
        if not texts:
            continue
        nearness = Nearness({text: text for text in texts})
        for question in drawn.sample(questions, min(ACROSS, len(questions))):
            nearest = nearness.order(question, texts)[0]
            yield Pair(question=question, text=nearest, target=0, weight=0.5, kind="elsewhere")


def read_rows(file: Path) -> list[Row]:
    """Read a file of one JSON object a line."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


# What is taught


class Thin(nn.Module):
    """A layer to whose matrix, of shape (out, in), the product of (out, rank) and (rank, in) is added."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        out, into = layer.weight.shape
        self.layer = layer
        self.up = nn.Parameter(torch.zeros(out, RANK))
        self.down = nn.Parameter(torch.randn(RANK, into) / into**0.5)

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """Return what the layer gives, and what the product does."""
        result: torch.Tensor = self.layer(given) + given @ self.down.T @ self.up.T
        return result


class Pupil:
    """The cross-encoder, of which only what is added to it learns."""

    def __init__(self, start: Path | None = None) -> None:
        folder = find_model(BASE, kind="reranker").path
        self.model = BertForSequenceClassification.from_pretrained(folder).eval()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model.requires_grad_(requires_grad=False)
        known = load_file(start) if start else {}
        self.learnt: dict[str, Thin] = {}
        for name, module in list(self.model.named_modules()):
            if isinstance(module, nn.Linear) and name != "classifier":
                parent, _, own = name.rpartition(".")
                thin = self.learnt[name] = Thin(module)
                if name + UP in known:
                    thin.up = nn.Parameter(known[name + UP].float())
                    thin.down = nn.Parameter(known[name + DOWN].float())
                setattr(self.model.get_submodule(parent), own, thin)
        self.parameters = [each for each in self.model.parameters() if each.requires_grad]

    def judge(self, batch: Sequence[Pair]) -> torch.Tensor:
        """Return the logit of each. In bfloat16 it takes half of the time, where the processor can.

        Where it cannot, it takes many times as long.
        """
        tokens = self.tokenizer(
            [pair.question for pair in batch],
            [pair.text for pair in batch],
            truncation="only_second",
            max_length=MAX_TOKENS,
            padding=True,
            return_tensors="pt",
        )
        with torch.autocast("cpu", torch.bfloat16, enabled=HAS_BFLOAT16):
            logits: torch.Tensor = self.model(**tokens).logits
        return logits[:, 0].float()

    def write(self, file: Path) -> None:
        """Write what was learnt, in half precision, as `index.adapter` reads it."""
        parts = {}
        for name, thin in self.learnt.items():
            parts[name + UP], parts[name + DOWN] = thin.up.detach().half(), thin.down.detach().half()
        save_file(parts, file)


def teach(
    pupil: Pupil, lessons: Sequence[Pair], held_out: Sequence[Pair], *, epochs: int, rate: float
) -> None:
    """Go through `lessons` so many times, with a rate that rises for some steps and then falls to nothing."""
    optimizer = torch.optim.AdamW(pupil.parameters, lr=rate, weight_decay=0.01)
    steps = epochs * -(-len(lessons) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / steps)
    )
    for epoch in range(epochs):
        for number, batch in enumerate(_shuffled_batches(lessons, random.Random(epoch))):  # noqa: S311 - an order
            if number % 50 == 0:
                say(f"{number * BATCH} of {len(lessons)}")
            target = torch.tensor([each.target for each in batch], dtype=torch.float32)
            weight = torch.tensor([each.weight for each in batch], dtype=torch.float32)
            loss = nn.functional.binary_cross_entropy_with_logits(
                pupil.judge(batch), target, weight=weight / weight.mean()
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # PyTorch's
            nn.utils.clip_grad_norm_(pupil.parameters, 1.0)
            optimizer.step()
            schedule.step()
        say(f"epoch {epoch + 1}: {examine(pupil, held_out)}")


@torch.no_grad()
def examine(pupil: Pupil, held_out: Sequence[Pair]) -> str:
    """Tell the AUROC of passages that answer against near misses and other passages, and of sentences."""
    by_length = sorted(held_out, key=lambda pair: len(pair.text))
    logits = torch.cat([pupil.judge(batch) for batch in _batches(by_length)] or [torch.empty(0)]).tolist()
    told = []
    for kind in KINDS[1:]:
        against = kind if kind == "sentence" else "answer"
        own = [
            (pair.target > UNSURE, logit)
            for pair, logit in zip(by_length, logits, strict=True)
            if pair.kind in {kind, against}
        ]
        if len({is_answer for is_answer, _ in own}) > 1:
            score = roc_auc_score([is_answer for is_answer, _ in own], [logit for _, logit in own])
            told.append(f"{kind} {score:.3f}")
    return ", ".join(told)


def _batches(pairs: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
    for start in range(0, len(pairs), BATCH):
        yield pairs[start : start + BATCH]


def _shuffled_batches(lessons: Sequence[Pair], drawn: random.Random) -> Iterator[Sequence[Pair]]:
    """Yield batches in any order, each of lessons of about the same length."""
    shuffled = drawn.sample(lessons, len(lessons))
    for start in range(0, len(shuffled), 20 * BATCH):
        part = sorted(shuffled[start : start + 20 * BATCH], key=lambda pair: len(pair.text))
        batches = list(_batches(part))
        yield from drawn.sample(batches, len(batches))


def main() -> None:
    """Read, teach, examine and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="STATEMENTS")
    parser.add_argument("--benchmark", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--limit", type=int, default=400, help="questions of each kind of a benchmark")
    parser.add_argument(
        "--questions", type=Path, nargs="+", required=True, help="JSON Lines files of questions"
    )
    parser.add_argument("--examined", type=Path, nargs="+", default=[], help="such files to measure by only")
    for kind in KINDS:
        name = kind.replace(" ", "-")
        parser.add_argument(
            f"--{name}", type=float, default=1.0, metavar="SHARE", help="of such pairs, but for couples"
        )
    parser.add_argument("--besides", type=int, default=2, metavar="N", help="pairs of that kind, for couples")
    parser.add_argument("--held-out", type=int, default=9, metavar="N", help="one passage in so many")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--rate", type=float, default=4e-4, help="the greatest, of learning")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, help="safetensors file of an earlier run to go on from")
    parser.add_argument("--out", type=Path, help="safetensors file to write")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    drawn = random.Random(options.seed)  # noqa: S311 - a sample, not a secret
    asked = list(itertools.chain.from_iterable(map(read_rows, options.questions)))
    examined = list(itertools.chain.from_iterable(map(read_rows, options.examined)))
    of_passages = [row for row in asked if "id" in row]
    parts = []
    if of_passages:
        parts.append(list(pair_statements(options.folders, of_passages, drawn, held_out=options.held_out)))
    parts += [list(pair_benchmark(folder, drawn, limit=options.limit)) for folder in options.benchmark]
    parts.append(list(pair_across(parts, drawn)))
    shares = {kind: getattr(options, kind.replace(" ", "_")) for kind in KINDS}
    pairs = [
        pair
        for pair in itertools.chain.from_iterable(parts)
        if pair.held_out or drawn.random() < shares[pair.kind]
    ]
    for rows, aside in ((asked, False), (examined, True)):
        couples = [row for row in rows if "couple" in row]
        pairs += pair_couples(options.folders, couples, drawn, besides=options.besides, held_out=aside)
    began = time.perf_counter()
    pupil = Pupil(options.start)
    lessons = [pair for pair in pairs if not pair.held_out]
    held_out = [pair for pair in pairs if pair.held_out]
    say(f"{len(lessons)} pairs to learn from, {len(held_out)} held out")
    say(f"before: {examine(pupil, held_out)}")
    if not lessons or not options.epochs:
        return
    teach(pupil, lessons, held_out, epochs=options.epochs, rate=options.rate)
    say(f"{time.perf_counter() - began:.0f} s")
    if options.out:
        pupil.write(options.out)


def say(text: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
