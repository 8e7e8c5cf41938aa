"""Whose leaders a question asks for, and whether a text tells of those of others only."""

import re
from collections.abc import Callable, Iterable

_TEAM = r"(?:sides?|delegations?|teams?|part(?:y|ies))"
_CHAIR = r"(?:(?:co-?)?chair(?:s|ed|ing)?|lead(?:s|ing)?|led|head(?:s|ed|ing)?)"
_SPEAK = r"(?:represent(?:s|ed|ing)?|(?:spoke|speaks?|speaking) for)"
# "the Strategic Command team", "Japan's side", and what follows "represented" up to where or when it was.
_TAIL = r"(?:at|in|on|during|when|as|and|for)\b"
_NAME = rf"(?!{_TAIL})[\w.&'’-]+"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,5}}?"
_ASKS = (
    re.compile(
        rf"\b(?:who|which|what|names? of)\b ([^,;?]*?)\b{_CHAIR} their (?:[\w-]+['’]s )?{_TEAM}\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\bwho\b[^,;?]*?\b(?:{_CHAIR}|ran|runs?) (?:the )?({_NAMES}) {_TEAM}\b", re.IGNORECASE),
    re.compile(rf"\bwho\b[^,;?]*?\b{_SPEAK} (?:the )?({_NAMES})(?: {_TAIL}|[,;?]|$)", re.IGNORECASE),
)
# "The Japanese side was co-chaired by", "Ambassador Emanuel headed the U.S. team"
_WHOSE = r"\b(?!(?:The|Th[eo]se|Their|Its|Our|His|Her|Both|Each|All)\b)[A-ZÀ-ÖØ-Þ][\w.'’-]*"
_TELLS = re.compile(
    rf"{_WHOSE} {_TEAM}\b.*\b(?:{_CHAIR}|represented) by\b"
    rf"|\b(?:{_CHAIR}|represented) the {_WHOSE}(?: [\w.'’-]+){{0,4}}? {_TEAM}\b",
    re.DOTALL,
)


def read_led(question: str) -> str | None:
    """Return what stands for those whose leaders or speakers are asked for, or None.

    >>> read_led("Who headed the Strategic Command team at the talks?")
    'Strategic Command'
    >>> read_led("Who represented Japan in July?")
    'Japan'
    """
    found = next(filter(None, (pattern.search(question) for pattern in _ASKS)), None)
    return found[1].strip() if found else None


def tells_others(sentences: Iterable[str], is_named: Callable[[str], bool]) -> bool:
    """Say whether some of `sentences` tell who led a team, and none of these has the name asked for.

    >>> told = ["The Japanese side was co-chaired by Mr. UEDA Koji.", "Peru took part."]
    >>> tells_others(told, lambda text: "Peru" in text), tells_others(told, lambda text: "Japan" in text)
    (True, False)
    """
    telling = [sentence for sentence in sentences if _TELLS.search(sentence)]
    return bool(telling) and not any(map(is_named, telling))
