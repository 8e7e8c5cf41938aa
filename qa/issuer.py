"""Who: the issuer whose words a question asks for, as in "What did the State Department say?"."""

import re
from collections.abc import Iterable, Iterator, Mapping

from qa.event import STATEMENT
from qa.function_words import FUNCTION_WORDS
from qa.lexicon import POSSESSIVE, WORD, Lexicon, fold_word
from qa.types import Narrowing, StatementHeading

# Where somebody is said to speak. What stands for the name is written as WHO beforehand.
_WHO = "\ue000++"
_SAY = r"(?:say|says|said|saying|state|stated|write|writes|wrote)\b"
_ADJECTIVES = r"(?:(?!and\b|or\b)[\w.&'’+-]+\ ){0,4}?"
_ASKING = (
    r"(?:^|\b(?:in|within|across|which|what|any|all|do|does|did|according\ to)\ )"
    r"(?:(?:the|any|all|these|latest|newest|first|earliest|most\ recent)\ )*"
)
_MADE = r"(?:(?:that|which)\ )?(?:(?:were|was)\ )?(?:issued|made|published|released)"
_SPEAKS = tuple(
    re.compile(pattern, re.VERBOSE | re.IGNORECASE)
    for pattern in (
        rf"{_WHO}\ (?:(?:has|have|had|ever|first|last|also|publicly|officially|not)\ )*{_SAY}",
        rf"\b(?:according\ to|said\ by|in\ the\ words\ of)\ (?:the\ )?{_WHO}",
        rf"{_ASKING}{_WHO}(?:['’]s?)?\ {_ADJECTIVES}{STATEMENT}",
        rf"\b{STATEMENT}\ (?:{_MADE}\ )?(?:by|from|of)\ (?:the\ )?{_WHO}(?!['’])",
    )
)
_AND = re.compile(r",?\s+(?:and|or)\s+(?:the\s+)?", re.IGNORECASE)
_AFTER_OTHERS = re.compile(r"(?:,|\band|\bor)\s+(?:the\s+)?$", re.IGNORECASE)
_BEFORE_OTHERS = re.compile(r"^(?:\s+and|\s+or)\b|^,\s+(?:the\s+)?[A-Z]")

_IN_FRONT = re.compile(r"^(?:(?:the|u\.s\.|us|united states|office of)\s+)+", re.IGNORECASE)
_HEAD_OF = re.compile(r"(\w+) (?:of|for) (?:the )?(.+?)(?: affairs)?(?: (?:of|for) .*)?", re.IGNORECASE)
_NO_LAST_WORD = frozenset({"of", "for", "and", "the", "on", "to", "in"})
_ACRONYM = re.compile(r"(?=[0-9]*[A-Z])[A-Z0-9]{2,}")
_COUNTRY_CODES = frozenset({"US", "USA", "UK", "DPRK", "PRC", "ROC", "ROK", "UAE"})
_CAPITALISED = re.compile(r"(?<![\w.&-])[A-Z][\w&.-]*(?: (?:of (?:the )?)?[A-Z][\w&.-]*){0,5}")


def read_issuers(
    text: str, statements: Iterable[StatementHeading], lexicon: Lexicon
) -> tuple[Narrowing, ...]:
    """Read whose words a question asks for: an issuer's of `statements`, or somebody's in their titles.

    A name is read only where it is said to speak, or beside one that is: "What did the State Department say",
    "according to the White House", "in G7 statements", "NATO and the G7 say". It binds where one issuer alone
    is meant; a name that several issuers share, one of several names, and a name in titles are preferences.
    """
    statements = tuple(statements)
    known = name_issuers({each.issuer for each in statements if each.issuer}, lexicon)
    found = list(_find_issuers(text, known))
    speaking = [(start, end) for start, end, _ in found if _speaks(text, start, end)]
    read = [
        _read_issuer(text, start, end, issuers)
        for start, end, issuers in found
        if any(_stand_together(text, (start, end), other) for other in speaking)
    ] or [
        Narrowing(
            kind="issuer", words=text[start:end], label=f"{text[start:end]} in the title first", titled=names
        )
        for start, end, names in _find_titled(text, [each.title for each in statements], lexicon)
    ]
    return tuple(each.as_preference() for each in read) if len(read) > 1 else tuple(read)


