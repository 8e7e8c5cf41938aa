"""A word of a question that nobody uses, read as the nearest word that the statements use."""

from collections.abc import Sequence

from index.english import is_english
from qa.stems import fold, stem_words

SHORTEST = 5
"""Shorter words have too many neighbours: "Iran" is no slip for "Iraq"."""


def correct_stem(word: str, vocabulary: Sequence[str]) -> str | None:
    """Return the stem in `vocabulary` that `word` is a slip for, or None if it is not one.

    A slip is a word of letters that neither the statements nor an English dictionary know, one edit
    (Damerau-Levenshtein) from a word of theirs, or two when it has eight letters or more.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    if len(word) < SHORTEST or not word.isalpha() or not word.isascii() or is_english(fold(word)):
        return None
    (stem,) = stem_words(word)
    edits = 1 if len(word) < 8 else 2  # noqa: PLR2004 - said in the docstring
    found = process.extractOne(stem, vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=edits)
    # The first letter is seldom wrong, and a stem as short as its slip is most often another word.
    if found is None or found[1] == 0 or found[0][0] != stem[0] or len(found[0]) < SHORTEST - 1:
        return None
    return str(found[0])
