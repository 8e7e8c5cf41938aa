"""The lines above and below a statement's prose, where its title, issuer and day stand."""

import dataclasses
import html
import itertools
import re
from collections.abc import Iterator

_HEAD_CHARS = 5000
_FOOT_CHARS = 2500
_OPENING_CHARS = 900
_MAX_BLOCKS = 50
# A line longer than this was not broken to fit a page, so each line beside it is a paragraph of its own.
_MAX_BROKEN_LINE_CHARS = 120
_MIN_PROSE_CHARS = 330
_MIN_SENTENCE_WORDS = 8
_MIN_UNSPACED_SENTENCE_CHARS = 24

_RULE = re.compile(r"[\s\\#*_=~.·•-]*")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_LINK = re.compile(r"!?\[([^\]\[]*)\]\([^()\s]*(?:\s\"[^\"]*\")?\)")
_MARKS = re.compile(r"\\([\\#*_~.()\[\]!+-])|\*+|(?<!\w)_+|_+(?!\w)|`+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_HEADING = re.compile(r"[ \t]{0,3}(?P<marks>#{1,6})[ \t]+(?=\S)")
_EMPHASIS = re.compile(r"\s*(?:\*|_|<[biu]>|<strong>|<em>)")
_ITALICS = re.compile(r"\s*(?:\*(?!\*)|_(?!_)|<i>|<em>)")
_SPEAKER = re.compile(r"Q\s+\S|[^\W\d_][^a-z:.!?]{1,60}:\s+\S")
_FIRST_PERSON = re.compile(r"(?:I|We|Today)(?:, (?:we|the)\b)?(?:\s\S+){6}")
CLOCK = re.compile(r"\(?\d{1,2}[:.]\d\d\s*[ap]\.?m\b", re.IGNORECASE)
_LIST_MARK = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+\S")
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$|[。！？：；۔؟।][」』”]?$")
_ABBREVIATION_END = re.compile(r"(?:\b\w|Jr|Sr|St|Inc|Ltd|Co|Gen|etc)\.$")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines between two blank ones, without their marks.

    `heading` is the level of a Markdown heading, 0 for none; `emphasised` a line in bold or italics, `italic`
    one in italics alone.
    """

    lines: tuple[str, ...]
    heading: int = 0
    emphasised: bool = False
    italic: bool = False

    @property
    def text(self) -> str:
        """The block in one line."""
        return " ".join(self.lines)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """What stands around a statement's prose: `head` above the first of it, `foot` below the last.

    `opening` is how the prose begins, `closing` the text's last blocks, prose and all. `spoken` tells a
    transcript: a clock's time above it, or a speaker's name before the first words.
    """

    head: tuple[Block, ...]
    opening: str
    closing: tuple[Block, ...]
    foot: tuple[Block, ...]
    spoken: bool


def read_margins(text: str) -> Margins:
    """Part a text's ends into blocks. Only some thousand characters of either end are looked at."""
    blocks = list(itertools.islice(_split_blocks(text[:_HEAD_CHARS]), _MAX_BLOCKS))
    first = next((number for number, block in enumerate(blocks) if is_prose(block)), len(blocks))
    opening = "\n".join(block.text for block in blocks[first : first + 4])
    timed = any(CLOCK.match(block.text) for block in blocks[: first + 1])
    start = max(0, len(text) - _FOOT_CHARS)
    # What is cut in the middle is no line; a line end makes sure that whole ones follow.
    start = 0 if start == 0 else max(text.find("\n", start), start)
    closing = list(_split_blocks(text[start:]))[-_MAX_BLOCKS:]
    last = next((number for number in range(len(closing), 0, -1) if is_prose(closing[number - 1])), 0)
    return Margins(
        head=tuple(blocks[:first]),
        opening=opening[:_OPENING_CHARS],
        closing=tuple(closing),
        foot=tuple(closing[last:]) if last else (),
        spoken=timed or bool(_SPEAKER.match(opening)),
    )


def is_prose(block: Block) -> bool:
    """Tell whether a block is sentences, a list's item or what somebody says, and no title or letterhead."""
    text = block.text
    if len(text) > _MIN_PROSE_CHARS or _FIRST_PERSON.match(text):
        return True
    if block.heading or not _SENTENCE_END.search(text) or _ABBREVIATION_END.search(text):
        return False
    if _SPEAKER.match(text):
        return True
    if _UNSPACED.search(text):
        return len(text) >= _MIN_UNSPACED_SENTENCE_CHARS
    return len(text.split()) >= _MIN_SENTENCE_WORDS


def _split_blocks(text: str) -> Iterator[Block]:
    # Links go first: their addresses make lines long.
    lines = _LINK.sub(r"\1", text).splitlines()
    for blank, group in itertools.groupby(lines, key=lambda line: not line.strip()):
        if not blank:
            part = list(group)
            broken_to_fit = all(len(line) <= _MAX_BROKEN_LINE_CHARS for line in part)
            yield from _split_lines(part, together=broken_to_fit)


def _split_lines(lines: list[str], *, together: bool) -> Iterator[Block]:
    """Yield the lines as one block, or each as its own; a heading always stands alone."""
    run: list[str] = []
    for line in lines:
        heading = _HEADING.match(line)
        if heading or not together or (run and _begins_item(line, run[-1])):
            yield from _make_block(run)
            run = []
        if heading:
            yield from _make_block([line[heading.end() :].rstrip("# \t")], heading=len(heading["marks"]))
        else:
            run.append(line)
    yield from _make_block(run)


def _begins_item(line: str, above: str) -> bool:
    # A number that begins a line may end a sentence that was broken to fit: "on April / 13. This meeting".
    mark = _LIST_MARK.match(line)
    return bool(mark) and (not line.lstrip()[0].isdigit() or bool(_SENTENCE_END.search(above.rstrip())))


def _make_block(lines: list[str], *, heading: int = 0) -> Iterator[Block]:
    clean = [cleaned for line in lines if (cleaned := _clean(line))]
    if clean:
        yield Block(
            lines=tuple(clean),
            heading=heading,
            emphasised=bool(_EMPHASIS.match(lines[0])),
            italic=bool(_ITALICS.match(lines[0])),
        )


def _clean(line: str) -> str:
    """Drop Markdown's and HTML's marks and white space; a rule or an empty line leaves nothing."""
    words = html.unescape(_TAG.sub("", _INVISIBLE.sub("", line)))
    words = " ".join(_MARKS.sub(r"\1", words).split())
    return "" if _RULE.fullmatch(words) else words
