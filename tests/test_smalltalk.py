"""Greetings get a friendly line, questions do not."""

import pytest

from qa.smalltalk import answer_small_talk


@pytest.mark.parametrize("text", ["hello", "Hi!", "Good morning", "hey there", "How are you today?"])
def test_greetings(text: str) -> None:
    assert answer_small_talk(text, 2) == (
        "Hello. Ask what the 2 statements say: the answer is the exact words."
    )


@pytest.mark.parametrize("text", ["thanks", "Thank you so much!", "OK, thanks a lot.", "bye", "Okay"])
def test_thanks(text: str) -> None:
    assert (answer_small_talk(text, 1) or "").startswith("You are welcome. Ask what the statement says")


@pytest.mark.parametrize("text", ["Who are you?", "What can you do?", "help", "Are you an AI?"])
def test_what_is_this(text: str) -> None:
    assert (answer_small_talk(text, 2) or "").startswith("Ask what the 2 statements say")


@pytest.mark.parametrize(
    "text",
    ["Hello Kitty", "Who are the Ministers?", "thanks to whom", "China", "Good morning, Vietnam", "", "?"],
)
def test_questions(text: str) -> None:
    assert answer_small_talk(text, 2) is None
