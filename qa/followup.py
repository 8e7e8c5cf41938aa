"""What a question leaves unsaid because an earlier one has said it."""

import dataclasses
import re
from collections.abc import Sequence

from qa.dependence import (
    ELSE,
    PREDICATE,
    PREPOSITION,
    WHAT_ABOUT,
    depends_on_earlier,
    find_pronoun,
    is_name,
    is_telling,
    strip_opening,
)
from qa.function_words import FUNCTION_WORDS
from qa.lexicon import POSSESSIVE, WORD, fold_word
from qa.question import MAX_CHARS, Search, Term
from qa.stems import stem_words

TURNS = 4
"""How many earlier questions are looked back on."""

MOST_CARRIED = 5
"""How many terms are carried into a question at most: more of them drown what it asks itself."""

FADING = 0.6
"""What a term of the question before last counts, where one of the last question counts 1; and so on."""

_LONGEST_CARRIED = 60
_LONGEST_FRAGMENT = 4

_TIME = re.compile(
    r"january|february|march|april|may|june|july|august|september|october|november|december"
    r"|spring|summer|autumn|winter|(?:1[5-9]|20)\d\d",
    re.IGNORECASE,
)
_OBJECT_AT_END = re.compile(
    r"\b(?:about|regarding|concerning|on)\s+(?P<object>[^,;:.!?]+?)\W*$", re.IGNORECASE
)
_ARTICLE_AT_END = re.compile(r"\b(?:the|an?)\s+$", re.IGNORECASE)
# The dot of "U.S. side" ends no sentence.
_SENTENCE_GOES_ON = re.compile(r"[,;:!?]\s|[^\W\d_]{2}\.\s")
_QUANTIFIER = re.compile(r"(?:any|some|no|every|each|all|both|many|few|other)\b", re.IGNORECASE)
# "The Japanese one" is as good as "the Japanese" where the noun stands in the last question.
_ONE_AT_END = re.compile(r"(?<=\w) ones?$", re.IGNORECASE)
_AROUND = " ?.!\"'“”‘’"

_Range = tuple[int, int]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """An earlier question: its wording when completed, and the terms that it was about."""

    text: str
    terms: tuple[Term, ...]


def carry_over(search: Search, earlier: Sequence[Search]) -> Search:
    """Complete a question with what the `earlier` ones, oldest first, were about, if it leaves that unsaid.

    A question that stands alone comes back as it is, the same object. Otherwise the result has the question
    as it was typed in `asked`, a completed wording in `text`, and in `carried` the terms not asked for now.
    """
    turns: tuple[_Turn, ...] = ()
    for before in earlier[-TURNS:]:
        turns = _follow(before, turns)
    if not turns or not depends_on_earlier(search):
        return search
    completed = _put_in_place(search, turns[-1]) or _add_topic(search, turns)
    return search if completed is None or len(completed.text) > MAX_CHARS else completed


def _follow(search: Search, turns: tuple[_Turn, ...]) -> tuple[_Turn, ...]:
    """Add a question to those that came before it."""
    if not search.terms:
        return turns
    depends = bool(turns) and depends_on_earlier(search)
    again = _put_in_place(search, turns[-1]) if depends else None
    if again is not None and len(again.text) <= MAX_CHARS:
        # Its wording has all that the questions before it had to give.
        terms = sorted(again.terms + again.carried, key=lambda term: again.text.find(term.text))
        return (_Turn(text=again.text, terms=tuple(terms)),)
    return (*turns, _Turn(text=search.text, terms=search.terms))


def _add_topic(search: Search, turns: Sequence[_Turn]) -> Search | None:
    """Put what the last turns were about behind the question: "Who led it? (Yama Sakura 87)"."""
    carried = _choose_terms(search, turns)
    if not carried:
        return None
    topic = " ".join(term.text for term in carried)
    return dataclasses.replace(search, text=f"{search.text} ({topic})", carried=carried, asked=search)


def _choose_terms(search: Search, turns: Sequence[_Turn]) -> tuple[Term, ...]:
    """Return the terms that weigh most in the last turns, each in the order in which they were first said."""
    said = {
        _stem(term): term
        for turn in turns
        for term in turn.terms
        if is_telling(term) and len(term.text) <= _LONGEST_CARRIED
    }
    for term in search.terms:
        said.pop(_stem(term), None)
    weights = dict.fromkeys(said, 0.0)
    for age, turn in enumerate(reversed(turns)):
        for stem in {_stem(term) for term in turn.terms} & said.keys():
            weights[stem] += FADING**age
    heaviest = set(sorted(weights, key=lambda stem: -weights[stem])[:MOST_CARRIED])
    return tuple(term for stem, term in said.items() if stem in heaviest)


def _stem(term: Term) -> str:
    return " ".join(stem_words(term.text))


