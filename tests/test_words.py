"""BM25: what is found, that it is BM25, and that a term is never query syntax."""

import math
import re
import sqlite3
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.posting_lists import PostingChanges, create_posting_lists
from index.postings import MOST_POSTINGS, Postings
from index.words import (
    add_words,
    check_words,
    create_words,
    document_frequency,
    holds_phrase,
    holds_term,
    list_stems,
    remove_words,
    search_words,
)

TEXTS = {
    11: "The United States reaffirmed its commitment to the defense of Japan.",
    12: "The two sides discussed extended deterrence and U.S. forces in São Paulo.",
    13: 'NEAR the col: a "quoted" word* was said.',
    20: "Nuclear weapons were discussed at length, at great length, by both sides.",
}
HOSTILE = [
    '"', '""', "*", "NEAR(", "NEAR(a b, 2)", "col:", "text:japan", "japan OR", "AND", "NOT", "(", ")",
    "^japan", "-", "+", "{", "japan*", "\0", "japan\0", "\ud800", "\U0001f600", "", " ", "'",
    "; DROP TABLE words", "x" * 10_000, '"' * 10_000, "%s", "\\", "\n",
]  # fmt: skip


def database(texts: dict[int, str]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE passages (passage_id INTEGER PRIMARY KEY, text TEXT)")
    create_words(connection, content="passages")
    create_posting_lists(connection)
    connection.executemany("INSERT INTO passages VALUES (?, ?)", texts.items())
    changes = PostingChanges(connection)
    add_words(connection, texts.items(), changes=changes)
    changes.file()
    return connection


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = database(TEXTS)
    yield opened
    opened.close()


def ids(found: Iterable[tuple[int, float]]) -> list[int]:
    return [passage_id for passage_id, _ in found]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("Japan", [11]),
        ("committed", [11]),  # the stem of "commitment"
        ("discussing", [12, 20]),
        ("u.s.", [12]),  # a phrase: "u" and "s" side by side
        ("Sao", [12]),
        ("SIDES", [12, 20]),
        ("states united", []),  # a phrase in another order
        ("Peru", []),
    ],
)
def test_finds_words(connection: sqlite3.Connection, term: str, expected: list[int]) -> None:
    assert sorted(ids(search_words(connection, [term], 10))) == expected
    assert document_frequency(connection, term) == len(expected)


def test_more_and_rarer_words_come_first(connection: sqlite3.Connection) -> None:
    found = search_words(connection, ["sides", "length", "Peru"], 10)
    assert ids(found) == [20, 12]
    assert found[0][1] > found[1][1] > 0


def test_returns_no_more_than_k(connection: sqlite3.Connection) -> None:
    assert ids(search_words(connection, ["sides", "length"], 1)) == [20]
    assert search_words(connection, ["sides"], 0) == []
    assert search_words(connection, [], 5) == []


def test_searches_within_the_allowed(connection: sqlite3.Connection) -> None:
    assert ids(search_words(connection, ["sides"], 10, {12, 13, 999})) == [12]
    assert search_words(connection, ["sides"], 10, frozenset()) == []


@pytest.mark.parametrize("term", HOSTILE)
def test_a_hostile_term_is_only_a_term(connection: sqlite3.Connection, term: str) -> None:
    found = search_words(connection, [term], 10)
    assert len(found) == document_frequency(connection, term)
    assert 11 in ids(search_words(connection, [term, "Japan"], 10))


def test_syntax_is_searched_as_words(connection: sqlite3.Connection) -> None:
    assert ids(search_words(connection, ["NEAR("], 10)) == [13]
    assert ids(search_words(connection, ["col:"], 10)) == [13]
    assert ids(search_words(connection, ['"quoted"'], 10)) == [13]
    assert search_words(connection, ["text:japan"], 10) == []


@given(terms=st.lists(st.text(), max_size=4))
def test_no_term_is_an_error(terms: list[str]) -> None:
    connection = database(TEXTS)
    try:
        assert set(ids(search_words(connection, terms, 10))) <= TEXTS.keys()
    finally:
        connection.close()


def test_thousands_of_terms_are_searched(connection: sqlite3.Connection) -> None:
    assert ids(search_words(connection, [f"word{number}" for number in range(5000)] + ["Japan"], 3)) == [11]


def test_removed_passages_are_not_found(connection: sqlite3.Connection) -> None:
    remove_words(connection, [(12, TEXTS[12])])
    connection.execute("DELETE FROM passages WHERE passage_id = 12")
    assert ids(search_words(connection, ["sides"], 10)) == [20]
    assert document_frequency(connection, "sides") == 1
    check_words(connection)


