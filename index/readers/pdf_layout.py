"""The lines of pages become paragraphs, by their distances, indents, lengths and letters."""

import dataclasses
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from index.readers.pdf_lines import CJK, Line

_CLOSING = r"[\"'”’»›)\]」』）]*"
_ENDED = re.compile(rf"[.!?…。！？؟۔]{_CLOSING}[\d*†‡¹²³⁰⁴-⁹]{{0,3}}\Z")
_PAUSED = re.compile(rf"[.!?…。！？؟۔:;；：,，、]{_CLOSING}[\d*†‡¹²³⁰⁴-⁹]{{0,3}}\Z|[;,] (?:and|or)\Z")
_STOPPED = re.compile(rf"[.!?…。！？؟۔:;；：]{_CLOSING}[\d*†‡¹²³⁰⁴-⁹]{{0,3}}\Z|; (?:and|or)\Z")
_BULLET = re.compile(r"[•·▪▫■□●○◦‣⁃∙➢➤✓\uf000-\uf0ff]\s|[*–—-] \S")
_ENUMERATOR = re.compile(
    r"(?:\(?(?:\d{1,3}|[A-Za-z]|[ivxlcIVXLC]{1,6})[.)]|\d{1,2}(?:\.\d{1,2})+\.?|§ ?\d+"
    r"|(?:Article|Art\.|Note|Item) \d+[.:]?)\s"
)
_NOTE = re.compile(r"(?:\(?\d{1,3}[).]?|[*†‡§¹²³⁰⁴-⁹]{1,3}|\([a-z]\))\s?\S")
# How far sizes may differ within a paragraph, in parts of the size.
_SAME_SIZE = 0.12
_SMALL = 0.93
_MIN_STEPS = 8


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Lines that belong together; they may stand on two pages or more."""

    lines: tuple[Line, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Measures:
    """The size of most letters, and the distance of lines by twice their rounded size."""

    body: float
    pitches: Mapping[int, float]

    def get_pitch(self, line: Line) -> float:
        usual = self.pitches.get(round(2 * self.body), 1.3 * self.body) * line.size / max(self.body, 1)
        return self.pitches.get(round(2 * line.size), usual)


def find_paragraphs(pages: Sequence[Sequence[Line]]) -> list[Paragraph]:
    """Find the paragraphs of all pages, in order.

    What runs on over the end of a column or a page is one paragraph. Notes at the foot stand at the end of
    their page, but before a paragraph that runs on to the next: so both stay whole, each on its page.
    """
    measures = _measure([line for page in pages for line in page])
    found: list[Paragraph] = []
    open_end: list[Paragraph] = []
    notes: list[Paragraph] = []
    for page in pages:
        body, page_notes = _part_notes(_divide(page, measures), measures)
        body = _pull_rest(open_end, body)
        if open_end and body and _runs_on(open_end[0], body[0]):
            found += notes
            body[0] = Paragraph(lines=open_end[0].lines + body[0].lines)
        else:
            found += open_end + notes
        if len(body) == 1 and body[0].lines[0].page != body[0].lines[-1].page and page_notes:
            # Its beginning stands on an earlier page, so that these notes cannot stand before it.
            found += body + page_notes
            open_end, notes = [], []
        else:
            found += body[:-1]
            open_end, notes = body[-1:], page_notes
    return found + open_end + notes


def measure_body(lines: Iterable[Line]) -> float:
    """Return the size of most letters."""
    sizes = Counter[float]()
    for line in lines:
        sizes[round(2 * line.size) / 2] += len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=0)


def _measure(lines: Sequence[Line]) -> _Measures:
    steps: dict[int, Counter[float]] = {}
    for above, below in itertools.pairwise(lines):
        step = below.baseline - above.baseline
        if above.page == below.page and _are_alike(above, below) and 0 < step < 3 * below.size:
            steps.setdefault(round(2 * below.size), Counter())[round(2 * step) / 2] += 1
    pitches = {
        size: max(counts, key=lambda step: (counts[step], -step))
        for size, counts in steps.items()
        if counts.total() >= _MIN_STEPS and max(counts.values()) > counts.total() / 3
    }
    return _Measures(body=measure_body(lines), pitches=pitches)


def _are_alike(above: Line, below: Line) -> bool:
    return abs(above.size - below.size) <= _SAME_SIZE * max(above.size, below.size)


# --- paragraphs of one page ---


def _divide(lines: Sequence[Line], measures: _Measures) -> list[Paragraph]:
    parts: list[list[Line]] = []
    for line, edge in zip(lines, [0.0, *_find_edges(lines)], strict=False):
        if parts and not _begins(parts[-1], line, edge, measures):
            parts[-1].append(line)
        else:
            parts.append([line])
    return [Paragraph(lines=tuple(part)) for part in parts]


# So many lines before and after one tell how wide its column is.
_NEAR = 12


def _find_edges(lines: Sequence[Line]) -> list[float]:
    """Return how far right each line could reach: as the lines near it that begin about where it does."""
    prose = [line for line in lines if not line.is_row]
    edges = []
    position = 0
    for line in lines:
        near = prose[max(0, position - _NEAR) : position + _NEAR + 1]
        reach = 5 * line.size
        rights = sorted(
            each.right for each in near if abs(each.left - line.left) < reach and _are_alike(each, line)
        )
        # The longest of many may be a heading's, over all columns.
        edges.append(rights[-1 - len(rights) // 8] if rights else line.right)
        position += not line.is_row
    return edges


def _begins(part: Sequence[Line], line: Line, edge: float, measures: _Measures) -> bool:
    """Say whether `line` begins a paragraph after `part`, whose column reaches right to `edge`."""
    above = part[-1]
    if above.is_row or above.aside != line.aside:
        return True
    step = line.baseline - above.baseline
    apart = line.left > above.right or line.right < above.left
    if step <= 0.3 * line.size or apart:
        return not _follows(part, line, edge)
    pitch = _get_pitch(part, measures)
    goes_on = _goes_on(above.text, line.text)
    if goes_on:
        return step > 1.6 * pitch or line.size > 1.4 * above.size
    if line.is_row or step > 1.2 * pitch or not _are_alike(above, line):
        return True
    if _is_centred(above, line) and (line.bold or line.size > 1.1 * measures.body):
        return above.bold != line.bold or above.text.isupper() != line.text.isupper()
    return _is_set_off(part, line, edge)


def _get_pitch(part: Sequence[Line], measures: _Measures) -> float:
    if len(part) > 1 and part[-1].baseline > part[-2].baseline:
        return min(part[-1].baseline - part[-2].baseline, 1.2 * measures.get_pitch(part[-1]))
    return measures.get_pitch(part[-1])


def _is_set_off(part: Sequence[Line], line: Line, edge: float) -> bool:
    """Say whether a line is set off from those above by a mark, its letters, its indent or their length."""
    above = part[-1]
    if _BULLET.match(line.text) or above.bold != line.bold:
        return True
    short = _is_short(above, line, edge)
    if _ENUMERATOR.match(line.text) and (short or _PAUSED.search(above.text)):
        return True
    return short or _is_indented(part, line)


def _is_short(above: Line, line: Line, edge: float) -> bool:
    """Say whether the first word of `line` would have found room above."""
    word = re.match(rf"[{CJK}]|\S+", line.text)
    length = len(word.group()) if word else 1
    width = (line.right - line.left) * length / max(len(line.text), 1)
    # Within a sentence a ragged line may be shorter than it had to be.
    slack = above.size / 2 if _PAUSED.search(above.text) else (edge - above.left) / 10
    return above.right + width + slack < edge


def _is_indented(part: Sequence[Line], line: Line) -> bool:
    tolerance = 0.7 * line.size
    if len(part) == 1:
        marked = _BULLET.match(part[0].text) or _ENUMERATOR.match(part[0].text)
        return line.left > part[0].left + tolerance and not marked and _is_ended(part[0].text)
    return abs(line.left - part[-1].left) > tolerance and _PAUSED.search(part[-1].text) is not None


def _is_centred(above: Line, line: Line) -> bool:
    off = abs(above.left + above.right - line.left - line.right) / 2
    return off < line.size / 2 and abs(above.left - line.left) > line.size / 2


def _is_ended(text: str) -> bool:
    return _ENDED.search(text) is not None


_LOWER = re.compile(r"[\"'“‘«(\[]*[^\W\d_A-Z]")
_INITIALS = re.compile(r"(?:\b[A-Z]\.)+\Z")
_CUT = re.compile(r"[^\W\d_][-\u00ad\u2010]\Z")


def _goes_on(above: str, below: str) -> bool:
    """Say whether a sentence surely runs on: cut in a word, or not ended before a small letter."""
    if _BULLET.match(below) or (_ENUMERATOR.match(below) and _PAUSED.search(above)):
        return False
    first = re.match(r"[\"'“‘«(\[]*([^\W\d_])", below)
    if _CUT.search(above) and first:
        return True
    if first is None or not first[1].islower():
        return False
    return _STOPPED.search(above) is None or _INITIALS.search(above) is not None


# --- over the ends of columns and pages ---

_CAPTION = re.compile(r"(?:fig|tab|chart|graph|source|exhibit|box|abb|note|quelle|[図表])", re.IGNORECASE)
# So many figures, tables and their captions may stand above the rest of a paragraph on its next page.
_MAX_FLOATS = 6


def _pull_rest(open_end: Sequence[Paragraph], body: list[Paragraph]) -> list[Paragraph]:
    """Put the rest of a sentence that began on the page before in front of a figure that stands above it."""
    if not open_end or not body or _runs_on(open_end[0], body[0]):
        return body
    above = open_end[0].lines
    for i, paragraph in enumerate(body[1:_MAX_FLOATS], 1):
        first = paragraph.lines[0]
        if len(above) > 1 and _goes_on(above[-1].text, first.text) and _runs_on(open_end[0], paragraph):
            return [paragraph, *body[:i], *body[i + 1 :]]
    return body


def _runs_on(above: Paragraph, below: Paragraph) -> bool:
    return _follows(above.lines, below.lines[0], _find_edges(above.lines)[-1])


def _follows(part: Sequence[Line], line: Line, edge: float) -> bool:
    """Say whether `line`, in another column or on another page, goes on with the last sentence of `part`."""
    above = part[-1]
    if above.is_row or line.is_row or above.aside != line.aside or not _are_alike(above, line):
        return False
    if _goes_on(above.text, line.text):
        return above.bold == line.bold or len(part) > 1
    if _is_ended(above.text) or above.text.endswith((":", "：")) or above.bold or line.bold:
        return False
    if _BULLET.match(line.text) or _ENUMERATOR.match(line.text):
        return False
    # A heading or a label is no sentence that could run on, but two full lines are.
    full = len(part) > 1 and not _is_short(above, line, edge) and above.right > edge - 3 * line.size
    return full and _CAPTION.match(line.text) is None


# --- notes at the foot ---


def _part_notes(
    paragraphs: Sequence[Paragraph], measures: _Measures
) -> tuple[list[Paragraph], list[Paragraph]]:
    """Part the notes at the foot of the page, or of its columns, from the rest."""
    notes: list[Paragraph] = []
    body: list[Paragraph] = []
    for paragraph in paragraphs:
        first = paragraph.lines[0]
        small = all(line.size < _SMALL * measures.body and not line.is_row for line in paragraph.lines)
        begun = bool(notes) and notes[-1].lines[-1].baseline < first.baseline
        noted = small and not first.aside and (begun or _NOTE.match(first.text))
        if noted and _is_last(first, paragraphs, measures):
            notes.append(paragraph)
        else:
            body.append(paragraph)
    return body, notes


def _is_last(note: Line, paragraphs: Iterable[Paragraph], measures: _Measures) -> bool:
    """Say whether nothing of the size of the body stands below a line in its column."""
    return not any(
        line.baseline > note.baseline
        and line.left < note.right
        and line.right > note.left
        and line.size >= _SMALL * measures.body
        for paragraph in paragraphs
        for line in paragraph.lines
    )


# --- the title ---

_MAX_TITLE = 250


def guess_title(lines: Sequence[Line]) -> str | None:
    """Return what stands on a first page in letters clearly larger than the body's, if it can be a title."""
    body = measure_body(lines)
    upper = [line for line in lines if not line.aside and line.share < 0.6]  # noqa: PLR2004
    largest = max((line.size for line in upper if _has_words(line)), default=0.0)
    if largest < 1.2 * body:
        return None
    title = " ".join(
        line.text
        for line in itertools.takewhile(
            lambda line: line.size > 0.9 * largest,
            itertools.dropwhile(lambda line: line.size <= 0.9 * largest, upper),
        )
    )
    return title if len(title.split()) > 1 and len(title) <= _MAX_TITLE and "\t" not in title else None


def _has_words(line: Line) -> bool:
    return re.search(rf"[^\W\d_]{{3}}|[{CJK}]{{2}}", line.text) is not None
