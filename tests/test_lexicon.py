"""What the index knows of words: names, and the nearest word to a slip."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from index.store import Index, open_index
from qa.countries import load_countries
from qa.lexicon import POSSESSIVE, WORD, Lexicon, fold_word
from qa.question import Term, read_question
from qa.stems import contains, stem_words
from qa.types import Question

TEXT = (
    "Statement on Exercises\n\n"
    "The DPRK launched missiles. The United States and Japan held the exercise Yama Sakura 87.\n\n"
    "Ambassador KUMAGAI met officials of U.S. Strategic Command in São Paulo.\n"
)


@pytest.fixture
def index(index_texts: Callable[..., Path]) -> Iterator[Index]:
    with open_index(index_texts({"one": TEXT})) as opened:
        yield opened


def find(index: Index, names: Iterable[Sequence[str]], question: str) -> tuple[int, tuple[str, ...]]:
    return Lexicon(index, names).find_longest_name([fold_word(word) for word in WORD.findall(question)])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What does the U.S. say?", ["What", "does", "the", "U.S.", "say"]),
        ("the U.S.-Japan Alliance", ["the", "U.S.", "Japan", "Alliance"]),
        ("a Japan-U.S. dialogue in the U.S", ["a", "Japan-U.S.", "dialogue", "in", "the", "U.S"]),
        ("the U.S.'s and China’s aims.", ["the", "U.S.'s", "and", "China’s", "aims"]),
        ("2+2 talks, Type-12; R&D at 5.5.", ["2+2", "talks", "Type-12", "R&D", "at", "5.5"]),
        ("snake_case __x__ -- 'quoted'", ["snake", "case", "x", "quoted"]),
        ("北朝鮮は何を？", ["北朝鮮は何を"]),
        ("?!. -- _", []),
    ],
)
def test_words_hold_together_what_is_one_word(text: str, words: list[str]) -> None:
    assert WORD.findall(text) == words


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("China's", "china"),
        ("CHINA’S", "china"),
        ("U.S.", "u.s"),
        ("U.S", "u.s"),
        ("U.S.'s", "u.s"),
        ("São", "sao"),
        ("isn’t", "isn't"),
        ("북한에서는", "북한"),
        ("회의", "회의"),  # a meeting, and no "회" with a particle
        ("Корее", "кор"),
        ("لكوريا", "وريا"),  # as every word that begins so
    ],
)
def test_words_are_compared_without_case_accents_and_endings(word: str, folded: str) -> None:
    assert fold_word(word) == folded


@given(st.text())
def test_folding_never_fails_and_no_word_is_folded_away(text: str) -> None:
    for word in WORD.findall(text):
        assert fold_word(word), word
        assert POSSESSIVE.sub("", word)


NAMES = [("North Korea", "DPRK", "North Korean"), ("Korea", "ROK"), ("United States", "U.S.", "USA")]


@pytest.mark.parametrize(
    ("question", "length", "others"),
    [
        ("North Korea", 2, ("DPRK", "North Korean")),
        ("north KOREA's missiles", 2, ("DPRK", "North Korean")),
        ("North Korean missiles", 2, ("North Korea", "DPRK")),
        ("Korea", 1, ("ROK",)),
        ("dprk", 1, ("North Korea", "North Korean")),
        ("U.S. forces", 1, ("United States", "USA")),
        ("U.S forces", 1, ("United States", "USA")),
        ("United States’ forces", 2, ("U.S.", "USA")),
        ("US forces", 0, ()),
        ("North America", 0, ()),
        ("North", 0, ()),
        ("missiles of North Korea", 0, ()),
    ],
)
def test_the_longest_name_at_a_place_is_meant(
    index: Index, question: str, length: int, others: tuple[str, ...]
) -> None:
    assert find(index, NAMES, question) == (length, others)


def test_a_name_of_two_things_has_the_other_names_of_both(index: Index) -> None:
    assert find(index, [("SCC", "2+2"), ("SCC", "Supreme Court")], "SCC") == (1, ("2+2", "Supreme Court"))


@pytest.mark.parametrize("names", [[("***", "DPRK", "–")], [("", "DPRK")], [("...",)], [()]])
def test_a_name_without_words_is_no_name(index: Index, names: list[tuple[str, ...]]) -> None:
    assert find(index, names, "DPRK")[1] == ()
    assert Lexicon(index, names).find_longest_name([]) == (0, ())


def test_signs_that_mean_something_in_a_pattern_are_only_signs(index: Index) -> None:
    names = [("a.*(b", "c\\d"), ("[x]+", "y|z")]
    assert find(index, names, "a b") == (2, ("c\\d",))
    assert find(index, names, "x") == (1, ("y|z",))


def test_the_names_are_those_of_the_index(index_texts: Callable[..., Path]) -> None:
    directory = index_texts({"one": TEXT, "aliases.toml": b'"North Korea" = ["DPRK"]'})
    with open_index(directory) as index:
        length, others = Lexicon.of(index).find_longest_name(["north", "korea"])
        assert (length, others[0]) == (2, "DPRK")


@pytest.mark.parametrize(
    ("slip", "word"),
    [("exercize", "exercise"), ("Misiles", "missiles"), ("Kumagi", "KUMAGAI"), ("Sakara", "Sakura")],
)
def test_a_slip_is_spelt_as_the_statements_spell_it(index: Index, slip: str, word: str) -> None:
    assert Lexicon(index, []).correct(slip) == (word,)


@pytest.mark.parametrize(
    ("before", "slip", "word"),
    [
        ("Ambassador", "Kumaga", "KUMAGAI"),
        ("Yama", "Sakuri", "Sakura"),
        ("the", "missive", None),  # nothing before it tells
        ("Peruvian", "missive", None),
        ("launched", "missive", "missiles"),
        ("launched", "Japan", None),  # a word of theirs
        ("U.S.", "strategy", None),
        ("exercise", "Lama", None),  # the first letter is seldom wrong
        ("held", "te", None),
        ("São", "Paolo", "Paulo"),
    ],
)
def test_the_word_before_tells_what_is_a_slip(index: Index, before: str, slip: str, word: str | None) -> None:
    assert Lexicon(index, []).correct(slip, after=before) == (() if word is None else (word,))


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("yamasakura", "yama sakura"),
        ("launchedmissiles", "launched missiles"),
        ("missileslaunched", None),  # not in that order
        ("yamatokyo", None),
        ("held", None),
    ],
)
def test_what_is_no_word_may_be_two(index: Index, word: str, parts: str | None) -> None:
    assert Lexicon(index, []).correct(word) == (() if parts is None else (parts,))


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        ("ex", "ercises", "exercise"),
        ("Miss", "iles", "missiles"),
        ("Yama", "Sakura", None),  # two words of theirs
        ("missile", "s", None),  # the first is the word already
        ("table", "top", None),  # no word of theirs
        ("U", "S", None),
    ],
)
def test_two_words_are_one_of_the_statements(index: Index, first: str, second: str, word: str | None) -> None:
    assert Lexicon(index, []).join(first, second) == (() if word is None else (word,))


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Which ex ercises were held?", [("ex ercises", ("exercise",)), ("held", ())]),
        ("Which ex, ercises were held?", [("ex", ()), ("ercises", ()), ("held", ())]),
        ("Who ex ercises?", [("ex ercises", ("exercise",))]),
    ],
)
def test_words_written_apart_are_one_term(
    index: Index, question: str, terms: list[tuple[str, tuple[str, ...]]]
) -> None:
    search = read_question(Question(text=question), Lexicon(index, []))
    assert [(term.text, term.aliases) for term in search.terms] == terms


@pytest.mark.parametrize(
    ("question", "aliases"),
    [
        ("who is ambassador kumaga", ("KUMAGAI",)),
        ("Who met them in Sao Paolo?", ("Paulo",)),
        ("What was launched: missives?", ()),
        ("Who launched a missive?", ()),
        ("Who launched missives?", ("missiles",)),
    ],
)
def test_a_slip_is_found_beside_its_word(index: Index, question: str, aliases: tuple[str, ...]) -> None:
    last = read_question(Question(text=question), Lexicon(index, [])).terms[-1]
    assert last.aliases == aliases


@pytest.mark.parametrize("word", ["missile", "Trade", "Iran", "U.S.", "87", "北朝鮮", "zzzzzzzz", "x" * 1999])
def test_a_word_that_may_be_meant_stays(index: Index, word: str) -> None:
    assert Lexicon(index, []).correct(word) == ()


@given(st.text(max_size=20))
def test_a_correction_is_a_word_of_the_statements(word: str) -> None:
    corrected = LEXICON[0].correct(word)
    assert all(re.search(rf"\b{re.escape(each)}\b", TEXT) for each in corrected)


LEXICON: list[Lexicon] = []


@pytest.fixture(autouse=True)
def _lexicon(index: Index) -> Iterator[None]:
    LEXICON[:] = [Lexicon(index, [])]
    yield
    LEXICON.clear()


# ---- What the index knows of everything ---------------------------------------------------------------


@pytest.fixture
def lexicon(index: Index) -> Lexicon:
    return Lexicon.of(index)


def ask(lexicon: Lexicon, question: str) -> dict[str, tuple[str, ...]]:
    """Return the names in a question with their other names."""
    return {term.text: term.aliases for term in read_question(Question(text=question), lexicon).terms}


def names_of(lexicon: Lexicon, question: str, asked: str) -> set[str]:
    return set(ask(lexicon, question)[asked])


@pytest.mark.parametrize(
    ("question", "asked", "some"),
    [
        ("What did Beijing say?", "Beijing", {"China", "PRC", "People's Republic of China"}),
        ("What of the PRC's ships?", "PRC", {"China", "Chinese", "Beijing"}),
        ("Did south korea agree?", "south korea", {"Republic of Korea", "ROK"}),
        ("Did the ROK agree?", "ROK", {"South Korea", "Republic of Korea"}),
        ("Did the Republic of Korea agree?", "Republic of Korea", {"South Korea", "ROK"}),
        (
            "Did the Democratic People’s Republic of Korea fire?",
            "Democratic People’s Republic of Korea",
            {"DPRK"},
        ),
        ("What of N. Korea?", "N. Korea", {"North Korea", "DPRK"}),
        ("the S. Korean navy", "S. Korean", {"South Korea", "Seoul"}),
        ("Sino-Russian drills", "Sino", {"China", "Chinese"}),
        ("Did turkiye agree?", "turkiye", {"Turkey", "Turkish"}),
        ("Did the Cote d’Ivoire agree?", "Cote d’Ivoire", {"Ivory Coast"}),
        ("What did the US say?", "US", {"United States", "U.S."}),
        ("What did American forces do?", "American", {"United States", "U.S."}),
        ("Is Tbilisi named?", "Tbilisi", {"Georgia"}),
        ("What did Paris announce?", "Paris", {"France", "French"}),
        ("What do Ukrainians want?", "Ukrainians", {"Ukraine", "Ukrainian", "Kyiv"}),
        ("Is FRA named?", "FRA", {"France"}),
        ("What did Tokyo and Washington agree on?", "Tokyo", {"Japan", "Japanese"}),
        ("What did Tokyo and Washington agree on?", "Washington", {"United States", "U.S."}),
        ("Did Washington and Beijing talk?", "Washington", {"United States", "U.S."}),
        ("Did Seoul and Tokyo talk?", "Tokyo", {"Japan", "Japanese"}),
        ("What did Washington promise?", "Washington", {"United States", "U.S."}),
        ("Who represented Washington at the talks?", "Washington", {"United States", "U.S."}),
        ("How often has Tokyo asked?", "Tokyo", {"Japan", "Japanese"}),
        ("Who were Tokyo's co-chairs?", "Tokyo", {"Japan", "Japanese"}),
        ("Washington’s nuclear pledge", "Washington", {"United States", "U.S."}),
        ("Who spoke for Washington?", "Washington", {"United States", "U.S."}),
        ("Who co-chaired for Tokyo in July?", "Tokyo", {"Japan", "Japanese"}),
        ("beijings atomic build up", "beijings", {"China", "PRC"}),
    ],
)
def test_a_country_is_known_by_any_of_its_names(
    lexicon: Lexicon, question: str, asked: str, some: set[str]
) -> None:
    assert some <= names_of(lexicon, question, asked)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Are males mentioned?", "males"),
        ("Is Korea mentioned?", "Korea"),
        ("Is the Korean Peninsula mentioned?", "Korean Peninsula"),
        ("Is Congo mentioned?", "Congo"),
        ("Is Georgia mentioned?", "Georgia"),
        ("Where is Tokyo?", "Tokyo"),
        ("Is Washington named?", "Washington"),
        ("Did George Washington and Jefferson write?", "Washington"),
        ("Did Oregon and Washington agree?", "Washington"),
        ("Did Washington and Jefferson write?", "Washington"),
        ("Did Washington State agree?", "Washington"),
        ("What did the Washington Post say?", "Washington"),
        ("Did President Washington agree?", "Washington"),
        ("Did they meet in Tokyo and Seoul?", "Tokyo"),
        ("Who left for Tokyo?", "Tokyo"),
        ("Who spoke for Washington State?", "Washington"),
        ("What is George Washington's part?", "Washington"),
        ("Was it in Tokyo's outskirts?", "Tokyo"),
        ("Is Washington's Olympic Peninsula named?", "Washington"),
        ("Is Victoria named?", "Victoria"),
        ("Is Santiago named?", "Santiago"),
        ("Is Kingston named?", "Kingston"),
        ("Who patrols the Indian Ocean?", "Indian Ocean"),
        ("Who patrols the South China Sea?", "South China Sea"),
        ("the North American Affairs Bureau", "North American"),
        ("What of Latin America?", "Latin America"),
        ("What of New Mexico?", "New Mexico"),
        ("Who sold the turkey?", "turkey"),
        ("How do we polish it?", "polish"),
        ("What happened in Seoul?", "Seoul"),
        ("What does the Paris Agreement ask?", "Paris"),
        ("What of the Moscow summit?", "Moscow"),
        ("What did the man can?", "man"),
        ("Republic of China", "Republic"),
    ],
)
def test_what_may_mean_something_else_has_no_other_names(lexicon: Lexicon, question: str, asked: str) -> None:
    assert ask(lexicon, question)[asked] == ()


@pytest.mark.parametrize("question", ["Did they tell us why?", "TELL US WHO MAY AND CAN", "Us again?"])
def test_us_is_only_a_country_in_capitals_among_small_letters(lexicon: Lexicon, question: str) -> None:
    assert not any(ask(lexicon, question).values())


def find_name(lexicon: Lexicon, question: str, text: str) -> str | None:
    (term,) = (term for term in read_question(Question(text=question), lexicon).terms if term.aliases)
    return term.find_name(text)


@pytest.mark.parametrize(
    ("question", "text", "name"),
    [
        ("China", "ships in the South China Sea", None),
        ("China", "the South China Sea and the PRC", "PRC"),
        ("China", "People's Republic of China", "China"),
        ("India", "the Indian Ocean", None),
        ("India", "the Indian Navy in the Indian Ocean", "Indian"),
        ("South Korea", "the Democratic People's Republic of Korea", None),
        ("Republic of Korea", "the Democratic People’s Republic of Korea", None),
        ("South Korea", "the Republic of Korea", "Republic of Korea"),
        ("Republic of the Congo", "the Democratic Republic of the Congo", None),
        ("Guinea", "Papua New Guinea and Equatorial Guinea", None),
        ("Sudan", "South Sudan", None),
        ("South Sudan", "Sudan", None),
        ("Niger", "Nigeria and the Nigerian army", None),
        ("Nigeria", "Nigerien soldiers in Niger", None),
        ("Mexico", "New Mexico", None),
        ("Poland", "to polish the text", None),
        ("Poland", "the Polish text", "Polish"),
        ("Türkiye", "roast turkey", None),
        ("Türkiye", "TURKEY", "Turkey"),
        ("United States", "they told us", None),
        ("United States", "US officials", "US"),
        ("US", "they told us", None),
        ("US", "us and US officials", "US"),
        ("US", "the United States", "United States"),
        ("american", "the North American Affairs Bureau", None),
        ("United States", "the North American Affairs Bureau of America", None),
        ("Samoa", "American Samoa", None),
        ("Oman", "the Gulf of Oman", None),
        ("France", "the Paris Agreement", None),
        ("North Korea", "Pyongyang’s missiles", "Pyongyang"),
    ],
)
def test_a_passage_has_a_country_only_where_it_means_it(
    lexicon: Lexicon, question: str, text: str, name: str | None
) -> None:
    assert find_name(lexicon, question, text) == name


@pytest.mark.parametrize("asked", ["US", "America", "United States"])
def test_a_word_of_everyone_is_never_searched_for_as_a_country(lexicon: Lexicon, asked: str) -> None:
    (term,) = read_question(Question(text=f"Did {asked} agree?"), lexicon).terms[:1]
    assert "US" in term.names
    assert "US" not in term.searched
    assert "United States" in term.searched


@pytest.mark.parametrize(
    ("asked", "searched", "left_out"),
    [
        ("Norway", {"Norway", "Norwegian"}, {"Kingdom of Norway"}),
        ("Kingdom of Norway", {"Kingdom of Norway", "Norway"}, set()),
        ("America", {"America", "United States", "U.S."}, {"United States of America", "U.S.A."}),
    ],
)
def test_no_name_is_searched_for_that_holds_a_shorter_one(
    lexicon: Lexicon, asked: str, searched: set[str], left_out: set[str]
) -> None:
    (term,) = read_question(Question(text=f"Did {asked} agree?"), lexicon).terms[:1]
    assert searched <= set(term.searched)
    assert left_out <= set(term.names)
    assert not left_out & set(term.searched)


def test_of_names_that_are_searched_alike_one_is() -> None:
    assert Term(text="NSA", aliases=("adviser", "advisers", "the adviser")).searched == ("NSA", "adviser")


@pytest.mark.parametrize(
    ("question", "passage", "wording"),
    [
        ("Which Chinese ships came?", "PRC ships", "Which PRC ships came?"),
        ("Did the US agree?", "he told us of the United States", "Did the United States agree?"),
        ("Did America agree?", "the North American bureau", "Did America agree?"),
        ("What happened in Seoul?", "the Republic of Korea", "What happened in Seoul?"),
        ("Is Georgia named?", "Georgian wine", "Is Georgia named?"),
        ("Are Ukrainians safe?", "in Ukraine", "Are Ukraine safe?"),
    ],
)
def test_a_question_keeps_its_meaning_in_the_names_of_a_passage(
    lexicon: Lexicon, question: str, passage: str, wording: str
) -> None:
    assert read_question(Question(text=question), lexicon).wording_for(passage) == wording


_TRICKY = """
    US us WHO China South Sea Korea North Republic of in Seoul Paris Agreement Turkey turkey U.S. ? 's
    Indian Ocean Democratic People's DPRK
