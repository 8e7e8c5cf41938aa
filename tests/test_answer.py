"""From question to answer: over real indexes, with stand-in models where these are not the point."""

import concurrent.futures
import dataclasses
import datetime
import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.encoder import Encoder, FloatArray, SentenceEncoder
from index.errors import (
    ModelError,
    ModelMismatchError,
    NoIndexError,
    QuestionError,
    StatementsError,
)
from index.store import Index, open_index
from index.types import Statement
from qa.answer import CANDIDATES, Answerer, Trace
from qa.cross_encoder import Reranker
from qa.support import ADDS_FROM, ANSWERS_FROM
from qa.types import Answer, Question

JULY = (
    "Joint Statement\n\n"
    "The ministers met in Tokyo. They discussed extended deterrence at length.\n\n"
    "The DPRK launched ballistic missiles over the sea. Nobody was hurt.\n"
)
DECEMBER = "Dialogue\n\nOfficials held a dialogue about space. They will not meet again in spring.\n"
MISSILES = "ballistic missiles over the sea"
SPACE = "dialogue about space"

IndexTexts = Callable[..., Path]


class OtherEncoder:
    """The encoder of conftest.py under the name of another model."""

    model_id = "other model@2"

    def __init__(self, encoder: Encoder) -> None:
        self.dimension = encoder.dimension
        self.encode_passages = encoder.encode_passages
        self.encode_question = encoder.encode_question


