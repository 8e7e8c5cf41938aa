import dataclasses
import datetime
import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Span, Statement
from qa.cite import format_citation
from qa.present import (
    MAX_LISTED,
    present_conversation,
    present_failure,
    present_html,
    present_json,
    present_list,
    present_missing,
    present_statement,
    present_text,
    present_turn,
)
from qa.types import Absence, Answer, Citation, Narrowing, Question, Quote

TEXT = "Title\n\nPeace  is *near*. We say so & mean it. Amen."
WORDS = Span(start=7, end=len(TEXT))
CITATION = Citation(
    statement_id="2024/peace",
    title="On Peace",
    issuer="The Ministers",
    date=datetime.date(2024, 7, 28),
    paragraph=1,
    page=2,
    span=WORDS,
    sha256="ab" * 32,
    url="https://example.org/peace?a=1&b=2",
    source="seeds/2024/peace.txt",
)
ELSEWHERE = dataclasses.replace(
    CITATION, statement_id="2025/again", title="Again", date=None, page=None, paragraph=4, url=None
)
QUOTE = Quote(
    text=WORDS.of(TEXT), citation=CITATION, score=0.75, emphasis=Span(start=25, end=45), also_in=(ELSEWHERE,)
)
ANSWERED = Answer(
    question=Question(text="What of peace?"), quotes=(QUOTE,), matched_aliases={"North Korea": ("DPRK", "KP")}
)
REFUSED = Answer(question=Question(text="What of war?"), reason="No statement speaks of <war>.")
JULY = Narrowing(
    kind="period",
    words="in July",
    label="July 2024",
    only=True,
    since=datetime.date(2024, 7, 1),
    until=datetime.date(2024, 7, 31),
    reckoned="the last July with a statement",
)
G7 = Narrowing(kind="issuer", words="the G7", label="G7 first", issuers=("G7",), titled=("Group of Seven",))
NARROWED = dataclasses.replace(REFUSED, narrowed=(JULY, G7))
STATEMENT = Statement(
    statement_id="2024/peace",
    title="On Peace",
    issuer="The Ministers",
    date=datetime.date(2024, 7, 28),
    place=None,
    language="en",
    source="seeds/2024/peace.txt",
    url=None,
    sha256="ab" * 32,
    text=TEXT,
    inferred=frozenset({"title", "date"}),
)

# Every character a decoded file can hold, with those that mean something in HTML or to its parser.
anything = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("<>&\"'`=/\r\n\t\0\x0b\x0c\x85\xa0\u202e\u2028 "),
    )
)

ALLOWED_TAGS = {
    "div",
    "section",
    "h2",
    "ul",
    "li",
    "bdi",
    "i",
    "figure",
    "blockquote",
    "mark",
    "figcaption",
    "cite",
}
ALLOWED_TAGS |= {"a", "button", "p", "span"}
ALLOWED_ATTRIBUTES = {
    "class",
    "dir",
    "href",
    "role",
    "aria-label",
    "aria-live",
    "tabindex",
    "type",
    "target",
    "rel",
}
ALLOWED_ATTRIBUTES |= {"data-nul", "value", "aria-hidden"}


