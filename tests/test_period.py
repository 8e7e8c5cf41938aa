"""When: the days that a question speaks of, and whether they bound what was said."""

import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.period import describe_days, read_order, read_periods
from qa.types import Narrowing


def dated(*days: str) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(statement_id=day, title=day, issuer=None, date=datetime.date.fromisoformat(day))
        for day in days
    ]


def no_names(_: str) -> tuple[str, ...]:
    """Give no other names."""
    return ()


STATEMENTS = dated("2024-07-28", "2023-05-21", "2024-12-13", "2024-07-06")
FROM_NEWEST = "from the newest statement, of December 13, 2024"


def read(text: str) -> Narrowing:
    (narrowing,) = read_periods(text, STATEMENTS, no_names)
    return narrowing


def days(narrowing: Narrowing) -> tuple[str, str]:
    return str(narrowing.since), str(narrowing.until)


# ---- What days are meant ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("in July 2024", "2024-07-01", "2024-07-31"),
        ("in july 2024", "2024-07-01", "2024-07-31"),
        ("in July, 2024", "2024-07-01", "2024-07-31"),
        ("in July of 2024", "2024-07-01", "2024-07-31"),
        ("in may 2024", "2024-05-01", "2024-05-31"),
        ("in Sept. 2024", "2024-09-01", "2024-09-30"),
        ("in Feb 2024", "2024-02-01", "2024-02-29"),
        ("in 2024", "2024-01-01", "2024-12-31"),
        ("in early 2024", "2024-01-01", "2024-12-31"),
        ("during 2024", "2024-01-01", "2024-12-31"),
        ("on July 28, 2024", "2024-07-28", "2024-07-28"),
        ("on July 28th 2024", "2024-07-28", "2024-07-28"),
        ("on 28 July 2024", "2024-07-28", "2024-07-28"),
        ("on the 28th of July 2024", "2024-07-28", "2024-07-28"),
        ("on 2024-07-28", "2024-07-28", "2024-07-28"),
        ("on 2024/7/28", "2024-07-28", "2024-07-28"),
        ("on 7/28/2024", "2024-07-28", "2024-07-28"),
        ("on 28/7/2024", "2024-07-28", "2024-07-28"),
        ("on 28.07.2024", "2024-07-28", "2024-07-28"),
        ("in Q1 2024", "2024-01-01", "2024-03-31"),
        ("in Q4 of 2024", "2024-10-01", "2024-12-31"),
        ("between May and July 2024", "2024-05-01", "2024-07-31"),
        ("between November and February 2024", "2023-11-01", "2024-02-29"),
        ("between July 1 and July 5, 2024", "2024-07-01", "2024-07-05"),
        ("from 2022 to 2024", "2022-01-01", "2024-12-31"),
        ("from May 2022 until July 2024", "2022-05-01", "2024-07-31"),
        ("in 2022–2024", "2022-01-01", "2024-12-31"),
        ("since 2023", "2023-01-01", "None"),
        ("since July 28, 2024", "2024-07-28", "None"),
        ("from 2023 onwards", "2023-01-01", "None"),
        ("after July 2024", "2024-08-01", "None"),
        ("after July 28, 2024", "2024-07-29", "None"),
        ("after 2023", "2024-01-01", "None"),
        ("since the start of 2024", "2024-01-01", "None"),
        ("before March 2024", "None", "2024-02-29"),
        ("before 2024", "None", "2023-12-31"),
        ("until July 2024", "None", "2024-07-31"),
        ("up to July 28, 2024", "None", "2024-07-28"),
    ],
)
def test_a_date_is_read_in_many_forms(words: str, since: str, until: str) -> None:
    narrowing = read(f"What did the ministers say {words} on China?")
    assert days(narrowing) == (since, until)
    assert narrowing.words == words
    assert narrowing.only
    assert narrowing.reckoned is None


@pytest.mark.parametrize(
    "words", ["on December 10-12, 2024", "on 10–12 December 2024", "December 10-12 meeting"]
)
def test_several_days_are_of_a_meeting_and_only_preferred(words: str) -> None:
    narrowing = read(f"What did the ministers say {words}?")
    assert days(narrowing) == ("2024-12-10", "2024-12-12")
    assert not narrowing.only


