"""Whether a question can be understood by itself: tables of those that can and those that can't."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.store import open_index
from qa.dependence import depends_on_earlier, find_pronoun, strip_opening
from qa.lexicon import Lexicon
from qa.question import Search, read_question
from qa.types import Question

NAMES = (
    ("North Korea", "DPRK"),
    ("South Korea", "ROK"),
    ("China", "PRC", "Beijing"),
    ("Russia", "Moscow"),
    ("United States", "U.S."),
    ("Ukraine", "Kyiv"),
    ("Extended Deterrence Dialogue", "EDD"),
)
Read = Callable[[str], Search]


@pytest.fixture
def read(index_texts: Callable[..., Path]) -> Iterator[Read]:
    with open_index(index_texts({"one": "Statement\n\nThe allies met in Tokyo.\n"})) as index:
        lexicon = Lexicon(index, NAMES)
        yield lambda text: read_question(Question(text=text), lexicon)


DEPENDENT = """
    And China?
    And North Korea?
    China?
    What about China?
    What about the exercise?
    How about space?
    What about space?
    And in July?
    In December?
    And the U.S. side?
    But what about the missiles?
    Who co-chaired it?
    When did Japan sign it?
    Where was it held?
    Did it succeed?
    What is it for?
    What was its purpose?
    Why is that?
    When was that?
    Who said that?
    What does this mean?
    What did he say?
    Where did she study?
    Who met him there?
    How many of them?
    Which of these?
    Who else?
    What else?
    What else did they see there?
    Anything else?
    Any other countries?
    Tell me more.
    More?
    Why?
    When?
    Where?
    Who?
    How many?
    How so?
    Which countries?
    How many soldiers?
    What are the benefits?
    Any sanctions?
    What happened then?
    Who attended?
    Did they agree?
    OK, and why?
    What did they say?
    Streaming services?
"""

STANDS_ALONE = """
    Where was the Extended Deterrence Dialogue of December 2024 held?
    Who co-chaired the U.S. side of the dialogue?
    What did the two sides say about Russia's nuclear rhetoric?
    What did Japan and the United States resolve in the face of this dynamic reality?
    Under these circumstances, what did the United States and Japan say about the Alliance's posture?
    What progress did the Ministers highlight?
    In what year did the allies set up this forum?
    Do they regularly simulate a crisis when they meet?
    How would the allies react if someone attacked them?
    How do they want to stop anyone from using atomic weapons?
    Is anyone secretive about enlarging its stock of atomic weapons?
    Why did the two sides conduct a tabletop exercise?
    Which army base did the visitors tour?
    What helps to keep a war from breaking out?
    In which month will the next EDD take place?
    Which other meetings came before the talks in December?
    What will both countries continue to explore through the EDD?
    Will it rain in Paris tomorrow?
    Why is the sky blue?
    How tall is Mount Everest?
    Who painted the Mona Lisa?
    How do I sort a list in Python?
    Is it true that North Korea sent soldiers to Russia?
    It is said that North Korea sent soldiers to Russia; what does the statement say?
    Is there a treaty between Japan and Russia?
    Did they mention Taiwan?
    What does this statement say about Ukraine?
    What did Japan promise, and when will it deliver?
    Did Japan change its nuclear doctrine?
    When Kamikawa met Blinken, what did she say?
    What is deterrence?
    What does extended deterrence mean?
    What is the EDD?
    Who is Alexandra Bell?
    Why do China and Russia help each other?
    For many years, what was the Brotherhood described as?
    What army did Warsaw defend itself against?
    And what did the Ministers say about China's nuclear arsenal expansion?
    Ukraine
    electronic warfare
    escalation management
    Yama Sakura 87
    Richard Johnson
    tabeltop excercise
    chocolate cake recipe
    hypersonic glide vehicle interceptor
"""


def listed(table: str) -> list[str]:
    return [line.strip() for line in table.strip().splitlines()]


@pytest.mark.parametrize("text", listed(DEPENDENT))
def test_leaves_something_unsaid(read: Read, text: str) -> None:
    assert depends_on_earlier(read(text))


@pytest.mark.parametrize("text", listed(STANDS_ALONE))
def test_stands_alone(read: Read, text: str) -> None:
    assert not depends_on_earlier(read(text))


@pytest.mark.parametrize(
    ("text", "pronoun"),
    [
        ("Who signed it?", "it"),
        ("Why did Japan sign it?", "it"),
        ("If Japan breaks the treaty, who enforces it?", None),
        ("Did Japan change its constitution?", None),
        ("What was its religion?", "its"),
        ("Did Japan say that China left?", None),
        ("Did Japan say that?", "that"),
        ("It is known that Japan left.", None),
        ("Is there a plan?", None),
        ("", None),
    ],
)
def test_a_pronoun_counts_when_nothing_before_it_explains_it(text: str, pronoun: str | None) -> None:
    assert find_pronoun(text) == pronoun


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("And China?", "China?"),
        ("OK, but what about Japan?", "what about Japan?"),
        ("So?", "So?"),
        ("and", "and"),
        ("Andorra?", "Andorra?"),
        ("Orders of the day", "Orders of the day"),
    ],
)
def test_the_opening_goes_and_never_everything(text: str, body: str) -> None:
    assert strip_opening(text) == body
