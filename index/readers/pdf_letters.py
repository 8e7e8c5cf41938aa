"""Whether the letters that a PDF gives are those that it shows."""

import re
import unicodedata
from collections import Counter

_MIN_LETTERS = 12
_MAX_STRANGE = 0.1
_MAX_MIXED = 0.15
# English has 38 vowels in 100 letters, Czech and Polish no less; letters moved along the alphabet have 15.
_MIN_VOWELS = 0.22
_MIN_LATIN = 200
_VOWELS = set("aeiouyAEIOUY")
# What begins the names of letters that stand in one word: Japanese writes in three of them at once.
_SCRIPTS = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "KATAKANA-HIRAGANA": "CJK", "IDEOGRAPHIC": "CJK"}
# A Symbol font's bullet is of the private use area, and a PDF full of bullets is none of garbage.
_LONE = re.compile(r"(?:^|(?<=\s))[\ue000-\uf8ff](?=\s|$)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_STRANGE_CATEGORIES = {"Cc", "Cn", "Co", "Cs"}


def is_garbage(text: str) -> bool:
    """Say whether text is what comes of fonts without a table of their letters.

    Such is text with many control characters, private or unknown letters, with words that mix scripts, or of
    Latin letters with hardly a vowel. Too short a text is never garbage.
    """
    plain = _LONE.sub("", text)
    letters = [letter for letter in plain if not letter.isspace()]
    if len(letters) < _MIN_LETTERS:
        return False
    strange = sum(
        letter == "\ufffd" or unicodedata.category(letter) in _STRANGE_CATEGORIES for letter in letters
    )
    if strange > _MAX_STRANGE * len(letters):
        return True
    words = _WORD.findall(plain)
    mixed = sum(len(word) for word in words if _is_mixed(word))
    return mixed > _MAX_MIXED * len(letters) or _lacks_vowels(words)


def _is_mixed(word: str) -> bool:
    if word.isascii():
        return False
    scripts = Counter(_tell_script(letter) for letter in word)
    del scripts["MICRO"], scripts["FEMININE"], scripts["MASCULINE"], scripts["MODIFIER"]
    return len(scripts) > 1 and not {"CJK", "HANGUL", "FULLWIDTH"} & set(scripts)


def _tell_script(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0]
    return _SCRIPTS.get(name, name)


def _lacks_vowels(words: list[str]) -> bool:
    """Say whether Latin words have hardly a vowel; abbreviations do not count."""
    latin = [letter for word in words if len(word) > 3 for letter in word if letter.isascii()]  # noqa: PLR2004
    if len(latin) < _MIN_LATIN:
        return False
    return sum(letter in _VOWELS for letter in latin) < _MIN_VOWELS * len(latin)
