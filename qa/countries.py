"""What countries are called: ISO 3166 as pycountry has it, CLDR as Babel does, and names that both lack."""

import dataclasses
import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from qa.stems import fold

if TYPE_CHECKING:
    from pycountry.db import Country as IsoCountry

_MORE_NAMES = Path(__file__).with_name("countries.toml")

# Before a capital, they say that the city is meant; after it, something that was held or signed there.
_BEFORE = "in at near outside inside around visit visits visited visiting"
_AFTER = """
    accord accords action agenda agreement agreements airport amendment announcement based born call charter
    club commitment communique compact conference consensus convention declaration dialogue format forum
    framework group joint meeting meetings memorandum ministerial pact plan principles process protocol
    round statement statute summit talks treaty university
"""
_BEFORE_PLACES, _AFTER_PLACES = frozenset(_BEFORE.split()), frozenset(_AFTER.split())


Writing = Literal["latin", "cyrillic", "arabic", "hangul", "han"]

# Reading all at once would take a fifth of a second.
_LOCALES: Mapping[Writing, tuple[str, ...]] = {
    "latin": ("de", "fr", "es", "pt", "it"),
    "cyrillic": ("ru", "uk"),
    "arabic": ("ar",),
    "hangul": ("ko",),
    "han": ("ja", "zh", "zh_Hant"),
}
_CODE_LETTERS = 2  # three digits are for a part of the world
_EXPLAINED = re.compile(r"\s*[(（].*")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """The English names of one country, the usual one first. `code` is that of ISO 3166, "XK" for Kosovo.

    `names` are searched for. `asked` are only understood in a question: to search for them would find other
    things too. `places` are those of both that may mean a city, `seats` those that are only understood where
    something says that the government is meant.
    """

    code: str
    names: tuple[str, ...]
    asked: tuple[str, ...]
    places: frozenset[str]
    seats: frozenset[str]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CountryNames:
    """All countries, and what must be told from them.

    `other_things` are names that hold a country's name and mean something else; `capitalised` are names that
    are ordinary words without their capital.
    """

    countries: tuple[Country, ...]
    other_things: tuple[str, ...]
    capitalised: frozenset[str]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ForeignNames:
    """What countries are called in the languages of one writing: a code and its names in one of them.

    `other_things` and `capitalised` are as those of `CountryNames`.
    """

    countries: tuple[tuple[str, tuple[str, ...]], ...]
    other_things: tuple[str, ...]
    capitalised: frozenset[str]


NO_COUNTRIES = CountryNames(countries=(), other_things=(), capitalised=frozenset())
NO_FOREIGN_NAMES = ForeignNames(countries=(), other_things=(), capitalised=frozenset())


@functools.cache
def load_countries() -> CountryNames:
    """Read the names of all countries, once."""
    import pycountry

    content = _read_more_names()
    more: dict[str, Mapping[str, Sequence[str]]] = content["countries"]
    not_codes = frozenset(content["not_codes"])
    iso = {country.alpha_2: country for country in pycountry.countries}
    # Kosovo has a code, though not from ISO.
    codes = sorted(iso.keys() | more.keys())
    countries = (_describe(code, iso.get(code), more.get(code, {}), not_codes) for code in codes)
    return CountryNames(
        countries=tuple(country for country in countries if country.names),
        other_things=tuple(content["other_things"]),
        capitalised=frozenset(content["capitalised"]),
    )


@functools.cache
def load_foreign_names(writing: Writing) -> ForeignNames:
    """Read what all countries are called in the languages of one writing, once. No name is of two of them."""
    content = _read_more_names()["foreign"][writing]
    without = frozenset(map(fold, content["without"]))
    countries = [
        (code, tuple(dict.fromkeys(names)))
        for locale in _LOCALES[writing]
        for code, names in _list_names(locale, content["names"].get(locale, {}))
    ]
    owners: dict[str, set[str]] = {}
    for code, names in countries:
        for name in names:
            owners.setdefault(fold(name), set()).add(code)
    ambiguous = without | {name for name, codes in owners.items() if len(codes) > 1}
    return ForeignNames(
        countries=tuple(
            (code, tuple(name for name in names if fold(name) not in ambiguous)) for code, names in countries
        ),
        other_things=tuple(content["other_things"]),
        capitalised=frozenset(content["capitalised"]),
    )


def _list_names(locale: str, more: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each code with the names in one locale, the usual one first."""
    from babel import Locale

    for code, name in Locale.parse(locale).territories.items():
        plain = _EXPLAINED.sub("", name)
        if len(code) == _CODE_LETTERS and code.isalpha() and not set(plain) & set(",،"):
            yield code, (plain, *more.get(code, ()))


@functools.cache
def _read_more_names() -> dict[str, Any]:
    return tomllib.loads(_MORE_NAMES.read_text(encoding="utf-8"))


def is_place(before: str, after: str) -> bool:
    """Say whether a capital between these two words, "" if there is none, is the city: "in Seoul"."""
    return before.casefold() in _BEFORE_PLACES or after.casefold() in _AFTER_PLACES


def _describe(
    code: str, iso: "IsoCountry | None", more: Mapping[str, Sequence[str]], not_codes: frozenset[str]
) -> Country:
    official = [] if iso is None else _official_names(iso)
    people = more.get("people", ())
    names = [name for name in official if name not in more.get("without", ())]
    names += [*more.get("names", ()), *more.get("governments", ()), *people]
    seats, capitals = more.get("seats", ()), more.get("capitals", ())
    asked = [*more.get("asked", ()), *capitals, *seats, *(f"{each}s" for each in people)]
    if iso is not None and iso.alpha_3 not in not_codes:
        asked.append(iso.alpha_3)
    searched = {fold(name): name for name in reversed(names)}
    return Country(
        code=code,
        names=tuple(reversed(searched.values())),
        asked=tuple(name for name in asked if fold(name) not in searched),
        places=frozenset((*more.get("governments", ()), *capitals, *seats)),
        seats=frozenset(seats),
    )


def _official_names(iso: "IsoCountry") -> list[str]:
    """Return the names of ISO 3166, the usual one first, without those turned around: "Iran, ..."."""
    fields: list[Any] = [getattr(iso, field, None) for field in ("common_name", "name", "official_name")]
    names = [name.removeprefix("the ").partition(" (")[0] for name in fields if name]
    return [name for name in names if "," not in name]
