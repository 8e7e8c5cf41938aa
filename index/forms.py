"""The form in which a word is compared, for every writing that English does not use."""

import functools
import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import Stemmer

# Writing without spaces, and Korean, where particles are glued to a word: each letter is a word, a word is a
# phrase of them. So 북한 is found in 북한은 and 日本 in 在日本, ranked as by an index of pairs (which is what
# Lucene has for these languages), in half the space.
_CUT = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_MARKS = "\u0300-\u036f"
_OTHER_WORD = re.compile(
    rf"(?P<cut>[{_CUT}]+)"
    rf"|(?P<cyrillic>[\u0400-\u052f][\u0400-\u052f{_MARKS}]*)"
    r"|(?P<arabic>[\u0620-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc]"
    r"[\u0610-\u06d3\u06d6-\u06ed\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc]*)"
    rf"|(?P<greek>[\u0370-\u03ff\u1f00-\u1fff][\u0370-\u03ff\u1f00-\u1fff{_MARKS}]*)"
    r"|(?P<wide>[\uff10-\uff5a]+)"
)
_LATIN_WORD = re.compile(rf"[0-9]*[A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ][0-9A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ{_MARKS}]*")

# What Larkey's light stemmer takes off: "and", "for", "in" and "the" before a word, its endings behind.
# Snowball's Arabic stemmer makes two stems of البيان and بيان.
_ARABIC_BEFORE = re.compile(r"(?:[وفبك]{0,2}(?:ال|لل)(?=.{3}))?(?:[وفبلك](?=.{4}))*")
_ARABIC_BEHIND = re.compile(r"(?<=.{3})(?:ها|ان|ات|ون|ين|يه|ية|ه|ة|ي)+\Z")
# What Snowball leaves of some endings: Корея is "коре", Кореи "кор"; Ирана is "ира", Ираном "иран".
_CYRILLIC_BEHIND = re.compile(r"(?<=.{3})(?:[аеиоуыьэюяіїй]|(?<=[ая])[лн])+\Z")

# Languages in Latin letters with a stemmer of Snowball's; English has its own place in the word index.
_STEMMERS: Mapping[str, str] = {
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "sv": "swedish",
    "tr": "turkish",
}
# Endings that the stemmers know by their accents, as they are without: "condamnée", "sanções".
_WITHOUT_ACCENTS = {"french": (re.compile(r"ees?\Z"), "e"), "portuguese": (re.compile(r"oes\Z"), "ao")}

TAG = "\ue000"
"""Ends a form that is of one language: German "nation" is another word than English "nation"."""

# They make a letter of its own, and are no accents: が, パ and й.
_VOICED, _SHORT = "\u3099\u309a", "\u0306"


def fold(text: str) -> str:
    """Return `text` without case and accents.

    >>> fold("São Tomé")
    'sao tome'
    """
    if text.isascii():
        return text.lower()
    # Decomposed before as well, since only then is "𝕊" a capital.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (
        char
        for before, char in zip(" " + folded, folded, strict=False)
        if not unicodedata.combining(char) or char in _VOICED or (before + char) == f"и{_SHORT}"
    )
    return unicodedata.normalize("NFC", "".join(kept))


def tell_stemmed(language: str | None) -> str | None:
    """Return the language that has forms of its own in `form_words`: "de" for "de-AT", None for "en"."""
    code = (language or "").casefold().replace("_", "-").partition("-")[0]
    return code if code in _STEMMERS else None


def form_words(text: str, language: str | None = None) -> str:
    """Return `text` with its words in the forms in which they are compared, for the word index to read.

    English text, and all text in Latin letters of no known language, comes back as it is. A question's words
    meet a text's where both are formed for the text's language.

    >>> form_words("санкций, 北朝鮮は")
    'санкц,  北 朝 鮮 は '
    """
    code = tell_stemmed(language)
    if code is not None:
        text = _LATIN_WORD.sub(lambda match: _stem(match[0], _STEMMERS[code]) + code + TAG, text)
    return text if text.isascii() else _OTHER_WORD.sub(_form_other, text)


def _form_other(match: re.Match[str]) -> str:
    word = fold(match[0])
    match match.lastgroup:
        case "cut":
            return f" {' '.join(word)} "
        case "cyrillic":
            return _stem_cyrillic(
                _stem_cyrillic(word)
            )  # once makes Вьетнам of Вьетнама, and вьетн of Вьетнам
        case "arabic":
            return _stem_arabic(word)
        case "greek":
            return _stem(word, "greek")
        case _:
            return word


def _stem(word: str, algorithm: str) -> str:
    word = fold(word)
    ending, instead = _WITHOUT_ACCENTS.get(algorithm, (None, ""))
    return str(_load_stemmer(algorithm).stemWord(ending.sub(instead, word) if ending else word))


def _stem_cyrillic(word: str) -> str:
    return _CYRILLIC_BEHIND.sub("", _stem(word, "russian"))


def _stem_arabic(word: str) -> str:
    plain = word.replace("\u0640", "").replace("ى", "ي")  # without letters drawn long
    before = _ARABIC_BEFORE.match(plain)
    return _ARABIC_BEHIND.sub("", plain[before.end() if before else 0 :]) or word


@functools.cache
def _load_stemmer(algorithm: str) -> "Stemmer.Stemmer":
    import Stemmer

    return Stemmer.Stemmer(algorithm)
