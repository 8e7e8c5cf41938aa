"""Questions in languages that the models do not know: judged by words and names."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index.encoder import Encoder
from index.store import open_index
from qa.answer import BY_WORDS, Answerer
from qa.cross_encoder import Reranker
from qa.lexicon import Lexicon
from qa.question import Search, read_question
from qa.support import ANSWERS_FROM, Signals, estimate_probability
from qa.types import Question
from qa.word_match import ALL, NONE, WordMatcher

IndexTexts = Callable[[Mapping[str, str | bytes]], Path]

JAPANESE = "両大臣は、北朝鮮による弾道ミサイルの発射を強く非難した。"
GERMAN = "Die Minister verurteilten die Raketentests Nordkoreas und vereinbarten neue Sanktionen in Berlin."
ENGLISH = "The Ministers condemned the missile launches of the DPRK and met in Tokyo."


def match(directory: Path, question: str, *texts: str) -> tuple[Search, list[float]]:
    with open_index(directory) as index:
        search = read_question(Question(text=question), Lexicon.of(index))
        scores = WordMatcher(index, search).score([(question, text) for text in texts])
    return search, [round(float(score), 2) for score in scores]


@pytest.fixture
def directory(index_texts: IndexTexts) -> Path:
    return index_texts({"ja": JAPANESE, "de": GERMAN, "en": ENGLISH, "other": "The weather was fine."})


@pytest.mark.parametrize(
    ("question", "language", "text"),
    [
        ("北朝鮮の弾道ミサイル発射を非難したか", "ja", JAPANESE),
        ("Welche Sanktionen vereinbarten die Minister?", "de", GERMAN),
        ("Что сказали министры о КНДР?", "ru", ENGLISH),
    ],
)
def test_the_passage_with_the_words_is_the_best(
    directory: Path, question: str, language: str, text: str
) -> None:
    search, scores = match(directory, question, text, "The weather was fine.")
    assert search.language == language
    assert scores[0] > 0 > scores[1] == NONE


def test_all_the_words_that_any_statement_has_make_the_full_score(directory: Path) -> None:
    _, scores = match(directory, "Wer vereinbarte neue Sanktionen mit der Regierung?", GERMAN)
    assert scores == [ALL]


def test_a_name_that_no_statement_has_counts(directory: Path) -> None:
    _, (score,) = match(directory, "Qu'ont dit les ministres sur Taïwan et la Corée du Nord ?", ENGLISH)
    assert NONE < score < ALL


def test_a_question_without_a_word_of_the_statements_scores_nothing(directory: Path) -> None:
    _, scores = match(directory, "Welche Farbe hatte gestern der Himmel über uns?", GERMAN, ENGLISH)
    assert scores == [NONE, NONE]


@pytest.mark.model
def test_the_answer_says_that_words_were_searched(
    directory: Path, hashing_encoder: Encoder, default_reranker: Reranker
) -> None:
    answerer = Answerer(lambda: open_index(directory), hashing_encoder, default_reranker)
    answer = answerer.answer(Question(text="北朝鮮は何をしたか"))
    assert answer.note == BY_WORDS
    assert JAPANESE in [quote.text for quote in answer.quotes]
    assert answerer.answer(Question(text="What did the DPRK launch?")).note is None


def test_half_of_the_weight_of_the_words_is_just_enough() -> None:
    signals = Signals(logit=(ALL + NONE) / 2, kind_missing=0.0, ruled_out=0.0, name_missing=0.0)
    probability = estimate_probability(signals)
    assert ANSWERS_FROM["balanced"] <= probability < ANSWERS_FROM["balanced"] + 0.01
