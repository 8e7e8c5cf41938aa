"""The types that travel between the modules of the online half."""

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Literal, Protocol, TypeAlias

from index.types import Span

NarrowingKind: TypeAlias = Literal["since", "until", "period", "issuer", "latest", "first"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks, how many quotes they want at most, and what they narrow it to.

    `ignored` are words of the text that are not to be read as a narrowing, as `Narrowing.words` gave them.
    """

    text: str
    top: int = 3
    since: datetime.date | None = None
    until: datetime.date | None = None
    issuer: str | None = None
    statement_id: str | None = None
    earlier: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()


class StatementHeading(Protocol):
    """What is known of a statement of an index without reading it."""

    @property
    def statement_id(self) -> str:
        """The statement's identity."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def issuer(self) -> str | None:
        """Who issued it, where known."""

    @property
    def date(self) -> datetime.date | None:
        """Its date, where known."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What `words` of a question narrow it to, by day or by who says it.

    One that binds (`only`) leaves no other statements; any other is a preference. From `since` until `until`,
    both days included; by one of `issuers`, or with one of `titled` in the title. `reckoned` says how days
    were found that the words do not give in full. `label` is short, for people.
    """

    kind: NarrowingKind
    words: str
    label: str
    only: bool = False
    since: datetime.date | None = None
    until: datetime.date | None = None
    issuers: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()
    reckoned: str | None = None

    def as_preference(self) -> "Narrowing":
        """Return the same, leaving the other statements for want of a better answer."""
        return dataclasses.replace(self, only=False, label=f"{self.label} first") if self.only else self


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage found, by its id in the index; a higher score is better.

    `nearness` is how near in meaning it is among those found, `overlap` how much of the question's words it
    has: each 1 for the best passage found, and 0 for one that this search did not find.
    """

    passage_id: int
    score: float
    nearness: float = 0.0
    overlap: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where words stand. `span` counts in code points of the text of the file `source`.

    `sha256` is of that file's bytes, so that anyone can tell later whether it is still the same file.
    `inferred` names what nobody gave and was read off the text; `scanned` says that OCR read the words.
    """

    statement_id: str
    title: str
    issuer: str | None
    date: datetime.date | None
    paragraph: int
    page: int | None
    span: Span
    sha256: str
    url: str | None
    source: str
    inferred: frozenset[str] = frozenset()
    scanned: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a statement, exactly: whole sentences, one run, nothing left out.

    ``text == statement.text[citation.span.start : citation.span.end]``. `emphasis` is the run of
    whole sentences inside it that answers, in the same code points as `citation.span`. `score` is the
    probability that the quote answers, 0 to 1. `also_in` cites the same words in other statements.
    """

    text: str
    citation: Citation
    score: float
    emphasis: Span
    also_in: tuple[Citation, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Names that no statement has, of all that were searched; `aliases` were searched for too."""

    terms: tuple[str, ...]
    aliases: Mapping[str, tuple[str, ...]]
    statements: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Quotes, best first, or the reason in plain words why there are none; never both, never neither.

    `note` is what the user should know of how they were found.
    """

    question: Question
    quotes: tuple[Quote, ...] = ()
    reason: str | None = None
    matched_aliases: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    absence: Absence | None = None
    understood: str | None = None
    note: str | None = None
    narrowed: tuple[Narrowing, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an answer with both quotes and a reason, or with neither."""
        if bool(self.quotes) == bool(self.reason):
            raise ValueError("an answer has either quotes or a reason")

    @property
    def answered(self) -> bool:
        """Whether the statements answer the question."""
        return bool(self.quotes)
