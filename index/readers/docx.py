"""Word documents (DOCX): what their runs say.

This reads the XML, because python-docx passes on no tracked insertions, content controls, notes, text boxes
or equations, does not tell hidden text, and refuses some files that Word opens.
"""

import posixpath
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from lxml import etree

from index.errors import UnreadableFileError
from index.readers.containers import Container, name_of, open_container
from index.readers.paragraphs import join_row, make_text, split_lines
from index.readers.properties import clean_language, clean_title
from index.types import RawText

_CHARACTERS: Mapping[str, str] = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "\u2011",
}
# What is no longer said, is an instruction or a reading aid, or repeats what stands beside it.
_LEFT_OUT = frozenset({"del", "moveFrom", "pPr", "rPr", "sdtPr", "tblPr", "tcPr", "rt"})
# A line end in the XML of a run is shown as a space.
_SPACES = {ord("\n"): " ", ord("\r"): " "}
_OFF = frozenset({"0", "false", "off"})
_DELETIONS = "Deletions tracked in the file are left out."
_SYMBOLS = "Symbols of picture fonts are left out, because they are no characters."
_EMBEDDED = "Another document is embedded in the file, and its text is left out."


def read_docx(data: bytes, path: Path) -> RawText:
    """Read a DOCX document: its paragraphs, text boxes and tables in order, then its foot- and endnotes.

    A line break becomes a space, or the end of the paragraph where there are two; a page or column break is
    a line break. A tab stays. A table row is one paragraph, its cells joined by tabs, unless a cell holds
    several. A text box follows the paragraph it is anchored in. A no-break hyphen is U+2011. Tracked
    insertions and results of fields are text, equations the characters they hold, in order.

    Left out: tracked deletions, hidden text, comments, headers and footers, tables of contents, prompts of
    empty form fields, numbers and bullets of lists and marks of notes (which Word makes, the file does not
    hold), optional hyphens, phonetic guides, symbols of picture fonts, and pictures. There are no pages.
    Raises UnreadableFileError.
    """
    container = open_container(data, path)
    names = _find_parts("", container)
    if "officeDocument" not in names:
        raise UnreadableFileError(f"{path} is no Word document: it holds no main text.")
    main = names["officeDocument"]
    parts = _find_parts(main, container)
    styles = _read_styles(container.read_xml(parts["styles"])) if "styles" in parts else {}
    story = _Story(styles)
    paragraphs = story.read_body(container.read_xml(main))
    guess = clean_title(" ".join(story.title))
    for kind in ("footnote", "endnote"):
        references = story.notes[kind]
        if references and kind + "s" in parts:
            paragraphs += story.read_notes(container.read_xml(parts[kind + "s"]), references)
    return make_text(
        paragraphs,
        data,
        path,
        fields=_read_properties(container, names.get("core-properties")),
        guesses={"title": guess} if guess else {},
        notes=sorted(story.remarks),
    )


def _find_parts(source: str, container: Container) -> dict[str, str]:
    """Return the parts that a part refers to, by the last word of how: {"styles": "word/styles.xml"}."""
    folder, name = posixpath.split(source)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    parts: dict[str, str] = {}
    for relation in container.read_xml(relations) if relations in container else ():
        if relation.get("TargetMode") != "External":
            target = urllib.parse.unquote(relation.get("Target", ""))
            member = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if member in container:
                parts.setdefault(relation.get("Type", "").rpartition("/")[2], member)
    return parts


def _read_properties(container: Container, name: str | None) -> dict[str, object]:
    if name is None:
        return {}
    words = {name_of(element): element.text for element in container.read_xml(name)}
    fields = {"title": clean_title(words.get("title")), "language": clean_language(words.get("language"))}
    return {key: value for key, value in fields.items() if value}


def _child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """Return the first child of that name, or its child of the next name, and so on."""
    for name in names:
        if element is None:
            return None
        element = next((child for child in element if name_of(child) == name), None)
    return element


def _value(element: etree._Element | None, name: str = "val") -> str | None:
    """Return an attribute by its name without the namespace."""
    attributes = element.attrib.items() if element is not None else ()
    return next((value for key, value in attributes if key.rpartition("}")[2] == name), None)


def _is_on(properties: etree._Element | None, name: str) -> bool | None:
    """Return what properties say of a switch: on, off, or nothing (None)."""
    switch = _child(properties, name)
    return None if switch is None else _value(switch) not in _OFF


class _Style:
    """A style: its name in English, whatever the language of Word, and whether it hides its text."""

    def __init__(self, element: etree._Element) -> None:
        self.name = (_value(_child(element, "name")) or "").lower()
        self.base = _value(_child(element, "basedOn"))
        self.hides = _is_on(_child(element, "rPr"), "vanish")


def _read_styles(root: etree._Element) -> dict[str | None, _Style]:
    styles = {_value(element, "styleId"): _Style(element) for element in root if name_of(element) == "style"}
    for style in styles.values():
        seen = {id(style)}
        base = styles.get(style.base)
        while style.hides is None and base is not None and id(base) not in seen:
            seen.add(id(base))
            style.hides = base.hides
            base = styles.get(base.base)
    return styles


