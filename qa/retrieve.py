"""Vectors and words: the passages that could answer, best first."""

from collections.abc import Iterable, Sequence

from index.encoder import Encoder
from index.errors import QuestionError
from index.store import Index
from qa.question import Search
from qa.types import Hit, Question

DEPTH = 50
"""How many passages each of the two searches gives to the fusion."""

RANK_CONSTANT = 60
"""k of reciprocal rank fusion, as in Cormack, Clarke and Buettcher, SIGIR 2009."""

_ISSUERS_NAMED = 5


def retrieve(index: Index, encoder: Encoder, search: Search, *, limit: int) -> tuple[Hit, ...]:
    """Return up to `limit` passages that are near the question in meaning or share its words.

    Raises QuestionError for a filter that cannot be meant: a statement or an issuer that the index does not
    have, or a day after which nothing can be before the other.
    """
    asked = search.question
    _check_filters(index, asked)
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


def _check_filters(index: Index, asked: Question) -> None:
    if asked.since and asked.until and asked.since > asked.until:
        raise QuestionError(f"No day is both from {asked.since} on and until {asked.until}.")
    statements = index.statements()
    if asked.statement_id is not None and all(each.statement_id != asked.statement_id for each in statements):
        raise QuestionError(f"The index holds no statement {asked.statement_id!r}.")
    issuers = sorted({each.issuer for each in statements if each.issuer})
    if asked.issuer is not None and asked.issuer.casefold() not in map(str.casefold, issuers):
        named = "; ".join(issuers[:_ISSUERS_NAMED]) or "none is named"
        more = len(issuers) - _ISSUERS_NAMED
        known = f"{named}; and {more} more" if more > 0 else named
        raise QuestionError(f"No statement in the index has the issuer {asked.issuer!r}. Issuers: {known}.")
