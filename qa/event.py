"""The events that a question reckons from, as in "before the summit", by the titles of statements."""

import dataclasses
import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from qa.cite import MONTHS, format_date
from qa.stems import stem_words
from qa.types import StatementHeading

OtherNames: TypeAlias = Callable[[str], Sequence[str]]
"""Gives the other names of what a name is the whole name of."""

STATEMENT = (
    r"(?:statements?|communiqu[eé]s?|readouts?|(?:(?:press|news)\ )?releases?|declarations?|remarks|texts?"
    r"|documents?)\b"
)
"""What a question calls statements, as a regular expression in verbose mode that ignores case."""

LONGEST_DAYS = 3
"""Statements with the same words in their titles are of one event if no more days lie between them."""

# The first say what an event is, the others could stand for any.
_TELLING = r"(?:summit|dialogue|ministerial|conference|consultation|exercise|commission|forum)s?"
_GENERAL = r"(?:meeting|talk|session|visit|statement|communiqu[eé]|readout|declaration)s?"
_NO_ADJECTIVE = r"(?:and|or|of|in|on|at|to|with|by|for|about|from|the|a|an|is|are|was|were|did|do|does)\b"
EVENT = (
    rf"(?:(?:the|their)\ (?:(?!{_NO_ADJECTIVE})[\w.&'’+-]+\ ){{0,6}}(?:{_TELLING}|{_GENERAL})"
    r"|(?:the\ )?(?-i:[A-Z0-9]*[A-Z]{2}[A-Z0-9]*))"
    # Of "the meeting with Russia" the title may say less than would tell it from another.
    r"\b(?!\ (?:of|with|between|among|in|at|on|for|held|hosted|that|which|where)\b)"
)
"""How a question names an event, as a regular expression in verbose mode that ignores case."""

_IS_TELLING = re.compile(_TELLING, re.IGNORECASE)
_IS_GENERAL = re.compile(_GENERAL, re.IGNORECASE)
_IS_EVENT = re.compile(rf"{_TELLING}|{_GENERAL}", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|their)\s+", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The first and the last day of the statements of an event, and how they were found, for people."""

    first: datetime.date
    last: datetime.date
    reckoned: str


def find_event(phrase: str, statements: Iterable[StatementHeading], other_names: OtherNames) -> Event | None:
    """Return the event that `phrase` names.

    Its words must all stand in a title, but for months and years, which must be those of the statement's day,
    and for what is called "meeting" and the like. A month without its year is that of the last such event.
    Where statements of several events fit, or none, it is not said which is meant: None.
    """
    dated = sorted((each.date, each.title) for each in statements if each.date is not None)
    for words in _read_names(_ARTICLE.sub("", phrase), other_names):
        found = [(day, title) for day, title in dated if _is_of(day, title, words)]
        if any(word.capitalize() in MONTHS for word in words):
            found = [each for each in found if each[0].year == found[-1][0].year]
        if found and (found[-1][0] - found[0][0]).days <= LONGEST_DAYS:
            (first, title), (last, _) = found[0], found[-1]
            return Event(first=first, last=last, reckoned=f'by "{title}", of {format_date(first)}')
    return None


def _read_names(name: str, other_names: OtherNames) -> Iterator[tuple[str, ...]]:
    """Yield the words of an event's name, of an acronym those it stands for; none where they tell nothing."""
    words = tuple(name.split())
    telling = tuple(word for word in words if not _IS_GENERAL.fullmatch(word))
    if telling and not _IS_EVENT.fullmatch(words[-1]):
        stands_for = [tuple(other.split()) for other in other_names(name)]
        yield from (other for other in stands_for if _IS_TELLING.fullmatch(other[-1]))
    elif telling:
        yield telling


def _is_of(day: datetime.date, title: str, words: Iterable[str]) -> bool:
    """Say whether each of `words` is the month or the year of `day`, or stands in `title`."""
    stems = frozenset(stem_words(title))
    month, year = MONTHS[day.month - 1], str(day.year)
    return all(
        word.capitalize() == month
        if word.capitalize() in MONTHS
        else word == year
        if _YEAR.fullmatch(word)
        else stems.issuperset(stem_words(word))
        for word in words
    )
