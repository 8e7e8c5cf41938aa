"""Do the quotes answer? If not, why not."""

import dataclasses
import math
from collections.abc import Mapping, Sequence

from index.store import Index
from qa.expected import expected_kind, has_kind
from qa.question import Search, Term
from qa.rerank import Ranked


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What speaks for and against a passage as an answer.

    `passage` and `sentence` are the cross-encoder's logits of the whole and of its best sentence.
    `rarest_missing` is the rarity, 0 to 1, of the rarest word of the question that the passage lacks under
    every name. `kind_missing` is 1 if the question asks for a number or a date and the passage has none.
    """

    passage: float
    sentence: float
    rarest_missing: float
    kind_missing: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Supported:
    """A passage with the probability, 0 to 1, that it answers the question."""

    ranked: Ranked
    signals: Signals
    probability: float


# Of a logistic regression on the signals. A passage that scores high while none of its sentences does is on
# the subject rather than an answer, hence the sign of the first.
WEIGHTS = Signals(passage=-0.30, sentence=0.65, rarest_missing=-1.36, kind_missing=-1.22)
BIAS = 1.52

ANSWERS_FROM = 0.4
"""The probability from which a passage is quoted."""


def weigh_support(index: Index, search: Search, ranked: Sequence[Ranked]) -> tuple[Supported, ...]:
    """Give each passage the probability that it answers, in the order in which they come."""
    rarity = {term: measure_rarity(index, term) for term in search.terms}
    weighed = []
    for candidate in ranked:
        signals = read_signals(search, candidate, rarity)
        probability = estimate_probability(signals)
        weighed.append(Supported(ranked=candidate, signals=signals, probability=probability))
    return tuple(weighed)


def read_signals(search: Search, candidate: Ranked, rarity: Mapping[Term, float]) -> Signals:
    """Read the signals off one passage; `rarity` has that of each term of the question."""
    text = candidate.stored.text
    kind = expected_kind(search.text)
    sentence = candidate.sentence_score
    return Signals(
        passage=candidate.passage_score,
        sentence=candidate.passage_score if sentence is None else sentence,
        rarest_missing=max((rarity[term] for term in rarity if term.find_name(text) is None), default=0.0),
        kind_missing=float(kind is not None and not has_kind(text, kind)),
    )


def measure_rarity(index: Index, term: Term) -> float:
    """Return the inverse document frequency of a term as in BM25, 1 for a term that stands nowhere.

    Robertson and Zaragoza, "The probabilistic relevance framework", 2009, with the idf of no passages at all
    as the unit, so that it means the same in an index of any size.
    """
    having = max(index.document_frequency(name) for name in term.names)
    return _idf(having, index.passage_count) / _idf(0, index.passage_count)


def estimate_probability(signals: Signals) -> float:
    """Return the probability, 0 to 1, that a passage with these signals answers."""
    values, weights = dataclasses.astuple(signals), dataclasses.astuple(WEIGHTS)
    logit = BIAS + sum(weight * value for weight, value in zip(weights, values, strict=True))
    return 1 / (1 + math.exp(-logit))


def explain_refusal(index: Index) -> str:
    """Say in plain words that nothing answers."""
    count = len(index.statements())
    subject = "The statement does" if count == 1 else f"The {count} statements do"
    return f"{subject} not say: no passage answers this closely enough."


def _idf(having: int, of: int) -> float:
    return math.log(1 + (of - having + 0.5) / (having + 0.5))
