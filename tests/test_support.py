"""Does a passage answer? Every signal pulls the way it should, and refusals say why."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store import Index, open_index
from qa.cross_encoder import Reranker
from qa.lexicon import Lexicon
from qa.question import read_question
from qa.rerank import judge, rerank
from qa.support import Signals, estimate_probability, put_named_first, put_ruled_out_last, weigh_support
from qa.types import Hit, Question

TEXT = "Report\n\nThe DPRK launched missiles on July 4, 2024.\n\nThe ministers met. They counted 41 whales.\n"
NEUTRAL = Signals(logit=0.0, kind_missing=0.0, ruled_out=0.0, name_missing=0.0)
LOGITS = st.floats(-12, 12)
SHARES = st.floats(0, 1)


@pytest.fixture
def index(index_texts: Callable[..., Path]) -> Iterator[Index]:
    texts = {"one": TEXT, "two": "Note\n\nNothing was said.\n", "aliases.toml": b'"North Korea" = ["DPRK"]'}
    with open_index(index_texts(texts)) as opened:
        yield opened


def read_all(index: Index, reranker: Reranker, text: str) -> dict[str, Signals]:
    """Return the signals of every passage, by its first words."""
    search = read_question(Question(text=text), Lexicon.of(index))
    passages = index.passages(sorted(index.passage_ids(statement_id="one") or ()))
    hits = [Hit(passage_id=each.passage_id, score=1) for each in passages]
    ranked = rerank(reranker, search, hits, passages)
    weighed = weigh_support(index, search, judge(None, search, ranked, limit=len(ranked)))
    return {" ".join(each.ranked.stored.text.split()[:2]): each.signals for each in weighed}


@given(logit=LOGITS, kind=SHARES, ruled_out=SHARES, name=SHARES)
def test_a_probability_is_one(logit: float, kind: float, ruled_out: float, name: float) -> None:
    signals = Signals(logit=logit, kind_missing=kind, ruled_out=ruled_out, name_missing=name)
    assert 0 < estimate_probability(signals) < 1


def test_each_signal_pulls_its_way() -> None:
    def probability(**changed: float) -> float:
        return estimate_probability(dataclasses.replace(NEUTRAL, **changed))

    assert probability(logit=5.0) > probability() > probability(logit=-5.0)
    assert probability() > probability(kind_missing=1.0)
    assert probability() > probability(name_missing=1.0)
    assert probability() > probability(ruled_out=1.0)
    assert probability(mentioned=1.0) > probability()
    assert probability() > probability(searched=1.0)
    assert probability() > probability(doubted=1.0)
    assert probability(assured=1.0) > probability()
    assert probability() > probability(unrelated=1.0)


def test_the_more_passages_are_searched_the_less_the_same_answer_is_worth(
    index_texts: Callable[..., Path], overlap_reranker: Reranker
) -> None:
    others = {f"{number}": f"Note\n\nNothing was said in {number}.\n" for number in range(98)}
    with open_index(index_texts({"one": TEXT, **others})) as index:
        assert index.passage_count == 100
        for text, statement_id, searched in (
            ("They counted 41 whales.", None, 1.0),
            ("They counted 41 whales.", "one", 0.0),
        ):
            question = Question(text=text, statement_id=statement_id)
            search = read_question(question, Lexicon.of(index))
            passages = index.passages(sorted(index.passage_ids(statement_id="one") or ()))
            hits = [Hit(passage_id=each.passage_id, score=1) for each in passages]
            weighed = weigh_support(index, search, rerank(overlap_reranker, search, hits, passages))
            assert {each.signals.searched for each in weighed} == {searched}


def test_a_passage_in_other_words_is_doubted_among_many_and_one_in_the_same_words_assured(
    index_texts: Callable[..., Path], overlap_reranker: Reranker
) -> None:
    others = {f"{number}": f"Note\n\nNothing was said in {number}.\n" for number in range(998)}
    with open_index(index_texts({"one": TEXT, **others})) as index:
        assert index.passage_count == 1000
        for statement_id, weight in ((None, 1.0), ("one", 0.0)):
            search = read_question(
                Question(text="How many whales?", statement_id=statement_id), Lexicon.of(index)
            )
            passages = index.passages(sorted(index.passage_ids(statement_id="one") or ()))
            (first,) = rerank(overlap_reranker, search, [Hit(passage_id=1, score=1)], passages[:1])
            ranked = [dataclasses.replace(first, best=logit) for logit in (-3.0, 3.0)]
            signals = [each.signals for each in weigh_support(index, search, ranked)]
            assert [each.doubted for each in signals] == pytest.approx([3 * weight, 0])
            assert [each.assured for each in signals] == pytest.approx([0, 3 * weight])


def test_what_has_nothing_in_common_is_unrelated_unless_it_has_what_is_asked_about(
    index: Index, overlap_reranker: Reranker
) -> None:
    passages = index.passages(sorted(index.passage_ids(statement_id="one") or ()))[-1:]
    logits = (3.0, -9.5, -10.25, -11.0, -14.0)
    for text, unrelated in (
        ("Who counted them?", [0, 0, 0.5, 1, 1]),
        ("What is said about whales?", [0, 0, 0, 0, 0]),
    ):
        search = read_question(Question(text=text), Lexicon.of(index))
        (first,) = rerank(overlap_reranker, search, [Hit(passage_id=1, score=1)], passages)
        ranked = [dataclasses.replace(first, best=logit) for logit in logits]
        assert [each.signals.unrelated for each in weigh_support(index, search, ranked)] == unrelated


def test_what_was_not_judged_does_not_answer(index: Index, overlap_reranker: Reranker) -> None:
    search = read_question(Question(text="They counted 41 whales."), Lexicon.of(index))
    passages = index.passages(sorted(index.passage_ids(statement_id="one") or ()))
    hits = [Hit(passage_id=each.passage_id, score=1) for each in passages]
    judged = judge(None, search, rerank(overlap_reranker, search, hits, passages), limit=1)
    first, *rest = weigh_support(index, search, judged)
    assert first.probability > 0
    assert rest
    assert all(each.probability == 0 for each in rest)


def test_a_name_that_the_statement_has_under_another_name_is_not_missing(
    index: Index, overlap_reranker: Reranker
) -> None:
    for signals in read_all(index, overlap_reranker, "North Korea launched missiles").values():
        assert signals.name_missing == 0


def test_a_number_asked_for_must_be_there(index: Index, overlap_reranker: Reranker) -> None:
    found = read_all(index, overlap_reranker, "How many missiles?")
    assert found["The DPRK"].kind_missing == 1
    assert found["The ministers"].kind_missing == 0
    assert read_all(index, overlap_reranker, "When?")["The DPRK"].kind_missing == 0


@pytest.mark.parametrize(
    ("question", "ruled_out"),
    [
        ("When is the next launch?", 1),
        ("Which admiral counted the whales?", 1),
        ("Which ministers counted the whales?", 0),
        ("How many whales were there in 2019?", 2),
        ("How many whales were there in 2024?", 0),  # the statement has that year
        ("Which ministers counted the whales in October?", 1),
        ("What was said about whales in Peru?", 1),
        ("Who counted whales in Peru?", 1),  # whose names are all known, and none is there
        ("Who counted the whales off Utopia?", 0),  # it may be told of under another name
        ("Did a B-52 count the whales?", 1),
        ("Who counted whales for the IWC?", 1),
        ("What was said about whales in North Korea?", 0),  # the statement has that name
        ("Was it Lavrov or Putin who counted the whales?", 1),
        ("Did Lavrov and Putin count the whales?", 0),
        ("Was it the DPRK or Putin that counted the whales?", 0),
        ("Who led the DPRK team that counted the whales?", 0),  # not told who led another
        ("Which ministers counted them at the very first meeting?", 1),
        ("Which whales were counted?", 0),  # "41 whales" are those
    ],
)
def test_what_rules_an_answer_out(
    index: Index, overlap_reranker: Reranker, question: str, *, ruled_out: int
) -> None:
    found = read_all(index, overlap_reranker, question)
    assert found["The ministers"].ruled_out == ruled_out


def test_what_is_there_in_general_only_does_not_say_which(
    index_texts: Callable[..., Path], overlap_reranker: Reranker
) -> None:
    text = "Note\n\nThey met to cooperate in crisis scenarios.\n\nThe scenario was an invasion.\n"
    with open_index(index_texts({"one": text})) as index:
        found = read_all(index, overlap_reranker, "What scenario was played when they met to cooperate?")
    assert {words: signals.ruled_out for words, signals in found.items()} == {
        "They met": 2,
        "The scenario": 0,
    }


@pytest.mark.parametrize(
    ("question", "ruled_out"),
    [
        ("Who led the U.S. team?", 1),
        ("Who led the American team?", 1),
        ("Who represented the United States?", 1),
        ("Who led the Japanese team?", 0),
        ("Who spoke for Japan?", 0),
        ("Who led their team?", 0),
        ("Which Americans watched the drill?", 0),
    ],
)
def test_who_led_others_does_not_answer_who_led_these(
    index_texts: Callable[..., Path], overlap_reranker: Reranker, question: str, ruled_out: int
) -> None:
    text = "Note\n\nThe ministers met. The Japanese team was led by Ueda. The U.S. team watched a drill.\n"
    with open_index(index_texts({"one": text})) as index:
        found = read_all(index, overlap_reranker, question)
    assert found["The ministers"].ruled_out == ruled_out


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Which meeting of the ministers came before?", "Before that"),
        ("Which meeting of the ministers is next?", "They will"),
        ("Which meeting of the ministers was it?", "The ministers"),
    ],
)
def test_what_tells_of_the_time_asked_for_comes_first(
    index_texts: Callable[..., Path], overlap_reranker: Reranker, question: str, first: str
) -> None:
    text = "Note\n\nThe ministers had a meeting.\n\nBefore that others met.\n\nThey will come back.\n"
    with open_index(index_texts({"one": text})) as index:
        search = read_question(Question(text=question), Lexicon.of(index))
        passages = index.passages(sorted(index.passage_ids() or range(2, 5)))
        hits = [Hit(passage_id=each.passage_id, score=1) for each in passages]
        ranked = rerank(overlap_reranker, search, hits, passages)
        judged = judge(None, search, ranked, limit=len(ranked))
        assert judged[0].stored.text.startswith("The ministers")
        weighed = weigh_support(index, search, judged)
        ordered = put_ruled_out_last(weighed, answers_from=min(each.probability for each in weighed))
        unanswered = put_ruled_out_last(weighed, answers_from=1.0)
    assert ordered[0].ranked.stored.text.startswith(first)
    assert unanswered == weighed


@pytest.mark.parametrize(
    ("question", "elsewhere", "first"),
    [
        ("How many whales did Kihara count?", "They did count whales.", "one"),
        (
            "How many whales did Kihara count?",
            "How many whales did they count?",
            "two",
        ),  # answers much better
        ("How many whales did Putin count?", "They did count whales.", "two"),  # neither has the name
        ("How many whales did they count?", "They did count whales.", "two"),
    ],
)
def test_a_passage_of_a_statement_with_the_name_asked_about_comes_first(
    index_texts: Callable[..., Path], overlap_reranker: Reranker, question: str, elsewhere: str, first: str
) -> None:
    texts = {"one": "Note\n\nKihara came.\n\nThey did count whales.\n", "two": f"Note\n\n{elsewhere}\n"}
    with open_index(index_texts(texts)) as index:
        search = read_question(Question(text=question), Lexicon.of(index))
        ids = [index.passage_ids(statement_id=each) or () for each in ("two", "one")]
        passages = index.passages([passage_id for own in ids for passage_id in own])
        hits = [Hit(passage_id=each.passage_id, score=1) for each in passages]
        judged = judge(None, search, rerank(overlap_reranker, search, hits, passages), limit=len(passages))
        assert judged[0].stored.passage.statement_id == "two"
        weighed = weigh_support(index, search, judged)
        ordered = put_named_first(weighed, answers_from=0.1)
        unanswered = put_named_first(weighed, answers_from=1.0)
    assert ordered[0].statement_id == first
    assert unanswered == weighed


def test_a_year_that_another_statement_is_of_rules_out_less(
    index_texts: Callable[..., Path], overlap_reranker: Reranker
) -> None:
    texts = {"one": TEXT, "2019-05-01-two": "Note\n\nNothing was said.\n"}
    with open_index(index_texts(texts)) as index:
        assert any(each.date and each.date.year == 2019 for each in index.statements())
        found = read_all(index, overlap_reranker, "How many whales were there in 2019?")
    assert found["The ministers"].ruled_out == 1


@pytest.mark.parametrize(
    ("question", "mentioned"),
    [
        ("What was said about North Korea?", True),
        ("What did they say about the DPRK?", True),
        ("What was said about the DPRK and Norway?", False),
        ("What was said about missiles of the DPRK?", False),
        ("What was said about missiles?", True),
        ("Is the DPRK mentioned?", True),
        ("Are missiles mentioned in the statement?", True),
        ("Did the DPRK launch missiles?", False),
    ],
)
def test_what_is_said_of_something_is_wherever_it_stands(
    index: Index, overlap_reranker: Reranker, question: str, *, mentioned: bool
) -> None:
    found = read_all(index, overlap_reranker, question)
    assert found["The DPRK"].mentioned == mentioned


@pytest.mark.parametrize(
    ("question", "ruled_out"),
    [
        ("What was said about Putin?", True),
        ("What was said about Putin's threats?", False),  # they may be told of as those of Russia
        ("What was said about Taiwan's threats?", True),  # all of whose names are known
        ("What was said about Kim's view of Putin?", True),
        ("Who met Putin?", False),
    ],
)
def test_what_does_not_mention_the_topic_is_no_answer(
    index: Index, overlap_reranker: Reranker, question: str, *, ruled_out: bool
) -> None:
    assert read_all(index, overlap_reranker, question)["The ministers"].ruled_out == ruled_out


def test_a_name_is_looked_for_in_the_whole_statement(index: Index, overlap_reranker: Reranker) -> None:
    assert read_all(index, overlap_reranker, "Did the DPRK meet?")["The ministers"].name_missing == 0
    assert read_all(index, overlap_reranker, "Did Norway meet?")["The ministers"].name_missing == 1
    assert read_all(index, overlap_reranker, "Did zebras meet?")["The ministers"].name_missing == 0
