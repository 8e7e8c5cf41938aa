"""Answers and statements as JSON, as plain text and as HTML. All escaping lives here.

What is shown is exactly what was said: in a browser, ``textContent`` of a ``.quote-text`` element
equals ``Quote.text``, and of a ``.statement-text`` element ``Statement.text``, code point for code point.
"""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict
from urllib.parse import urlencode

from index.types import Span, Statement
from qa.cite import STEERING, format_citation, format_date
from qa.types import Absence, Answer, Citation, Narrowing, NarrowingKind, Quote, StatementHeading

MAX_LISTED = 300
"""How many statements a list in the page names; the rest are counted."""

# What a citation says of a statement that may be wrong where it was read off the text.
_TOLD_INFERRED = frozenset({"date", "issuer", "title"})

# Anything else in a link, "javascript:" above all, is not linked.
_WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f-\x9f]+", re.IGNORECASE)


class EmphasisObject(TypedDict):
    """The run of sentences in a quote that answers, as JSON."""

    start: int
    end: int
    text: str


class AlsoInObject(TypedDict):
    """Another statement with the same words, as JSON."""

    statement_id: str
    paragraph: int
    citation: str


class QuoteObject(TypedDict):
    """A quote as JSON. `start` and `end` count code points of the statement's text."""

    text: str
    score: float
    statement_id: str
    title: str
    issuer: str | None
    date: str | None
    paragraph: int
    page: int | None
    start: int
    end: int
    sha256: str
    citation: str
    url: str | None
    source: str
    inferred: list[str]
    scanned: bool
    emphasis: EmphasisObject
    also_in: list[AlsoInObject]


class NarrowingObject(TypedDict):
    """What words of the question narrow it to, as JSON; `only` tells a filter from a preference."""

    kind: NarrowingKind
    words: str
    label: str
    only: bool
    since: str | None
    until: str | None
    issuers: list[str]
    titled: list[str]
    reckoned: str | None


class AbsenceObject(TypedDict):
    """Names that no statement has, as JSON, with the other names that were searched for."""

    terms: list[str]
    aliases: dict[str, list[str]]
    statements: int


class AnswerObject(TypedDict):
    """An answer as JSON. Keys may be added, none renamed."""

    question: str
    answered: bool
    reason: str | None
    matched_aliases: dict[str, list[str]]
    narrowed: list[NarrowingObject]
    understood: str | None
    note: str | None
    absence: AbsenceObject | None
    quotes: list[QuoteObject]


# JSON


def present_json(answer: Answer) -> AnswerObject:
    """Return the answer as an object that the json module writes as it is."""
    return {
        "question": answer.question.text,
        "answered": answer.answered,
        "reason": answer.reason,
        "matched_aliases": {name: list(others) for name, others in answer.matched_aliases.items()},
        "narrowed": [_narrowing_object(narrowing) for narrowing in answer.narrowed],
        "understood": answer.understood,
        "note": answer.note,
        "absence": _absence_object(answer.absence) if answer.absence else None,
        "quotes": [_quote_object(quote) for quote in answer.quotes],
    }


def _narrowing_object(narrowing: Narrowing) -> NarrowingObject:
    return {
        "kind": narrowing.kind,
        "words": narrowing.words,
        "label": narrowing.label,
        "only": narrowing.only,
        "since": narrowing.since.isoformat() if narrowing.since else None,
        "until": narrowing.until.isoformat() if narrowing.until else None,
        "issuers": list(narrowing.issuers),
        "titled": list(narrowing.titled),
        "reckoned": narrowing.reckoned,
    }


def _absence_object(absence: Absence) -> AbsenceObject:
    return {
        "terms": list(absence.terms),
        "aliases": {name: list(others) for name, others in absence.aliases.items()},
        "statements": absence.statements,
    }