"""
TRICKY = st.sampled_from(_TRICKY.split())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TRICKY, min_size=1), st.lists(TRICKY))
def test_a_term_is_found_under_its_own_names_only(
    lexicon: Lexicon, asked: Sequence[str], said: Sequence[str]
) -> None:
    question, text = " ".join(asked), " ".join(said)
    assume(WORD.search(question))
    search = read_question(Question(text=question), lexicon)
    for term in search.terms:
        name = term.find_name(text)
        assert name is None or contains(stem_words(text), stem_words(name))
        assert name in {None, *term.names}
        assert set(term.searched) <= set(term.names)
        assert term.searched
    assert search.wording_for("nothing of it") == search.text


# ---- The user's names, the learned ones and those of countries ----------------------------------------


def lexicon_of(index_texts: Callable[..., Path], aliases: str, text: str = TEXT) -> Lexicon:
    with open_index(index_texts({"one": text, "aliases.toml": aliases.encode()})) as index:
        return Lexicon.of(index)


def test_the_names_a_user_gives_a_country_come_before_its_own(index_texts: Callable[..., Path]) -> None:
    lexicon = lexicon_of(index_texts, '"Hermit Kingdom" = ["DPRK", "North Korea"]')
    for asked in ("Hermit Kingdom", "Pyongyang", "North Korean"):
        names = (*(name for name in ("Hermit Kingdom", "DPRK", "North Korea") if name != asked),)
        others = lexicon.find_longest_name(asked.split())[1]
        assert others[: len(names)] == names
        assert {"Pyongyang", "North Korean"} - {asked} <= set(others)
        assert len({fold_word(name) for name in others}) == len(others)


def test_a_capital_that_a_user_gives_is_one_everywhere(index_texts: Callable[..., Path]) -> None:
    assert lexicon_of(index_texts, "").find_longest_name(["in", "Pyongyang"], 1) == (1, ())
    lexicon = lexicon_of(index_texts, '"North Korea" = ["Pyongyang"]\nJapan = ["Tokyo"]')
    assert "DPRK" in lexicon.find_longest_name(["in", "Pyongyang"], 1)[1]
    assert "Japan" in lexicon.find_longest_name(["in", "Tokyo"], 1)[1]


def test_names_of_two_countries_make_them_no_one(index_texts: Callable[..., Path]) -> None:
    lexicon = lexicon_of(index_texts, 'Korea = ["South Korea", "North Korea"]')
    assert lexicon.find_longest_name(["Korea"]) == (1, ("South Korea", "North Korea"))
    assert "DPRK" not in lexicon.find_longest_name(["ROK"])[1]


LEARNED = """Note

