"""The types that travel between the modules of the offline half."""

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Literal

PassageKind = Literal["body", "heading", "publisher"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A half-open range ``[start, end)``, in Unicode code points of ``Statement.text``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a range that runs backwards or starts before the text."""
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def of(self, text: str) -> str:
        """Return the words this span covers in `text`."""
        return text[self.start : self.end]

    def trimmed(self, text: str) -> "Span":
        """Return the same span without white space at its ends (empty at `start` if all is white)."""
        words = self.of(text)
        start = self.start + len(words) - len(words.lstrip())
        return Span(start=start, end=max(start, self.end - len(words) + len(words.rstrip())))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RawText:
    """What a reader gives: the text of one file, exactly as decoded, and what the file says of itself.

    `front_matter` is the part of the text that describes the statement instead of being it;
    `fields` are the metadata read from there. `sha256` is of the file's bytes, the same bytes that
    `text` was decoded from.
    """

    text: str
    sha256: str
    encoding: str
    encoding_detected: bool
    pages: tuple[Span, ...] = ()
    front_matter: Span | None = None
    fields: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One official statement. `text` is exactly what the file says and is never normalised.

    `statement_id` is the path below the seeds folder without its suffix, so it survives a rebuild.
    `inferred` names the fields that nobody gave and that were read off the text.
    """

    statement_id: str
    title: str
    issuer: str | None
    date: datetime.date | None
    place: str | None
    language: str | None
    source: str
    url: str | None
    sha256: str
    text: str
    pages: tuple[Span, ...] = ()
    front_matter: Span | None = None
    encoding: str = "utf-8"
    inferred: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph, or a run of whole sentences of a long one.

    `sentences` tile `span`; both count in code points of the statement's text. `paragraph` counts
    the statement's body paragraphs from 1 (this program's own numbering): a heading carries the
    number of the paragraph below it, a publisher's words that of the paragraph above (at least 1).
    """

    statement_id: str
    paragraph: int
    span: Span
    sentences: tuple[Span, ...]
    kind: PassageKind


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BuildSettings:
    """What an index is built with; kept in its manifest. Another value means another index.

    `embedder` and `reranker` are names of known models, Hugging Face names, or folders.
    """

    embedder: str = "bge-small"
    reranker: str = "ms-marco-minilm"
    max_words: int = 160
