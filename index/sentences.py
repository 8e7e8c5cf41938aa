"""Where sentences end.

Rules of our own, because on statements they cut better than the libraries measured: nupunkt 0.8 cuts "the
ASEAN-U.S. Summit" and misses ends after plain words it takes for abbreviations, pysbd 0.3.4 cuts after the
"2." of a list and is 25 times slower. Where one is unsure it does not cut: a cut sentence can lose its "not".
"""

import bisect
import itertools
import re
from collections.abc import Sequence

from index.types import Span

# White space, and the invisible characters that web pages leave between words.
WHITE = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\u2060\ufeff" + "".join(
    chr(code) for code in range(0x2000, 0x200C)
)
WHITE_SPACE = re.compile(rf"[{WHITE}]")
# What closes a quotation or bracket; “, ‘ and « do in German, and French has a space before ».
CLOSING = r"(?:[\"'”’»›)\]}*_」』）〉》】]|[“‘«](?=[\s.,;:!?)\]]|\Z)|[ \xa0\u202f]»|\\[\])]|</\w+>)"
# Never the last word of a sentence when a name follows.
_NEVER_LAST = re.compile(
    r"mrs?|ms|dr|prof|hon|rt|rev|fr|(?:lt|maj|brig)\.?-?(?:gen|col|cdr)|gen|lt|col|maj|capt|cmdr|cdr|adm|sgt"
    r"|cpl|pvt|brig|sen|rep|gov|amb|pres|supt|asst|messrs|mme|mlle|mgr|msgr|sra|ste?|mt|ft|alm|gral|lic|ing"
    r"|vs?|viz|cf|ca|lit|approx|avg|max|incl|esp|e\.?g|i\.?e|h\.e|h\.m"
    r"|bzw|z\.b|d\.h|u\.a|sog|vgl|ggf|evtl|bspw|einschl|inkl|insb|dipl|hrsg"  # German
    r"|(?-i:MM)"  # French
    r"|ул|просп|респ|акад|проф|тов|напр|т\.е|т\.н|т\.к",  # Russian
    re.IGNORECASE,
)
# Short for something only when a number follows: "No. 3", but "The answer is no. We ...".
_BEFORE_NUMBER = re.compile(
    r"nos?|nr|arts?|secs?|figs?|vols?|pp?|paras?|ch|chap|res|regs?|ann|cl|ver|pt|pub|cong|stat"
    r"|abs|ziff|(?-i:Gem)|ст|стр|пп|рис|табл|гл|абз|разд|прил",
    re.IGNORECASE,
)
# Short for something, and often the last word as well: "U.S.", "p.m.", "J.", "Inc.", "Hrs.".
_EITHER = re.compile(
    r"(?:.*[-–/])?(?:(?:[^\W\d_]\.)*[^\W\d_]|ph\.d|inc|corp|co|ltd|plc|llc|bros|jr|sr|esq|etc|al|dept|univ|assn"
    r"|ave|blvd|rd|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|mio|okt|janv|févr|avr|juil|déc"
    r"|см|ср|им|др|пр|гг|вв|обл|долл|руб|коп|тыс|млн|млрд|трлн|чел|кв|км|кг|гр"
    r"|(?-i:[B-DF-HJ-NP-TV-XZ]?[b-df-hj-np-tv-xz]+))",
    re.IGNORECASE,
)
# Words that, with a capital after a full stop, begin a sentence and are hardly ever part of a name.
_STARTER = re.compile(
    r"(?:The|This|That|These|Those|They|We|He|She|It|Its|Their|Our|His|Her|You|Your|There|Here|Such|Each|Both"
    r"|All|In|On|At|As|By|From|With|Within|Without|During|Following|Under|Over|Through|After|Before|Since|While"
    r"|When|Where|If|Although|Though|Because|But|However|Moreover|Furthermore|Additionally|Finally|Also|Today"
    r"|Together|Among|Despite|Given|Building|Recogni[sz]ing|Recalling|Noting|What|Who|How|Why|To|An|For"
    r"|Accordingly|Therefore|Thus|Then|Meanwhile|Nevertheless)(?![\w-])"
    r"|(?:В|Во|На|По|При|Для|Из|К|О|Об|От|До|За|С|Со|У|Но|И|А|Не|Мы|Они|Он|Она|Это|Этот|Эта|Эти|Так|Также"
    r"|Однако|Кроме|После|Между|Если|Когда|Как|Что|Хотя|Поэтому|Вместе|Наряду|Все|Здесь|Там|Сегодня|Затем"
    r"|Согласно|Учитывая|Отмечая)(?= )"
)
# The marks of Latin, Arabic, Indic, Ethiopic, Burmese, Khmer and Armenian writing.
MARKS = ".!?…؟۔।॥።။។։"
WIDE_MARKS = "。！？｡"
_STOP = re.compile(
    rf"(?<![{MARKS}])(?<!\. )(?P<mark>\.(?: ?\.){{2,}}+[!?]?|[{MARKS}]++)"
    rf"(?P<closing>{CLOSING}*+)"
    # A footnote's mark: [1], \[1\], <sup>1</sup>, ¹, or a bare 1 behind a word: "forces.1 The".
    r"(?:(?:\\?\[\^?\w{1,3}\\?\]|<sup>[^<>]{1,9}</sup>|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079†‡])++"
    r"|(?:(?<=[a-z]{3}\.)|(?<=[a-z]\.[”\"]))\d{1,2})?"
    # Space follows, or plainly a new sentence from which the space was lost: "peace.The two sides".
    r"(?= |\Z|(?:The|This|These|They|We|In) )"
    rf"|(?P<wide>[{WIDE_MARKS}]++|(?<=[ぁ-ゖ])．)"
    r"(?P<wide_closing>[」』）〉》】”’\"')\]]*+)"
)
_AFTER = re.compile(
    r"(?P<gap> *+)(?P<opening>(?:[^\w<\\ .!?…。！？｡]|_|</?\w+>|\\(?=\W)| )*+)(?P<word>[^\W_]+)"
)
# Without the article that French glues to its word: "l’art. 5".
_BEFORE = re.compile(
    r"(?:(?<![^ (\[{\"“„‘«*_—])(?:[cdjlmnst]|qu)[’'])?(?P<word>[^ (\[{\"“„‘«*_—]*)\Z", re.IGNORECASE
)
_ENUMERATOR = re.compile(
    r"[\W_]*(?:(?:article|art|section|sec|chapter|part|annex|paragraph|point|title)\.? +)?"
    r"(?:\d{1,3}(?:\.\d{1,3})*|[a-z]|[ivxlc]{1,6})[)\]\\]?",
    re.IGNORECASE,
)
_COUNTS_ON = re.compile(r"(?:[:;,]|\b(?:and|or))[*_]* +[(*_]*(?:\d{1,3}|[a-z])\\?\Z")
_NUMBER = re.compile(r"[IVXLC]{2,}\b|[VX]\b|[^\W\d_]{0,4}[-/]?\d|(?:Art|Abs|Nr|Ziff|[LRD])\. ?\d")
_GERMAN_DATE = re.compile(
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhundert)\b"
    r"|(?:Mrz|Okt|Dez)\."
)
# "Die 2. Kammer", "am 15. Sept.", but not "I am 15."
_GERMAN_ORDINAL = re.compile(
    r"(?<!\w)(?:der|die|das|dem|den|des|im|vom|zum|zur|beim|(?<!I )am"
    r"|(?:ein|jed|sein|ihr|unser)(?:e[mnrs]?)?) \d{1,3}\Z",
    re.IGNORECASE,
)
_KOREAN_DATE = re.compile(r"(?<!\d)\d{4}\. ?\d{1,2}\. ?\d{1,2}\Z")
_SAYS = re.compile(
    r"(?:[^\W\d_][\w.'’-]* +){0,7}?"
    r"(?:said|says|asked|added|noted|stated|continued|wrote|declared|told|warned) *[.,;:]"
)
# After a closing bracket these go on with the sentence that the quotation stands in.
_SAYS_WIDE = "说|說|称|稱|表示|指出|强调|強調|写道|宣布"
_WIDE_GOES_ON = re.compile(rf"[とはがをにのもでや、，,：]|など|等|という|[^。！？]{{0,12}}?(?:{_SAYS_WIDE})")
_WIDE_SPEAKER = re.compile(rf"[^。！？]{{0,40}}?(?:{_SAYS_WIDE})")
_PAIRS = {
    "(": ")", "[": "]", "“": "”", "‘": "’", "«": "»", "「": "」", "『": "』", "（": "）", "《": "》",
    "„": "“”", "»": "«", '"': '"',
}  # fmt: skip
_BRACKET = re.compile(r"[()\[\]“”„«»「」『』（）《》\"]|(?<![\w*])‘|’(?!\w)")
# Not every " and » opens a quotation: »So steht es hier.«
_OPENING = re.compile(r'[(\[“‘«「『（《„]|(?:"|(?<![^ (])»)(?! )')
# A longer quotation or bracket is more likely one that somebody forgot to close.
_MAX_ENCLOSED = 400