def test_scores_are_those_of_an_index_that_never_held_the_removed(connection: sqlite3.Connection) -> None:
    remove_words(connection, [(12, TEXTS[12])])
    fresh = database({i: text for i, text in TEXTS.items() if i != 12})
    assert search_words(connection, ["discussed", "length"], 9) == search_words(
        fresh, ["discussed", "length"], 9
    )
    fresh.close()


def test_check_finds_a_text_that_changed(connection: sqlite3.Connection) -> None:
    check_words(connection)
    connection.execute("UPDATE passages SET text = 'Something else' WHERE passage_id = 11")
    with pytest.raises(sqlite3.DatabaseError):
        check_words(connection)


def bm25(texts: dict[int, str], terms: list[str]) -> dict[int, float]:
    """BM25 as SQLite's documentation gives it: k1 = 1.2, b = 0.75."""
    words = {i: re.findall(r"\w+", text.lower()) for i, text in texts.items()}
    mean = sum(map(len, words.values())) / len(words)
    scores = dict.fromkeys(texts, 0.0)
    for term in terms:
        holders = sum(term in each for each in words.values())
        idf = max(math.log((len(words) - holders + 0.5) / (holders + 0.5)), 1e-6)
        for i, each in words.items():
            count = each.count(term)
            scores[i] += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * len(each) / mean))
    return {i: score for i, score in scores.items() if score > 0}


VOCABULARY = ["japan", "korea", "treaty", "ship", "north"]  # words that are their own stems


@given(
    texts=st.dictionaries(
        st.integers(1, 50),
        st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12).map(" ".join),
        min_size=1,
        max_size=12,
    ),
    terms=st.lists(st.sampled_from(VOCABULARY), min_size=1, unique=True),
)
def test_scores_are_bm25(texts: dict[int, str], terms: list[str]) -> None:
    connection = database(texts)
    try:
        assert dict(search_words(connection, terms, 99)) == pytest.approx(bm25(texts, terms))
    finally:
        connection.close()


MIXED = {
    1: ("en", "North Korea launched missiles. The nations agreed."),
    2: ("de", "Nordkorea testet Atomwaffen. Die Nation schweigt zu den Maßnahmen."),
    3: ("fr", "Les missiles nucléaires de la Corée du Nord sont condamnés."),
    4: ("ja", "北朝鮮は日米両国に対し弾道ミサイルを発射した。Ｇ７首脳は非難した。"),
    5: ("zh", "朝鲜半岛无核化谈判在北京举行。"),
    6: ("ko", "북한은 오늘 탄도미사일을 발사하였다."),
    7: ("ru", "Против Северной Кореи введены новые санкции."),
    8: ("ar", "ناقش الوزراء العقوبات المفروضة على كوريا الشمالية"),
    9: ("de", "Die Vereinigten Staaten und Präsident Macron reden."),
    10: ("th", "กระทรวงการต่างประเทศประณาม"),
}


def mixed_database() -> sqlite3.Connection:
    connection = database({})
    changes = PostingChanges(connection)
    for passage_id, (language, text) in MIXED.items():
        connection.execute("INSERT INTO passages VALUES (?, ?)", (passage_id, text))
        add_words(connection, [(passage_id, text)], language=language, changes=changes)
    changes.file()
    return connection


@pytest.fixture
def mixed() -> Iterator[sqlite3.Connection]:
    opened = mixed_database()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("Atomwaffe", [2]),
        ("Vereinigte Staaten", [9]),
        ("Massnahme", [2]),
        ("Macron", [9]),
        ("nucléaire", [3]),
        ("condamnée", [3]),
        ("missile", [1, 3]),
        ("nation", [1, 2]),
        ("北朝鮮", [4]),
        ("日米", [4]),
        ("米両", [4]),
        ("米", [4]),
        ("本日", []),
        ("朝日", []),
        ("ミサイル", [4]),
        ("サイ", [4]),
        ("G7首脳", [4]),
        ("朝鲜", [5]),
        ("北京", [5]),
        ("북한", [6]),
        ("북한의", []),
        ("미사일", [6]),
        ("санкций", [7]),
        ("Северная Корея", [7]),
        ("عقوبات", [8]),
        ("لكوريا الشمالية", [8]),
        ("กระทรวง", [10]),
    ],
)
def test_finds_words_of_all_languages(mixed: sqlite3.Connection, term: str, expected: list[int]) -> None:
    assert sorted(ids(search_words(mixed, [term], 10))) == expected
    assert document_frequency(mixed, term) == len(expected)


