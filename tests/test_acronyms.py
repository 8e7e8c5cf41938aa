"""Acronyms that statements define: what is one, what only looks like one, and which cannot be kept."""

import itertools
import random
import re
import string
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.acronyms import count_definitions, find_acronyms, learn_acronyms
from index.store import open_index


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("held the Extended Deterrence Dialogue (EDD) in Omaha", ("Extended Deterrence Dialogue", "EDD")),
        ("the EDD (Extended Deterrence Dialogue) was held", ("Extended Deterrence Dialogue", "EDD")),
        ("the Department of Defense (DoD) said", ("Department of Defense", "DoD")),
        (
            "the Association of Southeast Asian Nations (ASEAN)",
            ("Association of Southeast Asian Nations", "ASEAN"),
        ),
        ("research and development (R&D)", ("research and development", "R&D")),
        ("the Addis Ababa Action Agenda (AAAA)", ("Addis Ababa Action Agenda", "AAAA")),
        ("in the Indian Institute of Technology (IIT)", ("Indian Institute of Technology", "IIT")),
        (
            "the Democratic People’s Republic of Korea (“DPRK”)",
            ("Democratic People’s Republic of Korea", "DPRK"),
        ),
        ("the International Monetary Fund’s (IMF) board", ("International Monetary Fund", "IMF")),
        ("the International Monetary Fund (the “IMF”)", ("International Monetary Fund", "IMF")),
        ("the World Bank (hereinafter the WB) pays", ("World Bank", "WB")),
        ("**Internet of Things (IoT)**", ("Internet of Things", "IoT")),
        ("small modular reactors (SMRs)", ("small modular reactors", "SMRs")),
        (
            "met; the Security Consultative Committee\n(SCC) agreed",
            ("Security Consultative Committee", "SCC"),
        ),
        ("the SCC (Security\nConsultative Committee)", ("Security Consultative Committee", "SCC")),
        ("Comisión Económica para Áfricas (CEA)", ("Comisión Económica para Áfricas", "CEA")),
    ],
)
def test_an_acronym_is_found_with_what_it_stands_for(text: str, pair: tuple[str, str]) -> None:
    assert list(find_acronyms(text)) == [pair]


@pytest.mark.parametrize(
    "text",
    [
        "Secretary Blinken and Minister Kamikawa (the Ministers) met",
        "as follows: (i) deterrence, (ii) trade, (II) the rest",
        "the dialogue (2024) and the dialogue (July 2024)",
        "Senator Tammy Duckworth (D-IL) and Representative Ronny Xavier (R-TX)",
        "the two sides (TTS)",  # the letters, but of words that only link, or none
        "the Extended Deterrence Dialogue (XYZ)",
        "Japan (JPN)",  # one word
        "the EDD (EDD)",
        "the statement (see ABC)",
        "the G7 (which met in Hiroshima in May)",
        "Deterrence (a) (b) ( ) () ((ABC))",
        "https://x.org/a=Some,Community%20Reinvestment%20Act (CRA)",
        "It was Extended. Deterrence Dialogue (EDD)",
        "It was Extended\n\nDeterrence Dialogue (EDD)",
        "an Extended Deterrence Dialogue (edd)",
        "(EDD)",
        "",
    ],
)
def test_what_only_stands_in_brackets_is_no_acronym(text: str) -> None:
    assert list(find_acronyms(text)) == []


def learn_from(texts: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return learn_acronyms(count_definitions(texts))


def test_what_is_learned_is_the_usual_wording_then_others_then_the_acronym() -> None:
    texts = [
        "the World Health Organisation (WHO)",
        "the World Health Organization (WHO), the World Health Organization (WHO)",
        "the Convention on the Rights (CR) and small modular reactors (SMRs)",
    ]
    assert learn_from(texts) == (
        ("Convention on the Rights", "CR"),
        ("small modular reactors", "SMR"),
        ("World Health Organization", "World Health Organisation", "WHO"),
    )


def test_what_stands_for_two_things_is_not_learned() -> None:
    home, survey = "Department of Homeland Security (DHS)", "Demographic and Health Surveys (DHS)"
    assert learn_from([home, home, home, survey]) == ()
    assert learn_from([home]) == (("Department of Homeland Security", "DHS"),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UN Security Council", "United Nations Security Council"),
        ("U.N. Security Council", "United Nations Security Council"),
        ("UN SECURITY COUNCIL", "UN Security Council"),
    ],
)
def test_wordings_that_mean_the_same_are_not_two_things(one: str, other: str) -> None:
    (learned,) = learn_from([f"the {one} (UNSC)", f"the {other} (UNSC)"])
    assert learned[-1] == "UNSC"


