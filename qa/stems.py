"""Words compared without case, accents and endings, the way the word index compares them."""

import functools
import re
from collections.abc import Sequence

import Stemmer

from index.forms import fold, form_words

__all__ = ["SHORTEST_STEMMED", "contains", "fold", "stem_words"]

_WORD = re.compile(r"[^\W_]+")
# The same algorithm as FTS5's tokenizer `porter`: Porter, "An algorithm for suffix stripping", 1980.
_PORTER = Stemmer.Stemmer("porter")
SHORTEST_STEMMED = 3


@functools.lru_cache(maxsize=4096)
def stem_words(text: str) -> tuple[str, ...]:
    """Return the stems of the words of `text`, in order.

    >>> stem_words("U.S. Forces, deterring")
    ('u', 's', 'forc', 'deter')
    >>> stem_words("北朝鮮は")
    ('北', '朝', '鮮', 'は')
    """
    # FTS5 leaves words of one or two letters alone, and Porter's own rule would make nothing of an "s".
    return tuple(
        word if len(word) < SHORTEST_STEMMED else _PORTER.stemWord(word)
        for word in _WORD.findall(fold(form_words(text)))
    )


def contains(stems: Sequence[str], wanted: Sequence[str]) -> bool:
    """Say whether `wanted` stand in `stems`, next to each other and in order.

    >>> contains(stem_words("nuclear weapons states"), stem_words("nuclear weapon"))
    True
    """
    return bool(wanted) and f" {' '.join(wanted)} " in f" {' '.join(stems)} "
