"""What a paragraph is: the statement's own words, a heading, or its publisher's."""

import itertools
import re
from collections.abc import Sequence

from index.sentences import CLOSING, MARKS, WHITE, WHITE_SPACE, WIDE_MARKS
from index.types import PassageKind, Span

# In writing without spaces a word is about two characters long, in Thai, Lao, Burmese and Khmer five.
_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_THAI = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_WORD = re.compile(rf"[{_CJK}]{{1,2}}|[{_THAI}]{{1,5}}|[^\s{_CJK}{_THAI}]+")


def count_words(words: str) -> int:
    """Count words; in writing without spaces, every two characters or every five."""
    return len(_WORD.findall(words))


BULLET = re.compile(r"(?:[-*+•·▪●◦‣]|\\-) +\S|・")
_ENDED = re.compile(rf"[{MARKS}{WIDE_MARKS}]{CLOSING}*(?:\\?\[\^?\w{{1,3}}\\?\]|<sup>[^<>]{{1,9}}</sup>)*\Z")
HASH_HEADING = re.compile(r"#{1,6} +[^\s#].*")
_OTHER_HEADING = re.compile(
    r"(?P<bold>\*{2,3}|__)(?=[^\s*_])(?:(?!(?P=bold)).){1,200}(?P=bold)\s*|[^\n]+\n\s*(?:={3,}|-{3,})",
    re.DOTALL,
)
END_MARK = re.compile(r"(?=[^#]*#)[\\# *_]+|<!--.*-->|-+ ?(?:30|(?i:ends?)) ?-+|ENDS?")
# As much of a paragraph as can matter to what follows it.
TAIL = 1000


def is_ended(words: str) -> bool:
    """Say whether words end as a sentence does."""
    return _ENDED.search(words[-TAIL:]) is not None


def is_marked_heading(words: str) -> bool:
    """Say whether a line is marked as a heading, in Markdown or by nothing but bold letters."""
    if HASH_HEADING.fullmatch(words):
        return True
    return _OTHER_HEADING.fullmatch(words) is not None and not is_ended(words)


MARKUP = re.compile(r"<[^<>]*>|[\\*_`#]+")
DECORATION = re.compile(r"(?:[^\w<]|_|<[^<>]*>)+")
# Lines that stand above and below statements on web pages and in press releases.
RELEASE = re.compile(
    r"(?:(?:NOT )?FOR (?:IMMEDIATE |GENERAL |PUBLIC )?RELEASE"
    r"|(?:Not f|F)or (?:immediate|general|public) release|For (?:Immediate|General|Public) Release)"
    r"(?:\s*[:–—|-].{0,80}|\W*|\s+(?:\w+,? ){0,2}\w+ \d{1,2},? \d{4})"
    r"|(?:EMBARGOED (?:UNTIL|FOR)|Embargoed (?:until|for))\b.{0,80}"
)
_SHARE = re.compile(
    r"(?=(?-i:[A-Z]))(?:share|print|tweet|e-?mail|download|save|copy link|follow us)\b"
    r"(?:[ |:·•/,-]+(?:share|print|tweet|post|e-?mail|download|copy|save|pdf|link|page|article|story|release"
    r"|statement|this|on|to|by|via|us|the|as|a|and|or|facebook|twitter|x|linkedin|whatsapp|telegram|reddit"
    r"|instagram|youtube)\b)*\W*",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?:for )?(?:(?:media|press|news) (?:contacts?|inquiries|enquiries|queries|office)|contacts?:)"
    r"(?=.*(?:@|\d{3}[ .)/-]+\d{2})).{0,300}"
    r"|(?:https?://|www\.)\S+|\S+@\S+\.\w+",
    re.IGNORECASE,
)
_ELSEWHERE = (
    r"\A\W*(?:view|read|see|download|find)(?: (?:it|this|the|our|more|original|full|complete|entire|statement"
    r"|release|text|article|story|version|transcript|press|report|document|in|at|and|pdf)){1,8} here\W*\Z"
)
_DISOWNED = r"\b(?:views|opinions|positions|conclusions)\b.{0,90}\bexpressed\b.{0,60}\bof the authors?\b"
_EDITED = r"\b(?:material|transcript|content|text|interview)\b.{0,120}\bedited for (?:clarity|length|style)"
_REPRINTED = (
    r"\A\W*(?:this (?:article|story|post|item|release|statement) (?:was|has been|is) )?"
    r"(?:originally|first) published (?:on|in|at|by)\b.{0,80}\Z"
)
# A word that every match holds, in lower case, then what makes a sentence the publisher's.
_PUBLISHER_SENTENCES = tuple(
    (hint, re.compile(pattern, re.IGNORECASE))
    for hint, pattern in (
        ("public release", r"\A\W*/ ?public release\b"),
        ("originating", r"\bmaterial from the originating organi[sz]ation\b"),
        ("institutional", r"\bdoes not take (?:any )?institutional positions\b"),
        ("expressed", _DISOWNED),
        ("edited for", _EDITED),
        ("edited by", r"\b(?:story|article|report|content)\b.{0,60}\bnot been edited by\b"),
        ("here", r"\A\W*click here\b"),
        ("here", _ELSEWHERE),
        ("more", r"\A\W*(?:read|see|learn|find out) more(?: (?:here|online|at \S+))?\W*\Z"),
        ("published", _REPRINTED),
        ("rights reserved", r"\ball rights reserved\W*\Z"),
        ("copyright", r"\A\W*copyright\W{0,4}\d{4}"),
        ("©", r"\A\W*© ?\d{4}"),
        ("on behalf of", r"\A\W*distributed by .{1,60} on behalf of\b"),
        ("as is", r"\bprovides? this (?:news )?content\b.{0,20}\bas is\b"),
        ("subscribe", r"\A\W*subscribe (?:to|for) .{0,60}\b(?:newsletters?|e-?mails?|alerts|updates|feed)\b"),
        ("sign up", r"\A\W*sign up (?:to|for) .{0,60}\b(?:newsletters?|e-?mails?|alerts|updates)\b"),
        ("follow us on", r"\A\W*follow us on\b"),
        ("disclaimer", r"\A\W*disclaimer ?[:.]"),
    )
)
# Words that begin a publisher's sentence also where it is glued to the statement's last one.
_PUBLISHER_BEGINS = re.compile(
    r"/ ?Public Release\b|View (?:it |this )?in full here\b"
    r"|This material from the originating organi[sz]ation\b"
)
# Words that say something of somebody: a line that holds one is a sentence even without its full stop.
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|shall|should|must|can|could|may|might|do|does|did)\b"
    r"|\b(?:we|they)\b|\A\W*(?:We|They|He|She|It|I)\b|\A\W*(?:The|Both|All|This)\b.*\b[a-z]{3,}ed\b"
)
_UNFINISHED = re.compile(r"(?:[,;—–-]|\b(?:and|or|of|the|to|for))\W*\Z", re.IGNORECASE)
# Such lines end in a stop and are no sentences: "Participants:", "2.", "Washington, D.C.".
_NOT_A_SENTENCE = re.compile(
    r"[^:]*:|\W*(?:\d{1,3}|[IVXLC]+)\.|[^:.!?…。！？]*\b(?:(?:[A-Z]\.)+|(?:Jr|Sr|Inc|Ltd|Corp|Co|Dept)\.)"
)
_MAX_HEADING_WORDS = 12
_MAX_TITLE_WORDS = 40


