"""Whether a question can be understood by itself."""

import re
from collections.abc import Iterator

from qa.function_words import FUNCTION_WORDS
from qa.lexicon import WORD, fold_word
from qa.question import Search, Term

_PASSING_WORDS = """
    another back clarify clear correct detail details else example examples excuse fine first good great hello
    hi interesting kind kinds last mean meant name new next oh ok okay oops right see sorry sort specific sure
    thank thanks true type types understand use used way well work works
"""

PASSING = frozenset(_PASSING_WORDS.split())
"""Words said in passing: neither what a question is about nor what another could refer back to."""

PREPOSITION = re.compile(
    r"^(?:about|after|at|before|between|by|during|for|from|in|of|on|since|to|under|until|with)\b\s*",
    re.IGNORECASE,
)
PREDICATE = re.compile(
    r"(?:who|what|when|where|why|which|how|whose|whom|is|are|was|were|do|does|did|can|could|will|would|should"
    r"|has|have|had|tell|give|list|name|explain|describe|show)\b",
    re.IGNORECASE,
)
WHAT_ABOUT = re.compile(r"(?:what|how) (?:about|if)\b\s*", re.IGNORECASE)
ELSE = re.compile(
    r"\b(?:else|(?<!each )(?:an)?others?(?! (?:term|word|name|way)))\b|\bmore\W*$"
    r"|^(?:tell|give|say|any)\b[\w ]* more\b|^more\b",
    re.IGNORECASE,
)

# What says only that the conversation goes on.
_OPENING = re.compile(
    r"(?:(?:and|but|or|so|then|also|well|oh|no|yes|ok(?:ay)?|thanks|thank you|sorry|interesting|great)\b"
    r"[\s,.!]*)+",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:who|what|when|where|why|which|how|whose|whom)\b", re.IGNORECASE)
_DEFINITION = re.compile(
    r"(?:what|who)(?:['’]s| is| are| was| were| does| do)\b|(?:define|explain)\b", re.IGNORECASE
)
_KNOWN_OR_COUNTED = re.compile(r"\b(?:the|which|how many|how much|any)\b", re.IGNORECASE)

# Not "itself": what it means is named just before it.
_OF_ONE = frozenset({"he", "she", "him", "her", "his", "hers", "it", "its"})
_OF_MANY = frozenset({"they", "them", "their", "theirs", "these", "those", "this", "that", "there", "then"})
_POSSESSIVES = frozenset({"its", "their", "theirs", "his", "her"})
# Elsewhere "that" joins clauses more often than it points back.
_POINTING_AFTER = frozenset({"is", "was", "does", "did", "of", "about", "like", "than", "in", "for"})

# "Japan signed it": a pronoun means nothing that is named in its own clause, unless it is a possessive
# (principle B of Chomsky, "Lectures on Government and Binding", 1981).
_CLAUSE_END = re.compile(
    r"[,;:.!?]\s|\b(?:and|but|or|if|when|while|because|which|that|since|after|before|although|though|than"
    r"|unless|whether|so|as|what|who|where|how|why)\b",
    re.IGNORECASE,
)

# What looks like a pronoun and refers to nothing said: "it is known that", "is there", "this year", "they"
# as those who speak in the statements.
_NO_REFERENCE = re.compile(
    r"\bit(?:['’]s| is| was| will be| would be) (?:\w+ ){0,2}?(?:that|to|for|how|why|whether)\b"
    r"|\b(?:is|was|does|did|would|will|can|has) it (?:\w+ )?"
    r"(?:true|said|necessary|possible|important|likely|expected|known|clear|fair|hard|easy|difficult|safe"
    r"|legal|worth|better|best|time|ok|rain|snow|mean|matter)\b"
    r"|\bthere (?:is|are|was|were|be|been|any|an?)\b|\b(?:is|are|was|were|be|been|will) there\b"
    r"|\bth(?:is|ese) (?:year|month|week|time|statement|document|text)s?\b"
    r"|\b(?:do|does|did) (?:they|it) "
    r"(?:say|state|mention|discuss|describe|call|promise|agree|decide|want|plan|think|express|note|stress)\b",
    re.IGNORECASE,
)


def depends_on_earlier(search: Search) -> bool:
    """Say whether a question leaves something unsaid, judged by its words alone.

    The more terms of its own a question has, the less likely it is that "it" or "and" points to another.
    """
    terms = sum(is_telling(term) for term in search.terms)
    return terms <= max(_find_gaps(search))


def is_telling(term: Term) -> bool:
    """Say whether a term tells what a question is about, rather than being said in passing."""
    return fold_word(term.text) not in PASSING


def is_name(term: Term) -> bool:
    """Say whether a term names one thing, in whatever letters it was typed."""
    return term.is_name or bool(term.aliases)


def strip_opening(text: str) -> str:
    """Return `text` without the "And" or "OK, but" at its start, unless there is nothing else.

    >>> strip_opening("And what about China?")
    'what about China?'
    """
    found = _OPENING.match(text)
    return text[found.end() :] if found and WORD.search(text, found.end()) else text


def find_pronoun(text: str) -> str | None:
    """Return the first pronoun that nothing in `text` itself explains.

    >>> find_pronoun("Why did Japan sign it?")
    'it'
    >>> find_pronoun("Did Japan change its constitution?")
    """
    masked = _NO_REFERENCE.sub(lambda found: "_" * len(found[0]), text)
    before = ""
    for found in WORD.finditer(masked):
        word = fold_word(found[0])
        last = not WORD.search(masked, found.end())
        points = word in _OF_ONE or (
            word in _OF_MANY and (word != "that" or last or before in _POINTING_AFTER)
        )
        if points and not _has_antecedent(masked[: found.start()], possessive=word in _POSSESSIVES):
            return word
        before = word
    return None


def _find_gaps(search: Search) -> Iterator[int]:
    """Yield, for every sign of something unsaid, the most terms that a question may have and still heed it.

    Found by trying, on half of the conversations of MT-RAG.
    """
    yield 0
    body = strip_opening(search.text)
    if WHAT_ABOUT.match(body):
        yield 5
    pronoun = find_pronoun(search.text)
    if pronoun is not None:
        yield 4 if pronoun in _OF_ONE else 3
    if ELSE.search(search.text):
        yield 2
    whole = PREDICATE.match(body) is not None or _ASKS.search(body) is not None
    if not whole and (body != search.text or body.rstrip(" \"'”’)").endswith("?")):
        yield 2
    if (whole or _KNOWN_OR_COUNTED.match(body)) and _names_nothing(search, body):
        yield 1


def _names_nothing(search: Search, body: str) -> bool:
    """Say whether a question has no name, and no word it asks the meaning of ("What is deterrence?")."""
    defines = _DEFINITION.match(body) and not _KNOWN_OR_COUNTED.search(body)
    return not defines and not any(map(is_name, search.terms))


def _has_antecedent(head: str, *, possessive: bool) -> bool:
    """Say whether `head`, what stands before a pronoun, names something it may mean."""
    if not possessive:
        ends = [found.end() for found in _CLAUSE_END.finditer(head)]
        head = head[: ends[-1]] if ends else ""
    words = (fold_word(found[0]) for found in WORD.finditer(head))
    return any(word not in FUNCTION_WORDS and word not in PASSING for word in words)
