"""How likely it is that a passage answers."""

import dataclasses
import itertools
import math
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Literal

from index.store import Index, StoredPassage
from qa.expected import is_year_or_month, read_expected
from qa.generic import is_general
from qa.leader import read_led, tells_others
from qa.question import Search, Term
from qa.rerank import Ranked
from qa.retrieve import count_searched
from qa.stems import contains, stem_words
from qa.topic import read_owner, read_topic


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What speaks for and against a passage as an answer.

    `logit` is the judge's, -inf if it has not read the passage. `kind_missing` is 1 if the question asks for
    a number or a date and the passage has none. `ruled_out` is 1 if it asks for the holder of an office, for
    what came before, for the very first or for what is to come, and the passage tells of no such thing, or
    for somebody's leaders and it tells of those of others only, or of a year or month that its statement has
    not, or for what is said about a name that this has not, but for somebody's doings, or if no statement has
    a name of which all other names are known; and 2 if it is of a year that none has, or asks which of some
    things it was and the passage has them in general only.
    `name_missing` is 1 if neither the passage nor all the rest of its statement has some name of the
    question. `mentioned` is 1 if the question asks what is said about names, a word or a phrase, and nothing
    else, and the passage has them. `searched` is the decimal logarithm of how many tens of passages were
    searched, 0 for fewer than ten. `doubted` is what of that is above 1, times how far below 0 the logit lies
    that ranked the passage, by the reading that it answers best: among a hundred passages the right one may
    well be told in other words than the question, among thousands the judge finds some such passage for any
    question. `assured` is the same, but 1 times at most, for how far above 0 that logit lies: among a dozen
    passages about one subject that says little. `unrelated` tells how near it is to the least that the
    cross-encoder gives: 1 where it finds that the two have nothing in common. A passage that has what it asks
    about is neither doubted nor unrelated.
    """

    logit: float
    kind_missing: float
    ruled_out: float
    name_missing: float
    mentioned: float = 0.0
    searched: float = 0.0
    doubted: float = 0.0
    assured: float = 0.0
    unrelated: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Supported:
    """A passage with the probability, 0 to 1, that it answers the question."""

    ranked: Ranked
    signals: Signals
    probability: float

    @property
    def statement_id(self) -> str:
        """The statement that the passage is of."""
        return self.ranked.stored.passage.statement_id

    @property
    def odds(self) -> float:
        """How many times likelier it is that the passage answers than that it does not."""
        return self.probability / max(1 - self.probability, sys.float_info.epsilon)


# Of a logistic regression on the signals: `python -m qa.calibrate` prints them, BENCHMARKS.md has the data.
# Not those in `BY_HAND`.
WEIGHTS = Signals(
    logit=0.74,
    kind_missing=-1.81,
    ruled_out=-3.59,
    name_missing=-0.49,
    mentioned=1.0,
    searched=-0.1,
    doubted=-0.4,
    assured=0.25,
    unrelated=-1.5,
)
BIAS = 0.21

BY_HAND = ("mentioned", "searched", "doubted", "assured", "unrelated")
"""Signals whose weights were set by hand. Too few questions of the data ask what is said of a name; with 1,
a passage that has it is quoted though the judge takes it for a poor answer, as where others are named beside
it. The data are of three sizes only, and in an archive, among many passages, one seems to answer by chance.
And hardly any are about something else altogether: with -1.5, the two statements answer 5 of 100 such
questions instead of 25. With .25, the judge refuses less often what the cross-encoder finds for sure among
many passages."""

UNRELATED_BELOW, UNRELATED_FROM = -9.5, -11.0
"""From the first logit of the cross-encoder that ranks down to the second, its least but for a few tenths, a
passage is taken for ever less related: the one that comes first has less than -10.5 for 5 of 306 questions
that the two statements answer, and for 93 of 100 about something else."""

# "ICBM", "B-52", "F-35A"
_DESIGNATION = re.compile(r"[A-Z]{3,}|[A-Z]{1,3}-\d{1,3}[A-Z]?")

Strictness = Literal["strict", "balanced", "generous"]

ANSWERS_FROM: Mapping[Strictness, float] = {"strict": 0.3, "balanced": 0.2, "generous": 0.08}
"""The probability from which a passage is quoted. That of "balanced" refuses at most one in twenty of the
questions of squad2 and clapnq that could be answered; BENCHMARKS.md has what it refuses of the others."""

PREFERRED_FROM = 1 / 5
"""What share of the odds of all before it a passage needs to come first, if something else speaks for it: its
day, its issuer, a name. Found on the sets of checks, see BENCHMARKS.md."""

ADDS_FROM = 1 / 5
"""What share of the odds of the first quote another needs: a much weaker one adds nothing."""


def weigh_support(index: Index, search: Search, ranked: Sequence[Ranked]) -> tuple[Supported, ...]:
    """Give each passage the probability that it answers, in the order in which they come."""
    weighed = []
    searched = math.log10(max(1.0, count_searched(index, search.question) / 10))
    nowhere = _tell_nowhere(index, search)
    for candidate in ranked:
        signals = read_signals(index, search, candidate, searched=searched, nowhere=nowhere)
        probability = estimate_probability(signals)
        weighed.append(Supported(ranked=candidate, signals=signals, probability=probability))
    return tuple(weighed)


def put_ruled_out_last(weighed: Sequence[Supported], *, answers_from: float) -> tuple[Supported, ...]:
    """Put what is ruled out behind the rest of what is judged.

    The models hardly tell the meeting that a passage is about from the one before it. Where nothing answers
    with the probability `answers_from` they are followed, since what is nearest may well be ruled out.
    """
    if all(each.probability < answers_from for each in weighed):
        return tuple(weighed)
    return tuple(sorted(weighed, key=lambda each: (each.ranked.judged is None, each.signals.ruled_out > 0)))


def put_named_first(weighed: Sequence[Supported], *, answers_from: float) -> tuple[Supported, ...]:
    """Put passages of statements with all names of the question first, where the best lacks one.

    Asked how Blinken described something, they are preferred that are of the statement that has him, unless
    they answer much worse (`PREFERRED_FROM`) or not at all: their probability is below `answers_from`.
    """
    if not weighed or not weighed[0].signals.name_missing:
        return tuple(weighed)
    enough = PREFERRED_FROM * max(each.odds for each in weighed)
    return tuple(
        sorted(
            weighed,
            key=lambda each: (
                bool(each.signals.name_missing) or each.odds < enough or each.probability < answers_from
            ),
        )
    )


def read_signals(
    index: Index, search: Search, candidate: Ranked, *, searched: float, nowhere: float
) -> Signals:
    """Read the signals off a passage. All passages of a question have `searched` and `nowhere` in common.

    The latter is the least that each is ruled out by, for what no statement has.
    """
    stored = candidate.stored
    expected = read_expected(search.readings[0].text)
    missing = {each.kind for each in expected if not each.is_in(stored.text)}
    topic = read_topic(search.readings[0].text)
    is_all = topic is not None and len(search.terms) == 1

    def is_there(term: Term) -> bool:
        return term.find_name(stored.titled_text) is not None or any(
            index.mentions(name, statement_id=stored.passage.statement_id) for name in term.spellings
        )

    unmentioned = search.list_missing(is_there, every=is_all)
    many = max(0.0, searched - 1)
    sentences = tuple(map(stored.words_of, stored.passage.sentences))
    mentioned = topic is not None and _is_mentioned(topic, search, stored)
    return Signals(
        logit=-math.inf if candidate.judged is None else candidate.judged,
        kind_missing=float(not missing.isdisjoint(("number", "date", "duration"))),
        ruled_out=2.0 * is_general(search.readings[0].text, sentences)
        or nowhere
        or float(
            not missing.isdisjoint(("office", "holder", "past", "first", "future"))
            or any(_must_be_mentioned(term, topic) for term in unmentioned)
            or _tells_other_leaders(search, sentences)
            or any(
                f"{one.text} or {other.text}" in search.text for one, other in itertools.pairwise(unmentioned)
            )
        ),
        name_missing=float(bool(unmentioned)),
        mentioned=float(mentioned),
        searched=searched,
        doubted=0.0 if mentioned else many * max(0.0, -candidate.best),
        assured=min(1.0, many) * max(0.0, candidate.best),
        unrelated=0.0 if mentioned else _tell_unrelated(candidate.best),
    )


def _must_be_mentioned(term: Term, topic: str | None) -> bool:
    """Say whether what does not mention `term` is no answer: one with another day, or about something else.

    Of somebody's doings much may be said under the name of his country: of "Putin's nuclear threats".
    """
    is_owner = topic is not None and not term.aliases and term.text in read_owner(topic)
    return is_year_or_month(term.text) or (topic is not None and not is_owner)


def _tells_other_leaders(search: Search, sentences: Sequence[str]) -> bool:
    """Say whether sentences tell who led others than those whose leaders are asked for."""
    led = read_led(search.readings[0].text)
    asked = [term for term in search.terms if term.is_name and term.text in led] if led else []
    if not asked:
        return False
    return tells_others(sentences, lambda text: any(term.find_name(text) for term in asked))


def _tell_nowhere(index: Index, search: Search) -> float:
    """Return what rules out all passages: 2 for a year that no statement has, 1 for such a name, else 0.

    Of names only those whose other names are known, and designations, which have none: somebody or some
    place that no statement names may still be told of.
    """
    if any(_is_no_year_of(index, term) for term in search.terms):
        return 2.0
    missing = search.list_missing(lambda term: any(map(index.mentions, term.spellings)))
    return float(any(term.aliases or _DESIGNATION.fullmatch(term.text) for term in missing))


def _is_no_year_of(index: Index, term: Term) -> bool:
    """Say whether `term` is a year that no statement mentions, nor is of."""
    if not (term.text.isdigit() and is_year_or_month(term.text)) or index.mentions(term.text):
        return False
    return all(each.date is None or each.date.year != int(term.text) for each in index.statements())


def _is_mentioned(topic: str, search: Search, stored: StoredPassage) -> bool:
    """Say whether a passage has the names of the question, or the one word or the phrase that it is about."""
    if not search.terms or not all(term.find_name(stored.text) for term in search.terms):
        return False
    is_listed = len(search.terms) == 1 or all(term.is_name for term in search.terms)
    return is_listed or contains(stem_words(stored.text), stem_words(topic))


def _tell_unrelated(logit: float) -> float:
    """Return 0 for a logit of `UNRELATED_BELOW` or more, 1 for one of `UNRELATED_FROM` or less."""
    return min(1.0, max(0.0, (UNRELATED_BELOW - logit) / (UNRELATED_BELOW - UNRELATED_FROM)))


def estimate_probability(signals: Signals, *, weights: Signals = WEIGHTS, bias: float = BIAS) -> float:
    """Return the probability, 0 to 1, that a passage with these signals answers."""
    pairs = zip(dataclasses.astuple(weights), dataclasses.astuple(signals), strict=True)
    logit = bias + sum(weight * value for weight, value in pairs)
    return 1 / (1 + math.exp(-logit))
