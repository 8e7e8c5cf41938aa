"""Where and when a statement was made, as it says itself: its dateline."""

import dataclasses
import datetime
import functools
import re
from collections.abc import Iterable, Iterator

import babel
import pycountry

from index.days import Day, find_days, find_days_of, is_month
from index.margins import CLOCK, Block, Margins

_MAX_DATELINE_CHARS = 90
_MAX_PLACE_WORDS = 7
# Scripts without capitals do not tell a place from a signature; short words are places.
_MAX_UNCASED_PLACE_CHARS = 4
_MAX_DAYS_FROM_MEETING = 14
_QUOTATION_MARKS = '“”„«»"「『'
_MIN_MOTTO_WORDS = 10
# What a first sentence tells of longer ago is history.
_MIN_YEAR_MET = 1900

_ALSO_COUNTRIES = {"Korea", "Republic of Ireland", "UK", "U.K.", "USA", "U.S.A.", "UAE", "Republic of Korea"}

_WORD = r"[^\W\d_a-zа-я][^\s\d,;:()\[\]/—–]*"
_SMALL = r"(?:de|del|da|do|of|the|la|le|las|los|el|al|am|an|der|den|upon|sur|and|en)"
_NAME = rf"{_WORD}(?: (?:{_SMALL} )*{_WORD}){{0,4}}"
_PLACE = re.compile(rf"{_NAME}(?:, {_NAME}){{0,2}}")
_AROUND_DATE = re.compile(
    r"\b(?:for (?:immediate )?release|immediate release|embargoed until|press release|release date|dated?|"
    r"(?:released|issued|published|adopted|signed)(?: on)?|on|at|in|the|am|le|el|den|dem|il|vom|от|г|года?|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|дата|datum|fecha|data|日付|发布时间|時間)\b|"
    r"[（(][月火水木金土日一二三四五六][)）]",
    re.IGNORECASE,
)
_NOT_ITS_DAY = re.compile(
    r"\b(?:updated?|modified|accessed|retrieved|downloaded|printed|viewed|deadline|expires?|effective|valid|"
    r"archived|amended|stand)\b",
    re.IGNORECASE,
)
_FOOTER = re.compile(r"(?:source|issued|released|published)\b", re.IGNORECASE)
_LEAD_IN = re.compile(r"\A(?:begin text:?|end text:?|for immediate release:?)\s*", re.IGNORECASE)
_AFTER_DATELINE = re.compile(r"[)\]]?\s*(?:\([^()]{2,30}\)\s*)?(?:--?|–|—|:|：|//)\s*(?=\S)")
_CLOSING = re.compile(
    r"(?:^|[.\n]\s*)(?:DONE|SIGNED|ISSUED|ADOPTED|GIVEN|MADE|CONCLUDED|IN WITNESS WHEREOF|Done|Signed|Issued|"
    r"Adopted|Given|Made|Concluded|In witness whereof|Fait|FAIT|Signé|Adopté|Geschehen|GESCHEHEN|"
    r"Unterzeichnet|Hecho|HECHO|Firmado|Feito|Fatto|Совершено|Подписано|Принято)\b(?P<between>[^.\n]{0,160}?)$",
)
_CLOSING_PLACE = re.compile(
    rf"\b(?:at|in|à|zu|en|em|a|в г\.|в)\s(?:the city of )?(?P<place>{_NAME}(?:, {_NAME})?)"
)