def name_issuers(issuers: Iterable[str], lexicon: Lexicon) -> Mapping[tuple[str, ...], frozenset[str]]:
    """Return the issuers by each name they go by, as folded words.

    Besides their own: "State Department" for a "U.S. Department of State", "Foreign Ministry" for a "Ministry
    of Foreign Affairs of Japan", "G7" for the "G7 Foreign Ministers", and what the lexicon has for these.
    """
    named: dict[tuple[str, ...], frozenset[str]] = {}
    for issuer in sorted(issuers):
        own = tuple(_own_names(issuer))
        others = [other for name in own for other in lexicon.other_names(name)]
        for words in {_fold_words(name) for name in (*own, *others)} - {()}:
            named[words] = named.get(words, frozenset()) | {issuer}
    return named


def is_titled(title: str, names: Iterable[str]) -> bool:
    """Say whether a title has one of `names` as whole words, in the very letters: "US" is not "us"."""
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", title) for name in names)


def _own_names(issuer: str) -> Iterator[str]:
    yield issuer
    bare = _IN_FRONT.sub("", issuer)
    yield bare
    if found := _HEAD_OF.fullmatch(bare):
        yield f"{found[2]} {found[1]}"
    words = bare.split()
    for length in range(2, len(words)):
        if words[length - 1].lower() not in _NO_LAST_WORD:
            yield " ".join(words[:length])
    if words and _ACRONYM.fullmatch(words[0]) and words[0] not in _COUNTRY_CODES:
        yield words[0]


def _fold_words(name: str) -> tuple[str, ...]:
    return tuple(fold_word(match[0]) for match in WORD.finditer(name))


def _find_issuers(
    text: str, known: Mapping[tuple[str, ...], frozenset[str]]
) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Find the names of issuers, the longest at each place, with where they start and end."""
    matches = list(WORD.finditer(text))
    folded = [fold_word(match[0]) for match in matches]
    longest = max(map(len, known), default=0)
    at = 0
    while at < len(matches):
        ends = range(min(at + longest, len(matches)), at, -1)
        end = next((end for end in ends if tuple(folded[at:end]) in known), at)
        if end > at:
            last = matches[end - 1]
            stop = last.start() + len(POSSESSIVE.sub("", last[0]))
            yield matches[at].start(), stop, known[tuple(folded[at:end])]
        at = max(end, at + 1)


def _find_titled(
    text: str, titles: Iterable[str], lexicon: Lexicon
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Find what is said to speak, is written as a name and stands in titles, with its other names."""
    titles = tuple(titles)
    for found in _CAPITALISED.finditer(text):
        words = found[0].split()
        while words and words[0].lower() in FUNCTION_WORDS:  # "Did Japan say" asks about Japan
            del words[0]
        name = " ".join(words).rstrip(".")
        start = found.end() - len(" ".join(words))
        end = start + len(name)
        if not name or not _speaks(text, start, end):
            continue
        names = (name, *lexicon.other_names(name))
        if any(is_titled(title, names) for title in titles):
            yield start, end, names


def _speaks(text: str, start: int, end: int) -> bool:
    written = text[:start] + "\ue000" * (end - start) + text[end:]
    return any(pattern.search(written) for pattern in _SPEAKS)


def _stand_together(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Say whether two names are the same one, or beside each other: "NATO and the White House"."""
    first, second = sorted((one, other))
    return one == other or _AND.fullmatch(text[first[1] : second[0]]) is not None


def _read_issuer(text: str, start: int, end: int, issuers: frozenset[str]) -> Narrowing:
    names = tuple(sorted(issuers))
    read = Narrowing(kind="issuer", words=text[start:end], label="; ".join(names), only=True, issuers=names)
    among_others = _AFTER_OTHERS.search(text[:start]) or _BEFORE_OTHERS.search(text[end:])
    return read.as_preference() if among_others or len(names) > 1 else read
