"""What is asked: terms with their other names, and the wording for a passage."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import QuestionError
from index.store import Index, open_index
from qa.lexicon import Lexicon
from qa.question import MAX_CHARS, Search, Term, read_question
from qa.types import Question

TEXT = (
    "Statement on Exercises\n\n"
    "The DPRK launched missiles. The U.S. and Japan held the exercise Yama Sakura 87.\n\n"
    "United States Forces Japan took part, and so did the JSDF.\n"
)
NAMES = (
    ("North Korea", "DPRK", "Democratic People's Republic of Korea"),
    ("United States", "U.S.", "USA"),
    ("U.S. Forces Japan", "USFJ", "United States Forces Japan"),
    ("the \\g<0> (x) plan", "Plan\\1", "plan+"),
)


@pytest.fixture
def index(index_texts: Callable[..., Path]) -> Iterator[Index]:
    with open_index(index_texts({"one": TEXT})) as opened:
        yield opened


@pytest.fixture
def lexicon(index: Index) -> Lexicon:
    return Lexicon(index, NAMES)


def read(lexicon: Lexicon, text: str) -> Search:
    return read_question(Question(text=text), lexicon)


def terms(lexicon: Lexicon, text: str) -> list[str]:
    return [term.text for term in read(lexicon, text).terms]


@pytest.mark.parametrize("text", ["", " \n\t ", "?", "?!… --", "_", "\0", "\ud800"])
def test_nothing_to_ask_is_an_error(lexicon: Lexicon, text: str) -> None:
    with pytest.raises(QuestionError, match="has no words"):
        read(lexicon, text)


def test_too_much_to_ask_is_an_error_that_says_how_much(lexicon: Lexicon) -> None:
    assert read(lexicon, "x" * MAX_CHARS).text == "x" * MAX_CHARS
    assert read(lexicon, " x" * (MAX_CHARS // 2)).terms == (Term(text="x"),)
    with pytest.raises(QuestionError, match=r"20,000 characters\. Ask in at most 2,000"):
        read(lexicon, "x" * 20_000)


def test_what_is_asked_is_on_one_line_and_the_question_is_kept_as_it_was(lexicon: Lexicon) -> None:
    search = read(lexicon, "  What did\n Japan\t say? ")
    assert search.text == "What did Japan say?"
    assert search.question.text == "  What did\n Japan\t say? "


def test_a_sign_that_joins_words_is_read_as_and(lexicon: Lexicon) -> None:
    assert read(lexicon, "Japan + China").text == "Japan and China"
    assert read(lexicon, "Who attended the 2+2?").text == "Who attended the 2+2?"


def test_what_another_name_shows_to_be_a_name_is_one_in_small_letters_too(index: Index) -> None:
    lexicon = Lexicon(index, [("Three Principles", "Principles of Arms"), ("tabletop exercise", "TTX")])
    search = read(lexicon, "Do they keep to the three principles in a tabletop exercise?")
    assert [term.text for term in search.terms if term.is_name] == ["three principles"]


def test_half_a_character_reaches_no_model(lexicon: Lexicon) -> None:
    read(lexicon, "missiles \udcff?").text.encode()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What does the statement say about missiles?", ["missiles"]),
        ("What’s said about it, isn’t it?", []),
        ("Did North Korea launch missiles?", ["North Korea", "launch", "missiles"]),
        ("North Korea's missiles", ["North Korea", "missiles"]),
        ("NORTH KOREA’S missiles", ["NORTH KOREA", "missiles"]),
        ("the U.S. and the U.S.'s U.S", ["U.S."]),
        ("USFJ of the United States Forces Japan", ["USFJ", "United States Forces Japan"]),
        ("Missiles, missile, MISSILES", ["Missiles"]),
        ("the  g 0 x plan", ["the g 0 x plan"]),
    ],
)
def test_terms_are_the_names_and_the_words_that_matter_each_once(
    lexicon: Lexicon, text: str, found: list[str]
) -> None:
    assert terms(lexicon, text) == found


def test_a_term_has_its_other_names(lexicon: Lexicon) -> None:
    first, second = read(lexicon, "Kim of North Korea's").terms
    assert first == Term(text="Kim")
    assert second.names == ("North Korea", "DPRK", "Democratic People's Republic of Korea")


def test_a_slip_of_the_pen_has_the_right_word_as_its_other_name(lexicon: Lexicon) -> None:
    assert read(lexicon, "Which exercize?").terms == (Term(text="exercize", aliases=("exercise",)),)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("any word on aukus", ["aukus"]),
        ("tomahawk and kishida with north korea", ["tomahawk", "kishida", "north korea"]),
        ("Zeppelins and kishida", ["kishida"]),  # a sentence may have rare words
        ("did usfj buy tomahawk missiles", ["usfj", "tomahawk"]),
        ("howmany treaty submarines, numbr and wich", []),  # words, and slips for words
        ("sakura of abc-12", []),  # in the statements, too short, no letters
        ("Any word on aukus from Tokyo", ["Tokyo"]),  # who writes one name with a capital writes all so
    ],
)
def test_a_question_in_small_letters_has_its_names_in_small_letters(
    lexicon: Lexicon, text: str, names: list[str]
) -> None:
    assert [term.text for term in read(lexicon, text).terms if term.is_name] == names


@pytest.mark.parametrize(
    ("text", "missed"),
    [("lloyd austin visit", False), ("yoko kamikawa visit", False), ("kishida deterrence visit", True)],
)
def test_in_small_letters_a_first_name_is_told_by_the_dictionary(text: str, *, missed: bool) -> None:
    first, *rest = (Term(text=word, is_name=place == 0) for place, word in enumerate(text.split()))
    search = Search(question=Question(text=text), text=text, terms=(first, *rest))
    assert search.list_missing(lambda term: term != first) == ((first,) if missed else ())


def test_a_name_is_found_under_the_form_that_was_asked_first() -> None:
    term = Term(text="North Korea", aliases=("DPRK",))
    assert term.find_name("the DPRK's missiles, North Korea's") == "North Korea"
    assert term.find_name("the DPRK’s missiles") == "DPRK"
    assert term.find_name("the DPRKX, Korea North") is None


# ---- The wording for a passage ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "passage", "wording"),
    [
        ("Did North Korea fire?", "The DPRK fired.", "Did DPRK fire?"),
        ("North Korea's missiles", "of the DPRK", "DPRK's missiles"),
        ("NORTH KOREA’S missiles", "of the DPRK", "DPRK’S missiles"),
        ("What did the U.S. say?", "The United States said", "What did the United States say?"),
        ("Is the U.S.-Japan alliance", "the United States", "Is the United States-Japan alliance"),
        ("Did the United States say?", "The U.S. said", "Did the U.S. say?"),
        ("Did North Korea fire?", "North Korea and the DPRK", "Did North Korea fire?"),
        ("Did North Korea fire?", "Nobody fired.", "Did North Korea fire?"),
        ("Which exercize was it?", "The exercise was held.", "Which exercise was it?"),
        # A name inside another one is part of that one.
        (
            "Do the United States and United States Forces Japan agree?",
            "The U.S. agrees.",
            "Do the U.S. and United States Forces Japan agree?",
        ),
        # What a name was changed to is not changed again.
        (
            "Do USFJ and the U.S. agree?",
            "U.S. Forces Japan agrees with the United States of old.",
            "Do U.S. Forces Japan and the U.S. agree?",
        ),
        # A name is only a name where it stands as words.
        ("Is USAID in the USA?", "the United States", "Is USAID in the United States?"),
        # Signs that mean something in a pattern or a replacement are only signs.
        ("Is the \\g<0> (x) plan new?", "the Plan\\1 is", "Is Plan\\1 new?"),
        ("Is plan\\1 new?", "the \\g<0> (x) plan is", "Is the \\g<0> (x) plan new?"),
    ],
)
def test_a_passage_is_asked_in_its_own_names(
    lexicon: Lexicon, question: str, passage: str, wording: str
) -> None:
    assert read(lexicon, question).wording_for(passage) == wording


WORDS = st.sampled_from(
    [
        *("North Korea", "DPRK", "United States", "U.S.", "USA", "USFJ", "U.S. Forces Japan", "Japan"),
        *("the", "North", "Korea", "States", "United", "Forces", "?", "'s", ",", "\\1", "exercize", "."),
        *("what", "missile"),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.lists(WORDS, min_size=1), passage=st.lists(WORDS))
def test_nothing_but_names_of_the_same_thing_is_ever_exchanged(
    lexicon: Lexicon, question: list[str], passage: list[str]
) -> None:
    text = " ".join(question)
    if not re.search(r"\w", text):
        return
    search = read(lexicon, text)
    wording = search.wording_for(" ".join(passage))
    # Cut the question at its terms: what lies between them is there again, in the same order, and in the
    # place of each term stands one of its names.
    names = {term.text: "|".join(re.escape(name) for name in term.names) for term in search.terms}
    longest_first = "|".join(re.escape(asked) for asked in sorted(names, key=len, reverse=True))
    pattern, end = "", 0
    for found in re.finditer(rf"(?<!\w)(?:{longest_first})(?!\w)" if names else r"(?!)", search.text):
        pattern += re.escape(search.text[end : found.start()]) + f"(?:{names[found[0]]})"
        end = found.end()
    assert re.fullmatch(pattern + re.escape(search.text[end:]), wording)


def test_aliases_that_matched_are_told_once_by_the_name_that_was_asked(lexicon: Lexicon) -> None:
    search = read(lexicon, "Did North Korea and the U.S. act?")
    found = search.match_aliases(["The DPRK acted.", "DPRK again, with the U.S.", "Nothing."])
    assert found == {"North Korea": ("DPRK",)}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(lexicon: Lexicon, text: str) -> None:
    try:
        search = read(lexicon, text)
    except QuestionError:
        return
    assert search.wording_for(text + TEXT)
    assert len({term.text for term in search.terms}) == len(search.terms)
