r"""Rich Text Format (RTF): control words and groups, read as the specification (1.9.1) says.

This is own code because striprtf, the one library with a permissive licence, is not exact: it adds addresses
to the words of links and "|" to cells, and passes on deleted and hidden words but no notes.
"""

import codecs
import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

from index.errors import UnreadableFileError
from index.readers.paragraphs import join_row, make_text, split_lines
from index.readers.properties import clean_title
from index.types import RawText

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?[0-9]{1,10})?\x20?"
    rb"|\\'(?P<byte>[0-9a-fA-F]{2})"
    rb"|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])"
    rb"|(?P<words>[^\\{}\r\n]+)"
    rb"|(?P<nothing>[\r\n]+|\\)",
    re.DOTALL,
)
_CHARACTERS: Mapping[str, str] = {
    "~": "\u00a0",
    "_": "\u2011",
    "{": "{",
    "}": "}",
    "\\": "\\",
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "page": "\n",
    "column": "\n",
    "emdash": "\u2014",
    "endash": "\u2013",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "bullet": "\u2022",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "ltrmark": "\u200e",
    "rtlmark": "\u200f",
    "zwj": "\u200d",
    "zwnj": "\u200c",
    "zwbo": "\u200b",
    "zwnbo": "\u2060",
}
_ENDS = frozenset({"par", "sect", "cell", "nestcell", "row", "nestrow"})
# Groups that hold no words of the text, or repeat them for older programs.
_LEFT_OUT = frozenset(
    """
    fonttbl colortbl stylesheet listtable listoverridetable revtbl rsidtbl filetbl info pict objdata objclass
    objname header headerl headerr headerf footer footerl footerr footerf ftnsep ftnsepc ftncn aftnsep
    aftnsepc aftncn annotation atnid atnauthor atrfstart atrfend atndate atnicn fldinst datafield formfield
    listtext pntext pntxta pntxtb pnseclvl xe rxe txe tc tcn template private nonshppict nonesttables shprslt
    sp bkmkstart bkmkend themedata colorschememapping mmathPict upr generator background
    """.split()  # noqa: SIM905 - a list of so many names is no easier to read
)
# Groups that a program may skip if it does not know them, and that hold words or ends of cells and rows.
_KNOWN = frozenset(
    {"shpinst", "shptxt", "footnote", "nesttableprops", "moMath", "moMathPara", "shppict", "ud"}
)
_EQUATION_PROPERTIES = re.compile(r"m[a-zA-Z]+Pr")
_CODE_PAGES: Mapping[int, str] = {
    0: "cp1252", 77: "mac_roman", 78: "cp932", 79: "cp949", 80: "cp936", 81: "cp950", 128: "cp932",
    129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp850",
}  # fmt: skip
_SYMBOL_CHARSET = 2
# Where fonts of symbols keep their glyphs, in the area without characters of its own.
_SYMBOL_CHARACTERS = range(0xF000, 0xF100)
_SYMBOLS = "Symbols of picture fonts are left out, because they are no characters."
_DELETIONS = "Deletions tracked in the file are left out."
_CUT_OFF = "The file ends before its groups do, so that its end may be missing."
_MAX_DEPTH = 2000
_MAX_TABLE_DEPTH = 20


def read_rtf(data: bytes, path: Path) -> RawText:
    """Read an RTF document: its paragraphs, text boxes and tables in order, then its foot- and endnotes.

    A line, page or column break becomes a space, or the end of the paragraph where there are two. A tab
    stays. A table row is one paragraph, its cells joined by tabs, unless a cell holds several. A text box
    follows the paragraph it is anchored in. Tracked insertions and results of fields are text.

    Left out: tracked deletions, hidden text, comments, headers and footers, numbers and bullets of lists,
    marks of notes, optional hyphens, symbols of picture fonts, pictures and embedded objects. There are no
    pages. Raises UnreadableFileError, also where bytes do not fit the code page that the file says.
    """
    if not data.startswith(b"{\\rtf"):
        raise UnreadableFileError(f"{path} is no RTF document: it does not begin as one.")
    reader = _Reader(path)
    reader.read(data)
    title = clean_title(" ".join(reader.title.finish()))
    return make_text(
        reader.text.finish() + reader.notes,
        data,
        path,
        fields={"title": title} if title else {},
        guesses={},
        notes=sorted(reader.remarks),
    )


