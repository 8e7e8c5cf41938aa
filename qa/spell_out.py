"""What acronyms stand for, written behind them in what the models read: they know few of them by themselves.

Asked which military commands took part, a cross-encoder passes over "USSTRATCOM".
"""

import re
from collections.abc import Iterable, Mapping, Sequence

_ACRONYM = re.compile(r"\b[A-Z]{3,}\b")


def list_acronyms(groups: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return the acronyms among groups of names for the same thing, each with the first name in full.

    >>> list_acronyms([("JSDF", "Japan Self-Defense Forces", "Self-Defense Forces")])
    {'JSDF': 'Japan Self-Defense Forces'}
    """
    acronyms: dict[str, str] = {}
    for group in groups:
        full = next((name for name in group if " " in name and not _ACRONYM.search(name)), None)
        if full is not None:
            for name in filter(_ACRONYM.fullmatch, group):
                acronyms.setdefault(name, full)
    return acronyms


def spell_out(text: str, acronyms: Mapping[str, str]) -> str:
    """Return a text with what each acronym stands for behind it, where it comes first, unless it is there.

    >>> spell_out("JSDF took part. JSDF again.", {"JSDF": "Japan Self-Defense Forces"})
    'JSDF (Japan Self-Defense Forces) took part. JSDF again.'
    """
    known: set[str] = set()

    def explain(found: re.Match[str]) -> str:
        acronym = found[0]
        full = acronyms.get(acronym)
        if full is None or acronym in known or full.casefold() in text.casefold():
            return acronym
        known.add(acronym)
        return f"{acronym} ({full})"

    return _ACRONYM.sub(explain, text)
