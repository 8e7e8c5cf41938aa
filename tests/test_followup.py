"""Follow-ups: what earlier questions were about is carried over, and nothing else is bent."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.store import open_index
from qa.followup import MOST_CARRIED, carry_over
from qa.lexicon import Lexicon
from qa.question import MAX_CHARS, Search, read_question
from qa.stems import contains, stem_words
from qa.types import Question

NAMES = (
    ("North Korea", "DPRK"),
    ("South Korea", "ROK"),
    ("China", "PRC", "Beijing"),
    ("Russia", "Moscow"),
    ("Japan", "Japanese"),
    ("United States", "U.S."),
    ("Extended Deterrence Dialogue", "EDD"),
)
CHECKS = Path(__file__).resolve().parents[1] / "seeds" / "checks.toml"
Ask = Callable[..., Search]


@pytest.fixture
def ask(index_texts: Callable[..., Path]) -> Iterator[Ask]:
    with open_index(index_texts({"one": "Statement\n\nThe allies met in Tokyo.\n"})) as index:
        lexicon = Lexicon(index, NAMES)

        def read(text: str) -> Search:
            return read_question(Question(text=text), lexicon)

        yield lambda text, *earlier: carry_over(read(text), [read(each) for each in earlier])


@pytest.mark.parametrize(
    ("earlier", "text", "understood"),
    [
        ("What did they say about Russia?", "And China?", "What did they say about China?"),
        ("What did they say about Russia?", "China?", "What did they say about China?"),
        (
            "What did the July statement say about Russia?",
            "What about the December statement?",
            "What did the December statement say about Russia?",
        ),
        ("What did they say about Russia?", "what about china?", "What did they say about china?"),
        (
            "What did they say about Russia's nuclear rhetoric?",
            "And China?",
            "What did they say about China's nuclear rhetoric?",
        ),
        (
            "What did they say about Russia's nuclear rhetoric?",
            "And China's?",
            "What did they say about China's nuclear rhetoric?",
        ),
        (
            "What did Japan and the United States say about Russia?",
            "And North Korea?",
            "What did Japan and the United States say about North Korea?",
        ),
        ("Did the United States attend?", "And China?", "Did China attend?"),
        ("Who led the U.S. side of it?", "What about the Japanese one?", "Who led the Japanese side of it?"),
        (
            "What did the Ministers say about the alliance?",
            "And China?",
            "What did the Ministers say about China?",
        ),
        (
            "Who co-chaired the Japanese side of the dialogue?",
            "And the U.S. side?",
            "Who co-chaired the U.S. side of the dialogue?",
        ),
        (
            "What did the Ministers say about cyber?",
            "What about space?",
            "What did the Ministers say about space?",
        ),
        (
            "What did they say about China in December 2024?",
            "And in July?",
            "What did they say about China in July?",
        ),
        ("What did they say about China?", "In June?", "What did they say about China in June?"),
        (
            "What office does Kumagai Naoki hold?",
            "And Alexandra Bell?",
            "What office does Alexandra Bell hold?",
        ),
    ],
)
def test_a_parallel_takes_its_place_in_the_last_question(
    ask: Ask, earlier: str, text: str, understood: str
) -> None:
    found = ask(text, earlier)
    assert found.text == understood
    assert found.asked == ask(text)
    assert found.readings == (found,)


def test_terms_asked_for_are_told_from_those_carried(ask: Ask) -> None:
    found = ask("And China?", "What did they say about Russia's nuclear rhetoric?")
    assert [term.text for term in found.terms] == ["China"]
    assert [term.text for term in found.carried] == ["nuclear", "rhetoric"]
    assert found.names == ("China", "PRC", "Beijing", "nuclear", "rhetoric")
    assert "Russia" not in found.text


def test_a_parallel_of_a_parallel(ask: Ask) -> None:
    talk = ["What did they say about Russia?", "And China?"]
    assert ask("And North Korea?", *talk).text == "What did they say about North Korea?"
    assert "Russia" not in ask("Why?", *talk).text


@pytest.mark.parametrize(
    ("earlier", "text", "carried"),
    [
        (
            "When was the Extended Deterrence Dialogue set up?",
            "Who co-chaired it?",
            "Extended Deterrence Dialogue",
        ),
        ("When was the Extended Deterrence Dialogue set up?", "Where?", "Extended Deterrence Dialogue"),
        ("Which units took part in Yama Sakura 87?", "How many of them?", "Sakura"),
        ("Which units took part in Yama Sakura 87?", "Who else?", "Sakura"),
        ("Which units took part in Yama Sakura 87?", "What else did they see there?", "Sakura"),
        ("Which units took part in Yama Sakura 87?", "When was that?", "Sakura"),
        ("What sanctions were imposed on North Korea?", "Which countries?", "North Korea"),
        ("What sanctions were imposed on North Korea?", "Did it succeed?", "North Korea"),
        ("What sanctions were imposed on North Korea?", "Why?", "sanctions"),
    ],
)
def test_the_topic_stands_behind_the_question(ask: Ask, earlier: str, text: str, carried: str) -> None:
    found = ask(text, earlier)
    assert found.text.startswith(f"{text} (")
    assert carried in found.text
    assert carried in [term.text for term in found.carried]
    assert found.asked == ask(text)
    assert found.terms == ask(text).terms
    assert found.readings == (found.asked, found)
    assert found.wordings == (found, found.asked)


def test_the_topic_outlives_questions_that_name_nothing(ask: Ask) -> None:
    talk = ["Which units took part in Yama Sakura 87?", "Why?", "Who else?", "Thanks!"]
    assert "Sakura" in ask("When was it?", *talk).text


def test_a_new_topic_counts_more_than_an_old_one(ask: Ask) -> None:
    talk = [
        "Who commands the fleet in Yokosuka harbour near Tokyo?",
        "What sanctions hit North Korea last June?",
    ]
    carried = [term.text for term in ask("Why was that?", *talk).carried]
    assert {"sanctions", "North Korea", "June"} <= set(carried)
    assert len(carried) == MOST_CARRIED


def test_without_something_to_carry_nothing_changes(ask: Ask) -> None:
    assert ask("Why?", "Thanks!", "And you?").asked is None
    assert ask("Why Russia?", "Russia").asked is None


def test_questions_that_stand_alone_are_not_bent(ask: Ask) -> None:
    checks = tomllib.loads(CHECKS.read_text(encoding="utf-8"))
    questions = [check["question"] for kind in ("answerable", "unanswerable") for check in checks[kind]]
    assert len(questions) > 100
    for number, text in enumerate(questions):
        earlier = [questions[number - step] for step in (50, 20, 1)]
        assert ask(text, *earlier) == ask(text)


SENTENCE = (
    "and what about China it why Russia in July the nuclear side? who else did they sign that U.S. 2024"
)
PHRASES = st.lists(st.sampled_from(SENTENCE.split()), min_size=1, max_size=9).map(" ".join)
ANY_TEXT = st.text(max_size=80).map(lambda text: f"a {text}")
RELAXED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None
)


@RELAXED
@given(text=PHRASES | ANY_TEXT)
def test_without_earlier_questions_nothing_changes(ask: Ask, text: str) -> None:
    assert ask(text).asked is None


@RELAXED
@given(text=PHRASES | ANY_TEXT, earlier=st.lists(PHRASES | ANY_TEXT, min_size=1, max_size=6))
def test_what_was_asked_stays_and_the_rest_is_bounded(ask: Ask, text: str, earlier: Sequence[str]) -> None:
    alone, found = ask(text), ask(text, *earlier)
    assert found.terms == alone.terms
    assert found.question == alone.question
    assert len(found.text) <= MAX_CHARS
    if found.asked is None:
        assert found == alone
    else:
        assert found.asked == alone
        assert not set(found.carried) & set(found.terms)
        stems = stem_words(found.text)
        assert all(contains(stems, stem_words(term.text)) for term in (*found.terms, *found.carried))


def test_the_longest_questions_stay_within_bounds(ask: Ask) -> None:
    long = "x" * (MAX_CHARS - 20)
    assert ask("Why?", f"Why is {long} so?").asked is None
    assert ask(f"Why is it {'so ' * 660}?", "Where is Camp Kengun in Kumamoto?").asked is None
    assert len(ask("And China?", f"{'Why ' * 490}Russia?").text) <= MAX_CHARS
