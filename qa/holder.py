"""Whether a text tells who holds an office."""

import re

from qa.countries import load_countries

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*"
_CAPITALS = rf"{_CAPITAL}(?: {_CAPITAL})*"
# "Prime Minister Kishida", "commanded by Admiral Koehler"
_NAME_FOLLOWS = re.compile(rf"\A(?: by)? {_CAPITAL}")
# "the prime minister, Keir Starmer", "the President of France, Emmanuel Macron"
_NAME_AFTER_COMMA = re.compile(rf"\A(?: (?:of|for|to)\b[^,;.]{{1,60}})?, {_CAPITAL} {_CAPITAL}")
# "Secretary of State Blinken", "the President of the Republic of Korea Yoon Suk Yeol"
_BUSINESS = re.compile(rf"\A (?:of|for|to) (?:the )?({_CAPITALS}(?: (?:of|and|for)(?: the)? {_CAPITALS})*)")
# "Ms. Alexandra Bell, Deputy Assistant Secretary", "Joe Biden was the president"
_NAME_BEFORE = re.compile(
    rf"{_CAPITAL} {_CAPITAL}(?:, | (?:is|was|as|became|remains) )(?:[\w.'’-]+ ){{0,6}}\Z"
)
_SURNAME_AND_BUSINESS = 2


def names_holder(text: str, office: str) -> bool:
    """Say whether `text` has a name beside an office, which is given as a pattern; in doubt it has.

    >>> names_holder("Secretary of State Blinken went.", "secretary")
    True
    >>> names_holder("The Prime Minister of Japan went.", "prime minister")
    False
    """
    return any(
        _is_named(text[: found.start()], text[found.end() :])
        for found in re.finditer(office, text, re.IGNORECASE)
    )


def _is_named(before: str, after: str) -> bool:
    """Say whether what stands before or after an office names who holds it."""
    if _NAME_FOLLOWS.match(after) or _NAME_AFTER_COMMA.match(after) or _NAME_BEFORE.search(before):
        return True
    business = _BUSINESS.match(after)
    if business is None:
        return False
    rest = _drop_country(business[1]).lstrip()
    return rest[:1].isupper() and len(rest.split()) >= _SURNAME_AND_BUSINESS


def _drop_country(words: str) -> str:
    """Leave out the country that words begin with: what is left of "Japan Kishida Fumio" is his name."""
    begun = [
        name
        for country in load_countries().countries
        for name in country.names
        if words.startswith(name) and not words[len(name) : len(name) + 1].isalnum()
    ]
    return words[len(max(begun, key=len, default="")) :]
