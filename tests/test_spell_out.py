"""What acronyms stand for, written behind them."""

from hypothesis import given
from hypothesis import strategies as st

from qa.spell_out import list_acronyms, spell_out

COMMANDS = {"USSTRATCOM": "U.S. Strategic Command", "JSDF": "Japan Self-Defense Forces"}


def test_the_first_name_in_full_is_what_an_acronym_stands_for() -> None:
    groups = [
        ("USSTRATCOM", "U.S. Strategic Command", "Strategic Command", "STRATCOM"),
        ("Extended Deterrence Dialogue", "EDD"),
    ]
    assert list_acronyms(groups) == {
        "USSTRATCOM": "U.S. Strategic Command",
        "STRATCOM": "U.S. Strategic Command",
        "EDD": "Extended Deterrence Dialogue",
    }


def test_what_is_no_acronym_or_has_no_name_in_full_stays_as_it_is() -> None:
    groups = [
        ("2+2", "Security Consultative Committee"),
        ("nonproliferation", "NPR"),
        ("EU", "European Union"),
    ]
    assert list_acronyms(groups) == {}


def test_an_acronym_is_spelled_out_once() -> None:
    assert spell_out("USSTRATCOM and JSDF; JSDF's.", COMMANDS) == (
        "USSTRATCOM (U.S. Strategic Command) and JSDF (Japan Self-Defense Forces); JSDF's."
    )


def test_what_the_text_spells_out_itself_stays_as_it_is() -> None:
    text = "The Japan self-defense forces (JSDF) took part."
    assert spell_out(text, COMMANDS) == text


def test_letters_inside_a_word_are_no_acronym() -> None:
    assert spell_out("JSDFs, XJSDF and jsdf", COMMANDS) == "JSDFs, XJSDF and jsdf"


@given(st.text())
def test_nothing_else_changes(text: str) -> None:
    spelled = spell_out(text, COMMANDS)
    for full in COMMANDS.values():
        spelled = spelled if full in text else spelled.replace(f" ({full})", "")
    assert spelled == text
