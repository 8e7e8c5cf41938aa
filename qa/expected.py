"""The kinds of things a question asks for, and whether a text has them."""

import dataclasses
import re
from typing import Literal

from qa.holder import names_holder

Kind = Literal["number", "date", "duration", "office", "holder", "past", "first", "future"]

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
    r"\bhow (?:many|much|large|big|high|far)\b"
    r"|\bhow often (?:an?|per|each|every) (?:day|week|month|year|decade)\b"
    r"|\bnumber of\b|\bbudget\b|\bcosts?\b|\bper ?cent",
    re.IGNORECASE,
)
_ASKS_DURATION = re.compile(
    r"\bhow (?:long|old|many (?:hours|days|weeks|months|years|decades))\b", re.IGNORECASE
)
# "When is it necessary to respond?" asks for a condition, "When is it scheduled to begin?" for a day.
_CONDITION = (
    r"when (?:is|was) it (?!(?:due|expected|going|likely|planned|scheduled|set|supposed)\b)[a-z]+ to\b"
)
_ASKS_DATE = re.compile(
    rf"^(?!{_CONDITION})when\b(?! it comes| (?:appropriate|necessary|needed|possible)\b)"
    rf"|\b(?!{_CONDITION})when (?:is|are|was|were|do|does|did|has|have|had|will|would|can|should)\b"
    r"|\b(?:what|which) (?:date|day|year|month|century|decade)\b|\bhow long ago\b",
    re.IGNORECASE,
)
# Those that are written beside the names of their holders; not "head", which may be a chair or a leader, nor
# "general", which is most often no officer.
_OFFICE = (
    r"(?:president|prime minister|premier|chancellor|king|queen|emperor|pope|minister|secretary|ambassador"
    r"|envoy|governor|mayor|senator|commander|officer|admiral|commissioner|chief of staff"
    r"|spokes(?:man|woman|person))"
)
_SAME_OFFICE = {
    "commander": "commander|commanded|commanding|admiral",
    "officer": "officer|commander|admiral|captain|colonel|lieutenant|major|brigadier",
    **dict.fromkeys(("premier", "prime minister"), "premier|prime minister"),
    **dict.fromkeys(("spokesman", "spokeswoman", "spokesperson"), "spokes(?:man|woman|person)"),
}
# "Who is the US ambassador to Japan?", "the name of Japan's prime minister", "Which admiral commands it?",
# "Who commands it?"
_ASKS_OFFICE = re.compile(
    rf"\b(?:who(?:'s|’s| is| was| are| were)|names? of)\b[^,;]*?(?<![\w-])({_OFFICE})s?\b(?!-)"
    rf"|\b(?:which|what) ({_OFFICE})s?\b(?!-)|\bwho (command)(?:s|ed)\b",
    re.IGNORECASE,
)
# "Who is the US ambassador?", not "Who was with the president?" or "Who was meeting the president?"
_ADJECTIVE = r"(?:(?!(?:with|to|by|from|at|for|of|in|on|and|or)\b)(?!\w+(?:ing|ed)\b)[\w.-]+ )"
_WHOSE = r"(?:the |[\w.]+(?: [\w.]+)?['’]s? )?"
_ASKS_HOLDER = re.compile(
    rf"\b(?:who(?:'s|’s| is| was| are| were)|names? of) {_WHOSE}{_ADJECTIVE}{{0,2}}?{_OFFICE}s?\b(?!-)"
    rf"|\b(?:which|what) {_OFFICE}\b(?!-)|\bwho command(?:s|ed)\b",
    re.IGNORECASE,
)
_MEETINGS = (
    r"(?:(?:round|session|meeting|dialogue|summit|gathering|ministerial|conference|consultation|exercise)s?"
    r"|talks)"
)
# "Which meetings came before the talks?", "Where was the previous round held?"
_ASKS_PAST = re.compile(
    rf"\b(?:previous|preceding|prior|earlier) (?:[\w+-]+ ){{0,3}}?(?:{_MEETINGS}|(?-i:[A-Z]{{3,}}))\b"
    rf"|\b{_MEETINGS} (?:held |right |just |immediately )?before\b"
    r"|\b(?:came|comes?) (?:right |just |shortly )?before\b|\bpreceded?\b"
    r"|\b(?:did|does|do)\b.+\bcome after\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:previous(?:ly)?|preced(?:es|ed|ing)|prior|earlier|before|follow(?:s|ed|ing)|after|since|former(?:ly)?"
    r"|past|last|first|already|again|once)\b",
    re.IGNORECASE,
)
# Where the very first was is not told by where this one was; when it was, perhaps by when it was set up.
_ASKS_FIRST = re.compile(
    r"^(?!.*\b(?:when|since|(?:what|which) (?:date|day|month|year))\b)"
    r".*\b(?:very first|first[- ]ever|inaugural)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:first|inaugural|initial|maiden)\b", re.IGNORECASE)