def _quote_object(quote: Quote) -> QuoteObject:
    citation = quote.citation
    return {
        "text": quote.text,
        "score": quote.score,
        "statement_id": citation.statement_id,
        "title": citation.title,
        "issuer": citation.issuer,
        "date": citation.date.isoformat() if citation.date else None,
        "paragraph": citation.paragraph,
        "page": citation.page,
        "start": citation.span.start,
        "end": citation.span.end,
        "sha256": citation.sha256,
        "citation": format_citation(citation),
        "url": citation.url,
        "source": citation.source,
        "inferred": sorted(citation.inferred),
        "scanned": citation.scanned,
        "emphasis": {
            "start": quote.emphasis.start,
            "end": quote.emphasis.end,
            "text": _split_at_emphasis(quote)[1],
        },
        "also_in": [
            {
                "statement_id": other.statement_id,
                "paragraph": other.paragraph,
                "citation": format_citation(other),
            }
            for other in quote.also_in
        ],
    }


# Plain text


def present_text(answer: Answer, *, bold: bool = False) -> str:
    r"""Return the answer for a terminal, the answering sentences in bold where `bold` says it can show that.

    Quotes stand exactly as they are, but for two things a terminal would act on instead of showing:
    ``\r\n`` becomes ``\n``, and a character that steers is written as its code, ``\u001b``.
    """
    lines = [f"Understood as: {answer.understood}"] if answer.understood else []
    lines += [answer.note] if answer.note else []
    lines += [
        f"{name}: also searched as {', '.join(others)}" for name, others in _also_searched(answer).items()
    ]
    lines += [_narrowing_line(narrowing) for narrowing in answer.narrowed]
    blocks = ["\n".join(_show_steering(line) for line in lines)] if lines else []
    if answer.reason:
        blocks.append(f"No quote: {_show_steering(answer.reason)}")
    blocks += [_quote_text(number, quote, bold=bold) for number, quote in enumerate(answer.quotes, start=1)]
    return "\n\n".join(blocks) + "\n"


def _also_searched(answer: Answer) -> Mapping[str, tuple[str, ...]]:
    """Return the other names that were matched, and those that no statement has."""
    return {**answer.matched_aliases, **(answer.absence.aliases if answer.absence else {})}


def _narrowing_line(narrowing: Narrowing) -> str:
    """``"last December": December 2024 first (from the newest statement, of December 13, 2024)``."""
    way = "only " if narrowing.only else ""
    reckoned = f" ({narrowing.reckoned})" if narrowing.reckoned else ""
    return f'"{narrowing.words}": {way}{narrowing.label}{reckoned}'


def _quote_text(number: int, quote: Quote, *, bold: bool) -> str:
    before, emphasised, after = (_show_steering(part) for part in _split_at_emphasis(quote))
    if bold:
        emphasised = f"\x1b[1m{emphasised}\x1b[0m"
    sources = [f"    -- {format_citation(quote.citation)}"]
    sources += [f"    Also in: {format_citation(other)}" for other in quote.also_in]
    return "\n".join([f"[{number}]", before + emphasised + after, *sources])


def _show_steering(text: str) -> str:
    """Write characters that steer as their codes; line feeds and tabs stay."""
    return STEERING.sub(
        lambda found: found[0] if found[0] in "\n\t" else f"\\u{ord(found[0]):04x}",
        text.replace("\r\n", "\n"),
    )


# HTML


def present_html(answer: Answer) -> str:
    """Return the answer for the chat: cards with quotes, or the reason why there are none."""
    aliases = "".join(
        f"<li><bdi>{_escape(name)}</bdi>: also searched as <bdi>{_escape(', '.join(others))}</bdi></li>"
        for name, others in _also_searched(answer).items()
    )
    understood = (
        f'<p class="understood">Understood as: <bdi>{_escape(answer.understood)}</bdi></p>'
        if answer.understood
        else ""
    )
    noted = f'<p class="understood">{_escape(answer.note)}</p>' if answer.note else ""
    notes = (
        understood
        + noted
        + _chips(answer.narrowed)
        + (f'<ul class="aliases">{aliases}</ul>' if aliases else "")
    )
    if answer.reason:
        return notes + _notice("refusal", "No quote", answer.reason)
    return notes + "".join(_quote_card(quote) for quote in answer.quotes)


