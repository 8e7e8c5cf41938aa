"""The same words in several statements take one place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.encoder import Encoder
from index.store import open_index
from qa.answer import Answerer
from qa.cross_encoder import Reranker
from qa.repeats import says_the_same
from qa.stems import stem_words
from qa.types import Question

SAID = "The Ministers reaffirmed that the ballistic missiles launched over the sea threaten the region."
FILES = {
    "july": f"July\n\n{SAID}\n",
    "copy": f"News\n\nIt was reported.\n\n{SAID.replace('region.', 'region!')}\n",
    "other": "Other\n\nBallistic missiles threaten the sea and the region, officials said.\n",
}


def test_one_text_in_two_statements_is_quoted_once_and_cited_twice(
    index_texts: Callable[..., Path], hashing_encoder: Encoder, overlap_reranker: Reranker
) -> None:
    directory = index_texts(FILES)
    answerer = Answerer(lambda: open_index(directory), hashing_encoder, overlap_reranker)
    quotes = answerer.answer(Question(text="ballistic missiles threaten the region")).quotes
    other, said = sorted(quotes, key=lambda quote: len(quote.also_in))
    (again,) = said.also_in
    assert {said.citation.statement_id, again.statement_id} == {"july", "copy"}
    assert again.span.of(FILES[again.statement_id])[:-1] == said.text[:-1]
    assert (other.citation.statement_id, other.also_in) == ("other", ())


def test_the_better_source_is_the_one_that_is_quoted(
    index_texts: Callable[..., Path], hashing_encoder: Encoder, overlap_reranker: Reranker
) -> None:
    told = f"---\ntitle: Release\nissuer: Ministry\ndate: 2024-07-28\n---\n{SAID}\n".encode()
    directory = index_texts({**FILES, "release.md": told})
    answerer = Answerer(lambda: open_index(directory), hashing_encoder, overlap_reranker)
    quotes = answerer.answer(Question(text="ballistic missiles threaten the region")).quotes
    said = max(quotes, key=lambda quote: len(quote.also_in))
    assert said.citation.statement_id == "release"
    assert {each.statement_id for each in said.also_in} == {"july", "copy"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The sides will meet again in the spring.", "The sides will meet again in spring.", True),
        ("The sides will meet again in spring.", "The sides will not meet again in spring.", False),
        ("The 3 sides will meet again in spring.", "The 4 sides will meet again in spring.", False),
        ("The sides will meet again in spring.", "The fleet left for the north.", False),
        ("", "", True),
    ],
)
def test_what_says_the_same(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a case of the table
    assert says_the_same(stem_words(one), stem_words(other)) is same
    assert says_the_same(stem_words(other), stem_words(one)) is same
