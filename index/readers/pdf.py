"""PDF: pages of placed letters become paragraphs."""

import contextlib
import dataclasses
import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw_pdfium

from index.errors import ScannedFileError, UnreadableFileError
from index.readers.pdf_fonts import use_box_font
from index.readers.pdf_joins import count_words, join
from index.readers.pdf_layout import Paragraph, find_paragraphs, guess_title
from index.readers.pdf_letters import is_garbage
from index.readers.pdf_lines import CJK, Line, read_lines
from index.readers.pdf_margins import drop_line_numbers, drop_running_heads
from index.readers.properties import clean_title
from index.types import RawText, Span

_MAX_PAGES = 20_000
# A page of so few letters is as good as empty: a stamp or a number on an image.
_FEW_LETTERS = 20
_MANY_PATHS = 200
# In the place of an XFA form stands a page that says what to see it with.
_MAX_PLACEHOLDER = 1500


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    lines: Sequence[Line]
    pictured: bool
    """It holds images, or drawings that may be letters, and hardly any text."""
    garbled: bool
    """Its fonts do not say which letters they show."""
    damaged: bool = False


_DAMAGED = _Page(lines=(), pictured=False, garbled=False, damaged=True)


def read_pdf(data: bytes, path: Path) -> RawText:
    """Read a PDF. `pages` has one span for each of its pages, which tile the text.

    The text is what the letters of the pages say, changed in these ways only:

    - Left out are lines that come back at the top or bottom of pages, page numbers, the numbers beside the
      lines of a transcript, what lies outside the visible page, control characters, and pages whose fonts
      do not say which letters they show. Of a single page nothing but a page number is left out.
    - White space between words is one space. Lines of a paragraph are joined by a space, Chinese and
      Japanese lines by nothing, also over the end of a column or a page where the sentence is not ended; the
      next page's span then begins within the paragraph.
    - The hyphen that cut a word at the end of a line is taken out, that of a compound is kept.
    - Paragraphs are parted by a blank line, cells of a table's row by a tab; a row is a paragraph.
    - Notes at the foot of a page stand at its end, or before a paragraph that runs on to the next page.

    Columns of prose are read one after the other; text that runs in another direction than most of its page
    stands at the page's end. Raises UnreadableFileError, and ScannedFileError for images without text.
    pdfium is not thread-safe: no two threads of a process may read PDFs at once.
    """
    if not data.strip(b"\0\t\n\f\r "):
        raise UnreadableFileError(f"{path} is empty.")
    use_box_font()
    with _open(data, path) as document:
        title = _read_title(document, path)
        is_placeholder = document.get_formtype() == raw_pdfium.FORMTYPE_XFA_FULL
        pages = [_read_page(document, number) for number in range(len(document))]
    notes = _check_pages(pages, path)
    kept = [[] if page.garbled else drop_line_numbers(page.lines) for page in pages]
    kept = drop_running_heads(kept)
    text, spans = _compose(find_paragraphs(kept), len(pages))
    if not text:
        raise UnreadableFileError(f"{path} holds no text.")
    if is_placeholder and len(text) < _MAX_PLACEHOLDER:
        raise UnreadableFileError(
            f"{path} is an XFA form, which only Adobe Reader shows; print it as a PDF there."
        )
    scanned = _is_scanned(kept)
    guess = None if scanned else guess_title(kept[0])
    return RawText(
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        pages=spans,
        fields={"title": title} if title else {},
        guesses={"title": guess} if guess else {},
        scanned=scanned,
        notes=notes,
    )


@contextlib.contextmanager
def _open(data: bytes, path: Path) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise UnreadableFileError(f"{path} {_explain(error, data)}") from error
    try:
        if not 0 < len(document) <= _MAX_PAGES:
            what = "no pages" if len(document) <= 0 else f"more than {_MAX_PAGES} pages; split it"
            raise UnreadableFileError(f"{path} has {what}.")
        yield document
    finally:
        document.close()


def _explain(error: pdfium.PdfiumError, data: bytes) -> str:
    if error.err_code == raw_pdfium.FPDF_ERR_PASSWORD:
        return "is encrypted and needs a password; save a copy without one."
    if error.err_code == raw_pdfium.FPDF_ERR_SECURITY:
        return "is encrypted in a way that cannot be read; save a copy without encryption."
    if b"%PDF-" not in data[:1024]:
        return "is not a PDF, whatever its name says."
    return "is damaged: it cannot be opened as a PDF."


def _read_page(document: pdfium.PdfDocument, number: int) -> _Page:
    """Read one page, and free it. A page that pdfium cannot load has no lines."""
    try:
        page = document[number]
    except pdfium.PdfiumError:
        return _DAMAGED
    try:
        lines = read_lines(page, number)
        text = " ".join(line.text for line in lines)
        return _Page(
            lines=[clean for line in lines if (clean := _strip_controls(line)).text],
            pictured=len(text) < _FEW_LETTERS and _holds_pictures(page),
            garbled=is_garbage(text),
        )
    except pdfium.PdfiumError:
        return _DAMAGED
    finally:
        page.close()