@pytest.mark.parametrize(
    ("words", "since", "until", "reckoned"),
    [
        ("last year", "2023-01-01", "2023-12-31", FROM_NEWEST),
        ("this year", "2024-01-01", "2024-12-31", FROM_NEWEST),
        ("last month", "2024-11-01", "2024-11-30", FROM_NEWEST),
        ("this month", "2024-12-01", "2024-12-31", FROM_NEWEST),
        ("last December", "2024-12-01", "2024-12-31", FROM_NEWEST),
        ("in last March", "2024-03-01", "2024-03-31", FROM_NEWEST),
        ("in July", "2024-07-01", "2024-07-31", "the last July with a statement"),
        ("in july", "2024-07-01", "2024-07-31", "the last July with a statement"),
        ("IN JULY", "2024-07-01", "2024-07-31", "the last July with a statement"),
        ("in May", "2023-05-01", "2023-05-31", "the last May with a statement"),
        ("in March", "2024-03-01", "2024-03-31", FROM_NEWEST),
        ("in the spring of 2024", "2024-03-01", "2024-05-31", "in the north of the world"),
        ("in summer 2024", "2024-06-01", "2024-08-31", "in the north of the world"),
        ("before fall 2024", "None", "2024-08-31", "in the north of the world"),
        ("on July 4", "2024-07-04", "2024-07-04", "the last July with a statement"),
        ("in Dec.", "2024-12-01", "2024-12-31", "the last December with a statement"),
        ("on 7/4/2024", "2024-07-04", "2024-07-04", "read with the month first"),
        ("on 6/7/2024", "2024-07-06", "2024-07-06", "read with the day first"),
        ("on 5.6.2024", "2024-06-05", "2024-06-05", None),
    ],
)
def test_what_is_not_said_in_full_is_reckoned_and_told(
    words: str, since: str, until: str, reckoned: str | None
) -> None:
    narrowing = read(f"What did they say {words} about China?")
    assert days(narrowing) == (since, until)
    assert narrowing.reckoned == reckoned


def test_last_of_a_month_to_come_is_of_the_year_before() -> None:
    (narrowing,) = read_periods("What was said last December?", dated("2024-07-28"), no_names)
    assert days(narrowing) == ("2023-12-01", "2023-12-31")


@pytest.mark.parametrize(
    "text",
    [
        "May the ministers meet?",
        "They may march 3 miles.",
        "What may be said in march?",
        "Does Mar Vista host them?",
        "What is Agenda 2030?",
        "What does resolution 1718 say?",
        "Will they meet by 2030?",
        "In what year was it?",
        "On what date was the first ministerial meeting?",
        "What did they say on February 30, 2024?",
        "What did they say on July 45, 2024?",
        "What did they say on 13/13/2024 and 2/30/2024?",
        "What did they say from 2024 to 2022?",
        "What did they say in the last month of the war?",
        "Is the Type-12 or the YS-87 new?",
        "What did the 2+2 say?",
        "Who is Mayor Smith?",
        "What was said before the summit?",
        "What was said in winter 2024?",
        "Was there a 2+2 meeting before the December dialogue?",
        "What followed the meeting of July 28, 2024?",
        "Who met before March 2024?",
        "What costs 2024.50 yen?",
    ],
)
def test_what_speaks_of_no_day_is_not_read(text: str) -> None:
    assert read_periods(text, STATEMENTS, no_names) == ()


def test_without_a_dated_statement_nothing_is_read() -> None:
    undated = SimpleNamespace(statement_id="a", title="a", issuer=None, date=None)
    assert read_periods("What was said in July 2024?", [undated], no_names) == ()
    assert read_periods("What was said in July 2024?", [], no_names) == ()


# ---- What binds, and what is preferred ----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "What did the ministers say in July 2024?",
        "What did the ministers say in July 2024 about China?",
        "What was said last year about China?",
        "What did the ministers say about China in July 2024?",
        "What was said about North Korea's missiles in July 2024?",
        "In July 2024, what did the Minister of Defense say about China?",
        "Since 2023, what has been said about China?",
        "What has been said about China since 2023?",
        "What have they said about the tests after July 2024?",
        "In the July statement, who is named?",
        "what does the july statement say about china",
        "What does the December statement say about Ukraine?",
        "Tell me what the December text says about Ukraine.",
        "What did the December delegations say about Ukraine?",
        "What does the news release of July 2024 say?",
        "Does the July 28, 2024 joint statement name China?",
        "What does July's statement say?",
        "What does the statement of July 28, 2024 say?",
        "Which statements since 2023 name China?",
        "Which statements issued before March 2024 name China?",
        "Which statements that were published in 2024 name China?",
        "statements since 2023",
        "July statement on Russia",
        "statements from 2022 to 2024",
    ],
)
def test_a_period_of_what_was_said_binds(text: str) -> None:
    assert read(text).only


@pytest.mark.parametrize(
    "text",
    [
        "When was the 2010 dialogue established?",
        "Which exercise was held in December 2024?",
        "Where was the Extended Deterrence Dialogue of December 2024 held?",
        "On which days of December 2024 did Japan host the dialogue?",
        "What did the ministers say about the meeting in July 2024?",
        "What was said about meetings in July 2024?",
        "What did the ministers say about China in July 2024 that was new?",
        "What did they say in the July meeting?",
        "What did they say at the December dialogue?",
        "What was discussed at last December's dialogue?",
        "In July 2024 Russia revised its doctrine. What did the allies say?",
        "What did the two sides say on December 10-12, 2024?",
        "When was the 2019 joint statement signed?",
        "Who was released in July 2024?",
        "Who has attended since 2023?",
    ],
)
def test_a_period_of_what_happened_is_only_preferred(text: str) -> None:
    narrowing = read(text)
    assert not narrowing.only
    assert narrowing.label.endswith(" first")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Is arms control mentioned in the July statement?", "July"),
        ("Is arms control mentioned in July?", "in July"),
        ("What was said from July on?", "from July on"),
        ("What was said from July on China?", "from July"),
        ("What do the statements of July and December say?", "of July and December"),
    ],
)
def test_the_words_of_a_period_are_those_that_can_be_left_out(text: str, words: str) -> None:
    assert read(text).words == words