class _Story:
    """Reads a document's parts and remembers what goes on from one paragraph to the next."""

    def __init__(self, styles: Mapping[str | None, _Style]) -> None:
        self.notes: dict[str, list[str | None]] = {"footnote": [], "endnote": []}
        self.remarks: set[str] = set()
        self.title: list[str] = []
        self._styles = styles
        # One for each open field: whether its instruction is being read, which is not shown, or its result.
        self._fields: list[bool] = []
        self._has_whole_fields = True
        # Words of paragraphs whose end was deleted, so that they go on in the next one.
        self._carried = ""
        self._boxes: list[str] = []
        self._is_first = True
        self._is_title_open = False

    def read_body(self, root: etree._Element) -> list[str]:
        """Return the paragraphs of the main text."""
        marks = [_value(element, "fldCharType") for element in root.iter() if name_of(element) == "fldChar"]
        self._has_whole_fields = marks.count("begin") == marks.count("end")
        return self.read_blocks(root)

    def read_blocks(self, parent: etree._Element) -> list[str]:
        """Return the paragraphs of a body, cell, text box or note, in order."""
        paragraphs: list[str] = []
        for element in parent:
            tag = name_of(element)
            if tag == "p":
                paragraphs += self._read_paragraph(element)
            elif tag == "tbl":
                paragraphs += self._read_table(element)
            elif tag == "altChunk":
                self.remarks.add(_EMBEDDED)
            elif not self._is_left_out(element):
                paragraphs += self.read_blocks(element)
        carried, self._carried = self._carried, ""
        return paragraphs + split_lines(carried)

    def read_notes(self, root: etree._Element, references: Iterable[str | None]) -> list[str]:
        """Return the paragraphs of the notes that the text refers to, in its order."""
        notes = {_value(note, "id"): note for note in root}
        found = [notes[reference] for reference in dict.fromkeys(references) if reference in notes]
        return [paragraph for note in found for paragraph in self.read_blocks(note)]

    def _read_table(self, table: etree._Element) -> Iterator[str]:
        for row in _find(table, "tr"):
            if _child(row, "trPr", "del") is not None:
                self.remarks.add(_DELETIONS)
            else:
                yield from join_row([self.read_blocks(cell) for cell in _find(row, "tc")])

    def _read_paragraph(self, element: etree._Element) -> list[str]:
        properties = _child(element, "pPr")
        style = self._styles.get(_value(_child(properties, "pStyle")))
        outer, self._boxes = self._boxes, []
        words = self._read_inline(element, hidden=bool(style and style.hides))
        boxes, self._boxes = self._boxes, outer
        name = style.name if style else ""
        if name.startswith("toc "):
            return boxes
        words, self._carried = self._carried + words, ""
        if _child(properties, "rPr", "del") is not None:
            self.remarks.add(_DELETIONS)
            self._carried = words
            return boxes
        paragraphs = split_lines(words)
        self._look_for_title(paragraphs, name)
        return paragraphs + boxes

    def _look_for_title(self, paragraphs: list[str], style: str) -> None:
        if not paragraphs:
            return
        is_title = style == "title" and (self._is_title_open or not self.title)
        if is_title or (style == "heading 1" and self._is_first):
            self.title += paragraphs
        self._is_title_open = is_title
        self._is_first = False

    def _read_inline(self, parent: etree._Element, *, hidden: bool) -> str:
        """Return the words of a paragraph or a part of one, with line breaks as they stand."""
        return "".join(self._read_piece(element, hidden=hidden) for element in parent)

    def _read_piece(self, element: etree._Element, *, hidden: bool) -> str:
        tag = name_of(element)
        if self._is_left_out(element):
            return ""
        if tag == "txbxContent":
            carried, self._carried = self._carried, ""
            self._boxes += self.read_blocks(element)
            self._carried = carried
            return ""
        if tag == "r":
            return self._read_inline(element, hidden=self._is_hidden(element, hidden=hidden))
        if tag == "fldChar":
            self._follow_field(_value(element, "fldCharType"))
            return ""
        if hidden or any(self._fields):
            return ""
        return self._read_shown(element, tag)

    def _read_shown(self, element: etree._Element, tag: str) -> str:
        if tag == "t":
            return (element.text or "").translate(_SPACES)
        if tag == "sym":
            self.remarks.add(_SYMBOLS)
        elif tag.removesuffix("Reference") in self.notes:
            self.notes[tag.removesuffix("Reference")].append(_value(element, "id"))
        return _CHARACTERS.get(tag) or self._read_inline(element, hidden=False)

    def _is_hidden(self, run: etree._Element, *, hidden: bool) -> bool:
        properties = _child(run, "rPr")
        switch = _is_on(properties, "vanish")
        if switch is not None:
            return switch
        style = self._styles.get(_value(_child(properties, "rStyle")))
        return hidden if style is None or style.hides is None else style.hides

    def _follow_field(self, mark: str | None) -> None:
        if mark == "begin" and self._has_whole_fields:  # all that follows one without an end would be lost
            self._fields.append(True)
        elif mark == "separate" and self._fields:
            self._fields[-1] = False
        elif mark == "end" and self._fields:
            self._fields.pop()

    def _is_left_out(self, element: etree._Element) -> bool:
        tag = name_of(element)
        if tag in {"del", "moveFrom"}:
            self.remarks.add(_DELETIONS)
        if tag == "Fallback":
            return any(name_of(sibling) == "Choice" for sibling in element.itersiblings(preceding=True))
        if tag == "sdt":
            return _child(element, "sdtPr", "showingPlcHdr") is not None
        return tag in _LEFT_OUT


def _find(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Return the elements of that name, also those in content controls and the like."""
    for element in parent:
        if name_of(element) == name:
            yield element
        elif name_of(element) in {"sdt", "sdtContent", "customXml"}:
            yield from _find(element, name)
