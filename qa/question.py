"""What is asked: the words that matter in a question, with the other names of the things it names."""

import dataclasses
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from index.english import count_english
from index.errors import QuestionError
from index.languages import detect_language
from qa.function_words import FUNCTION_WORDS
from qa.lexicon import JOINT, POSSESSIVE, WORD, Lexicon, fold_word
from qa.spelling import OFTEN, may_be_name
from qa.stems import contains, fold, stem_words
from qa.topic import ask_what_is_said
from qa.types import Question

MAX_CHARS = 2_000
"""Longer questions are refused: both models read at most 512 word pieces anyway."""

_WORD_OR_PART = re.compile(r"[^\W_]+")
_CAPITAL_NOUNS = "de"
_HYPHENS = {0x2010: "-", 0x2011: "-"}
# "&" may be part of a name, "+" is none when it stands alone.
_SIGN_FOR_AND = re.compile(r"(?<=\w) \+ (?=\w)")
_LETTER_BESIDE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_CUT = "|"
"""In the place of a name that was cut out; no word has this sign."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word, or name of several words, of the question, and the other names of the same thing.

    `is_name` tells what the question writes as a proper name or a number from its other words. `lookalikes`
    are names of other things that hold one of these, as "South China Sea" does.
    """

    text: str
    aliases: tuple[str, ...] = ()
    is_name: bool = False
    lookalikes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The term as it was asked, then its other names."""
        return (self.text, *self.aliases)

    @property
    def searched(self) -> tuple[str, ...]:
        """The names to search for.

        Without those, as US, that cannot be told from a word there, and without aliases that hold another of
        the names, as "Kingdom of Norway": whatever has them has that one too, and would count twice.
        """
        names = [name for name in self.names if not _is_also_function_word(name)]
        kept = [
            name for place, name in enumerate(names) if name == self.text or not _holds(name, names, place)
        ]
        return tuple(kept) or self.names

    @property
    def spellings(self) -> tuple[str, ...]:
        """The names in all ways of writing them: "E.D.D." is EDD, "YS87" YS-87, "peace-time" peacetime."""
        written = [(name, name.replace(".", ""), name.replace("-", ""), _part(name)) for name in self.names]
        dotted = (f"{'.'.join(name)}." for name in self.names if name.isupper() and name.isalpha())
        return tuple(dict.fromkeys((*itertools.chain.from_iterable(written), *dotted)))

    def find_name(self, text: str) -> str | None:
        """Return the name under which `text` has this term, the one asked for first, or None."""
        stems = _cut_out(stem_words(text), self.lookalikes)
        for name in self.names:
            wanted = stem_words(name)
            if contains(stems, wanted) and (
                self._is_any_case_meant(name) or _is_with_capitals(name, wanted, text)
            ):
                return name
        return None

    @property
    def may_be_first_name(self) -> bool:
        """Whether it is written as a first name, a title or an initial, or is a name in small letters."""
        return not self.aliases and (self.text.istitle() or (self.is_name and self.text.islower()))

    @property
    def may_be_last_name(self) -> bool:
        """Whether it is a name, and not a word that is often used."""
        is_name = (self.is_name or self.text.islower()) and not self.aliases and self.text.isalpha()
        return is_name and count_english(fold(self.text)) < OFTEN

    def _is_any_case_meant(self, name: str) -> bool:
        return (name == self.text and not (self.aliases and _is_also_function_word(name))) or " " in name


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A question made ready to be searched for: `text` for the models, `terms` for the words.

    For a question that leaves unsaid what earlier ones said (see `qa.followup`), `text` is its completed
    wording, `carried` the terms that this took from them, and `asked` the question as it came. `language` is
    the ISO 639-1 code of a language other than English that it is surely in. `acronyms` are those that are
    known, with what they stand for.
    """

    question: Question
    text: str
    terms: tuple[Term, ...]
    language: str | None = None
    carried: tuple[Term, ...] = ()
    asked: "Search | None" = None
    acronyms: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name to search for, of the terms that are carried too."""
        return tuple(name for term in (*self.terms, *self.carried) for name in term.searched)

    def list_missing(self, is_there: Callable[[Term], bool], *, every: bool = False) -> tuple[Term, ...]:
        """Return the terms that are names, or `every` term, that are not there.

        A first name or a title is not missed before a last name that is: "Antony Blinken", "Sec. Blinken".
        """
        missing = {term for term in self.terms if (term.is_name or every) and not is_there(term)}
        return tuple(
            term
            for place, term in enumerate(self.terms)
            if term in missing and not self._leads(place, missing)
        )

    def _leads(self, place: int, missing: Collection[Term]) -> bool:
        """Say whether the term at `place` is a first name or a title before a last name that is there."""
        term, *after = self.terms[place : place + 2]
        side_by_side = after and f"{term.text} {after[0].text}" in self.text.replace(". ", " ")
        if not side_by_side or not term.may_be_first_name:
            return False
        # In small letters "lloyd austin" and "kishida deterrence" look alike, but most first names are known.
        is_given = term.text.istitle() or bool(count_english(term.text) or not count_english(after[0].text))
        is_last = after[0] not in missing and after[0].may_be_last_name and is_given
        return is_last or self._leads(place + 1, missing)

    @property
    def readings(self) -> "tuple[Search, ...]":
        """The wordings for a cross-encoder. It wants sentences: a topic in brackets is only half of one."""
        has_topic = self.asked is not None and self.text.startswith(self.asked.text)
        return (self.asked, self) if self.asked is not None and has_topic else (self,)

    @property
    def wordings(self) -> "tuple[Search, ...]":
        """The question in every wording to search for: completed, and as it came."""
        return (self,) if self.asked is None else (self, self.asked)

    def wording_for(self, passage: str) -> str:
        """Return the question in the passage's own names: of the DPRK, if it calls North Korea so."""
        every_term = (*self.terms, *self.carried)
        names = {term.text: term.find_name(passage) or term.text for term in every_term}
        if all(name == asked for asked, name in names.items()):
            return self.text
        # All in one go, the longest first, so that no name is changed inside another one.
        longest_first = "|".join(re.escape(asked) for asked in sorted(names, key=len, reverse=True))
        return re.sub(rf"(?<!\w)(?:{longest_first})(?!\w)", lambda found: names[found[0]], self.text)

    def match_aliases(self, texts: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Return, for each term that some of `texts` have under other names only, those names."""
        found: dict[str, dict[str, None]] = {}
        for text in texts:
            for term in (*self.terms, *self.carried):
                name = term.find_name(text)
                if name is not None and name != term.text:
                    found.setdefault(term.text, {})[name] = None
        return {asked: tuple(names) for asked, names in found.items()}


def read_question(question: Question, lexicon: Lexicon) -> Search:
    """Find the terms of a question, which is put into plain words where it asks about mentions.

    Raises QuestionError when there is nothing to ask, or too much.
    """
    # A lone surrogate, which a terminal makes of bytes that are no text, cannot be given to a model.
    text = " ".join(question.text.encode("utf-8", errors="replace").decode("utf-8").split())
    text = _SIGN_FOR_AND.sub(" and ", text.translate(_HYPHENS))
    if not WORD.search(text):
        raise QuestionError("The question has no words. Ask something the statements could say.")
    if len(text) > MAX_CHARS:
        raise QuestionError(f"The question has {len(text):,} characters. Ask in at most {MAX_CHARS:,}.")
    text = ask_what_is_said(text)
    detected = detect_language(text)
    language = None if detected == "en" else detected
    found = list(_find_terms(text, lexicon, language))
    terms = {" ".join(stem_words(term.text)): term for term in reversed(found)}
    return Search(
        question=question,
        text=text,
        terms=tuple(reversed(terms.values())),
        language=language,
        acronyms=lexicon.acronyms,
    )


def _find_terms(text: str, lexicon: Lexicon, language: str | None) -> Iterator[Term]:
    matches = lexicon.find_words(text)
    folded = [fold_word(match[0]) for match in matches]
    # Where all is in capitals, they tell no name from a word.
    written = folded if text.isupper() and len(matches) > 1 else [match[0] for match in matches]
    shouted = all(match[0][0].isupper() for match in matches if match[0][0].isalpha())
    in_haste = language is None and not any(map(str.isupper, text[1:]))
    at = 0
    while at < len(matches):
        length, others = lexicon.find_longest_name(written, at)
        if length:
            last = matches[at + length - 1]
            name = POSSESSIVE.sub("", text[matches[at].start() : last.end()])
            lookalikes = lexicon.find_lookalikes((name, *others)) if others else ()
            named = _is_written_as_name(name) or any(map(_is_proper, others))
            yield Term(text=name, aliases=others, is_name=named, lookalikes=lookalikes)
        elif folded[at] not in FUNCTION_WORDS and folded[at] != JOINT:
            word, after = POSSESSIVE.sub("", matches[at][0]), _word_beside(matches, at, at + 1)
            joined = lexicon.join(word, after) if after and not language else ()
            if joined:
                length = 2
                yield Term(text=f"{word} {after}", aliases=joined)
            else:
                aliases = () if language else lexicon.correct(word, after=_word_beside(matches, at, at - 1))
                named = _is_name(word, first=at == 0, shouted=shouted or language == _CAPITAL_NOUNS)
                if in_haste and not named and not aliases and not lexicon.has_word(word):
                    named = may_be_name(word, rare=text[0].islower())
                yield Term(text=word, aliases=aliases, is_name=named)
        at += max(length, 1)


def _word_beside(matches: Sequence[re.Match[str]], at: int, other: int) -> str:
    """Return the word `other`, just before or after the one `at`, or "" if more than a space is between."""
    if not 0 <= other < len(matches):
        return ""
    before, after = matches[min(at, other)], matches[max(at, other)]
    word = matches[other][0]
    tells = len(word) > 1 and fold_word(word) not in FUNCTION_WORDS
    return word if tells and before.string[before.end() : after.start()] == " " else ""


def _is_written_as_name(name: str) -> bool:
    """Say whether a known name has a capital, or is in a writing without any."""
    return name != name.lower() or (name == name.upper() and any(map(str.isalpha, name)))


def _is_name(word: str, *, first: bool, shouted: bool) -> bool:
    """Say whether a word is written as a name or number; where every word begins with a capital, none is."""
    if word.isdigit():
        return True
    capitals = sum(map(str.isupper, word))
    return not shouted and (capitals > 1 or (capitals == 1 and word[0].isupper() and not first))


def _is_proper(name: str) -> bool:
    """Say whether a name that is no acronym has a capital: "NATO" has it in another name, "TTX" has not."""
    return name[0].isupper() and not name.isupper()


def _part(name: str) -> str:
    """Return a name with its letters and digits apart."""
    return _LETTER_BESIDE_DIGIT.sub(" ", name)


def _is_also_function_word(name: str) -> bool:
    return name.isupper() and fold(name) in FUNCTION_WORDS


def _is_with_capitals(name: str, stems: Sequence[str], text: str) -> bool:
    """Say whether `text` has the word `name` as a name is written: Polish, not "to polish"; US, not "us"."""
    if not name[0].isupper():
        return True
    words = [word for word in _WORD_OR_PART.findall(text) if stem_words(word) == stems]
    if _is_also_function_word(name):
        return any(word.isupper() for word in words)
    return len(stems) > 1 or any(word[0].isupper() for word in words)


def _holds(name: str, names: Sequence[str], place: int) -> bool:
    """Say whether the name at `place` holds a shorter one of `names`, or is the same as an earlier one."""
    own = stem_words(name)
    for other, stems in enumerate(map(stem_words, names)):
        if contains(own, stems) and (stems != own or other < place):
            return True
    return False


def _cut_out(stems: Sequence[str], names: Sequence[str]) -> Sequence[str]:
    """Return `stems` with a mark for each of `names`."""
    said = f" {' '.join(stems)} "
    for name in names:
        said = said.replace(f" {' '.join(stem_words(name))} ", f" {_CUT} ")
    return said.split()
