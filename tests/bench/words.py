"""What the word search costs in archives of all sizes, and what it finds without the common terms.

    python tests/bench/words.py INDEX [FOLDER...] [--sizes 10000 100000 250000 1000000]

INDEX is an index that was built. Its passages are repeated with one word in ten changed for another one of
theirs until there are enough. A question is twelve words, other than function words, that follow each other
in a passage. FOLDER is a benchmark folder as `python -m qa bench --help` describes it: nDCG@10 of the word
search alone, with all terms and with the rarest that stand in so large a share of the passages together.
"""

import argparse
import itertools
import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from index import postings as index_postings
from index import words
from index.posting_lists import PostingChanges, create_posting_lists
from index.postings import Postings
from index.store import open_index
from index.terminal import say
from index.words import add_words, create_words, document_frequency, list_stems, search_words
from qa.bench import Benchmark, read_benchmark
from qa.function_words import FUNCTION_WORDS
from qa.measures import measure_rankings
from qa.retrieve import DEPTH

SIZES = (10_000, 100_000, 250_000, 1_000_000)
SHARES = (1.0, 0.3, 0.1, 0.05)
QUESTIONS = 40
QUESTION_WORDS = 12
CHANGED = 0.1
BATCH = 5_000
FORMATTER = argparse.RawDescriptionHelpFormatter
WORD = re.compile(r"\w+")


def read_passages(directory: Path) -> list[str]:
    """Return the texts of the passages of an index, each with its title as it is searched."""
    with open_index(directory) as index:
        ids = [
            passage_id
            for summary in index.statements()
            for passage_id in sorted(index.passage_ids(statement_id=summary.statement_id) or ())
        ]
        return [each.titled_text for each in index.passages(ids)]


def repeat(texts: Sequence[str], count: int) -> Iterator[str]:
    """Yield `count` texts: these, then these again with some of their words changed."""
    chance = random.Random(13)  # noqa: S311 - no secret
    every = [word for text in texts for word in WORD.findall(text)]

    def change(word: re.Match[str]) -> str:
        return chance.choice(every) if chance.random() < CHANGED else word[0]

    yield from texts[:count]
    for text in itertools.islice(itertools.cycle(texts), max(count - len(texts), 0)):
        yield WORD.sub(change, text)


