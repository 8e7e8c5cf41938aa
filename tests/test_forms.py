"""The forms in which words of other languages are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.forms import TAG, fold, form_words, tell_stemmed


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Atomwaffen Atomwaffe"),
        ("de", "Verhandlungen Verhandlung"),
        ("de", "Länder Land"),
        ("de-AT", "Streitkräfte Streitkräften"),
        ("fr", "condamné condamnée condamner"),
        ("fr", "nucléaires nucléaire"),
        ("fr", "sécurité SECURITE"),
        ("es", "sanción sanciones"),
        ("pt", "sanções sanção"),
        ("it", "sanzioni sanzione"),
        (None, "санкции санкций санкциями"),
        (None, "Корея Кореи Корею"),
        (None, "Иран Ирана Ираном"),
        (None, "Вьетнам Вьетнама"),
        (None, "всё все"),
        (None, "الصواريخ صواريخ والصواريخ"),
        (None, "البيان بيان وبيان"),
        (None, "كوريا لكوريا وكوريا بكوريا"),
        (None, "اليابان لليابان"),
        (None, "أمريكا امريكا"),
        (None, "السَّلام السلام الســـلام"),
        (None, "ﾐｻｲﾙ ミサイル"),
        (None, "２０２４ 2024"),
    ],
)
def test_the_words_of_a_question_and_of_a_text_meet(language: str | None, words: str) -> None:
    assert len({form_words(word, language) for word in words.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("ガス", "カス"), ("パリ", "バリ"), ("й", "и"), ("Ирак", "Иран"), ("북한", "남한"), ("العراق", "إيران")],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert form_words(one) != form_words(other)


@pytest.mark.parametrize(
    "text", ["", "U.S. forces in São Paulo.", "naïve café", "Tóquio e Brasília", "2+2 – “yes”", "x\u0301"]
)
@pytest.mark.parametrize("language", [None, "en", "en-US", "English", "ja", "xx", ""])
def test_text_in_latin_letters_of_no_stemmed_language_stays_as_it_is(text: str, language: str | None) -> None:
    assert form_words(text, language) == text


def test_each_letter_is_a_word_where_there_are_no_spaces() -> None:
    assert form_words("G7の北朝鮮").split() == ["G7", "の", "北", "朝", "鮮"]
    assert form_words("북한은").split() == ["북", "한", "은"]


def test_the_words_of_a_language_are_told_from_those_of_others() -> None:
    assert form_words("Nation", "de") == f"nationde{TAG}"
    assert form_words("Nation", "fr") != form_words("Nation", "de")
    assert form_words("am 28. Juli", "de").split()[1] == "28."


@pytest.mark.parametrize(
    ("language", "stemmed"),
    [
        ("de", "de"),
        ("DE_at", "de"),
        ("pt-BR", "pt"),
        ("en", None),
        ("ja", None),
        (None, None),
        ("german", None),
    ],
)
def test_knows_which_languages_have_forms_of_their_own(language: str | None, stemmed: str | None) -> None:
    assert tell_stemmed(language) == stemmed


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.sampled_from([None, "de", "fr", "pt", "tr"]))
def test_any_text_has_a_form(text: str, language: str | None) -> None:
    form_words(text, language)
