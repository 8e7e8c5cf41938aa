"""Whose leaders are asked for, and whether a text tells of those of others only."""

import pytest

from qa.leader import read_led, tells_others


@pytest.mark.parametrize(
    ("question", "led"),
    [
        ("Who headed the US Strategic Command team at the talks?", "US Strategic Command"),
        ("Who co-chaired the Japanese side of the dialogue?", "Japanese"),
        ("who ran the american side in december?", "american"),
        ("Who came from the Pentagon to lead the U.S. side?", "U.S."),
        ("Who led Japan's team in December?", "Japan's"),
        ("Who represented Japan's foreign ministry in July?", "Japan's foreign ministry"),
        ("Who spoke for the State Department as co-chair?", "State Department"),
        ("Who is representing Peru?", "Peru"),
        ("Which American officials led their delegation in May?", "American officials"),
        ("Which American officials headed their country's delegation in May?", "American officials"),
        ("Who led the talks in May?", None),
        ("Who was represented?", None),
        ("Which side led?", None),
        ("What did the Japanese side say?", None),
        ("Who led " + "a" * 1900, None),  # nor does it take long
        ("Who led " + "a " * 900, None),
    ],
)
def test_whose_leaders_are_asked_for(question: str, led: str | None) -> None:
    assert read_led(question) == led


@pytest.mark.parametrize(
    "told",
    [
        "The Japanese side was co-chaired by Mr. UEDA Koji.",
        "The Japan delegation, of twelve, was led by Mr. Ueda.",
        "Mr. Ueda headed the Japanese team.",
        "Mr. Ueda led the Japanese inter-agency delegation.",
    ],
)
def test_a_text_that_tells_who_led_others_tells_nothing_of_these(told: str) -> None:
    assert tells_others([told, "Peru took part."], lambda text: "Peru" in text)
    assert not tells_others([told, "The Peru team was led by Ms. Rojas."], lambda text: "Peru" in text)
    assert not tells_others([told], lambda text: "Japan" in text)


@pytest.mark.parametrize(
    "told", ["", "Peru took part.", "Mr. Ueda led the talks.", "The team was led by him.", "They led it."]
)
def test_a_text_that_does_not_say_which_team_was_led_may_tell(told: str) -> None:
    assert not tells_others([told], lambda text: "Chile" in text)
