"""The types that travel between the modules of the offline half."""

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Literal

PassageKind = Literal["body", "heading", "publisher"]

# From the most exact to the fastest, see `index.vectors`; "auto" goes by the number of passages.
VectorKind = Literal["flat", "fp16", "rabitq"]
VectorChoice = VectorKind | Literal["auto"]


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
    """What a reader gives: the text of one statement, and what its file says of it.

    `text` is exactly as decoded, or for a format with a layout as its reader's docstring says. `sha256` is of
    the file's bytes. `encoding` is None where the format itself says what its characters are. `pages` tile
    the text. `front_matter` is the part of the text that describes the statement instead of being it.

    `fields` is what somebody wrote down about the statement (front matter, document properties), `guesses`
    what the reader saw in the layout; both by the names title, issuer, date, place, language, url.
    `scanned` tells text that a machine read off an image. `part` names one of several statements of a file.
    `notes` are for the user, one sentence each: what the file holds that the text does not.
    """

    text: str
    sha256: str
    encoding: str | None = None
    encoding_detected: bool = False
    pages: tuple[Span, ...] = ()
    front_matter: Span | None = None
    fields: Mapping[str, object] = dataclasses.field(default_factory=dict)
    guesses: Mapping[str, object] = dataclasses.field(default_factory=dict)
    scanned: bool = False
    part: str | None = None
    notes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One official statement. `text` is exactly what the file says and is never normalised.

    `statement_id` is the path below the seeds folder without its suffix, so it survives a rebuild; that of
    one of several statements in a file has its name in the file behind it. `inferred` names the fields that
    nobody gave and that were read off the text. `scanned` tells text that a machine read off an image.
    `copies` are other files with the same text.
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
    encoding: str | None = None
    scanned: bool = False
    inferred: frozenset[str] = frozenset()
    copies: tuple[str, ...] = ()


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

    `embedder` and `reranker` are names of known models, Hugging Face names, or folders. `vectors` is the kind
    of the vector index.
    """

    embedder: str = "bge-small"
    reranker: str = "ms-marco-minilm"
    max_words: int = 160
    vectors: VectorChoice = "auto"