def _holds_pictures(page: pdfium.PdfPage) -> bool:
    """Say whether a page holds an image, or so many drawn lines that they may be letters."""
    paths = 0
    for thing in page.get_objects(max_depth=4):
        if thing.type == raw_pdfium.FPDF_PAGEOBJ_IMAGE:
            return True
        paths += thing.type == raw_pdfium.FPDF_PAGEOBJ_PATH
        if paths > _MANY_PATHS:
            return True
    return False


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


def _strip_controls(line: Line) -> Line:
    if _CONTROL.search(line.text) is None:
        return line
    return dataclasses.replace(line, text=_CONTROL.sub("", line.text).strip())


def _check_pages(pages: Sequence[_Page], path: Path) -> tuple[str, ...]:
    """Return notes on pages that are not read; raise if what is left is not worth the reading."""
    pictured = [number for number, page in enumerate(pages, 1) if page.pictured]
    garbled = [number for number, page in enumerate(pages, 1) if page.garbled]
    damaged = [number for number, page in enumerate(pages, 1) if page.damaged]
    readable = [page for page in pages if page.lines and not page.garbled]
    if len(damaged) == len(pages):
        raise UnreadableFileError(f"{path} is damaged: none of its pages can be read.")
    if len(garbled) > len(readable) or (garbled and not _count_letters(readable)):
        raise UnreadableFileError(
            f"{path} cannot be read: its fonts do not say which letters they show; find another copy."
        )
    if len(pictured) * 2 >= len(pages) and _count_letters(readable) < _FEW_LETTERS * len(pages):
        raise ScannedFileError(f"{path} is a scan: its pages are images without text.")
    notes = []
    if pictured:
        one = len(pictured) == 1
        notes.append(f"{_name_pages(pictured)} {'holds' if one else 'hold'} images without text.")
    if garbled:
        notes.append(f"{_name_pages(garbled)} cannot be read: fonts there do not say what they show.")
    if damaged:
        notes.append(f"{_name_pages(damaged)} cannot be read: the file is damaged there.")
    return tuple(notes)


def _count_letters(pages: Sequence[_Page]) -> int:
    return sum(len(line.text) for page in pages for line in page.lines)


_MAX_NAMED = 10


def _name_pages(numbers: Sequence[int]) -> str:
    """Name pages at the beginning of a sentence: Page 3, Pages 3 and 7."""
    *others, last = map(str, numbers)
    if not others:
        return f"Page {last}"
    if len(numbers) > _MAX_NAMED:
        return f"{len(numbers)} pages, from page {numbers[0]} to {last},"
    return f"Pages {', '.join(others)} and {last}"


def _is_scanned(pages: Sequence[Sequence[Line]]) -> bool:
    """Say whether most letters do not show: they were read off the image that hides them."""
    hidden = sum(len(line.text) for lines in pages for line in lines if line.hidden)
    return 2 * hidden > sum(len(line.text) for lines in pages for line in lines)


# --- paragraphs become one text ---


def _compose(paragraphs: Sequence[Paragraph], count: int) -> tuple[str, tuple[Span, ...]]:
    """Return the text, and where each of `count` pages stands in it."""
    counts = count_words(line.text for paragraph in paragraphs for line in paragraph.lines)
    pieces: list[str] = []
    starts: dict[int, int] = {}
    length = 0
    for paragraph in paragraphs:
        if pieces:
            pieces.append("\n\n")
            length += 2
        for line, below in itertools.zip_longest(paragraph.lines, paragraph.lines[1:]):
            starts.setdefault(line.page, length)
            pieces.append(join(line.text, below.text, counts) if below else line.text)
            length += len(pieces[-1])
    return "".join(pieces), _tile(starts, count, length)


def _tile(starts: Mapping[int, int], count: int, length: int) -> tuple[Span, ...]:
    """Return spans that tile a text of `length`; a page on which nothing starts is empty, before the next."""
    begins = [length] * (count + 1)
    for page in range(count - 1, -1, -1):
        begins[page] = starts.get(page, begins[page + 1])
    begins[0] = 0
    return tuple(Span(start=start, end=end) for start, end in itertools.pairwise(begins))


# --- what the file says of itself ---


def _read_title(document: pdfium.PdfDocument, path: Path) -> str | None:
    """Return the title among the document's properties if it is meant: two words, and no name of a file."""
    try:
        title = clean_title(_CONTROL.sub(" ", document.get_metadata_value("Title")))
    except (pdfium.PdfiumError, UnicodeError):
        return None
    if title is None:
        return None
    named = title.casefold() == path.stem.casefold()
    short = " " not in title and not re.search(f"[{CJK}]{{4}}", title)
    return None if named or short or "\ufffd" in title or is_garbage(title) else title
