"""Whether a text speaks of what a question asks for in general only, without saying which it was."""

import re
from collections.abc import Sequence

from qa.function_words import FUNCTION_WORDS
from qa.stems import contains, stem_words

_AUXILIARY = r"(?:are|is|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must)\b"
_ASKS = re.compile(
    rf"\b(?:what|which) (?:(?:kind|sort|type)s? of )?((?:(?!{_AUXILIARY})[\w'’-]+ ){{1,3}}?){_AUXILIARY}",
    re.IGNORECASE,
)
_PREPOSITION = r"(?:of|in|with|to|for|on|from|by|through|at|as|into|between|among|about)"
_IS_PREPOSITION = re.compile(_PREPOSITION, re.IGNORECASE)
# Only a plural is general without a word before it that says which: "in crisis scenarios", not "progress".
_PLURAL = re.compile(r"[a-z].*[^si]s")
_SAYS_WHICH = re.compile(
    r"(?:the|an?|th(?:is|at|ese|ose)|its|their|our|his|her|both|each|every|all|any|no|some|other|such|another)"
    r"|[A-ZÀ-ÖØ-Þ\d].*|.*['’]s?",
)
# As in "missiles such as the Type-12", or in "activities that worry them".
_NAMES_THEM = re.compile(
    r"\s*[:(–—]|,?\s*(?:of|to|such as|like|includ\w+|called|named|known|that|which|who|are|were)\b"
)
_CLAUSE_END = re.compile(r"[.;:,()\"“”]")
_WORD = re.compile(r"[\w'’-]+")
_WORDS_BEFORE = 5
_WORDS_SHARED = 2


def is_general(question: str, sentences: Sequence[str]) -> bool:
    """Say whether `question` asks which of some things it was, and a text has them in general only.

    A plural without an article, a name or the like before it, or words after it that say which, means all of
    a kind (G. Carlson, "A unified analysis of the English bare plural", 1977). One of the sentences where it
    stands must be about what is asked: elsewhere the text may well say which.

    >>> told = ["They held an exercise to better cooperate in crisis scenarios."]
    >>> is_general("What scenario was played in the exercise they held?", told)
    True
    >>> is_general("What exercise was held?", told), is_general("What games were played?", told)
    (False, False)
    """
    asked = _ASKS.search(question)
    if asked is None or any(map(_IS_PREPOSITION.fullmatch, asked[1].split())):
        return False
    stems = stem_words(asked[1].split()[-1])
    found = [
        (sentence, each)
        for sentence in sentences
        if contains(stem_words(sentence), stems)
        for each in _WORD.finditer(sentence)
        if stem_words(each[0]) == stems
    ]
    if not all(_is_bare(sentence, each) for sentence, each in found):
        return False
    others = {word for word in stem_words(question) if word not in FUNCTION_WORDS}.difference(stems)
    return any(len(others.intersection(stem_words(sentence))) >= _WORDS_SHARED for sentence, _ in found)


def _is_bare(text: str, found: re.Match[str]) -> bool:
    """Say whether a word is a plural, and nothing before or after it says which they are."""
    if not _PLURAL.fullmatch(found[0]) or _NAMES_THEM.match(text, found.end()):
        return False
    for word in reversed(_CLAUSE_END.split(text[: found.start()])[-1].split()[-_WORDS_BEFORE:]):
        if _IS_PREPOSITION.fullmatch(word):
            return True
        if _SAYS_WHICH.fullmatch(word):
            return False
    return True
