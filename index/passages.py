"""A statement becomes passages: its paragraphs, in whole sentences, with what is not its own words marked.

The rules are about writing in general. Where one is unsure it does not cut, because a cut sentence can lose
its "not", and it calls words the statement's own, because lost words are never found.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from index.kinds import (
    BULLET,
    DECORATION,
    END_MARK,
    HASH_HEADING,
    MARKUP,
    RELEASE,
    TAIL,
    count_words,
    is_ended,
    is_heading,
    is_marked_heading,
    is_title_case,
    label_sentences,
    tell_kind,
    tell_publisher,
)
from index.sentences import CLOSING, MARKS, WHITE, WIDE_MARKS, split_sentences
from index.types import Passage, PassageKind, Span, Statement


def split_passages(statement: Statement, *, max_words: int = 160) -> Iterator[Passage]:
    """Cut a statement into passages at paragraph ends, long paragraphs at sentence ends.

    Passages follow each other without gaps, so joining their texts gives back the statement; white space
    belongs to the words before it. Only one sentence of more than `max_words` words makes a body passage
    that is longer. An empty text has no passages.
    """
    blocks = [_split_block(statement, block, kind, max_words) for block, kind in _find_blocks(statement)]
    last = sum(_has_body(block) for block in blocks)
    paragraph = 0
    for block in blocks:
        paragraph += _has_body(block)
        for kind, sentences in block:
            number = min(paragraph + 1, last) if kind == "heading" else paragraph
            yield Passage(
                statement_id=statement.statement_id,
                paragraph=max(number, 1),
                span=Span(start=sentences[0].start, end=sentences[-1].end),
                sentences=tuple(sentences),
                kind=kind,
            )


def _has_body(block: Sequence[tuple[PassageKind, Sequence[Span]]]) -> bool:
    return any(kind == "body" for kind, _ in block)


def _split_block(
    statement: Statement, block: Span, kind: PassageKind, max_words: int
) -> list[tuple[PassageKind, Sequence[Span]]]:
    """Return the passages of one paragraph as their kinds and sentences."""
    text = statement.text
    sentences = [
        Span(start=block.start + sentence.start, end=block.start + sentence.end)
        for sentence in split_sentences(block.of(text))
    ]
    if kind != "body":
        return [(kind, sentences)]
    passages: list[tuple[PassageKind, Sequence[Span]]] = []
    labelled = label_sentences(text, sentences)
    for run_kind, run in itertools.groupby(labelled, key=lambda pair: pair[0]):
        run_sentences = [sentence for _, sentence in run]
        if run_kind == "body":
            passages += [(run_kind, part) for part in _divide_evenly(text, run_sentences, max_words)]
        else:
            passages.append((run_kind, run_sentences))
    return passages


def _divide_evenly(text: str, sentences: Sequence[Span], max_words: int) -> list[Sequence[Span]]:
    """Divide sentences into as few parts of at most `max_words` as there can be, as even as can be."""
    words = [max(1, count_words(sentence.of(text))) for sentence in sentences]
    if sum(words) <= max_words:
        return [sentences]
    # best[i]: the number of parts, the sum of their squared lengths and the first sentence of the last part,
    # for the best division of the first i sentences.
    best = [(0, 0, 0)]
    for end in range(1, len(sentences) + 1):
        choices = []
        length = 0
        for start in range(end - 1, -1, -1):
            length += words[start]
            if length > max_words and start < end - 1:
                break
            parts, squares, _ = best[start]
            choices.append((parts + 1, squares + length**2, start))
        best.append(min(choices))
    divided: list[Sequence[Span]] = []
    end = len(sentences)
    while end:
        start = best[end][2]
        divided.append(sentences[start:end])
        end = start
    return divided[::-1]


_NUMBERED = re.compile(r"(?:[–—]|\(?(?:\d{1,3}|[A-Za-z]|[ivxlcIVXLC]{1,6})\\?[.)]) +\S")
_LIST_MARK = re.compile(r"(?:[-*+•·▪●◦‣–—]|\\-|\(?(?:\d{1,3}|[A-Za-z]|[ivxlcIVXLC]{1,6})\\?[.)]) +|・")
_PAUSED = re.compile(rf"[{MARKS}{WIDE_MARKS}:;]{CLOSING}*\Z|[;,] (?:and|or)\Z")
# "The parties will not:" changes the meaning of every item below it.
_DENIES = re.compile(
    r"\b(?:not|never|no|nor|neither|without|refrain\w*|except|unless)\b[^.!?]*:[^.!?]*\Z", re.IGNORECASE
)
# The first words of a sentence, after another one: "... natural gas (LNG). North", with "Macedonia" below.
_STUB = re.compile(r"[.!?][\"'”’)]*\s+[^\W\d_]+(?:\s[^\W\d_]+){0,2}\Z")
# Nobody breaks lines by hand that far to the right: a line of more words ends where its paragraph ends.
_MAX_BROKEN_LINE_WORDS = 25
# That all but the last of so many lines end with a sentence does not happen where lines are broken to fit.
_MIN_UNBROKEN_LINES = 4


def _find_blocks(statement: Statement) -> list[tuple[Span, PassageKind]]:
    """Return paragraphs, headings and publisher's words that tile the text, each with its kind."""
    text = statement.text
    front = statement.front_matter.end if statement.front_matter else 0
    blocks: list[tuple[Span, PassageKind]] = [(Span(start=0, end=front), "publisher")] if front else []
    parts = [part for group in _group_lines(text, front) for part in _divide(text, group)]
    for position, block in enumerate(_join_continued(text, parts)):
        blocks.append((block, tell_kind(block.of(text), statement.title, first=position == 0)))
    if not blocks:
        return [(Span(start=0, end=len(text)), "publisher")] if text else []
    starts = [0, *(block.start for block, _ in blocks[1:]), len(text)]
    tiles = [Span(start=start, end=end) for start, end in itertools.pairwise(starts)]
    return [(tile, kind) for tile, (_, kind) in zip(tiles, blocks, strict=True)]


