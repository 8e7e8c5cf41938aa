"""How much each stage adds to the ranking, on the same questions.

    python tests/bench/stages.py FOLDER... [--limit N] [--work DIR]

FOLDER is one as for `python -m qa bench`. "Words" and "vectors" are the two searches alone, "fusion" is
what both find together, "cross-encoder" the order that it alone gives to the passages that it reads, and
"all" what the program ranks by. Questions are asked as they come, without what was asked before.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from index.encoder import Encoder, load_encoder
from index.store import Index, open_index
from index.types import BuildSettings
from qa.answer import Answerer
from qa.bench import DEPTH, MEASURES, Benchmark, index_corpus, read_benchmark
from qa.lexicon import Lexicon
from qa.measures import measure_rankings
from qa.question import read_question
from qa.retrieve import DEPTH as FOUND
from qa.retrieve import fuse
from qa.types import Question

Rankings = dict[str, list[str]]


def main() -> None:
    """Measure, and print one line a folder and stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--limit", type=int, default=None, help="questions of each folder")
    parser.add_argument("--work", type=Path, help="where the folders' indexes are kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for folder in options.folders:
            benchmark = read_benchmark(folder, limit=options.limit)
            directory = (options.work or Path(temporary)) / folder.name
            index_corpus(benchmark.corpus, directory, BuildSettings())
            for stage, rankings in rank_by_stages(benchmark, directory).items():
                found = measure_rankings(MEASURES.values(), benchmark.relevant, rankings)
                shown = "  ".join(f"{measure} {found[measure]:.4f}" for measure in MEASURES.values())
                print(f"{folder.name}  {len(rankings)} questions  {stage:13}  {shown}")  # noqa: T201


def rank_by_stages(benchmark: Benchmark, directory: Path) -> dict[str, Rankings]:
    """Return the rows that each stage finds for each question, best first."""
    stages: dict[str, Rankings] = {
        stage: {} for stage in ("words", "vectors", "fusion", "cross-encoder", "all")
    }
    answerer = Answerer.open(directory)
    with open_index(directory) as index:
        encoder = load_encoder(index.manifest.settings.embedder)
        lexicon = Lexicon.of(index)
        for name, question in benchmark.answerable.items():
            alone = Question(text=question.text, top=DEPTH)
            for stage, ids in search(index, encoder, lexicon, alone).items():
                passages = index.passages(ids[:DEPTH])
                stages[stage][name] = [passage.passage.statement_id for passage in passages]
            ranked = [each.ranked for each in answerer.trace(alone).ranked]
            by_logit = sorted(ranked, key=lambda candidate: -candidate.logit)
            for stage, order in (("cross-encoder", by_logit), ("all", ranked)):
                stages[stage][name] = [each.stored.passage.statement_id for each in order[:DEPTH]]
    return stages


def search(index: Index, encoder: Encoder, lexicon: Lexicon, question: Question) -> dict[str, Sequence[int]]:
    """Return the passages that each search, and both together, find for a question."""
    wordings = read_question(question, lexicon).wordings
    near = [index.search_vectors(encoder.encode_question(each.text), FOUND, None) for each in wordings]
    overlapping = [index.search_words(each.names, FOUND, None) for each in wordings]
    return {
        "words": [passage for passage, _ in overlapping[0]],
        "vectors": [passage for passage, _ in near[0]],
        "fusion": [hit.passage_id for hit in fuse(zip(near, overlapping, strict=True))],
    }


if __name__ == "__main__":
    main()
