"""Whether a text has what is asked for in general only."""

import pytest

from qa.generic import is_general


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What scenario was played in the exercise they held?", "They held an exercise in crisis scenarios."),
        ("Which kinds of arms did North Korea ship?", "with North Korea, unlawful arms transfers"),
        ("What measures have good neighbours taken?", "Good steps are taken after good measures."),
    ],
)
def test_a_bare_plural_says_nothing_of_which(question: str, text: str) -> None:
    assert is_general(question, ["Others did it.", text])
    assert not is_general(question, [text, "The scenario, the arms, the weapons and the measures are known."])


def test_a_bare_plural_elsewhere_says_nothing_either_way() -> None:
    told = ["It built charitable organizations.", "The movement is devoted to the fight against hunger."]
    assert not is_general("Which organization is devoted to the fight against hunger?", told)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "What scenario was played as they cooperate?",
            "They played the invasion.",
        ),  # not a word of scenarios
        ("What scenario was played as they cooperate?", "They played a crisis scenario."),
        ("What scenarios were played in the Pacific?", "They played two crisis scenarios."),
        ("What scenarios were played in the Pacific?", "They played the scenarios."),
        ("What scenarios were played in the Pacific?", "They played scenarios such as an invasion."),
        ("What scenarios were played in the Pacific?", "They played scenarios: an invasion and a blockade."),
        ("What scenarios were played in the Pacific?", "They played Pacific scenarios."),
        ("What scenarios were played in the Pacific?", "They played Japan's crisis scenarios."),
        (
            "What scenarios were played in the Pacific?",
            "Crisis scenarios matter. This scenario was an invasion.",
        ),
        ("What progress was made?", "They made steady progress."),
        ("What activities were named?", "the advance of its nuclear program and missile activities"),
        ("Which secretaries were there?", "Secretaries Blinken and Austin were there."),
        ("What is said about scenarios?", "They cooperate in crisis scenarios."),
        ("Did scenarios matter?", "They cooperate in crisis scenarios."),
        ("What in scenarios is new?", "They cooperate in crisis scenarios."),
        ("What " + "a" * 1900, "aaa"),
        ("What " + "a " * 900, "a"),
        ("", ""),
    ],
)
def test_what_may_say_which_is_not_general(question: str, text: str) -> None:
    assert not is_general(question, [text])
