"""The kind of thing a question asks for, and whether a text has one."""

import re
from typing import Literal

Kind = Literal["number", "date"]

_MONTH = (
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.)"
)
_YEAR = r"\b(?:1[5-9]|20)\d\d\b"
_DATE = re.compile(rf"{_MONTH}|{_YEAR}")
_DAY_OR_YEAR = re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}|{_MONTH} \d[\d, –-]*|{_YEAR}")
_NUMBER_WORDS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"|dozens?|hundreds?|thousands?|[mb]illions?|half|once|twice"
)
# "The two sides" are known already: nobody is told how many they are.
_NUMBER = re.compile(rf"(?<![-\w.,])\d[\d,.]*%?(?![-\w])|(?<![Tt]he )\b(?i:{_NUMBER_WORDS})\b")
# As in "Type-12", and in "Yama Sakura 87" but not in "Some 1,000" at the head of a sentence.
_NAMED_NUMBER = re.compile(r"\b[A-Z][\w.]*-\d+\b|(?<=\w )[A-Z][\w.]* \d+\b(?![,.]?\d|%)")
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|often|large|big|old|high|far)\b"
    r"|\bnumber of\b|\bbudget\b|\bcosts?\b|\bper ?cent",
    re.IGNORECASE,
)
_ASKS_DATE = re.compile(
    r"^when\b|\bwhen (?:is|are|was|were|do|does|did|has|have|had|will|would|can|should)\b"
    r"|\b(?:what|which) (?:date|day|year|month|century|decade)\b|\bhow long ago\b",
    re.IGNORECASE,
)


def expected_kind(question: str) -> Kind | None:
    """Return the kind of thing that must stand in an answer to `question`, if its words tell.

    >>> expected_kind("How many soldiers took part?")
    'number'
    """
    if _ASKS_DATE.search(question):
        return "date"
    return "number" if _ASKS_NUMBER.search(question) else None


def has_kind(text: str, kind: Kind) -> bool:
    """Say whether `text` has something of this kind. The numbers in dates and names are no numbers.

    >>> has_kind('They observed "Yama Sakura 87" on December 12, 2024.', "number")
    False
    """
    if kind == "date":
        return bool(_DATE.search(text))
    without = _NAMED_NUMBER.sub("", _DAY_OR_YEAR.sub("", text))
    return bool(_NUMBER.search(without))
