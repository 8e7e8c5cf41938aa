"""Do the quotes answer? If not, why not."""

import dataclasses
import math
from collections.abc import Sequence

from index.store import Index
from qa.question import Search, Term
from qa.rerank import Ranked


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What speaks for and against a passage as an answer, each from 0 (nothing) up.

    `relevance` is the cross-encoder's logit, `coverage` the share of the question's words that the passage
    has, rare words counting more: the sum of their inverse document frequencies over that of all words.
    """

    relevance: float
    coverage: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Supported:
    """A passage with the probability, 0 to 1, that it answers the question."""

    ranked: Ranked
    probability: float


# Logistic regression on both signals. Placeholder until fitted.
RELEVANCE, COVERAGE, BIAS = 0.5, 2.0, 0.0

ANSWERS_FROM = 0.5
"""The probability from which a passage is quoted."""


def weigh_support(index: Index, search: Search, ranked: Sequence[Ranked]) -> tuple[Supported, ...]:
    """Give each passage the probability that it answers, in the order in which they come."""
    weights = {term: _idf(index, term) for term in search.terms}
    return tuple(
        Supported(ranked=candidate, probability=estimate_probability(read_signals(candidate, weights)))
        for candidate in ranked
    )


def read_signals(candidate: Ranked, weights: dict[Term, float]) -> Signals:
    """Read the signals off one passage; `weights` has the rarity of each term of the question."""
    found = sum(weight for term, weight in weights.items() if term.find_name(candidate.stored.text))
    total = sum(weights.values())
    return Signals(relevance=candidate.score, coverage=found / total if total else 1.0)


def estimate_probability(signals: Signals) -> float:
    """Return the probability, 0 to 1, that a passage with these signals answers."""
    logit = RELEVANCE * signals.relevance + COVERAGE * signals.coverage + BIAS
    return 1 / (1 + math.exp(-logit))


def explain_refusal(index: Index) -> str:
    """Say in plain words that nothing answers."""
    statements = len(index.statements())
    where = "The statement does" if statements == 1 else f"The {statements} statements do"
    return f"{where} not say: no passage answers this closely enough."


def _idf(index: Index, term: Term) -> float:
    """Return the inverse document frequency of a term, as BM25 has it (Robertson and Zaragoza 2009)."""
    having = max(index.document_frequency(name) for name in term.names)
    return math.log(1 + (index.passage_count - having + 0.5) / (having + 0.5))
