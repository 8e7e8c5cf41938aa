"""The lines of a PDF page in the order they are read, and where on the page they stand."""

import bisect
import ctypes
import dataclasses
import itertools
import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

_Box = tuple[float, float, float, float]
CJK = "\u2e80-\u303f\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60"
_HAS_CJK = re.compile(f"[{CJK}]")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, or one row of a table with a tab between its cells.

    Places are in points, counted right and down as the line is read; `top` and `bottom` are of its font, and
    `size` is their distance. `page` counts from 0. `share` is how far down the page it stands, from 0 to 1;
    `aside` tells a line that runs in another direction than the page's text, `hidden` letters that do not
    show, as a scan has them behind its image.
    """

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float
    share: float
    bold: bool = False
    aside: bool = False
    hidden: bool = False

    @property
    def is_row(self) -> bool:
        """Say whether it is a row of several cells, or of a table of contents."""
        return "\t" in self.text or _LEADER.search(self.text) is not None


_LEADER = re.compile(r"(?:\. ?){5,}|…{3,}|_{5,}")


@dataclasses.dataclass(slots=True, kw_only=True)
class _Word:
    """Letters without a space between them; `first` and `last` are pdfium's numbers of its characters."""

    text: str
    first: int
    last: int
    broken: bool
    """pdfium begins a line with it."""
    spaced: bool
    turn: int
    left: float
    right: float
    baseline: float
    size: float


@dataclasses.dataclass(slots=True, kw_only=True)
class _Piece:
    """What stands in one line without a wide gap: a line of prose, or a cell of a row."""

    words: list[_Word]
    text: str
    left: float
    right: float
    baseline: float
    size: float


def read_lines(page: PdfPage, number: int) -> list[Line]:
    """Read the lines of a page. What stands outside the page's visible box is left out.

    pdfium gives the letters in the order of the file, which is the order they are read in all but badly made
    files; only where that order runs up the page again and again are the lines sorted by their places.
    """
    textpage = page.get_textpage()
    try:
        words = _read_words(textpage.raw, page.get_bbox())
        lines: list[Line] = []
        counts = Counter[int]()
        for word in words:
            counts[word.turn] += len(word.text)
        for turn, _ in counts.most_common():
            box = _turn_box(page.get_bbox(), turn)
            turned = _unlace([word for word in words if word.turn == turn])
            pieces = _reverse_runs(list(_build_pieces(turned))) if turn else list(_build_pieces(turned))
            aside = bool(lines)
            lines += [_build_line(textpage.raw, row, number, box, aside=aside) for row in _order_rows(pieces)]
        return lines
    finally:
        textpage.close()


# --- letters become words ---

_HYPHENS = {0x02, 0xFFFE}
"""What pdfium puts for the hyphen at the end of a line, hard or soft."""
_UNKNOWN = 0xFFFD
_BREAKS = {0x0A, 0x0D}
_SPACES = {0x09, 0x20, *_BREAKS}


class _Found(NamedTuple):
    """A word as pdfium tells it: its first and last letter, and its bounds on the page as it lies."""

    first: int
    last: int
    text: str
    broken: bool
    spaced: bool
    box: _Box


def _read_words(raw: object, page: _Box) -> list[_Word]:
    """Read the words in the order of the file, each in the direction that it is written in."""
    found = [
        each
        for word in _split_words(raw)
        if _is_visible(word.box, page)
        for each in _split_vertical(raw, word)
    ]
    vertical = _is_vertical(found)
    words = []
    for word in found:
        angle = pdfium.FPDFText_GetCharAngle(raw, word.first)
        turn = 1 if vertical or not math.isfinite(angle) else round(angle / (math.pi / 2)) % 4
        left, top, right, bottom = _turn_box(word.box, turn)
        baseline = bottom if vertical else _get_baseline(raw, word.first, turn)
        if not math.isfinite(baseline):
            continue
        words.append(
            _Word(
                text=word.text,
                first=word.first,
                last=word.last,
                broken=word.broken,
                spaced=word.spaced,
                turn=turn,
                left=left,
                right=right,
                baseline=baseline,
                size=bottom - top,
            )
        )
    return words


