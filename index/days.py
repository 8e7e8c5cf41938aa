"""Days as people write them, in figures and in the month names of many languages."""

import dataclasses
import datetime
import functools
import re
from collections.abc import Callable, Iterator

import babel

# Whose month names are known. A name that means different months in two of them (listopad is October in
# Croatian and November in Polish) is read only where the text's language is told.
_LOCALES = (
    "en fr de es pt it nl pl ru uk be bg sr sr_Latn hr bs sl mk cs sk hu ro el tr sv da nb nn fi et lv lt "
    "is ga cy ca eu gl hy kk uz ar ar_SY ar_MA ar_DZ he fa ur hi bn ta th id ms sw"
)
_MIN_YEAR, _MAX_YEAR = 1500, 2199
_BUDDHIST_YEARS = range(2400, 2743)
_BUDDHIST_ERA = 543
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民國": 1911, "民国": 1911}
_KANJI = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "元": 1}

_UNIT_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_SPELLED = {
    word: number
    for words in (_UNIT_WORDS, _ORDINAL_WORDS)
    for number, word in enumerate(words.split(), start=1)
} | {"twenty": 20, "thirty": 30, "thirtieth": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70}

# What stands before a day in English, and begins no name of a month: to look that up takes all languages.
_PREPOSITIONS = frozenset(("on", "in", "of", "at", "by", "for", "from", "until", "since", "the", "and", "to"))

_NAME = r"(?P<month>[^\W\d_][^\s\d,;:()\[\]/.–—]{1,14}(?:\s[^\W\d_][^\s\d,;:()\[\]/.–—]{1,8})?)"
_NUMBER = r"(?<![\d.,/:-])(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})(?![\d])"
_ORDINAL = r"(?:st|nd|rd|th|er|ère|º|ª|o|\.)?"
_TO = r"\s*(?:-|–|—|to|and|bis|und|au|et|al?|y|e|и|по)+\s*"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Day:
    """A day named at ``text[start:end]``; of a range of days, the last."""

    start: int
    end: int
    date: datetime.date


_MAY_HOLD_ONE = re.compile(r"\d|day of|日", re.IGNORECASE)

_Read = Callable[[re.Match[str], str | None], datetime.date | None]


def find_days(text: str, *, language: str | None = None) -> list[Day]:
    """Return the full dates in `text`, in order. One without a year, or that can be read two ways, is none.

    July 28, 2024; 28 July 2024; 10-12 December 2024 (the 12th); this fifth day of May two thousand
    twenty-three; 2024-07-28; 28.07.2024; 28 juillet 2024; 28 июля 2024 г.; 2024年7月28日; 令和6年7月28日;
    2024년 7월 28일. `language` (as in "fr" or "pt-BR") decides where its month names or its order of day and
    month differ from others'.
    """
    if not _MAY_HOLD_ONE.search(text):
        return []
    found = sorted(
        (day for pattern, read in _FORMS for day in _scan(pattern, read, text, language)),
        key=lambda day: (day.start, -day.end),
    )
    kept: list[Day] = []
    for day in found:
        if not kept or day.start >= kept[-1].end:
            kept.append(day)
    return kept


def find_days_of(year: int, text: str, *, language: str | None = None) -> list[Day]:
    """Return the dates in `text` that name day and month but no year, as days of `year`."""
    days: list[Day] = []
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        days += _scan(pattern, lambda match, tongue: _read_named(match, tongue, year), text, language)
    return sorted(days)


def is_month(word: str) -> bool:
    """Tell whether `word` is the English name of a month, which a place's name is not."""
    return word.casefold().rstrip(".") in _months("en")


def _scan(pattern: re.Pattern[str], read: _Read, text: str, language: str | None) -> Iterator[Day]:
    # What looks like a date and is none may hide one that begins inside it, so finditer will not do.
    position = 0
    while match := pattern.search(text, position):
        date = read(match, language)
        if date:
            yield Day(start=match.start(), end=match.end(), date=date)
        position = match.end() if date else match.start() + 1


