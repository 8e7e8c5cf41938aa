"""What stands in the margins of pages and is not their text: running heads, page numbers, line numbers."""

import bisect
import dataclasses
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from index.readers.pdf_lines import Line

_Page = Sequence[Line]

# As much of a page, above and below, as running heads can stand in. Two or three pages may just begin alike.
_MARGIN = 0.25
_NARROW_MARGIN = 0.1
_MAX_ROWS = 4
_SAME_PLACE = 0.015
_MIN_LETTERS = 3
_DASH = r"[\s\-–—−|•·.\[\]()~]*"
_ROMAN = "(?=[ivxlc])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_PAGE_NUMBER = re.compile(
    rf"{_DASH}(?P<word>(?i:pages?|pg\.?|p\.|seite|página|pág\.|pagina|стр\.|страница|صفحة|第)\s*)?"
    rf"(?P<number>\d{{1,4}}|{_ROMAN}|[A-Z]{{1,2}}-\d{{1,3}})"
    r"(?P<total>\s*(?:of|/|von|de|sur|di|из|z)\s*\d{1,4})?\s*(?:页|頁|ページ|쪽|페이지)?"
    rf"{_DASH}"
)
_YEAR = re.compile("(?:19|20)..")


def drop_running_heads(pages: Sequence[_Page]) -> list[list[Line]]:
    """Leave out the lines at the top and bottom that come back from page to page, and page numbers.

    A line comes back if it stands at the same height on three pages (two, of two or three), whatever its
    digits. A lone number is a page number if it counts on with the pages, or has a dash or a "page" to it.
    Only lines outside of which nothing is left can be left out, no more than four on each side, and never
    all of a page.
    """
    measures = _measure(pages)
    kept = []
    for page in pages:
        out = {id(line) for rows in _list_margins(page) for line in _find_running(rows, measures)}
        rest = [line for line in page if id(line) not in out]
        kept.append(rest or [line for line in page if not _is_page_number(line, measures, alone=True)])
    return kept


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Measures:
    """Where the lines of margins stand, and what makes them running heads.

    `places` are in order, by the lines' words; `offsets` are how far lone numbers are off the page's own.
    """

    places: Mapping[str, Sequence[float]]
    offsets: frozenset[int]
    enough: int
    margin: float

    def count(self, line: Line) -> int:
        """Count the pages that have a line at its place."""
        shares = self.places.get(_make_key(line), ())
        return bisect.bisect(shares, line.share + _SAME_PLACE) - bisect.bisect(
            shares, line.share - _SAME_PLACE
        )


def _measure(pages: Sequence[_Page]) -> _Measures:
    places: dict[str, list[float]] = defaultdict(list)
    offsets = Counter[int]()
    for page in pages:
        lines = {id(line): line for rows in _list_margins(page) for row in rows for line in row}
        for line in lines.values():
            places[_make_key(line)].append(line.share)
            if line.text.isdecimal():
                offsets[int(line.text) - line.page] += 1
    few = len(pages) <= 3  # noqa: PLR2004 - as said above
    return _Measures(
        places={key: sorted(shares) for key, shares in places.items()},
        offsets=frozenset(offset for offset, count in offsets.items() if count >= min(2, len(pages))),
        enough=2 if few else 3,
        margin=_NARROW_MARGIN if few else _MARGIN,
    )


def _find_running(rows: Sequence[Sequence[Line]], measures: _Measures) -> list[Line]:
    """Return the lines to leave out of rows that follow each other into the page."""
    found: list[Line] = []
    for row in rows:
        out = [
            line
            for line in row
            if _is_running(line, measures) or _is_page_number(line, measures, alone=len(row) == 1)
        ]
        found += out
        if len(out) < len(row):
            break
    return found


def _is_running(line: Line, measures: _Measures) -> bool:
    cells = line.text.split("\t")
    if len(cells) > 2 and not any(map(_PAGE_NUMBER.fullmatch, cells)):  # noqa: PLR2004 - left, middle, right
        return False  # the head of a table that goes on over pages
    letters = sum(letter.isalpha() for letter in line.text)
    outside = min(line.share, 1 - line.share) < measures.margin
    return outside and letters >= _MIN_LETTERS and measures.count(line) >= measures.enough


def _is_page_number(line: Line, measures: _Measures, *, alone: bool) -> bool:
    number = _PAGE_NUMBER.fullmatch(line.text)
    if number is None:
        return False
    if line.text.isdecimal():
        return int(line.text) - line.page in measures.offsets and _YEAR.fullmatch(line.text) is None
    return alone or bool(number["word"] or number["total"]) or measures.count(line) >= measures.enough


def _list_margins(page: _Page) -> tuple[list[list[Line]], list[list[Line]]]:
    """Return the rows at the top from the top down, and those at the bottom from the bottom up."""
    lines = sorted((line for line in page if not line.aside), key=lambda line: line.baseline)
    rows: list[list[Line]] = []
    for line in lines:
        if rows and line.baseline - rows[-1][0].baseline < line.size / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    top = [row for row in rows[:_MAX_ROWS] if row[0].share < _MARGIN]
    bottom = [row for row in rows[-_MAX_ROWS:] if row[0].share > 1 - _MARGIN]
    return top, bottom[::-1]


def _make_key(line: Line) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", line.text)).casefold()


_NUMBERED = re.compile(r"(?P<number>\d{1,2})(?:[\t ]+(?P<rest>\S.*))?")
_MIN_NUMBERED = 15


def drop_line_numbers(page: _Page) -> list[Line]:
    """Leave out the numbers that a transcript or a bill has beside its lines: 1, 2, 3 ... at one distance."""
    numbered = [(line, match) for line in page if (match := _NUMBERED.fullmatch(line.text))]
    numbered.sort(key=lambda pair: pair[0].baseline)
    counted = enumerate(numbered, 1)
    numbered = [
        pair for _, pair in itertools.takewhile(lambda each: each[0] == int(each[1][1]["number"]), counted)
    ]
    if len(numbered) < _MIN_NUMBERED:
        return list(page)
    steps = [below.baseline - above.baseline for (above, _), (below, _) in itertools.pairwise(numbered)]
    cells = sum("\t" in (match["rest"] or "") for _, match in numbered)
    if max(steps) > 1.2 * min(steps) or cells > len(numbered) / 5 or not _stand_left(page, numbered):
        return list(page)
    rests = {id(line): match["rest"] or "" for line, match in numbered}
    lines = [dataclasses.replace(line, text=rests[id(line)]) if id(line) in rests else line for line in page]
    return [line for line in lines if line.text]


def _stand_left(page: _Page, numbered: Iterable[tuple[Line, re.Match[str]]]) -> bool:
    """Say whether nothing but heads and feet stands left of the numbers."""
    first, *_, last = [line for line, _ in numbered]
    edge = max(line.left for line, _ in numbered)
    between = [line for line in page if first.baseline <= line.baseline <= last.baseline]
    return all(line.left >= edge - 2 * line.size for line in between)
