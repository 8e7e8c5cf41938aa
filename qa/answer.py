"""From question to answer, on one screen."""

import contextlib
import dataclasses
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from index.copies import rank_source
from index.database import build_command
from index.encoder import QUESTION_THREADS, Encoder, load_encoder
from index.errors import ModelMismatchError, QuestionError
from index.models import CARRIERS, identify_model
from index.store import Index, StatementSummary, open_index
from index.types import Statement
from qa.comparison import Side, split_comparison
from qa.countries import load_countries, load_foreign_names
from qa.cross_encoder import Reranker, load_judge, load_reranker
from qa.followup import carry_over
from qa.lexicon import Lexicon
from qa.narrow import (
    choose_candidates,
    explain_nothing_left,
    is_left,
    keep_telling,
    narrow,
    put_preferred_first,
    read_narrowings,
    release_words,
    weigh_narrowed,
)
from qa.question import Search, read_question
from qa.quote import make_quote
from qa.refusal import explain_refusal
from qa.repeats import group_repeats
from qa.rerank import JUDGED, find_sentences, judge, rerank
from qa.retrieve import DEPTH, count_searched, retrieve
from qa.smalltalk import answer_small_talk
from qa.support import ADDS_FROM, ANSWERS_FROM, Strictness, Supported, put_named_first, put_ruled_out_last
from qa.types import Answer, Narrowing, Question, Quote
from qa.word_match import WordMatcher

FOUND = 2 * DEPTH
"""How many passages the searches can find together: what is preferred is looked for among them."""

EARLIER = 4
"""How many of the questions before one it may depend on."""

CANDIDATES = 20
"""How many passages the cross-encoder reads. They are most of the time that a question takes."""


