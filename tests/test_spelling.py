"""Slips of the pen in a question."""

import pytest

from qa.spelling import correct_stem
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
    ["trilateral", "Iraq", "talking", "2024", "Zelenskyy", "北朝鮮", "U.S.", "unclear", "x" * 500],
)
def test_a_word_that_may_be_meant_stays(word: str) -> None:
    assert correct_stem(word, VOCABULARY) is None
