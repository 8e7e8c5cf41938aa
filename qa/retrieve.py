"""Vectors and words: the passages that could answer, best first."""

from collections.abc import Iterable, Sequence

from index.encoder import Encoder
from index.store import Index
from qa.question import Search
from qa.types import Hit

DEPTH = 50
"""How many passages each of the two searches gives to the fusion."""

RANK_CONSTANT = 60
"""k of reciprocal rank fusion, as in Cormack, Clarke and Buettcher, SIGIR 2009."""


def retrieve(index: Index, encoder: Encoder, search: Search, *, limit: int) -> tuple[Hit, ...]:
    """Return up to `limit` passages that are near the question in meaning or share its words."""
    asked = search.question
    within = index.passage_ids(
        since=asked.since, until=asked.until, issuer=asked.issuer, statement_id=asked.statement_id
    )
    names = [name for term in search.terms for name in term.names]
    by_meaning = index.search_vectors(encoder.encode_question(search.text), DEPTH, within)
    by_words = index.search_words(names, DEPTH, within)
    return fuse([[passage_id for passage_id, _ in found] for found in (by_meaning, by_words)])[:limit]


def fuse(rankings: Iterable[Sequence[int]]) -> tuple[Hit, ...]:
    """Merge rankings of passage ids by reciprocal rank; ties keep the order of the first ranking.

    >>> [hit.passage_id for hit in fuse([[1, 2], [2, 3]])]
    [2, 1, 3]
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, passage_id in enumerate(ranking, start=1):
            scores[passage_id] = scores.get(passage_id, 0.0) + 1 / (RANK_CONSTANT + rank)
    hits = [Hit(passage_id=passage_id, score=score) for passage_id, score in scores.items()]
    return tuple(sorted(hits, key=lambda hit: -hit.score))
