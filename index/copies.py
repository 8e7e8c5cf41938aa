"""The same text in several files is one statement with several sources."""

import hashlib
from collections.abc import Iterable
from typing import Protocol

from index.types import Statement


class Source(Protocol):
    """What is known of a statement, with or without its text."""

    @property
    def scanned(self) -> bool:
        """Whether a machine read it off an image."""

    @property
    def inferred(self) -> frozenset[str]:
        """The names of what nobody told of it."""


# What a source may tell of its statement.
_TELLING = ("title", "issuer", "date", "place", "url")


def hash_words(statement: Statement) -> str:
    """Return a hash of the statement's own text: not of the front matter, nor of white space around it."""
    start = statement.front_matter.end if statement.front_matter else 0
    return hashlib.sha256(statement.text[start:].strip().encode()).hexdigest()


def group_copies(hashed: Iterable[tuple[str, Statement]]) -> tuple[tuple[Statement, ...], ...]:
    """Put statements of the same words together, the best source first. Each comes with its `hash_words`.

    That is the one that tells most of the statement without it having to be inferred, and is no scan; of
    equals it is the first by name.
    """
    groups: dict[str, list[Statement]] = {}
    for words, statement in hashed:
        groups.setdefault(words, []).append(statement)
    return tuple(tuple(sorted(group, key=_order)) for group in groups.values())


def rank_source(statement: Source) -> tuple[bool, int]:
    """Return how well a source vouches for its text, less for better: no scan, and much told of it."""
    told = sum(getattr(statement, key) is not None and key not in statement.inferred for key in _TELLING)
    return statement.scanned, -told


def _order(statement: Statement) -> tuple[tuple[bool, int], str, str]:
    return rank_source(statement), statement.source, statement.statement_id