class Doubter:
    """A judge that takes one text for an answer, and every other for none."""

    model_id = "doubter@1"

    def __init__(self, answer: str) -> None:
        self._answer = answer

    def score(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        return np.array([2.0 if self._answer in text else -5.0 for _, text in pairs], dtype=np.float32)


@pytest.fixture
def answerer(index_texts: IndexTexts, hashing_encoder: Encoder, overlap_reranker: Reranker) -> Answerer:
    directory = index_texts({"july": JULY, "december": DECEMBER})
    return Answerer(lambda: open_index(directory), hashing_encoder, overlap_reranker)


def ask(answerer: Answerer, text: str) -> Answer:
    return answerer.answer(Question(text=text))


def sources(answer: Answer) -> list[str]:
    return [quote.citation.statement_id for quote in answer.quotes]


# ---- What an answer is --------------------------------------------------------------------------------


def test_the_answer_is_the_words_of_the_statement_with_where_they_stand(answerer: Answerer) -> None:
    first = ask(answerer, MISSILES).quotes[0]
    assert first.text == "The DPRK launched ballistic missiles over the sea. Nobody was hurt."
    assert first.emphasis.of(JULY) == "The DPRK launched ballistic missiles over the sea."
    assert first.citation.span.of(JULY) == first.text
    assert (first.citation.statement_id, first.citation.paragraph) == ("july", 2)
    assert 0 <= first.score <= 1


def test_what_nothing_answers_is_refused_with_a_reason(answerer: Answerer) -> None:
    answer = ask(answerer, "Which cheese tastes best?")
    assert not answer.answered
    assert answer.quotes == ()
    assert answer.reason
    assert answer.reason.startswith("The 2 statements do not say")


def test_what_ranks_first_must_answer(
    index_texts: IndexTexts, hashing_encoder: Encoder, overlap_reranker: Reranker
) -> None:
    directory = index_texts({"july": JULY, "december": DECEMBER})
    for answer, quoted in (("ballistic", ["july"]), ("space", [])):
        answerer = Answerer(
            lambda: open_index(directory), hashing_encoder, overlap_reranker, judge=Doubter(answer)
        )
        trace = answerer.trace(Question(text=MISSILES))
        assert trace.ranked[0].statement_id == "july"
        assert any(each.probability >= ANSWERS_FROM["balanced"] for each in trace.ranked)
        assert sources(trace.answer) == quoted


def test_no_more_quotes_than_asked_for(index_texts: IndexTexts, answerer: Answerer) -> None:
    index_texts({f"{n}": f"Report {n} speaks of ballistic missiles." for n in range(CANDIDATES + 5)})
    for top in (1, 3, 10):
        answer = answerer.answer(Question(text="ballistic missiles", top=top))
        assert len(answer.quotes) == top
    assert len(answerer.trace(Question(text="ballistic missiles")).ranked) == CANDIDATES


def test_the_other_name_that_was_matched_is_told(index_texts: IndexTexts, answerer: Answerer) -> None:
    index_texts({"july": JULY, "aliases.toml": b'"North Korea" = ["DPRK"]'})
    assert ask(answerer, "North Korea launched ballistic missiles").matched_aliases == {
        "North Korea": ("DPRK",)
    }


def test_a_much_weaker_quote_is_not_shown_beside_a_strong_one(
    index_texts: IndexTexts, answerer: Answerer
) -> None:
    index_texts({"july": JULY, "note": "Note\n\nBallistic tests were seen from the coast of the north.\n"})
    trace = answerer.trace(Question(text=MISSILES))
    strong, weak = (candidate.odds for candidate in trace.ranked[:2])
    assert weak < ADDS_FROM * strong
    assert trace.ranked[1].probability >= ANSWERS_FROM["balanced"]
    assert sources(trace.answer) == ["july"]


def test_bad_questions_are_errors_and_the_next_one_is_answered(answerer: Answerer) -> None:
    for text in ("", "?!", "x" * 20_000):
        with pytest.raises(QuestionError):
            ask(answerer, text)
    with pytest.raises(QuestionError, match="holds no statement"):
        answerer.answer(Question(text="Who?", statement_id="nowhere"))
    assert ask(answerer, MISSILES).answered


def test_filters_hold_for_the_quotes(answerer: Answerer) -> None:
    assert not answerer.answer(Question(text=MISSILES, statement_id="december")).answered
    assert not answerer.answer(Question(text=MISSILES, since=datetime.date(2024, 1, 1))).answered


def statements_weighed(trace: Trace) -> set[str]:
    return {each.ranked.stored.passage.statement_id for each in trace.ranked}


def narrowed_to(answer: Answer) -> list[str]:
    return [narrowing.label for narrowing in answer.narrowed]


DATED: dict[str, str | bytes] = {
    "july": JULY,
    "december": DECEMBER.replace("about space", "about ballistic missiles over the sea"),
    "july.meta.toml": b'title = "July"\ndate = 2024-07-28\nissuer = "NATO"\n',
    "december.meta.toml": b'title = "December"\ndate = 2024-12-13\nissuer = "Department of State"\n',
}


def test_words_of_a_question_narrow_it_until_they_are_ignored(
    index_texts: IndexTexts, answerer: Answerer
) -> None:
    index_texts(DATED)
    question = Question(text="What was said in July 2024 of ballistic missiles over the sea")
    narrowed = answerer.trace(question)
    assert narrowed_to(narrowed.answer) == ["July 2024"]
    assert set(sources(narrowed.answer)) == statements_weighed(narrowed) == {"july"}
    assert narrowed.answer.question == question
    wider = answerer.trace(dataclasses.replace(question, ignored=frozenset({"in July 2024"})))
    assert narrowed_to(wider.answer) == []
    assert statements_weighed(wider) == {"july", "december"}


def test_a_preference_leaves_what_is_not_preferred(index_texts: IndexTexts, answerer: Answerer) -> None:
    index_texts(DATED)
    for month in ("July", "December"):
        trace = answerer.trace(Question(text=f"ballistic missiles over the sea in {month} 2024"))
        assert narrowed_to(trace.answer) == [f"{month} 2024 first"]
        assert sources(trace.answer)[0] == month.lower()
        assert statements_weighed(trace) == {"july", "december"}


def test_the_latest_and_the_first_that_answer_come_first(index_texts: IndexTexts, answerer: Answerer) -> None:
    index_texts(DATED)
    latest, first = (
        ask(answerer, f"{order} statement on ballistic missiles") for order in ("latest", "first")
    )
    assert (narrowed_to(latest), sources(latest)) == (["newest first"], ["december", "july"])
    assert (narrowed_to(first), sources(first)) == (["oldest first"], ["july", "december"])


def test_an_issuer_that_is_asked_for_alone_is_quoted(index_texts: IndexTexts, answerer: Answerer) -> None:
    index_texts(DATED)
    answer = ask(answerer, "ballistic missiles in statements by the State Department")
    assert narrowed_to(answer) == ["Department of State"]
    assert sources(answer) == ["december"]


def test_where_no_statement_is_left_the_nearest_is_offered(
    index_texts: IndexTexts, answerer: Answerer
) -> None:
    index_texts(DATED)
    answer = ask(answerer, "What was said in 2019 about missiles?")
    assert answer.reason == 'No statement is from 2019. The nearest is "July" of July 28, 2024.'
    assert narrowed_to(answer) == ["2019"]
    given = answerer.answer(Question(text=MISSILES, since=datetime.date(2025, 1, 1)))
    assert given.reason == 'No statement was made since 2025. The nearest is "December" of December 13, 2024.'
    assert given.narrowed == ()
    by_nobody = answerer.answer(Question(text=MISSILES, issuer="nato", statement_id="december"))
    assert by_nobody.reason == "No statement by nato is left to search."


def test_statements_and_words_are_found(answerer: Answerer) -> None:
    assert [each.statement_id for each in answerer.statements()] == ["december", "july"]
    assert answerer.statement("july").text == JULY
    assert len(answerer.find_words(MISSILES)) == 1
    assert answerer.find_words(MISSILES, statement_id="december") == ()
    with pytest.raises(QuestionError):
        answerer.statement("nowhere")


# ---- The newest build ---------------------------------------------------------------------------------


def test_a_new_statement_is_quoted_without_a_restart_and_a_removed_one_never_again(
    answerer: Answerer, index_texts: IndexTexts
) -> None:
    question = "Whales were counted"
    assert sources(ask(answerer, question)) == []
    index_texts({"july": JULY, "december": DECEMBER, "new": "Note\n\nWhales were counted in the north.\n"})
    assert sources(ask(answerer, question)) == ["new"]
    assert len(answerer.statements()) == 3

    index_texts({"new": "Note\n\nWhales were never counted.\n"})
    assert [quote.text for quote in ask(answerer, question).quotes] == ["Whales were never counted."]
    assert sources(ask(answerer, MISSILES)) == []
    with pytest.raises(QuestionError):
        answerer.statement("july")


def test_a_new_other_name_holds_at_once(answerer: Answerer, index_texts: IndexTexts) -> None:
    assert not ask(answerer, "Zorgistan").answered
    index_texts({"july": JULY, "december": DECEMBER, "aliases.toml": b'Zorgistan = ["DPRK"]'})
    assert ask(answerer, "Zorgistan").matched_aliases == {"Zorgistan": ("DPRK",)}


def test_an_index_rebuilt_with_another_embedder_is_an_error_until_it_is_built_back(
    answerer: Answerer, index_texts: IndexTexts, hashing_encoder: Encoder
) -> None:
    directory = index_texts({"july": JULY}, OtherEncoder(hashing_encoder))
    for _ in range(3):
        with pytest.raises(ModelMismatchError) as caught:
            ask(answerer, MISSILES)
        assert str(caught.value) == (
            "The index was built with the embedder other model@2, not with hashing@1. Start again without "
            "naming an embedder, or rebuild it with: python -m index --embedder hashing --index "
            f"{directory}"
        )
    with pytest.raises(ModelMismatchError):
        answerer.statements()
    index_texts({"july": JULY})
    assert sources(ask(answerer, MISSILES)) == ["july"]


def test_an_answerer_is_not_made_with_another_embedder(
    index_texts: IndexTexts, hashing_encoder: Encoder, overlap_reranker: Reranker
) -> None:
    directory = index_texts({"july": JULY})
    with pytest.raises(ModelMismatchError, match=r"rebuild it with: .*--embedder 'other model'"):
        Answerer(lambda: open_index(directory), OtherEncoder(hashing_encoder), overlap_reranker)


def test_an_index_that_is_deleted_is_an_error_until_there_is_one_again(
    answerer: Answerer, index_texts: IndexTexts
) -> None:
    shutil.rmtree(index_texts({"july": JULY}))
    with pytest.raises(NoIndexError, match="Build one with"):
        ask(answerer, MISSILES)
    index_texts({"december": DECEMBER})
    assert sources(ask(answerer, SPACE)) == ["december"]


def test_many_ask_while_the_index_is_rebuilt(answerer: Answerer, index_texts: IndexTexts) -> None:
    changed = JULY.replace("sea", "sea, it is said")
    files = [{"july": JULY}, {"july": changed}, {"july": JULY, "december": DECEMBER}]
    faults: list[str] = []
    answered = [0] * 4
    built = threading.Event()

    def keep_asking(number: int) -> None:
        while not built.is_set() or answered[number] < 3:
            for quote in ask(answerer, MISSILES).quotes:
                answered[number] += 1
                if quote.text not in {quote.citation.span.of(text) for text in (JULY, changed)}:
                    faults.append(quote.text)

    with concurrent.futures.ThreadPoolExecutor() as pool:
        asking = [pool.submit(keep_asking, number) for number in range(4)]
        try:
            for number in range(12):
                index_texts(files[number % 3])
        finally:
            built.set()
        for future in asking:
            future.result()
    assert faults == []


# ---- Every quote of every question --------------------------------------------------------------------

SENTENCES = st.sampled_from(
    [
        "Japan and the U.S. agreed.",
        "The U.S. Forces did not move.",
        "Mr. KUMAGAI met Gen. Cotton at 3 p.m. on Friday.",
        "「北朝鮮は発射した。」と述べた。",
        "They will never use No. 3 of the list.",
        "Did they agree?",
        "“We do not,” he said.",
        "nuclearrhetoric \U0001f1ef\U0001f1f5 was heard.",
        "He said: (no. it is not so.) And left.",
        "Costs rose by 5.5 per cent...",
        "no end",
        "*Signed*",
    ]
)
GAPS = st.sampled_from([" ", "  ", "\n", "\r\n", "\n\n", "\r\n\r\n", "\t", "\u3000", "\u00a0", "\n\n\n- "])
TEXTS = st.lists(st.tuples(SENTENCES, GAPS), min_size=1, max_size=12).map(
    lambda parts: "".join(sentence + gap for sentence, gap in parts)
)
ASKED = [
    *(
        "Japan",
        "U.S.",
        "agreed",
        "not",
        "KUMAGAI",
        "Cotton",
        "北朝鮮",
        "list",
        "nuclearrhetoric",
        "cost",
        "did",
    ),
    *("What", "?", "move", "never", "No.", "he", "said", "5.5", "end", "signed", "agre", "exercize"),
]
QUESTIONS = st.lists(st.sampled_from(ASKED), min_size=1, max_size=6).map(" ".join)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=st.lists(TEXTS, min_size=1, max_size=3), questions=st.lists(QUESTIONS, min_size=1, max_size=4))
def test_every_quote_is_whole_sentences_of_the_statement_it_cites(
    index_texts: IndexTexts,
    hashing_encoder: Encoder,
    overlap_reranker: Reranker,
    texts: list[str],
    questions: list[str],
) -> None:
    files = {f"s{number}": text for number, text in enumerate(texts)}
    try:
        directory = index_texts(files)
    except StatementsError:  # none of these texts has a sentence to quote
        return
    with open_index(directory) as index:
        answerer = Answerer(lambda: open_index(directory), hashing_encoder, overlap_reranker)
        for question in questions:
            try:
                answer = answerer.answer(Question(text=question, top=10))
            except QuestionError:
                continue
            assert answer.answered != bool(answer.reason)
            for quote in answer.quotes:
                citation = quote.citation
                text = files[citation.statement_id]
                assert quote.text == text[citation.span.start : citation.span.end]
                assert citation.span.start <= quote.emphasis.start < quote.emphasis.end <= citation.span.end
                starts, ends = sentence_ends(index, index.statement(citation.statement_id))
                assert {citation.span.start, quote.emphasis.start} <= starts
                assert {citation.span.end, quote.emphasis.end} <= ends


