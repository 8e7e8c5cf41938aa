"""Do the quotes answer? If not, why not."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Literal

from index.store import Index
from qa.expected import expected_kind, has_kind
from qa.question import Search, Term
from qa.rerank import Ranked


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What speaks for and against a passage as an answer.

    `passage` and `sentence` are the cross-encoder's logits of the whole and of its best sentence.
    `rarest_missing` is the rarity, 0 to 1, of the rarest word of the question that the passage lacks under
    every name. `kind_missing` is 1 if the question asks for a number or a date and the passage has none,
    `name_missing` if neither the passage nor all the rest of its statement has some name of the question.
    """

    passage: float
    sentence: float
    rarest_missing: float
    kind_missing: float
    name_missing: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Supported:
    """A passage with the probability, 0 to 1, that it answers the question."""

    ranked: Ranked
    signals: Signals
    probability: float


# Of a logistic regression on the signals. A passage that scores high while none of its sentences does is on
# the subject rather than an answer, hence the sign of the first.
WEIGHTS = Signals(passage=-0.30, sentence=0.65, rarest_missing=-1.36, kind_missing=-1.22, name_missing=-1.0)
BIAS = 1.52

Strictness = Literal["strict", "balanced", "generous"]

ANSWERS_FROM: Mapping[Strictness, float] = {"strict": 0.6, "balanced": 0.4, "generous": 0.2}
"""The probability from which a passage is quoted."""


def weigh_support(index: Index, search: Search, ranked: Sequence[Ranked]) -> tuple[Supported, ...]:
    """Give each passage the probability that it answers, in the order in which they come."""
    rarity = {term: measure_rarity(index, term) for term in search.terms}
    # What an earlier question said may be left unsaid by the answer as well.
    rarity |= {term: measure_rarity(index, term) / 2 for term in search.carried if term not in rarity}
    weighed = []
    for candidate in ranked:
        signals = read_signals(index, search, candidate, rarity)
        probability = estimate_probability(signals)
        weighed.append(Supported(ranked=candidate, signals=signals, probability=probability))
    return tuple(weighed)


def read_signals(index: Index, search: Search, candidate: Ranked, rarity: Mapping[Term, float]) -> Signals:
    """Read the signals off one passage; `rarity` has that of each term of the question."""
    text = candidate.stored.titled_text
    kind = expected_kind(search.readings[0].text)
    sentence = candidate.sentence_score
    missing = [term for term in rarity if term.find_name(text) is None]
    statement_id = candidate.stored.passage.statement_id
    return Signals(
        passage=candidate.passage_score,
        sentence=candidate.passage_score if sentence is None else sentence,
        rarest_missing=max((rarity[term] for term in missing), default=0.0),
        kind_missing=float(kind is not None and not has_kind(candidate.stored.text, kind)),
        name_missing=float(any(_is_unmentioned(index, term, statement_id) for term in missing)),
    )


def measure_rarity(index: Index, term: Term) -> float:
    """Return the inverse document frequency of a term as in BM25, 1 for a term that stands nowhere.

    Robertson and Zaragoza, "The probabilistic relevance framework", 2009, with the idf of no passages at all
    as the unit, so that it means the same in an index of any size.
    """
    having = max(index.document_frequency(name) for name in term.searched)
    return _idf(having, index.passage_count) / _idf(0, index.passage_count)


def estimate_probability(signals: Signals, *, weights: Signals = WEIGHTS, bias: float = BIAS) -> float:
    """Return the probability, 0 to 1, that a passage with these signals answers."""
    pairs = zip(dataclasses.astuple(weights), dataclasses.astuple(signals), strict=True)
    logit = bias + sum(weight * value for weight, value in pairs)
    return 1 / (1 + math.exp(-logit))


def _is_unmentioned(index: Index, term: Term, statement_id: str) -> bool:
    return term.is_name and not any(index.mentions(name, statement_id=statement_id) for name in term.names)


def _idf(having: int, of: int) -> float:
    return math.log(1 + (of - having + 0.5) / (having + 0.5))
