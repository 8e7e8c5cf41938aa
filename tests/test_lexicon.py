"""What the index knows of words: names, and the nearest word to a slip."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store import Index, open_index
from qa.lexicon import POSSESSIVE, WORD, Lexicon, fold_word

TEXT = (
    "Statement on Exercises\n\n"
    "The DPRK launched missiles. The United States and Japan held the exercise Yama Sakura 87.\n\n"
    "Ambassador KUMAGAI met officials of U.S. Strategic Command in São Paulo.\n"
)


@pytest.fixture
def index(index_texts: Callable[..., Path]) -> Iterator[Index]:
    with open_index(index_texts({"one": TEXT})) as opened:
        yield opened


def find(index: Index, names: Iterable[Sequence[str]], question: str) -> tuple[int, tuple[str, ...]]:
    return Lexicon(index, names).find_longest_name([fold_word(word) for word in WORD.findall(question)])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What does the U.S. say?", ["What", "does", "the", "U.S.", "say"]),
        ("the U.S.-Japan Alliance", ["the", "U.S.", "Japan", "Alliance"]),
        ("a Japan-U.S. dialogue in the U.S", ["a", "Japan-U.S.", "dialogue", "in", "the", "U.S"]),
        ("the U.S.'s and China’s aims.", ["the", "U.S.'s", "and", "China’s", "aims"]),
        ("2+2 talks, Type-12; R&D at 5.5.", ["2+2", "talks", "Type-12", "R&D", "at", "5.5"]),
        ("snake_case __x__ -- 'quoted'", ["snake", "case", "x", "quoted"]),
        ("北朝鮮は何を？", ["北朝鮮は何を"]),
        ("?!. -- _", []),
    ],
)
def test_words_hold_together_what_is_one_word(text: str, words: list[str]) -> None:
    assert WORD.findall(text) == words


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("China's", "china"),
        ("CHINA’S", "china"),
        ("U.S.", "u.s"),
        ("U.S", "u.s"),
        ("U.S.'s", "u.s"),
        ("São", "sao"),
        ("isn’t", "isn't"),
    ],
)
def test_words_are_compared_without_case_accents_and_endings(word: str, folded: str) -> None:
    assert fold_word(word) == folded


@given(st.text())
def test_folding_never_fails_and_no_word_is_folded_away(text: str) -> None:
    for word in WORD.findall(text):
        assert fold_word(word), word
        assert POSSESSIVE.sub("", word)


NAMES = [("North Korea", "DPRK", "North Korean"), ("Korea", "ROK"), ("United States", "U.S.", "USA")]


@pytest.mark.parametrize(
    ("question", "length", "others"),
    [
        ("North Korea", 2, ("DPRK", "North Korean")),
        ("north KOREA's missiles", 2, ("DPRK", "North Korean")),
        ("North Korean missiles", 2, ("North Korea", "DPRK")),
        ("Korea", 1, ("ROK",)),
        ("dprk", 1, ("North Korea", "North Korean")),
        ("U.S. forces", 1, ("United States", "USA")),
        ("U.S forces", 1, ("United States", "USA")),
        ("United States’ forces", 2, ("U.S.", "USA")),
        ("US forces", 0, ()),
        ("North America", 0, ()),
        ("North", 0, ()),
        ("missiles of North Korea", 0, ()),
    ],
)
def test_the_longest_name_at_a_place_is_meant(
    index: Index, question: str, length: int, others: tuple[str, ...]
) -> None:
    assert find(index, NAMES, question) == (length, others)


def test_a_name_of_two_things_has_the_other_names_of_both(index: Index) -> None:
    assert find(index, [("SCC", "2+2"), ("SCC", "Supreme Court")], "SCC") == (1, ("2+2", "Supreme Court"))


@pytest.mark.parametrize("names", [[("***", "DPRK", "–")], [("", "DPRK")], [("...",)], [()]])
def test_a_name_without_words_is_no_name(index: Index, names: list[tuple[str, ...]]) -> None:
    assert find(index, names, "DPRK")[1] == ()
    assert Lexicon(index, names).find_longest_name([]) == (0, ())


def test_signs_that_mean_something_in_a_pattern_are_only_signs(index: Index) -> None:
    names = [("a.*(b", "c\\d"), ("[x]+", "y|z")]
    assert find(index, names, "a b") == (2, ("c\\d",))
    assert find(index, names, "x") == (1, ("y|z",))


def test_the_names_are_those_of_the_index(index_texts: Callable[..., Path]) -> None:
    directory = index_texts({"one": TEXT, "aliases.toml": b'"North Korea" = ["DPRK"]'})
    with open_index(directory) as index:
        assert Lexicon.of(index).find_longest_name(["north", "korea"]) == (2, ("DPRK",))


@pytest.mark.parametrize(
    ("slip", "word"),
    [("exercize", "exercise"), ("Misiles", "missiles"), ("Kumagi", "KUMAGAI"), ("Sakara", "Sakura")],
)
def test_a_slip_is_spelt_as_the_statements_spell_it(index: Index, slip: str, word: str) -> None:
    assert Lexicon(index, []).correct(slip) == (word,)


@pytest.mark.parametrize("word", ["missile", "Trade", "Iran", "U.S.", "87", "北朝鮮", "zzzzzzzz", "x" * 1999])
def test_a_word_that_may_be_meant_stays(index: Index, word: str) -> None:
    assert Lexicon(index, []).correct(word) == ()


@given(st.text(max_size=20))
def test_a_correction_is_a_word_of_the_statements(word: str) -> None:
    corrected = LEXICON[0].correct(word)
    assert all(re.search(rf"\b{re.escape(each)}\b", TEXT) for each in corrected)


LEXICON: list[Lexicon] = []


@pytest.fixture(autouse=True)
def _lexicon(index: Index) -> Iterator[None]:
    LEXICON[:] = [Lexicon(index, [])]
    yield
    LEXICON.clear()
