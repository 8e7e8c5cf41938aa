"""OpenDocument texts (ODT): what content.xml says, with its rules for white space."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from index.errors import UnreadableFileError
from index.readers.containers import Container, open_container
from index.readers.paragraphs import join_row, make_text, split_lines
from index.readers.properties import clean_language, clean_title
from index.types import RawText

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"

_PARAGRAPHS = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
_LEFT_OUT = frozenset(
    {
        f"{_TEXT}tracked-changes",
        f"{_TEXT}table-of-content",
        f"{_TEXT}note-citation",
        f"{_TEXT}ruby-text",
        f"{_OFFICE}annotation",
        f"{_OFFICE}forms",
        f"{_TABLE}covered-table-cell",
        f"{_SVG}title",
        f"{_SVG}desc",
    }
)
_DELETIONS = "Deletions tracked in the file are left out."
_EMBEDDED = "Objects embedded in the file, such as formulas, are left out."

_WHITE_SPACE = re.compile(r"[ \t\r\n]+")
# XML cannot hold these, so they stand for the spaces, tabs and line breaks that do not fold into one space.
_SPACE, _TAB, _BREAK = "\x00", "\x01", "\x02"
_CHARACTERS = str.maketrans({_SPACE: " ", _TAB: "\t", _BREAK: "\n"})
# One element may claim any number of spaces.
_MAX_SPACES = 100


def read_odt(data: bytes, path: Path) -> RawText:
    """Read an ODT document: its headings, paragraphs, lists, tables and text boxes in order, then its notes.

    White space folds into single spaces, as the format wants it, but for the spaces, tabs and line breaks
    that have elements. A line break becomes a space, or the end of the paragraph where there are two. A table
    row is one paragraph, its cells joined by tabs, unless a cell holds several. A text box follows the
    paragraph it is anchored in. Tracked insertions and what fields show are text.

    Left out: tracked deletions, hidden text, comments, headers and footers, tables of contents, numbers and
    bullets of lists, marks of notes, phonetic guides, pictures and embedded objects. There are no pages.
    Raises UnreadableFileError.
    """
    container = open_container(data, path)
    _refuse_encrypted(container, path)
    content = container.read_xml("content.xml")
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise UnreadableFileError(f"{path} is no OpenDocument text: it holds no body of text.")
    story = _Story(content)
    paragraphs = story.read_blocks(body)
    guess = clean_title(story.title)
    return make_text(
        paragraphs + story.notes,
        data,
        path,
        fields=_read_properties(container),
        guesses={"title": guess} if guess else {},
        notes=sorted(story.remarks),
    )


def _refuse_encrypted(container: Container, path: Path) -> None:
    name = "META-INF/manifest.xml"
    if (
        name in container
        and next(container.read_xml(name).iter(f"{_MANIFEST}encryption-data"), None) is not None
    ):
        raise UnreadableFileError(f"{path} is encrypted with a password; save it without one.")


def _read_properties(container: Container) -> dict[str, object]:
    if "meta.xml" not in container:
        return {}
    root = container.read_xml("meta.xml")
    title = clean_title(root.findtext(f"{_OFFICE}meta/{_DC}title"))
    language = clean_language(root.findtext(f"{_OFFICE}meta/{_DC}language"))
    return {key: value for key, value in (("title", title), ("language", language)) if value}


class _Story:
    """Reads the body, and remembers what stands elsewhere in the text than in the file."""

    def __init__(self, content: etree._Element) -> None:
        self.notes: list[str] = []
        self.remarks: set[str] = set()
        self.title: str | None = None
        self._boxes: list[str] = []
        self._is_first = True
        self._titles = {"Title"}
        self._hidden: set[str | None] = set()
        for style in content.iter(f"{_STYLE}style"):
            name = style.get(f"{_STYLE}name", "")
            if style.get(f"{_STYLE}parent-style-name") == "Title":
                self._titles.add(name)
            properties = style.find(f"{_STYLE}text-properties")
            if properties is not None and properties.get(f"{_TEXT}display") == "none":
                self._hidden.add(name)

    def read_blocks(self, parent: etree._Element) -> list[str]:
        """Return the paragraphs of a body, section, list, cell, text box or note, in order."""
        paragraphs: list[str] = []
        for element in parent:
            if element.tag in _PARAGRAPHS:
                paragraphs += self._read_paragraph(element)
            elif element.tag == f"{_TABLE}table":
                paragraphs += self._read_table(element)
            elif not self._is_left_out(element):
                paragraphs += self.read_blocks(element)
        return paragraphs

    def _read_table(self, table: etree._Element) -> Iterator[str]:
        for row in _find_rows(table):
            cells = [self.read_blocks(cell) for cell in row if cell.tag == f"{_TABLE}table-cell"]
            yield from join_row(cells)

    def _read_paragraph(self, element: etree._Element) -> list[str]:
        outer, self._boxes = self._boxes, []
        words = "" if self._is_left_out(element) or _is_hidden(element) else self._read_inline(element)
        boxes, self._boxes = self._boxes, outer
        paragraphs = split_lines(_WHITE_SPACE.sub(" ", words).strip(" ").translate(_CHARACTERS))
        self._look_for_title(element, paragraphs)
        return paragraphs + boxes

    def _look_for_title(self, element: etree._Element, paragraphs: list[str]) -> None:
        if not paragraphs:
            return
        is_title = element.get(f"{_TEXT}style-name") in self._titles
        is_top = element.tag == f"{_TEXT}h" and element.get(f"{_TEXT}outline-level") == "1" and self._is_first
        if self.title is None and (is_title or is_top):
            self.title = " ".join(paragraphs)
        self._is_first = False

    def _read_inline(self, parent: etree._Element) -> str:
        pieces = [parent.text or ""]
        for element in parent:
            pieces += (self._read_piece(element), element.tail or "")
        return "".join(pieces)

    def _read_piece(self, element: etree._Element) -> str:
        if self._is_left_out(element):
            return ""
        if element.tag == f"{_TEXT}note":
            self.notes += self.read_blocks(element)
            return ""
        if element.tag in {f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"}:
            return _make_space(element)
        if element.tag == f"{_DRAW}text-box":
            self._boxes += self.read_blocks(element)
            return ""
        if element.tag in _PARAGRAPHS:
            self._boxes += self._read_paragraph(element)
            return ""
        return self._read_inline(element)

    def _is_left_out(self, element: etree._Element) -> bool:
        if (
            element.tag == f"{_TEXT}tracked-changes"
            and next(element.iter(f"{_TEXT}deletion"), None) is not None
        ):
            self.remarks.add(_DELETIONS)
        if element.tag in {f"{_DRAW}object", f"{_DRAW}object-ole"}:
            self.remarks.add(_EMBEDDED)
        hidden = element.get(f"{_TEXT}display") == "none" or element.get(f"{_TEXT}is-hidden") == "true"
        return hidden or element.tag in _LEFT_OUT or element.get(f"{_TEXT}style-name") in self._hidden


def _is_hidden(paragraph: etree._Element) -> bool:
    """Say whether a paragraph holds the field that hides all of it."""
    return any(
        field.get(f"{_TEXT}is-hidden") == "true" for field in paragraph.iter(f"{_TEXT}hidden-paragraph")
    )


def _find_rows(table: etree._Element) -> Iterator[etree._Element]:
    for element in table:
        if element.tag == f"{_TABLE}table-row":
            yield element
        else:
            yield from _find_rows(element)


def _make_space(element: etree._Element) -> str:
    if element.tag == f"{_TEXT}s":
        count = element.get(f"{_TEXT}c", "1")
        return _SPACE * (min(int(count), _MAX_SPACES) if re.fullmatch(r"[0-9]{1,9}", count) else 1)
    return _TAB if element.tag == f"{_TEXT}tab" else _BREAK
