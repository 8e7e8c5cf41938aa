"""What the words of a question narrow it to: which statements are left for it, and which come first."""

import dataclasses
import datetime
import itertools
import re
from collections.abc import Iterable, Sequence

from index.store import Index, is_within
from qa.cite import format_date
from qa.event import LONGEST_DAYS
from qa.issuer import is_titled, read_issuers
from qa.lexicon import WORD, Lexicon, fold_word
from qa.period import describe_days, read_order, read_periods
from qa.question import Search
from qa.rerank import Ranked
from qa.support import PREFERRED_FROM, Supported, weigh_support
from qa.types import Hit, Narrowing, Question, StatementHeading

NEWEST = 10
"""Asked for the latest, passages of so many of the newest statements found are sure to be read."""


# "What was said in July 2024?" without its day has a space too many, "In July 2024, what was said?" a comma:
# the cross-encoder takes either for another question.
_BEFORE_PUNCTUATION = re.compile(r"\s+(?=[,;:.?!])")
_LEFT_BEHIND = " ,;:"

ORDERS = frozenset({"latest", "first"})
"""The kinds of narrowing that prefer no statement by itself, but the newest or the oldest that answers."""


# What is read


def read_narrowings(
    search: Search, statements: Sequence[StatementHeading], lexicon: Lexicon
) -> tuple[Narrowing, ...]:
    """Read what the words of a question narrow it to, besides what its own fields do.

    What the question ignores is left out, and so is a preference that no statement meets. Days that none is
    of prefer those of the next days.
    """
    left = [each for each in statements if is_left(each, search.question)]
    periods = [
        _prefer_next_days(each, left) for each in read_periods(search.text, statements, lexicon.other_names)
    ]
    read = [
        *(each for each in periods if each.only or _is_met(each, left)),
        *read_issuers(search.text, left, lexicon),
        *read_order(search.text),
    ]
    return tuple(each for each in read if each.words not in search.question.ignored)


def keep_telling(
    narrowings: Sequence[Narrowing], question: Question, statements: Sequence[StatementHeading]
) -> tuple[Narrowing, ...]:
    """Return the narrowings that make a difference: not what all statements meet that `question` leaves."""
    left = [each for each in statements if is_left(each, question)]
    days = {each.date for each in left if each.date}
    return tuple(
        each
        for each in narrowings
        if (len(days) > 1 if each.kind in ORDERS else not all(_meets(statement, each) for statement in left))
    )


def narrow(search: Search, narrowings: Sequence[Narrowing]) -> Search:
    """Return the search with what binds among `narrowings` as filters of its question, not as words."""
    question = search.question
    for each in narrowings:
        if each.only:
            question = dataclasses.replace(
                question,
                since=max(filter(None, (question.since, each.since)), default=None),
                until=min(filter(None, (question.until, each.until)), default=None),
                issuer=next(iter(each.issuers), question.issuer),
            )
    text = search.text
    for each in narrowings:
        if each.only and _is_of_days(each):  # else the passage that says the day would be the best answer
            text = _cut_out(each.words, text)
    unneeded = [each for each in narrowings if each.only or not _is_of_days(each)]
    kept = text if WORD.search(text) else search.text
    return release_words(dataclasses.replace(search, question=question, text=kept), unneeded)


def _cut_out(words: str, text: str) -> str:
    """Return a question without some of its words, and what they leave of the punctuation.

    >>> _cut_out("In July 2024", "In July 2024, what was said?")
    'what was said?'
    """
    left = _BEFORE_PUNCTUATION.sub("", " ".join(text.replace(words, " ").split()))
    return left.lstrip(_LEFT_BEHIND)


def release_words(search: Search, narrowings: Iterable[Narrowing]) -> Search:
    """Return the search without the words of `narrowings`.

    A statement of July 2024 need not say "July 2024" to answer, nor a statement of the G7 "G7".
    """
    met = {word for each in narrowings for word in _words(each.words)}
    terms = tuple(term for term in search.terms if not met.issuperset(_words(term.text)))
    return dataclasses.replace(search, terms=terms)


def weigh_narrowed(
    index: Index, search: Search, narrowings: Sequence[Narrowing], ranked: Sequence[Ranked]
) -> tuple[Supported, ...]:
    """Weigh passages as `weigh_support` does, those of a preferred day without its words."""
    preferences = [each for each in narrowings if not each.only and _is_of_days(each)]
    weighed = weigh_support(index, search, ranked)
    if not preferences:
        return weighed
    known = {each.statement_id: each for each in index.statements()}
    released = weigh_support(index, release_words(search, preferences), ranked)
    return tuple(
        without if _is_preferred(known[plain.statement_id], preferences) else plain
        for plain, without in zip(weighed, released, strict=True)
    )


# What comes first


