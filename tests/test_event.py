"""The events that a question reckons from, by the titles of statements."""

import datetime
from types import SimpleNamespace

import pytest

from qa.event import find_event
from qa.period import read_periods

TITLES = {
    "2023-05-20": "G7 Hiroshima Leaders' Communiqué",
    "2023-05-21": "Quad Leaders' Summit in Hiroshima",
    "2024-06-13": "G7 Leaders' Summit: day one",
    "2024-06-15": "G7 Leaders' Summit: communiqué",
    "2024-07-10": "NATO Summit in Washington",
    "2024-07-28": "Joint Statement of the U.S.-Japan ministerial meeting on extended deterrence",
    "2024-12-13": "U.S.-Japan Extended Deterrence Dialogue",
}
STATEMENTS = [
    SimpleNamespace(statement_id=title, title=title, issuer=None, date=datetime.date.fromisoformat(day))
    for day, title in TITLES.items()
]


def other_names(name: str) -> tuple[str, ...]:
    """Give the other names of two things."""
    return {"EDD": ("Extended Deterrence Dialogue",), "US": ("United States",)}.get(name, ())


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("before the ministerial meeting", None, "2024-07-27"),
        ("before the July 2024 ministerial", None, "2024-07-27"),
        ("prior to the U.S.-Japan ministerial meeting", None, "2024-07-27"),
        ("until the dialogue", None, "2024-12-13"),
        ("before the Extended Deterrence Dialogue", None, "2024-12-12"),
        ("ahead of the EDD", None, "2024-12-12"),
        ("before EDD", None, "2024-12-12"),
        ("after the December meeting", "2024-12-14", None),
        ("since the ministerial", "2024-07-29", None),
        ("before the NATO summit", None, "2024-07-09"),
        ("before the G7 summit", None, "2024-06-12"),
        ("after the G7 summit", "2024-06-16", None),
    ],
)
def test_what_was_said_before_an_event_was_said_before_its_statement(
    words: str, since: str | None, until: str | None
) -> None:
    (narrowing,) = read_periods(f"What did they say about China {words}?", STATEMENTS, other_names)
    assert narrowing.only
    assert narrowing.words == words
    assert narrowing.reckoned is not None
    bounds = [None if day is None else str(day) for day in (narrowing.since, narrowing.until)]
    assert bounds == [since, until]


@pytest.mark.parametrize(
    "words",
    [
        "before the summit",  # which?
        "before the meeting",
        "before the visit",
        "before the July meeting",  # of NATO, or of the ministers?
        "before the Paris conference",
        "before the dialogue with Russia",
        "before the ministerial meeting in Seoul",
        "before the US",
        "before the edd",
        "before the December",
    ],
)
def test_an_event_that_could_be_another_is_not_read(words: str) -> None:
    assert read_periods(f"What did they say about China {words}?", STATEMENTS, other_names) == ()


def test_what_happened_before_an_event_may_be_told_after_it() -> None:
    assert read_periods("Who met before the dialogue?", STATEMENTS, other_names) == ()
    (narrowing,) = read_periods("What has changed since the ministerial?", STATEMENTS, other_names)
    assert not narrowing.only


def test_it_is_said_by_which_statement_an_event_was_reckoned() -> None:
    event = find_event("the G7 summit", STATEMENTS, other_names)
    assert event is not None
    assert event.reckoned == 'by "G7 Leaders\' Summit: day one", of June 13, 2024'
