"""The names of countries: complete, each of one country, and kept from what only looks like one."""

import collections
import tomllib
from pathlib import Path

import pycountry
import pytest

from qa.countries import Country, Writing, is_place, load_countries, load_foreign_names
from qa.function_words import FUNCTION_WORDS
from qa.stems import fold

DATA = Path(__file__).resolve().parents[1] / "qa" / "countries.toml"


def country(name: str) -> Country:
    (found,) = (each for each in load_countries().countries if name in each.names)
    return found


@pytest.mark.parametrize(
    "names",
    [
        {"South Korea", "Republic of Korea", "ROK", "South Korean", "Seoul"},
        {"North Korea", "Democratic People's Republic of Korea", "DPRK", "North Korean", "Pyongyang"},
        {"China", "People's Republic of China", "PRC", "Chinese", "Beijing"},
        {"Russia", "Russian Federation", "Russian", "Moscow", "Kremlin"},
        {"Türkiye", "Turkey", "Republic of Türkiye", "Turkish"},
        {"Côte d'Ivoire", "Ivory Coast"},
        {"Myanmar", "Burma", "Burmese"},
        {"United Kingdom", "UK", "U.K.", "Britain", "British"},
        {"United Arab Emirates", "UAE", "Emirati"},
        {"United States", "United States of America", "U.S.", "US", "USA"},
        {"Democratic Republic of the Congo", "DRC"},
        {"Republic of the Congo", "Congo-Brazzaville"},
        {"Viet Nam", "Vietnam", "Socialist Republic of Viet Nam", "Vietnamese"},
        {"Czechia", "Czech Republic", "Czech"},
        {"Eswatini", "Swaziland"},
        {"Kosovo", "Kosovar"},
        {"Holy See", "Vatican"},
        {"Iran", "Islamic Republic of Iran", "Iranian", "Tehran"},
    ],
)
def test_a_country_has_all_its_names(names: set[str]) -> None:
    assert names <= set(country(next(iter(names))).names)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("France", {"Paris", "FRA"}),
        ("Georgia", {"Tbilisi", "Georgian"}),
        ("United States", {"America", "American", "Americans"}),
        ("Ukraine", {"Kiev", "Ukrainians", "UKR"}),
        ("North Korea", {"PRK"}),
    ],
)
def test_some_names_are_understood_but_not_searched_for(name: str, asked: set[str]) -> None:
    assert asked <= set(country(name).asked)
    assert not asked & set(country(name).names)


def test_georgia_jordan_and_chad_are_searched_for_by_no_name_of_a_person_or_state() -> None:
    assert country("Georgia").names == ("Georgia",)
    assert country("Jordan").names == ("Jordan", "Hashemite Kingdom of Jordan")
    assert country("Chad").names == ("Chad", "Republic of Chad")


def test_every_country_of_iso_3166_is_there_under_its_usual_name() -> None:
    names = {fold(name) for each in load_countries().countries for name in each.names}
    for each in pycountry.countries:
        usual = getattr(each, "common_name", each.name).partition(" (")[0]
        if "," not in usual:
            assert fold(usual) in names - {"congo"} or each.alpha_2 == "CG"


def test_no_name_is_of_two_countries_or_stands_twice() -> None:
    everything = load_countries()
    names = [fold(name) for each in everything.countries for name in (*each.names, *each.asked)]
    names += [fold(name) for name in everything.other_things]
    assert [name for name, count in collections.Counter(names).items() if count > 1] == []


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Korea",
            "Korean",
            "Congo",
            "Congolese",
            "Dominican",
            "Victoria",
            "Santiago",
        ),
        *(
            "San José",
            "Georgetown",
            "Kingston",
            "Stanley",
            "Lincoln",
            "Sofia",
            "Wellington",
            "Brussels",
            "Malé",
        ),
        *("Indian Ocean", "North American", "American Samoan", "New Mexico", "Republic of China"),
        *("may", "man", "IN", "NO", "IT", "CAN", "ARE", "AND", "PER", "COM", "GEO", "SEN", "MDA"),
    ],
)
def test_a_name_of_two_things_is_no_name_of_a_country(name: str) -> None:
    names = {each for one in load_countries().countries for each in map(fold, (*one.names, *one.asked))}
    assert fold(name) not in names


def test_no_name_is_turned_around_or_explained() -> None:
    for each in load_countries().countries:
        assert each.names
        for name in (*each.names, *each.asked):
            assert not set(name) & set(",()"), name
            assert name == name.strip() != "", name
            assert not name.casefold().startswith("the "), name


def test_a_name_that_is_a_word_is_told_by_its_capitals() -> None:
    everything = load_countries()
    for each in everything.countries:
        for name in (*each.names, *each.asked):
            assert fold(name) not in FUNCTION_WORDS or name.isupper(), name
    names = {name for each in everything.countries for name in each.names}
    assert everything.capitalised <= names


