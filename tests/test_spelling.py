"""Slips of the pen in a question."""

import pytest

from qa.spelling import correct_stem, find_neighbours, may_be_name
from qa.stems import stem_words

WORDS = "exercise nuclear KUMAGAI bilateral doctrine Sakura Iran ambassador defense programme"
VOCABULARY = sorted(stem for word in WORDS.split() for stem in stem_words(word))


@pytest.mark.parametrize(
    ("slip", "word"),
    [
        ("exercize", "exercise"),
        ("docterine", "doctrine"),
        ("Kumagi", "kumagai"),
        ("Sakara", "sakura"),
        ("ambasador", "ambassador"),
        ("nucelar", "nuclear"),
        ("defence", "defense"),  # though an English dictionary may know it
        ("Programs", "programme"),
    ],
)
def test_a_slip_is_read_as_the_nearest_word(slip: str, word: str) -> None:
    assert correct_stem(slip, VOCABULARY) == stem_words(word)[0]


@pytest.mark.parametrize(
    "word",
    [
        "trilateral",
        "Iraq",
        "talking",
        "2024",
        "Zelenskyy",
        "北朝鮮",
        "U.S.",
        "unclear",
        "irelings",
        "x" * 500,
    ],
)
def test_a_word_that_may_be_meant_stays(word: str) -> None:
    assert correct_stem(word, VOCABULARY) is None


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("Jonson", ("johnson",)),
        ("Bel", ("bell", "belt")),
        ("dod", ()),  # "do" is short
        ("bots", ()),  # nobody means "both"
        ("launch", ()),  # often used
        ("bé1", ()),
    ],
)
def test_the_neighbours_of_a_word(word: str, near: tuple[str, ...]) -> None:
    assert find_neighbours(word, ["bell", "belt", "both", "do", "johnson", "lunch"]) == near


@pytest.mark.parametrize("word", ["aukus", "okinawa", "Hwasong", "tomahawk"])
def test_what_is_no_word_may_be_a_name(word: str) -> None:
    assert may_be_name(word)


@pytest.mark.parametrize("word", ["treaty", "numbr", "thruogh", "tookpart", "abc", "2024", "u.s.a", "北朝鮮"])
def test_a_word_and_a_slip_for_one_is_no_name(word: str) -> None:
    assert not may_be_name(word)