def sentence_ends(index: Index, statement: Statement) -> tuple[set[int], set[int]]:
    """Return where the statement's own sentences begin and end, without the white space around them."""
    ids = sorted(index.passage_ids(statement_id=statement.statement_id) or ())
    spans = [
        sentence.trimmed(statement.text)
        for stored in index.passages(ids)
        for sentence in stored.passage.sentences
    ]
    return {span.start for span in spans}, {span.end for span in spans}


# ---- With models from folders and with the default ones -----------------------------------------------


@pytest.fixture
def folder_index(index_texts: IndexTexts, tiny_models: Path) -> Path:
    return index_texts({"july": JULY}, SentenceEncoder.from_name(str(tiny_models / "embedder")))


def test_an_index_is_opened_with_the_models_it_names(folder_index: Path, tiny_models: Path) -> None:
    sure = Answerer.open(folder_index, reranker=str(tiny_models / "sure"))
    assert sources(ask(sure, "Who met?")) == ["july", "july"]
    unsure = Answerer.open(folder_index, reranker=str(tiny_models / "unsure"))
    assert not ask(unsure, "Who met?").answered


def test_opening_with_another_embedder_says_how_to_rebuild(folder_index: Path, tiny_models: Path) -> None:
    other = str(tiny_models / "other-embedder")
    with pytest.raises(ModelMismatchError, match=f"--embedder {other} --index {folder_index}"):
        Answerer.open(folder_index, embedder=other)


def test_opening_fails_before_a_model_is_loaded(tmp_path: Path, folder_index: Path) -> None:
    with pytest.raises(NoIndexError):
        Answerer.open(tmp_path / "nowhere")
    with pytest.raises(ModelError, match="bge-small is no reranker"):
        Answerer.open(folder_index, reranker="bge-small")