def test_places_are_capitals_and_no_adjectives() -> None:
    assert country("South Korea").places == {"Seoul"}
    assert country("France").places == {"Paris"}
    for each in load_countries().countries:
        assert each.places <= {*each.names, *each.asked}


def test_the_lines_of_the_file_are_of_countries_and_sorted() -> None:
    content = tomllib.loads(DATA.read_text(encoding="utf-8"))
    codes = list(content["countries"])
    assert codes == sorted(codes)
    assert [code for code in codes if pycountry.countries.get(alpha_2=code) is None] == ["XK"]
    known = {"names", "people", "governments", "capitals", "seats", "asked", "without"}
    assert set().union(*(line.keys() for line in content["countries"].values())) == known
    assert all(pycountry.countries.get(alpha_3=code) for code in content["not_codes"])


@pytest.mark.parametrize(
    ("before", "after", "is_city"),
    [
        ("in", "", True),
        ("In", "yesterday", True),
        ("visited", "", True),
        ("the", "Agreement", True),
        ("the", "summit", True),
        ("did", "say", False),
        ("", "", False),
        ("to", "", False),
    ],
)
def test_a_capital_is_the_city_where_something_is_or_was_held(
    before: str, after: str, *, is_city: bool
) -> None:
    assert is_place(before, after) is is_city


WRITINGS: tuple[Writing, ...] = ("latin", "cyrillic", "arabic", "hangul", "han")


@pytest.mark.parametrize(
    ("writing", "code", "names"),
    [
        (
            "latin",
            "KP",
            {"Nordkorea", "Corée du Nord", "Corea del Norte", "Corea del Nord", "Coreia do Norte"},
        ),
        ("cyrillic", "KP", {"КНДР", "Северная Корея", "Північна Корея"}),
        ("arabic", "KP", {"كوريا الشمالية"}),
        ("hangul", "KP", {"북한"}),
        ("han", "KP", {"北朝鮮", "朝鲜", "北韓"}),
        ("han", "US", {"米国", "アメリカ合衆国", "美国", "美國"}),
    ],
)
def test_a_country_has_its_names_in_other_languages(writing: Writing, code: str, names: set[str]) -> None:
    countries = load_foreign_names(writing).countries
    assert names <= {name for each, own in countries if each == code for name in own}


@pytest.mark.parametrize(
    ("writing", "nameless"),
    [
        ("latin", {"DM"}),
        ("cyrillic", {"ML", "TG"}),
        ("arabic", {"ML"}),
        ("hangul", {"BT", "DM", "FJ", "GG", "GH", "IM", "JE", "ML", "OM", "SD"}),
        ("han", set()),
    ],
)
def test_only_what_has_no_clear_name_in_a_writing_has_none(writing: Writing, nameless: set[str]) -> None:
    named = {code for code, names in load_foreign_names(writing).countries if names}
    assert {each.code for each in load_countries().countries} - named == nameless


@pytest.mark.parametrize("writing", WRITINGS)
def test_no_foreign_name_is_of_two_countries_or_of_something_else(writing: Writing) -> None:
    foreign = load_foreign_names(writing)
    owners: dict[str, set[str]] = {}
    for code, names in foreign.countries:
        for name in names:
            owners.setdefault(fold(name), set()).add(code)
            assert not set(name) & set(",()（）"), name
    assert [name for name, codes in owners.items() if len(codes) > 1] == []
    assert not owners.keys() & set(map(fold, foreign.other_things))
    assert set(map(fold, foreign.capitalised)) <= owners.keys()


@pytest.mark.parametrize(
    ("writing", "name"),
    [
        ("latin", "Island"),  # Iceland in German
        ("latin", "Grenade"),  # Grenada in French
        ("latin", "Maurice"),
        ("cyrillic", "Того"),  # "of that"
        ("arabic", "مالي"),  # "financial"
        ("hangul", "수단"),  # "means"
        ("han", "朝鮮"),  # Korea
        ("han", "刚果"),
    ],
)
def test_a_foreign_name_of_two_things_is_no_name_of_a_country(writing: Writing, name: str) -> None:
    names = {fold(each) for _, own in load_foreign_names(writing).countries for each in own}
    assert fold(name) not in names


def test_what_is_left_out_is_in_the_data() -> None:
    from babel import Locale

    content = tomllib.loads(DATA.read_text(encoding="utf-8"))["foreign"]
    known = {
        fold(name.partition(" (")[0])
        for locale in ("de", "fr", "es", "pt", "it", "ru", "uk", "ar", "ko", "ja", "zh", "zh_Hant")
        for name in Locale.parse(locale).territories.values()
    }
    assert set(content) == set(WRITINGS)
    for writing in content.values():
        spare = {fold(name) for name in writing["without"]} - known
        assert spare <= {fold("Kongo"), fold("Конго"), fold("الكونغو")}
