"""Inference: what a statement's own words say of it, and no more than that."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.inference import Inferred, infer_fields

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
PROSE = "The two sides exchanged views on regional security and agreed to work closely together."


def infer(text: str, name: str = "statement", language: str | None = None) -> Inferred:
    return infer_fields(text, statement_id=name, language=language)


def test_a_release_tells_all_four() -> None:
    text = (
        "U.S. DEPARTMENT OF STATE\nOffice of the Spokesperson\n\n"
        "For Immediate Release\nTOKYO, July 28, 2024\n\n"
        f"JOINT STATEMENT OF THE SECURITY\nCONSULTATIVE COMMITTEE\n\n{PROSE}\n"
    )
    assert infer(text) == Inferred(
        title="JOINT STATEMENT OF THE SECURITY CONSULTATIVE COMMITTEE",
        issuer="U.S. Department of State",
        date=datetime.date(2024, 7, 28),
        place="Tokyo",
    )


@pytest.mark.parametrize("text", ["", " \n\n", PROSE, "# \n\n***\n", "The ministers met on Tuesday, May 5."])
def test_what_is_not_there_is_none(text: str) -> None:
    assert infer(text) == Inferred(title=None, issuer=None, date=None, place=None)


def test_the_seeds_tell_their_days() -> None:
    first, second = (infer(path.read_bytes().decode()) for path in sorted(SEEDS.glob("*.txt")))
    assert (first.title, first.date, first.place) == (
        "Joint Statement of the U.S.-Japan ministerial meeting on extended deterrence",
        datetime.date(2024, 7, 28),
        "Tokyo",
    )
    # Released on 13 December, as the title says without a year, after a meeting on December 10-12, 2024.
    assert (second.issuer, second.date) == ("Department of State", datetime.date(2024, 12, 13))


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2024-07-28-joint-statement", datetime.date(2024, 7, 28)),
        ("joint_statement_20240728", datetime.date(2024, 7, 28)),
        ("state/2024.07.28 statement", datetime.date(2024, 7, 28)),
        ("2023-01-01/statement", None),
        ("2024-02-30-statement", None),
        ("2024-07-28-to-2024-07-30", None),
        ("statement-202407281530", None),
        ("12024-07-28", None),
    ],
)
def test_a_full_date_in_the_name_is_the_statements_own(name: str, date: datetime.date | None) -> None:
    assert infer(PROSE, name).date == date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"WASHINGTON, July 26, 2024 – {PROSE}", 26),  # a dateline goes before the name
        (f"The ministers met in Tokyo on July 26, 2024. {PROSE}", 28),  # told of two days later
        (f"The ministers met in Tokyo on July 1, 2024. {PROSE}", 28),  # history, told weeks later
    ],
)
def test_which_day_goes_before_the_names(text: str, day: int) -> None:
    assert infer(text, "2024-07-28-statement").date == datetime.date(2024, 7, day)


def test_only_the_ends_of_a_long_text_are_looked_at() -> None:
    middle = f"{PROSE}\n\n" * 200
    text = f"{middle}Department of State\n\nTOKYO, July 28, 2024 – {PROSE}\n\n{middle}"
    assert infer(text) == infer(PROSE)


@given(
    st.text(
        alphabet=st.sampled_from("Aa1 \n\r\t.,:;#*_[]()<>-–—/日年月2024July28TokyoStatementof"), max_size=300
    )
)
def test_any_text_is_read(text: str) -> None:
    inferred = infer(text)
    assert inferred == infer(text)
    assert inferred.title is None or " ".join(inferred.title.split()) == inferred.title