def _split_words(raw: object) -> Iterator[_Found]:
    """Cut the letters at white space."""
    get_code = pdfium.FPDFText_GetUnicode
    codes: list[int] = []
    broken = spaced = True
    end = pdfium.FPDFText_CountChars(raw)
    for i in range(end + 1):
        code = (get_code(raw, i) or _UNKNOWN) if i < end else 0x20
        if code not in _SPACES:
            codes.append(0x2D if code in _HYPHENS else code)
            if code not in _HYPHENS:
                continue
        if codes:
            last = i - (code in _SPACES)
            first = last - len(codes) + 1
            yield _Found(first, last, _decode(codes), broken, spaced, _get_box(raw, first, last))
            codes, broken, spaced = [], code in _HYPHENS, False
        if code in _SPACES:
            spaced = True
            broken = broken or code in _BREAKS


def _decode(codes: Sequence[int]) -> str:
    """Return the letters; those of which nothing is known become U+FFFD, halves of one are put together."""
    text = "".join(map(chr, codes))
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _get_box(raw: object, first: int, last: int) -> _Box:
    """Return left, bottom, right and top of a word, by the bounds of its font."""
    box, other = pdfium.FS_RECTF(), pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(raw, first, box)
    if first == last:
        return box.left, box.bottom, box.right, box.top
    pdfium.FPDFText_GetLooseCharBox(raw, last, other)
    return (
        min(box.left, other.left),
        min(box.bottom, other.bottom),
        max(box.right, other.right),
        max(box.top, other.top),
    )


