"""Questions for all that is said about something, and those whether it is mentioned."""

import pytest

from qa.topic import ask_what_is_said, read_topic


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What was said about Russia?", "Russia"),
        ("And what did the ministers say about China and Russia?", "China and Russia"),
        ("What do the statements say publicly on North Korea", "North Korea"),
        ("what is stated regarding NATO?", "NATO"),
        ("What's said about risk reduction?", "risk reduction"),
        ("What’s been said about China?", "China"),
        ("What is said about the budget?", "budget"),
        ("What position was taken on the Test Ban Treaty?", "Test Ban Treaty"),
        ("what stance did the allies take on Taiwan", "Taiwan"),
        ("What's their attitude towards Russia?", "Russia"),
        ("What is the position of the missile?", None),
        ("What was their position on it, and why?", None),
        ("missiles", "missiles"),
        ('"U.S."?', "U.S."),
        ("Why?", None),
        ("What was said about it?", None),
        ("Who spoke about Russia?", None),
        ("What did they say about Russia, and when?", None),
        ("What weapon was said to be on Okinawa?", None),
        ("What did they decide about Russia?", None),
    ],
)
def test_a_question_may_ask_for_all_that_is_said(question: str, topic: str | None) -> None:
    assert read_topic(question) == topic


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("Is Ukraine mentioned?", "What is said about Ukraine?"),
        ("is the war in Ukraine mentioned anywhere", "What is said about the war in Ukraine?"),
        ("Are any missiles mentioned at all in the statements?", "What is said about missiles?"),
        (
            "Is Ukraine mentioned in the December statement?",
            "What is said about Ukraine in the December statement?",
        ),
        (
            "Is Ukraine mentioned in the 2023 statements?",
            "What is said about Ukraine in the 2023 statements?",
        ),
        ("And is China mentioned?", "What is said about China?"),
        ("In which statement is China mentioned?", "What is said about China?"),
        ("In which of the two statements did Japan mention China?", "What did Japan say about China?"),
        ("Has Taiwan been mentioned?", "What is said about Taiwan?"),
        ("Where is Kumamoto referred to?", "What is said about Kumamoto?"),
        ("Do the statements mention submarines?", "What is said about submarines?"),
        ("Does either of the two documents discuss the budget?", "What is said about the budget?"),
        ("Does the text say anything about space?", "What is said about space?"),
        ("Did the ministers ever talk about Taiwan?", "What did the ministers say about Taiwan?"),
        (
            "Does the July statement mention any talks?",
            "What does the July statement say about talks?",
        ),
        ("Is there any mention of Ukraine?", "What is said about Ukraine?"),
        ("Any reference to hypersonic weapons?", "What is said about hypersonic weapons?"),
        ("Is there anything in the statements about missile defense?", "What is said about missile defense?"),
        ("Which of the statements mentions Yama Sakura 87?", "What is said about Yama Sakura 87?"),
    ],
)
def test_a_question_whether_something_is_mentioned_is_put_into_plain_words(question: str, plain: str) -> None:
    assert ask_what_is_said(question) == plain
    assert read_topic(plain) is not None
    assert ask_what_is_said(plain) == plain


@pytest.mark.parametrize(
    "question",
    [
        "Was Japan mentioned as the host?",
        "Is Japan's prime minister named?",
        "How often is Japan mentioned?",
        "Which countries are mentioned?",
        "Who mentioned Taiwan?",
        "When was Taiwan mentioned?",
        "Did they discuss the budget?",
        "Is there a plan?",
        "Did they mention that Japan would host the talks?",
        "Do the statements say anything about who hosted the talks?",
        "Which statement mentions Ukraine and which does not?",
        "What about China?",
        "",
    ],
)
def test_other_questions_stay_as_they_are(question: str) -> None:
    assert ask_what_is_said(question) == question
