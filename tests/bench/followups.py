"""How much of what a person adds to a question in a conversation the program adds by itself.

    python tests/bench/followups.py FOLDER [--distractors N]

FOLDER is one as for `python -m qa bench`, whose queries have a `history` and a `rewrite`, as MT-RAG's have.
Each question that a person has reworded to stand alone is asked as it came, completed from the earlier ones,
and as reworded; of the first stage alone, without a cross-encoder. The corpus is the passages that
answer one of the questions, and as many others as asked for, drawn at random. Half of the conversations
were looked at while `qa.dependence` and `qa.followup` were written; numbers are given for both halves.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from index.encoder import Encoder, load_encoder
from index.rows import SplitStatement
from index.store import Index, open_index
from index.types import BuildSettings
from qa.bench import MEASURES, SEED, Benchmark, index_corpus, read_benchmark
from qa.followup import carry_over
from qa.lexicon import Lexicon
from qa.measures import measure_rankings
from qa.question import Search, read_question
from qa.retrieve import retrieve
from qa.types import Question

DEPTH = 20
SHOWN = (MEASURES["ndcg@10"], f"R@{DEPTH}")
# Of the conversations, sorted and then shuffled by this seed, every second one was looked at.
HALVES_SEED = 5

Rankings = Mapping[str, Sequence[str]]


def main() -> None:
    """Measure and print one line a half and wording."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--distractors", type=int, default=1000, metavar="N", help="passages that answer nothing"
    )
    options = parser.parse_args()
    benchmark = read_benchmark(options.folder)
    reworded = read_rewordings(options.folder, benchmark)
    looked_at = draw_half(reworded)
    settings = BuildSettings()
    with tempfile.TemporaryDirectory() as directory:
        index_corpus(draw_corpus(benchmark, reworded, options.distractors), Path(directory), settings)
        encoder = load_encoder(settings.embedder)
        with open_index(Path(directory)) as index:
            runs = ask_in_every_wording(index, encoder, benchmark, reworded)
    for half, names in (("looked at", looked_at), ("held out", reworded.keys() - looked_at)):
        relevant = {name: benchmark.relevant[name] for name in names}
        for wording, run in runs.items():
            found = measure_rankings(SHOWN, relevant, {name: run[name] for name in names})
            shown = "  ".join(f"{measure} {found[measure]:.4f}" for measure in SHOWN)
            print(f"{half}  {len(names)} questions  {wording:12}  {shown}")  # noqa: T201 - a command


def read_rewordings(folder: Path, benchmark: Benchmark) -> dict[str, str]:
    """Return the rewording of each judged question that has one, and something before it."""
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {str(row["id"]): row for row in map(json.loads, lines)}
    return {
        name: str(rows[name]["rewrite"])
        for name, question in benchmark.answerable.items()
        if question.earlier and rows[name].get("rewrite")
    }


def draw_half(names: Mapping[str, str]) -> set[str]:
    """Return the questions of the conversations that were looked at."""
    conversations = sorted({name.partition("<")[0] for name in names})
    random.Random(HALVES_SEED).shuffle(conversations)  # noqa: S311 - a sample, not a secret
    looked_at = set(conversations[::2])
    return {name for name in names if name.partition("<")[0] in looked_at}


def draw_corpus(benchmark: Benchmark, names: Mapping[str, str], distractors: int) -> list[SplitStatement]:
    """Return the rows that answer one of the questions, and up to so many others."""
    wanted = {row for name in names for row in benchmark.relevant[name]}
    others = [row for row in benchmark.corpus if row.statement.statement_id not in wanted]
    drawn = random.Random(SEED).sample(others, min(distractors, len(others)))  # noqa: S311 - a sample
    return [row for row in benchmark.corpus if row.statement.statement_id in wanted] + drawn


def ask_in_every_wording(
    index: Index, encoder: Encoder, benchmark: Benchmark, reworded: Mapping[str, str]
) -> dict[str, Rankings]:
    """Return the rows found for each question, by wording."""
    lexicon = Lexicon.of(index)

    def read(text: str) -> Search:
        return read_question(Question(text=text), lexicon)

    def complete(name: str) -> Search:
        question = benchmark.answerable[name]
        earlier = [read(text) for text in question.earlier if any(map(str.isalnum, text))]
        return carry_over(read(question.text), earlier)

    wordings: dict[str, Callable[[str], Search]] = {
        "as asked": lambda name: read(benchmark.answerable[name].text),
        "carried over": complete,
        "by a person": lambda name: read(reworded[name]),
    }
    return {
        wording: {name: find_rows(index, encoder, make_search(name)) for name in reworded}
        for wording, make_search in wordings.items()
    }


def find_rows(index: Index, encoder: Encoder, search: Search) -> tuple[str, ...]:
    """Return the rows of the passages found first."""
    hits = retrieve(index, encoder, search, limit=DEPTH)
    passages = index.passages([hit.passage_id for hit in hits])
    return tuple(passage.passage.statement_id for passage in passages)


if __name__ == "__main__":
    main()
