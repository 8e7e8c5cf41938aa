"""Datelines: a statement's own day and place, told from days and places that it only mentions."""

import datetime

import pytest

from index.datelines import Dateline, find_dateline, find_day_of_release, find_meeting, is_date_line, is_place
from index.margins import read_margins

PROSE = "The two sides exchanged views on regional security and agreed to work closely together."
JULY = datetime.date(2024, 7, 28)


def read(text: str) -> Dateline:
    return find_dateline(read_margins(text))


def meet(text: str) -> Dateline:
    return find_meeting(read_margins(text))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"TOKYO, July 28, 2024 - {PROSE}", "Tokyo"),
        (f"TOKYO – July 28, 2024 – {PROSE}", "Tokyo"),
        (f"(Tokyo, 28 July 2024) – {PROSE}", "Tokyo"),
        (f"WASHINGTON, D.C., July 28, 2024 (State) — {PROSE}", "Washington, D.C."),
        (f"July 28, 2024 – {PROSE}", None),
        (f"Begin text:\n\nJuly 28, 2024\n\n{PROSE}", None),
        (f"For Immediate Release\nMarch 3, 2022\n\n{PROSE}", None),
        (f"For Immediate Release: July 28, 2024\n\n{PROSE}", None),
        (
            f"Joint Statement\n\n**July 28, 2024  \nPittsburgh, Pennsylvania**\n\n{PROSE}",
            "Pittsburgh, Pennsylvania",
        ),
        (f"**Bali, Indonesia, 26-28 July 2024**\n\n{PROSE}", "Bali, Indonesia"),
        (f"28 July 2024, Hiroshima\n\n{PROSE}", "Hiroshima"),
        (f"Paris, le 28 juillet 2024\n\n{PROSE}", "Paris"),
        (f"Sunday, July 28, 2024\n\n{PROSE}", None),
        (f"令和6年7月28日（日）\n\n{PROSE}", None),
        (f"{PROSE}\n\nJuly 28, 2024\n", None),
        (f"{PROSE}\n\nTHE WHITE HOUSE,\n    July 28, 2024.\n", None),
        (
            f"{PROSE}\n\nDone at Geneva this 28th day of July 2024, in two originals.\n\nFor A:\nFor B:",
            "Geneva",
        ),
        (f"{PROSE}\n\nSigned at Kuala Lumpur on July 28, 2024, in duplicate.", "Kuala Lumpur"),
        (f"{PROSE}\n\nFait à Paris, le 28 juillet 2024", "Paris"),
        (f"{PROSE}\n\nSource: Readout, U.S. Department of Defense, July 28, 2024", None),
    ],
)
def test_a_dateline_tells_day_and_place(text: str, place: str | None) -> None:
    expected = datetime.date(2022, 3, 3) if "March" in text else JULY
    assert read(text) == Dateline(date=expected, place=place)


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        f"Updated: July 28, 2024\n\n{PROSE}",
        f"July 28, 2024 to August 3, 2024\n\n{PROSE}",
        f"“We stand ready to work with each of you to achieve it.”\nThe President\nJuly 28, 2024\n\n{PROSE}",
        f"Statement on the Attack of July 28, 2024\n\n{PROSE}",
        f"East Room\n\n(July 28, 2024)\n\n4:15 P.M. EDT\n\nTHE PRESIDENT: {PROSE}",
        f"{PROSE}\n\nThe agreement was signed at Geneva on July 28, 2024.\n\n{PROSE}",
        "The attack on July 28, 2024 - the worst since 2011 - must not be repeated, the ministers said.",
    ],
)
def test_a_date_only_mentioned_is_no_dateline(text: str) -> None:
    assert read(text).date is None


def test_a_town_with_its_country_above_the_prose_is_the_place() -> None:
    assert read(f"Jeddah, Saudi Arabia\n\n{PROSE}") == Dateline(place="Jeddah, Saudi Arabia")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The Ministers convened in Tokyo, on July 28, 2024.", "Tokyo"),
        ("We, the leaders, met in Kuala Lumpur, Malaysia, on July 28, 2024.", "Kuala Lumpur, Malaysia"),
        ("On July 28, 2024 in Tokyo, Minister Kamikawa met Secretary Blinken.", "Tokyo"),
        ("On 28 July 2024, the Presidents held talks at the White House.", None),
        ("Joseph R. Biden, Jr. and Olaf Scholz spoke by phone on July 28, 2024 about Ukraine.", None),
        ("The Dialogue was held at the Ministry on July 26-28, 2024.", None),
        ("The Ministers met in Tokyo on July 28, 2024. They will meet again on July 30, 2024.", "Tokyo"),
        ("Am 28. Juli 2024 trafen sich die Minister in Berlin.", None),
        ("2024年7月28日、東京で外相会談が開催された。", None),
    ],
)
def test_a_first_sentence_tells_the_day_of_a_meeting(text: str, place: str | None) -> None:
    assert meet(text) == Dateline(date=JULY, place=place)


@pytest.mark.parametrize(
    "text",
    [
        "The ministers have met every year since July 28, 2024.",
        "We met to mark the anniversary of July 28, 2024.",
        "The leaders will meet in Tokyo on July 28, 2024.",
        "On July 28, 2024, President Biden will host the leaders at a summit.",
        "After the meeting on July 28, 2024, work began.",
        "We affirm the declaration adopted in Geneva on July 28, 2024.",
        "The ministers met under the July 28, 2024 agreement.",
        "The ministers met on the July 28, 2024 arrangement.",
        "On Sunday, July 28, 2024, the ministers met in Tokyo.",
        "They met on July 28, 2024. They met again on July 30, 2024.",
        "They met on July 28, 2024. Attacks have gone on, as that of July 30, 2024 shows.",
        "Three years ago, on July 28, 2024, the President signed the act.",
        "The parties meet this week to prepare to hold elections on July 28, 2024.",
        "On January 14, 1784, Congress met and ratified the treaty.",
        "THE PRESIDENT: We met in Rome on July 28, 2024.",
        "On July 28, 2024, nothing was done.",
        f"{PROSE} They met on July 28, 2024 in Tokyo.",
    ],
)
def test_a_day_told_as_past_or_to_come_is_no_meeting(text: str) -> None:
    assert meet(text) == Dateline()


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("Dialogue 30 July", datetime.date(2024, 7, 30)),
        ("Dialogue of July 27", JULY),
        ("Dialogue 30 September", JULY),
        ("Dialogue", JULY),
    ],
)
def test_a_title_may_tell_the_day_of_release(title: str, day: datetime.date) -> None:
    assert find_day_of_release(read_margins(f"{title}\n\n{PROSE}"), JULY) == day


@pytest.mark.parametrize(
    "line", ["July 28, 2024", "Date: 28.07.2024", "Tokyo, 28 July 2024", "(July 28, 2024)"]
)
def test_a_line_that_is_only_a_date(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line", ["July 28", "Statement of July 28, 2024", "We met on July 28, 2024", "Tokyo"]
)
def test_a_line_that_is_more_or_less_than_a_date(line: str) -> None:
    assert not is_date_line(line)


@pytest.mark.parametrize(
    "line", ["Rome, Italy", "Leuven, Belgium", "Alexandria, VA", "Dublin, Republic of Ireland"]
)
def test_a_town_with_its_country_is_a_place(line: str) -> None:
    assert is_place(line)


@pytest.mark.parametrize(
    "line", ["Rome", "Hotel Excelsior, Italy", "Emirates, the United Kingdom, Qatar", "Peace, Now"]
)
def test_other_lines_are_no_places(line: str) -> None:
    assert not is_place(line)
