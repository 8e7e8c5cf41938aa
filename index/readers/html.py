"""A web page becomes the text of the statement on it, without what the site puts around every page."""

import copy
import datetime
import hashlib
import re
from pathlib import Path

import htmldate
from lxml.html import HtmlElement

from index.errors import UnreadableFileError
from index.readers.charset import resolve_charset
from index.readers.main_part import choose_main_part
from index.readers.markup import lay_out, parse_markup
from index.readers.page_fields import read_page_fields
from index.readers.text import decode_text, refuse_binary, refuse_mojibake
from index.types import RawText

# As far as browsers look for it.
_HEAD_BYTES = 4096
_CHARSET = re.compile(
    rb"<meta[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE
)
_CHANGED = re.compile(r"modif|updated|revised", re.IGNORECASE)


def read_html(data: bytes, path: Path, *, charset: str | None = None, whole: bool = False) -> RawText:
    """Read a web page: the paragraphs of its main part, parted by blank lines.

    Which part is the main one is trafilatura's judgement; the words are the page's own, laid out as
    `markup.lay_out` says. What trafilatura passes over within that part is kept too, unless the page marks it
    as navigation, a form or the like, or it is mostly links. If little is found, all but such parts is kept.
    Nothing is fetched. Raises UnreadableFileError.

    `charset` is what the page was sent as, which goes before what it says itself. `whole` takes every
    paragraph, as of a mail, which has nothing around it.
    """
    text, encoding, detected = decode_text(data, path, _find_charset(data, charset))
    refuse_binary(text, path)
    refuse_mojibake(text, path)
    root = parse_markup(text)
    blocks = (lay_out(root) or lay_out(root, hidden=True)) if root is not None else []
    if root is None or not blocks:
        raise UnreadableFileError(f"{path} is a web page without any text.")
    headings = [block.words for block in blocks if block.element.tag == "h1"]
    fields = read_page_fields(root, text, headings)
    kept = blocks if whole else choose_main_part(root, blocks, str(fields.get("title", "")))
    guess = None if whole or "date" in fields else _guess_date(root, text)
    return RawText(
        text="\n\n".join(block.text for block in kept),
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        encoding_detected=detected,
        fields=fields,
        guesses={} if guess is None else {"date": guess},
    )


def _find_charset(data: bytes, charset: str | None) -> str | None:
    """Return the encoding that a page is said to be in, as browsers understand it."""
    sent_as = resolve_charset(charset, data) if charset else None
    named = _CHARSET.search(data[:_HEAD_BYTES])
    if sent_as or named is None:
        return sent_as
    return resolve_charset((named[1] or named[2]).decode("ascii"), data)


def _guess_date(root: HtmlElement, markup: str) -> datetime.date | None:
    """Return the day that the page shows as its own, if htmldate sees one, and never that of a change."""
    page = copy.deepcopy(root)
    for element in page.iter("meta", "img", "time"):
        if element.tag == "img" or _CHANGED.search(" ".join(element.attrib.values())):
            element.attrib.clear()
            element.tag = "span"
    try:
        found = htmldate.find_date(page, extensive_search=False, original_date=True, min_date="1900-01-01")
    except Exception:  # noqa: BLE001 - whatever a heuristic trips over, there is no guess
        return None
    day = datetime.date.fromisoformat(found) if found else None
    return day if day and (day.day > 1 or _names_first(day, markup)) else None


def _names_first(day: datetime.date, markup: str) -> bool:
    """Say whether a page names the first of a month, which htmldate also says of the month alone."""
    year, month = day.year, day.month
    written = (
        rf"{year}\D{{1,2}}0?{month}\D{{1,2}}0?1(?!\d)|(?<!\d)0?1(?!\d)(?:\D{{1,3}}0?{month})?\D{{1,20}}{year}"
    )
    return re.search(written, markup) is not None
