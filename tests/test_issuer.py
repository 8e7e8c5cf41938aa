"""Who: the issuer whose words a question asks for."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.store import open_index
from qa.issuer import is_titled, name_issuers, read_issuers
from qa.lexicon import Lexicon
from qa.types import Narrowing

STATE, WHITE_HOUSE, JAPAN = (
    "U.S. Department of State",
    "The White House",
    "Ministry of Foreign Affairs of Japan",
)


def issued(issuer: str | None, title: str = "Statement") -> SimpleNamespace:
    return SimpleNamespace(statement_id=title, title=title, issuer=issuer, date=None)


STATEMENTS = [
    issued(STATE),
    issued(WHITE_HOUSE, "G7 Leaders' Statement"),
    issued(JAPAN, "U.S.-Japan Dialogue"),
    issued("NATO"),
    issued(None, "Readout of the Quad call"),
]


@pytest.fixture
def lexicon(index_texts: Callable[..., Path]) -> Iterator[Lexicon]:
    aliases = b'"State Department" = ["Foggy Bottom"]\n"G7" = ["Group of Seven"]\n'
    with open_index(index_texts({"a": "Nothing much.", "aliases.toml": aliases})) as index:
        yield Lexicon.of(index)


def read(text: str, lexicon: Lexicon) -> Narrowing:
    (narrowing,) = read_issuers(text, STATEMENTS, lexicon)
    return narrowing


@pytest.mark.parametrize(
    ("text", "issuer", "words"),
    [
        ("What did the State Department say about Russia?", STATE, "State Department"),
        ("What did the U.S. Department of State say about Russia?", STATE, "U.S. Department of State"),
        ("What does the Department of State say?", STATE, "Department of State"),
        ("What has the state department said?", STATE, "state department"),
        ("What did Foggy Bottom say?", STATE, "Foggy Bottom"),
        ("According to the White House, who met?", WHITE_HOUSE, "the White House"),
        ("Which statements by the White House name China?", WHITE_HOUSE, "the White House"),
        ("Which statements issued by the White House name China?", WHITE_HOUSE, "the White House"),
        ("What does the White House's latest statement say?", WHITE_HOUSE, "the White House"),
        ("What was said by the White House?", WHITE_HOUSE, "the White House"),
        ("What did the Foreign Ministry say?", JAPAN, "Foreign Ministry"),
        ("Who met, according to the Ministry of Foreign Affairs?", JAPAN, "Ministry of Foreign Affairs"),
        ("Is China named in NATO statements?", "NATO", "NATO"),
        ("Did NATO ever say so?", "NATO", "NATO"),
    ],
)
def test_who_says_it_is_read_and_binds(text: str, issuer: str, words: str, lexicon: Lexicon) -> None:
    narrowing = read(text, lexicon)
    assert narrowing.issuers == (issuer,)
    assert narrowing.words == words
    assert narrowing.label == issuer
    assert narrowing.only


@pytest.mark.parametrize(
    "text",
    [
        "Who visited the White House?",
        "What did NATO do?",
        "Which office of the State Department was there?",
        "What did the Secretary of State say?",
        "Did the ministers say what NATO wants?",
        "What did the Department say?",
        "What did the Kremlin say?",
        "What did they state?",
    ],
)
def test_who_does_not_say_it_is_not_read(text: str, lexicon: Lexicon) -> None:
    assert read_issuers(text, STATEMENTS, lexicon) == ()


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("What did NATO and the White House say?", ["NATO first", "The White House first"]),
        ("What did the White House or NATO say?", ["The White House first", "NATO first"]),
        ("What did the White House say, and did NATO meet?", ["The White House"]),
    ],
)
def test_several_are_only_preferred(text: str, labels: list[str], lexicon: Lexicon) -> None:
    narrowings = read_issuers(text, STATEMENTS, lexicon)
    assert [each.label for each in narrowings] == labels
    assert not any(each.only for each in narrowings) or len(labels) == 1


def test_a_name_that_issuers_share_is_only_preferred(lexicon: Lexicon) -> None:
    shared = [issued("G7 Leaders"), issued("G7 Foreign Ministers"), issued(STATE)]
    (narrowing,) = read_issuers("What did the G7 say?", shared, lexicon)
    assert narrowing.issuers == ("G7 Foreign Ministers", "G7 Leaders")
    assert not narrowing.only
    (by_other_name,) = read_issuers("What did the Group of Seven say?", shared, lexicon)
    assert by_other_name.issuers == narrowing.issuers


@pytest.mark.parametrize(
    ("text", "words", "names"),
    [
        ("What did the G7 say about Russia?", "G7", ("G7", "Group of Seven")),
        ("Did Japan say so?", "Japan", ("Japan", "Japanese")),
        ("Which Quad statements name China?", "Quad", ("Quad",)),
    ],
)
def test_somebody_in_a_title_is_preferred(
    text: str, words: str, names: tuple[str, ...], lexicon: Lexicon
) -> None:
    narrowing = read(text, lexicon)
    assert (narrowing.words, narrowing.titled) == (words, names)
    assert not narrowing.only
    assert narrowing.label == f"{words} in the title first"


def test_a_title_has_whole_words_in_their_own_letters() -> None:
    assert is_titled("Statement of the US and Japan", ["US"])
    assert not is_titled("Tell us of AUKUS", ["US"])
    assert is_titled("G7 Leaders", ["NATO", "G7"])
    assert not is_titled("G7 Leaders", [])


def test_a_country_in_front_is_not_the_issuer(lexicon: Lexicon) -> None:
    named = name_issuers(["PRC Ministry of Commerce", "United Nations", "ASEAN Secretariat"], lexicon)
    assert ("prc",) not in named
    assert ("united",) not in named
    assert named["united", "nations"] == {"United Nations"}
    assert named["asean",] == {"ASEAN Secretariat"}


NAMES = st.sampled_from(
    ["The White House", "Department of State", "G7", "of", "the", "U.S.", "Japan", "state", "?"]
)
WORDS = st.one_of(
    NAMES, st.sampled_from(["say", "says", "according to", "by", "in", "statements", "and", "'s", "\ue000"])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    text=st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join)),
    issuers=st.lists(st.one_of(st.text(), st.lists(NAMES, min_size=1).map(" ".join)), max_size=4),
    titles=st.lists(st.one_of(st.text(), NAMES), max_size=4),
)
def test_whatever_is_asked_words_of_it_are_read_or_nothing(
    text: str, issuers: list[str], titles: list[str], lexicon: Lexicon
) -> None:
    statements = [*(issued(issuer) for issuer in issuers), *(issued(None, title) for title in titles)]
    for narrowing in read_issuers(text, statements, lexicon):
        assert narrowing.words
        assert narrowing.words in text
        assert set(narrowing.issuers) <= set(issuers)
        assert narrowing.issuers or narrowing.titled
