"""A cross-encoder reads question and passage together."""

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.encoder import FloatArray
from index.errors import ModelError
from index.store import Index, StoredPassage, open_index
from qa.cross_encoder import CrossEncoderReranker, Reranker
from qa.followup import carry_over
from qa.lexicon import Lexicon
from qa.question import Search, read_question
from qa.rerank import JUDGE_COUNTS, JUDGED_YES, MANY, Ranked, find_sentences, judge, rerank
from qa.types import Hit, Question

TITLE = "Statement on Missiles"
TEXT = (
    f"{TITLE}\n\n"
    "The ministers met. The DPRK launched missiles. They will meet again.\n\n"
    "The weather was fine.\n\n"
    "Missiles were launched by North Korea. Nobody was hurt.\n\n"
    + "\n\n".join(f"Paragraph number {n} is of no use. It is here to be read." for n in range(6))
)


@pytest.fixture
def index(index_texts: Callable[..., Path]) -> Iterator[Index]:
    with open_index(index_texts({"one": TEXT, "aliases.toml": b'"North Korea" = ["DPRK"]'})) as opened:
        yield opened


def passages_of(index: Index) -> tuple[StoredPassage, ...]:
    return index.passages(sorted(index.passage_ids(statement_id="one") or ()))


def ask(index: Index, text: str) -> Search:
    return read_question(Question(text=text), Lexicon.of(index))


def read(reranker: Reranker, search: Search, passages: Sequence[StoredPassage]) -> tuple[Ranked, ...]:
    """Rerank passages that were all found alike."""
    hits = [Hit(passage_id=passage.passage_id, score=1) for passage in passages]
    return rerank(reranker, search, hits, passages)