def _put_in_place(search: Search, before: _Turn) -> Search | None:
    """Ask the last question again of the thing that "And China?" names, in place of its parallel there."""
    fragment = _read_fragment(search)
    if fragment is None:
        return None
    thing = _ONE_AT_END.sub("", PREPOSITION.sub("", fragment))
    place = _find_same_head(thing, before.text) or _find_same_kind(search, before)
    if place is None and PREPOSITION.match(fragment):
        # "In July?" has no parallel, but a place all the same.
        end = len(before.text.rstrip(" ?.!"))
        place, thing = (end, end), f" {fragment[0].lower()}{fragment[1:]}"
    place = place or _find_object(before.text)
    if place is None:
        return None
    rest = _without_repeat(thing, before.text[place[1] :])
    text = (
        before.text[: place[0]] + (POSSESSIVE.sub("", thing) if POSSESSIVE.match(rest[:2]) else thing) + rest
    )
    asked = {_stem(term) for term in search.terms}
    carried = tuple(
        term for term in before.terms if _stem(term) not in asked and _find_last(term.text, text) is not None
    )
    return dataclasses.replace(search, text=text, carried=carried, asked=search)


def _without_repeat(thing: str, rest: str) -> str:
    """Return what follows a place, without its first word if `thing` ends with that."""
    first, words = WORD.search(rest), WORD.findall(thing)
    if first is not None and words and stem_words(first[0]) == stem_words(words[-1]):
        return rest[first.end() :]
    return rest


def _read_fragment(search: Search) -> str | None:
    """Return what a question without a predicate names: "China" of "And China?"; None for other questions."""
    fragment = WHAT_ABOUT.sub("", strip_opening(search.text), count=1).strip(_AROUND)
    thing = PREPOSITION.sub("", fragment)
    if not 0 < len(search.terms) <= _LONGEST_FRAGMENT or _SENTENCE_GOES_ON.search(fragment):
        return None
    if PREDICATE.match(thing) or _QUANTIFIER.match(thing) or ELSE.search(thing) or find_pronoun(thing):
        return None
    # "China?" and "In July?" ask for a parallel without an "and"; "Streaming services?" may ask for anything.
    goes_on = fragment != search.text.strip(_AROUND) or thing != fragment
    return fragment if goes_on or all(term.aliases for term in search.terms) else None


def _find_same_head(thing: str, text: str) -> _Range | None:
    """Find what has the last word of `thing` in common with it: "the Japanese side" for "the U.S. side"."""
    wanted = _content_words(thing)
    words = list(WORD.finditer(text))
    if len(wanted) <= 1:
        return None
    head = stem_words(wanted[-1])
    at = next((at for at in reversed(range(len(words))) if stem_words(words[at][0]) == head), None)
    if at is None or at == 0:
        return None
    first = at
    while first > max(0, at - len(wanted) + 1) and fold_word(words[first - 1][0]) not in FUNCTION_WORDS:
        first -= 1
    return _with_article(text, (words[first].start(), words[at].end()))


def _content_words(text: str) -> list[str]:
    return [found[0] for found in WORD.finditer(text) if fold_word(found[0]) not in FUNCTION_WORDS]


def _find_same_kind(search: Search, before: _Turn) -> _Range | None:
    """Find the last time for a time, the last name for a name: one with other names for one that has some."""
    terms = search.terms
    # Where every word has a capital, as in "And Kamikawa?", reading a question finds no names.
    if not all(is_name(term) or (term.text[0].isupper() and term.text != search.text) for term in terms):
        return None
    time = all(map(_is_time, terms))
    known = not time and all(term.aliases for term in terms)
    asked = {_stem(term) for term in terms}
    ranges = [
        _find_last(term.text, before.text)
        for term in before.terms
        if is_name(term)
        and _is_time(term) == time
        and _stem(term) not in asked
        and (term.aliases or not known)
    ]
    runs = _join(before.text, sorted(each for each in ranges if each is not None))
    return _with_article(before.text, runs[-1]) if runs else None


def _find_object(text: str) -> _Range | None:
    """Find what a question is "about", when it ends with that."""
    found = _OBJECT_AT_END.search(text)
    return found.span("object") if found else None


def _is_time(term: Term) -> bool:
    return _TIME.fullmatch(term.text) is not None


def _find_last(words: str, text: str) -> _Range | None:
    found = list(re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text))
    return found[-1].span() if found else None


def _join(text: str, ranges: Sequence[_Range]) -> list[_Range]:
    """Make one of ranges with nothing but spaces between: "Yama", "Sakura" and "87"."""
    runs: list[_Range] = []
    for start, end in ranges:
        if runs and not text[runs[-1][1] : start].strip():
            runs[-1] = (runs[-1][0], max(end, runs[-1][1]))
        else:
            runs.append((start, end))
    return runs


def _with_article(text: str, found: _Range) -> _Range:
    article = _ARTICLE_AT_END.search(text[: found[0]])
    return (article.start() if article else found[0], found[1])
