"""What a question is narrowed to: which statements are left, and which come first."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.store import Index, open_index
from qa.lexicon import Lexicon
from qa.narrow import (
    choose_candidates,
    explain_nothing_left,
    keep_telling,
    narrow,
    put_preferred_first,
    read_narrowings,
    weigh_narrowed,
)
from qa.question import Search, read_question
from qa.rerank import Ranked
from qa.support import Supported, weigh_support
from qa.types import Hit, Narrowing, Question

FILES: dict[str, str | bytes] = {
    "may": "The sides spoke of missiles at length.\n",
    "july": "The ministers met. They spoke of missiles.\n",
    "december": "The delegations met. They spoke of missiles and of space.\n",
    "undated": "Nobody knows when the missiles were counted.\n",
    "may.meta.toml": b'title = "May"\nissuer = "NATO"\ndate = 2023-05-21\n',
    "july.meta.toml": b'title = "July"\nissuer = "Department of State"\ndate = 2024-07-28\n',
    "december.meta.toml": b'title = "December"\nissuer = "Department of State"\ndate = 2024-12-13\n',
    "undated.meta.toml": b'title = "Undated"\n',
}
JULY = datetime.date(2024, 7, 1), datetime.date(2024, 7, 31)


@pytest.fixture
def index(index_texts: Callable[..., Path]) -> Iterator[Index]:
    with open_index(index_texts(FILES)) as opened:
        yield opened


def search_for(index: Index, question: Question) -> Search:
    return read_question(question, Lexicon.of(index))


def read(index: Index, question: Question) -> tuple[Narrowing, ...]:
    return read_narrowings(search_for(index, question), index.statements(), Lexicon.of(index))


def told(index: Index, question: Question) -> list[str]:
    return [each.label for each in keep_telling(read(index, question), question, index.statements())]


def terms(search: Search) -> list[str]:
    return [term.text for term in search.terms]


# ---- What is read and told ----------------------------------------------------------------------------


def test_days_issuers_and_order_are_read_from_one_question(index: Index) -> None:
    text = "What did the State Department's latest statement say about missiles since 2024?"
    assert told(index, Question(text=text)) == ["since 2024", "Department of State", "newest first"]


def test_what_is_ignored_is_not_read(index: Index) -> None:
    text = "What was said by NATO in July 2024?"
    assert told(index, Question(text=text)) == ["July 2024 first", "NATO"]
    ignoring = Question(text=text, ignored=frozenset({"in July 2024"}))
    assert told(index, ignoring) == ["NATO"]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("What was said on December 12, 2024?", ["December 12, 2024 first"]),
        ("What did they do on December 10-12, 2024?", ["December 10, 2024 to December 12, 2024 first"]),
        ("What was said on December 13, 2024?", ["December 13, 2024"]),
        ("What was said on December 9, 2024?", ["December 9, 2024"]),
        ("What was said in November 2024?", ["November 2024"]),
    ],
)
def test_of_some_days_the_statement_of_the_next_days_may_tell(
    index: Index, text: str, labels: list[str]
) -> None:
    assert told(index, Question(text=text)) == labels


def test_a_preference_that_no_statement_meets_is_not_read(index: Index) -> None:
    assert read(index, Question(text="When was the 2010 dialogue established?")) == ()


def test_a_filter_that_no_statement_meets_is_read(index: Index) -> None:
    assert told(index, Question(text="What was said in 2010?")) == ["2010"]


def test_what_all_statements_meet_is_not_told(index: Index) -> None:
    july = Question(text="What did the State Department say in July 2024?", statement_id="july")
    assert told(index, july) == []
    assert len(read(index, july)) == 2
    assert told(index, Question(text="the latest statement", statement_id="july")) == []
    assert told(index, Question(text="the latest statement")) == ["newest first"]


def test_nothing_is_read_for_a_statement_that_is_not_there(index: Index) -> None:
    assert told(index, Question(text="What did NATO say?", statement_id="nowhere")) == []


# ---- What binds ---------------------------------------------------------------------------------------


def test_what_binds_becomes_a_filter_and_its_words_are_no_longer_looked_for(index: Index) -> None:
    question = Question(text="What did the State Department say in July 2024 about missiles?")
    narrowed = narrow(search_for(index, question), read(index, question))
    assert (narrowed.question.since, narrowed.question.until) == JULY
    assert narrowed.question.issuer == "Department of State"
    assert terms(narrowed) == ["missiles"]
    assert narrowed.text == "What did the State Department say about missiles?"


@pytest.mark.parametrize(
    "text", ["In July 2024, what was said about missiles?", "What was said about missiles in July 2024?"]
)
def test_the_words_of_a_filter_leave_no_punctuation_behind(index: Index, text: str) -> None:
    question = Question(text=text)
    narrowed = narrow(search_for(index, question), read(index, question))
    assert narrowed.text.capitalize() == "What was said about missiles?"


def test_what_is_preferred_is_no_filter(index: Index) -> None:
    question = Question(text="Which missiles were shown in July 2024?")
    narrowed = narrow(search_for(index, question), read(index, question))
    assert narrowed.question == question
    assert terms(narrowed) == ["missiles", "shown", "July", "2024"]


def test_filters_given_and_read_hold_together(index: Index) -> None:
    question = Question(
        text="Which statements in 2024 name missiles?",
        since=datetime.date(2024, 8, 1),
        until=datetime.date(2025, 1, 1),
    )
    narrowed = narrow(search_for(index, question), read(index, question)).question
    assert (narrowed.since, narrowed.until) == (datetime.date(2024, 8, 1), datetime.date(2024, 12, 31))


# ---- What comes first ---------------------------------------------------------------------------------


def weigh(index: Index, probabilities: dict[str, float]) -> list[Supported]:
    """Give one passage of each statement a probability."""
    search = search_for(index, Question(text="missiles"))
    weighed = []
    for statement_id, probability in probabilities.items():
        (stored,) = index.passages(sorted(index.passage_ids(statement_id=statement_id) or ()))
        ranked = Ranked(stored=stored, logit=0, best=0, judged=0)
        (supported,) = weigh_support(index, search, [ranked])
        weighed.append(Supported(ranked=supported.ranked, signals=supported.signals, probability=probability))
    return weighed


def order(index: Index, question: str, probabilities: dict[str, float]) -> list[str]:
    narrowings = read(index, Question(text=question))
    assert narrowings
    ordered = put_preferred_first(
        weigh(index, probabilities), narrowings, index.statements(), answers_from=0.4
    )
    assert len(ordered) == len(probabilities)
    return [each.ranked.stored.passage.statement_id for each in ordered]


def test_a_preferred_day_comes_first_unless_it_answers_much_worse(index: Index) -> None:
    asked = "Which missiles were shown in July 2024?"
    assert order(index, asked, {"december": 0.8, "may": 0.75, "july": 0.7}) == ["july", "december", "may"]
    assert order(index, asked, {"december": 0.95, "july": 0.7}) == ["december", "july"]
    assert order(index, asked, {"december": 0.41, "july": 0.39}) == ["december", "july"]


def test_what_ranks_first_stays_so_where_it_is_preferred(index: Index) -> None:
    asked = "Which missiles were shown in July 2024?"
    assert order(index, asked, {"july": 0.6, "december": 0.9, "may": 0.8}) == ["july", "december", "may"]


def test_a_preferred_issuer_comes_first(index: Index) -> None:
    asked = "What did the ministers and NATO say?"
    assert order(index, asked, {"december": 0.6, "july": 0.6, "may": 0.6}) == ["may", "december", "july"]


def test_the_latest_is_the_newest_that_answers(index: Index) -> None:
    weights = {"may": 0.99, "undated": 0.9, "july": 0.5, "december": 0.39}
    assert order(index, "the latest statement on missiles", weights) == ["july", "may", "undated", "december"]


def test_the_first_is_the_oldest_that_answers(index: Index) -> None:
    weights = {"december": 0.99, "undated": 0.9, "july": 0.5, "may": 0.39}
    assert order(index, "the first statement on missiles", weights) == ["july", "december", "undated", "may"]


def test_without_a_preference_the_order_stays(index: Index) -> None:
    weighed = weigh(index, {"may": 0.2, "december": 0.9, "july": 0.5})
    assert list(put_preferred_first(weighed, (), index.statements(), answers_from=0.4)) == weighed


def test_half_of_the_candidates_are_of_what_is_preferred(index: Index) -> None:
    ids = {name: min(index.passage_ids(statement_id=name) or ()) for name in ("may", "july", "december")}
    hits = [Hit(passage_id=ids[name], score=1 / place) for place, name in enumerate(ids, start=1)]
    preferred = read(index, Question(text="Which missiles were shown in December 2024?"))
    latest = read(index, Question(text="the latest statement on missiles"))
    assert [hit.passage_id for hit in choose_candidates(index, hits, (), limit=2)] == [
        ids["may"],
        ids["july"],
    ]
    assert [hit.passage_id for hit in choose_candidates(index, hits, preferred, limit=2)] == [
        ids["may"],
        ids["december"],
    ]
    assert len(choose_candidates(index, hits, latest, limit=2)) == 2
    assert choose_candidates(index, [], preferred, limit=2) == ()


def test_a_statement_of_a_day_need_not_say_the_day(index: Index) -> None:
    question = Question(text="Which missiles were shown in July 2024?")
    search, narrowings = search_for(index, question), read(index, question)
    ranked = [each.ranked for each in weigh(index, {"july": 0.5, "december": 0.5})]
    plain = [each.probability for each in weigh_support(index, search, ranked)]
    narrowed = [each.probability for each in weigh_narrowed(index, search, narrowings, ranked)]
    assert narrowed[0] > plain[0]
    assert narrowed[1] == plain[1]


# ---- When nothing is left -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (
            Question(text="?", since=datetime.date(2019, 1, 1), until=datetime.date(2019, 12, 31)),
            'No statement is from 2019. The nearest is "May" of May 21, 2023.',
        ),
        (
            Question(text="?", since=datetime.date(2025, 1, 1)),
            'No statement was made since 2025. The nearest is "December" of December 13, 2024.',
        ),
        (
            Question(text="?", until=datetime.date(2022, 12, 31)),
            'No statement was made until the end of 2022. The nearest is "May" of May 21, 2023.',
        ),
        (
            Question(text="?", since=datetime.date(2024, 8, 1), until=datetime.date(2024, 8, 31)),
            'No statement is from August 2024. The nearest is "July" of July 28, 2024.',
        ),
        (
            Question(text="?", issuer="NATO", since=datetime.date(2024, 1, 1)),
            'No statement by NATO was made since 2024. The nearest is "May" of May 21, 2023.',
        ),
        (
            Question(text="?", statement_id="undated", since=datetime.date(2024, 1, 1)),
            "No statement was made since 2024. None of those left has a date.",
        ),
        (Question(text="?", statement_id="july", issuer="NATO"), "No statement by NATO is left to search."),
        (Question(text="?", statement_id="july"), None),
        (Question(text="?", issuer="nato"), None),
        (Question(text="?"), None),
    ],
)
def test_where_nothing_is_left_the_nearest_is_offered(
    index: Index, question: Question, reason: str | None
) -> None:
    assert explain_nothing_left(index.statements(), question) == reason
