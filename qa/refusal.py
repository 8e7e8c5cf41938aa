"""Why nothing is quoted, in plain words that the search bears out."""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence

from index.store import Index
from qa.expected import Expected, Kind, is_year_or_month, read_expected
from qa.question import Search, Term
from qa.stems import contains, stem_words
from qa.topic import holds_question, read_topic
from qa.types import Absence

_ASKED_FOR: Mapping[Kind, str] = {
    "number": "gives a number",
    "date": "gives a date",
    "duration": "tells how long",
    "past": "tells of anything earlier",
    "first": "tells of a first one",
    "future": "tells of anything to come",
    "office": "names the {name}",
    "holder": "names the {name}",
}

_MOST_STATEMENTS = 200
"""More statements than that, of those that a filter leaves, are not looked through one by one."""

_MOST_PASSAGES = 200
"""More passages than that are not read to say that none of them has a number."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A sentence that says why there is no quote; `absence` if the statements lack a name."""

    reason: str
    absence: Absence | None = None


def explain_refusal(index: Index, search: Search, among: Collection[str]) -> Refusal:
    """Say what the statements lack: a name asked about, the kind of thing asked for, or just an answer.

    `among` are the ids of the statements that were searched.
    """
    count = len(index.statements())
    absence = find_absence(index, search)
    if absence:
        return Refusal(reason=_say_absent(absence), absence=absence)
    if len(among) < min(count, _MOST_STATEMENTS):
        absence = find_absence(index, search, among)
        if absence:
            other = "the other one" if count - len(among) == 1 else "another one"
            elsewhere = f", but {other} does" if all(map(index.mentions, absence.terms)) else ""
            return Refusal(reason=_say_absent(absence, elsewhere), absence=absence)
    unsaid = find_unsaid(index, search)
    if unsaid:
        name, expected = unsaid
        mention = "The statement mentions" if count == 1 else "The statements mention"
        given = _ASKED_FOR[expected.kind].format(name=expected.name)
        return Refusal(reason=f"{mention} {name}, but no passage that does {given}.")
    subject = "The statement does" if count == 1 else f"The {count} statements do"
    return Refusal(reason=f"{subject} not say: no passage answers this closely enough.")


def find_absence(index: Index, search: Search, among: Collection[str] | None = None) -> Absence | None:
    """Return the names of the question that no statement has under any name; all are looked through.

    If it has no such name, but asks what is said about something, return the words for that. `among` are the
    ids of statements: then only these are looked through.
    """
    within = (None,) if among is None else among

    def is_there(term: Term) -> bool:
        return any(index.mentions(name, statement_id=each) for each in within for name in term.spellings)

    absent = search.list_missing(is_there)
    things = _join_neighbours(search.text, absent)
    topic = None if absent else read_topic(search.text)
    if topic and not holds_question(topic):
        asked = [term for term in search.terms if term.text in topic]
        absent = tuple(term for term in asked if not term.is_name and not is_there(term))
        stems = [stem_words(term.text) for term in absent]
        things = (
            thing
            for thing in _join_neighbours(topic, asked)
            if any(contains(stem_words(thing), each) for each in stems)
        )
    if not absent:
        return None
    return Absence(
        terms=tuple(things),
        aliases={term.text: term.aliases for term in absent if term.aliases},
        statements=len(index.statements() if among is None else among),
    )


def find_unsaid(index: Index, search: Search) -> tuple[str, Expected] | None:
    """Return a name and what is asked for, if no passage that has the name has such a thing."""
    asked_for = read_expected(search.text)
    named = [term for term in search.terms if term.is_name and not is_year_or_month(term.text)]
    terms = named if asked_for else []
    whole = [(name, (name,)) for name in _join_neighbours(search.text, terms) if " " in name]
    for name, names in (*whole, *((term.text, term.names) for term in terms)):
        having = [passage_id for passage_id, _ in index.search_words(names, _MOST_PASSAGES)]
        texts = [passage.text for passage in index.passages(having)]
        for expected in asked_for if 0 < len(texts) < _MOST_PASSAGES else ():
            if not any(map(expected.is_in, texts)):
                return name, expected
    return None


def _say_absent(absence: Absence, elsewhere: str | None = None) -> str:
    """Say what the statements lack, and what of it is `elsewhere`: None if all of them were searched."""
    *others, last = absence.terms
    things = f"{', '.join(others)} or {last}" if others else last
    one, several = ("", "") if elsewhere is None else (" that was searched", " that were searched")
    if absence.statements == 1:
        return f"The statement{one} does not mention {things}{elsewhere or ''}."
    return f"None of the {absence.statements} statements{several} mentions {things}{elsewhere or ''}."


def _join_neighbours(text: str, terms: Sequence[Term]) -> Iterator[str]:
    """Yield the terms, those that stand side by side in `text` as one: "Kim", "Jong", "Un" is one name."""
    name = ""
    for term in terms:
        if name and f"{name} {term.text}" in text:
            name = f"{name} {term.text}"
            continue
        if name:
            yield name
        name = term.text
    if name:
        yield name