_MET = re.compile(
    r"\b(?:met|meet|meetings?|convened?|held|gathered|hosted|welcomed|spoke|joined|participated|issued|adopted|"
    r"endorsed|announced?|affirm\w*|reaffirm\w*|declared?|signed|launch\w*|took place|concluded|assembled|"
    r"travell?ed|visit\w*|attended|received|call|summit|dialogue|conference|consultations|talks|representatives|"
    r"trafen|kamen|fand|getroffen|réuni\w*|rencontré\w*|tenu\w*|eu lieu|reunieron|reunió|celebr\w+|"
    r"reuniram|riuniti|incontrat\w*|состоял\w*|встрет\w*|пров[её]\w*|прошл\w*|اجتمع\w*|عقد\w*|التقى)\b|"
    r"会談|会合|開催|発表|共同声明|举行|会见|会谈|發表|发表|会晤|개최|회담|발표|회의",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:will|shall|plans? to|to (?:hold|host|convene|meet)|look(?:s|ing)? forward|hopes? to|upcoming|next|"
    r"forthcoming|wird|werden|sera|"
    r"próxim\w+)\b",
    re.IGNORECASE,
)
_WILL = re.compile(r"\W*(?:[^\s,;]+ ){0,7}?(?:will|shall)\b", re.IGNORECASE)
_ON = re.compile(
    r"(?:\b(?:on|dated|am|vom|le|el|il|den|em|в|в г\.|يوم|في)\s+(?:the\s+)?|"
    r"\bin [^,.;]{2,60},\s*|^\W*|\bheld\s+|\bmet\s+|\bthis\s+|\btoday,?\s*\(?)$",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\b(?:(?:since|until|before|after|from|during|between|anniversary|no later than|based|as of|through|"
    r"starting|beginning|effective|upcoming|entered into force|following|attacks?|invasion|pursuant|order|"
    r"begun|began|occurred|killed|passed|born|died|committed|agreed|previous|last|earlier|established|"
    r"took effect|set up|outlined|described|delivered|proposed|made|signed|adopted|issued|announced|"
    r"launched) (?:\w+ ){0,3}(?:on )?(?:the )?|\w+ed by [^,;]{2,90} on |\bby )$",
    re.IGNORECASE,
)
_LOOKS_BACK = re.compile(
    r"\W*(?:during|after|since|building on|further to|as (?:announced|agreed|\w+ by)|(?:\w+ ){1,4}ago)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|Jr|Sr|St|No))(?<!\bMrs)\.\s+(?=[A-Z“\"])|\n|。")
_IN_PLACE_BEFORE = re.compile(
    rf"\b(?:in|at|à|en) (?P<place>{_NAME}(?:, {_NAME})?),?\s+(?:on|am|le|el)\s+(?:{_NAME},? )?$"
)
_IN_PLACE_AFTER = re.compile(rf",? (?:in|à|en) (?P<place>{_NAME}(?:, {_NAME})?)(?=[,.;]| [a-z]|$)")
_INSTITUTION = re.compile(
    r"\b(?:summit|council|ministry|department|conference|meeting|house|office|hotel|palace|center|centre|building|"
    r"headquarters|university|room|forum|statement|dialogue|president|minister|secretary|union|academy|base)\b",
    re.IGNORECASE,
)
_FULL_DATE_IN_NAME = re.compile(r"(?<!\d)(\d{4})([-_. ]?)(\d{2})\2(\d{2})(?!\d)")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """A day and a place, either of which may be missing."""

    date: datetime.date | None = None
    place: str | None = None


def find_dateline(margins: Margins, *, language: str | None = None) -> Dateline:
    """Return where and when the statement was made, from what says it most surely.

    That is a dateline ("TOKYO, July 28, 2024 -"), then a line above the prose that is only a date or a place
    and a date, then the formula at the end ("Done at Geneva this 5th day of May 2023"), then such a line
    below the prose. A date that the text only mentions is not looked at, nor one at the head of a transcript
    in brackets or above a clock's time: it is noted where the words were spoken on another day than released.
    """
    found = [
        *_read_prose_dateline(margins.opening, language),
        *(line for block in margins.head for line in _read_prose_dateline(block.text, language)),
        *_read_lines(margins.head, language, spoken=margins.spoken),
        *_read_closing(margins.closing, language),
        *reversed(list(_read_lines(margins.foot, language))),
    ]
    dated = next((line for line in found if line.date), Dateline())
    place = dated.place or _find_header_place(margins.head)
    return Dateline(date=dated.date, place=place)


def find_meeting(margins: Margins, *, language: str | None = None) -> Dateline:
    """Return when, and if it says so where, the first sentence says that the sides met or acted.

    A later day that has come, named in the sentences below, makes it none. So does one told as past ("since",
    "anniversary") or to come, and one with its weekday: who writes on that day says "today".
    """
    # A transcript's first words are about anything.
    opening = "" if margins.spoken else margins.opening
    found: list[Dateline] = []
    latest = datetime.date.min
    for day in find_days(opening, language=language):
        start = max((stop.end() for stop in _SENTENCE_END.finditer(opening, 0, day.start)), default=0)
        before = opening[start : day.start]
        after = re.split(r"\.\s+(?=[A-Z])|\n|。", opening[day.end :], maxsplit=1)[0]
        # "on the May 27, 2024 arrangement": a name for something.
        naming = before.endswith("the ") and opening[day.start].isalpha()
        if not (_NOT_YET.search(before) or _WILL.match(after)):
            latest = max(latest, day.date)
        if day.date.year >= _MIN_YEAR_MET and not naming and _is_told_of_now(before, after):
            if start > 0 and not found:
                return Dateline()  # sentences further down look back
            found.append(Dateline(date=day.date, place=_find_sentence_place(before, after)))
    return found[0] if found and found[0].date == latest else Dateline()


def find_day_of_release(
    margins: Margins, met: datetime.date, *, language: str | None = None
) -> datetime.date:
    """Return the day that the head names without its year ("13 December") within two weeks of a meeting.

    Without one it is the day they met.
    """
    for block in margins.head:
        for day in find_days_of(met.year, block.text, language=language):
            if 0 <= (day.date - met).days <= _MAX_DAYS_FROM_MEETING:
                return day.date
    return met


def read_date_in_name(name: str) -> datetime.date | None:
    """Return the one full date in a file's name: 2024-07-28-statement, statement_20240728."""
    dates = set()
    for year, _, month, day in _FULL_DATE_IN_NAME.findall(name):
        try:
            dates.add(datetime.date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return dates.pop() if len(dates) == 1 and min(dates).year >= _MIN_YEAR_MET else None


def is_date_line(line: str) -> bool:
    """Tell whether a line is only a date, with or without a place and labels such as "Date:"."""
    return next(_read_line(line, None), None) is not None


def is_place(line: str) -> bool:
    """Tell whether a line is a town with the country or state it is in, or a country."""
    parts = [part.strip() for part in line.split(",")]
    listed = sum(_strip_article(part) in _countries() for part in parts[1:]) > 1
    return len(parts) > 1 and not listed and _is_place_name(line) and _strip_article(parts[-1]) in _regions()


@functools.cache
def _countries() -> frozenset[str]:
    names = {name for code, name in babel.Locale.parse("en").territories.items() if code.isalpha()}
    official = {getattr(country, "official_name", country.name) for country in pycountry.countries}
    return frozenset(name.casefold() for name in names | official | _ALSO_COUNTRIES)


@functools.cache
def _regions() -> frozenset[str]:
    """Return the countries and, as datelines put them behind a town, the states of the United States."""
    states = list(pycountry.subdivisions.get(country_code="US"))  # type: ignore[no-untyped-call]
    names = {state.name for state in states} | {state.code[3:] for state in states} | {"D.C."}
    return _countries() | {name.casefold() for name in names}


def _strip_article(name: str) -> str:
    return name.casefold().removeprefix("the ").removeprefix("kingdom of ")


def _is_place_name(words: str) -> bool:
    return (
        bool(_PLACE.fullmatch(words))
        and len(words.split()) <= _MAX_PLACE_WORDS
        and (any(char.isupper() for char in words) or len(words) <= _MAX_UNCASED_PLACE_CHARS)
        and not _INSTITUTION.search(words)
        and not any(is_month(word.strip(",.")) for word in words.split())
    )


def _read_prose_dateline(opening: str, language: str | None) -> Iterator[Dateline]:
    prose = _LEAD_IN.sub("", opening, count=1)
    for day in find_days(prose[: _MAX_DATELINE_CHARS * 2], language=language)[:1]:
        before = prose[: day.start]
        if len(before) > _MAX_DATELINE_CHARS or not _AFTER_DATELINE.match(prose[day.end :]):
            return
        place = _tidy_place(before)
        if place or not before.strip(" (["):
            yield Dateline(date=day.date, place=place)


def _read_lines(blocks: Iterable[Block], language: str | None, *, spoken: bool = False) -> Iterator[Dateline]:
    lines = [(line, block) for block in _drop_mottos(blocks) for line in block.lines]
    for number, (line, block) in enumerate(lines):
        above = lines[number - 1] if number else ("", block)
        below = lines[number + 1] if number + 1 < len(lines) else ("", block)
        if spoken and (line.startswith("(") or CLOCK.match(below[0])):
            continue
        for found in _read_line(line, language):
            beside = [other for other, where in (above, below) if where is block and is_place(other)]
            yield Dateline(date=found.date, place=found.place or next(iter(beside), None))


def _drop_mottos(blocks: Iterable[Block]) -> Iterator[Block]:
    """Leave out what is quoted above the prose, with the block below: it tells who said that, and when."""
    below_motto = False
    for block in blocks:
        is_motto = block.text[0] in _QUOTATION_MARKS and len(block.text.split()) >= _MIN_MOTTO_WORDS
        if not (is_motto or below_motto):
            yield block
        below_motto = is_motto


def _read_line(line: str, language: str | None) -> Iterator[Dateline]:
    if len(line) > _MAX_DATELINE_CHARS or _NOT_ITS_DAY.search(line):
        return
    days = find_days(line, language=language)
    if len({day.date for day in days}) != 1:
        return
    rest = _cut(line, days)
    if _FOOTER.match(line):
        yield Dateline(date=days[0].date)
        return
    place = _tidy_place(_AROUND_DATE.sub(" ", rest))
    left = re.sub(r"[\W_]+", "", _AROUND_DATE.sub(" ", rest))
    if place or not left:
        yield Dateline(date=days[0].date, place=place)


def _cut(line: str, days: Iterable[Day]) -> str:
    for day in reversed(list(days)):
        line = f"{line[: day.start]} {line[day.end :]}"
    return line


def _tidy_place(words: str) -> str | None:
    """Return a place's name as a dateline writes it, TOKYO as Tokyo, or None if the words are none."""
    place = " ".join(words.split()).removesuffix(" .").strip(" ,;:()[]–—-|、，")
    if not place or not _is_place_name(place):
        return None
    return re.sub(r"[^\W\d_]{4,}", lambda word: word[0].title() if word[0].isupper() else word[0], place)


def _read_closing(blocks: Iterable[Block], language: str | None) -> Iterator[Dateline]:
    text = "\n".join(block.text for block in blocks)
    for day in find_days(text, language=language):
        formula = _CLOSING.search(text[: day.start])
        if formula:
            place = _CLOSING_PLACE.search(formula["between"])
            yield Dateline(date=day.date, place=_tidy_place(place["place"]) if place else None)


def _find_header_place(blocks: Iterable[Block]) -> str | None:
    return next((line for block in blocks for line in block.lines if is_place(line)), None)


def _is_told_of_now(before: str, after: str) -> bool:
    return (
        bool(_ON.search(before))
        and not _SINCE.search(before)
        and not _LOOKS_BACK.match(before)
        and bool(_MET.search(f"{before} {after}"))
        and not _NOT_YET.search(before)
        and not _WILL.match(after)
    )


def _find_sentence_place(before: str, after: str) -> str | None:
    match = _IN_PLACE_BEFORE.search(before) or _IN_PLACE_AFTER.match(after)
    if not match:
        return None
    town, _, rest = match["place"].partition(", ")
    # "On June 15 in Tokyo, Minister X met": what follows the comma must be a country.
    return _tidy_place(match["place"] if _strip_article(rest) in _regions() else town)
