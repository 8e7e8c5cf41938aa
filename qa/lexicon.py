"""What the index knows of words: the other names of a thing, and the nearest word to a slip."""

import re
from collections.abc import Iterable, Sequence
from typing import Self

from index.store import Index
from qa.spelling import correct_stem
from qa.stems import fold, stem_words

# Letters and digits, with the dots, hyphens and signs that hold "U.S.", "Japan-U.S." and "2+2" together.
WORD = re.compile(r"[^\W_]+(?:[.&+'’-][^\W_]+)*(?:(?<=\.[^\W\d_])\.(?:['’][sS]\b)?)?")
POSSESSIVE = re.compile(r"['’][sS]$")


class Lexicon:
    """The names and words of one build of the index.

    `names` are groups of names for the same thing. In a question, the longest name at a place is meant.
    """

    def __init__(self, index: Index, names: Iterable[Sequence[str]]) -> None:
        self._index = index
        self._others: dict[tuple[str, ...], tuple[str, ...]] = {}
        for given in names:
            group = [name for name in given if WORD.search(name)]
            for name in group:
                key = tuple(fold_word(match[0]) for match in WORD.finditer(name))
                others = (
                    *self._others.get(key, ()),
                    *(other for other in group if fold(other) != fold(name)),
                )
                self._others[key] = tuple(dict.fromkeys(others))
        self._longest = max(map(len, self._others), default=0)

    @classmethod
    def of(cls, index: Index) -> Self:
        """Take the names and words of `index`."""
        return cls(index, index.manifest.aliases)

    def find_longest_name(self, words: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        """Return how many of the folded `words` the longest name at their start has, and its other names."""
        for length in range(min(self._longest, len(words)), 0, -1):
            others = self._others.get(tuple(words[:length]))
            if others is not None:
                return length, others
        return 0, ()

    def correct(self, word: str) -> tuple[str, ...]:
        """Return the word of the statements that `word` is a slip for, as they write it, if it is one."""
        if self._index.document_frequency(word):
            return ()
        stem = correct_stem(word, self._index.vocabulary)
        return () if stem is None else self._spell_out(stem)

    def _spell_out(self, stem: str) -> tuple[str, ...]:
        """Return a word that has this stem, as a passage writes it."""
        found = self._index.find_stem(stem)
        words = [
            match[0]
            for passage in self._index.passages([] if found is None else [found])
            for match in re.finditer(r"[^\W_]+", passage.text)
        ]
        return tuple(word for word in words if stem_words(word) == (stem,))[:1]


def fold_word(word: str) -> str:
    """Return a word ready to be compared: "China's" is china, "U.S." is u.s, "US-Japan" keeps its parts."""
    return POSSESSIVE.sub("", fold(word)).rstrip(".").replace("’", "'")
