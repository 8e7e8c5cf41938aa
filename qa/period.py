"""When: the days that a question speaks of, read from its words.

Plain regular expressions. dateparser, the well-kept library for this, takes "may" for a month and "2+2" for
the second of February, fills in today's day and year, and can't say what a date belongs to.
"""

import calendar
import dataclasses
import datetime
import re
from collections.abc import Iterator, Sequence

from qa.cite import format_date
from qa.event import EVENT, STATEMENT, OtherNames, find_event
from qa.types import Narrowing, NarrowingKind, StatementHeading

# Spelt out, because the calendar module's names follow the machine's locale.
_MONTHS = {
    "January": 1,
    "February": 2,
    "March": 3,
    "April": 4,
    "May": 5,
    "June": 6,
    "July": 7,
    "August": 8,
    "September": 9,
    "October": 10,
    "November": 11,
    "December": 12,
}
_JANUARY, _DECEMBER = 1, 12
# The first and the last month of each, as weather services of the northern half of the world have it. Winter
# is not among them: whether that of 2024 began or ended in it, nobody can tell.
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_SHORT_MONTHS = {name[:3]: number for name, number in _MONTHS.items()} | {"Sept": 9}
_VERBS = frozenset({"Mar", "March", "May"})

_MONTH = rf"(?:{'|'.join([*_MONTHS, *_SHORT_MONTHS])})\b\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_FIGURES = rf"{_YEAR}[-/.]\d\d?[-/.]\d\d?|\d\d?[/.]\d\d?[/.]{_YEAR}"
_DATE = rf"""(?:
    (?P<figures>{_FIGURES})
  | (?P<month1>{_MONTH})\ (?:the\ )?(?P<day1>{_DAY})(?:\ ?[-–]\ ?(?P<to1>{_DAY}))?(?:,?\ (?P<year1>{_YEAR}))?
  | (?P<day2>{_DAY})(?:\ ?[-–]\ ?(?P<to2>{_DAY}))?\ (?:of\ )?(?P<month2>{_MONTH})(?:,?\ (?P<year2>{_YEAR}))?
  | (?P<month3>{_MONTH})(?:,?|\ of)\ (?P<year3>{_YEAR})
  | Q(?P<quarter>[1-4])\ (?:of\ )?(?P<year4>{_YEAR})
  | (?P<season>{"|".join(_SEASONS)})\ (?:of\ )?(?P<year5>{_YEAR})
  | (?P<last>last|this)\ (?:(?P<unit>year|month)\b(?!\ of)|(?P<month5>{_MONTH}))
  | (?P<month6>{_MONTH})
  | (?P<year6>{_YEAR})
)"""

_EVENT = r"(?:meetings?|dialogues?|talks|summits?|sessions?|exercises?|visits?)\b"
_ADJECTIVES = r"(?:[\w.&'’+-]+\ ){0,3}?"
# After "the", what follows is another phrase: "May the ministers meet?"
_SPEAKERS = (
    r"(?!(?:the|both|all|these|those|our|their)\b)(?:[\w.&'’+-]+\ ){0,3}?"
    r"(?:delegat(?:ion|e)s?|ministers?|leaders?|officials?|sides?|parties|participants?|allies)\b"
)
_PREPOSITION = r"(?:in|on|during|of|from|within|dated)\ (?:the\ )?(?:early\ |late\ |mid-)?"
_RELATION = (
    r"(?P<relation>since|after|before|prior\ to|ahead\ of|until|till|up\ to|through)\ "
    r"(?:the\ (?:beginning|start|end)\ of\ )?"
)
_TO = r"(?:\ (?:and|to|until|till|through)\ |\ ?[-–]\ ?)"


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE | re.IGNORECASE)


def _second(date: str) -> str:
    """Give the groups of a second date in a pattern names of their own."""
    return date.replace("(?P<", "(?P<until_")


# `date` is what stands for the day itself, without the words that lead to it. The first that fits is taken.
_PHRASES = tuple(
    _compile(rf"(?<![\w-]){phrase}(?![\w–-]|[.,]\d)")
    for phrase in (
        rf"(?:between|from|in|during|of|dated)\ (?P<date>(?P<one>{_DATE}){_TO}(?P<two>{_second(_DATE)}))",
        rf"from\ (?P<date>{_DATE})\ (?P<onward>onwards?|on(?=\W*$|\W+(?:about|regarding|concerning)\b))",
        rf"{_RELATION}(?P<date>{_DATE})",
        rf"(?P<relation>since|after|before|prior\ to|ahead\ of|until)\ (?P<date>(?P<event>{EVENT}))",
        rf"{_PREPOSITION}(?P<date>{_DATE})",
        rf"(?P<date>{_DATE})",
    )
)
# Then "from July to December" names two times to set side by side, and not all between them.
COMPARES = _compile(r"\b(?:compar\w+|contrast\w*|differ\w*|versus|vs|chang(?:e|es|ed|ing)|evol\w+|both)\b")

