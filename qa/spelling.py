"""A word of a question that nobody uses, read as the nearest word that the statements use."""

import bisect
import string
from collections.abc import Iterator, Sequence

from index.english import count_english, is_english
from qa.function_words import FUNCTION_WORDS
from qa.stems import fold, stem_words

SHORTEST = 5
"""Shorter words have too many neighbours: "Iran" is no slip for "Iraq"."""

SHORTEST_NEIGHBOUR = 3
"""Where the word before tells that it is a slip, it may be shorter: "Alexandra Bel"."""

LONG_WORD, LONG_STEM = 8, 6
"""A word with so long a stem may have two letters wrong: "beijings", with "beij", is no slip for "Bell"."""

OFTEN = 1_000
"""So often the texts of the dictionary have what is surely a word: "ministers" 4,655 times, "austin" 530."""

SELDOM = 400
"""More seldom they have what is typed in haste as a name only: "tomahawk" 368 times, but "gripe" 709."""

_BRITISH = {"ence": "ense", "our": "or", "is": "iz", "ys": "yz", "tre": "ter", "mme": "m", "ogue": "og"}
_SPELLINGS = (*_BRITISH.items(), *((american, british) for british, american in _BRITISH.items()))
"""How the British and the Americans write the same."""


def correct_stem(word: str, vocabulary: Sequence[str]) -> str | None:
    """Return the stem in `vocabulary` that `word` is a slip for, or None if it is not one.

    `vocabulary` is in order. What is written as on the other side of the Atlantic is taken for a slip, too.
    A slip is a word of letters that neither the statements nor an English dictionary know, whose stem is one
    edit (Damerau-Levenshtein) from that of a word of theirs, or two when it is a long one.
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
    edits = 2 if len(word) >= LONG_WORD and len(stem) >= LONG_STEM else 1
    found = process.extractOne(stem, vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=edits)
    # The first letter is seldom wrong, and a stem as short as its slip is most often another word.
    if found is None or found[1] == 0 or found[0][0] != stem[0] or len(found[0]) < SHORTEST - 1:
        return None
    return str(found[0])


def find_neighbours(word: str, vocabulary: Sequence[str]) -> tuple[str, ...]:
    """Return the stems in `vocabulary` that a seldom used word is one edit from, the first letter kept.

    It may be a slip for one of them even if a dictionary knows it, as "Jonson" for "Johnson": the word before
    it must tell.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    if len(word) < SHORTEST_NEIGHBOUR or not word.isalpha() or not word.isascii():
        return ()
    if count_english(fold(word)) >= OFTEN:
        return ()
    (stem,) = stem_words(word)
    found = process.extract(
        stem, vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=len(vocabulary)
    )
    return tuple(
        str(near)
        for near, edits, _ in found
        if edits and near[0] == stem[0] and len(near) >= SHORTEST_NEIGHBOUR and near not in FUNCTION_WORDS
    )


def may_be_name(word: str, *, rare: bool = True) -> bool:
    """Say whether a word in small letters is more likely a name than another word, or a slip for one.

    Without `rare`, no word of the dictionary may be one.

    >>> may_be_name("aukus"), may_be_name("treaty"), may_be_name("numbr"), may_be_name("howmany")
    (True, False, False, False)
    """
    if len(word) < SHORTEST or not word.isalpha():
        return False
    plain = fold(word)
    if is_english(plain):
        return rare and count_english(plain) < SELDOM
    words = (*((other,) for other in _edit_once(plain)), *cut_once(plain))
    return not any(all(count_english(each) >= OFTEN for each in those) for those in words)


def _edit_once(word: str) -> Iterator[str]:
    """Yield what one letter more, less or other, or two exchanged, make of a word (P. Norvig, 2007)."""
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        yield head + tail[1:]
        yield head + tail[1:2] + tail[:1] + tail[2:]
        for letter in string.ascii_lowercase:
            yield head + letter + tail
            yield head + letter + tail[1:]


def cut_once(word: str) -> Iterator[tuple[str, str]]:
    """Yield the two words that a word may have been written together from, of three letters at least."""
    for place in range(3, len(word) - 2):
        yield word[:place], word[place:]


def _is_in(vocabulary: Sequence[str], stem: str) -> bool:
    place = bisect.bisect_left(vocabulary, stem)
    return place < len(vocabulary) and vocabulary[place] == stem
