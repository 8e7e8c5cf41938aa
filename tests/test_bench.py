"""A benchmark folder asked from end to end."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.errors import ChecksError
from index.types import BuildSettings
from qa.bench import Benchmark, read_benchmark, run_benchmark

KEYS = {
    *(
        "passages",
        "queries",
        "ndcg@10",
        "recall@5",
        "mrr@10",
        "p@1",
        "unanswerable",
        "auroc",
        "refused_share",
    ),
    *("false_refusal_share", "build_seconds", "passages_per_second", "query_ms_p50", "query_ms_p95"),
}
CORPUS = [{"id": "r1", "title": "One", "text": "Whales were counted. There were nine of them."}]
QUERIES: list[dict[str, object]] = [
    {"id": "found", "text": "Whales were counted"},
    {"id": "elsewhere", "text": "Whales were counted"},
    {"id": "half", "text": "Whales were counted"},
    {"id": "unaskable", "text": "???"},
]
JUDGMENTS = ["found\tr1\t1", "elsewhere\tgone\t1", "half\tr1\t1", "half\tgone\t1", "unaskable\tr1\t1"]
HEADER = "query_id\tcorpus_id\tgrade"


def write_rows(path: Path, rows: Sequence[object]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a benchmark of which every number is known: its one row is found whatever is asked."""
    folder = tmp_path / "bench"
    folder.mkdir()
    write_rows(folder / "corpus.jsonl", CORPUS)
    write_rows(folder / "queries.jsonl", QUERIES)
    write_rows(folder / "unanswerable.jsonl", [{"id": "found", "text": "Did Zebra sing arias?"}])
    (folder / "qrels.tsv").write_text("\n".join([HEADER, *JUDGMENTS]) + "\n")
    return folder


def run(benchmark: Benchmark, directory: Path, models: Path, reranker: str) -> dict[str, float | int | None]:
    settings = BuildSettings(embedder=str(models / "embedder"), reranker=str(models / reranker))
    numbers = run_benchmark(benchmark, directory / reranker, settings, progress=lambda *_: None)
    return json.loads(json.dumps(numbers))  # type: ignore[no-any-return] # of a dictionary


def test_every_number_is_what_it_must_be(folder: Path, tmp_path: Path, tiny_models: Path) -> None:
    numbers = run(read_benchmark(folder), tmp_path, tiny_models, "sure")
    assert numbers.keys() == KEYS
    assert (numbers["passages"], numbers["queries"], numbers["unanswerable"]) == (1, 4, 1)
    # The last question cannot be asked and counts as zero, as does the one whose row is not there.
    assert (numbers["p@1"], numbers["mrr@10"], numbers["recall@5"]) == (0.5, 0.5, 1.5 / 4)
    assert numbers["ndcg@10"] == pytest.approx((1 + 1 / (1 + 1 / math.log2(3))) / 4, abs=1e-4)
    # Three answerable questions look better supported than the unanswerable one, the fourth does not.
    assert numbers["auroc"] == 0.75
    assert (numbers["refused_share"], numbers["false_refusal_share"]) == (0, 0.25)
    for name in ("build_seconds", "passages_per_second", "query_ms_p50", "query_ms_p95"):
        value = numbers[name]
        assert value is not None
        assert value >= 0
    assert (numbers["query_ms_p50"] or 0) <= (numbers["query_ms_p95"] or 0)


def test_who_refuses_everything_refuses_everything(folder: Path, tmp_path: Path, tiny_models: Path) -> None:
    numbers = run(read_benchmark(folder), tmp_path, tiny_models, "unsure")
    assert (numbers["refused_share"], numbers["false_refusal_share"]) == (1, 1)
    assert (numbers["p@1"], numbers["recall@5"]) == (0.5, 1.5 / 4)


def test_without_unanswerable_questions_their_numbers_are_null(
    folder: Path, tmp_path: Path, tiny_models: Path
) -> None:
    (folder / "unanswerable.jsonl").unlink()
    numbers = run(read_benchmark(folder), tmp_path, tiny_models, "sure")
    assert numbers.keys() == KEYS
    assert (numbers["unanswerable"], numbers["auroc"], numbers["refused_share"]) == (0, None, None)