def test_the_rarer_pair_of_letters_comes_first() -> None:
    connection = database({1: "北朝鮮の制裁", 2: "日本の制裁", 3: "日本の会談", 4: "英国の会談", 5: "米国"})
    assert ids(search_words(connection, ["制裁", "北朝"], 10)) == [1, 2]
    connection.close()


def test_removed_passages_of_any_language_are_not_found(mixed: sqlite3.Connection) -> None:
    changes = PostingChanges(mixed)
    for passage_id, (_, text) in MIXED.items():
        remove_words(mixed, [(passage_id, text)], changes=changes)
        mixed.execute("DELETE FROM passages WHERE passage_id = ?", (passage_id,))
        check_words(mixed)
    changes.file()
    assert mixed.execute("SELECT count(*) FROM word_forms").fetchone() == (0,)
    assert list_stems(mixed) == ()


def test_what_was_added_is_removed_though_its_stemmer_has_changed(
    mixed: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.words.form_words", lambda text, _language=None: text.upper())
    remove_words(mixed, [(2, MIXED[2][1])])
    mixed.execute("DELETE FROM passages WHERE passage_id = 2")
    check_words(mixed)


def test_check_compares_the_forms_as_they_are_kept(mixed: sqlite3.Connection) -> None:
    check_words(mixed)
    mixed.execute("UPDATE word_forms SET text = 'other' WHERE passage_id = 4")
    with pytest.raises(sqlite3.DatabaseError):
        check_words(mixed)


def test_english_scores_are_the_same_whatever_the_language_is_called() -> None:
    plain, named = database(TEXTS), database({})
    named.executemany("INSERT INTO passages VALUES (?, ?)", TEXTS.items())
    add_words(named, TEXTS.items(), language="en-US")
    for term in ("discussed", "Sao", "U.S. forces", "length"):
        assert search_words(plain, [term], 9) == search_words(named, [term], 9)
    assert named.execute("SELECT count(*) FROM word_forms").fetchone() == (0,)
    plain.close()
    named.close()


def test_stems_of_one_language_are_no_part_of_the_vocabulary(mixed: sqlite3.Connection) -> None:
    stems = list_stems(mixed)
    assert {"korea", "北", "санкц"} <= set(stems)
    assert not [stem for stem in stems if stem.startswith("atomwaff")]


def test_a_phrase_is_told_in_texts_that_are_not_indexed() -> None:
    assert holds_phrase(["首相の北朝鮮訪問"], "北朝鮮")
    assert holds_phrase(["Визит в Северную Корею"], "Северная Корея")
    assert not holds_phrase(["首相の北朝鮮訪問"], "韓国")


# ---- In large archives ----------------------------------------------------------------------------------

VOCABULARY = ["the", "sides", "met", "tokyo", "deterrence", "seoul", "treaty", "dialogue", "São"]
SHORT_TEXTS = st.lists(
    st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=9).map(" ".join), min_size=1, max_size=30
)


def search_as_large(
    connection: sqlite3.Connection,
    terms: list[str],
    k: int,
    within: set[int] | None = None,
    *,
    most: int = MOST_POSTINGS,
) -> list[tuple[int, float]]:
    """Search few passages as if they were many."""
    (count,) = connection.execute("SELECT count(*) FROM passages").fetchone()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.words.PRUNED_FROM", 0)
        patch.setattr("index.postings.MOST_POSTINGS", most)
        postings = Postings(connection, passages=count)
        return search_words(connection, terms, k, within, postings=postings)


@given(
    texts=SHORT_TEXTS,
    terms=st.lists(st.sampled_from([*VOCABULARY, "peru"]), min_size=1, max_size=6),
    k=st.integers(1, 12),
    within=st.none() | st.sets(st.integers(1, 30)),
)
def test_scores_of_a_large_archive_are_those_of_fts5(
    texts: list[str], terms: list[str], k: int, within: set[int] | None
) -> None:
    connection = database(dict(enumerate(texts, start=1)))
    found = search_as_large(connection, terms, k, within)
    every = dict(search_words(connection, terms, 99, within))
    assert [score for _, score in found] == pytest.approx(sorted(every.values(), reverse=True)[:k])
    assert dict(found) == pytest.approx({passage_id: every[passage_id] for passage_id in ids(found)})
    assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
    connection.close()


