"""A citation as a line of text, one function a style."""

import datetime
import re

from qa.types import Citation

STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that steer what stands around them: control characters, bidi marks, lone surrogates."""

_SINGLE_MARKS = str.maketrans({'"': "'", "\u201c": "\u2018", "\u201d": "\u2019"})

# Spelt out, because the calendar module's names follow the machine's locale.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def format_citation(citation: Citation) -> str:
    """Return the citation as one line in the manner of Chicago's notes.

    ``U.S. Department of State, "Joint Statement," July 28, 2024, p. 2, para. 3.`` Without an issuer
    it starts with the title; without a date it says "n.d.", and one that was inferred stands in brackets; the
    page is there when the source has pages. The paragraph is this program's own numbering. Words that a
    machine read off an image are marked.
    """
    issuer = _one_line(citation.issuer or "")
    date = format_date(citation.date)
    parts = [
        f"{issuer}," if issuer else None,
        _quoted_title(citation.title),
        f"[{date}]," if citation.date and "date" in citation.inferred else f"{date},",
        f"p. {citation.page}," if citation.page is not None else None,
        f"para. {citation.paragraph}" + (" (read by OCR)." if citation.scanned else "."),
    ]
    return " ".join(part for part in parts if part)


def format_date(date: datetime.date | None) -> str:
    """Return ``July 28, 2024``, or ``n.d.`` for no date."""
    return "n.d." if date is None else f"{MONTHS[date.month - 1]} {date.day}, {date.year}"


def _quoted_title(title: str) -> str:
    """``Peace`` -> ``"Peace,"``. Inner quotation marks become single; "?" and "!" stand without a comma."""
    inner = _one_line(title).translate(_SINGLE_MARKS) or "Untitled statement"
    return f'"{inner}"' if inner.endswith(("?", "!")) else f'"{inner},"'


def _one_line(text: str) -> str:
    """Return `text` on one line, without characters that steer. Never used on a statement's own words."""
    return " ".join(STEERING.sub(" ", text).split())