def _get_baseline(raw: object, i: int, turn: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(raw, i, ctypes.byref(x), ctypes.byref(y))
    return (-y.value, -x.value, y.value, x.value)[turn]


def _turn_box(box: _Box, turn: int) -> _Box:
    """Return left, top, right and bottom as one reads it who turns the page `turn` quarters."""
    left, bottom, right, top = box
    return (
        (left, -top, right, -bottom),
        (-top, -right, -bottom, -left),
        (-right, bottom, -left, top),
        (bottom, left, top, right),
    )[turn]


def _is_visible(box: _Box, page: _Box) -> bool:
    if not all(map(math.isfinite, (*box, *page))):
        return False
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return page[0] <= x <= page[2] and page[1] <= y <= page[3] and box[1] < box[3]


def _split_vertical(raw: object, word: _Found) -> Iterator[_Found]:
    """Cut a word whose second letter stands below the first: pdfium may run columns together."""
    first, second = word.first, word.first + 1
    if len(word.text) != word.last - first + 1 or second > word.last or not _HAS_CJK.match(word.text):
        yield word
        return
    above, below = _get_box(raw, first, first), _get_box(raw, second, second)
    if below[3] > (above[1] + above[3]) / 2:
        yield word
        return
    for i, letter in enumerate(word.text, first):
        yield _Found(i, i, letter, True, False, _get_box(raw, i, i))  # noqa: FBT003 - named in _Found


def _is_vertical(words: Sequence[_Found]) -> bool:
    """Say whether the page is written in columns from the top down, as Japanese may be."""
    asian = [word.box for word in words if _HAS_CJK.search(word.text)]
    if not asian or len(asian) < len(words) / 2:
        return False
    below = 0
    for above, box in itertools.pairwise(asian):
        height = above[3] - above[1]
        below += abs(above[0] - box[0]) < height / 2 and abs(above[1] - box[3]) < height
    return below > len(asian) / 2


# --- columns that the file writes row by row are parted ---

_GUTTER = 0.6
_MIN_COLUMN_LINES = 5
_MAX_COLUMNS = 12
_PROSE_LETTERS = 18


def _unlace(words: Sequence[_Word], depth: int = _MAX_COLUMNS) -> list[_Word]:
    """Put columns of prose one after the other where the file goes from one to the other in every line."""
    if len(words) < 2 * _MIN_COLUMN_LINES or not depth:
        return list(words)
    for gutter in _find_gutters(words):
        band = _find_band(words, gutter)
        inside = [word for word in words if band[0] < word.baseline < band[1]]
        left = [word for word in inside if word.left < gutter]
        right = [word for word in inside if word.left >= gutter]
        if not (_is_prose(left) and _is_prose(right) and _is_laced(inside, gutter)):
            continue
        above = [word for word in words if word.baseline <= band[0]]
        below = [word for word in words if word.baseline >= band[1]]
        return [word for part in (above, left, right, below) for word in _unlace(part, depth - 1)]
    return list(words)


def _find_gutters(words: Sequence[_Word]) -> list[float]:
    """Return where many lines begin right of others, the likeliest first."""
    starts = Counter[int]()
    for before, word in itertools.pairwise(words):
        if word.left - before.right > _GUTTER * word.size or not _is_level(before, word):
            starts[round(word.left / 2)] += 1
    leftmost = min(word.left for word in words)
    return [
        2.0 * place - 2
        for place, count in starts.most_common(12)
        if count >= _MIN_COLUMN_LINES and 2 * place > leftmost + 4 * words[0].size
    ]


def _find_band(words: Sequence[_Word], gutter: float) -> tuple[float, float]:
    """Return the height above and the height below which a word stands in the gutter, with most between."""
    crossing = [word.baseline for word in words if word.left < gutter < word.right + _GUTTER * word.size - 2]
    heights = sorted(word.baseline for word in words)
    bands = itertools.pairwise([-math.inf, *sorted(crossing), math.inf])
    inner = [(upper + 1, lower - 1) for upper, lower in bands]
    return max(inner, key=lambda band: bisect.bisect_left(heights, band[1]) - bisect.bisect(heights, band[0]))


def _join_levels(words: Sequence[_Word]) -> list[str]:
    """Return the letters of each line, wherever in the file its words stand."""
    lines: dict[int, str] = {}
    for word in words:
        place = round(word.baseline / 2)
        lines[place] = lines.get(place, "") + word.text
    return list(lines.values())


def _is_prose(words: Sequence[_Word]) -> bool:
    letters = [sum(letter.isalpha() for letter in line) for line in _join_levels(words)]
    return len(letters) >= _MIN_COLUMN_LINES and statistics.median(letters) >= _PROSE_LETTERS


def _is_laced(words: Sequence[_Word], gutter: float) -> bool:
    """Say whether the order of the file goes over the gutter about once a line."""
    crossed = sum((a.left < gutter) != (b.left < gutter) for a, b in itertools.pairwise(words))
    return crossed > len(_join_levels(words)) / 4


# --- words become pieces ---

_WIDE = 2.0
"""A gap of so many sizes is no space between words, not even in a justified line."""
_CELL_GAP = 0.8
"""A gap of so many sizes before a figure parts two cells."""
_SPACE = 0.12
_INITIAL = 1.6
"""So many times the size of the next word has a first letter that stands for two lines or more."""
_FIGURE = re.compile(r"[-−–—(]?[$€£¥]?[-−–—(]?\d[\d.,\u00a0']*%?\)?|[-−–—]+|[$€£¥]|(?:n/?[am]|N/?[AM])\.?")


def _build_pieces(words: Iterable[_Word]) -> Iterator[_Piece]:
    """Put together what stands beside each other without a wide gap."""
    piece: _Piece | None = None
    for word in words:
        space = _measure_space(piece, word) if piece else None
        if piece is None or space is None:
            if piece:
                yield piece
            piece = _Piece(
                words=[word],
                text=word.text,
                left=word.left,
                right=word.right,
                baseline=word.baseline,
                size=word.size,
            )
            continue
        piece.text += space + word.text
        piece.words.append(word)
        piece.left, piece.right = min(piece.left, word.left), max(piece.right, word.right)
        # A large first letter is not the size of its line.
        initial = len(piece.words) == 2 and len(piece.words[0].text) == 1  # noqa: PLR2004
        if initial or word.size > piece.size:
            piece.size, piece.baseline = word.size, word.baseline
    if piece:
        yield piece


def _measure_space(piece: _Piece, word: _Word) -> str | None:
    """Return what stands between a piece and the next word: a space, nothing, or None for another piece."""
    size = min(piece.size, word.size)
    if not _is_level(piece, word):
        return None
    last = piece.words[-1]
    gap = max(word.left - last.right, last.left - word.right)
    if gap > _WIDE * size or (gap > _CELL_GAP * size and _FIGURE.fullmatch(word.text)):
        return None
    if not word.broken:
        return " " if word.spaced else ""
    return None if word.left < last.left or gap < -size else _fill_gap(piece, word, gap / size)


def _fill_gap(piece: _Piece, word: _Word, gap: float) -> str:
    """Return what stands where pdfium sees a line's end and there is none: a space, or nothing."""
    if _HAS_CJK.match(piece.text[-1]) and _HAS_CJK.match(word.text) and gap < 1:
        return ""
    if piece.size > _INITIAL * word.size and re.fullmatch("[B-HJ-Z]", piece.text):
        return ""  # A and I may be words
    return " " if gap > _SPACE else ""


def _is_level(piece: "_Piece | _Word", word: "_Piece | _Word") -> bool:
    """Say whether two stand in one line; a raised or lowered figure, or a tall first letter, does."""
    upper = min(piece.baseline, word.baseline) - max(
        piece.baseline - 0.75 * piece.size, word.baseline - 0.75 * word.size
    )
    return upper > 0.5 * 0.75 * min(piece.size, word.size)


# --- pieces become rows ---


def _reverse_runs(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Turn the lines around that pdfium gives from the left to the right where they are read to the left."""
    runs: list[list[_Piece]] = []
    for piece in pieces:
        last = runs[-1][-1] if runs else None
        if last and piece.baseline < last.baseline and _share_width(last, piece):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return [piece for run in runs for piece in reversed(run)]


def _share_width(above: _Piece, below: _Piece) -> bool:
    shared = min(above.right, below.right) - max(above.left, below.left)
    return shared > min(above.right - above.left, below.right - below.left) / 2


_MARK = re.compile(
    r"[•·▪▫■□●○◦‣⁃∙➢➤✓*–—-]|[\uf000-\uf0ff]|\(?(?:\d{1,3}|[A-Za-z]|[ivxlcIVXLC]{1,6})[.)]|\d+(?:\.\d+)+\.?"
)


def _order_rows(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Return rows of one or more pieces in the order they are read."""
    if _is_disordered(pieces):
        pieces = sorted(pieces, key=lambda piece: piece.baseline)
    rows: list[list[_Piece]] = []
    for piece in pieces:
        if rows and _is_level(rows[-1][-1], piece) and not _overlap(rows[-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        if not any("\u0590" <= letter <= "\u08ff" for piece in row for letter in piece.text):
            row.sort(key=lambda piece: piece.left)
        yield row


def _overlap(row: Sequence[_Piece], piece: _Piece) -> bool:
    return any(min(each.right, piece.right) - max(each.left, piece.left) > piece.size / 2 for each in row)


def _is_disordered(pieces: Sequence[_Piece]) -> bool:
    """Say whether the order of the file runs up again and again within one column."""
    ups = 0
    for above, below in itertools.pairwise(pieces):
        up = above.baseline - below.baseline > max(above.size, below.size)
        ups += up and _share_width(above, below)
    return ups > max(4, len(pieces) / 8)


def _build_line(raw: object, row: Sequence[_Piece], page: int, box: _Box, *, aside: bool) -> Line:
    text = row[0].text
    for before, piece in itertools.pairwise(row):
        near = piece.left - before.right < _CELL_GAP * piece.size or before.text in "$€£¥"
        marked = before is row[0] and len(row) == 2 and _MARK.fullmatch(before.text)  # noqa: PLR2004
        apart = not (near or marked)
        text += ("\t" if apart else " ") + piece.text
    words = [word for piece in row for word in piece.words]
    main = max(row, key=lambda piece: len(piece.text))
    return Line(
        text=text,
        page=page,
        left=min(piece.left for piece in row),
        right=max(piece.right for piece in row),
        baseline=main.baseline,
        size=main.size,
        share=(main.baseline - box[1]) / max(box[3] - box[1], 1),
        bold=_is_bold(raw, words[0].first) and _is_bold(raw, words[-1].last),
        aside=aside,
        hidden=_is_hidden(raw, words[0].first),
    )


_BOLD = re.compile(rb"(?i)bold|black|heavy|demi")
_MAX_NAME = 128


def _is_bold(raw: object, i: int) -> bool:
    name = ctypes.create_string_buffer(_MAX_NAME)
    pdfium.FPDFText_GetFontInfo(raw, i, name, _MAX_NAME, None)
    return _BOLD.search(name.value) is not None


def _is_hidden(raw: object, i: int) -> bool:
    letter = pdfium.FPDFText_GetTextObject(raw, i)
    return bool(letter) and (
        pdfium.FPDFTextObj_GetTextRenderMode(letter) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
    )
