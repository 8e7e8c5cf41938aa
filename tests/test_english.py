"""English words."""

from spellchecker import SpellChecker

from index.english import count_english, is_english


def test_the_dictionary_is_that_of_pyspellchecker() -> None:
    known = SpellChecker(language="en")
    listed = list(known.word_frequency.words())[::500]
    assert all(map(is_english, listed))
    for word in (
        "often",
        "ofte",
        "don't",
        "edd",
        "us",
        "a",
        "",
        "-",
        "4",
        "exercise:",
        "exer",
        "zzzz",
        "日本",
    ):
        assert is_english(word) == (word in known), word
    assert all(count_english(word) == known.word_frequency[word] for word in listed)
