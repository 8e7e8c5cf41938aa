"""Days: full dates in many forms and languages; what can be read two ways is none."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import days
from index.days import find_days, find_days_of

JULY = datetime.date(2024, 7, 28)


@pytest.mark.parametrize(
    "text",
    [
        "July 28, 2024",
        "JULY 28, 2024",
        "July 28th 2024",
        "28 July 2024",
        "28th of July, 2024",
        "Jul. 28, 2024",
        "2024-07-28",
        "2024/7/28",
        "28.07.2024",
        "28. 7. 2024",
        "28/07/2024",
        "07/28/2024",
        "28 juillet 2024",
        "28. Juli 2024",
        "28 de julio de 2024",
        "28 de julho de 2024",
        "28 luglio 2024",
        "28 июля 2024 г.",
        "28 липня 2024",
        "2024. július 28.",
        "28 Temmuz 2024",
        "28 يوليو 2024",
        "٢٨ يوليو ٢٠٢٤",
        "28 تموز 2024",
        "28 जुलाई 2024",
        "28 กรกฎาคม 2567",
        "ngày 28 tháng 7 năm 2024",
        "2024年7月28日",
        "２０２４年７月２８日",
        "二〇二四年七月二十八日",
        "令和6年7月28日",
        "令和六年七月二十八日",
        "民國113年7月28日",
        "2024년 7월 28일",
        "2024. 7. 28.",
        "this 28th day of July 2024",
        "this twenty-eighth day of July, in the year of our Lord two thousand twenty-four",
        "twenty-eighth day of July two thousand and twenty-four",
    ],
)
def test_a_day_is_found_however_it_is_written(text: str) -> None:
    assert [day.date for day in find_days(f"Tokyo, {text}, in full")] == [JULY]


@pytest.mark.parametrize(
    "text",
    [
        "July 26-28, 2024",
        "July 27 and 28, 2024",
        "26–28 July 2024",
        "26 and 28 July 2024",
        "June 30 – July 28, 2024",
        "30 June-28 July 2024",
    ],
)
def test_of_a_range_the_last_day_counts(text: str) -> None:
    days = find_days(text)
    assert [(day.start, day.end, day.date) for day in days] == [(0, len(text), JULY)]


@pytest.mark.parametrize(
    "text",
    [
        "July 28",
        "July 2024",
        "Sunday",
        "28 Members 2024",
        "07/08/2024",
        "2024-02-30",
        "31 April 2024",
        "0028-07-28",
        "1.2.2024.3",
        "12 listopada 2024",
        "resolution 2024/07",
        "tel. 2024-07-2855",
    ],
)
def test_half_dates_and_other_numbers_are_none(text: str) -> None:
    assert find_days(text) == []


@pytest.mark.parametrize(
    ("text", "language", "date"),
    [
        ("07/08/2024", "fr", datetime.date(2024, 8, 7)),
        ("07/08/2024", "en", None),
        ("12 listopada 2024", "pl", datetime.date(2024, 11, 12)),
        ("12 listopada 2024", "hr-HR", datetime.date(2024, 10, 12)),
    ],
)
def test_the_language_decides_what_could_be_two_days(
    text: str, language: str, date: datetime.date | None
) -> None:
    assert [day.date for day in find_days(text, language=language)] == ([date] if date else [])


def test_days_come_in_order_with_their_spans() -> None:
    text = "from 2024-07-28 and 28 July 2024 to July 28, 2024"
    assert [text[day.start : day.end] for day in find_days(text)] == [
        "2024-07-28",
        "28 July 2024",
        "July 28, 2024",
    ]


def test_a_day_without_its_year_takes_the_one_given() -> None:
    assert [day.date for day in find_days_of(2024, "Dialogue 28 July")] == [JULY]
    assert [day.date for day in find_days_of(2024, "July 28 talks")] == [JULY]


@given(st.dates(min_value=datetime.date(1500, 1, 1), max_value=datetime.date(2199, 12, 31)))
def test_every_day_is_read_back(date: datetime.date) -> None:
    month = f"{date:%B}"
    for text in (date.isoformat(), f"{month} {date.day}, {date.year}", f"{date.day} {month} {date.year}"):
        assert [day.date for day in find_days(text)] == [date]


@given(st.text(max_size=200))
def test_any_text_is_searched(text: str) -> None:
    days = find_days(text)
    assert all(0 <= day.start < day.end <= len(text) for day in days)
    assert all(one.end <= two.start for one, two in itertools.pairwise(days))


@given(st.text(alphabet="十二三〇元年月日令和平成1234 2024", max_size=24))
def test_any_east_asian_figures_are_searched(text: str) -> None:
    assert all(day.date.year >= 1500 for day in find_days(text))


def test_no_language_gives_another_month_an_english_name() -> None:
    everywhere, english = days._months(), days._months("en")  # noqa: SLF001 - what a shortcut rests on
    for name in english:
        assert set(everywhere[name].values()) == set(english[name].values()), name
    assert not [name for name in everywhere if " " in name and name.split()[0] in english]


def test_no_month_begins_with_a_preposition() -> None:
    begins = {name.split()[0] for name in days._months()}  # noqa: SLF001 - as above
    assert begins.isdisjoint(days._PREPOSITIONS)  # noqa: SLF001
