"""Who issued a statement, read off its letterhead, its footer or its title."""

import dataclasses
import itertools
import re
from collections.abc import Iterable, Sequence

from index.datelines import is_date_line
from index.document_kinds import find_document_kind
from index.margins import Block, Margins

_MAX_WORDS = 12
_OF_PART, _OF_BODY = 1, 2
_MAX_UNSPACED_CHARS = 24
_SMALL_WORD = re.compile(
    r"an?|and|at|by|for|from|in|of|on|the|to|des?|du|l[ae]|et|der|die|das|und|für",
    re.IGNORECASE,
)
_ACRONYM = re.compile(
    r"(?:[A-Z]\.)+|NATO|EU|UN|UK|US|USA|UAE|OSCE|ASEAN|AU|G\d+|BRICS|IAEA|OECD|WTO|WHO|II?I?"
)

_WITH_ARTICLE = frozenset({"white house", "kremlin", "holy see"})

# What an organisation's name holds, at its head or as its last word. The second group are parts of others.
_BODY = (
    r"white house|kremlin|holy see|(?:foreign|home|prime minister['’]s|cabinet|federal foreign) office|"
    r"(?:departments?|dept\.?|ministry|ministries|government|embassy|presidency|parliament|"
    r"commission|council|organi[sz]ation|assembly|agency|authority|senate|"
    r"congress|court|house|league|secretariat) (?:of|for|to)\b.+|"
    r"(?:permanent )?(?:mission|delegation) of .+|"
    r"(?:state|defen[cs]e|justice|treasury|foreign|interior|home) (?:department|ministry)|"
    r"ministry|parliament|secretariat|european (?:union|commission|council|parliament)|"
    r"european external action service|north atlantic (?:council|treaty organi[sz]ation)|nato|united nations|"
    r"(?<!national )(?:security|human rights|general affairs) council|general assembly|african union|"
    r"arab league|asean|g7|g20|"
    r"federal (?:council|government|ministry of .+)|state council|cabinet|central bank|federal reserve|"
    r"auswärtiges amt|bundes(?:regierung|kanzleramt|präsidialamt|tag|rat)|(?:bundes)?ministerium .+|"
    r"ministère .+|présidence .+|gouvernement .+|élysée|ministerio .+|gobierno .+|presidencia .+|cancillería|"
    r"ministério .+|governo .+|ministero .+|farnesina|министерство .+|мид .+|правительство .+|"
    r"dışişleri bakanlığı|.+ministerie .+|ministerstwo .+"
)
_PART = (
    r"office of .+|bureau of .+|national security council|"
    r"(?:[\w.'’&-]+ ){0,5}(?:bureau|directorate|division|press office|press service)"
)
_BEFORE = r"(?:(?!(?:of|to|between|with|and|on|by|in|for|at|from)\s)[^\W\d_][\w.'’-]*\s){0,4}?"
_ORGANISATION = re.compile(rf"(?P<before>{_BEFORE})(?:{_BODY})", re.IGNORECASE)
_PART_OF_ONE = re.compile(rf"(?:the )?(?:{_PART})", re.IGNORECASE)
_UNSPACED = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]*(?:[\u3400-\u9fff]{1,8}省|内閣官房|首相官邸|内閣府|国务院|總統府|"
    r"[\u3400-\u9fff]{2,10}部|大使館|大使馆)|[\uac00-\ud7a3 ]*(?:외교부|국방부|대통령실|통일부)|"
    r"(?:وزارة|رئاسة|سفارة|حكومة)[\u0600-\u06ff ]+"
)
# "for", "to" and a colon address it; a comma in the middle makes a place or a person's office of it.
_ADDRESS = re.compile(
    r"(?:of|on|to|for|dear|memorandum|between|and|by|from|with|at|in) |.* (?:and|of|the|for)$|.*[()]|"
    r"(?:the |vice[- ])?(?:president|prime minister|minister|secretary|king|queen|ambassador|chair\w*|"
    r"spokes\w+|his|her|mr|ms|dr)\b(?!['’]s office)",
    re.IGNORECASE,
)
# Above the name of one that a treaty is with.
_PARTY = re.compile(r"\b(?:between|and|with)(?: the)?$", re.IGNORECASE)
_FOOTER = re.compile(
    r"(?:source|issued by|released by|published by|publisher|issuer|issuing (?:authority|body)|from|"
    r"herausgeber|quelle|émetteur|fuente|источник|出典|发布单位|来源)\s*[:：]\s*(?P<names>.+)|"
    r"(?:issued|released|published) by (?P<by>.+)|(?:©|\(c\)|copyright)[\s©\d,–-]*(?P<owner>.+)",
    re.IGNORECASE,
)
_BY_ORGANISATION = re.compile(
    r"\b(?:statement|declaration|communiqu[eé]|announcement|press release|conclusions|resolution)\s"
    r"(?:issued )?(?:by|of|from) (?:the )?(?P<name>.+?)"
    r"(?= (?:on|regarding|concerning|following|about|after|at|in|to|marking|welcoming|condemning|spokes\w+|"
    r"press secretary)\b|[,:(–—-]\s|$)",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"(?P<name>G7|G20|NATO|ASEAN|BRICS|OSCE)\b(?!-)(?:\s\S+){0,4}?\s(?:statement|communiqu[eé]|declaration)",
    re.IGNORECASE,
)