_ASKS_FUTURE = re.compile(
    r"(?<!\bwhen )\b(?:is|are)\b[^,;:?]*\b(?:scheduled|planned|on the calendar)\b"
    rf"|\b(?:upcoming|forthcoming) (?:[\w+-]+ ){{0,3}}?{_MEETINGS}\b"
    r"|\b(?:next\b(?! (?:to|door)\b)|follow-?up (?:work|tasks?|jobs?|steps?|actions?|measures?)\b)",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|shall|next|upcoming|forthcoming|coming|follow-?up|future|planned|scheduled"
    r"|(?:plan|intend|expect)(?:s|ed)?|look(?:s|ed|ing)? forward|to be held)\b",
    re.IGNORECASE,
)
_TELLS = {"date": _DATE, "past": _PAST, "first": _FIRST, "future": _FUTURE}
_ASKS: dict[Kind, re.Pattern[str]] = {"past": _ASKS_PAST, "first": _ASKS_FIRST, "future": _ASKS_FUTURE}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A kind of thing that must stand in an answer; an office of this `name`, or who holds it."""

    kind: Kind
    name: str = ""

    def is_in(self, text: str) -> bool:
        """Say whether `text` has such a thing. The numbers in dates and names are no numbers.

        >>> Expected(kind="number").is_in('They observed "Yama Sakura 87" on December 12, 2024.')
        False
        """
        match self.kind:
            case "number":
                return bool(_NUMBER.search(_NAMED_NUMBER.sub("", _DAY_OR_YEAR.sub("", text))))
            case "duration":  # "since 2010" tells how long, too, and "December 10-12" how many days
                return any(Expected(kind=kind).is_in(text) for kind in ("number", "date"))
            case "office":
                return bool(re.search(self._office, text, re.IGNORECASE))
            case "holder":
                return names_holder(text, self._office)
            case "date" | "past" | "first" | "future":
                return bool(_TELLS[self.kind].search(text))

    @property
    def _office(self) -> str:
        name = _SAME_OFFICE.get(self.name, re.escape(self.name))
        # The secretary-general is no secretary.
        return rf"(?<![\w-])(?:{name})s?\b(?!-)"


def is_year_or_month(word: str) -> bool:
    """Say whether a word is a year in digits or a month, which have no other names.

    May and March are none, since as names they may be somebody's or that of a walk.
    """
    return re.fullmatch(rf"{_YEAR}|(?!May|March){_MONTH}", word) is not None


def read_expected(question: str) -> tuple[Expected, ...]:
    """Return the kinds of things that must all stand in an answer to `question`, as far as its words tell.

    >>> read_expected("How many soldiers took part?")
    (Expected(kind='number', name=''),)
    """
    found: list[Expected] = []
    if _ASKS_DATE.search(question):
        found.append(Expected(kind="date"))
    elif _ASKS_DURATION.search(question):
        found.append(Expected(kind="duration"))
    elif _ASKS_NUMBER.search(question):
        found.append(Expected(kind="number"))
    found.extend(Expected(kind=kind) for kind, asks in _ASKS.items() if asks.search(question))
    office = _ASKS_OFFICE.search(question)
    if office:
        name = office[1] or office[2] or f"{office[3]}er"
        kind: Kind = "holder" if _ASKS_HOLDER.search(question) else "office"
        found.append(Expected(kind=kind, name=name.lower()))
    return tuple(found)