def split_sentences(text: str) -> list[Span]:
    """Cut a paragraph into sentences that tile it; white space belongs to the sentence before it.

    Quotations and brackets of up to 400 characters stay whole. Where nothing tells whether an abbreviation
    ends a sentence ("in the U.S. President Biden"), it does not. An empty text has no sentences.
    """
    if not text:
        return []
    flat = WHITE_SPACE.sub(" ", text)
    enclosed = _find_enclosed(flat)
    starts = [0]
    for stop in _STOP.finditer(flat):
        after = _AFTER.match(flat, stop.end())
        if after is None or _lies_inside(after.start("opening"), enclosed):
            continue
        if _is_end(flat, starts[-1], stop, after):
            starts.append(after.start("opening"))
    return [Span(start=start, end=end) for start, end in itertools.pairwise([*starts, len(text)])]


def _is_end(flat: str, start: int, stop: re.Match[str], after: re.Match[str]) -> bool:
    """Say whether the sentence that begins at `start` ends at `stop`, where `after` follows."""
    if stop["wide"]:
        return not (stop["wide_closing"] and _goes_on_after_quotation(flat, start, after.start("opening")))
    if after["word"][0].islower():
        return False
    before = _find_word_before(flat, stop.start()) if stop["mark"] == "." else ""
    if _NEVER_LAST.fullmatch(before) or (before and _belongs_to_number(flat, start, stop, after, before)):
        return False
    unclear = not after["gap"] or _EITHER.fullmatch(before) or _may_go_on(flat, start, stop, after)
    return not unclear or _STARTER.match(flat, after.start("word")) is not None