def _group_lines(text: str, start: int) -> Iterator[list[Span]]:
    """Return the lines that no blank line parts, without the white space around each."""
    group: list[Span] = []
    for line in text[start:].splitlines(keepends=True):
        words = line.strip(WHITE)
        if words:
            begin = start + len(line) - len(line.lstrip(WHITE))
            group.append(Span(start=begin, end=begin + len(words)))
        elif group:
            yield group
            group = []
        start += len(line)
    if group:
        yield group


def _divide(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Divide a group of lines into paragraphs, headings and list items."""
    part = lines[0]
    unbroken = _has_unbroken_lines([line.of(text) for line in lines])
    for above, line in itertools.pairwise(lines):
        if _begins_paragraph(text, part, above, line, unbroken=unbroken):
            yield part
            part = line
        else:
            part = Span(start=part.start, end=line.end)
    yield part


def _has_unbroken_lines(lines: Sequence[str]) -> bool:
    """Tell lines that are whole paragraphs from lines that were broken to fit a page."""
    long = _MAX_BROKEN_LINE_WORDS
    if any(len(line) > long and count_words(line) > long for line in lines):
        return True
    return len(lines) >= _MIN_UNBROKEN_LINES and all(is_ended(line) for line in lines[:-1])


def _begins_paragraph(text: str, part: Span, above: Span, line: Span, *, unbroken: bool) -> bool:
    """Say whether `line` begins a paragraph below `part`, whose last line is `above`."""
    upper, lower = above.of(text), line.of(text)
    whole = text[part.start : min(part.end, part.start + TAIL)]
    paused = _PAUSED.search(upper) is not None
    if _is_apart(whole, lower) or text[line.start - 1] == "\u3000":  # an ideographic space is an indent
        return True
    if BULLET.match(lower) or (paused and _NUMBERED.match(lower)):
        return True
    if lower[0].islower():
        return False
    if is_marked_heading(whole) or (paused and is_marked_heading(lower)) or RELEASE.fullmatch(whole):
        return True
    return unbroken and (paused or is_heading(upper, "", first=False))


def _is_apart(part: str, line: str) -> bool:
    """Say whether a mark or a notice of the publisher, or a heading with #, stands on one side alone."""
    if END_MARK.fullmatch(line) or (DECORATION.fullmatch(line) and is_ended(part)):
        return True
    return any(pattern.fullmatch(part) for pattern in (END_MARK, DECORATION, HASH_HEADING))


def _join_continued(text: str, parts: Sequence[Span]) -> list[Span]:
    """Join what was divided inside a sentence: lists that a sentence runs through, breaks between pages."""
    joined: list[Span] = []
    for part in parts:
        above = joined[-1] if joined else None
        if above and _goes_on(text[max(above.start, above.end - TAIL) : above.end], part.of(text)):
            joined[-1] = Span(start=above.start, end=part.end)
        else:
            joined.append(part)
    return joined


def _goes_on(above: str, below: str) -> bool:
    mark = _LIST_MARK.match(below)
    first = re.search(r"[^\W_]", MARKUP.sub("", below[mark.end() if mark else 0 :][:TAIL]))
    if first is None or is_ended(above):
        return False
    begun = _STUB.search(above) is not None and not mark and is_ended(below)
    if not (first[0].islower() or begun or (mark and _DENIES.search(above))):
        return False
    if tell_publisher(above) or tell_publisher(below):
        return False
    if is_marked_heading(above):
        return False
    return above.endswith(":") or not (is_heading(above, "", first=False) and is_title_case(above))
