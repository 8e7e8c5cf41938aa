"""The order of passages by how well they answer, as a cross-encoder that reads question and passage says."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from index.encoder import FloatArray
from index.store import StoredPassage
from index.types import Span
from qa.cross_encoder import Reranker
from qa.question import Search
from qa.types import Hit

NEARNESS_LEAD, OVERLAP_LEAD = 2.0, 1.5
"""Logits that the first passage of each search has in advance: where the cross-encoder is undecided, how the
passages were found decides. Found on three sets of questions, see BENCHMARKS.md."""

READ_CLOSELY = 4
"""How many of the best passages are read sentence by sentence as well."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A passage the cross-encoder has read. Scores are its logits: higher is better.

    `lead` is what the passage has in advance for how it was found, in logits too.
    `sentence_score` is that of the sentence `best_sentence`, which answers best of all in the passage; a
    passage that was not read closely has none and its first sentence stands in.
    """

    stored: StoredPassage
    passage_score: float
    best_sentence: Span
    sentence_score: float | None = None
    lead: float = 0.0

    @property
    def score(self) -> float:
        """What the passage is ranked by: a sentence that answers does not lose by its neighbours."""
        sentence = self.passage_score if self.sentence_score is None else self.sentence_score
        return max(self.passage_score, sentence) + self.lead


def rerank(
    reranker: Reranker, search: Search, hits: Sequence[Hit], passages: Sequence[StoredPassage]
) -> tuple[Ranked, ...]:
    """Order passages by how well they answer, best first; the best of them are read sentence by sentence too.

    `passages` are those of `hits`. Each is asked in its own names for things (see `Search.wording_for`).
    """
    texts = [passage.titled_text for passage in passages]
    scores = _score(reranker, search, texts, names_of=texts)
    ranked = [
        Ranked(
            stored=passage,
            passage_score=float(score),
            best_sentence=passage.passage.sentences[0],
            lead=NEARNESS_LEAD * hit.nearness + OVERLAP_LEAD * hit.overlap,
        )
        for hit, passage, score in zip(hits, passages, scores, strict=True)
    ]
    ranked.sort(key=lambda candidate: -candidate.score)
    closely = read_closely(reranker, search, ranked[:READ_CLOSELY])
    return tuple(sorted((*closely, *ranked[READ_CLOSELY:]), key=lambda candidate: -candidate.score))


def read_closely(reranker: Reranker, search: Search, ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """Score every sentence of the passages that have more than one, all in one go.

    The score of a passage of one sentence is that of its sentence.
    """
    sentences = [
        (candidate, sentence)
        for candidate in ranked
        if len(candidate.stored.passage.sentences) > 1
        for sentence in candidate.stored.passage.sentences
    ]
    scores = _score(
        reranker,
        search,
        [_words_of(candidate.stored, sentence) for candidate, sentence in sentences],
        names_of=[candidate.stored.titled_text for candidate, _ in sentences],
    )
    best = {
        candidate.stored.passage_id: dataclasses.replace(candidate, sentence_score=candidate.passage_score)
        if len(candidate.stored.passage.sentences) == 1
        else candidate
        for candidate in ranked
    }
    for (candidate, sentence), score in zip(sentences, scores, strict=True):
        passage_id = candidate.stored.passage_id
        so_far = best[passage_id].sentence_score
        if so_far is None or score > so_far:
            best[passage_id] = dataclasses.replace(
                candidate, best_sentence=sentence, sentence_score=float(score)
            )
    return tuple(best.values())


def _score(
    reranker: Reranker, search: Search, texts: Sequence[str], *, names_of: Sequence[str]
) -> FloatArray:
    """Score texts by the mean of all readings; each is asked in the names of the passage that it is from."""
    readings = [
        reranker.score(
            [(reading.wording_for(names), text) for text, names in zip(texts, names_of, strict=True)]
        )
        for reading in search.readings
    ]
    mean: FloatArray = np.mean(readings, axis=0, dtype=np.float32)
    return mean


def _words_of(stored: StoredPassage, sentence: Span) -> str:
    """Return a sentence's words: its span counts from the statement's start, the text from the passage's."""
    start = stored.passage.span.start
    return stored.text[sentence.start - start : sentence.end - start].strip()
