"""Books (EPUB): the pages of the spine, in order, and what the package says of them."""

import html.entities
import posixpath
import re
import urllib.parse
from pathlib import Path

from lxml import etree

from index.errors import UnreadableFileError
from index.readers.containers import (
    Container,
    XmlError,
    declares_entities,
    name_of,
    open_container,
    parse_xml,
)
from index.readers.paragraphs import join_row, make_text, split_lines
from index.readers.properties import clean_day, clean_language, clean_title, clean_url
from index.types import RawText

_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ENC = "{http://www.w3.org/2001/04/xmlenc#}"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
# These disguise fonts, and nothing else.
_FONT_DISGUISES = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})

_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol optgroup option p pre
    section summary table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905 - a list of so many names is no easier to read
)
_LEFT_OUT = frozenset(
    """
    annotation annotation-xml audio button canvas datalist del embed head iframe input nav noscript object rp
    rt script select style svg template textarea title video
    """.split()  # noqa: SIM905 - a list of so many names is no easier to read
)
_NAMED_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31};)")
_XML_ENTITIES = frozenset({b"amp;", b"lt;", b"gt;", b"quot;", b"apos;"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
# XML cannot hold it, so it stands for the line breaks that do not fold into a space.
_BREAK = "\x00"
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
# Contents, the number of a printed page, and the mark of a note, which stands glued to a word.
_NO_WORDS = frozenset({"toc", "landmarks", "page-list", "pagebreak", "noteref"})
_MAX_DEPTH = 250
_DELETIONS = "Words marked as deleted are left out."


def read_epub(data: bytes, path: Path) -> RawText:
    """Read an EPUB book: the paragraphs of its pages, in the order of its spine.

    White space folds into single spaces. A line break becomes a space, or the end of the paragraph where
    there are two. A table row is one paragraph, its cells joined by tabs, unless a cell holds several.

    Left out: tables of contents, deleted and hidden text, marks of notes, numbers of printed pages, phonetic
    guides, numbers and bullets of lists, drawings and pictures. Formulas are the characters they hold. There
    are no pages. The date is the day that the package gives for the publication. Raises
    UnreadableFileError, also for a book under copy protection.
    """
    container = open_container(data, path)
    root = _find_package(container, path)
    _refuse_protected(container, path)
    package = container.read_xml(root)
    pages, missing = _find_pages(package, posixpath.dirname(root), container)
    reader = _PageReader()
    paragraphs: list[str] = []
    for page in pages:
        paragraphs += reader.read(_parse_page(container.read(page), page, path))
    remarks = {f"A part of the book is missing in the file: {name}." for name in missing} | reader.remarks
    fields = _read_properties(package)
    return make_text(paragraphs, data, path, fields=fields, guesses={}, notes=sorted(remarks))


def _find_package(container: Container, path: Path) -> str:
    """Return the name of the member that lists the book's parts."""
    for element in container.read_xml(_CONTAINER).iter():
        name = element.get("full-path")
        if (
            name
            and element.get("media-type", "application/oebps-package+xml") == "application/oebps-package+xml"
        ):
            return name
    raise UnreadableFileError(f"{path} is no EPUB book: it does not say where its parts are listed.")


def _refuse_protected(container: Container, path: Path) -> None:
    if _ENCRYPTION not in container:
        return
    for method in container.read_xml(_ENCRYPTION).iter(f"{_ENC}EncryptionMethod"):
        if method.get("Algorithm") not in _FONT_DISGUISES:
            raise UnreadableFileError(f"{path} is under copy protection (DRM); get a copy without it.")


def _find_pages(package: etree._Element, folder: str, container: Container) -> tuple[list[str], list[str]]:
    """Return the members with the book's pages, in order, and those of them that the file does not hold."""
    items = {item.get("id"): item for item in package.iter(f"{_OPF}item")}
    contents = {
        _resolve(folder, reference.get("href", ""))
        for reference in package.iter(f"{_OPF}reference")
        if reference.get("type") == "toc"
    }
    names: dict[str, None] = {}
    for reference in package.iter(f"{_OPF}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in item.get("properties", "").split():
            continue
        if "html" in item.get("media-type", "html"):  # others are pictures
            names[_resolve(folder, item.get("href", ""))] = None
    pages = [name for name in names if name not in contents]
    return [name for name in pages if name in container], [name for name in pages if name not in container]


def _resolve(folder: str, address: str) -> str:
    """Return the name of the member that an address in the package means."""
    name = urllib.parse.unquote(address.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", folder, name)).lstrip("/")


def _read_properties(package: etree._Element) -> dict[str, object]:
    dates = [
        clean_day(date.text)
        for date in package.iter(f"{_DC}date")
        if date.get(f"{_OPF}event", "publication") in {"publication", "original-publication"}
    ]
    fields = {
        "title": clean_title(_find_words(package, "title")),
        "issuer": clean_title(_find_words(package, "publisher")),
        "date": next((date for date in dates if date), None),
        "language": clean_language(_find_words(package, "language")),
        "url": clean_url(_find_words(package, "source")),
    }
    return {key: value for key, value in fields.items() if value}


def _find_words(package: etree._Element, name: str) -> str | None:
    element = next(package.iter(f"{_DC}{name}"), None)
    return None if element is None else element.text


def _parse_page(data: bytes, name: str, path: Path) -> etree._Element:
    """Return the root of a page: of XHTML, or where that is malformed of HTML, as reading programs do."""
    if declares_entities(data):
        raise UnreadableFileError(f"{path} cannot be read: its part {name!r} declares XML entities.")
    try:
        return parse_xml(_NAMED_ENTITY.sub(_spell_entity, data))
    except XmlError as error:
        return _parse_html(data, name, path, error)


def _parse_html(data: bytes, name: str, path: Path, error: XmlError) -> etree._Element:
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        data.decode("utf-8")
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    # The parser drops what is nested deeper than it goes.
    if root is None or any(
        len(list(leaf.iterancestors())) > _MAX_DEPTH for leaf in root.iter() if not len(leaf)
    ):
        raise UnreadableFileError(f"{path} cannot be read: its part {name!r} {error}.") from error
    return root


def _spell_entity(match: re.Match[bytes]) -> bytes:
    """Return &nbsp; as &#160;, because what declares its name in XHTML is not read."""
    characters = html.entities.html5.get(match[1].decode("ascii"))
    if match[1] in _XML_ENTITIES or characters is None:
        return match[0]
    return "".join(f"&#{ord(character)};" for character in characters).encode("ascii")


class _PageReader:
    """Reads pages, paragraph by paragraph."""

    def __init__(self) -> None:
        self.remarks: set[str] = set()
        self._words: list[str] = []
        self._paragraphs: list[str] = []

    def read(self, page: etree._Element) -> list[str]:
        """Return the paragraphs of a page."""
        self._paragraphs = []
        self._read_block(page)
        return self._paragraphs

    def _read_block(self, element: etree._Element) -> None:
        self._end_paragraph()
        self._read_inline(element)
        self._end_paragraph()

    def _end_paragraph(self) -> None:
        words, self._words = "".join(self._words), []
        self._paragraphs += split_lines(_WHITE_SPACE.sub(" ", words).replace(_BREAK, "\n"))

    def _read_inline(self, parent: etree._Element) -> None:
        keeps_lines = name_of(parent) == "pre"
        self._write(parent.text, keeps_lines=keeps_lines)
        for element in parent:
            self._read_element(element)
            self._write(element.tail, keeps_lines=keeps_lines)

    def _write(self, words: str | None, *, keeps_lines: bool) -> None:
        if words:
            self._words.append(words.replace("\n", _BREAK) if keeps_lines else words)

    def _read_element(self, element: etree._Element) -> None:
        tag = name_of(element)
        if tag == "br":
            self._words.append(_BREAK)
        elif self._is_left_out(element, tag):
            return
        elif tag == "tr":
            self._read_row(element)
        elif tag in _BLOCKS:
            self._read_block(element)
        else:
            self._read_inline(element)

    def _read_row(self, row: etree._Element) -> None:
        self._end_paragraph()
        outer = self._paragraphs
        cells = []
        for cell in row:
            self._paragraphs = []
            if not self._is_left_out(cell, name_of(cell)):
                self._read_block(cell)
            cells.append(self._paragraphs)
        self._paragraphs = outer + join_row(cells)

    def _is_left_out(self, element: etree._Element, tag: str) -> bool:
        if tag == "del":
            self.remarks.add(_DELETIONS)
        kinds = element.get(_EPUB_TYPE, "").split()
        is_hidden = "hidden" in element.attrib or _HIDDEN.search(element.get("style", "")) is not None
        return is_hidden or tag in _LEFT_OUT or not _NO_WORDS.isdisjoint(kinds)
