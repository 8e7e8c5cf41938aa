"""A statement's title, where its own first lines are one."""

import dataclasses
import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from index.datelines import is_date_line, is_place
from index.document_kinds import find_document_kind
from index.issuers import is_organisation
from index.margins import Block, Margins

_MAX_CHARS = 330
_MIN_WORDS_UNMARKED = 6
_MAX_WORDS_BEFORE_KIND = 5
_MIN_CAPITAL_SHARE = 0.6
_MIN_LIKENESS_TO_NAME = 85

_LABEL = re.compile(
    r"\(?(?:for )?immediate release.*|embargoed .*|(?:press|media|news) (?:releases?|notes?|advisory|"
    r"statement|communiqu[eé]|announcement)|(?:begin|end) text:?|via .+|(?:as )?(?:prepared for|delivered).*|"
    r"(?:(?:un)?official |provisional |courtesy )?translation|unclassified|advance copy|"
    r"check against delivery|communiqué de presse|pressemitteilung|comunicado(?: de prensa)?|"
    r"comunicato stampa|пресс-релиз|報道発表|新闻稿|보도자료|transcript|(?:press )?release no\b.*|"
    r"no\.? .{0,30}\d.*|\(?as [a-z ]+\)?|presidential determination|(?:subject|re): .*|read (?:the|more).*|"
    r"share.*|print.*|home ?[/>›].*|\d+|page \d+.*|[ivx]+|end|begin|draft|final|annex.*|fact ?sheet|"
    r"speech|statement|remarks|q&a|\d{1,2}[:.]\d\d\s*[ap]\.?m.*",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:[IVXLC]+|\d{1,2}|[A-Z])[.)]\s.*|(?:section|chapter|part|article|annex|appendix|pillar) [\dIVX]+\b.*|"
    r"(?:introduction|preamble|background|overview|summary|contents|table of contents|executive summary|"
    r"préambule|einleitung|präambel|introducción|preámbulo|введение|преамбула|はじめに|前文|序言)",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"(?:(?:and|between|among|concerning|regarding|on|of|for|by|to|with|entre|et|zwischen|und|между|и)(?:\sthe)?|"
    r"the|–|—|-|&|\|)",
    re.IGNORECASE,
)
_ENDS_OPEN = re.compile(rf"(?:\s|^)(?:{_JOINT.pattern})$", re.IGNORECASE)
# A sentence, if these are in small letters: titles write "Will", and hardly ever tell.
_TELLS = re.compile(r"\b(?:will|shall|met|today|has|have|had|was|were|is|are)\b")
_NO_TITLE_END = re.compile(r"[.,;:!?…、。！？：]$")
_ABBREVIATION_END = re.compile(r"(?:\b[A-Z]|Jr|Sr|St|Inc)\.$")
_FOLLOWING = re.compile(r"(?:the )?following|below is|we,|today|at the|in conjunction", re.IGNORECASE)
_VENUE_END = re.compile(
    r"\b(?:cent(?:er|re)|building|hotel|palace|hall|house|room|theater|university|museum)(?: \d+)?$",
    re.IGNORECASE,
)
_SALUTATION = re.compile(
    r"(?:dear|memorandum (?:for|to)|mr\.?|madam|to the (?:congress|senate|house|speaker|members)) ",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A title with the blocks of the head that it stands in."""

    title: str
    blocks: tuple[Block, ...]


def find_headline(margins: Margins, *, name: str) -> Headline | None:
    """Return the title above the statement's first prose, its lines joined with a space, or None.

    It is a heading, names a document ("Joint Statement of ..."), says what the file's `name` says, or is an
    unmarked line of its own in the manner of a title. Labels ("For immediate release"), days, places,
    letterheads and the headings of first sections are none.
    """
    for number, block in enumerate(margins.head):
        for lines in _split_title_lines(block):
            headline = _join_blocks(" ".join(lines), margins.head[number:])
            plain = lines == block.lines and not margins.spoken and bool(margins.opening)
            if _is_title(headline, name, plain=plain):
                return headline
            if block.heading or block.emphasised:
                return None  # a section has begun
    return None


def _split_title_lines(block: Block) -> Iterator[tuple[str, ...]]:
    """Yield the block's runs of lines that are not letterhead, day, place or label."""
    run: list[str] = []
    for line in block.lines:
        other = _LABEL.fullmatch(line) or is_date_line(line) or is_organisation(line) or is_place(line)
        if not other or (run and _ENDS_OPEN.search(run[-1])):
            run.append(line)
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _join_blocks(title: str, blocks: Sequence[Block]) -> Headline:
    """Add the blocks below that go on with a title: "Memorandum", "between the", "Government of X"."""
    used = [blocks[0]]
    for block in blocks[1:]:
        goes_on = _JOINT.fullmatch(block.text) or block.text[:1].islower()
        if not (goes_on or _ENDS_OPEN.search(title)):
            break
        title = f"{title} {block.text}"
        used.append(block)
    # Set line by line on a page of its own, it may end at any line; below it stands again in one piece.
    again = (block.text for block in blocks[1:] if block.text.casefold().startswith(title.casefold()))
    return Headline(title=next(again, title), blocks=tuple(used))


def _is_title(headline: Headline, name: str, *, plain: bool) -> bool:
    title, block = headline.title, headline.blocks[0]
    if len(title) > _MAX_CHARS or not re.search(r"[^\W\d_]", title):
        return False
    if _ENDS_OPEN.search(title) or (_NO_TITLE_END.search(title) and not _ABBREVIATION_END.search(title)):
        return False
    if _SECTION.fullmatch(title) or _SALUTATION.match(title):
        return False
    if block.italic or _TELLS.search(title):
        return block.heading == 1  # a subtitle or a motto, a sentence
    if block.heading == 1 or _names_document(title) or _says_the_same(title, name):
        return True
    return plain and not block.emphasised and not _VENUE_END.search(title) and _is_written_like_one(title)


def _names_document(title: str) -> bool:
    """Tell whether a document is named early on, or among capitals; a sentence names one in passing."""
    kind = find_document_kind(title)
    if kind is None or _FOLLOWING.match(title):
        return False
    return len(title[: kind.start()].split()) < _MAX_WORDS_BEFORE_KIND or _is_in_capitals(title)


def _says_the_same(title: str, name: str) -> bool:
    words = re.sub(r"[\W_]+", " ", name.rpartition("/")[2]).casefold()
    words = re.sub(r"\b\d+\b", "", words)
    own = re.sub(r"[\W_]+", " ", re.sub(r"['’.]", "", title)).casefold()
    return len(own.split()) > 1 and fuzz.token_sort_ratio(own, words) >= _MIN_LIKENESS_TO_NAME


def _is_written_like_one(title: str) -> bool:
    return len(title.split()) >= _MIN_WORDS_UNMARKED and _is_in_capitals(title)


def _is_in_capitals(title: str) -> bool:
    words = [word for word in re.split(r"[\s-]+", title) if len(word) > 3 and word[0].isalpha()]  # noqa: PLR2004
    return sum(not word[0].islower() for word in words) >= _MIN_CAPITAL_SHARE * len(words)