def test_a_word_before_the_meaning_is_no_part_of_it() -> None:
    texts = ["the Republic of Korea (ROK)", "the U.S.-Republic of Korea (ROK)"]
    assert learn_from(texts) == learn_from(texts[::-1]) == (("Republic of Korea", "ROK"),)


NAMES = [
    *("the World Bank (WB).", "a Water Board (WB).", "World Banks (WBs)", "the Western Bank (WB)"),
    *(
        "UN Security Council (UNSC)",
        "United Nations Security Council (UNSC)",
        "(i)",
        "New Security Council (NSC)",
    ),
]


@given(st.lists(st.sampled_from(NAMES), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_statements_does_not_matter(texts: list[str], chance: random.Random) -> None:
    shuffled = chance.sample(texts, len(texts))
    assert learn_from(texts) == learn_from(shuffled)


@given(st.text(alphabet=string.ascii_letters + ' ()[]*’"“”.,;-&ŞßİǅÉé\n', max_size=120))
def test_whatever_is_found_stands_in_the_text_and_has_the_letters(text: str) -> None:
    for meaning, short in find_acronyms(text):
        plain = re.sub(r"\*+|__+|</?\w+>|\[", "", text)
        assert " ".join(meaning.split()) in " ".join(plain.split())
        assert short in plain
        assert len(meaning.split()) > 1 or "-" in meaning or re.search(r"\W", meaning)


WORDS = st.from_regex(r"\A[A-Z][a-z]{3,8}\Z").filter(
    lambda word: word not in {"From", "Their", "This", "With"}
)


@given(st.lists(WORDS, min_size=2, max_size=6))
def test_every_name_whose_initials_follow_is_found(words: Sequence[str]) -> None:
    short = "".join(word[0] for word in words)
    assume(not re.fullmatch(r"[IVXLCDM]+", short) and short.capitalize() not in words)
    assert list(find_acronyms(f"we met the {' '.join(words)} ({short}).")) == [(" ".join(words), short)]


# ---- In the index -------------------------------------------------------------------------------------

ONE = "Note\n\nThe Extended Deterrence Dialogue (EDD) met the Department of Homeland Security (DHS).\n"
TWO = "Note\n\nThe Security Consultative Committee (SCC) met.\n"
THREE = "Note\n\nThey read the Demographic and Health Surveys (DHS) of the year.\n"


@pytest.fixture
def learn(index_texts: Callable[..., Path]) -> Callable[..., list[str]]:
    def learn(**texts: str) -> list[str]:
        with open_index(index_texts(texts)) as index:
            return [group[-1] for group in index.manifest.acronyms]

    return learn


def test_an_index_learns_and_forgets_with_its_statements(learn: Callable[..., list[str]]) -> None:
    assert learn(one=ONE) == ["DHS", "EDD"]
    assert learn(one=ONE, two=TWO) == ["DHS", "EDD", "SCC"]
    assert learn(one=ONE, two=TWO, three=THREE) == ["EDD", "SCC"]
    assert learn(two=TWO, three=THREE) == ["DHS", "SCC"]
    assert learn(two=ONE) == ["DHS", "EDD"]
    assert learn(two="Note\n\nNothing is defined here.\n") == []


def test_however_an_index_was_built_it_has_learned_the_same(learn: Callable[..., list[str]]) -> None:
    collections = [{"one": ONE, "three": THREE}, {"one": ONE}, {"one": TWO, "two": ONE}]
    for before, after in itertools.permutations(collections, 2):
        learn(**before)
        assert learn(**after) == [group[-1] for group in learn_from(after.values())]


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["joint-statements", "statements"])
def test_much_is_learned_from_real_statements(folder: str) -> None:
    data = Path(__file__).resolve().parents[2] / "shared" / "data" / folder
    if not data.is_dir():
        pytest.skip("there is no development data")
    learned = {group[-1]: group[0] for group in learn_from(path.read_text() for path in data.glob("*.md"))}
    assert len(learned) > 250
    assert learned["PRC"] == "People’s Republic of China"
    assert learned["DPRK"] == "Democratic People’s Republic of Korea"
    assert learned["USAID"] == "U.S. Agency for International Development"