def test_a_row_is_one_passage_however_long_and_one_without_words_is_never_found(
    folder: Path, tmp_path: Path, tiny_models: Path
) -> None:
    rows = [*CORPUS, {"id": 2, "text": "Long sentences follow.\n\n" * 400}, {"id": "", "text": " \n"}]
    write_rows(folder / "corpus.jsonl", [*rows, {"id": "empty", "text": ""}])
    benchmark = read_benchmark(folder)
    assert [(each.statement.statement_id, len(each.passages)) for each in benchmark.corpus] == [
        ("r1", 1),
        ("2", 1),
        ("", 1),
        ("empty", 1),
    ]
    for split in benchmark.corpus:
        assert split.passages[0].span.of(split.statement.text) == split.statement.text
    numbers = run(benchmark, tmp_path, tiny_models, "sure")
    assert numbers["passages"] == 4


def test_a_conversation_is_the_earlier_questions_of_whoever_asks(folder: Path) -> None:
    history = [{"speaker": "user", "text": "Who?"}, {"speaker": "agent", "text": "They."}]
    write_rows(folder / "queries.jsonl", [*QUERIES[1:], {"id": "found", "text": "And?", "history": history}])
    benchmark = read_benchmark(folder)
    assert benchmark.answerable["found"].earlier == ("Who?",)
    assert benchmark.answerable["half"].earlier == ()


def test_a_limit_draws_the_same_questions_every_time(folder: Path) -> None:
    drawn = [read_benchmark(folder, limit=2) for _ in range(2)]
    assert drawn[0].answerable == drawn[1].answerable
    assert len(drawn[0].answerable) == 2
    assert drawn[0].relevant.keys() == drawn[0].answerable.keys()
    assert len(read_benchmark(folder, limit=99).answerable) == 4


def test_questions_without_judgments_are_counted(folder: Path) -> None:
    assert read_benchmark(folder).unjudged == 0
    write_rows(folder / "queries.jsonl", [*QUERIES, {"id": "new", "text": "Who?"}])
    benchmark = read_benchmark(folder)
    assert benchmark.unjudged == 1
    assert "new" not in benchmark.answerable


def test_judgments_need_no_header(folder: Path) -> None:
    (folder / "qrels.tsv").write_text("\r\n".join(JUDGMENTS))
    assert read_benchmark(folder).relevant == {
        "found": {"r1": 1},
        "elsewhere": {"gone": 1},
        "half": {"r1": 1, "gone": 1},
        "unaskable": {"r1": 1},
    }


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("corpus.jsonl", None, "corpus.jsonl cannot be read: No such file or directory"),
        ("queries.jsonl", None, "queries.jsonl cannot be read"),
        ("qrels.tsv", None, "qrels.tsv cannot be read"),
        ("corpus.jsonl", "", "holds no passages, or no questions with judgments"),
        ("qrels.tsv", HEADER, "holds no passages, or no questions with judgments"),
        ("corpus.jsonl", '\n{"id": "r1"', "corpus.jsonl, line 2: not a JSON object with an id and a text"),
        ("corpus.jsonl", "[" * 99999, "corpus.jsonl, line 1"),
        ("corpus.jsonl", '{"id": "r1", "text": null}', "corpus.jsonl, line 1"),
        ("corpus.jsonl", '{"id": "r1", "text": "\\ud800"}', "corpus.jsonl, line 1"),
        (
            "corpus.jsonl",
            '{"id": "r", "text": "a"}\n{"id": "r", "text": "b"}',
            "line 2: the id 'r' is there twice",
        ),
        ("queries.jsonl", '["found"]', "queries.jsonl, line 1"),
        ("unanswerable.jsonl", '{"text": "Who?"}', "unanswerable.jsonl, line 1"),
        (
            "qrels.tsv",
            f"{HEADER}\n\nfound r1 1",
            "qrels.tsv, line 3: not query_id, corpus_id and a whole grade",
        ),
        ("qrels.tsv", f"{HEADER}\nfound\tr1\t0.5", "qrels.tsv, line 2"),
        ("qrels.tsv", f"{HEADER}\nnobody\tr1\t1", "judges 'nobody', which queries.jsonl does not have"),
        ("qrels.tsv", b"\xff\xfe", "qrels.tsv is not UTF-8"),
    ],
)
def test_what_is_wrong_in_a_folder_is_named(
    folder: Path, name: str, content: str | bytes | None, said: str
) -> None:
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ChecksError) as caught:
        read_benchmark(folder)
    assert said in str(caught.value)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)