def present_failure(message: str) -> str:
    """Return, for the chat, a message that says why there is no answer at all."""
    return _notice("failure", "Not answered", message)


def present_pending() -> str:
    """Return what stands in the place of an answer that is on its way."""
    return '<p class="pending">Searching the statements\u2026</p>'


def present_turn(question: str, answer: str) -> str:
    """Return one turn of the chat: the question as it was asked, and below it `answer`, which is HTML."""
    return (
        '<section class="turn">'
        f'<h2 class="question" dir="auto">{_escape(question)}</h2>'
        f'<div class="answer">{answer}</div>'
        "</section>"
    )


def present_conversation(turns: Iterable[str]) -> str:
    """Return the whole chat of `turns`, which are HTML, as a log that screen readers follow."""
    return f'<div class="log" role="log" aria-label="Conversation" tabindex="0">{"".join(turns)}</div>'


def present_statement(statement: Statement, span: Span | None = None, *, notice: str = "") -> str:
    """Return the whole statement, word for word, with the words of `span` highlighted."""
    quoted = span or Span(start=0, end=0)
    text = statement.text
    highlighted = f'<mark class="quoted">{_escape(quoted.of(text))}</mark>' if quoted.of(text) else ""
    return (
        f"{_reader_header(statement.title)}"
        f'<div class="pages">{_facts(statement)}'
        f"{_notice('failure', 'Not highlighted', notice) if notice else ''}"
        '<div class="statement-text" dir="auto">'
        f"{_escape(text[: quoted.start])}{highlighted}{_escape(text[quoted.end :])}</div></div>"
    )


def present_missing(message: str) -> str:
    """Return, where a statement would stand, a message that says why it does not."""
    return f'{_reader_header("Not found")}<div class="pages">{_notice("failure", "Not shown", message)}</div>'


def present_list(statements: Sequence[StatementHeading]) -> str:
    """Return the list of what is searched, each with a link that opens it."""
    entries = "".join(
        f'<li><a class="open" href="{html.escape(_link(statement.statement_id))}">'
        f"<bdi>{_escape(statement.title)}</bdi></a> "
        f'<span class="facts">{_byline(statement)}</span></li>'
        for statement in statements[:MAX_LISTED]
    )
    rest = len(statements) - MAX_LISTED
    more = f'<p class="facts">and {rest:,} more</p>' if rest > 0 else ""
    count = "1 statement" if len(statements) == 1 else f"{len(statements):,} statements"
    summary = f"<summary>What is searched: {count}</summary>"
    return f'<details class="library">{summary}<ul>{entries}</ul>{more}</details>'


def _reader_header(title: str) -> str:
    return (
        f'<header><h2 tabindex="-1" dir="auto">{_escape(title)}</h2>'
        '<form method="dialog"><button class="close">Close</button></form></header>'
    )


def _quote_card(quote: Quote) -> str:
    before, emphasised, after = (_escape(part) for part in _split_at_emphasis(quote))
    others = "".join(f"<li>{_citation_line(other)} {_open_link(other)}</li>" for other in quote.also_in)
    return (
        '<figure class="quote">'
        f'<blockquote class="quote-text" dir="auto">{before}<mark>{emphasised}</mark>{after}</blockquote>'
        f"<figcaption>{_citation_line(quote.citation)}"
        f'<div class="actions">{_open_link(quote.citation)}'
        '<button type="button" class="copy" aria-live="polite">Copy</button>'
        f"{_web_link(quote.citation.url)}</div>"
        f"{f'<div class=also><p>Also in</p><ul>{others}</ul></div>' if others else ''}"
        "</figcaption></figure>"
    )