@functools.cache
def _months(locales: str = _LOCALES) -> dict[str, dict[str, int]]:
    """Return the months each name stands for, by language. All locales take a third of a second to load."""
    names: dict[str, dict[str, int]] = {}
    for code in locales.split():
        months = babel.Locale.parse(code).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    plain = re.sub(r"^d(?:e |['’])", "", name.casefold().replace("\u00a0", " ")).rstrip(".")
                    if len(plain) > 1 and not plain[0].isdigit():
                        names.setdefault(plain, {})[_language_of(code)] = number
    names["sept"] = names.get("sept", {}) | {"en": 9}
    return names


def _language_of(code: str) -> str:
    return re.split(r"[-_]", code, maxsplit=1)[0].lower()


def _find_month(name: str, language: str | None) -> int | None:
    words = name.casefold().rstrip(".").replace("\u00a0", " ").split()
    if words[0] in _PREPOSITIONS:
        return None
    # No other language means another month by an English name, nor begins a name of several words with one.
    if (language is None or _language_of(language) == "en") and words[0] in _months("en"):
        return _months("en")[words[0]]["en"]
    for size in range(len(words), 0, -1):
        by_language = _months().get(" ".join(words[:size]), {})
        spoken = by_language.get(_language_of(language)) if language else None
        if spoken:
            return spoken
        if len(set(by_language.values())) == 1:
            return next(iter(by_language.values()))
    return None


def _make_day(year: int, month: int, day: int) -> datetime.date | None:
    if not _MIN_YEAR <= year <= _MAX_YEAR:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _read_named(match: re.Match[str], language: str | None, year: int | None = None) -> datetime.date | None:
    month = _find_month(match["month"], language)
    if month is None:
        return None
    if year is None:
        year = int(match["year"])
        if year in _BUDDHIST_YEARS and "th" in _months()[match["month"].casefold()]:
            year -= _BUDDHIST_ERA
    return _make_day(year, month, int(match["day"]))


def _read_figures(match: re.Match[str], _language: str | None) -> datetime.date | None:
    return _make_day(int(match["year"]), int(match["month"]), int(match["day"]))


def _read_slashes(match: re.Match[str], language: str | None) -> datetime.date | None:
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    other = language is not None and _language_of(language) != "en"
    if first == second or other:
        return _make_day(year, second, first)
    days = [day for day in (_make_day(year, first, second), _make_day(year, second, first)) if day]
    return days[0] if len(days) == 1 else None


def _read_era(match: re.Match[str], _language: str | None) -> datetime.date | None:
    year, month, day = (_read_kanji(match[name]) for name in ("year", "month", "day"))
    return _make_day(year + _ERAS.get(match["era"] or "", 0), month, day)


def _read_kanji(number: str) -> int:
    """Read 28, ２８, 二八 or 二十八."""
    if number.isdigit():
        return int(number)
    tens, _, units = (
        int("".join(str(_KANJI.get(char, 0)) for char in part) or "0") for part in number.rpartition("十")
    )
    return 10 * (tens or 1) + units if "十" in number else units


def _read_spelled(match: re.Match[str], language: str | None) -> datetime.date | None:
    month, year = _find_month(match["month"], language), match["year"]
    if month is None:
        return None
    number = re.match(r"\d+", match["day"])
    day = int(number.group()) if number else _read_words(match["day"])
    return _make_day(int(year) if year.isdigit() else 2000 + _read_words(year), month, day)


def _read_words(words: str) -> int:
    """Read "twenty-first", or of "two thousand and twenty-four" what stands below the thousands."""
    below = words.casefold().rpartition("thousand")[2]
    return sum(_SPELLED.get(word, 0) for word in re.split(r"[\s-]+", below))


