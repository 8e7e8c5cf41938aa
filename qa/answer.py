"""From question to answer, on one screen."""

import dataclasses
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from index.database import build_command
from index.encoder import Encoder, SentenceEncoder
from index.errors import ModelMismatchError
from index.models import identify_model
from index.store import Index, StatementSummary, open_index
from index.types import Statement
from qa.lexicon import Lexicon
from qa.question import Search, read_question
from qa.quote import make_quote
from qa.rerank import CrossEncoderReranker, Reranker, rerank
from qa.retrieve import retrieve
from qa.support import ANSWERS_FROM, Supported, explain_refusal, weigh_support
from qa.types import Answer, Question, Quote

CANDIDATES = 20
"""How many passages the cross-encoder reads. They are most of the time that a question takes."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """An answer with every passage that was weighed for it, best first."""

    answer: Answer
    ranked: tuple[Supported, ...]


class Answerer:
    """Answers questions from the newest build of an index; may be used from several threads."""

    def __init__(self, reopen: Callable[[], Index], encoder: Encoder, reranker: Reranker) -> None:
        self._reopen = reopen
        self._encoder = encoder
        self._reranker = reranker
        # Torch uses every core for one question already: two at once would only slow each other down.
        self._lock = threading.RLock()
        self._index = reopen()
        self._lexicon = Lexicon.of(self._index)
        expect_embedder(self._index, encoder.model_id)

    @classmethod
    def open(cls, directory: Path, *, embedder: str | None = None, reranker: str | None = None) -> Self:
        """Open the index in `directory` with the models it was built with, or with those named.

        Raises NoIndexError, DamagedIndexError, ModelError, and ModelMismatchError when `embedder` is not the
        one that the index was built with.
        """
        with open_index(directory) as index:
            settings = index.manifest.settings
            expect_embedder(index, identify_model(embedder or settings.embedder, kind="embedder"))
        return cls(
            lambda: open_index(directory),
            SentenceEncoder.from_name(embedder or settings.embedder),
            CrossEncoderReranker.from_name(reranker or settings.reranker),
        )

    def answer(self, question: Question) -> Answer:
        """Quote the statements, or say why not. Raises QuestionError, and what opening an index raises."""
        return self.trace(question).answer

    def trace(self, question: Question) -> Trace:
        """Answer a question and tell what was weighed on the way. Raises what `answer` raises."""
        with self._lock:
            index = self._take_newest()
            search = read_question(question, self._lexicon)
            hits = retrieve(index, self._encoder, search, limit=CANDIDATES)
            ranked = rerank(self._reranker, search, index.passages([hit.passage_id for hit in hits]))
            weighed = weigh_support(index, search, ranked)
            quotes = self._quote(index, weighed, question.top)
            return Trace(answer=self._conclude(index, search, quotes), ranked=weighed)

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

    def _conclude(self, index: Index, search: Search, quotes: tuple[Quote, ...]) -> Answer:
        if not quotes:
            return Answer(question=search.question, reason=explain_refusal(index))
        aliases = search.match_aliases(quote.text for quote in quotes)
        return Answer(question=search.question, quotes=quotes, matched_aliases=aliases)

    def _quote(self, index: Index, ranked: Sequence[Supported], top: int) -> tuple[Quote, ...]:
        supported = [candidate for candidate in ranked if candidate.probability >= ANSWERS_FROM]
        return tuple(
            make_quote(
                index.statement(candidate.ranked.stored.passage.statement_id),
                candidate.ranked.stored.passage,
                answering=candidate.ranked.best_sentence,
                score=candidate.probability,
            )
            for candidate in supported[:top]
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
