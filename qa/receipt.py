"""Whether quotes that were given earlier still stand, word for word, where they were said to."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from index.errors import QuestionError, ReceiptError
from index.store import Index
from index.types import Statement

Status: TypeAlias = Literal["unchanged", "moved", "changed", "gone"]

_MESSAGES: Mapping[Status, str] = {
    "unchanged": "word for word where it says",
    "moved": "changed since: the same words stand elsewhere in the statement now",
    "changed": "changed since: the statement does not have these words any more",
    "gone": "the index does not hold this statement any more",
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GivenQuote:
    """What a receipt says of one quote: its words, and where in which statement they stood."""

    text: str
    statement_id: str
    start: int
    end: int
    citation: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a quote."""

    quote: GivenQuote
    status: Status

    @property
    def message(self) -> str:
        """The status in words."""
        return _MESSAGES[self.status]


def read_receipt(file: Path) -> tuple[GivenQuote, ...]:
    """Read the quotes that `python -m qa ask --json` printed: one object, or one a line.

    Raises ReceiptError if the file is no such thing, or holds no quote.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ReceiptError(f"{file} cannot be opened: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise ReceiptError(f"{file} is not UTF-8, as JSON must be.") from error
    quotes = tuple(quote for answer in _load(text, file) for quote in _read_quotes(answer, file))
    if not quotes:
        raise ReceiptError(f"{file} holds no quote, so there is nothing to verify.")
    return quotes


def _load(text: str, file: Path) -> list[object]:
    """Return the objects in a file that holds one, perhaps on several lines, or one a line."""
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise ReceiptError(f"{file} is not what python -m qa ask --json prints: it is no JSON.") from error


def _read_quotes(answer: object, file: Path) -> Iterator[GivenQuote]:
    quotes = answer.get("quotes") if isinstance(answer, dict) else None
    if not isinstance(quotes, list):
        raise ReceiptError(f"{file} is not what python -m qa ask --json prints: it has no quotes.")
    for quote in quotes:
        try:
            given = GivenQuote(**{field.name: quote[field.name] for field in dataclasses.fields(GivenQuote)})
        except (KeyError, TypeError) as error:
            raise ReceiptError(f"{file} has a quote without its words or its place.") from error
        if not _is_meant(given):
            raise ReceiptError(f"{file} has a quote whose words or place cannot be meant.")
        yield given


def _is_meant(quote: GivenQuote) -> bool:
    words = (quote.text, quote.statement_id, quote.citation)
    return (
        all(isinstance(each, str) for each in words)
        and all(type(each) is int for each in (quote.start, quote.end))
        and 0 <= quote.start < quote.end
        and bool(quote.text)
    )


def verify_quote(index: Index, quote: GivenQuote) -> Verdict:
    """Compare a quote with what the index holds now."""
    try:
        statement = index.statement(quote.statement_id)
    except QuestionError:
        return Verdict(quote=quote, status="gone")
    return Verdict(quote=quote, status=_compare(statement, quote))


def _compare(statement: Statement, quote: GivenQuote) -> Status:
    if statement.text[quote.start : quote.end] == quote.text:
        return "unchanged"
    return "moved" if quote.text in statement.text else "changed"
