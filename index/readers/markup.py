"""HTML becomes paragraphs, as a browser without style sheets would show them."""

import dataclasses
import itertools
import re
import unicodedata

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CELLS = frozenset({"td", "th"})
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_BLOCKS = (
    frozenset(_HEADINGS)
    | _CELLS
    | _LISTS
    | frozenset(
        [
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "details",
            "dialog",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "header",
            "hgroup",
            "hr",
            "html",
            "legend",
            "li",
            "listing",
            "main",
            "nav",
            "optgroup",
            "option",
            "p",
            "plaintext",
            "pre",
            "search",
            "section",
            "summary",
            "table",
            "tbody",
            "tfoot",
            "thead",
            "tr",
            "xmp",
        ]
    )
)
# What a browser shows in another way than as text of the page, or not at all; and readings above characters.
_NO_TEXT = frozenset(
    [
        "applet",
        "audio",
        "button",
        "canvas",
        "datalist",
        "embed",
        "frameset",
        "head",
        "iframe",
        "input",
        "map",
        "meter",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "progress",
        "rp",
        "rt",
        "rtc",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
    ]
)
_PREFORMATTED = frozenset({"pre", "listing", "xmp", "plaintext"})
_SPACE = " \t\n\r\f"
_SPACES = re.compile(rf"[{_SPACE}\0]+")
# NUL stands for a line break that shows; the parser lets none through. Two of them leave a line empty.
_EMPTY_LINE = re.compile(rf"\0(?:[{_SPACE}\u00a0]*\0)+")
_LINE_END = re.compile(r"\r\n?|\n")
_SHOWS = re.compile(r"[^\s\u200b-\u200f\u2060\ufeff]")
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING_CLASS = re.compile(
    r"(?:^|[\s_-])(?:visually-?hidden|sr-only|screen-reader-text)(?:$|\s)", re.IGNORECASE
)
_UNMARKED = re.compile(r"list-style(?:-type)?\s*:\s*none", re.IGNORECASE)
# A list item that begins with a mark of its own.
_OWN_MARK = re.compile(
    r"[-–—•·▪●◦‣○■□◆◇※*・◎]"
    r"|[(（\[]?(?:\d{1,3}|[ivxIVX]{1,4}|[a-zA-Z])[.)）．、\]](?=\s|[^\x00-\x7f])"
    r"|[(（][^()（）]{1,4}[)）]|[０-９①-⑳一二三四五六七八九十]{1,3}[\u3000、．]"
)
_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,6}\s*")
_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)[^>]*>", re.IGNORECASE)
# The parser forgets what follows them; browsers do not, nor do servers that put one page into another.
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_FLAT_TAGS = frozenset({"html", "head", "body", "title", "meta", "link", "p", "br", "hr", "script", "style"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph of a page.

    `mark` is what the browser puts before a list item, `element` what the paragraph stands directly in,
    `linked` the share of its characters that are links to elsewhere.
    """

    words: str
    element: HtmlElement
    mark: str = ""
    linked: float = 0.0

    @property
    def text(self) -> str:
        """The paragraph with its mark."""
        return self.mark + self.words


def parse_markup(text: str) -> HtmlElement | None:
    """Return the root element, or None if there is none or the tags are nested without measure."""
    text = _END.sub("", text)
    root, too_deep = _parse(text)
    if not too_deep:
        return root
    # The parser stops where tags are nested too deep, as unclosed ones are: go on without nesting.
    root, too_deep = _parse(_TAG.sub(_flatten, text))
    return None if too_deep else root


def _parse(text: str) -> tuple[HtmlElement | None, bool]:
    # What it cannot look up it does not fetch either: the parser has no network.
    parser = HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        root = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # nothing but white space and comments
        return None, False
    return root, any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def _flatten(tag: re.Match[str]) -> str:
    name = tag[2].lower()
    if name in _FLAT_TAGS or name in _NO_TEXT:
        return tag[0]
    return "<p>" if name in _BLOCKS else ""


def lay_out(root: HtmlElement, *, hidden: bool = False) -> list[Block]:
    """Return the paragraphs of a page in order, `hidden` ones too if asked for.

    Blocks and two or more <br> in a row part paragraphs. White space of the source becomes one space, and so
    does a single <br> and a line end in <pre>; where a line of the source ends between two East Asian
    characters there is none. Paragraphs that show nothing are left out, and scripts, controls, pictures and
    the readings of <ruby>. A table row is a paragraph, its cells joined by tabs, unless a cell holds several.
    """
    return _Layout(hidden=hidden).lay_out(root)


@dataclasses.dataclass(slots=True, kw_only=True)
class _Row:
    """A table row while it is read: where its cells begin among the blocks."""

    cells: list[int]
    for_layout: bool


class _Layout:
    """Goes through a page once, without recursion."""

    def __init__(self, *, hidden: bool) -> None:
        self._hidden = hidden
        self._blocks: list[Block] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._links = 0
        self._preformatted = 0
        self._open: list[HtmlElement] = []
        self._marks: list[int | str] = []  # of the lists that are open: the next number, or the mark
        self._mark = ""
        self._rows: list[_Row] = []

    def lay_out(self, root: HtmlElement) -> list[Block]:
        walk = etree.iterwalk(root, events=("start", "end"))
        left_out = None
        for event, element in walk:
            if event == "start":
                if self._leaves_out(element):
                    left_out = element
                    walk.skip_subtree()
                    continue
                self._begin(element)
                self._add(element.text)
            else:
                if element is not left_out:
                    self._finish(element)
                self._add(element.tail if element is not root else None)
        return self._blocks

    def _leaves_out(self, element: HtmlElement) -> bool:
        tag = element.tag
        if tag in _NO_TEXT:
            # Sections that fold have their headings in buttons.
            return tag != "button" or next(element.iterancestors(*_HEADINGS), None) is None
        if self._hidden or tag in {"html", "body"}:
            return False
        return (
            element.get("hidden") is not None
            or _HIDING_STYLE.search(element.get("style", "")) is not None
            or _HIDING_CLASS.search(element.get("class", "")) is not None
        )

    def _begin(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._flush()
            self._open.append(element)
            self._begin_block(element)
        elif tag == "br":
            self._pieces.append("\0")
        elif tag == "a":
            self._links += _leads_elsewhere(element)

    def _begin_block(self, element: HtmlElement) -> None:
        tag = element.tag
        self._preformatted += tag in _PREFORMATTED
        if tag in _LISTS:
            self._marks.append(_first_mark(element))
        elif tag == "li":
            self._mark = self._next_mark(element)
        elif tag == "table":
            for row in self._rows:
                row.for_layout = True
        elif tag == "tr":
            table = next(element.iterancestors("table"), None)
            for_layout = table is not None and table.get("role") in {"presentation", "none"}
            self._rows.append(_Row(cells=[], for_layout=for_layout))
        elif tag in _CELLS and self._rows:
            self._rows[-1].cells.append(len(self._blocks))

    def _next_mark(self, item: HtmlElement) -> str:
        if _UNMARKED.search(item.get("style", "")):
            return ""
        mark = self._marks[-1] if self._marks else "- "
        if isinstance(mark, str):
            return mark
        value = item.get("value", "")
        number = int(value) if _NUMBER.fullmatch(value) else mark
        self._marks[-1] = number + 1
        return f"{number}. "

    def _finish(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "a":
            self._links -= _leads_elsewhere(element)
        if tag not in _BLOCKS:
            return
        self._flush()
        self._open.pop()
        self._preformatted -= tag in _PREFORMATTED
        if tag in _LISTS:
            self._marks.pop()
        elif tag == "li":
            self._mark = ""
        elif tag == "tr":
            self._join_cells(element, self._rows.pop())

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self._pieces.append(_LINE_END.sub("\0", text) if self._preformatted else text)
        if self._links:
            self._linked += len("".join(text.split()))

    def _flush(self) -> None:
        """End the paragraph that is being read."""
        if not self._pieces:
            return
        shown = "".join(self._pieces)
        self._pieces.clear()
        linked = self._linked / max(1, len("".join(shown.replace("\0", "").split())))
        self._linked = 0
        for part in _EMPTY_LINE.split(shown):
            words = _SPACES.sub(_collapse, part).strip(_SPACE)
            if _SHOWS.search(words):
                mark = "" if _OWN_MARK.match(words) else self._mark
                self._mark = ""
                self._blocks.append(Block(words=words, mark=mark, element=self._open[-1], linked=linked))

    def _join_cells(self, element: HtmlElement, row: _Row) -> None:
        if row.for_layout or not row.cells:
            return
        bounds = [*row.cells, len(self._blocks)]
        cells = [self._blocks[start:end] for start, end in itertools.pairwise(bounds)]
        filled = [cell[0] for cell in cells if cell]
        if len(filled) < 2 or any(len(cell) > 1 for cell in cells):  # noqa: PLR2004 - one cell is no row
            return
        words = "\t".join(cell[0].text if cell else "" for cell in cells).rstrip("\t")
        size = sum(len(block.words) for block in filled)
        linked = sum(block.linked * len(block.words) for block in filled) / size
        self._blocks[bounds[0] :] = [Block(words=words, element=element, linked=linked)]


def _leads_elsewhere(link: HtmlElement) -> bool:
    href = link.get("href", "").strip().lower()
    return bool(href) and not href.startswith(("#", "javascript:"))


def _first_mark(element: HtmlElement) -> int | str:
    """Return the first number of a list, or the mark of all its items."""
    if _UNMARKED.search(element.get("style", "")):
        return ""
    if element.tag != "ol" or element.get("type", "1") != "1" or element.get("reversed") is not None:
        return "- "
    start = element.get("start", "1")
    return int(start) if _NUMBER.fullmatch(start) else 1


def _collapse(spaces: re.Match[str]) -> str:
    text, run = spaces.string, spaces[0]
    if "\0" in run or not ("\n" in run or "\r" in run):
        return " "
    before, after = text[spaces.start() - 1 : spaces.start()], text[spaces.end() : spaces.end() + 1]
    return "" if _is_wide(before) and _is_wide(after) else " "


def _is_wide(char: str) -> bool:
    """Say whether a character belongs to writing without spaces between words: East Asian, but not Korean."""
    return (
        bool(char)
        and unicodedata.east_asian_width(char) in "WFH"
        and not unicodedata.name(char, "").startswith(("HANGUL", "HALFWIDTH HANGUL"))
    )
