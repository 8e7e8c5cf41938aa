"""What language a text is written in."""

import functools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# So much of a text is looked at, in as many places, since texts begin and end with what is not their own.
_PLACES, _CHARS_A_PLACE = 5, 1_000
_MARKUP = re.compile(r"<[^<>]*>|https?://\S+")

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# The letters of a writing that languages share; the classifier knows these in each.
_SHARED: Mapping[str, str] = {
    "A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ": """
        af az br ca cs cy da de en eo es et eu fi fr ga gl ha hr hu id is it la lb lt lv mg ms mt nl no pl pt
        ro rw sk sl so sq sv sw tk tl tr uz vi xh yo zu
    """,
    "Ѐ-ԯ": "ba be bg kk ky mk mn ru sr tg tt uk",
    "ؠ-ۓۺ-ۿݐ-ݿﭐ-ﷻﹰ-ﻼ": "ar fa ps ug ur",
    "ऀ-ॿ": "hi mr ne sa",
    "ঀ-৿": "as bn",
}
# The letters of a writing, and its one language. Japanese and Korean come before the Chinese that they hold.
_OWN: Mapping[str, str] = {
    "ぁ-ヿｦ-ﾟ": "ja",
    "ᄀ-ᇿㄱ-ㆎ가-힣": "ko",
    "Ͱ-Ͽἀ-῿": "el",
    "א-ת": "he",
    "Ա-֏": "hy",
    "Ⴀ-ჿ": "ka",
    "ਁ-੿": "pa",
    "ઁ-૿": "gu",
    "ଁ-୿": "or",
    "ஂ-௿": "ta",
    "ఁ-౿": "te",
    "ಁ-೿": "kn",
    "ഁ-ൿ": "ml",
    "ඁ-෿": "si",
    "ก-๛": "th",
    "ກ-ໟ": "lo",
    "က-႟": "my",
    "ሀ-፼": "am",
    "ក-៿": "km",
}
# Chinese in a Japanese text, where no letter of its own has come yet, is a heading at the longest.
_MIN_LETTERS = 20
_MIN_OWN_LETTERS = 4
# So large a part of the letters are a text's own: the rest are names, and quotations.
_MOST = 0.7
# Texts in Japanese and Korean have at least so many letters of their own to the Chinese ones.
_LEAST_BESIDE_HAN = 0.1
# The classifier's share, of all 140 languages that it knows.
_SURE = 0.5

# A text with so many of these words is English. Told beforehand, since the classifier takes long to load.
_ENGLISH = frozenset(("the", "of", "and", "to", "that", "with", "for", "this", "have", "by"))
_LEAST_ENGLISH = 0.15
_MIN_WORDS = 20
# So is a question with two of these, which no other language in Latin letters has.
_ONLY_ENGLISH = frozenset(
    ("the", "what", "which", "who", "when", "where", "why", "how", "does", "did", "were", "said", "about")
)
_LEAST_ONLY_ENGLISH = 2


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language that most of `text` is in, None where that is not sure.

    Fewer than 20 letters are never sure, four are in a writing of one language.

    >>> detect_language("北朝鮮は弾道ミサイルを発射した。")
    'ja'
    """
    text = _MARKUP.sub(" ", _sample(text))
    letters = sum(map(str.isalpha, text))
    return _tell_by_letters(text, letters) or (
        _tell_by_words(text, letters) if letters >= _MIN_LETTERS else None
    )


def _sample(text: str) -> str:
    if len(text) <= _PLACES * _CHARS_A_PLACE:
        return text
    step = (len(text) - _CHARS_A_PLACE) // (_PLACES - 1)
    return " ".join(text[at * step : at * step + _CHARS_A_PLACE] for at in range(_PLACES))


def _tell_by_letters(text: str, letters: int) -> str | None:
    han = _count(_HAN, text)
    for writing, language in _OWN.items():
        own = _count(writing, text)
        is_dense = language in ("ja", "ko")
        both = own + (han if is_dense else 0)
        if own > _LEAST_BESIDE_HAN * both and both >= max(
            _least(letters, both, dense=is_dense), _MIN_OWN_LETTERS
        ):
            return language
    return "zh" if han >= max(_least(letters, han, dense=True), _MIN_LETTERS) else None


def _least(letters: int, own: int, *, dense: bool) -> float:
    """Return how many of `letters` must be a text's own; dense ones say as much as two of others."""
    return _MOST * (letters + own) / 2 if dense else _MOST * letters


def _tell_by_words(text: str, letters: int) -> str | None:
    for writing, languages in _SHARED.items():
        if _count(writing, text) >= _MOST * letters:
            return "en" if "en" in languages and _is_plainly_english(text) else _classify(text, languages)
    return None


def _count(writing: str, text: str) -> int:
    return sum(map(len, re.findall(f"[{writing}]+", text)))


def _is_plainly_english(text: str) -> bool:
    words = text.casefold().split()
    share = sum(word in _ENGLISH for word in words) / max(len(words), _MIN_WORDS)
    is_question = len(words) < _MIN_WORDS and len(_ONLY_ENGLISH.intersection(words)) >= _LEAST_ONLY_ENGLISH
    return share >= _LEAST_ENGLISH or is_question


def _classify(text: str, languages: str) -> str | None:
    language, share = _load_classifier().classify(text)
    return language if share >= _SURE and language in languages.split() else None


@functools.cache
def _load_classifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