@given(
    texts=SHORT_TEXTS,
    terms=st.lists(st.sampled_from([*VOCABULARY, "the sides", "peru"]), min_size=1, max_size=6),
    most=st.integers(0, 40),
    k=st.integers(1, 12),
    within=st.none() | st.sets(st.integers(1, 30)),
)
def test_something_is_found_however_few_terms_count(
    texts: list[str], terms: list[str], most: int, k: int, within: set[int] | None
) -> None:
    connection = database(dict(enumerate(texts, start=1)))
    found = ids(search_as_large(connection, terms, k, within, most=most))
    every = ids(search_words(connection, terms, 99, within))
    assert len(set(found)) == len(found) <= min(k, len(every))
    assert set(found) <= set(every)
    assert bool(found) == bool(every)
    connection.close()


def test_a_long_passage_scores_as_by_fts5() -> None:
    connection = database(
        {1: "word " * 70_000 + "Tokyo", 2: "Tokyo " + "word " * 200, 3: "Tokyo", 40_000: "Seoul"}
    )
    for terms in (["Tokyo"], ["Tokyo", "word"], ["Seoul"]):
        found = search_as_large(connection, terms, 9)
        expected = search_words(connection, terms, 9)
        assert ids(found) == ids(expected)
        assert dict(found) == pytest.approx(dict(expected))
    connection.close()


def test_a_phrase_counts_once() -> None:
    connection = database(
        {1: "in Los Angeles", 2: "Los Angeles, Los Angeles", 3: "Angeles Los", 4: "Lima", 5: "Oslo"}
    )
    found = search_as_large(connection, ["Los Angeles"], 9)
    assert ids(found) == [1, 2]
    assert dict(found)[1] == pytest.approx(dict(search_words(connection, ["Los Angeles"], 9))[1])
    connection.close()


def test_the_most_common_terms_do_not_count() -> None:
    texts = dict.fromkeys(range(1, 20), "sides met") | dict.fromkeys(range(20, 60), "both sides")
    connection = database(texts | {60: "Tokyo here", 61: "Tokyo met"})
    assert ids(search_as_large(connection, ["Tokyo", "met"], 2)) == [61, 60]
    found = search_as_large(connection, ["Tokyo", "met"], 2, most=9)
    assert dict(found) == pytest.approx(dict(search_words(connection, ["Tokyo"], 2)))
    # Unless nothing is found without them.
    assert ids(search_as_large(connection, ["Tokyo", "met"], 9, {1, 2, 30}, most=9)) == [1, 2]
    connection.close()


def test_all_terms_count_in_few_passages(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.postings.MOST_POSTINGS", 1)
    asked = ["the", "sides", "Japan", "length"]
    expected = search_words(connection, asked, 10)
    postings = Postings(connection, passages=len(TEXTS))
    assert search_words(connection, asked, 10, postings=postings) == expected


def test_what_was_counted_is_not_counted_again(connection: sqlite3.Connection) -> None:
    postings = Postings(connection, passages=len(TEXTS))
    assert document_frequency(connection, "sides", postings=postings) == 2
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    assert document_frequency(connection, "Sides", postings=postings) == 2
    assert document_frequency(connection, "sides", postings=postings) == 2
    connection.set_trace_callback(None)
    assert sum("sum(holders)" in statement for statement in statements) == 1  # "Sides" is another query


def test_what_was_scored_is_not_read_again(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    postings = Postings(connection, passages=len(TEXTS))
    assert postings.score('"sides"')[0].tolist() == [12, 20]
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    postings.score('"sides"')
    assert statements == []
    monkeypatch.setattr("index.postings._SCORES_KEPT", 2)
    assert postings.score('"peru"')[0].tolist() == []  # which makes room
    assert postings.score('"sides"')[0].tolist() == [12, 20]
    assert sum("FROM posting_lists" in statement for statement in statements) == 2


@pytest.mark.parametrize(
    ("term", "within", "held"),
    [
        ("Japan", None, True),
        ("Peru", None, False),
        ("U.S. forces", [11, 12], True),
        ("U.S. forces", [11, 13, 20], False),
        ("sides", [20], True),
        ("sides", [], False),
    ],
)
def test_says_whether_a_term_is_held(
    connection: sqlite3.Connection, term: str, within: list[int] | None, *, held: bool
) -> None:
    assert holds_term(connection, term, within) is held
