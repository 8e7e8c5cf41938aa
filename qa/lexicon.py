"""What the index knows of words: the other names of a thing, and the nearest word to a slip."""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Self, TypeAlias

from index.store import Index
from qa.countries import NO_COUNTRIES, Country, CountryNames, is_place, load_countries
from qa.function_words import FUNCTION_WORDS
from qa.spelling import correct_stem, is_english
from qa.stems import contains, fold, stem_words

# Letters and digits, with the dots, hyphens and signs that hold "U.S.", "Japan-U.S." and "2+2" together.
WORD = re.compile(r"[^\W_]+(?:[.&+'’-][^\W_]+)*(?:(?<=\.[^\W\d_])\.(?:['’][sS]\b)?)?")
POSSESSIVE = re.compile(r"['’][sS]$")

_PLURAL_OF_CAPITALS = re.compile(r"(?<=[A-Z]{2})s$")

Key: TypeAlias = tuple[str, ...]
"""The folded words of a name."""


class Lexicon:
    """The names and words of one build of the index.

    `names` are groups of names for the same thing; those for a country are added to its own. In a question,
    the longest name at a place is meant, and no part of it.
    """

    def __init__(
        self, index: Index, names: Iterable[Sequence[str]], countries: CountryNames = NO_COUNTRIES
    ) -> None:
        self._index = index
        self._others: dict[Key, tuple[str, ...]] = {read_key(name): () for name in countries.other_things}
        self._in_capitals: dict[Key, bool] = {}
        groups = [tuple(name for name in group if WORD.search(name)) for group in names]
        # Of a given name only that is known: SMR is a small modular reactor, and not San Marino's code.
        given = {read_key(name) for group in groups for name in group}
        for group, asked in _join_groups(groups, countries.countries):
            self._add(group, [name for name in asked if read_key(name) not in given])
        self._longest = max(map(len, self._others), default=0)
        self._capitalised = frozenset(map(read_key, countries.capitalised))
        self._places = {read_key(name) for each in countries.countries for name in each.places} - given
        self._compounds = _list_compounds(countries)

    @classmethod
    def of(cls, index: Index) -> Self:
        """Take the names and words of `index`: the user's, those it learned, and those of all countries.

        A learned acronym that the user or a country has for a name already is left out.
        """
        countries, given = load_countries(), index.manifest.aliases
        taken = {read_key(name) for group in given for name in group}
        taken.update(read_key(name) for country in countries.countries for name in country.names)
        learned = [group for group in index.manifest.acronyms if read_key(group[-1]) not in taken]
        return cls(index, (*given, *learned), countries)

    def find_longest_name(self, words: Sequence[str], at: int = 0) -> tuple[int, tuple[str, ...]]:
        """Return how many of `words` the longest name that starts with the one `at` has, and its other names.

        The words are as written, since some names, as US, are only told by their capitals from a word. A
        capital has no other names where it is written as a place: "in Seoul", "the Paris Agreement".
        """
        folded = tuple(map(_fold_plural, words[at : at + self._longest]))
        for length in range(len(folded), 0, -1):
            others = self._others.get(folded[:length])
            if others is not None and self._is_name_as_written(folded[:length], words[at]):
                before, after = words[max(at - 1, 0) : at], words[at + length : at + length + 1]
                as_place = folded[:length] in self._places and is_place("".join(before), "".join(after))
                return length, () if as_place else others
        return 0, ()

    def find_lookalikes(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the names of other things that hold one of `names`: "South China Sea" holds "China"."""
        own = [stem_words(name) for name in names]
        found = {
            other: None
            for stems in own
            for other in self._compounds.get(stems[-1], ())
            if len(compound := stem_words(other)) > len(stems)
            and contains(compound, stems)
            and not any(contains(each, compound) for each in own)
        }
        return tuple(found)

    def correct(self, word: str) -> tuple[str, ...]:
        """Return the word of the statements that `word` is a slip for, as they write it, if it is one."""
        if self._index.document_frequency(word):
            return ()
        stem = correct_stem(word, self._index.vocabulary)
        return () if stem is None else self._spell_out(stem)

    def _add(self, group: Sequence[str], asked: Sequence[str]) -> None:
        folded = [(fold(name), name) for name in group]
        for name in (*group, *asked):
            key, own = read_key(name), fold(name)
            others = (*self._others.get(key, ()), *(other for each, other in folded if each != own))
            self._others[key] = tuple(dict.fromkeys(others))
            self._in_capitals[key] = self._in_capitals.get(key, True) and name.isupper() and name.isalpha()

    def _is_name_as_written(self, key: Key, word: str) -> bool:
        """Say whether `word`, where a name begins, is that name and not a word with the same letters."""
        if key in self._capitalised:
            return word[0].isupper()
        if not self._in_capitals.get(key) or _PLURAL_OF_CAPITALS.sub("", word).isupper():
            return True
        return key[0] not in FUNCTION_WORDS and not is_english(key[0])

    def _spell_out(self, stem: str) -> tuple[str, ...]:
        """Return a word that has this stem, as a passage writes it."""
        found = self._index.find_stem(stem)
        words = [
            match[0]
            for passage in self._index.passages([] if found is None else [found])
            for match in re.finditer(r"[^\W_]+", f"{passage.text} {passage.title}")
        ]
        return tuple(word for word in words if stem_words(word) == (stem,))[:1]


def fold_word(word: str) -> str:
    """Return a word ready to be compared: "China's" is china, "U.S." is u.s, "US-Japan" keeps its parts."""
    return POSSESSIVE.sub("", fold(word)).rstrip(".").replace("’", "'")


@functools.lru_cache(maxsize=8192)
def read_key(name: str) -> Key:
    """Return the words of a name ready to be compared."""
    return tuple(_fold_plural(match[0]) for match in WORD.finditer(name))


def _fold_plural(word: str) -> str:
    """Fold a word; "SMRs" is smr."""
    return fold_word(_PLURAL_OF_CAPITALS.sub("", word))


def _join_groups(
    groups: Iterable[tuple[str, ...]], countries: Iterable[Country]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield each group of names, and the names that are only understood.

    A group that names one country is put before its own names.
    """
    home = {read_key(name): country for country in countries for name in country.names}
    given: dict[Country, tuple[str, ...]] = dict.fromkeys(home.values(), ())
    for group in groups:
        named = {home[key] for key in map(read_key, group) if key in home}
        if len(named) == 1:
            given[next(iter(named))] += group
        else:
            yield group, ()
    for country, names in given.items():
        yield _name_once((*names, *country.names)), country.asked


def _name_once(names: Iterable[str]) -> tuple[str, ...]:
    by_key: dict[Key, str] = {}
    for name in names:
        by_key.setdefault(read_key(name), name)
    return tuple(by_key.values())


def _list_compounds(countries: CountryNames) -> dict[str, list[str]]:
    """Return the names of several words by each stem that they have."""
    compounds: dict[str, list[str]] = {}
    names = [name for country in countries.countries for name in country.names]
    for name in (*names, *countries.other_things):
        stems = stem_words(name)
        for stem in stems if len(stems) > 1 else ():
            compounds.setdefault(stem, []).append(name)
    return compounds
