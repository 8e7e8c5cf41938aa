"""Judging passages by the question's own words, where no model knows the question's language."""

import math
import re
from collections.abc import Sequence

import numpy as np

from index.encoder import FloatArray
from index.forms import fold, form_words
from index.store import Index
from qa.question import Search, Term

ALL, NONE = 5.7, -10.0
"""The logits of a passage that has all the words, and of one that has none: with half of their weight it is
just likely enough to be quoted at the "balanced" strictness of `qa.support`."""

_WORD = re.compile(r"[^\W_]+")


class WordMatcher:
    """Stands in for a cross-encoder; it must be made for each question.

    A passage is scored by the share of the question's words that it has, each weighted by how rare it is
    (the inverse document frequency of Spärck Jones, 1972). Words that no passage has, other than names, do
    not count: among the rest is what the question asks about.
    """

    model_id = "words"

    def __init__(self, index: Index, search: Search) -> None:
        self._language = search.language
        weights = {term: _weigh(index, term) for term in search.terms}
        self._terms = [(self._form_names(term), weight) for term, weight in weights.items() if weight]

    def score(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        """Return one logit a pair, shape ``(len(pairs),)``; each text is asked the question of `search`."""
        return np.array([NONE + (ALL - NONE) * self._share(text) for _, text in pairs], dtype=np.float32)

    def _share(self, text: str) -> float:
        words = self._form(text)
        found = sum(weight for names, weight in self._terms if any(name in words for name in names))
        return found / max(sum(weight for _, weight in self._terms), 1e-9)

    def _form_names(self, term: Term) -> list[str]:
        return [self._form(name) for name in term.searched]

    def _form(self, text: str) -> str:
        """Return the words of a text as they are compared, parted by spaces and with one at each end."""
        return f" {' '.join(_WORD.findall(fold(form_words(text, self._language))))} "


def _weigh(index: Index, term: Term) -> float:
    frequency = max(index.document_frequency(name) for name in term.searched)
    if not frequency and not term.is_name:
        return 0.0
    return math.log(1 + index.passage_count / (frequency + 0.5))
