"""A question that compares: what several days or issuers say about one thing."""

import dataclasses
import re
from collections.abc import Sequence

from qa.period import COMPARES
from qa.question import Search
from qa.types import Narrowing, Question

_SUBJECT = re.compile(r"\b(?:about|on|regarding|concerning|towards?|over)\s+(?P<subject>\S.*)", re.IGNORECASE)
# Where the subject is over and the comparison goes on: "Taiwan change between", "China, and how they differ".
_AFTER_SUBJECT = re.compile(
    r"[\s,;]+(?:(?:and|or)\s+(?:how|what|whether|why)\b|"
    r"(?:chang(?:e|es|ed|ing)|evol\w+)\s+(?:(?:between|from|since|in|to)\b|and\W*$)|"
    r"(?:compar\w+|contrast\w*|differ\w*|versus|vs)\b).*",
    re.IGNORECASE,
)
# What stands between the names of the sides, once these are taken out: "China in and in".
_LEFT_OVER = re.compile(
    r"(?:[\s,]+(?:between|from|to|in|and|or|with|of|the|statements?))+[\s?.!,]*$", re.IGNORECASE
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the things compared: the question to ask of its statements alone, and their name for people."""

    question: Question
    label: str


def split_comparison(search: Search, narrowings: Sequence[Narrowing]) -> tuple[Side, ...]:
    """Return a question for each day or issuer compared, in their order; none if nothing is compared.

    "How do the July and December statements differ on China?" asks July, and December, for "China": a subject
    alone is found better than in words that the statements do not use. Only a question with a word for
    comparing, two or more days or issuers, and a subject ("about China", "on China") is split.
    """
    sides = [each for each in narrowings if each.kind == "period" and each.since and each.until]
    if len(sides) <= 1:
        sides = [each for each in narrowings if each.kind == "issuer" and each.issuers]
    if len(sides) <= 1 or not COMPARES.search(search.text):
        return ()
    subject = _find_subject(search.text, sides)
    if not subject:
        return ()
    asked = dataclasses.replace(search.question, text=subject, earlier=())
    return tuple(
        Side(
            question=dataclasses.replace(
                asked,
                since=each.since or asked.since,
                until=each.until or asked.until,
                issuer=next(iter(each.issuers), asked.issuer),
            ),
            label=each.label.removesuffix(" first"),
        )
        for each in sides
    )


def _find_subject(text: str, sides: Sequence[Narrowing]) -> str | None:
    for side in sides:
        text = text.replace(side.words, " ")
    found = _SUBJECT.search(text)
    if not found:
        return None
    return _LEFT_OVER.sub("", _AFTER_SUBJECT.sub("", found["subject"])).strip(" ?.!,;:")