def test_two_periods_do_not_hide_each_other() -> None:
    text = "What did the July 2024 statement say, and what does the December 2024 statement say?"
    july, december = read_periods(text, STATEMENTS, no_names)
    assert (july.only, december.only) == (False, False)
    assert (july.label, december.label) == ("July 2024 first", "December 2024 first")


# ---- Which comes first --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("What does the latest statement say?", "latest", "latest statement"),
        ("What does the most recent joint statement say?", "latest", "most recent joint statement"),
        ("the newest press release", "latest", "newest press release"),
        ("the last statement on China", "latest", "last statement"),
        ("What does the newer text say?", "latest", "newer text"),
        ("the more recent document", "latest", "more recent document"),
        ("Where was the latest dialogue held?", "latest", "latest dialogue"),
        ("What is the latest on North Korea?", "latest", "latest"),
        ("What is the latest position on Taiwan?", "latest", "latest position"),
        ("When did they last mention Russia?", "latest", "last mention"),
        ("What was most recently said about it?", "latest", "most recently said"),
        ("What does the first statement say?", "first", "first statement"),
        ("the earliest joint statement", "first", "earliest joint statement"),
        ("What does the older statement say?", "first", "older statement"),
        ("When did they first mention Russia?", "first", "first mention"),
    ],
)
def test_the_latest_and_the_first_are_read(text: str, kind: str, words: str) -> None:
    (narrowing,) = read_order(text)
    assert (narrowing.kind, narrowing.words, narrowing.only) == (kind, words, False)


@pytest.mark.parametrize(
    "text",
    [
        "When was the first ministerial meeting on extended deterrence?",
        "What does the first paragraph of the statement say?",
        "What does the last sentence of the statement say?",
        "By 2030 at the latest",
        "Who was the first to sign?",
        "How long did the meeting last?",
        "On what date did North Korea last test a nuclear bomb?",
        "Who is the latest minister?",
    ],
)
def test_what_orders_no_statements_is_not_read(text: str) -> None:
    assert read_order(text) == ()


# ---- Names of periods ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "name"),
    [
        ("2024-07-28", "2024-07-28", "July 28, 2024"),
        ("2024-07-01", "2024-07-31", "July 2024"),
        ("2024-01-01", "2024-01-31", "January 2024"),
        ("2024-01-01", "2024-12-31", "2024"),
        ("2022-01-01", "2024-12-31", "2022 to 2024"),
        ("2024-05-01", "2024-07-31", "May 2024 to July 2024"),
        ("2024-12-01", "2024-12-12", "December 1, 2024 to December 12, 2024"),
        ("2023-01-01", None, "since 2023"),
        ("2023-03-01", None, "since March 2023"),
        ("2023-03-02", None, "since March 2, 2023"),
        (None, "2023-12-31", "until the end of 2023"),
        (None, "2024-02-29", "until the end of February 2024"),
        (None, "2024-02-28", "until February 28, 2024"),
        (None, None, "any day"),
    ],
)
def test_a_period_is_named_in_few_words(since: str | None, until: str | None, name: str) -> None:
    bounds = [datetime.date.fromisoformat(day) if day else None for day in (since, until)]
    assert describe_days(*bounds) == name


# ---- Whatever is asked --------------------------------------------------------------------------------

WORDS = [
    *("What did they say", "statement", "the", "since", "before", "after", "until", "from", "to", "between"),
    *(
        "and",
        "in",
        "on",
        "of",
        "July",
        "may",
        "May",
        "Dec.",
        "28",
        "31",
        "0",
        "99th",
        "10-12",
        "2024",
        "1999",
    ),
    *(
        "2024-13-45",
        "2024-02-29",
        "Q1",
        "last",
        "this",
        "year",
        "month",
        "'s",
        ",",
        "–",
        "-",
        "latest",
        "first",
    ),
    *("the dialogue", "the July meeting", "the G7", "summit", "summer", "fall", "winter"),
    *("meeting", "\ue000", "early", "0001", "١٢", "²"),
]
QUESTIONS = st.one_of(
    st.text(),
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join),
    st.lists(st.sampled_from(WORDS)).map("".join),
)
DAYS = st.lists(st.dates().map(str), max_size=4)


@given(text=QUESTIONS, statements=DAYS)
def test_whatever_is_asked_words_of_it_are_read_or_nothing(text: str, statements: list[str]) -> None:
    for narrowing in (*read_periods(text, dated(*statements), no_names), *read_order(text)):
        assert narrowing.words
        assert narrowing.words in text
        assert narrowing.label
        if narrowing.since and narrowing.until:
            assert narrowing.since <= narrowing.until
