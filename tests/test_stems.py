"""Words compared without case, accents and endings."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.words import add_words, create_words, search_words
from qa.stems import contains, fold, stem_words


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Deterrence, deterring", ("deterr", "deter")),
        ("U.S. Forces", ("u", "s", "forc")),
        ("São Tomé's", ("sao", "tome", "s")),
        ("2+2", ("2", "2")),
        ("北朝鮮は", ("北", "朝", "鮮", "は")),
        ("북한의", ("북", "한", "의")),
        ("G7首脳", ("g7", "首", "脳")),
        ("Северной Кореи", ("северн", "кор")),
        ("", ()),
    ],
)
def test_words_lose_case_accents_and_endings(text: str, stems: tuple[str, ...]) -> None:
    assert stem_words(text) == stems


def test_a_name_is_found_whole_and_in_order_only() -> None:
    stems = stem_words("nuclear weapons states")
    assert contains(stems, stem_words("Nuclear weapon"))
    assert not contains(stems, stem_words("weapons nuclear"))
    assert not contains(stems, stem_words("clear"))
    assert not contains(stems, ())


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


WORDS = (
    *("deterrence", "deterring", "Tokyo", "élan", "forces", "agencies", "nuclear", "G7首脳", "й", "всё"),
    *("北朝鮮は", "ガス", "ミサイル", "２０２４年", "북한의", "санкций", "العقوبات", "Ἑλλάδος"),
)
ASKED = (
    *(
        "deterrence",
        "deters",
        "tokyo",
        "elan",
        "force",
        "agency",
        "nuclear",
        "G7",
        "首脳",
        "2024",
        "и",
        "все",
    ),
    *("北朝鮮", "朝鮮", "鮮", "カス", "ガス", "サイル", "북한", "санкции", "عقوبة", "Ελλάδος"),
)


@given(
    st.lists(
        st.sampled_from(WORDS),
        min_size=1,
    )
)
def test_words_are_compared_as_the_word_index_compares_them(words: list[str]) -> None:
    text = " ".join(words)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE content (passage_id INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("INSERT INTO content VALUES (1, ?)", (text,))
    create_words(connection, content="content")
    add_words(connection, [(1, text)])
    for asked in ASKED:
        assert contains(stem_words(text), stem_words(asked)) == bool(search_words(connection, [asked], 1))
    connection.close()
