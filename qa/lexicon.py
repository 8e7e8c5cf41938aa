"""What the index knows of words: the other names of a thing, and the nearest word to a slip."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Self, TypeAlias

from index.english import is_english
from index.forms import form_words
from index.store import Index
from qa.countries import (
    NO_COUNTRIES,
    NO_FOREIGN_NAMES,
    Country,
    CountryNames,
    ForeignNames,
    Writing,
    is_place,
    load_countries,
    load_foreign_names,
)
from qa.function_words import FUNCTION_WORDS
from qa.spell_out import list_acronyms
from qa.spelling import correct_stem, cut_once, find_neighbours
from qa.stems import contains, fold, stem_words

# Letters and digits, with the dots, hyphens and signs that hold "U.S.", "Japan-U.S." and "2+2" together.
WORD = re.compile(r"[^\W_]+(?:[.&+'’-][^\W_]+)*(?:(?<=\.[^\W\d_])\.(?:['’][sS]\b)?)?")
# What is glued to a name and is no part of it: the English 's, and Korean particles.
POSSESSIVE = re.compile(
    r"['’][sS]$"
    r"|(?<=[가-힣]{2})(?:(?:에서|에게|께서|으로|까지|부터|이라는|이라고|이란|이나|로|에|와|과|이|가|을|를|의)"
    r"(?:은|는|도|만)?|은|는|도|만)$"
)

_PLURAL_OF_CAPITALS = re.compile(r"(?<=[A-Z]{2})s$")

_HAN = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff"
_KATAKANA = "ァ-ヺー"
_UNSPACED = re.compile(f"[{_HAN}ぁ-ゖ{_KATAKANA}]")
_WRITINGS: Mapping[Writing, re.Pattern[str]] = {
    "cyrillic": re.compile("[\u0400-\u052f]"),
    "arabic": re.compile("[\u0620-\u06ff]"),
    "hangul": re.compile("[가-힣]"),
    "han": _UNSPACED,
}
# The words between names where there are no spaces: in katakana, in pairs of Han, and in other letters.
# Hiragana are mostly endings.
_PIECE = re.compile(rf"[{_KATAKANA}]+|[{_HAN}]+|[^\W_{_HAN}ぁ-ゖ{_KATAKANA}]+")
_ASKING = re.compile("什么|什麼|怎么|怎麼|哪些|哪个|如何|是否|[何誰谁吗嗎呢]")
_PAIR = 2
# A Korean word with a verb's endings, or of several nouns.
_LONG_HANGUL = re.compile("[가-힣]{4,}")
_POLITE = re.compile("(?:[습입]니|니)[까다]$")
_ANY = re.compile(".*", re.DOTALL)
# What a government does, or is done for it: "did Washington offer", "Who represented Tokyo?"
_BEFORE_GOVERNMENTS = re.compile(
    "can|could|did|does?|had|has|have|may|might|must|represent(?:ed|s)?|should|will|would", re.IGNORECASE
)
# "Who co-chaired for Tokyo?"
_AS_GOVERNMENTS = re.compile(
    "(?:(?:co-?)?(?:chair(?:ed|s)?|led|leads?)|head(?:ed|s)?|sign(?:ed|s)?|spoke|speaks?) for", re.IGNORECASE
)
_MAX_FOREIGN_WORDS = 8
JOINT = "-"
"""What joins the names of "US-Japan", which are looked up one by one."""
_PART_OR_JOINT = re.compile(r"-|[^-]+")

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
        self.acronyms = list_acronyms(groups)
        self._joined = {word for key in self._others for word in key if JOINT in word}
        longest = _MAX_FOREIGN_WORDS if countries.countries else 0
        self._longest = max(longest, *map(len, self._others), 0)
        self._capitalised = frozenset(map(read_key, countries.capitalised))
        self._places = {read_key(name) for each in countries.countries for name in each.places} - given
        self._seats = {read_key(name) for each in countries.countries for name in each.seats} - given
        self._compounds = _list_compounds(countries)
        self._homes = {country.code: country.names for country in countries.countries}
        self._foreign: dict[Writing, _ForeignWords] = {}

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
        Washington, which is much else, has them only in "Tokyo and Washington", "did Washington offer" and
        "Washington's offer".
        """
        folded = tuple(map(_fold_plural, words[at : at + self._longest]))
        for length in range(len(folded), 0, -1):
            others = self._find_others(folded[:length], words[at])
            if others is not None:
                before = "".join(words[max(at - 1, 0) : at])
                after = "".join([word for word in words[at + length : at + length + 2] if word != JOINT][:1])
                as_place = folded[:length] in self._places and is_place(before, after)
                governs = _is_government(words[:at], words[at + length - 1], after)
                is_seat = governs or self._is_paired(words, at)
                is_else = folded[:length] in self._seats and not is_seat
                return length, () if as_place or is_else else others
        return 0, ()

    def other_names(self, name: str) -> tuple[str, ...]:
        """Return the other names of what `name` is the whole name of."""
        words = [match[0] for match in WORD.finditer(name)]
        length, others = self.find_longest_name(words)
        return others if length == len(words) else ()

    def find_words(self, text: str) -> list[re.Match[str]]:
        """Return the words of a question as `WORD` finds them, those that hold names cut into these."""
        return [piece for word in WORD.finditer(text) for piece in self._cut_word(word)]

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

    def has_word(self, word: str) -> bool:
        """Say whether some passage has `word`, in any of its forms."""
        return self._index.document_frequency(word) > 0

    def correct(self, word: str, *, after: str = "") -> tuple[str, ...]:
        """Return the word of the statements that `word` is a slip for, as they write it, if it is one.

        "Jonson" after "Richard" is, though it may be a name, where they have Richard Johnson. What is in no
        dictionary may be two words of theirs.
        """
        if self.has_word(word):
            return ()
        for parts in () if is_english(fold(word)) else cut_once(fold(word)):
            if all(map(self.has_word, parts)) and self._index.mentions(" ".join(parts)):
                return (" ".join(parts),)
        vocabulary = self._index.vocabulary
        stem = correct_stem(word, vocabulary)
        if stem is not None:
            return self._spell_out(stem)
        if not after or not self.has_word(after):
            return ()
        near = [other for stem in find_neighbours(word, vocabulary) for other in self._spell_out(stem)]
        return tuple(other for other in near if self._index.mentions(f"{after} {other}"))[:1]

    def join(self, first: str, second: str) -> tuple[str, ...]:
        """Return the word that the statements write two as, if they never have the two: "table top"."""
        stems = stem_words(first + second)
        is_longer = len(stems) == 1 and len(stems[0]) > len(first)  # "system ability" is no system
        if not is_longer or not self.has_word(first + second) or self._index.mentions(f"{first} {second}"):
            return ()
        return self._spell_out(stems[0])

    def _is_paired(self, words: Sequence[str], at: int) -> bool:
        """Say whether the word `at` stands beside a country or its capital: "Tokyo and Beijing"."""
        return any(
            0 <= other < len(words)
            and words[between] in ("and", JOINT)
            and self._others.get(read_key(words[other]))
            for between, other in ((at - 1, at - 2), (at + 1, at + 2))
        )

    def _add(self, group: Sequence[str], asked: Sequence[str]) -> None:
        folded = [(fold(name), name) for name in group]
        for name in (*group, *asked):
            key, own = read_key(name), fold(name)
            others = (*self._others.get(key, ()), *(other for each, other in folded if each != own))
            self._others[key] = tuple(dict.fromkeys(others))
            self._in_capitals[key] = self._in_capitals.get(key, True) and name.isupper() and name.isalpha()

    def _find_others(self, key: Key, word: str) -> tuple[str, ...] | None:
        """Return the other names of the name with this key, None if there is none that begins with `word`."""
        others = self._others.get(key)
        if others is None:  # in haste: "beijings arsenal"
            owner = _drop_s(key)
            if owner in self._places:
                key, others = owner, self._others[owner]
        if others is not None:
            return others if self._is_name_as_written(key, word) else None
        return self._read_foreign(_tell_writing(word)).find_others(key, word)

    def _read_foreign(self, writing: Writing) -> "_ForeignWords":
        if writing not in self._foreign:
            names = load_foreign_names(writing) if self._homes else NO_FOREIGN_NAMES
            self._foreign[writing] = _ForeignWords(names, writing, self._homes, self._others)
        return self._foreign[writing]

    def _cut_word(self, word: re.Match[str]) -> Iterator[re.Match[str]]:
        plain = POSSESSIVE.sub("", word[0])
        if _UNSPACED.search(plain):
            yield from self._cut_run(word)
        elif _LONG_HANGUL.fullmatch(plain) and not self._read_foreign("hangul").has_word(plain):
            yield from _cut_pairs(word.string, word.start(), word.start() + len(_POLITE.sub("", plain)))
        elif JOINT in plain and self._joins_names(plain):
            is_one = read_key(plain.replace(JOINT, " ")) in self._others
            pieces = _PART_OR_JOINT.finditer(word.string, word.start(), word.end())
            yield from (piece for piece in pieces if not (is_one and piece[0] == JOINT))
        else:
            yield word

    def _joins_names(self, word: str) -> bool:
        """Say whether a word is made of names, and is no single name, as Guinea-Bissau, nor a word of one."""
        if fold_word(word) in self._joined:
            return False
        parts = word.split(JOINT)
        return any(self._find_others(read_key(part), part) for part in (" ".join(parts), *parts))

    def _cut_run(self, word: re.Match[str]) -> Iterator[re.Match[str]]:
        """Yield the names in a run of words without spaces, and the words between them."""
        at = word.start()
        for name in self._read_foreign("han").pattern.finditer(word.string, word.start(), word.end()):
            yield from _cut_pieces(word.string, at, name.start())
            yield name
            at = name.end()
        yield from _cut_pieces(word.string, at, word.end())

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