def _chips(narrowings: Sequence[Narrowing]) -> str:
    """Return what the question was narrowed to, each with a button that asks again without it."""
    chips = "".join(
        f'<li><button type="button" class="chip" value="{html.escape(each.words)}" '
        f'aria-label="Remove: {html.escape(each.label)}">'
        f'<bdi>{_escape(each.label)}</bdi><span aria-hidden="true">\u00d7</span></button>'
        f"{f' <span class=reckoned>{_escape(each.reckoned)}</span>' if each.reckoned else ''}</li>"
        for each in narrowings
    )
    return f'<ul class="chips" aria-label="Narrowed to">{chips}</ul>' if chips else ""


def _citation_line(citation: Citation) -> str:
    inferred = ", ".join(sorted(citation.inferred & _TOLD_INFERRED))
    note = f' <span class="inferred">{inferred} inferred</span>' if inferred else ""
    return f'<cite class="citation" dir="auto">{_escape(format_citation(citation))}</cite>{note}'


def _open_link(citation: Citation) -> str:
    href = _link(citation.statement_id, citation.span, citation.sha256)
    return f'<a class="open" href="{html.escape(href)}">Open in the statement</a>'


def _link(statement_id: str, span: Span | None = None, sha256: str | None = None) -> str:
    """Return the address, in this page, of a statement or of words in it, as its file `sha256` has them."""
    place = {"statement": statement_id}
    if span:
        place |= {"start": str(span.start), "end": str(span.end)}
    if sha256:
        place["sha256"] = sha256
    return "?" + urlencode(place)


def _web_link(url: str | None) -> str:
    """Return a link to where the statement was published; nothing for what is not a web address."""
    if url is None or not _WEB_ADDRESS.fullmatch(url):
        return ""
    return f'<a href="{html.escape(url)}" target="_blank" rel="noopener noreferrer">Publisher\u2019s page</a>'


def _facts(statement: Statement) -> str:
    """Return the lines under a statement's title, saying what nobody gave, and what else is the same."""
    inferred = ", ".join(sorted(statement.inferred))
    notes = [
        f". Inferred: {_escape(inferred)}" if inferred else "",
        ". Read by OCR" if statement.scanned else "",
        f". The same text: <bdi>{_escape(', '.join(statement.copies))}</bdi>" if statement.copies else "",
    ]
    checksum = html.escape(statement.sha256)
    return (
        f'<p class="facts">{_byline(statement)} {_web_link(statement.url)}</p>'
        f'<p class="facts">File <bdi>{_escape(statement.source)}</bdi>, '
        f'<abbr title="SHA-256 {checksum}">SHA-256 {checksum[:12]}</abbr>'
        f"{''.join(notes)}</p>"
    )


def _byline(statement: StatementHeading) -> str:
    issuer = f"<bdi>{_escape(statement.issuer)}</bdi>, " if statement.issuer else ""
    return issuer + _escape(format_date(statement.date))


def _notice(kind: str, label: str, message: str) -> str:
    return f'<p class="notice {kind}"><strong>{label}</strong> <span dir="auto">{_escape(message)}</span></p>'


def _escape(text: str) -> str:
    r"""Return `text` as HTML whose ``textContent`` is `text` again.

    A parser turns a bare ``\r`` into ``\n`` but keeps it as a reference. It drops NUL in any form,
    so NUL becomes an empty element that the page's script fills.
    """
    return html.escape(text).replace("\r", "&#13;").replace("\0", "<i data-nul></i>")


def _split_at_emphasis(quote: Quote) -> tuple[str, str, str]:
    """Cut the quote's text before and after its emphasis: joined, the parts are the text again."""
    words = quote.citation.span
    if not words.start <= quote.emphasis.start <= quote.emphasis.end <= words.end:
        raise ValueError(f"{quote.emphasis} is not inside the quote, {words}")
    start, end = quote.emphasis.start - words.start, quote.emphasis.end - words.start
    return quote.text[:start], quote.text[start:end], quote.text[end:]