def find_issuer(margins: Margins, *, title: str | None, title_blocks: Iterable[Block] = ()) -> str | None:
    """Return who issued the statement: a letterhead's name before a footer's before one in the title.

    A ministry goes before its press office. The place where somebody spoke is no letterhead. Governments
    that speak together have no one issuer, and neither has a person.
    """
    used = tuple(title_blocks)
    head = [_drop_title(block, title) if title and block in used else block for block in margins.head]
    if margins.spoken:  # what stands below a transcript's title says where it was spoken
        head = head[: margins.head.index(used[0])] if used else []
    foot = _find_signatures(margins.foot)
    return (
        _find_letterhead(head)
        or _find_footer([*margins.head, *margins.closing[-6:]])
        or _find_letterhead(foot)
        or (_find_in_title(title) if title else None)
        or _find_letterhead([*head, *foot], rank=_OF_PART)
    )


def is_organisation(line: str) -> bool:
    """Tell whether a line is nothing but the name of a public body."""
    return _rank(line) > 0


def _rank(line: str) -> int:
    """Tell the name of a body from that of a part of one, such as a press office, and from anything else."""
    name = line.strip(" ,;()").removesuffix(".") if not line.endswith("..") else ""
    if _UNSPACED.fullmatch(name) and len(name) <= _MAX_UNSPACED_CHARS:
        return _OF_BODY
    if (
        not name[:1].isupper()
        or len(name.split()) > _MAX_WORDS
        or re.search(r"[:;!?\d/]|\w[.,]\s[a-z]", name)
    ):
        return _OF_BODY if re.fullmatch(r"G\d+", name) else 0
    if _ADDRESS.match(name) or " and the " in name.casefold():
        return 0
    if _PART_OF_ONE.fullmatch(name):
        return _OF_PART
    body = _ORGANISATION.fullmatch(name)
    # "Déclaration du ministère", "Заявление МИД": a title.
    return _OF_BODY if body and not find_document_kind(body["before"]) else 0


def _drop_title(block: Block, title: str) -> Block:
    return dataclasses.replace(block, lines=tuple(line for line in block.lines if line not in title))


def _find_letterhead(blocks: Iterable[Block], *, rank: int = _OF_BODY) -> str | None:
    lines = [line for block in blocks for line in block.lines]
    names = (line for above, line in itertools.pairwise(["", *lines]) if not _PARTY.search(above))
    return next((_write_name(line) for line in names if _rank(line) == rank), None)


def _find_signatures(foot: Sequence[Block]) -> list[Block]:
    """Return the last blocks that hold, or stand right above, a day. Other names there may be a list."""
    return [
        block
        for block, below in itertools.zip_longest(foot, foot[1:])
        if any(is_date_line(line) for part in (block, below) if part for line in part.lines)
    ]


def _find_footer(blocks: Iterable[Block]) -> str | None:
    for block in reversed(list(blocks)):
        for line in block.lines:
            footer = _FOOTER.match(line)
            if not footer:
                continue
            words = footer["names"] or footer["by"] or footer["owner"]
            for part in reversed(re.split(r"[|–—;]\s|,\s", words)):
                segment = part.strip().removeprefix("the ")
                if _rank(segment) == _OF_BODY:
                    return _write_name(segment)
    return None


def _find_in_title(title: str) -> str | None:
    named = _BY_ORGANISATION.search(title)
    joint = title[:5].casefold() == "joint"
    if (
        named
        and not joint
        and not re.search(r"\band\b|&", named["name"])
        and _rank(named["name"].rstrip(" .")) == _OF_BODY
    ):
        return _write_name(named["name"])
    group = _GROUP.match(title)
    return group["name"].upper() if group else None


def _write_name(line: str) -> str:
    """Return a name without its comma, and one in capitals as it is otherwise written."""
    name = line.strip(" ,;()")
    if name.casefold() in _WITH_ARTICLE:
        return f"The {name.title()}"
    if not name.isupper() or _UNSPACED.fullmatch(name):
        return name
    words = [
        word
        if _ACRONYM.fullmatch(word)
        else word.lower()
        if number and _SMALL_WORD.fullmatch(word)
        else "-".join(part.capitalize() for part in word.split("-"))
        for number, word in enumerate(name.split())
    ]
    return " ".join(words)
