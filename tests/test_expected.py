"""The kind of thing asked for, and whether a text has one."""

import pytest

from qa.expected import expected_kind, has_kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many soldiers took part?", "number"),
        ("how much did it cost", "number"),
        ("What is the budget of the exercise?", "number"),
        ("What percentage of the fleet?", "number"),
        ("When did the Ministers meet?", "date"),
        ("In which year was it founded?", "date"),
        ("What date was the dialogue held?", "date"),
        ("How long ago was that?", "date"),
        ("Who chaired it?", None),
        ("What happens when a missile is launched?", None),
        ("How did they respond?", None),
        ("", None),
    ],
)
def test_the_question_tells_what_must_be_in_an_answer(question: str, kind: str | None) -> None:
    assert expected_kind(question) == kind


@pytest.mark.parametrize(
    "text",
    [
        "It cost 3 million dollars.",
        "Some 1,000 launchers",
        "In Japan 54,000 soldiers",
        "In 20 countries",
        "a rise of 5%",
        "They met twice.",
        "two-thirds of it: two",
        "dozens of ships",
    ],
)
def test_numbers(text: str) -> None:
    assert has_kind(text, "number")


@pytest.mark.parametrize(
    "text",
    [
        "They met on July 28, 2024.",
        "the Type-12 missile",
        'They observed "Yama Sakura 87" on 12 December 2024.',
        "It was Flight 447, and an F-35.",
        "someone, nobody, attend",
        "The two sides met.",
        "",
    ],
)
def test_numbers_in_dates_and_names_are_no_numbers(text: str) -> None:
    assert not has_kind(text, "number")


@pytest.mark.parametrize("text", ["in July", "since 1951", "on 3 May 2020", "Sept. 3"])
def test_dates(text: str) -> None:
    assert has_kind(text, "date")


@pytest.mark.parametrize("text", ["They may meet.", "3000 soldiers", "They march on.", ""])
def test_no_dates(text: str) -> None:
    assert not has_kind(text, "date")