def _goes_on_after_quotation(flat: str, start: int, position: int) -> bool:
    """Say whether the sentence of a quotation that ends at `position` goes on; who spoke may follow it."""
    follows = _WIDE_SPEAKER if flat[start] in "“「" else _WIDE_GOES_ON
    return _WIDE_GOES_ON.match(flat, position) is not None or follows.match(flat, position) is not None


def _find_word_before(flat: str, position: int) -> str:
    match = _BEFORE.search(flat, max(0, position - 40), position)
    return match["word"] if match else ""


def _belongs_to_number(flat: str, start: int, stop: re.Match[str], after: re.Match[str], before: str) -> bool:
    """Say whether a stop belongs to a number: "No. 3", "1. We", "and 2. We", "am 3. Oktober", "10. 5"."""
    end = stop.start()
    if _ENUMERATOR.fullmatch(flat, start, end) or _COUNTS_ON.search(flat, max(start, end - 40), end):
        return True
    word = after.start("word")
    if before.isdigit():
        return (
            flat[word].isdigit()
            or _GERMAN_DATE.match(flat, word) is not None
            or any(each.search(flat, max(start, end - 40), end) for each in (_GERMAN_ORDINAL, _KOREAN_DATE))
        )
    if _BEFORE_NUMBER.fullmatch(before):
        return _NUMBER.match(flat, word) is not None
    return flat[word].isdigit() and _EITHER.fullmatch(before) is not None


def _may_go_on(flat: str, start: int, stop: re.Match[str], after: re.Match[str]) -> bool:
    """Say whether the mark may stand inside a sentence: an ellipsis, an aside, words that somebody says."""
    closing = stop["closing"]
    if "…" in stop["mark"] or stop["mark"].replace(" ", "").startswith("..."):
        return True
    if ")" in closing and flat[start] not in "([":
        return True
    if after["opening"].startswith(("—", "–")):
        return True
    return any(quote in closing for quote in '"”»“') and _SAYS.match(flat, after.start("word")) is not None


def _find_enclosed(flat: str) -> list[tuple[int, int]]:
    """Return the outermost quotations and brackets that are closed and not too long, in order."""
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for match in _BRACKET.finditer(flat):
        mark, position = match.group(), match.start()
        while opened and position - opened[0][1] > _MAX_ENCLOSED:
            del opened[0]
        closes = next((i for i in range(len(opened) - 1, -1, -1) if mark in opened[i][0]), None)
        if closes is not None:
            found.append((opened[closes][1], position + 1))
            del opened[closes:]
        elif _OPENING.match(flat, position):
            opened.append((_PAIRS[mark], position))
    kept: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if end - start <= _MAX_ENCLOSED and not (kept and end <= kept[-1][1]):
            kept.append((start, end))
    return kept


def _lies_inside(position: int, ranges: Sequence[tuple[int, int]]) -> bool:
    i = bisect.bisect_left(ranges, (position, 0)) - 1
    return i >= 0 and position < ranges[i][1]