class _ForeignWords:
    """The names of countries in one writing, ready to be looked up; `taken` are names known already."""

    def __init__(
        self,
        foreign: ForeignNames,
        writing: Writing,
        homes: Mapping[str, tuple[str, ...]],
        taken: Mapping[Key, tuple[str, ...]],
    ) -> None:
        self._is_cyrillic = writing == "cyrillic"
        self._capitalised = frozenset(map(read_key, foreign.capitalised))
        self._names: dict[Key, str] = {}
        self._others: dict[Key, tuple[str, ...]] = {read_key(name): () for name in foreign.other_things}
        for code, names in foreign.countries:
            for name in names if code in homes else ():
                same = [other for other in names if fold(other) != fold(name)]
                self._others.setdefault(read_key(name), (*homes[code], *same))
                self._names.setdefault(read_key(name), fold(name))
        self._words = {word for key in (*self._others, *taken) for word in key}
        unspaced = {key[0] for key in (*self._others, *taken) if len(key) == 1 and _UNSPACED.match(key[0])}
        longest_first = sorted(unspaced, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(_match_whole, longest_first)) or r"(?!)")

    def find_others(self, key: Key, word: str) -> tuple[str, ...] | None:
        """Return the other names of the name with this key, None if there is none that begins with `word`."""
        if key not in self._others:  # German: "Nordkoreas Raketen"
            key = _drop_s(key)
        return self._others.get(key) if self._is_as_written(key, word) else None

    def has_word(self, word: str) -> bool:
        """Say whether a word is one of those of a name."""
        return fold_word(word) in self._words

    def _is_as_written(self, key: Key, word: str) -> bool:
        if key in self._capitalised:
            return word[0].isupper()
        # Of one word alone, the stem is not enough: суд, a court, is no form of Судан.
        if self._is_cyrillic and len(key) == 1 and key in self._names:
            return word[0].isupper() and fold(word).startswith(self._names[key][:-1])
        return True


