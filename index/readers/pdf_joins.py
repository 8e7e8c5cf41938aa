"""Lines that were broken to fit a page are put together again."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from index.english import is_english
from index.readers.pdf_lines import CJK

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_HYPHENS = "-\u2010"
_LAST_PART = re.compile(rf"(?P<whole>[\w'’.{_HYPHENS}]*?)(?P<part>\w+)[{_HYPHENS}]\Z")
_MAX_WORD = 80
_FIRST_PART = re.compile(r"\w+")
_DASH_END = re.compile(r"\S[/–—\u2010-]\Z")
_CJK_END = re.compile(rf"[{CJK}]\Z")
_CJK_START = re.compile(f"[{CJK}]")


def count_words(lines: Iterable[str]) -> Mapping[str, int]:
    """Count the words of a document in small letters, compounds too, but no part of a cut word."""
    counts = Counter[str]()
    cut = False
    for line in lines:
        found = [match.group().lower() for match in _WORD.finditer(line)]
        words = found[1:] if cut else found
        cut = line.endswith((*_HYPHENS, "\u00ad"))
        counts.update(words[:-1] if cut else words)
    return counts


def join(above: str, below: str, counts: Mapping[str, int]) -> str:
    """Return `above` as it stands before `below`: with a space, or without its hyphen, or just as it is.

    A soft hyphen goes. A hyphen goes where it cut a word: see `_is_cut`. There is no space after a hyphen, a
    slash or a dash that follows a letter, nor between Chinese or Japanese letters.
    """
    if above.endswith("\u00ad"):
        return above[:-1]
    last = _LAST_PART.search(above[-_MAX_WORD:])
    first = _FIRST_PART.match(below)
    if last and first:
        return above[:-1] if _is_cut(last["whole"], last["part"], first.group(), counts) else above
    asian = _CJK_END.search(above) and _CJK_START.match(below)
    return above if asian or _DASH_END.search(above) else above + " "


def _is_cut(whole: str, part: str, first: str, counts: Mapping[str, int]) -> bool:
    """Say whether a hyphen at a line's end cut one word in two: "coop-" and "eration".

    It did not before a capital or a digit, after a digit, or in a word with another hyphen. Else it matters
    how the document writes the word elsewhere; then whether an English dictionary knows it joined, or as two
    words. In doubt, as in any other language, it did: few lines end in a compound.
    """
    capitals = part.isupper() and first.isupper() and len(part) > 1
    if not part.isalpha() or not first[0].isalpha() or (first[0].isupper() and not capitals):
        return False
    if whole and whole[-1] in _HYPHENS:
        return False
    left, right = part.lower(), first.lower()
    joined, compound = counts.get(left + right, 0), counts.get(f"{left}-{right}", 0)
    if joined or compound:
        return joined >= compound
    if is_english(left + right):
        return True
    return not (_is_known(left, counts) and _is_known(right, counts))


def _is_known(word: str, counts: Mapping[str, int]) -> bool:
    return len(word) > 1 and (counts.get(word, 0) > 0 or is_english(word))