The World Health Organization (WHO) and the U.S. Agency for International Development (USAID) met the Extended
Deterrence Dialogue (EDD). The Union of Killers (UK) and small modular reactors (SMRs) were not there.
"""


@pytest.mark.parametrize(
    ("asked", "others"),
    [
        ("EDD", ("Extended Deterrence Dialogue",)),
        ("edd", ("Extended Deterrence Dialogue",)),
        ("extended deterrence dialogue", ("EDD",)),
        ("WHO", ("World Health Organization",)),
        ("who", None),
        ("Who", None),
        ("SMRs", ("small modular reactors",)),
        ("SMR", ("small modular reactors",)),
        ("World Health Organization", ("WHO",)),
        ("Union of Killers", None),
    ],
)
def test_learned_acronyms_are_names(
    index_texts: Callable[..., Path], asked: str, others: tuple[str, ...] | None
) -> None:
    found = lexicon_of(index_texts, "", LEARNED).find_longest_name(asked.split())
    assert found == ((0, ()) if others is None else (len(asked.split()), others))


def test_an_acronym_means_what_the_user_or_a_country_says(index_texts: Callable[..., Path]) -> None:
    lexicon = lexicon_of(index_texts, 'EDD = ["Early Drug Discovery"]', LEARNED)
    assert lexicon.find_longest_name(["EDD"]) == (1, ("Early Drug Discovery",))
    assert "Union of Killers" not in lexicon.find_longest_name(["UK"])[1]


@pytest.fixture
def polyglot(index: Index) -> Lexicon:
    return Lexicon(index, [("THAAD", "高高度防衛ミサイル")], load_countries())


def read(lexicon: Lexicon, question: str) -> dict[str, tuple[str, ...]]:
    """Return the names of things that a question has, each with its other names."""
    words = lexicon.find_words(question)
    written = [word[0] for word in words]
    found = {}
    at = 0
    while at < len(words):
        length, others = lexicon.find_longest_name(written, at)
        if length:
            found[question[words[at].start() : words[at + length - 1].end()]] = others
        at += max(length, 1)
    return found


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("北朝鮮は何をしたか", "北朝鮮"),
        ("なぜ北朝鮮が?", "北朝鮮"),
        ("朝鲜进行了什么导弹试验？", "朝鲜"),
        ("北韓說了什麼", "北韓"),
        ("북한은 무엇을 했습니까?", "북한은"),
        ("Was sagt Nordkorea über Atomwaffen?", "Nordkorea"),
        ("Nordkoreas Raketen", "Nordkoreas"),
        ("Que dit la Corée du Nord ?", "Corée du Nord"),
        ("que dit la coree du nord ?", "coree du nord"),
        ("¿Qué dice Corea del Norte?", "Corea del Norte"),
        ("Cosa dice la Corea del Nord?", "Corea del Nord"),
        ("O que diz a Coreia do Norte?", "Coreia do Norte"),
        ("КНДР запустила ракету", "КНДР"),
        ("санкции против Северной Кореи", "Северной Кореи"),
        ("ماذا قالت كوريا الشمالية؟", "كوريا الشمالية"),
        ("رسالة لكوريا الشمالية", "لكوريا الشمالية"),
        ("санкції проти Північної Кореї", "Північної Кореї"),
    ],
)
def test_a_country_is_known_by_its_name_in_other_languages(
    polyglot: Lexicon, question: str, name: str
) -> None:
    found = read(polyglot, question)
    assert set(found) == {name}
    assert {"North Korea", "DPRK"} <= set(found[name])


def test_a_foreign_name_has_its_other_names_in_its_language_too(polyglot: Lexicon) -> None:
    assert {"United States", "アメリカ", "アメリカ合衆国"} <= set(read(polyglot, "米国の発表")["米国"])
    assert "北韓" not in read(polyglot, "北朝鮮は")["北朝鮮"]


def test_an_english_name_has_no_foreign_ones(polyglot: Lexicon) -> None:
    assert all(other.isascii() for other in read(polyglot, "What did North Korea say?")["North Korea"])


@pytest.mark.parametrize(
    "question",
    [
        *(
            "インド太平洋",
            "インド洋で",
            "タイプの違い",
            "コンゴ",
            "朝鮮半島の非核化",
            "日本海で",
            "朝鲜半岛",
            "上海地区",
        ),
        *("인도적 지원", "인도·태평양 전략", "수단은 무엇인가", "저지하다", "회의 결과"),
        *("Что решил Суд?", "малая страна", "Корейский полуостров", "Японское море"),
        *("Jeju Island", "a hand grenade", "Maurice said", "the reunion", "an island", "inde", "Chili sauce"),
        *("a Tokyo-based group", "the Washington-based bank", "African-American voters", "the Indo-Pacific"),
        *("la Corée", "Golfe de Guinée", "بحر الصين", "الدعم مالي"),
    ],
)
def test_what_only_looks_like_a_country_has_no_other_names(polyglot: Lexicon, question: str) -> None:
    assert not any(read(polyglot, question).values())


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What does the U.S. say?", ["What", "does", "the", "U.S.", "say"]),
        ("北朝鮮のミサイル発射", ["北朝鮮", "ミサイル", "発射"]),
        ("Ｇ７は経済制裁を取ったか", ["Ｇ７", "経済", "済制", "制裁", "取"]),
        ("朝鲜进行了什么试验？", ["朝鲜", "进行", "行了", "试验"]),
        ("高高度防衛ミサイルの配備", ["高高度防衛ミサイル", "配備"]),
        ("核の脅威", ["核", "脅威"]),
        ("대한민국은 미사일을 발사했다", ["대한민국은", "미사일을", "발사", "사했", "했다"]),
        ("북한은 무엇을 발사했습니까?", ["북한은", "무엇을", "발사", "사했"]),
        ("아랍에미리트 연합", ["아랍에미리트", "연합"]),
        ("なに", []),
        ("the US-Japan talks", ["the", "US", "-", "Japan", "talks"]),
        ("North Korea-Russia ties", ["North", "Korea", "-", "Russia", "ties"]),
        ("North-Korean", ["North", "Korean"]),
        ("a THAAD-like shield", ["a", "THAAD", "-", "like", "shield"]),
        ("Guinea-Bissau and well-known F-16s", ["Guinea-Bissau", "and", "well-known", "F-16s"]),
    ],
)
def test_words_are_cut_at_names_and_without_spaces_into_pairs(
    polyglot: Lexicon, question: str, words: list[str]
) -> None:
    assert [word[0] for word in polyglot.find_words(question)] == words


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("the US-Japan talks", {"US": "U.S.", "Japan": "Japanese"}),
        ("North Korea-Russia ties", {"North Korea": "DPRK", "Russia": "Moscow"}),
        ("North-Korean arms", {"North-Korean": "DPRK"}),
        ("the Washington-Tokyo axis", {"Washington": "U.S.", "Tokyo": "Japan"}),
        ("a Beijing-led bank", {"Beijing": "PRC"}),
    ],
)
def test_names_that_a_hyphen_joins_are_each_known(
    polyglot: Lexicon, question: str, names: dict[str, str]
) -> None:
    found = read(polyglot, question)
    assert set(found) == set(names)
    assert all(other in found[name] for name, other in names.items())


@given(question=st.text(alphabet="aB .北朝鮮はミサタイ核북한Дл", max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_words_are_where_they_say(polyglot: Lexicon, question: str) -> None:
    for word in polyglot.find_words(question):
        assert question[word.start() : word.end()] == word[0] != ""
