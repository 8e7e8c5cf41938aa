"""What is asked: the words that matter in a question, with the other names of the things it names."""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping

from index.errors import QuestionError
from qa.function_words import FUNCTION_WORDS
from qa.lexicon import POSSESSIVE, WORD, Lexicon, fold_word
from qa.stems import contains, stem_words
from qa.types import Question

MAX_CHARS = 2_000
"""Longer questions are refused: both models read at most 512 word pieces anyway."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word, or name of several words, of the question, and the other names of the same thing."""

    text: str
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The term as it was asked, then its other names."""
        return (self.text, *self.aliases)

    def find_name(self, text: str) -> str | None:
        """Return the name under which `text` has this term, the one asked for first, or None."""
        stems = stem_words(text)
        return next((name for name in self.names if contains(stems, stem_words(name))), None)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A question made ready to be searched for: `text` for the models, `terms` for the words."""

    question: Question
    text: str
    terms: tuple[Term, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of every term."""
        return tuple(name for term in self.terms for name in term.names)

    def wording_for(self, passage: str) -> str:
        """Return the question in the passage's own names: of the DPRK, if it calls North Korea so."""
        names = {term.text: term.find_name(passage) or term.text for term in self.terms}
        if all(name == asked for asked, name in names.items()):
            return self.text
        # All in one go, the longest first, so that no name is changed inside another one.
        longest_first = "|".join(re.escape(asked) for asked in sorted(names, key=len, reverse=True))
        return re.sub(rf"(?<!\w)(?:{longest_first})(?!\w)", lambda found: names[found[0]], self.text)

    def match_aliases(self, texts: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Return, for each term that some of `texts` have under other names only, those names."""
        found: dict[str, dict[str, None]] = {}
        for text in texts:
            for term in self.terms:
                name = term.find_name(text)
                if name is not None and name != term.text:
                    found.setdefault(term.text, {})[name] = None
        return {asked: tuple(names) for asked, names in found.items()}


def read_question(question: Question, lexicon: Lexicon) -> Search:
    """Find the terms of a question. Raises QuestionError when there is nothing to ask, or too much."""
    # A lone surrogate, which a terminal makes of bytes that are no text, cannot be given to a model.
    text = " ".join(question.text.encode("utf-8", errors="replace").decode("utf-8").split())
    if not WORD.search(text):
        raise QuestionError("The question has no words. Ask something the statements could say.")
    if len(text) > MAX_CHARS:
        raise QuestionError(f"The question has {len(text):,} characters. Ask in at most {MAX_CHARS:,}.")
    terms = {" ".join(stem_words(term.text)): term for term in reversed(list(_find_terms(text, lexicon)))}
    return Search(question=question, text=text, terms=tuple(reversed(terms.values())))


def _find_terms(text: str, lexicon: Lexicon) -> Iterator[Term]:
    matches = list(WORD.finditer(text))
    folded = [fold_word(match[0]) for match in matches]
    at = 0
    while at < len(matches):
        length, others = lexicon.find_longest_name(folded[at:])
        if length:
            last = matches[at + length - 1]
            yield Term(text=POSSESSIVE.sub("", text[matches[at].start() : last.end()]), aliases=others)
        elif folded[at] not in FUNCTION_WORDS:
            word = POSSESSIVE.sub("", matches[at][0])
            yield Term(text=word, aliases=lexicon.correct(word))
        at += max(length, 1)