def choose_candidates(
    index: Index, hits: Sequence[Hit], narrowings: Sequence[Narrowing], *, limit: int
) -> tuple[Hit, ...]:
    """Take the first `limit` of `hits`, up to half of them from the statements that are preferred."""
    preferences = [each for each in narrowings if not each.only]
    if not preferences:
        return tuple(hits[:limit])
    summaries = {each.statement_id: each for each in index.statements()}
    stored = index.passages([hit.passage_id for hit in hits])
    found = {each.passage_id: summaries[each.passage.statement_id] for each in stored}
    preferred = _first_statements(list(found.values()), preferences)
    ahead = [hit for hit in hits if found[hit.passage_id].statement_id in preferred][: limit // 2]
    rest = [hit for hit in hits if hit not in ahead][: limit - len(ahead)]
    return tuple(sorted((*ahead, *rest), key=lambda hit: -hit.score))


def put_preferred_first(
    weighed: Sequence[Supported],
    narrowings: Sequence[Narrowing],
    statements: Iterable[StatementHeading],
    *,
    answers_from: float,
) -> tuple[Supported, ...]:
    """Order passages by what is preferred, and otherwise keep their order.

    Passages of a preferred day or issuer come first, unless they answer much worse than one that ranks before
    them. Asked for the latest or the first, all that answer are ordered by day.
    """
    preferences = [each for each in narrowings if not each.only]
    if not preferences:
        return tuple(weighed)
    known = {each.statement_id: each for each in statements}
    of_statements = [each for each in preferences if each.kind not in ORDERS]
    orders = [each.kind for each in preferences if each.kind in ORDERS][:1]

    def place(candidate: Supported, best_before: float) -> tuple[bool, bool, int]:
        statement = known[candidate.statement_id]
        answers = candidate.probability >= answers_from
        well_enough = candidate.odds >= PREFERRED_FROM * best_before
        first = bool(of_statements) and well_enough and _is_preferred(statement, of_statements)
        age = _age(statement, oldest_first=orders == ["first"]) if orders and answers else 0
        return not answers, not first, age

    best_before = itertools.accumulate((each.odds for each in weighed), max, initial=0.0)
    placed = zip(map(place, weighed, best_before), weighed, strict=True)
    return tuple(each for _, each in sorted(placed, key=lambda pair: pair[0]))


# When nothing is left


def explain_nothing_left(statements: Sequence[StatementHeading], narrowed: Question) -> str | None:
    """Say that `narrowed` leaves no statement and offer the nearest; return None if it leaves some."""
    if any(is_left(each, narrowed) for each in statements):
        return None
    by = f" by {narrowed.issuer}" if narrowed.issuer else ""
    since, until = narrowed.since, narrowed.until
    if since is None and until is None:
        return f"No statement{by} is left to search."
    days = describe_days(since, until)
    refusal = f"No statement{by} {'was made' if since is None or until is None else 'is from'} {days}."
    others = dataclasses.replace(narrowed, since=None, until=None)
    dated = {each.statement_id: each.date for each in statements if each.date and is_left(each, others)}
    if not dated:
        return f"{refusal} None of those left has a date."
    nearest = min(
        (each for each in statements if each.statement_id in dated),
        key=lambda each: (
            _distance(dated[each.statement_id], since, until),
            -dated[each.statement_id].toordinal(),
        ),
    )
    return f'{refusal} The nearest is "{nearest.title}" of {format_date(nearest.date)}.'


def is_left(statement: StatementHeading, question: Question) -> bool:
    """Say whether the fields of a question leave a statement to be searched."""
    return (
        question.statement_id in {None, statement.statement_id}
        and (question.issuer is None or question.issuer.casefold() == (statement.issuer or "").casefold())
        and is_within(statement.date, question.since, question.until)
    )


def _distance(day: datetime.date, since: datetime.date | None, until: datetime.date | None) -> int:
    """Return the days from a day to the nearest of a period."""
    early = (since - day).days if since else 0
    late = (day - until).days if until else 0
    return max(early, late, 0)


def _prefer_next_days(days: Narrowing, statements: Sequence[StatementHeading]) -> Narrowing:
    """Return a few days that no statement is of as a preference for the next, which may tell of them."""
    if days.since is None or days.until is None or _is_met(days, statements):
        return days
    longest = datetime.timedelta(days=LONGEST_DAYS)
    next_days = dataclasses.replace(days, until=days.until + longest).as_preference()
    is_told = days.until - days.since < longest and _is_met(next_days, statements)
    return next_days if is_told else days


def _is_met(narrowing: Narrowing, statements: Iterable[StatementHeading]) -> bool:
    return any(_meets(each, narrowing) for each in statements)


def _meets(statement: StatementHeading, narrowing: Narrowing) -> bool:
    if narrowing.titled:
        return is_titled(statement.title, narrowing.titled)
    if narrowing.issuers:
        return statement.issuer in narrowing.issuers
    return is_within(statement.date, narrowing.since, narrowing.until)


def _is_preferred(statement: StatementHeading, preferences: Iterable[Narrowing]) -> bool:
    """Say whether a statement meets one preference of each kind: of one period, by one issuer."""
    by_kind: dict[str, bool] = {}
    for each in preferences:
        by_kind[each.kind] = by_kind.get(each.kind, False) or _meets(statement, each)
    return all(by_kind.values())


def _first_statements(found: Sequence[StatementHeading], preferences: Sequence[Narrowing]) -> frozenset[str]:
    """Return which of the statements found are preferred; where the latest is, the newest few."""
    by_meeting = [each for each in preferences if each.kind not in ORDERS]
    first = {each.statement_id: each for each in found if _is_preferred(each, by_meeting)}
    for order in preferences:
        if order.kind in ORDERS:
            ranked = sorted(first.values(), key=lambda each: _age(each, oldest_first=order.kind == "first"))
            first = {each.statement_id: each for each in ranked[:NEWEST]}
    return frozenset(first)


def _age(statement: StatementHeading, *, oldest_first: bool) -> int:
    """Return what to sort by for the newest or the oldest first, statements without a day last."""
    if statement.date is None:
        return datetime.date.max.toordinal()
    return statement.date.toordinal() * (1 if oldest_first else -1)


def _is_of_days(narrowing: Narrowing) -> bool:
    return narrowing.kind in {"since", "until", "period"}


def _words(text: str) -> frozenset[str]:
    return frozenset(fold_word(match[0]) for match in WORD.finditer(text))