class _Flow:
    """Words on their way to being paragraphs, in the cells of tables or not."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._paragraphs: list[str] = []
        # Of each table that is open, the outermost first: the cells of its row so far, the last of them open.
        self._rows: list[list[list[str]]] = []
        self._boxes: list[str] = []

    def write(self, words: str) -> None:
        """Add words to the open paragraph."""
        self._words.append(words)

    def add_box(self, paragraphs: list[str]) -> None:
        """Add the paragraphs of a text box, which follow the open paragraph."""
        self._boxes += paragraphs

    def end_paragraph(self, depth: int) -> None:
        """End a paragraph that stands in as many tables as `depth` says."""
        while len(self._rows) > depth:
            self._close_row()
        self._rows += [[[]] for _ in range(depth - len(self._rows))]
        # Characters beyond U+FFFF come as two halves, one control word each.
        words = "".join(self._words).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        self._place(split_lines(words) + self._boxes)
        self._words, self._boxes = [], []

    def end_cell(self, depth: int) -> None:
        """End a cell of the table at `depth`."""
        self.end_paragraph(depth)
        self._rows[-1].append([])

    def end_row(self, depth: int) -> None:
        """End a row of the table at `depth`."""
        self.end_paragraph(depth)
        self._close_row()

    def finish(self) -> list[str]:
        """End what is open and return the paragraphs."""
        self.end_paragraph(0)
        return self._paragraphs

    def _close_row(self) -> None:
        self._place(join_row(self._rows.pop()))

    def _place(self, paragraphs: list[str]) -> None:
        target = self._rows[-1][-1] if self._rows else self._paragraphs
        target += paragraphs


@dataclasses.dataclass(slots=True)
class _State:
    """What holds until the group ends that it was said in."""

    flow: _Flow
    skips: bool = False
    is_hidden: bool = False
    is_deleted: bool = False
    is_info: bool = False
    is_box: bool = False
    fallback: int = 1  # how many characters after a \u stand for it, for programs without Unicode
    font: int | None = None
    table_depth: int = 0


class _Reader:
    """Follows the control words of one document."""

    def __init__(self, path: Path) -> None:
        self.text, self.title = _Flow(), _Flow()
        self.notes: list[str] = []
        self.remarks: set[str] = set()
        self._path = path
        self._state = _State(flow=self.text)
        self._outer: list[_State] = []
        self._bytes = bytearray()
        self._skip = 0
        self._is_optional = False
        self._code_page = "cp1252"
        self._default_font: int | None = None
        self._fonts: dict[int | None, str | None] = {}  # None for a font of symbols

    def read(self, data: bytes) -> None:
        """Read all of the file, or as far as its first group goes."""
        position = 0
        while (token := _TOKEN.match(data, position)) is not None:
            position = token.end()
            if token["word"]:
                word, number = token["word"].decode("ascii"), token["number"]
                if word == "bin":
                    position += max(0, int(number or 0))
                self._read_word(word, int(number) if number else None)
            elif token["brace"] == b"{":
                self._open_group()
            elif token["brace"]:
                self._close_group()
                if not self._outer:
                    return
            else:
                self._read_other(token)
        self._flush()
        self.remarks.add(_CUT_OFF)

    def _read_other(self, token: re.Match[bytes]) -> None:
        if token["words"]:
            words = token["words"]
            skipped = min(self._skip, len(words))
            self._skip -= skipped
            self._take(words[skipped:])
        elif token["byte"]:
            if self._skip:
                self._skip -= 1
            else:
                self._take(bytes.fromhex(token["byte"].decode("ascii")))
        elif token["symbol"]:
            self._read_symbol(token["symbol"].decode("latin-1"))

    def _take(self, words: bytes) -> None:
        if not (self._state.skips or self._state.is_hidden or self._state.is_deleted):
            self._bytes += words

    def _flush(self) -> None:
        """Decode the bytes so far by the code page of their font."""
        if not self._bytes:
            return
        words, self._bytes = bytes(self._bytes), bytearray()
        font = self._default_font if self._state.font is None else self._state.font
        code_page = self._fonts.get(font, self._code_page)
        if code_page is None:
            self.remarks.add(_SYMBOLS)
            return
        try:
            self._state.flow.write(words.decode(code_page))
        except (UnicodeDecodeError, LookupError) as error:
            raise UnreadableFileError(
                f"{self._path} holds characters that are none in its code page {code_page}; save it as DOCX."
            ) from error

    def _write(self, words: str) -> None:
        self._flush()
        if not (self._state.skips or self._state.is_hidden or self._state.is_deleted):
            self._state.flow.write(words)

    def _open_group(self) -> None:
        self._flush()
        self._skip = 0
        if len(self._outer) >= _MAX_DEPTH:
            raise UnreadableFileError(f"{self._path} is damaged: its groups are nested without end.")
        self._outer.append(self._state)
        self._state = dataclasses.replace(self._state)

    def _close_group(self) -> None:
        self._flush()
        self._skip = 0
        self._is_optional = False
        closed, self._state = self._state, self._outer.pop()
        if closed.flow is not self._state.flow and closed.flow is not self.title:
            if closed.is_box:
                self._state.flow.add_box(closed.flow.finish())
            else:
                self.notes += closed.flow.finish()

    def _read_symbol(self, symbol: str) -> None:
        if self._skip:
            self._skip -= 1
        elif symbol == "*":
            self._is_optional = True
        elif symbol in "\\{}":
            self._take(symbol.encode("ascii"))  # it may be the second byte of a character
        elif symbol in "\r\n":
            self._end("par")
        elif symbol in _CHARACTERS:
            self._write(_CHARACTERS[symbol])

    def _read_word(self, word: str, number: int | None) -> None:
        is_optional, self._is_optional = self._is_optional, False
        if self._skip:
            self._skip -= 1
            return
        self._flush()
        if word in _CHARACTERS:
            self._write(_CHARACTERS[word])
        elif word in _ENDS:
            self._end(word)
        elif word == "u":
            self._read_unicode(number or 0)
        elif not self._begin_destination(word, is_optional=is_optional):
            self._set(word, number)

    def _read_unicode(self, number: int) -> None:
        self._skip = self._state.fallback
        if number & 0xFFFF in _SYMBOL_CHARACTERS:
            self.remarks.add(_SYMBOLS)
        else:
            self._write(chr(number & 0xFFFF))

    def _end(self, word: str) -> None:
        """End a paragraph, cell or row."""
        self._flush()
        state = self._state
        if word in {"nestrow", "row"} and not (state.is_hidden or state.is_deleted):
            state.flow.end_row(max(state.table_depth, 2) if word == "nestrow" else 1)
        elif state.skips or state.is_hidden or state.is_deleted:
            return
        elif word in {"nestcell", "cell"}:
            state.flow.end_cell(max(state.table_depth, 2) if word == "nestcell" else 1)
        else:
            state.flow.end_paragraph(state.table_depth)

    def _begin_destination(self, word: str, *, is_optional: bool) -> bool:
        """Say whether a word tells what the group is for, and follow it."""
        state = self._state
        if word == "ud" and len(self._outer) > 1:
            self._state = dataclasses.replace(self._outer[-2])
        elif word == "title" and state.is_info:
            state.flow, state.skips = self.title, False
        elif word in {"footnote", "shptxt"}:
            state.flow, state.is_box, state.table_depth = _Flow(), word == "shptxt", 0
        elif (
            word in _LEFT_OUT or (is_optional and word not in _KNOWN) or _EQUATION_PROPERTIES.fullmatch(word)
        ):
            state.is_info = word == "info" and not state.skips
            state.skips = True
        else:
            return False
        return True

    def _set(self, word: str, number: int | None) -> None:
        """Follow a word that says how what follows is to be read."""
        if word in {"v", "deleted", "plain"}:
            self._set_visibility(word, is_on=number != 0)
        elif word in {"f", "deff", "fcharset", "cpg"}:
            self._set_font(word, number or 0)
        elif word in {"ansicpg", "mac", "pc", "pca"}:
            self._code_page = _find_code_page(word, number)
        elif word == "uc":
            self._state.fallback = max(0, number or 0)
        elif word in {"pard", "intbl", "itap"}:
            self._set_table_depth(word, number)

    def _set_visibility(self, word: str, *, is_on: bool) -> None:
        state = self._state
        if word == "v":
            state.is_hidden = is_on
        elif word == "deleted":
            state.is_deleted = is_on
            if is_on and not state.skips:
                self.remarks.add(_DELETIONS)
        else:
            state.is_hidden, state.is_deleted, state.font = False, False, None

    def _set_font(self, word: str, number: int) -> None:
        font = self._state.font
        if word == "f":
            self._state.font = number
        elif word == "deff":
            self._default_font = number
        elif word == "cpg":
            self._fonts[font] = _find_code_page("ansicpg", number)
        elif number == _SYMBOL_CHARSET:
            self._fonts[font] = None
        elif number in _CODE_PAGES:
            self._fonts.setdefault(font, _CODE_PAGES[number])

    def _set_table_depth(self, word: str, number: int | None) -> None:
        depth = {"pard": 0, "intbl": max(1, self._state.table_depth), "itap": number or 0}[word]
        self._state.table_depth = min(max(0, depth), _MAX_TABLE_DEPTH)


def _find_code_page(word: str, number: int | None) -> str:
    """Return the name by which Python knows a code page."""
    if word != "ansicpg":
        return {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
    name = {0: "cp1252", 932: "cp932", 10000: "mac_roman", 1361: "johab", 65001: "utf-8"}.get(
        number or 0, f"cp{number}"
    )
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name  # an error where a byte is to be decoded by it, and only there