def make_database(path: Path | str, texts: Iterator[str]) -> sqlite3.Connection:
    """Index texts, by numbers from 1."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(f"PRAGMA cache_size = -{64_000}")
    connection.execute("CREATE TABLE passages (passage_id INTEGER PRIMARY KEY, text TEXT)")
    create_words(connection, content="passages")
    create_posting_lists(connection)
    connection.execute("BEGIN")
    changes = PostingChanges(connection)
    numbered = enumerate(texts, start=1)
    while batch := list(itertools.islice(numbered, BATCH)):
        connection.executemany("INSERT INTO passages VALUES (?, ?)", batch)
        add_words(connection, batch, changes=changes)
    changes.file()
    connection.execute("COMMIT")
    return connection


def list_terms(text: str) -> list[str]:
    """Return the words of a text that are searched for."""
    return [word for word in WORD.findall(text) if word.casefold() not in FUNCTION_WORDS]


def draw_questions(texts: Sequence[str]) -> list[list[str]]:
    """Return the terms of questions, always of the same passages."""
    long = [terms for text in texts if len(terms := list_terms(text)) >= QUESTION_WORDS]
    return [terms[-QUESTION_WORDS:] for terms in random.Random(5).sample(long, QUESTIONS)]  # noqa: S311 - no secret


def time_each(call: Callable[[list[str]], object], questions: Sequence[list[str]]) -> str:
    """Return how many milliseconds a call took: the median, and what one in twenty exceeded."""
    taken = []
    for question in questions:
        start = time.perf_counter()
        call(question)
        taken.append(1000 * (time.perf_counter() - start))
    return f"{statistics.median(taken):7.1f} {statistics.quantiles(taken, n=20)[-1]:7.1f}"


def measure_cost(connection: sqlite3.Connection, size: int, questions: Sequence[list[str]]) -> None:
    """Print what each thing costs that a question may call."""
    fresh = Postings(connection, passages=size)
    ids = range(1, size + 1)
    dated = random.Random(7).sample(ids, size // 10)  # noqa: S311 - no secret

    def search(terms: list[str], within: Sequence[int] | None = None) -> object:
        return search_words(connection, terms, DEPTH, within, postings=fresh)

    def count_each(terms: list[str]) -> object:
        return [document_frequency(connection, term) for term in terms]

    measured: Mapping[str, Callable[[list[str]], object]] = {
        "all terms": lambda terms: search_words(connection, terms, DEPTH),
        "rarer terms, not counted before": search,
        "rarer terms, counted before": search,
        "in a tenth of the passages": lambda terms: search(terms, dated),
        "in 100 passages": lambda terms: search(terms, dated[:100]),
        "counting twelve terms": count_each,
        "all stems": lambda _: list_stems(connection),
    }
    say(f"{size} passages, ms: median, 95th percentile")
    for name, call in measured.items():
        say(f"  {name:32}{time_each(call, questions)}")


def measure_agreement(connection: sqlite3.Connection, size: int) -> None:
    """Print how much of what all terms find is found, for questions of words drawn from a passage."""
    postings = Postings(connection, passages=size)
    for length in (12, 6, 4):
        chance = random.Random(length)  # noqa: S311 - no secret
        shared: list[float] = []
        ranks: tuple[list[float], list[float]] = ([], [])
        while len(shared) < QUESTIONS:
            source = chance.randint(1, size)
            query = "SELECT text FROM passages WHERE passage_id = ?"
            terms = sorted(set(list_terms(connection.execute(query, (source,)).fetchone()[0])))
            if len(terms) < 2 * QUESTION_WORDS:
                continue
            asked = chance.sample(terms, length)
            every = [i for i, _ in search_words(connection, asked, 10)]
            found = [i for i, _ in search_words(connection, asked, DEPTH, postings=postings)][:10]
            shared.append(len(set(every) & set(found)) / max(len(every), 1))
            for ranking, of in zip((every, found), ranks, strict=True):
                of.append(1 / (1 + ranking.index(source)) if source in ranking else 0)
        means = [f"{statistics.mean(each):.3f}" for each in (shared, *ranks)]
        say(
            f"  {length} words: {means[0]} of the first ten found; "
            f"MRR@10 of their own passage {means[1]} by all terms, {means[2]} by the rarer first"
        )


def measure_quality(benchmark: Benchmark, name: str) -> None:
    """Print nDCG@10 with all terms, and without those that stand in too large a share of the passages."""
    texts = [f"{each.statement.title}\n{each.statement.text}" for each in benchmark.corpus]
    names = [each.statement.statement_id for each in benchmark.corpus]
    connection = make_database(":memory:", iter(texts))
    postings = Postings(connection, passages=len(texts))
    most, least = index_postings.MOST_POSTINGS, words.PRUNED_FROM
    words.PRUNED_FROM = 0
    for share in (None, *SHARES):
        index_postings.MOST_POSTINGS = int((share or 0) * len(texts))
        rankings = {
            query: [
                names[i - 1]
                for i, _ in search_words(
                    connection,
                    list_terms(question.text) or WORD.findall(question.text),
                    DEPTH,
                    postings=None if share is None else postings,
                )
            ]
            for query, question in benchmark.answerable.items()
        }
        measured = measure_rankings(("nDCG@10", "R@50"), benchmark.relevant, rankings)
        shown = ", ".join(f"{measure} {value:.4f}" for measure, value in measured.items())
        say(f"{name}, terms that stand in {f'{share:.0%} of' if share else 'all'} passages together: {shown}")
    index_postings.MOST_POSTINGS, words.PRUNED_FROM = most, least


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args()
    for folder in options.folders:
        measure_quality(read_benchmark(folder), folder.name)
    texts = read_passages(options.index)
    questions = draw_questions(texts)
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            connection = make_database(Path(folder) / "words.sqlite", repeat(texts, size))
            measure_cost(connection, size, questions)
            measure_agreement(connection, size)
            connection.close()


if __name__ == "__main__":
    main()
