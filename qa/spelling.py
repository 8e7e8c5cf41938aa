"""A word of a question that nobody uses, read as the nearest word that the statements use."""

import bisect
from collections.abc import Sequence

from index.english import is_english
from qa.stems import fold, stem_words

SHORTEST = 5
"""Shorter words have too many neighbours: "Iran" is no slip for "Iraq"."""


_BRITISH = {"ence": "ense", "our": "or", "is": "iz", "ys": "yz", "tre": "ter", "mme": "m", "ogue": "og"}
_SPELLINGS = (*_BRITISH.items(), *((american, british) for british, american in _BRITISH.items()))
"""How the British and the Americans write the same."""


def correct_stem(word: str, vocabulary: Sequence[str]) -> str | None:
    """Return the stem in `vocabulary` that `word` is a slip for, or None if it is not one.

    `vocabulary` is in order. What is written as on the other side of the Atlantic is taken for a slip, too.
    A slip is a word of letters that neither the statements nor an English dictionary know, one edit
    (Damerau-Levenshtein) from a word of theirs, or two when it has eight letters or more.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    if len(word) < SHORTEST or not word.isalpha() or not word.isascii():
        return None
    plain = fold(word)
    for one, other in _SPELLINGS:
        if one in plain:
            (respelt,) = stem_words(plain.replace(one, other))
            if _is_in(vocabulary, respelt):
                return respelt
    if is_english(plain):
        return None
    (stem,) = stem_words(word)
    edits = 1 if len(word) < 8 else 2  # noqa: PLR2004 - said in the docstring
    found = process.extractOne(stem, vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=edits)
    # The first letter is seldom wrong, and a stem as short as its slip is most often another word.
    if found is None or found[1] == 0 or found[0][0] != stem[0] or len(found[0]) < SHORTEST - 1:
        return None
    return str(found[0])


def _is_in(vocabulary: Sequence[str], stem: str) -> bool:
    place = bisect.bisect_left(vocabulary, stem)
    return place < len(vocabulary) and vocabulary[place] == stem
