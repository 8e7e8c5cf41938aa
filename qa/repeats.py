"""The same words said in several statements: one quote, cited for each."""

import dataclasses
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz

from qa.stems import stem_words
from qa.support import Supported

SAME_FROM = 90
"""Of 100, by which two passages must be alike: about one word in ten may differ."""

_CHANGES_ALL = frozenset({"not", "no", "never", "neither", "nor", "without", "none", "cannot"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A passage, and those that say the same in nearly the same words."""

    best: Supported
    repeats: tuple[Supported, ...] = ()


def group_repeats(
    ranked: Sequence[Supported], *, prefer: Callable[[Supported], tuple[int, ...]] = lambda _: ()
) -> tuple[Group, ...]:
    """Put each passage with the first one before it that says the same; the groups keep the order.

    The best of a group is the one for which `prefer` gives least, the first of those.
    """
    groups: list[tuple[Sequence[str], list[Supported]]] = []
    for candidate in ranked:
        words = stem_words(candidate.ranked.stored.text)
        for first, group in groups:
            if says_the_same(words, first):
                group.append(candidate)
                break
        else:
            groups.append((words, [candidate]))
    ordered = [sorted(group, key=prefer) for _, group in groups]
    return tuple(Group(best=best, repeats=tuple(repeats)) for best, *repeats in ordered)


def says_the_same(words: Sequence[str], others: Sequence[str]) -> bool:
    """Say whether two texts, given as stems, are nearly alike and have the same numbers and negations."""
    if _telling(words) != _telling(others):
        return False
    return bool(fuzz.ratio(words, others, score_cutoff=SAME_FROM))


def _telling(words: Sequence[str]) -> list[str]:
    return [word for word in words if word in _CHANGES_ALL or any(map(str.isdigit, word))]