class Recording:
    """The reranker of conftest.py, remembering what it was given."""

    def __init__(self, reranker: Reranker) -> None:
        self._reranker = reranker
        self.pairs: list[tuple[str, str]] = []

    @property
    def model_id(self) -> str:
        return self._reranker.model_id

    def score(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        self.pairs.extend(pairs)
        return self._reranker.score(pairs)


def test_the_passage_that_answers_best_comes_first(index: Index, overlap_reranker: Reranker) -> None:
    ranked = read(overlap_reranker, ask(index, "Nobody was hurt?"), passages_of(index))
    assert ranked[0].stored.text.strip().endswith("Nobody was hurt.")
    assert ranked[0].logit == ranked[0].score == 8
    assert [each.score for each in ranked] == sorted((each.score for each in ranked), reverse=True)
    assert {each.stored.passage_id for each in ranked} == {each.passage_id for each in passages_of(index)}


def test_each_passage_is_asked_in_its_own_names(index: Index, overlap_reranker: Reranker) -> None:
    recording = Recording(overlap_reranker)
    search, passages = ask(index, "Has North Korea launched missiles?"), passages_of(index)
    read(recording, search, passages)
    asked = {text.removeprefix(f"{TITLE}\n").strip(): question for question, text in recording.pairs}
    # What the acronym stands for is written behind it.
    whole = "The ministers met. The DPRK (North Korea) launched missiles. They will meet again."
    assert asked[whole].startswith("Has DPRK")
    assert asked["The weather was fine."] == "Has North Korea launched missiles?"
    recording.pairs.clear()
    best = {each.of(TEXT).strip() for each in find_sentences(recording, search, passages[:3])}
    assert best == {
        "The DPRK launched missiles.",
        "The weather was fine.",
        "Missiles were launched by North Korea.",
    }
    asked = {text: question for question, text in recording.pairs}
    assert asked["The DPRK (North Korea) launched missiles."] == "Has DPRK launched missiles?"
    assert asked["Missiles were launched by North Korea."] == "Has North Korea launched missiles?"


def test_the_sentence_that_answers_is_found_in_each_passage(index: Index, overlap_reranker: Reranker) -> None:
    recording = Recording(overlap_reranker)
    passages = passages_of(index)[::-1]
    sentences = find_sentences(recording, ask(index, "Is it here to be read?"), passages)
    for passage, sentence in zip(passages, sentences, strict=True):
        assert sentence in passage.passage.sentences
        if "Paragraph number" in passage.text:
            assert sentence.of(TEXT).strip() == "It is here to be read."
    assert len(recording.pairs) == sum(
        len(each.passage.sentences) for each in passages if len(each.passage.sentences) > 1
    )
    assert find_sentences(recording, ask(index, "Who?"), ()) == []


def test_what_is_said_about_something_names_it(index: Index, overlap_reranker: Reranker) -> None:
    search = ask(index, "What did they say again about missiles?")
    passages = [each for each in passages_of(index) if "They will meet again." in each.text]
    best = [each.of(TEXT).strip() for each in find_sentences(overlap_reranker, search, passages)]
    assert best == ["The DPRK launched missiles."]


def test_what_is_read_is_the_statements_own_words(index: Index, overlap_reranker: Reranker) -> None:
    recording = Recording(overlap_reranker)
    read(recording, ask(index, "Who met?"), passages_of(index))
    find_sentences(recording, ask(index, "Who met?"), passages_of(index))
    for _, given_text in recording.pairs:
        text = given_text.removeprefix(f"{TITLE}\n").replace("DPRK (North Korea)", "DPRK")
        assert text
        assert text in TEXT
        assert re.match(r"\S(.*\S)?\Z", text, re.DOTALL)


def test_how_a_passage_was_found_decides_between_equals(index: Index, overlap_reranker: Reranker) -> None:
    passages = passages_of(index)[2:5]
    hits = [Hit(passage_id=each.passage_id, score=1, nearness=0.2) for each in passages]
    hits[1] = dataclasses.replace(hits[1], overlap=0.5)
    ranked = rerank(overlap_reranker, ask(index, "Zeppelins?"), hits, passages)
    assert [each.lead for each in ranked] == pytest.approx([1.15, 0.4, 0.4])
    assert ranked[0].stored == passages[1]
    assert ranked[0].score == ranked[0].logit + ranked[0].lead


class Contrary:
    """Judges by the number of whole sentences alone: the fewer, the better."""

    model_id = "contrary@1"

    def score(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        return np.array([-20.0 * text.count(".") for _, text in pairs], dtype=np.float32)


def test_the_best_are_judged_and_the_rest_come_after_them(index: Index, overlap_reranker: Reranker) -> None:
    search = ask(index, "Is paragraph number 3 here to be read?")
    ranked = read(overlap_reranker, search, passages_of(index))
    judged = judge(Contrary(), search, ranked, limit=3)
    assert [each.judged is None for each in judged] == [False] * 3 + [True] * (len(ranked) - 3)
    assert judged[3:] == ranked[3:]
    assert {each.stored.passage_id for each in judged[:3]} == {each.stored.passage_id for each in ranked[:3]}
    for each in judged[:3]:
        assert each.judged == -20 * each.stored.titled_text.count(".")
        assert each.score == each.logit + each.lead + JUDGE_COUNTS * each.judged
    assert [each.score for each in judged[:3]] == sorted((e.score for e in judged[:3]), reverse=True)


def test_both_models_order_what_is_judged(index: Index, overlap_reranker: Reranker) -> None:
    search = ask(index, "Missiles were launched by North Korea. Nobody was hurt.")
    ranked = read(overlap_reranker, search, passages_of(index))
    assert "Nobody was hurt" in ranked[0].stored.text
    judged = judge(Contrary(), search, ranked, limit=len(ranked))
    assert judged[0].stored.text.strip() == "The weather was fine."


def test_without_another_judge_nothing_is_read_twice(index: Index, overlap_reranker: Reranker) -> None:
    recording = Recording(overlap_reranker)
    search = ask(index, "Who met?")
    ranked = read(recording, search, passages_of(index))
    pairs = len(recording.pairs)
    judged = judge(None, search, ranked, limit=2)
    assert len(recording.pairs) == pairs
    assert [each.judged for each in judged[:3]] == [ranked[0].logit, ranked[1].logit, None]


def test_nothing_gives_nothing(index: Index, overlap_reranker: Reranker) -> None:
    assert read(overlap_reranker, ask(index, "Who met?"), ()) == ()
    assert judge(Contrary(), ask(index, "Who met?"), (), limit=3) == ()


# ---- Cross-encoders -----------------------------------------------------------------------------------


def test_a_folder_is_a_reranker_and_gives_its_bare_logit(tiny_models: Path) -> None:
    reranker = CrossEncoderReranker.from_name(str(tiny_models / "sure"))
    scores = reranker.score([("Who?", "They."), ("What?", "It. " * 2000), ("", "")])
    assert scores.dtype == np.float32
    assert scores.tolist() == pytest.approx([9.0, 9.0, 9.0])
    assert reranker.score([]).shape == (0,)
    assert reranker.model_id.startswith(f"{tiny_models / 'sure'}@")


def test_a_folder_whose_score_would_be_random_is_refused(tiny_models: Path) -> None:
    with pytest.raises(ModelError, match="embedder is no reranker"):
        CrossEncoderReranker.from_name(str(tiny_models / "embedder"))


def test_a_folder_that_cannot_be_loaded_is_one_sentence(tiny_models: Path, tmp_path: Path) -> None:
    for file in (tiny_models / "sure").iterdir():
        content = file.read_bytes()
        (tmp_path / file.name).write_bytes(content[:100] if file.suffix == ".safetensors" else content)
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        CrossEncoderReranker.from_name(str(tmp_path))
    assert "\n" not in str(caught.value)


@pytest.mark.model
def test_a_pairs_score_does_not_depend_on_its_batch(default_reranker: Reranker) -> None:
    question = "What did Japan say about missiles?"
    texts = ["Japan condemned the launches.", "No.", "Japan, " * 300, "日本", "The weather was fine. " * 20]
    pairs = [(question, text) for text in texts] * 4
    together = default_reranker.score(pairs)
    alone = np.array([default_reranker.score([pair])[0] for pair in pairs[:5]])
    np.testing.assert_allclose(together, np.tile(alone, 4), atol=1e-4)
    assert together[0] > together[4]


def test_of_a_follow_up_the_mean_ranks_and_the_better_reading_is_told(
    index: Index, overlap_reranker: Reranker
) -> None:
    asked = carry_over(ask(index, "What about the weather?"), [ask(index, "Who launched missiles?")])
    assert asked.readings == (asked.asked, asked)
    alone = [
        {each.stored.passage_id: each.logit for each in read(overlap_reranker, reading, passages_of(index))}
        for reading in (ask(index, asked.readings[0].text), dataclasses.replace(asked, asked=None))
    ]
    for ranked in read(overlap_reranker, asked, passages_of(index)):
        logits = [each[ranked.stored.passage_id] for each in alone]
        assert ranked.logit == pytest.approx(np.mean(logits))
        assert ranked.best == pytest.approx(max(logits))


@pytest.mark.parametrize(("among", "first"), [(MANY - 1, 2), (MANY, 1)])
def test_among_many_the_cross_encoder_tells_which_of_what_the_judge_says_yes_to_is_best(
    index: Index, among: int, first: int
) -> None:
    class Judge:
        model_id = "judge@1"

        def score(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
            return np.array([JUDGED_YES, JUDGED_YES + 2], dtype=np.float32)[: len(pairs)]

    search = read_question(Question(text="How many whales?"), Lexicon.of(index))
    ranked = [
        Ranked(stored=stored, logit=logit, best=logit)
        for stored, logit in zip(index.passages([1, 2]), (2.0, 1.0), strict=True)
    ]
    judged = judge(Judge(), search, ranked, limit=2, among=among)
    assert judged[0].stored.passage_id == first
