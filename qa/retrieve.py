"""Vectors and words: the passages that could answer, best first."""

import itertools
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from index.encoder import Encoder
from index.errors import QuestionError
from index.ids import IdSet
from index.store import Index
from qa.question import Search
from qa.types import Hit, Question

DEPTH = 100
"""How many passages each of the two searches gives to the fusion."""

_ISSUERS_NAMED = 5

Found = tuple[int, float]
"""A passage id and its score."""


def retrieve(index: Index, encoder: Encoder, search: Search, *, limit: int) -> tuple[Hit, ...]:
    """Return up to `limit` passages that are near the question in meaning or share its words.

    Raises QuestionError for a filter that cannot be meant: a statement or an issuer that the index does not
    have, or a day after which nothing can be before the other.
    """
    asked = search.question
    _check_filters(index, asked)
    within = find_allowed(index, asked)
    # SQLite looks for the words while the model and FAISS are at work.
    with ThreadPoolExecutor(max_workers=1) as beside:
        overlapping = [
            beside.submit(index.search_words, wording.names, DEPTH, within) for wording in search.wordings
        ]
        near = [
            index.search_vectors(encoder.encode_question(wording.text), DEPTH, within)
            for wording in search.wordings
        ]
        return fuse(zip(near, (each.result() for each in overlapping), strict=True))[:limit]


def find_allowed(index: Index, asked: Question) -> IdSet | None:
    """Return the passages that the filters of a question allow, or None if it has none."""
    return index.passage_ids(
        since=asked.since, until=asked.until, issuer=asked.issuer, statement_id=asked.statement_id
    )


def count_searched(index: Index, asked: Question) -> int:
    """Return how many passages a question is asked of."""
    allowed = find_allowed(index, asked)
    return index.passage_count if allowed is None else len(allowed)


def fuse(searches: Iterable[tuple[Sequence[Found], Sequence[Found]]]) -> tuple[Hit, ...]:
    """Merge searches by the mean of their scaled scores, best first; ties keep the order of the first.

    Each is what one wording of the question found by meaning, and by words. Both count the same: a convex
    combination, as in Bruch, Gai and Ingber, TOIS 2023, which finds more than ranks do (BENCHMARKS.md).
    """
    searches = tuple(searches)
    near = [_scale(found, zero=min((score for _, score in found), default=0.0)) for found, _ in searches]
    overlapping = [_scale(found, zero=0.0) for _, found in searches]
    hits = []
    for passage_id in dict.fromkeys(
        passage_id for found in itertools.chain(*searches) for passage_id, _ in found
    ):
        nearness = sum(each.get(passage_id, 0.0) for each in near) / len(searches)
        overlap = sum(each.get(passage_id, 0.0) for each in overlapping) / len(searches)
        score = (nearness + overlap) / 2
        hits.append(Hit(passage_id=passage_id, score=score, nearness=nearness, overlap=overlap))
    return tuple(sorted(hits, key=lambda hit: -hit.score))


def _scale(found: Sequence[Found], *, zero: float) -> dict[int, float]:
    """Bring scores to where the best is 1 and `zero` is 0: no two models agree on what a cosine means."""
    best = max((score for _, score in found), default=zero)
    return {passage_id: (score - zero) / (best - zero) if best > zero else 0.0 for passage_id, score in found}


def _check_filters(index: Index, asked: Question) -> None:
    if asked.since and asked.until and asked.since > asked.until:
        raise QuestionError(f"No day is both from {asked.since} on and until {asked.until}.")
    statements = index.statements()
    if asked.statement_id is not None and all(each.statement_id != asked.statement_id for each in statements):
        raise QuestionError(f"The index holds no statement {asked.statement_id!r}.")
    if asked.issuer is None:
        return
    issuers = sorted({each.issuer for each in statements if each.issuer})
    if asked.issuer.casefold() not in map(str.casefold, issuers):
        named = "; ".join(issuers[:_ISSUERS_NAMED]) or "none is named"
        more = len(issuers) - _ISSUERS_NAMED
        known = f"{named}; and {more} more" if more > 0 else named
        raise QuestionError(f"No statement in the index has the issuer {asked.issuer!r}. Issuers: {known}.")
