"""The only place where quotes are made.

A quote is cut out of a statement's text by a span, never put together and never shortened, so that
``quote.text == statement.text[span.start : span.end]`` holds by construction.
"""

from collections.abc import Iterable, Sequence

from index.types import Passage, Span, Statement
from qa.types import Citation, Quote


def make_quote(
    statement: Statement,
    passage: Passage,
    *,
    answering: Span,
    score: float,
    also_in: Iterable[tuple[Statement, Passage]] = (),
) -> Quote:
    """Quote the whole sentences of `passage`, of which the run `answering` is emphasised.

    `also_in` are other passages that say the same, with their statements; they are cited.
    Raises ValueError when the passage is not the statement's own words, or `answering` cuts a sentence:
    a cut sentence can lose its "not".
    """
    if passage.kind != "body" or passage.statement_id != statement.statement_id:
        raise ValueError(f"not quotable: a {passage.kind} of {passage.statement_id}")
    starts = {sentence.start for sentence in passage.sentences}
    ends = {sentence.end for sentence in passage.sentences}
    if answering.start not in starts or answering.end not in ends or answering.start == answering.end:
        raise ValueError(f"{answering} is not a run of whole sentences of the passage")
    span = passage.span.trimmed(statement.text)
    return Quote(
        text=span.of(statement.text),
        citation=cite(statement, passage, span, page_of=answering),
        score=score,
        emphasis=answering.trimmed(statement.text),
        also_in=tuple(cite(other, repeat, repeat.span.trimmed(other.text)) for other, repeat in also_in),
    )


def cite(statement: Statement, passage: Passage, span: Span, *, page_of: Span | None = None) -> Citation:
    """Say where the words in `span` stand: the page is that on which `page_of`, or else they, begin."""
    return Citation(
        statement_id=statement.statement_id,
        title=statement.title,
        issuer=statement.issuer,
        date=statement.date,
        paragraph=passage.paragraph,
        page=find_page(statement.pages, page_of or span),
        span=span,
        sha256=statement.sha256,
        url=statement.url,
        source=statement.source,
        inferred=statement.inferred,
        scanned=statement.scanned,
    )


def find_page(pages: Sequence[Span], span: Span) -> int | None:
    """Return the number, from 1, of the page on which `span` begins; None in a text without pages."""
    return next(
        (number for number, page in enumerate(pages, start=1) if page.start <= span.start < page.end), None
    )