def tell_kind(words: str, title: str, *, first: bool) -> PassageKind:
    """Tell the kind of a whole paragraph; `first` is the first of its statement."""
    if tell_publisher(words):
        return "publisher"
    if not is_heading(words, title, first=first):
        return "body"  # of which sentences may still be the publisher's
    return "publisher" if _is_publisher_sentence(words, _choose_patterns(words)) else "heading"


def tell_publisher(words: str) -> bool:
    """Tell a whole paragraph that cannot be the statement's: end marks, HTML, contacts, links to share."""
    if words.startswith("/Public Release"):
        return True
    if len(words) > TAIL:
        return DECORATION.fullmatch(words) is not None
    plain = _strip_markup(words)
    return any(pattern.fullmatch(words) for pattern in (END_MARK, DECORATION)) or any(
        pattern.fullmatch(plain) for pattern in (RELEASE, _SHARE, _CONTACT)
    )


def _strip_markup(words: str) -> str:
    return " ".join(WHITE_SPACE.sub(" ", MARKUP.sub("", words)).split())


def is_heading(words: str, title: str, *, first: bool) -> bool:
    """Say whether a paragraph heads what is below it: short, and no sentence of its own."""
    if len(words) > TAIL or BULLET.match(words):
        return False
    plain = _strip_markup(words)
    count = count_words(plain)
    if count > _MAX_TITLE_WORDS:
        return False
    if is_marked_heading(words) or plain.casefold() == _strip_markup(title).casefold():
        return True
    if _CLAUSE.search(plain) or _UNFINISHED.search(plain):
        return False
    if plain.endswith(":") or is_ended(plain):
        return count <= _MAX_HEADING_WORDS and _NOT_A_SENTENCE.fullmatch(plain) is not None
    return first or count <= _MAX_HEADING_WORDS or is_title_case(plain)


def is_title_case(plain: str) -> bool:
    """Say whether every long word begins with a capital."""
    long_words = re.findall(r"[^\W\d_]{4,}", plain)
    return all(word[0].isupper() for word in long_words)


def _choose_patterns(words: str) -> list[re.Pattern[str]]:
    """Return the patterns of publisher's sentences that can match at all: mostly none, and told fast."""
    lowered = words.lower()
    return [pattern for hint, pattern in _PUBLISHER_SENTENCES if hint in lowered]


def _is_publisher_sentence(words: str, patterns: Sequence[re.Pattern[str]]) -> bool:
    flat = WHITE_SPACE.sub(" ", words)
    return any(pattern.search(flat) for pattern in patterns)


def label_sentences(text: str, sentences: Sequence[Span]) -> list[tuple[PassageKind, Span]]:
    """Say of each sentence of a paragraph whose words it is, cut where the publisher's are glued on."""
    patterns = _choose_patterns(text[sentences[0].start : sentences[-1].end])
    if not patterns:
        return [("body", sentence) for sentence in sentences]
    labelled: list[tuple[PassageKind, Span]] = []
    for sentence in sentences:
        begins = _PUBLISHER_BEGINS.search(text, sentence.start, sentence.end)
        cuts = [begins.start()] if begins and text[sentence.start : begins.start()].strip(WHITE) else []
        for start, end in itertools.pairwise([sentence.start, *cuts, sentence.end]):
            publisher = _is_publisher_sentence(text[start:end], patterns)
            labelled.append(("publisher" if publisher else "body", Span(start=start, end=end)))
    return labelled
