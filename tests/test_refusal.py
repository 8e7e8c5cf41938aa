"""Why nothing is quoted: only what a search of everything bears out."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.store import Index, open_index
from qa.lexicon import Lexicon
from qa.question import read_question
from qa.refusal import Refusal, explain_refusal
from qa.types import Question

IndexTexts = Callable[..., Path]
FILES: dict[str, str | bytes] = {
    "one": "Report on Norway\n\nThe DPRK launched missiles on July 4, 2024.\n\nYama Sakura 87 (YS-87).\n",
    "two": "Note\n\n# Sweden\n\nNothing was said by Kim.\n",
    "two.meta.toml": b'issuer = "Ministry of Silence"\n',
    "aliases.toml": b'"North Korea" = ["DPRK"]\nTaiwan = ["Formosa"]\n',
}


@pytest.fixture
def index(index_texts: IndexTexts) -> Iterator[Index]:
    with open_index(index_texts(FILES)) as opened:
        yield opened


def refuse(index: Index, text: str) -> Refusal:
    everything = [each.statement_id for each in index.statements()]
    return explain_refusal(index, read_question(Question(text=text), Lexicon.of(index)), everything)


def test_a_name_that_stands_nowhere_is_named_with_what_was_searched_for(index: Index) -> None:
    refusal = refuse(index, "Who spoke of Taiwan?")
    assert refusal.reason == "None of the 2 statements mentions Taiwan."
    assert refusal.absence is not None
    assert refusal.absence.terms == ("Taiwan",)
    assert "Formosa" in refusal.absence.aliases["Taiwan"]
    assert refusal.absence.statements == 2


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("Did Boris Sakura meet Boris Smith?", "Boris Smith"),
        ("Did Boris Norway come?", "Boris"),  # a country is nobody's last name
        ("Did Boris Nothing come?", "Boris"),  # nor is a word
        ("did kishida nothing come", "kishida"),
    ],
)
def test_a_first_name_is_missed_where_no_last_name_is(index: Index, text: str, thing: str) -> None:
    assert refuse(index, text).reason == f"None of the 2 statements mentions {thing}."


def test_names_side_by_side_are_one_name(index: Index) -> None:
    assert refuse(index, "Did Jim Jong Un meet Putin?").reason == (
        "None of the 2 statements mentions Jim Jong Un or Putin."
    )


@pytest.mark.parametrize(
    "text",
    [
        "What of North Korea?",  # under its other name
        "Where is Norway?",  # in a title
        "And Sweden, is it large?",  # in a heading
        "Which Ministry was it?",  # in an issuer
        "What of the North Korea-Norway axis?",  # each of the names that are joined
        "Who counted zeppelins?",  # no name
        "Did the D.P.R.K. and YS87 or YS\u201187 come?",  # written in another way
        "What did Boris P. Sakura say?",  # a first name, of which nobody speaks
        "what did kishida sakura say",
    ],
)
def test_what_is_mentioned_anywhere_is_not_called_absent(index: Index, text: str) -> None:
    refusal = refuse(index, text)
    assert refusal.absence is None
    assert refusal.reason == "The 2 statements do not say: no passage answers this closely enough."


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("Are submarines mentioned?", "submarines"),
        ("Is there any mention of climate change?", "climate change"),
        ("What is said about missile tests?", "missile tests"),
        ("Do the statements mention the budget for missiles?", "budget"),
        ("Do the statements mention submarines of Peru?", "Peru"),
    ],
)
def test_of_what_should_be_mentioned_any_word_may_be_absent(index: Index, question: str, thing: str) -> None:
    refusal = refuse(index, question)
    assert refusal.reason == f"None of the 2 statements mentions {thing}."
    assert refusal.absence is not None
    assert refusal.absence.terms == (thing,)


@pytest.mark.parametrize(
    ("question", "thing"), [("Is Kim mentioned?", "Kim"), ("Are missiles mentioned?", "missiles")]
)
def test_what_only_other_statements_mention_is_said_to_be_there(
    index_texts: IndexTexts, question: str, thing: str
) -> None:
    texts = {"one": "Report\n\nThe DPRK launched missiles.\n", "two": "Note\n\nNothing was said by Kim.\n"}
    texts |= {"three": "Letter\n\nKim spoke of missiles.\n", "four": "Memo\n\nNothing at all.\n"}
    with open_index(index_texts(texts)) as index:
        asked = read_question(Question(text=question), Lexicon.of(index))
        refusal = explain_refusal(index, asked, ["four"])
        assert (
            refusal.reason
            == f"The statement that was searched does not mention {thing}, but another one does."
        )
        assert refusal.absence is not None
        assert refusal.absence.statements == 1
        lacking = "one" if thing == "Kim" else "two"
        refusal = explain_refusal(index, asked, ["four", lacking])
        assert refusal.reason == (
            f"None of the 2 statements that were searched mentions {thing}, but another one does."
        )
        refusal = explain_refusal(index, asked, ["three"])
        assert refusal.absence is None


def test_what_other_statements_mention_only_in_part_is_not_said_to_be_there(index_texts: IndexTexts) -> None:
    texts = {"one": "Report\n\nThe DPRK launched missiles.\n", "two": "Note\n\nThe tests were hard.\n"}
    with open_index(index_texts(texts)) as index:
        asked = read_question(Question(text="Is there any mention of missile tests?"), Lexicon.of(index))
        assert explain_refusal(index, asked, ["one"]).reason == (
            "The statement that was searched does not mention missile tests."
        )


def test_a_question_in_a_question_is_nothing_to_mention(index: Index) -> None:
    assert refuse(index, "What was said about how they would retaliate?").absence is None


def test_a_number_that_no_passage_on_the_subject_has(index: Index) -> None:
    assert refuse(index, "How many soldiers took part in Yama Sakura?").reason == (
        "The statements mention Yama Sakura, but no passage that does gives a number."
    )
    assert refuse(index, "When did Kim speak?").reason == (
        "The statements mention Kim, but no passage that does gives a date."
    )
    assert refuse(index, "When did the DPRK sleep?").reason.startswith("The 2 statements do not say")


def test_what_is_to_come_or_an_office_that_no_passage_on_the_subject_has(index: Index) -> None:
    assert refuse(index, "Which minister met Kim?").reason == (
        "The statements mention Kim, but no passage that does names the minister."
    )
    assert refuse(index, "What will the DPRK do in the next war?").reason == (
        "The statements mention DPRK, but no passage that does tells of anything to come."
    )


def test_one_statement_is_one(index_texts: IndexTexts) -> None:
    with open_index(index_texts({"one": "Report\n\nKim spoke.\n"})) as index:
        assert refuse(index, "Does Putin sing?").reason == "The statement does not mention Putin."
        assert refuse(index, "How many heard Kim?").reason == (
            "The statement mentions Kim, but no passage that does gives a number."
        )
        assert refuse(index, "Who sang?").reason.startswith("The statement does not say")
