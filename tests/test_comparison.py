"""A question that compares gets a quote for each side."""

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index.encoder import Encoder
from index.store import open_index
from qa.answer import Answerer
from qa.comparison import split_comparison
from qa.cross_encoder import Reranker
from qa.lexicon import Lexicon
from qa.narrow import read_narrowings
from qa.question import read_question
from qa.types import Question

IndexTexts = Callable[[Mapping[str, str | bytes]], Path]


def statement(date: str, issuer: str, text: str) -> bytes:
    return f"---\ntitle: Joint Statement\ndate: {date}\nissuer: {issuer}\n---\n{text}\n".encode()


FILES = {
    "july.md": statement("2024-07-28", "White House", "The sides spoke of ballistic missiles in the north."),
    "december.md": statement(
        "2024-12-13", "State Department", "Nobody mentioned ballistic missiles; they spoke of peace."
    ),
    "old.md": statement("2023-01-01", "NATO", "The old statement spoke of ballistic missiles and of trade."),
}


@pytest.fixture
def directory(index_texts: IndexTexts) -> Path:
    return index_texts(FILES)


@pytest.fixture
def answerer(directory: Path, hashing_encoder: Encoder, overlap_reranker: Reranker) -> Answerer:
    return Answerer(lambda: open_index(directory), hashing_encoder, overlap_reranker)


@pytest.mark.parametrize(
    "text",
    [
        "Compare what the July and the December statements say about ballistic missiles.",
        "How do the July 2024 and December 2024 statements differ on ballistic missiles?",
        "What is said on ballistic missiles in July 2024 versus December 2024?",
        "How do the statements differ on ballistic missiles between July and December 2024?",
        "How did the position on ballistic missiles change from July to December?",
        "How did the words on ballistic missiles change from July 2024 to those of December 2024?",
        "What do the July and December statements say about ballistic missiles, and how do they differ?",
    ],
)
def test_each_day_compared_gets_a_quote(answerer: Answerer, text: str) -> None:
    answer = answerer.answer(Question(text=text))
    assert [quote.citation.statement_id for quote in answer.quotes] == ["july", "december"]
    assert answer.understood == "ballistic missiles (July 2024; December 2024)"
    assert (answer.question.text, answer.note) == (text, None)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Compare what the July and December statements say about climate change.", "climate change"),
        ("How do the July and December statements differ on China and Russia?", "China and Russia"),
        ("How did the line on Taiwan change in July 2024 and in December 2024?", "Taiwan"),
        (
            "How do they differ on weapons in the region in July 2024 and in December 2024?",
            "weapons in the region",
        ),
    ],
)
def test_the_subject_is_what_is_compared(directory: Path, text: str, subject: str) -> None:
    with open_index(directory) as index:
        lexicon = Lexicon.of(index)
        search = read_question(Question(text=text), lexicon)
        sides = split_comparison(search, read_narrowings(search, index.statements(), lexicon))
    assert [side.question.text for side in sides] == [subject, subject]


@pytest.mark.parametrize(
    "text",
    [
        "Compare what NATO said with what the White House said about ballistic missiles.",
        "How do the statements of NATO and the White House differ on ballistic missiles?",
        "Compare what NATO and the White House say about ballistic missiles.",
    ],
)
def test_each_issuer_compared_gets_a_quote(answerer: Answerer, text: str) -> None:
    answer = answerer.answer(Question(text=text))
    assert [quote.citation.statement_id for quote in answer.quotes] == ["old", "july"]


def test_a_side_that_says_nothing_is_named(answerer: Answerer) -> None:
    text = "Compare what the July and the December statements say about peace."
    answer = answerer.answer(Question(text=text))
    assert [quote.citation.statement_id for quote in answer.quotes] == ["december"]
    assert answer.note == "Nothing of July 2024 answers this closely enough."


def test_where_no_side_answers_the_reason_is_given(answerer: Answerer) -> None:
    text = "Compare what the July and the December statements say about Taiwan."
    answer = answerer.answer(Question(text=text))
    assert answer.reason is not None
    assert "Taiwan" in answer.reason


@pytest.mark.parametrize(
    "text",
    [
        "What do the July and December statements say about missiles?",
        "How does the July 2024 statement compare on missiles?",
        "Compare the July and December statements.",
        "How do the statements differ on missiles?",
    ],
)
def test_other_questions_are_not_split(directory: Path, text: str) -> None:
    with open_index(directory) as index:
        lexicon = Lexicon.of(index)
        search = read_question(Question(text=text), lexicon)
        assert split_comparison(search, read_narrowings(search, index.statements(), lexicon)) == ()


def test_the_sides_keep_what_else_the_question_is_narrowed_to(directory: Path) -> None:
    with open_index(directory) as index:
        lexicon = Lexicon.of(index)
        text = "Compare what NATO said with what the White House said about ballistic missiles."
        question = Question(text=text, since=datetime.date(2023, 1, 1), statement_id="july", top=2)
        search = read_question(question, lexicon)
        narrowings = read_narrowings(read_question(Question(text=text), lexicon), index.statements(), lexicon)
        first, second = split_comparison(search, narrowings)
        assert (first.question.issuer, second.question.issuer) == ("NATO", "White House")
        assert {each.question.since for each in (first, second)} == {datetime.date(2023, 1, 1)}
        assert {each.question.statement_id for each in (first, second)} == {"july"}