_NAMES_SOMETHING = _compile(rf"(?:['’]s\b|\ (?:{_ADJECTIVES}(?:{STATEMENT}|{_EVENT})|{_SPEAKERS}))")
_NAMES_AN_EVENT = _compile(rf"(?:['’]s)?\ {_ADJECTIVES}{_EVENT}")
_AROUND_IT = _compile(r"\b(?:since|after|before|prior\ to|ahead\ of|until|till|by)\ (?:the\ )?$")

# Where a period says when something was said. What stands for the day itself is written as WHEN beforehand.
_WHEN = "\ue000++"
_SAY = r"\b(?:say|says|said|saying|stated|wrote|written)\b"
_ASKING = (
    r"\b(?:which|what|any|all|do|does|did|has|have|is|are|in|within|across|among|according\ to)\ "
    r"(?:(?:the|its|their|any|all|these|both|every|each|other)\ )*"
)
_LEADING = (
    r"(?:(?:between|from|since|after|before|prior\ to|ahead\ of|until|till|up\ to|through|in|on|during|of"
    r"|dated)\ "
    r"(?:the\ (?:beginning|start|end)\ of\ )?(?:early\ |late\ |mid-)?)"
)
_NO_EVENT = rf"(?!['’]s|\ {_ADJECTIVES}{_EVENT})"
_CLAUSE = r"(?:(?!\b(?:about|that)\b|[.;:!?]\ ).)*"
_MADE = r"(?:(?:that|which)\ )?(?:(?:were|was)\ )?(?:issued|made|published|released)"
_A_NAME = rf"(?:(?!(?:the|a|an|this|that|{_EVENT})\b)[\w.&'’+-]+\ ){{1,4}}"
_OF_A_SAYING = tuple(
    _compile(pattern)
    for pattern in (
        rf"{_SAY}\ (?:(?:publicly|officially|jointly)\ )?(?:{_LEADING}(?:the\ )?)?{_WHEN}{_NO_EVENT}",
        rf"{_SAY}\ (?:about|on)\ {_A_NAME}{_LEADING}{_WHEN}\W*$",
        rf"^(?:and\ |but\ )?{_LEADING}{_WHEN},?\ (?!{_ADJECTIVES}{_EVENT}){_CLAUSE}{_SAY}",
        rf"(?:^|{_ASKING}){_WHEN}(?:['’]s)?\ {_ADJECTIVES}{STATEMENT}",
        rf"{_WHEN}\ {_SPEAKERS}\ {_SAY}",
        rf"(?:^|{_ASKING}){_ADJECTIVES}{STATEMENT}\ (?:{_MADE}\ )?{_LEADING}{_WHEN}",
    )
)
_SAYS = _compile(_SAY)
# Then a date bounds the event asked for, and is not its own.
_RELATES = _compile(
    r"\b(?:follow(?:s|ed|ing)?|preced(?:es?|ed|ing)|before|after|since|prior|earlier|later|next)\b"
)

