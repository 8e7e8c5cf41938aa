"""The types that travel between the modules of the online half."""

import dataclasses
import datetime
from collections.abc import Mapping

from index.types import Span


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks, how many quotes they want at most, and what they narrow it to."""

    text: str
    top: int = 3
    since: datetime.date | None = None
    until: datetime.date | None = None
    issuer: str | None = None
    statement_id: str | None = None
    earlier: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage found, by its id in the index; a higher score is better."""

    passage_id: int
    score: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where words stand. `span` counts in code points of the text of the file `source`.

    `sha256` is of that file's bytes, so that anyone can tell later whether it is still the same file.
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
class Answer:
    """Quotes, best first, or the reason in plain words why there are none; never both, never neither."""

    question: Question
    quotes: tuple[Quote, ...] = ()
    reason: str | None = None
    matched_aliases: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an answer with both quotes and a reason, or with neither."""
        if bool(self.quotes) == bool(self.reason):
            raise ValueError("an answer has either quotes or a reason")

    @property
    def answered(self) -> bool:
        """Whether the statements answer the question."""
        return bool(self.quotes)