BY_WORDS = (
    "The models of this index were made for English, so the statements were searched only for the words and "
    "names of the question. What is quoted has them, but may not answer."
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """An answer with every passage that was weighed for it, best first."""

    answer: Answer
    ranked: tuple[Supported, ...]


class Answerer:
    """Answers questions from the newest build of an index; may be used from several threads."""

    def __init__(
        self,
        reopen: Callable[[], Index],
        encoder: Encoder,
        reranker: Reranker,
        *,
        judge: Reranker | None = None,
        index: Index | None = None,
        strictness: Strictness = "balanced",
    ) -> None:
        self._reopen = reopen
        self._encoder = encoder
        self._reranker = reranker
        self._judge = judge
        self._answers_from = ANSWERS_FROM[strictness]
        # Torch uses every core for one question already: two at once would only slow each other down.
        self._lock = threading.RLock()
        self._index = index or reopen()
        self._lexicon = Lexicon.of(self._index)
        expect_embedder(self._index, encoder.model_id)

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        embedder: str | None = None,
        reranker: str | None = None,
        strictness: Strictness = "balanced",
    ) -> Self:
        """Open the index in `directory` with the models it was built with, or with those named.

        Raises NoIndexError, DamagedIndexError, ModelError, and ModelMismatchError when `embedder` is not the
        one that the index was built with.
        """
        with contextlib.ExitStack() as opened:
            index = opened.enter_context(open_index(directory))
            settings = index.manifest.settings
            expect_embedder(index, identify_model(embedder or settings.embedder, kind="embedder"))
            with ThreadPoolExecutor(max_workers=3) as pool:
                encoder = pool.submit(load_encoder, embedder or settings.embedder, threads=QUESTION_THREADS)
                ranking = pool.submit(load_reranker, reranker or settings.reranker)
                judging = pool.submit(load_judge, reranker or settings.reranker)
                load_countries()  # a question needs these, and they take as long as the models
                load_foreign_names("latin")
                index.statements()
            answerer = cls(
                lambda: open_index(directory),
                encoder.result(),
                ranking.result(),
                judge=judging.result(),
                index=index,
                strictness=strictness,
            )
            opened.pop_all()
        return answerer

    def answer(self, question: Question) -> Answer:
        """Quote the statements, or say why not. Raises QuestionError, and what opening an index raises."""
        return self.trace(question).answer

    def trace(self, question: Question) -> Trace:
        """Answer a question and tell what was weighed on the way. Raises what `answer` raises."""
        with self._lock:
            index = self._take_newest()
            small_talk = answer_small_talk(question.text, len(index.statements()))
            if small_talk:
                return Trace(answer=Answer(question=question, reason=small_talk), ranked=())
            asked = carry_over(read_question(question, self._lexicon), self._read_earlier(question))
            narrowed = read_narrowings(asked.readings[0], index.statements(), self._lexicon)
            sides = split_comparison(asked.readings[0], narrowed)
            if sides:
                return self._compare(question, sides, keep_telling(narrowed, question, index.statements()))
            search = narrow(asked, narrowed)
            found = retrieve(index, self._encoder, search, limit=FOUND)
            hits = choose_candidates(index, found, narrowed, limit=CANDIDATES)
            reranker, judging = self._choose_models(index, search)
            ranked = rerank(reranker, search, hits, index.passages([hit.passage_id for hit in hits]))
            prefers = any(not each.only for each in narrowed)
            judged = judge(
                judging,
                search,
                ranked,
                limit=CANDIDATES if prefers else max(JUDGED, question.top),
                among=count_searched(index, search.question),
            )
            weighed = weigh_narrowed(index, search, narrowed, judged)
            possible = put_ruled_out_last(weighed, answers_from=self._answers_from)
            named = put_named_first(possible, answers_from=self._answers_from)
            ordered = put_preferred_first(
                named, narrowed, index.statements(), answers_from=self._answers_from
            )
            quotes = self._quote(index, judging or reranker, search, ordered, question.top)
            answer = self._conclude(index, search, narrowed, quotes)
            told = keep_telling(narrowed, question, index.statements())
            answer = dataclasses.replace(
                answer,
                question=question,
                narrowed=told,
                understood=asked.text if asked.asked else None,
                note=BY_WORDS if self._is_foreign(search) else None,
            )
            return Trace(answer=answer, ranked=ordered)

    def find_words(self, words: str, *, statement_id: str | None = None) -> tuple[int, ...]:
        """Return the ids of the passages, of one statement or of any, that hold exactly these words."""
        with self._lock:
            return self._take_newest().find_words(words, statement_id=statement_id)

    def statement(self, statement_id: str) -> Statement:
        """Return one statement with its text. Raises QuestionError if there is none of this id."""
        with self._lock:
            return self._take_newest().statement(statement_id)

    def statements(self) -> tuple[StatementSummary, ...]:
        """List the statements that can be asked."""
        with self._lock:
            return self._take_newest().statements()

    def _compare(self, question: Question, sides: Sequence[Side], told: tuple[Narrowing, ...]) -> Trace:
        """Ask each side alone, quote the best of each, and say which have nothing."""
        traces = [self.trace(side.question) for side in sides]
        answers = [trace.answer for trace in traces]
        each = max(1, question.top // len(sides))
        quotes = tuple(quote for answer in answers for quote in answer.quotes[:each])[: question.top]
        silent = [side.label for side, answer in zip(sides, answers, strict=True) if not answer.quotes]
        aliases = {name: others for answer in answers for name, others in answer.matched_aliases.items()}
        answer = Answer(
            question=question,
            quotes=quotes,
            reason=None if quotes else answers[0].reason,
            absence=None if quotes else answers[0].absence,
            matched_aliases=aliases,
            narrowed=told,
            understood=f"{sides[0].question.text} ({'; '.join(side.label for side in sides)})",
            note=f"Nothing of {' or '.join(silent)} answers this closely enough."
            if quotes and silent
            else None,
        )
        return Trace(answer=answer, ranked=tuple(each for trace in traces for each in trace.ranked))

    def _choose_models(self, index: Index, search: Search) -> tuple[Reranker, Reranker | None]:
        """Return what ranks, and what judges if that is another model."""
        if self._is_foreign(search):
            return WordMatcher(index, search), None
        return self._reranker, self._judge

    def _is_foreign(self, search: Search) -> bool:
        """Say whether the question is in a language that the reranker was not made for."""
        return search.language is not None and self._reranker.model_id.rpartition("@")[0] in CARRIERS

    def _read_earlier(self, question: Question) -> list[Search]:
        """Read the last of the earlier questions; one that could not be asked says nothing."""
        searches = []
        for text in question.earlier[-EARLIER:]:
            with contextlib.suppress(QuestionError):
                searches.append(read_question(Question(text=text), self._lexicon))
        return searches

    def _conclude(
        self, index: Index, search: Search, narrowed: tuple[Narrowing, ...], quotes: tuple[Quote, ...]
    ) -> Answer:
        asked = search.question
        if quotes:
            aliases = search.match_aliases(quote.text for quote in quotes)
            return Answer(question=asked, quotes=quotes, matched_aliases=aliases)
        nothing_left = explain_nothing_left(index.statements(), asked)
        if nothing_left:
            return Answer(question=asked, reason=nothing_left)
        among = [each.statement_id for each in index.statements() if is_left(each, asked)]
        refusal = explain_refusal(index, release_words(search, narrowed), among)
        return Answer(question=asked, reason=refusal.reason, absence=refusal.absence)

    def _quote(
        self, index: Index, judging: Reranker, search: Search, ranked: Sequence[Supported], top: int
    ) -> tuple[Quote, ...]:
        # Among many passages some seem to answer by chance: what ranks first must, or none is quoted.
        if not ranked or ranked[0].probability < self._answers_from:
            return ()
        supported = [candidate for candidate in ranked if candidate.probability >= self._answers_from]
        telling = [candidate for candidate in supported if candidate.odds >= ADDS_FROM * supported[0].odds]
        quoted = {candidate.statement_id for candidate in telling}
        sources = {
            each.statement_id: rank_source(each) for each in index.statements() if each.statement_id in quoted
        }
        groups = group_repeats(telling, prefer=lambda each: sources[each.statement_id])[:top]
        answering = find_sentences(judging, search, [group.best.ranked.stored for group in groups])
        return tuple(
            make_quote(
                index.statement(group.best.statement_id),
                group.best.ranked.stored.passage,
                answering=sentence,
                score=group.best.probability,
                also_in=[
                    (index.statement(repeat.statement_id), repeat.ranked.stored.passage)
                    for repeat in group.repeats
                ],
            )
            for group, sentence in zip(groups, answering, strict=True)
        )

    def _take_newest(self) -> Index:
        """Return the index, after changing to the next build if there is one."""
        if not self._index.is_current():
            newest = self._reopen()
            try:
                expect_embedder(newest, self._encoder.model_id)
            except ModelMismatchError:
                newest.close()
                raise
            self._index.close()
            self._index, self._lexicon = newest, Lexicon.of(newest)
        return self._index


def expect_embedder(index: Index, model_id: str) -> None:
    """Raise ModelMismatchError unless `index` was built with the embedder `model_id`."""
    built_with = index.manifest.embedder_id
    if built_with != model_id:
        name = model_id.rpartition("@")[0]
        rebuild = build_command(index.directory, "--embedder", name)
        raise ModelMismatchError(
            f"The index was built with the embedder {built_with}, not with {model_id}. "
            f"Start again without naming an embedder, or rebuild it with: {rebuild}"
        )
