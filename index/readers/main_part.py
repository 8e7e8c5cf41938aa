"""Which paragraphs of a web page are what the page is about."""

import functools
import itertools
import re
import unicodedata
from collections.abc import Container, Iterator, Sequence

import trafilatura
import trafilatura.settings
from lxml.html import HtmlElement

from index.readers.markup import Block

# What HTML and the habit of its authors call the parts of a page that are not what it is about.
_AROUND_TAGS = frozenset({"nav", "aside", "footer", "form", "dialog"})
_AROUND_NAMES = re.compile(
    r"(?:^|[\s_-])(?:(?:sub|g|global|local|main)?nav(?:bar|box|igation|path|list|menu)?|menu|breadcrumbs?|pankuzu|topic-?path|share|sharing|social"
    r"|sns|cookies?|consent|newsletter|subscribe|related|sidebar|footer|skip(?:-?links?)?|pagination|pager"
    r"|feedback|toolbar|tool-buttons|search|comments?|login|pagetop)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOTES = re.compile(r"(?:foot|end)-?notes?", re.IGNORECASE)
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_AROUND_ROLES = frozenset({"navigation", "complementary", "search", "contentinfo", "menu", "menubar"})
_ANY_HEADING = re.compile(r"h[1-6]")
_MINOR_HEADING = re.compile(r"h[2-6]")
# A paragraph of so many letters that it is on the page but once.
_MIN_FOUND_LETTERS = 20
_MIN_FOUND_SHARE = 0.25
# A page with less on it has no parts to choose from.
_MIN_PAGE_LETTERS = 200
_HOME_SHARE = 0.9
_MAX_LINKED = 0.5


def choose_main_part(root: HtmlElement, blocks: Sequence[Block], title: str) -> list[Block]:
    """Return the paragraphs of the main part of a page, or of all its parts where nothing tells which."""
    letters = [_squeeze(block.words) for block in blocks]
    found = _extract(root)
    lines = {_squeeze(line) for line in found.splitlines()}
    main = _find_main(blocks, letters, _squeeze(found))
    around, menus = _tell_around(blocks, main), _find_menus(blocks)
    prose = [
        not around[at] and block.linked < _MAX_LINKED and menus.isdisjoint(_climb(block.element))
        for at, block in enumerate(blocks)
    ]
    main = [main[at] or (prose[at] and letters[at] in lines) for at in range(len(blocks))]
    size = _count(letters, prose)
    if size < _MIN_PAGE_LETTERS or _count(letters, main) <= _MIN_FOUND_SHARE * size:
        return list(itertools.compress(blocks, prose)) or list(blocks)
    home = set(_find_home(blocks, letters, main).iter())
    first, last = _find_ends(blocks, letters, main, home, _squeeze(title))
    kept = [
        at >= first
        and (
            main[at]
            or (prose[at] and (block.element in home or at <= last))
            or (letters[at] in lines and block.element in home and not around[at])
        )
        for at, block in enumerate(blocks)
    ]
    return [block for at, block in enumerate(blocks) if kept[at] and (main[at] or _heads(blocks, kept, at))]


def _find_main(blocks: Sequence[Block], letters: Sequence[str], found: str) -> list[bool]:
    """Say of each paragraph whether it was found, and is too long to be so by chance."""
    # The title may stand in the path to the page as well.
    around = _tell_around(blocks, [])
    elsewhere = {words for words, is_around in zip(letters, around, strict=True) if not is_around}
    return [
        len(words) >= _MIN_FOUND_LETTERS and words in found and not (is_around and words in elsewhere)
        for words, is_around in zip(letters, around, strict=True)
    ]


def _find_ends(
    blocks: Sequence[Block],
    letters: Sequence[str],
    main: Sequence[bool],
    home: Container[HtmlElement],
    title: str,
) -> tuple[int, int]:
    """Return where the main part begins, at the latest with its heading, and where the last of it stands."""
    first = main.index(True)
    last = len(main) - 1 - main[::-1].index(True)
    headings = [at for at, block in enumerate(blocks) if block.element.tag == "h1"]
    if any(blocks[at].element in home for at in headings):
        # What stands above the part that holds the heading is the site's.
        return next(at for at, block in enumerate(blocks) if block.element in home), last
    return next((at for at in headings if at < first and letters[at] in title), first), last


def _heads(blocks: Sequence[Block], kept: Sequence[bool], at: int) -> bool:
    """Say whether a paragraph is no heading of a lower rank, or one with something below it."""
    tag = str(blocks[at].element.tag)
    if _MINOR_HEADING.fullmatch(tag) is None:
        return True
    for below in range(at + 1, len(blocks)):
        other = str(blocks[below].element.tag)
        if _ANY_HEADING.fullmatch(other) is None:
            if kept[below]:
                return True
        elif other <= tag:
            return False
    return False


def _extract(root: HtmlElement) -> str:
    """Return what trafilatura takes for the main text. It changes characters, so this is to look up only."""
    try:
        found = trafilatura.bare_extraction(root, include_comments=False, favor_recall=True)
    except Exception:  # noqa: BLE001 - whatever a heuristic trips over, the whole page is there to be read
        return ""
    return (found.text or "") if isinstance(found, trafilatura.settings.Document) else ""


def _tell_around(blocks: Sequence[Block], main: Sequence[bool]) -> list[bool]:
    """Say of each paragraph whether it stands in a part of the page that is around the main one.

    A part that holds a paragraph of the main text is no such part, whatever it is called: whole pages are
    put into forms.
    """
    inside = {each for block in itertools.compress(blocks, main) for each in _climb(block.element)}
    is_named_around = functools.cache(_is_named_around)
    return [
        any(is_named_around(each) for each in _climb(block.element) if each not in inside) for block in blocks
    ]


def _find_menus(blocks: Sequence[Block]) -> set[HtmlElement]:
    """Return the lists whose items are mostly links: the last one of a path to the page is none."""
    items: dict[HtmlElement, list[bool]] = {}
    for block in blocks:
        holder = next(block.element.iterancestors("ul", "ol"), None) if block.element.tag == "li" else None
        if holder is not None:
            items.setdefault(holder, []).append(block.linked >= _MAX_LINKED)
    return {holder for holder, linked in items.items() if 2 * sum(linked) >= len(linked)}


def _climb(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield an element and what it stands in."""
    return itertools.chain([element], element.iterancestors())


def _is_named_around(element: HtmlElement) -> bool:
    if element.tag == "header":
        return element.find(".//h1") is None and next(element.iterancestors("main", "article"), None) is None
    names = _CAMEL_CASE.sub("-", f"{element.get('id', '')} {element.get('class', '')}")
    if element.tag in {"html", "body", "h1"} or _NOTES.search(names):
        return False
    return (
        element.tag in _AROUND_TAGS
        or element.get("role") in _AROUND_ROLES
        or _AROUND_NAMES.search(names) is not None
    )


def _find_home(blocks: Sequence[Block], letters: Sequence[str], main: Sequence[bool]) -> HtmlElement:
    """Return the smallest element around the paragraphs that hold nearly all of the main text."""
    sizes: dict[HtmlElement, int] = {}
    for block, words in itertools.compress(zip(blocks, letters, strict=True), main):
        for element in block.element.iterancestors():
            sizes[element] = sizes.get(element, 0) + len(words)
    nearly_all = _HOME_SHARE * _count(letters, main)
    holders = [element for element, size in sizes.items() if size >= nearly_all]
    return max(holders, key=lambda element: len(list(element.iterancestors())), default=blocks[0].element)


def _count(letters: Sequence[str], counted: Sequence[bool]) -> int:
    return sum(map(len, itertools.compress(letters, counted)))


def _squeeze(words: str) -> str:
    """Return nothing but letters and digits, to compare words that white space was changed between."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", words)))