_DAY_MONTH = re.compile(rf"{_NUMBER}{_ORDINAL}\s+(?:de\s|of\s|d['’])?{_NAME}", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"{_NAME}\.?\s+(?P<day>\d{{1,2}})(?!\d)", re.IGNORECASE)
_ERA_NAMES = "|".join(_ERAS)
_KANJI_DIGITS = "".join(_KANJI) + "十"

_FORMS: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (  # 28 July 2024, 28. Juli 2024, 28 de julio de 2024, 10-12 December 2024, 31 October-1 November 2022
        re.compile(
            rf"(?:(?<![\d.,/:-])\d{{1,2}}{_ORDINAL}(?:\s+[^\W\d_]{{3,12}})?{_TO})?(?<!\d)(?P<day>\d{{1,2}})"
            rf"{_ORDINAL}\s*(?:[-\s]|de\s|del\s|of\s|d['’])\s*{_NAME}\.?,?[\s-]*(?:del?\s|of\s)?\s*{_YEAR}",
            re.IGNORECASE,
        ),
        _read_named,
    ),
    (  # July 28, 2024; December 10-12, 2024; October 31 – November 1, 2022
        re.compile(
            rf"(?:[^\W\d_]{{3,9}}\s+\d{{1,2}}{_TO})?\b{_NAME}\.?\s+(?:\d{{1,2}}{_ORDINAL}{_TO})?"
            rf"(?P<day>\d{{1,2}}){_ORDINAL}\s*,?\s+{_YEAR}",
            re.IGNORECASE,
        ),
        _read_named,
    ),
    (  # 2024. július 28., 2024 m. liepos 28 d.
        re.compile(rf"(?<!\d)(?P<year>\d{{4}})\.?\s+(?:m\.\s+)?{_NAME}\s+(?P<day>\d{{1,2}})\b"),
        _read_named,
    ),
    (
        re.compile(
            r"(?<![\d./-])(?P<year>\d{4})(?P<mark>[-/])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?![\d/-])"
        ),
        _read_figures,
    ),
    (
        re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?!\.?\d)"),
        _read_figures,
    ),
    (
        re.compile(r"(?<![\d/])(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})(?![\d/])"),
        _read_slashes,
    ),
    (  # 2024. 7. 28. and 2024년 7월 28일
        re.compile(
            r"(?<![\d.])(?P<year>\d{4})(?:\.|년)\s*(?P<month>\d{1,2})(?:\.|월)\s*(?P<day>\d{1,2})(?:\.|일|(?!\d))"
        ),
        _read_figures,
    ),
    (  # ngày 28 tháng 7 năm 2024
        re.compile(
            r"\b(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})\s+năm\s+(?P<year>\d{4})\b", re.IGNORECASE
        ),
        _read_figures,
    ),
    (  # 2024年7月28日, 令和6年7月28日, 二〇二四年七月二十八日
        re.compile(
            rf"(?P<era>{_ERA_NAMES})?\s?(?P<year>\d{{1,4}}|[{_KANJI_DIGITS}]{{1,4}})\s?年\s?"
            rf"(?P<month>\d{{1,2}}|[{_KANJI_DIGITS}]{{1,2}})\s?月\s?(?P<day>\d{{1,2}}|[{_KANJI_DIGITS}]{{1,3}})\s?日"
        ),
        _read_era,
    ),
    (  # this fifth day of May, in the year of our Lord two thousand twenty-three
        re.compile(
            r"\b(?P<day>\d{1,2}(?:st|nd|rd|th)|(?:twenty|thirty)?[\s-]?[a-z]{5,11}) day of "
            r"(?P<month>[a-z]{3,9}),?\s+(?:(?:in the year\s+)?(?:of our lord\s+)?)"
            r"(?P<year>\d{4}|two thousand(?:\s+and)?(?:[\s-]+[a-z]{3,9}){1,2})\b",
            re.IGNORECASE,
        ),
        _read_spelled,
    ),
)