_WHICH_STATEMENT = (
    rf"(?:(?!(?:paragraph|sentence|word|line|part|page|of|in|the|to)\b)[\w.&'’+-]+\ ){{0,3}}?{STATEMENT}"
)
_ORDERS: tuple[tuple[NarrowingKind, str, re.Pattern[str]], ...] = (
    (
        "latest",
        "newest first",
        _compile(
            rf"\b(?:latest|newest|newer|(?:most|more)\ recent)\ (?:{_WHICH_STATEMENT}|{_ADJECTIVES}{_EVENT}"
            r"|(?:[\w-]+\ )?(?:position|stance|view|words?|comments?|news)\b|(?=(?:on|about|from)\b))"
            rf"|\blast\ {_WHICH_STATEMENT}"
            r"|\bmost\ recently\ (?:say|said|mention(?:ed)?)\b|\blast\ (?:say|said|mention(?:ed)?)\b"
        ),
    ),
    (
        "first",
        "oldest first",
        _compile(
            rf"\b(?:first|earliest|oldest|older)\ {_WHICH_STATEMENT}"
            r"|\b(?:first|earliest)\ (?:say|said|mention(?:ed)?)\b"
        ),
    ),
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """From one day to another, both included, and by what they were reckoned, if the words don't say."""

    since: datetime.date
    until: datetime.date
    reckoned: str | None = None


def read_periods(
    text: str, statements: Sequence[StatementHeading], other_names: OtherNames
) -> tuple[Narrowing, ...]:
    """Read the periods that the words of a question name, in their order.

    A period binds (`only`) where it says when something was said: "said in July 2024", "statements since
    2023". Elsewhere it says when something happened, which a statement of another day may recount, and is
    preferred only. Where two are named, two things are asked for, and neither binds; "how did it change
    between July and December" names two. A date that lacks its year is reckoned by the days of the
    `statements`, and so is an event, "before the summit", by their titles; where none has a day, nothing is
    read.
    """
    days = sorted(statement.date for statement in statements if statement.date)
    if not days:
        return ()
    phrases = sorted(_find_phrases(text), key=re.Match.start)
    compares = COMPARES.search(text) is not None
    read = [
        each
        for phrase in phrases
        for each in (compares and _read_ends(phrase, days))
        or _read_phrase(
            text, phrase, _read_event(phrase, statements, other_names) or _read_days(phrase, days)
        )
    ]
    several = sum(each.kind == "period" for each in read) > 1
    return tuple(each.as_preference() for each in read) if several else tuple(read)


def read_order(text: str) -> tuple[Narrowing, ...]:
    """Read whether a question prefers the newest statement that answers it, or the oldest."""
    for kind, label, pattern in _ORDERS:
        if found := pattern.search(text):
            return (Narrowing(kind=kind, words=found[0].strip(), label=label),)
    return ()


def describe_days(since: datetime.date | None, until: datetime.date | None) -> str:
    """Name a period in the fewest words.

    >>> describe_days(datetime.date(2024, 7, 1), datetime.date(2024, 7, 31))
    'July 2024'
    >>> describe_days(datetime.date(2023, 1, 1), None)
    'since 2023'
    """
    if since is not None and until is not None:
        first, last = _name_bounds(since, until)
        return first if first == last else f"{first} to {last}"
    if since is not None:
        return f"since {_name_start(since)}"
    return "any day" if until is None else f"until {_name_end(until)}"


def _name_bounds(since: datetime.date, until: datetime.date) -> tuple[str, str]:
    if since.day != 1 or until != _last_day(until.year, until.month):
        return format_date(since), format_date(until)
    if since.month == _JANUARY and until.month == _DECEMBER:
        return str(since.year), str(until.year)
    return _name_month(since), _name_month(until)


def _name_start(day: datetime.date) -> str:
    if day.day != 1:
        return format_date(day)
    return str(day.year) if day.month == _JANUARY else _name_month(day)


def _name_end(day: datetime.date) -> str:
    if day != _last_day(day.year, day.month):
        return format_date(day)
    whole = str(day.year) if day.month == _DECEMBER else _name_month(day)
    return f"the end of {whole}"


def _name_month(day: datetime.date) -> str:
    return f"{_month_name(day.month)} {day.year}"


def _month_name(month: int) -> str:
    return list(_MONTHS)[month - 1]


# What is a phrase


def _find_phrases(text: str) -> Iterator[re.Match[str]]:
    """Find every phrase once, the wordiest reading first."""
    taken: list[tuple[int, int]] = []
    for pattern in _PHRASES:
        for found in pattern.finditer(text):
            if all(found.end() <= start or end <= found.start() for start, end in taken):
                taken.append(found.span())
                yield found


def _read_ends(found: re.Match[str], days: Sequence[datetime.date]) -> tuple[Narrowing, ...]:
    """Return the two ends of "between July and December", none for another phrase."""
    groups = found.groupdict()
    whole = _read_days(found, days)
    if whole is None or not groups.get("two"):
        return ()
    last = _read_date({name: groups.get(f"until_{name}") for name in groups}, days)
    first = _read_date(groups, days, by=last)
    return tuple(
        Narrowing(
            kind="period",
            words=groups[name] or "",
            label=describe_days(end.since, end.until),
            since=end.since,
            until=end.until,
            reckoned=end.reckoned,
        ).as_preference()
        for name, end in (("one", first), ("two", last))
        if end is not None
    )


def _read_phrase(text: str, found: re.Match[str], meant: _Days | None) -> tuple[Narrowing, ...]:
    """Return what a phrase narrows to, nothing if its words speak of no day after all."""
    if meant is None or _is_of_something_else(text, found):
        return ()
    kind, since, until = _bound(found, meant)
    only = _bounds_a_saying(text, found, kind)
    if not only and (kind == "until" or (kind == "period" and _RELATES.search(text))):
        return ()
    is_part_of_name = not found.groupdict().get("relation") and _names_something(text, found)
    read = Narrowing(
        kind=kind,
        words=found["date"] if is_part_of_name else found[0],
        label=describe_days(since, until),
        only=True,
        since=since,
        until=until,
        reckoned=meant.reckoned,
    )
    return (read if only else read.as_preference(),)


def _bound(
    found: re.Match[str], meant: _Days
) -> tuple[NarrowingKind, datetime.date | None, datetime.date | None]:
    groups = found.groupdict()
    relation = "since" if groups.get("onward") else (groups.get("relation") or "").lower()
    match relation:
        case "":
            return "period", meant.since, meant.until
        case "since" if not groups.get("event"):
            return "since", meant.since, None
        case "since" | "after":
            return "since", meant.until + datetime.timedelta(days=1), None
        case "before" | "prior to" | "ahead of":
            return "until", None, meant.since - datetime.timedelta(days=1)
        case _:
            return "until", None, meant.until


def _is_of_something_else(text: str, found: re.Match[str]) -> bool:
    """Say whether the words are no date, or name an event that only bounds what is asked for."""
    groups = found.groupdict()
    if groups.get("relation"):
        return _NAMES_AN_EVENT.match(text[found.end() :]) is not None
    names_something = _names_something(text, found)
    if names_something and _AROUND_IT.search(text[: found.start()]):
        return True
    is_alone = found.start("date") == found.start()
    return is_alone and _is_bare(groups) and not names_something


def _names_something(text: str, found: re.Match[str]) -> bool:
    """Say whether the words are part of what something is called, as those of "the July statement"."""
    return _NAMES_SOMETHING.match(text[found.end() :]) is not None


def _is_bare(groups: dict[str, str | None]) -> bool:
    """Say whether a date is but a year or a month: a number or a verb, unless its surroundings say more."""
    return bool(groups["year6"] or groups["month6"])


def _bounds_a_saying(text: str, found: re.Match[str], kind: NarrowingKind) -> bool:
    """Say whether a phrase bounds the days on which something was said, not those on which it happened."""
    groups = found.groupdict()
    if groups.get("to1") or groups.get("to2"):  # a meeting takes several days, its statement is of one
        return False
    if kind == "since" and _SAYS.search(text):  # what happened since then was not said before
        return True
    start, end = found.span("date")
    written = text[:start] + "\ue000" * (end - start) + text[end:]
    return any(pattern.search(written) for pattern in _OF_A_SAYING)


# What days a phrase means


def _read_event(
    found: re.Match[str], statements: Sequence[StatementHeading], other_names: OtherNames
) -> _Days | None:
    name = found.groupdict().get("event")
    event = find_event(name, statements, other_names) if name else None
    return None if event is None else _Days(since=event.first, until=event.last, reckoned=event.reckoned)


def _read_days(found: re.Match[str], days: Sequence[datetime.date]) -> _Days | None:
    groups = found.groupdict()
    if groups.get("event"):
        return None
    try:
        if not any(name.startswith("until_") and value for name, value in groups.items()):
            return _read_date(groups, days)
        last = _read_date({name: groups.get(f"until_{name}") for name in groups}, days)
        first = _read_date(groups, days, by=last)
    except ValueError:  # no such day
        return None
    if first is None or last is None or first.since > last.until:
        return None
    return _Days(since=first.since, until=last.until, reckoned=last.reckoned or first.reckoned)


def _read_date(
    groups: dict[str, str | None], days: Sequence[datetime.date], *, by: _Days | None = None
) -> _Days | None:
    """Return the days of one date; where `by` is given, a year that is not said is the last up to its end.

    Raises ValueError for a day that no calendar has.
    """
    if groups["figures"]:
        return _read_figures(groups["figures"], days)
    if groups["last"]:
        return _read_relative(groups, days[-1])
    month = _said(groups, "month1", "month2", "month3", "month6")
    if month is not None:
        return _read_month(groups, month, days, by)
    year = int(_said(groups, "year4", "year5", "year6") or "")
    if groups["season"]:
        days_of_season = _months(year, *_SEASONS[groups["season"].lower()])
        return dataclasses.replace(days_of_season, reckoned="in the north of the world")
    quarter = int(groups["quarter"] or 0)
    return _months(year, 3 * quarter - 2, 3 * quarter) if quarter else _months(year, _JANUARY, _DECEMBER)


def _read_figures(date: str, days: Sequence[datetime.date]) -> _Days:
    """Read a date in figures: parted by dots it begins with its day, by strokes with either.

    Where both may be, the day that a statement is of is meant, else the month comes first.
    """
    first, middle, last = map(int, re.findall(r"\d+", date))
    if first > last:
        day = datetime.date(first, middle, last)
        return _Days(since=day, until=day)
    day_first, month_first = (middle, first), (first, middle)
    orders = [day_first] if "." in date else [month_first, day_first]
    read = [datetime.date(last, month, day) for month, day in orders if month <= _DECEMBER]
    if not read:
        raise ValueError(date)
    day = max(read, key=days.__contains__)
    other = "the month" if day == read[0] else "the day"
    return _Days(since=day, until=day, reckoned=f"read with {other} first" if len(set(read)) > 1 else None)


def _read_month(
    groups: dict[str, str | None], month: str, days: Sequence[datetime.date], by: _Days | None
) -> _Days | None:
    year, day = _said(groups, "year1", "year2", "year3"), _said(groups, "day1", "day2")
    number, reckoned = _month_number(month), None
    if year is None and not _is_surely_a_month(month, with_day=day is not None):
        return None
    if year is None and by is not None:
        year = str(by.until.year - (number > by.until.month))
    elif year is None:
        year, reckoned = _reckon_year(number, days)
    return _within_month(int(year), number, day, _said(groups, "to1", "to2"), reckoned)


def _said(groups: dict[str, str | None], *names: str) -> str | None:
    return next((groups[name] for name in names if groups[name]), None)


def _within_month(year: int, month: int, day: str | None, to: str | None, reckoned: str | None) -> _Days:
    if day is None:
        return dataclasses.replace(_months(year, month, month), reckoned=reckoned)
    first = datetime.date(year, month, _number(day))
    return _Days(since=first, until=first.replace(day=_number(to)) if to else first, reckoned=reckoned)


def _read_relative(groups: dict[str, str | None], newest: datetime.date) -> _Days | None:
    """Read "last year", "this month", "last December" as if said on the day of the newest statement."""
    reckoned = f"from the newest statement, of {format_date(newest)}"
    back = int((groups["last"] or "").lower() == "last")
    unit = (groups["unit"] or "").lower()
    if unit == "year":
        days = _months(newest.year - back, _JANUARY, _DECEMBER)
    elif unit == "month":
        before = newest.replace(day=1) - datetime.timedelta(days=back)
        days = _months(before.year, before.month, before.month)
    else:
        month = groups["month5"] or ""
        if not _is_surely_a_month(month, with_day=False):
            return None
        number = _month_number(month)
        days = _months(newest.year - (back and number > newest.month), number, number)
    return dataclasses.replace(days, reckoned=reckoned)


def _reckon_year(month: int, days: Sequence[datetime.date]) -> tuple[str, str]:
    """Return the year of a month that is named alone, and how it was found."""
    having = [day.year for day in days if day.month == month]
    if having:
        return str(having[-1]), f"the last {_month_name(month)} with a statement"
    newest = days[-1]
    return str(newest.year - (month > newest.month)), f"from the newest statement, of {format_date(newest)}"


def _is_surely_a_month(written: str, *, with_day: bool) -> bool:
    """Say whether a month without its year is one: "may" and "march" are verbs, "Mar" and "Jan" are names."""
    name = written.rstrip(".").capitalize()
    is_as_written = written[0].isupper() if with_day else written == name
    is_long = name in _MONTHS or written.endswith(".")
    return (with_day or is_long) and (is_as_written or name not in _VERBS)


def _month_number(written: str) -> int:
    name = written.rstrip(".").capitalize()
    return _MONTHS.get(name) or _SHORT_MONTHS[name]


def _number(day: str) -> int:
    return int(re.sub(r"\D", "", day))


def _months(year: int, first: int, last: int) -> _Days:
    return _Days(since=datetime.date(year, first, 1), until=_last_day(year, last))


def _last_day(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, calendar.monthrange(year, month)[1])
