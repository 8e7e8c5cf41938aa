"""The acronyms that statements define: "Extended Deterrence Dialogue (EDD)".

Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text", Pacific
Symposium on Biocomputing, 2003. It is made stricter here, since a wrong pair does more harm than a missing
one: only what is written like an acronym is one, and it must stand for several words.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from rapidfuzz import fuzz

Acronym: TypeAlias = tuple[str, ...]
"""The names of one thing: what it stands for, as written most often first, then the acronym."""

_IN_BRACKETS = re.compile(r"\(([^()]{2,150})\)")
# As the acronym itself is quoted or introduced in its brackets: (the "EDD"), (hereinafter EDD).
_INTRODUCED = re.compile(r"(?:(?:the|or|hereafter|hereinafter|henceforth)\s+)+(?=[\"'“‘A-Z])")
_QUOTES = "\"'“”‘’ \u00a0"
_WRITTEN_LIKE_ONE = re.compile(r"[A-Z0-9][A-Za-z0-9&/+-]{1,9}")
_ROMAN = re.compile(r"[IVXLCDM]+")
# Where a member of a parliament is from: (D-CA), (R–TX).
_PARTY = re.compile(r"[DRI]-[A-Z]{2}(?:-?\d+)?")
_LAST_WORD = re.compile(r"(?:^|(?<=[\s(\"“]))([^\s()\"“”]+)[\"”]?\s*$")
_PART = re.compile(r"[^\W_]+")
# Of Markdown and HTML, which statements may be written in.
_MARKUP = re.compile(r"\*+|__+|</?\w+>|\[")
_ADDRESS = re.compile(r"[=%<>@\\]|\w/\w|//")
_PLURAL = re.compile(r"(?<=[A-Z])s$")
_POSSESSIVE = re.compile(r"['’]s?$")
# What stands before one of these belongs to another part of the sentence, or to another sentence.
_BREAK = re.compile(r"[;:?!()\"“”|]|\n\s*\n|,\s+and\s|(?<=[a-z]{3})\.\s")
_LINKING_WORDS = "a an and as at by for from in its of on or our the their this to with"
_LINKING = frozenset(_LINKING_WORDS.split())

_MOST_CHARS = 200
_MOST_EXTRA_WORDS = 5
_LEAST_CAPITALS = 2
# Statements write these both ways, and mean the same.
_SHORTENED = {"un": "united nations", "us": "united states", "uk": "united kingdom"}
# How alike, of 100, two wordings must be to mean the same: "Defense" and "Defence" are, "Finance Ministers"
# and "Foreign Ministers" are not.
_SAME_WORDING = 90


def find_acronyms(text: str) -> Iterator[tuple[str, str]]:
    """Yield what each acronym defined in `text` stands for, and the acronym.

    >>> list(find_acronyms("The Foreign Service (FS) and the EDD (Extended Deterrence Dialogue) of 2024"))
    [('Foreign Service', 'FS'), ('Extended Deterrence Dialogue', 'EDD')]
    """
    for brackets in _IN_BRACKETS.finditer(text):
        before = _MARKUP.sub("", text[max(0, brackets.start() - _MOST_CHARS) : brackets.start()])
        inside = _INTRODUCED.sub("", _MARKUP.sub("", brackets[1]).strip()).strip(_QUOTES)
        pair = _find_before(inside, before) or _find_inside(inside, before)
        if pair is not None:
            yield pair


def count_definitions(texts: Iterable[str]) -> Counter[tuple[str, str]]:
    """Return how many times `texts` define each acronym, as pairs of what it stands for and the acronym."""
    return Counter(pair for text in texts for pair in find_acronyms(text))


def learn_acronyms(definitions: Mapping[tuple[str, str], int]) -> tuple[Acronym, ...]:
    """Return the acronyms that statements define, sorted; one defined as two different things is left out.

    `definitions` are those of all statements: whether an acronym is ambiguous depends on all of them.
    """
    meanings: dict[str, Counter[str]] = defaultdict(Counter)
    for (meaning, short), times in definitions.items():
        meanings[_PLURAL.sub("", short)][meaning] += times
    return tuple(
        (*wordings, short)
        for short, counted in sorted(meanings.items())
        if (wordings := _agree_on_wordings(counted))
    )


def _find_before(short: str, before: str) -> tuple[str, str] | None:
    """Read "Extended Deterrence Dialogue (EDD)"."""
    if not _is_written_like_acronym(short):
        return None
    clause = _POSSESSIVE.sub("", _BREAK.split(before)[-1].strip(_QUOTES))
    words = clause.split()[-_most_words(short) :]
    meaning = _match_initials(short, words) or _match_letters(short, " ".join(words))
    return (meaning, short) if meaning and _is_meaning(meaning, short) else None


def _find_inside(inside: str, before: str) -> tuple[str, str] | None:
    """Read "EDD (Extended Deterrence Dialogue)"."""
    last = _LAST_WORD.search(before)
    if last is None or not _is_written_like_acronym(last[1]):
        return None
    words = inside.split()
    if len(words) > _most_words(last[1]):
        return None
    meaning = _match_initials(last[1], words) or _match_letters(last[1], " ".join(words))
    # All that the brackets hold, or it is a remark that happens to have the letters.
    return (meaning, last[1]) if meaning == " ".join(words) and _is_meaning(meaning, last[1]) else None


def _match_initials(short: str, words: Sequence[str]) -> str | None:
    """Return the shortest end of `words` whose initials, without those of linking words, are `short`.

    It comes before the paper's way, which would stop at "Ababa Action Agenda (AAAA)".
    """
    letters = [char for char in short.casefold() if char.isalnum()]
    initials: list[str] = []
    for start in range(len(words) - 1, -1, -1):
        parts = [part for part in _PART.findall(words[start]) if part.casefold() not in _LINKING]
        initials[:0] = [part[0].casefold() for part in parts]
        if parts and initials == letters:
            return " ".join(words[start:])
    return None


def _match_letters(short: str, words: str) -> str | None:
    """Return the shortest end of `words` with the letters of `short` in order, the first at a word's start.

    This is `findBestLongForm` of the paper; but the last word must have a letter too.
    """
    at = len(words)
    last_word = words.rfind(" ") + 1
    letters = [char for char in short.casefold() if char.isalnum()]
    for position, letter in reversed(list(enumerate(letters))):
        at -= 1
        while at >= 0 and not _fits(words, at, letter, first=position == 0):
            at -= 1
        if at < 0 or (position == len(letters) - 1 and at < last_word):
            return None
    return words[words.rfind(" ", 0, at) + 1 :]


def _fits(words: str, at: int, letter: str, *, first: bool) -> bool:
    # Without its accent: "Économique" has an E.
    same = unicodedata.normalize("NFD", words[at])[0].casefold() == letter
    return same and not (first and at > 0 and words[at - 1].isalnum())


def _is_written_like_acronym(short: str) -> bool:
    return (
        _WRITTEN_LIKE_ONE.fullmatch(short) is not None
        and sum(char.isupper() for char in short) >= _LEAST_CAPITALS
        and not _ROMAN.fullmatch(short)
        and not _PARTY.fullmatch(short)
    )


def _is_meaning(meaning: str, short: str) -> bool:
    words = meaning.split()
    parts = _PART.findall(meaning)
    return (
        len(parts) > 1
        and len(meaning) > len(short)
        and words[0].casefold() not in _LINKING
        and not _ADDRESS.search(meaning)
        and short.casefold() not in (part.casefold() for part in parts)
    )


def _most_words(short: str) -> int:
    """Return how many words an acronym may stand for, as in the paper."""
    return min(len(short) + _MOST_EXTRA_WORDS, 2 * len(short))


def _agree_on_wordings(counted: Mapping[str, int]) -> tuple[str, ...]:
    """Return the wordings of one meaning, the most frequent first; none if they mean different things."""
    kept: dict[str, str] = {}
    for wording in sorted(counted, key=lambda wording: (-counted[wording], wording)):
        normal = _normalize(wording)
        if kept and not any(_mean_the_same(normal, each) for each in kept):
            return ()
        kept.setdefault(normal, wording)
    # One that only has a word more at its start has one that is no part of it.
    return tuple(
        wording
        for normal, wording in kept.items()
        if not any(normal != other and _ends_with(normal, other) for other in kept)
    )


def _normalize(wording: str) -> str:
    parts = _PART.findall(wording.casefold().replace("u.s.", "us").replace("u.n.", "un"))
    return " ".join(_SHORTENED.get(part, part) for part in parts)


def _mean_the_same(one: str, other: str) -> bool:
    return _ends_with(one, other) or _ends_with(other, one) or fuzz.ratio(one, other) >= _SAME_WORDING


def _ends_with(longer: str, shorter: str) -> bool:
    return f" {longer}".endswith(f" {shorter}")
