"""What a document's properties say of the statement, where somebody meant it."""

import datetime
import re

from index.addresses import is_web_address

# What programs write for a title when nobody gave one.
_NOT_MEANT = re.compile(
    r"microsoft (?:word|powerpoint|excel) ?- .*|(?:https?|file):.*|.*[\\/].*[\\/].*"
    r"|(?:untitled(?: (?:document|page))?|unnamed|unknown|no title|title|document|presentation"
    r"|powerpoint[- ]presentation|word[- ]document|new (?:microsoft word )?(?:document|page)|dokument"
    r"|ohne titel|unbenannt|sans titre|index|home(?:page)?|page|slide|book|print|layout)[ _-]?\d*\W*"
    r"|.{1,200}\.(?:docx?|dotx?|odt|rtf|pdf|pptx?|xlsx?|indd|pub|wpd|tmp|txt|html?|php|aspx?|epub|pages|qx[dp]"
    r"|pmd|tex|eps|ai)\W*",
    re.IGNORECASE | re.DOTALL,
)
_MAX_TITLE_CHARS = 500
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2})(?![A-Za-z])")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.]+(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?")
# Converters write the year 1 or 101 where they know no date.
_FIRST_YEAR = 1000


def clean_title(words: str | None) -> str | None:
    """Return a title in one line, or None if it is one that a program made up.

    >>> clean_title("Microsoft Word - final2.doc")
    """
    title = " ".join((words or "").split())
    if len(title) > _MAX_TITLE_CHARS or not re.search(r"[^\W\d_]", title) or _NOT_MEANT.fullmatch(title):
        return None
    return title


def clean_language(words: str | None) -> str | None:
    """Return the two letters of a language tag: "en-US" -> "en"; None if it names no language."""
    tag = re.fullmatch(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9-]+)?", (words or "").strip())
    return tag[1].lower() if tag else None


def first_language(words: str | None) -> str | None:
    """Return the two letters that a list of language tags begins with, if it does: "en-US, fr" -> "en"."""
    tag = _LANGUAGE.match(words or "")
    return tag[1].lower() if tag else None


def clean_day(words: str | None) -> datetime.date | None:
    """Return the day of an ISO 8601 date or time; None if it is none, or names no day."""
    day = _DAY.fullmatch((words or "").strip())
    try:
        date = datetime.date.fromisoformat(day[1]) if day else None
    except ValueError:
        return None
    return date if date and date.year >= _FIRST_YEAR else None


def clean_url(words: str | None) -> str | None:
    """Return an http or https address, or None if it is none."""
    url = (words or "").strip()
    return url if is_web_address(url) else None
