"""Retrieval checks: the file, the measures, the thresholds, the report."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from index.encoder import Encoder
from index.errors import ChecksError
from index.store import open_index
from qa.answer import Answerer
from qa.checks import (
    Check,
    CheckReport,
    Checks,
    format_report,
    present_report,
    read_checks,
    run_checks,
    write_trec_run,
)
from qa.cross_encoder import Reranker

REPOSITORY = Path(__file__).resolve().parents[1]
STATEMENTS = {
    "july": "Joint Statement\n\nThe ministers met in Tokyo.\n\nThe DPRK launched missiles over the sea.\n",
    "december": "Dialogue\n\nOfficials spoke about space.\n\nThe ministers met in Tokyo.\n",
}
RIGHT = Check(question="launched missiles", quotes=("DPRK launched missiles",))
MISSED = Check(question="Officials spoke about space", quotes=("launched missiles",))
REFUSED = Check(question="Which zebra sings opera arias", quotes=("launched missiles",))
UNANSWERED = Check(question="Which cheese tastes best")
ANSWERED = Check(question="Officials spoke space")


@pytest.fixture
def answerer(
    index_texts: Callable[..., Path], hashing_encoder: Encoder, overlap_reranker: Reranker
) -> Answerer:
    directory = index_texts(STATEMENTS)
    return Answerer(lambda: open_index(directory), hashing_encoder, overlap_reranker)


def run(answerer: Answerer, *checks: Check, **thresholds: float) -> CheckReport:
    return run_checks(answerer, Checks(thresholds=thresholds, checks=checks))


# ---- The file -----------------------------------------------------------------------------------------


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "checks.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


GOOD = '[[answerable]]\nquestion = "Who?"\nquotes = ["They"]\n'


def test_a_checks_file_is_read(tmp_path: Path) -> None:
    content = (
        '[thresholds]\n"recall@1" = 0.9\nanswered_wrongly = 0\n'
        '[[unanswerable]]\nquestion = "Why?"\n'
        '[[answerable]]\nquestion = "Who?"\nquotes = ["They", "We"]\nstatement = "july"\n'
    )
    for mark in ("", "\ufeff"):
        assert read_checks(write(tmp_path, mark + content)) == Checks(
            thresholds={"recall@1": 0.9, "answered_wrongly": 0},
            checks=(
                Check(question="Who?", quotes=("They", "We"), statement="july"),
                Check(question="Why?"),
            ),
        )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "holds no checks"),
        ("[thresholds]\n", "holds no checks"),
        ("not toml", "cannot be read as TOML"),
        (b"\xff", "cannot be read as TOML"),
        ("a = " + "[" * 9999, "cannot be read as TOML"),
        (GOOD + "[[unanswered]]\n", "unknown section unanswered"),
        ('[answerable]\nquestion = "Who?"\n', "answerable must be a list"),
        ("answerable = [3]", "an entry of answerable must be a table"),
        (GOOD + 'answer = "They"\n', "'Who?' has the unknown key 'answer'"),
        (
            '[[answerable]]\nquotes = ["They"]\n',
            "question of an entry of answerable must be a text in quotes",
        ),
        ('[[answerable]]\nquestion = 3\nquotes = ["They"]\n', "question of an entry of answerable must be"),
        ('[[answerable]]\nquestion = " "\nquotes = ["They"]\n', "must not be empty"),
        ('[[answerable]]\nquestion = "Who?"\n', "'Who?' must have quotes if it is answerable, else none"),
        ('[[answerable]]\nquestion = "Who?"\nquotes = []\n', "'Who?' must have quotes"),
        ('[[answerable]]\nquestion = "Who?"\nquotes = "They"\n', "quotes of 'Who?' must be a list"),
        ('[[answerable]]\nquestion = "Who?"\nquotes = [3]\n', "each of the quotes of 'Who?' must be a text"),
        ('[[answerable]]\nquestion = "Who?"\nquotes = [""]\n', "quotes of 'Who?' must not be empty"),
        (GOOD + "statement = 3\n", "statement of 'Who?' must be a text in quotes"),
        ('[[unanswerable]]\nquestion = "Who?"\nquotes = ["They"]\n', "'Who?' must have quotes if it is"),
        ("thresholds = 3\n" + GOOD, "thresholds must be a table"),
        ('[thresholds]\n"recall@2" = 0.5\n' + GOOD, "'recall@2' in [thresholds]"),
        ('[thresholds]\n"recall@1" = "0.5"\n' + GOOD, "'recall@1' in [thresholds]"),
        ('[thresholds]\n"recall@1" = true\n' + GOOD, "'recall@1' in [thresholds]"),
        ('[thresholds]\n"recall@1" = nan\n' + GOOD, "numbers from 0 to 1"),
        ('[thresholds]\n"recall@1" = 90\n' + GOOD, "numbers from 0 to 1"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, content: str | bytes, said: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(ChecksError, match=re.escape(said)) as caught:
        read_checks(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_no_file_and_a_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ChecksError, match=r"There is no checks file .*none\.toml"):
        read_checks(tmp_path / "none.toml")
    with pytest.raises(ChecksError, match="cannot be read: Is a directory"):
        read_checks(tmp_path)


def test_the_checks_of_the_seeds_ask_for_words_that_are_there() -> None:
    checks = read_checks(REPOSITORY / "seeds" / "checks.toml").checks
    texts = {path.stem: path.read_text() for path in (REPOSITORY / "seeds").glob("*.txt")}
    for check in checks:
        for words in check.quotes:
            assert any(words in text for name, text in texts.items() if check.statement in (None, name)), (
                words
            )
    assert len(checks) >= 40
    answerable = sum(bool(check.quotes) for check in checks)
    assert 0.4 < answerable / len(checks) < 0.6
    assert len({check.question.casefold() for check in checks}) == len(checks)


# ---- The measures -------------------------------------------------------------------------------------


def test_all_right(answerer: Answerer) -> None:
    report = run(answerer, RIGHT, UNANSWERED)
    assert (report.answerable, report.unanswerable, report.failures) == (1, 1, ())
    assert report.measures == {
        "recall@1": 1,
        "recall@3": 1,
        "mrr@10": 1,
        "ndcg@10": 1,
        "refused_wrongly": 0,
        "answered_wrongly": 0,
    }
    assert report.passed


def test_each_thing_that_goes_wrong_is_counted_and_told(answerer: Answerer) -> None:
    report = run(answerer, RIGHT, MISSED, REFUSED, UNANSWERED, ANSWERED)
    assert (report.answerable, report.unanswerable) == (3, 2)
    assert report.measures["recall@1"] == pytest.approx(sum(ranks(report, 1)) / 3)
    assert report.measures["recall@1"] < 1
    assert report.measures["refused_wrongly"] == pytest.approx(1 / 3)
    assert report.measures["answered_wrongly"] == 0.5
    missed, refused, answered = report.failures
    assert (missed.question, missed.expected) == (MISSED.question, "launched missiles")
    assert missed.came.endswith("december: Officials spoke about space.")
    assert (refused.question, refused.came.partition(":")[0]) == (REFUSED.question, "refused")
    assert (answered.question, answered.expected) == (ANSWERED.question, "a refusal")
    assert answered.came.endswith("december: Officials spoke about space.")


def ranks(report: CheckReport, depth: int) -> list[bool]:
    """Say for each answerable check whether the passage of the DPRK is among the first `depth`."""
    ((right, *_), *_) = report.rankings.values()
    return [right in ranking[:depth] for ranking in report.rankings.values()]


def test_the_same_words_in_another_statement_are_wrong_only_if_one_is_asked_for(answerer: Answerer) -> None:
    anywhere = Check(question="The ministers met in Tokyo", quotes=("met in Tokyo",))
    assert run(answerer, anywhere).passed
    reports = [
        run(answerer, Check(question=anywhere.question, quotes=anywhere.quotes, statement=name))
        for name in STATEMENTS
    ]
    assert sorted(report.measures["recall@1"] for report in reports) == [0, 1]
    assert [report.measures["recall@3"] for report in reports] == [1, 1]
    assert sorted(report.measures["mrr@10"] for report in reports) == [0.5, 1]
    assert sorted(len(report.failures) for report in reports) == [0, 1]


@pytest.mark.parametrize("check", [MISSED, REFUSED])
def test_words_that_stand_nowhere_are_a_mistake_in_the_file(answerer: Answerer, check: Check) -> None:
    absent = Check(question=check.question, quotes=("launched no missiles", "Launched missiles"))
    with pytest.raises(ChecksError, match=f"{check.question}.* do not stand in any statement"):
        run(answerer, absent)
    elsewhere = Check(question=check.question, quotes=check.quotes, statement="december")
    with pytest.raises(ChecksError, match="do not stand in the statement december"):
        run(answerer, elsewhere)
    title = Check(question=check.question, quotes=("Joint Statement",))
    with pytest.raises(ChecksError, match="do not stand"):
        run(answerer, title)


@pytest.mark.parametrize(
    ("thresholds", "missed"),
    [
        ({}, ()),
        ({"recall@1": 0.5, "refused_wrongly": 0.5, "answered_wrongly": 0.5}, ()),
        ({"recall@1": 0.51}, ("recall@1",)),
        ({"mrr@10": 1}, ("mrr@10",)),
        ({"refused_wrongly": 0.49}, ("refused_wrongly",)),
        ({"answered_wrongly": 0.49, "recall@1": 0.4}, ("answered_wrongly",)),
        ({"refused_wrongly": 1, "answered_wrongly": 1, "recall@1": 0}, ()),
    ],
)
def test_measures_are_bounded_from_below_and_shares_from_above(
    thresholds: dict[str, float], missed: tuple[str, ...]
) -> None:
    measures = dict.fromkeys(
        ("recall@1", "recall@3", "mrr@10", "ndcg@10", "refused_wrongly", "answered_wrongly"), 0.5
    )
    report = CheckReport(
        answerable=2, unanswerable=2, measures=measures, thresholds=thresholds, failures=(), rankings={}
    )
    assert report.missed == missed
    assert report.passed == (not missed)
    assert ("failed: " + ", ".join(missed) if missed else "passed") == format_report(report).splitlines()[-1]


def test_unanswerable_questions_alone_are_checks_too(answerer: Answerer) -> None:
    report = run(answerer, UNANSWERED, **{"recall@1": 1.0})
    assert report.passed
    assert report.rankings == {}


# ---- The report ---------------------------------------------------------------------------------------


def test_the_report_shows_measures_bounds_and_failures(answerer: Answerer) -> None:
    report = run(answerer, RIGHT, ANSWERED, **{"recall@1": 0.9, "answered_wrongly": 0.2})
    lines = format_report(report).splitlines()
    assert lines[0] == "1 answerable and 1 unanswerable questions"
    assert "recall@1          1.000  (at least 0.9)" in lines
    assert "answered_wrongly  1.000  (at most 0.2)  <- MISSED" in lines
    assert lines[lines.index(f"- {ANSWERED.question}") + 1] == "  expected: a refusal"
    assert lines[-1] == "failed: answered_wrongly"
    content = json.loads(json.dumps(present_report(report)))
    assert content["passed"] is False
    assert content["missed"] == ["answered_wrongly"]
    assert content["recall@1"] == 1
    assert [failure["question"] for failure in content["failures"]] == [ANSWERED.question]


def test_the_rankings_are_a_trec_run(answerer: Answerer, tmp_path: Path) -> None:
    report = run(answerer, RIGHT, UNANSWERED, MISSED)
    write_trec_run(report, tmp_path / "run.txt")
    rows = [line.split(" ") for line in (tmp_path / "run.txt").read_text().splitlines()]
    assert {len(row) for row in rows} == {6}
    assert {(row[1], row[5]) for row in rows} == {("Q0", "word-for-word")}
    assert sorted({row[0] for row in rows}) == ["1", "3"]
    for query in ("1", "3"):
        of_query = [row for row in rows if row[0] == query]
        assert [int(row[3]) for row in of_query] == list(range(1, len(of_query) + 1))
        scores = [float(row[4]) for row in of_query]
        assert scores == sorted(set(scores), reverse=True)
        assert len({row[2] for row in of_query}) == len(of_query)

    import ir_measures

    read = ir_measures.read_trec_run(str(tmp_path / "run.txt"))  # type: ignore[no-untyped-call]
    assert len(list(read)) == len(rows)


def test_a_run_that_cannot_be_written_is_one_sentence(answerer: Answerer, tmp_path: Path) -> None:
    with pytest.raises(ChecksError, match=r"The run cannot be written to .*nowhere"):
        write_trec_run(run(answerer, RIGHT), tmp_path / "nowhere" / "run.txt")
