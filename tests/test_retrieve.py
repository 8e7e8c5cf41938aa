"""Vectors and words: the passages that could answer."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import Encoder
from index.errors import QuestionError
from index.store import Index, open_index
from qa.lexicon import Lexicon
from qa.question import read_question
from qa.retrieve import fuse, retrieve
from qa.types import Question

FILES: dict[str, str | bytes] = {
    "july": "July\n\nThe ministers met in Tokyo.\n\nThe DPRK launched missiles over the sea.\n",
    "december": "December\n\nOfficials met in Washington.\n\nA dialogue on missiles was held.\n",
    "undated": "Undated\n\nNobody knows when the missiles were counted.\n",
    "july.meta.toml": b'issuer = "Ministry of Foreign Affairs"\ndate = 2024-07-28\n',
    "december.meta.toml": b'issuer = "Department of State"\ndate = 2024-12-13\n',
    "aliases.toml": b'"North Korea" = ["DPRK"]\n',
}


@pytest.fixture
def index(index_texts: Callable[..., Path]) -> Iterator[Index]:
    with open_index(index_texts(FILES)) as opened:
        yield opened


def find(index: Index, encoder: Encoder, question: Question, limit: int = 20) -> list[str]:
    search = read_question(question, Lexicon.of(index))
    hits = retrieve(index, encoder, search, limit=limit)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return [each.passage.statement_id for each in index.passages([hit.passage_id for hit in hits])]


def test_what_shares_words_with_the_question_comes_first(index: Index, hashing_encoder: Encoder) -> None:
    assert find(index, hashing_encoder, Question(text="Which dialogue was held?"))[0] == "december"
    assert find(index, hashing_encoder, Question(text="Which dialogue was held?"), limit=1) == ["december"]


def test_a_passage_is_found_under_its_other_name(index: Index, hashing_encoder: Encoder) -> None:
    assert find(index, hashing_encoder, Question(text="North Korea's"))[0] == "july"


def test_a_question_of_function_words_only_is_answered_by_meaning(
    index: Index, hashing_encoder: Encoder
) -> None:
    assert len(find(index, hashing_encoder, Question(text="What was it?"))) == 5


DAY = datetime.date


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"since": DAY(2024, 7, 28)}, {"july", "december"}),
        ({"since": DAY(2024, 7, 29)}, {"december"}),
        ({"until": DAY(2024, 7, 28)}, {"july"}),
        ({"since": DAY(2024, 7, 28), "until": DAY(2024, 7, 28)}, {"july"}),
        ({"since": DAY(2025, 1, 1)}, set()),
        ({"issuer": "department of STATE"}, {"december"}),
        ({"statement_id": "undated"}, {"undated"}),
        ({"statement_id": "july", "issuer": "Department of State"}, set()),
    ],
)
def test_filters_let_nothing_else_through(
    index: Index, hashing_encoder: Encoder, filters: dict[str, object], found: set[str]
) -> None:
    question = Question(text="Which missiles?", **filters)  # type: ignore[arg-type] # of several types
    assert set(find(index, hashing_encoder, question)) == found


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"statement_id": "../july"}, "The index holds no statement '../july'."),
        (
            {"issuer": "Ministry"},
            (
                "No statement in the index has the issuer 'Ministry'. "
                "Issuers: Department of State; Ministry of Foreign Affairs."
            ),
        ),
        (
            {"since": DAY(2024, 2, 2), "until": DAY(2024, 2, 1)},
            "No day is both from 2024-02-02 on and until 2024-02-01.",
        ),
    ],
)
def test_a_filter_that_cannot_be_meant_is_an_error(
    index: Index, hashing_encoder: Encoder, filters: dict[str, object], said: str
) -> None:
    with pytest.raises(QuestionError) as caught:
        find(index, hashing_encoder, Question(text="Which missiles?", **filters))  # type: ignore[arg-type]
    assert str(caught.value) == said


def test_many_issuers_are_not_all_listed(index_texts: Callable[..., Path], hashing_encoder: Encoder) -> None:
    files: dict[str, str | bytes] = {f"{n}": f"Sentence {n} stands here for all." for n in range(7)}
    files |= {f"{n}.meta.toml": f'issuer = "Office {n}"'.encode() for n in range(7)}
    with open_index(index_texts(files)) as index, pytest.raises(QuestionError, match="Office 4; and 2 more"):
        find(index, hashing_encoder, Question(text="What?", issuer="Nobody"))


@pytest.mark.parametrize("text", ['"', "NEAR(a b)", "a* OR (b", "text:missiles", "AND", "ａ\0b", "' --"])
def test_signs_of_the_query_language_are_only_signs(
    index: Index, hashing_encoder: Encoder, text: str
) -> None:
    assert len(find(index, hashing_encoder, Question(text=f"Which missiles {text}?"))) == 5


def test_what_both_searches_found_comes_first() -> None:
    hits = fuse([([(1, 0.9), (2, 0.8), (3, 0.7)], [(4, 8.0), (2, 5.0), (3, 2.0)])])
    assert [hit.passage_id for hit in hits] == [2, 1, 4, 3]  # 1 and 4 count the same, each best in one
    assert hits[0].score == pytest.approx((1 / 2 + 5 / 8) / 2)
    assert fuse([([], [])]) == ()


def test_how_well_each_search_found_a_passage_is_told_from_0_to_1() -> None:
    hits = {hit.passage_id: hit for hit in fuse([([(1, 0.9), (2, 0.8), (3, 0.7)], [(4, 8.0), (3, 2.0)])])}
    assert [hits[each].nearness for each in (1, 2, 3, 4)] == pytest.approx([1, 0.5, 0, 0])
    assert [hits[each].overlap for each in (1, 2, 3, 4)] == pytest.approx([0, 0, 0.25, 1])
    assert fuse([([(1, 0.9)], [])])[0].nearness == 0  # nothing to be nearer than


FOUND = st.lists(st.integers(0, 9), unique=True).map(
    lambda ids: [(each, 1 - place / 20) for place, each in enumerate(ids)]
)


@given(FOUND, FOUND)
def test_fusion_keeps_everything_once_and_respects_what_both_agree_on(
    by_meaning: list[tuple[int, float]], by_words: list[tuple[int, float]]
) -> None:
    rankings = [[each for each, _ in found] for found in (by_meaning, by_words)]
    hits = fuse([(by_meaning, by_words)])
    fused = [hit.passage_id for hit in hits]
    assert all(0 <= hit.nearness <= 1 and 0 <= hit.overlap <= 1 for hit in hits)
    assert sorted(fused) == sorted({each for ranking in rankings for each in ranking})
    for ahead in fused:
        for behind in fused:
            if all(
                ahead in ranking and (behind not in ranking or ranking.index(ahead) < ranking.index(behind))
                for ranking in rankings
            ):
                assert fused.index(ahead) <= fused.index(behind)
