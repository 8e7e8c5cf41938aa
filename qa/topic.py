"""What a question wants to read all about, be it asked as "What is said about Russia?" or "Is it mentioned?".

Every passage that speaks of the topic is an answer, and that none does is said of all its words.
"""

import re

from qa.function_words import FUNCTION_WORDS

_DOCUMENT = (
    r"(?:(?:either|any|one|both|each|all|some)(?: of)? )?"
    r"(?:(?:the|these|those|this|that|your|our|two|\d{1,3}|joint|official) )*"
    r"(?:statements?|documents?|texts?|passages?|files?|communiqu[eé]s?|archive|collection)"
)
_ANYWHERE = rf"(?: (?:anywhere|at all|by name|explicitly|directly|specifically|in {_DOCUMENT}))*"
_ADVERB = r"(?:(?:ever|also|even|explicitly|actually|directly|specifically|anywhere) )*"
_ABOUT, _THERE = r"(?:about|on|of|regarding|concerning)", r"(?:is|are|was|were) there"
_MENTION = (
    r"(?:mention|refer to|bring up|talk about|speak (?:of|about)|touch (?:on|upon)"
    r"|make (?:any |a )?(?:mention of|reference to)|contain (?:any |a )?(?:mention of|reference to)"
    rf"|(?:say|have|contain) (?:any|some)thing {_ABOUT})"
)
_MENTIONS = r"(?:mentions?|refers? to|talks? about|speaks? (?:of|about)|says? (?:anything|something) about)"
_MENTIONED = r"(?:mentioned|referred to|brought up|talked about|spoken (?:of|about)|touched (?:on|upon))"
# What should be mentioned is no sentence: "whether they met", "that they met", "China and who said it".
_QUESTION = r"how|what|when|where|whether|which|who|why"
_CLAUSE = rf"(?:{_QUESTION}|if|that|whom|whose)\b"
_WORDS = rf"(?!{_CLAUSE})(?:(?!\b(?:and|or|but) {_CLAUSE})[^,;:])+?"
_THING = rf"(?:any )?(?P<thing>{_WORDS})"
_IN = rf"{_ANYWHERE}(?P<where> in (?!{_DOCUMENT}\b)[^,;:]+?)?"
_WHERE = rf"(?:where|in (?:which|what)(?: of)? {_DOCUMENT})"
_LEAD, _END = r"\A(?:(?:and|but|so) )?", rf"{_ANYWHERE}[ ?.!]*\Z"

_ASKS_WHETHER_MENTIONED = tuple(
    re.compile(_LEAD + pattern + _END, re.IGNORECASE)
    for pattern in (
        rf"(?:{_WHERE} )?(?:is|are|was|were) (?!there ){_THING} {_ADVERB}{_MENTIONED}{_IN}",
        rf"(?:has|have|had) {_THING} been {_ADVERB}{_MENTIONED}{_IN}",
        rf"(?:{_WHERE} )?(?:do|does|did) {_DOCUMENT} {_ADVERB}(?:{_MENTION}|discuss|address|cover) {_THING}",
        rf"(?:{_WHERE} )?(?P<do>do|does|did) (?P<who>[^,;:]{{1,60}}?) {_ADVERB}{_MENTION} {_THING}",
        rf"(?:{_THERE} )?(?:any |an? )?(?:explicit |direct )?(?:mentions? of|references? to) {_THING}",
        rf"{_THERE} (?:any|some)thing (?:said )?(?:in {_DOCUMENT} )?{_ABOUT} {_THING}",
        rf"(?:which|what)(?: of)? {_DOCUMENT} {_ADVERB}{_MENTIONS} {_THING}",
    )
)
_ASKS_WHAT_IS_SAID = re.compile(
    _LEAD + r"what(?:['’]s(?: been)?| (?:else )?(?:was|is|were|has been|do|does|did|have|has)\b)[^,;:]{0,60}?"
    r"\b(?:said|say|stated?|mention(?:ed)?|told|tell)\b[^,;:]{0,20}?"
    rf" {_ABOUT} (?:(?:any|the|an?) )?(?P<topic>[^,;:]+?){_END}",
    re.IGNORECASE,
)
# "What position was taken on the treaty?", "What's their stance towards Russia?"
_ASKS_POSITION = re.compile(
    _LEAD + r"what(?:['’]s)?\b[^,;:]{0,40}? (?:position|stance|attitude)s?\b[^,;:]{0,40}?"
    rf" (?:about|on|regarding|concerning|towards?) (?:(?:any|the|an?) )?(?P<topic>[^,;:]+?){_END}",
    re.IGNORECASE,
)
_OWNER = re.compile(r".+?(?=['’]s? \w)")
_ONE_WORD = re.compile(r"\W*(?P<topic>\w[^\s,;:?!\"”»]*)\W*\Z")
_HOLDS_QUESTION = re.compile(rf"\b(?:{_QUESTION})\b", re.IGNORECASE)


def read_topic(question: str) -> str | None:
    """Return what a question asks to read all that is said about, None if it asks for something else.

    It comes without its article. A question of one word is its own topic, if that is about anything.

    >>> read_topic("What did they say about Russia?"), read_topic("Who spoke about Russia?")
    ('Russia', None)
    """
    asking = (_ASKS_WHAT_IS_SAID, _ASKS_POSITION, _ONE_WORD)
    found = next(filter(None, (each.match(question) for each in asking)), None)
    return found["topic"] if found and found["topic"].lower() not in FUNCTION_WORDS else None


def read_owner(topic: str) -> str:
    """Return whose a topic is, "" if it is nobody's.

    >>> read_owner("Putin's nuclear threats"), read_owner("nuclear threats")
    ('Putin', '')
    """
    found = _OWNER.match(topic)
    return found[0] if found else ""


def holds_question(topic: str) -> bool:
    """Say whether a topic holds a question of its own: then no word of it is what should be mentioned.

    >>> holds_question("how they would retaliate"), holds_question("their nuclear arsenal")
    (True, False)
    """
    return _HOLDS_QUESTION.search(topic) is not None


def ask_what_is_said(question: str) -> str:
    """Return a question whether something is mentioned as one for what is said about it, others as they are.

    The models take "Is Russia mentioned?" for a question about mentions.

    >>> ask_what_is_said("Is Russia mentioned anywhere?")
    'What is said about Russia?'
    >>> ask_what_is_said("Did the ministers mention Russia?")
    'What did the ministers say about Russia?'
    """
    for pattern in _ASKS_WHETHER_MENTIONED:
        found = pattern.match(question)
        if found:
            parts = found.groupdict()
            said = f"{parts['do'].lower()} {parts['who']} say" if parts.get("who") else "is said"
            return f"What {said} about {parts['thing']}{parts.get('where') or ''}?"
    return question