def _is_government(before: Sequence[str], name: str, after: str) -> bool:
    """Say whether a name after these words, and before one ("" if there is none), does what governments do.

    So does a name with an 's, but in "George Washington's" and "in Tokyo's parks".
    """
    last = before[-1] if before else ""
    if _AS_GOVERNMENTS.fullmatch(" ".join(before[-2:])):
        return not after[:1].isupper()
    does = _BEFORE_GOVERNMENTS.fullmatch(last) is not None
    owns = POSSESSIVE.search(name) is not None and not last[:1].isupper() and not is_place(last, after)
    return (does or owns) and after.islower() and after != "and"


def _tell_writing(word: str) -> Writing:
    return next((writing for writing, letters in _WRITINGS.items() if letters.search(word)), "latin")


def _match_whole(name: str) -> str:
    """Return a pattern for a name in a run of words; words in katakana have ends: タイ is not in タイプ."""
    before = f"(?<![{_KATAKANA}])" if re.match(f"[{_KATAKANA}]", name) else ""
    after = f"(?![{_KATAKANA}])" if re.search(f"[{_KATAKANA}]$", name) else ""
    return before + re.escape(name) + after


def _cut_pieces(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the words between names where there are no spaces. Those in Han are cut in overlapping pairs."""
    for part in _split_at(_ASKING, text, start, end):
        for piece in _PIECE.finditer(text, *part):
            if re.match(f"[{_HAN}]", piece[0]) and len(piece[0]) > _PAIR:
                yield from _cut_pairs(text, piece.start(), piece.end())
            else:
                yield piece


def _cut_pairs(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    for at in range(start, end - 1):
        pair = _ANY.fullmatch(text, at, at + _PAIR)
        if pair:
            yield pair


def _split_at(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in pattern.finditer(text, start, end):
        yield start, found.start()
        start = found.end()
    yield start, end


def fold_word(word: str) -> str:
    """Return a word ready to be compared: "China's" is china, "U.S." is u.s, "US-Japan" keeps its parts."""
    plain = POSSESSIVE.sub("", fold(word)).rstrip(".").replace("’", "'")
    return form_words(plain) if _tell_writing(plain) in ("cyrillic", "arabic") else plain


@functools.lru_cache(maxsize=8192)
def read_key(name: str) -> Key:
    """Return the words of a name ready to be compared."""
    return tuple(_fold_plural(match[0]) for match in WORD.finditer(name))


def _drop_s(key: Key) -> Key:
    """Return the words of a name without the s of its owner, where that has no apostrophe."""
    return (*key[:-1], key[-1].removesuffix("s"))


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