class Page(HTMLParser):
    """What a parser makes of our HTML: the text of each class of element, and every tag and link in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.buttons: list[tuple[str | None, str]] = []
        self.feed(html)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.add(tag)
        self.attributes |= set(named)
        self.links += [named["href"] or ""] if "href" in named else []
        self.buttons += [(named["aria-label"], named["value"] or "")] if "value" in named else []
        if "data-nul" in named:
            self.handle_data("\0")
        name = named.get("class") or tag
        self.open.append((tag, name))
        self.texts.setdefault(name, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, name in self.open:
            self.texts[name][-1] += data


def quoting(text: str, start: int, end: int) -> Answer:
    """Quote all of `text` and emphasise part of it."""
    citation = dataclasses.replace(
        CITATION, span=Span(start=3, end=3 + len(text)), title=text, issuer=text, url=text, statement_id=text
    )
    emphasis = Span(start=3 + start, end=3 + end)
    quote = Quote(text=text, citation=citation, score=1, emphasis=emphasis, also_in=(citation,))
    narrowed = (Narrowing(kind="issuer", words=text, label=text, reckoned=text),)
    return Answer(
        question=Question(text=text), quotes=(quote,), matched_aliases={text: (text, text)}, narrowed=narrowed
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    text = draw(anything)
    start, end = sorted(draw(st.tuples(*[st.integers(min_value=0, max_value=len(text))] * 2)))
    return quoting(text, start, end)


def test_an_answer_as_json() -> None:
    assert json.loads(json.dumps(present_json(ANSWERED))) == {
        "question": "What of peace?",
        "answered": True,
        "reason": None,
        "matched_aliases": {"North Korea": ["DPRK", "KP"]},
        "understood": None,
        "note": None,
        "absence": None,
        "narrowed": [],
        "quotes": [
            {
                "text": "Peace  is *near*. We say so & mean it. Amen.",
                "score": 0.75,
                "statement_id": "2024/peace",
                "title": "On Peace",
                "issuer": "The Ministers",
                "date": "2024-07-28",
                "paragraph": 1,
                "page": 2,
                "start": 7,
                "end": len(TEXT),
                "sha256": "ab" * 32,
                "citation": 'The Ministers, "On Peace," July 28, 2024, p. 2, para. 1.',
                "url": "https://example.org/peace?a=1&b=2",
                "source": "seeds/2024/peace.txt",
                "inferred": [],
                "scanned": False,
                "emphasis": {"start": 25, "end": 45, "text": "We say so & mean it."},
                "also_in": [
                    {
                        "statement_id": "2025/again",
                        "paragraph": 4,
                        "citation": 'The Ministers, "Again," n.d., para. 4.',
                    }
                ],
            }
        ],
    }


def test_a_refusal_as_json() -> None:
    assert present_json(NARROWED) == {
        "question": "What of war?",
        "answered": False,
        "reason": "No statement speaks of <war>.",
        "matched_aliases": {},
        "understood": None,
        "note": None,
        "absence": None,
        "narrowed": [
            {
                "kind": "period",
                "words": "in July",
                "label": "July 2024",
                "only": True,
                "since": "2024-07-01",
                "until": "2024-07-31",
                "issuers": [],
                "titled": [],
                "reckoned": "the last July with a statement",
            },
            {
                "kind": "issuer",
                "words": "the G7",
                "label": "G7 first",
                "only": False,
                "since": None,
                "until": None,
                "issuers": ["G7"],
                "titled": ["Group of Seven"],
                "reckoned": None,
            },
        ],
        "quotes": [],
    }


def test_an_answer_as_text() -> None:
    assert present_text(ANSWERED) == (
        "North Korea: also searched as DPRK, KP\n"
        "\n"
        "[1]\n"
        "Peace  is *near*. We say so & mean it. Amen.\n"
        '    -- The Ministers, "On Peace," July 28, 2024, p. 2, para. 1.\n'
        '    Also in: The Ministers, "Again," n.d., para. 4.\n'
    )


def test_bold_text_is_the_emphasis() -> None:
    assert "near*. \x1b[1mWe say so & mean it.\x1b[0m Amen." in present_text(ANSWERED, bold=True)


def test_a_refusal_as_text() -> None:
    assert present_text(REFUSED) == "No quote: No statement speaks of <war>.\n"


def test_what_it_was_narrowed_to_as_text() -> None:
    assert present_text(NARROWED) == (
        '"in July": only July 2024 (the last July with a statement)\n'
        '"the G7": G7 first\n'
        "\n"
        "No quote: No statement speaks of <war>.\n"
    )


def test_text_shows_what_a_terminal_would_act_on() -> None:
    text = "One.\r\nTwo\x1b[2J \u202eeerht\tfour\r."
    assert "\nOne.\nTwo\\u001b[2J \\u202eeerht\tfour\\u000d.\n" in present_text(quoting(text, 0, 4))


@given(answers())
def test_text_and_json_hold_the_words(answer: Answer) -> None:
    words = answer.quotes[0].text
    quote = json.loads(json.dumps(present_json(answer)))["quotes"][0]
    assert quote["text"] == words
    assert quote["emphasis"]["text"] == words[quote["emphasis"]["start"] - 3 : quote["emphasis"]["end"] - 3]
    if words.isprintable():
        assert f"[1]\n{words}\n    -- " in present_text(answer)


def test_html_shows_quote_citation_and_links() -> None:
    page = Page(present_html(ANSWERED))
    assert page.texts["quote-text"] == [QUOTE.text]
    assert page.texts["mark"] == ["We say so & mean it."]
    assert page.texts["citation"] == [format_citation(CITATION), format_citation(ELSEWHERE)]
    assert page.texts["aliases"] == ["North Korea: also searched as DPRK, KP"]
    assert page.links == [
        f"?statement=2024%2Fpeace&start=7&end={len(TEXT)}&sha256={'ab' * 32}",
        "https://example.org/peace?a=1&b=2",
        f"?statement=2025%2Fagain&start=7&end={len(TEXT)}&sha256={'ab' * 32}",
    ]


def test_html_of_a_refusal_has_a_reason_and_no_quote() -> None:
    page = Page(present_html(REFUSED))
    assert page.texts["notice refusal"] == ["No quote No statement speaks of <war>."]
    assert "quote" not in page.texts
    assert page.tags == {"p", "strong", "span"}


def test_html_of_what_it_was_narrowed_to_has_a_button_for_each() -> None:
    page = Page(present_html(NARROWED))
    assert page.texts["chip"] == ["July 2024\u00d7", "G7 first\u00d7"]
    assert page.texts["reckoned"] == ["the last July with a statement"]
    assert page.buttons == [("Remove: July 2024", "in July"), ("Remove: G7 first", "the G7")]
    assert "chip" not in Page(present_html(REFUSED)).texts


@given(answers())
def test_html_holds_the_words_and_nothing_they_could_add(answer: Answer) -> None:
    page = Page(present_conversation([present_turn(answer.question.text, present_html(answer))]))
    quote = answer.quotes[0]
    assert page.texts["quote-text"] == [quote.text]
    assert page.texts["mark"] == [quote.text[quote.emphasis.start - 3 : quote.emphasis.end - 3]]
    assert page.texts["question"] == [quote.text]
    assert page.buttons == [(f"Remove: {quote.text}", quote.text)]
    assert page.tags <= ALLOWED_TAGS
    assert page.attributes <= ALLOWED_ATTRIBUTES


@given(anything, st.integers(min_value=0, max_value=30), st.integers(min_value=0, max_value=30))
def test_a_statement_is_shown_whole_with_the_words_highlighted(text: str, start: int, length: int) -> None:
    span = Span(start=start, end=start + length)
    page = Page(present_statement(dataclasses.replace(STATEMENT, text=text, title=text), span))
    assert page.texts["statement-text"] == [text]
    assert page.texts.get("quoted", [""]) == [span.of(text)]
    assert page.texts["h2"] == [text]


def test_a_statement_says_where_it_is_from_and_what_was_inferred() -> None:
    page = Page(present_statement(STATEMENT))
    assert "quoted" not in page.texts
    assert page.texts["facts"] == [
        "The Ministers, July 28, 2024 ",
        "File seeds/2024/peace.txt, SHA-256 abababababab. Inferred: date, title",
    ]


def test_a_statement_says_why_nothing_is_highlighted() -> None:
    page = Page(present_statement(STATEMENT, notice="It has <changed>."))
    assert page.texts["notice failure"] == ["Not highlighted It has <changed>."]
    assert page.texts["statement-text"] == [TEXT]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//example.org", "http://", "https://a b", "", None]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    page = Page(present_statement(dataclasses.replace(STATEMENT, url=url)))
    assert page.links == []


def test_links_elsewhere_tell_nothing_of_where_they_were_followed() -> None:
    assert 'target="_blank" rel="noopener noreferrer"' in present_html(ANSWERED)


def test_messages_are_escaped() -> None:
    assert Page(present_failure("<b>&amp;")).texts["notice failure"] == ["Not answered <b>&amp;"]
    assert Page(present_missing("<b>&amp;")).texts["notice failure"] == ["Not shown <b>&amp;"]


def test_the_list_links_every_statement() -> None:
    page = Page(
        present_list([STATEMENT, dataclasses.replace(STATEMENT, statement_id="a&b", issuer=None, date=None)])
    )
    assert page.texts["summary"] == ["What is searched: 2 statements"]
    assert page.links == ["?statement=2024%2Fpeace", "?statement=a%26b"]
    assert page.texts["facts"] == ["The Ministers, July 28, 2024", "n.d."]


def test_a_long_list_is_counted() -> None:
    page = Page(present_list([STATEMENT] * (MAX_LISTED + 1200)))
    assert page.texts["summary"] == ["What is searched: 1,500 statements"]
    assert len(page.links) == MAX_LISTED
    assert page.texts["facts"][-1] == "and 1,200 more"


def test_emphasis_outside_the_quote_is_a_fault() -> None:
    quote = dataclasses.replace(QUOTE, emphasis=Span(start=0, end=9))
    with pytest.raises(ValueError, match="not inside the quote"):
        present_html(dataclasses.replace(ANSWERED, quotes=(quote,)))


def test_what_no_statement_has_is_told_with_what_was_searched_for() -> None:
    absence = Absence(terms=("Taiwan",), aliases={"Taiwan": ("<Formosa>",)}, statements=2)
    answer = dataclasses.replace(REFUSED, absence=absence, understood="What of Taiwan & war?")
    told = present_json(answer)
    assert told["absence"] == {"terms": ["Taiwan"], "aliases": {"Taiwan": ["<Formosa>"]}, "statements": 2}
    assert told["understood"] == "What of Taiwan & war?"
    assert present_text(answer).startswith(
        "Understood as: What of Taiwan & war?\nTaiwan: also searched as <Formosa>\n"
    )
    page = present_html(answer)
    assert "Understood as: <bdi>What of Taiwan &amp; war?</bdi>" in page
    assert "&lt;Formosa&gt;" in page


def test_what_was_inferred_and_what_was_read_by_ocr_is_said() -> None:
    citation = dataclasses.replace(
        QUOTE.citation, inferred=frozenset({"date", "language"}), scanned=True, page=None
    )
    quote = dataclasses.replace(QUOTE, citation=citation)
    answer = Answer(question=Question(text="?"), quotes=(quote,), note="Found by <words>.")
    assert present_json(answer)["quotes"][0]["inferred"] == ["date", "language"]
    assert "[July 28, 2024], para. 1 (read by OCR)." in present_text(answer)
    assert "Found by <words>." in present_text(answer)
    page = present_html(answer)
    assert "date inferred" in page
    assert "Found by &lt;words&gt;." in page


def test_files_with_the_same_text_are_named() -> None:
    statement = dataclasses.replace(STATEMENT, copies=("seeds/a&b.txt",), scanned=True)
    page = present_statement(statement)
    assert "The same text: <bdi>seeds/a&amp;b.txt</bdi>" in page
    assert "Read by OCR" in page
