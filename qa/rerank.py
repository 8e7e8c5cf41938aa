"""The order of passages by how well they answer, as a cross-encoder that reads question and passage says."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from index.encoder import FloatArray
from index.store import StoredPassage
from index.types import Span
from qa.cross_encoder import Reranker
from qa.question import Search
from qa.spell_out import spell_out
from qa.topic import read_topic
from qa.types import Hit

NEARNESS_LEAD, OVERLAP_LEAD = 2.0, 1.5
"""Logits that the first passage of each search has in advance: where the cross-encoder is undecided, how the
passages were found decides. Found on three sets of questions, see BENCHMARKS.md."""

JUDGED = 10
"""How many of the best passages are judged, if no more quotes are asked for."""

JUDGE_COUNTS = 2.0
"""How many times the logit of the judge counts in the order, found on the same sets: its logits lie nearer to
each other than those of the cross-encoder, and tell more."""

JUDGED_YES, MANY = 2.0, 100
"""The logit from which the judge has said that a passage answers. Among so many passages or more, which are
about many subjects, the cross-encoder that ranks tells better which of them is best; see BENCHMARKS.md."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A passage that the cross-encoder has read. Its `logit` and all that is added to it: higher is better.

    Of several readings of the question `logit` is the mean, and `best` that of the one it answers best.
    `lead` is what the passage has in advance for how it was found, and `judged` the logit of the judge, None
    if that has not read it, of which `most` counts at most.
    """

    stored: StoredPassage
    logit: float
    best: float
    lead: float = 0.0
    judged: float | None = None
    most: float = math.inf

    @property
    def score(self) -> float:
        """What the passage is ranked by."""
        return self.logit + self.lead + JUDGE_COUNTS * min(self.judged or 0.0, self.most)


def rerank(
    reranker: Reranker, search: Search, hits: Sequence[Hit], passages: Sequence[StoredPassage]
) -> tuple[Ranked, ...]:
    """Order passages by how well they answer, best first.

    `passages` are those of `hits`. Each is asked in its own names for things (see `Search.wording_for`).
    """
    texts = [passage.titled_text for passage in passages]
    readings = _score_readings(reranker, search, texts, names_of=texts)
    ranked = [
        Ranked(
            stored=passage,
            logit=float(logits.mean(dtype=np.float32)),
            best=float(logits.max()),
            lead=NEARNESS_LEAD * hit.nearness + OVERLAP_LEAD * hit.overlap,
        )
        for hit, passage, logits in zip(hits, passages, readings.T, strict=True)
    ]
    return tuple(sorted(ranked, key=lambda candidate: -candidate.score))


def judge(
    judging: Reranker | None, search: Search, ranked: Sequence[Ranked], *, limit: int, among: int = 0
) -> tuple[Ranked, ...]:
    """Have the first `limit` passages judged, and order them by what both models say; the rest come after.

    Without a judge of its own the cross-encoder judges what it ranked. `among` says how many passages were
    searched: see `JUDGED_YES`.
    """
    best, rest = ranked[:limit], ranked[limit:]
    texts = [candidate.stored.titled_text for candidate in best]
    logits = (
        [candidate.logit for candidate in best]
        if judging is None
        else _score(judging, search, texts, names_of=texts).tolist()
    )
    most = JUDGED_YES if among >= MANY else math.inf
    judged = [
        dataclasses.replace(candidate, judged=logit, most=most)
        for candidate, logit in zip(best, logits, strict=True)
    ]
    return (*sorted(judged, key=lambda candidate: -candidate.score), *rest)


def find_sentences(reranker: Reranker, search: Search, passages: Sequence[StoredPassage]) -> list[Span]:
    """Return of each passage the sentence that answers best, the first of equals.

    Where the question asks what is said about something, one that names it, if there is one.
    """
    sentences = [
        (passage, sentence)
        for passage in passages
        if len(passage.passage.sentences) > 1
        for sentence in _list_telling(search, passage)
    ]
    logits = _score(
        reranker,
        search,
        [passage.words_of(sentence) for passage, sentence in sentences],
        names_of=[passage.titled_text for passage, _ in sentences],
    )
    best = {passage.passage_id: (-math.inf, passage.passage.sentences[0]) for passage in passages}
    for (passage, sentence), logit in zip(sentences, logits, strict=True):
        if logit > best[passage.passage_id][0]:
            best[passage.passage_id] = float(logit), sentence
    return [best[passage.passage_id][1] for passage in passages]


def _list_telling(search: Search, stored: StoredPassage) -> Sequence[Span]:
    """Return the sentences that name what the question asks to read all about; all, if none does."""
    topic = read_topic(search.readings[0].text) or ""
    terms = [term for term in search.terms if term.text in topic]
    telling = [
        sentence
        for sentence in stored.passage.sentences
        if any(term.find_name(stored.words_of(sentence)) for term in terms)
    ]
    return telling or stored.passage.sentences


def _score(
    reranker: Reranker, search: Search, texts: Sequence[str], *, names_of: Sequence[str]
) -> FloatArray:
    """Score texts by the mean of all readings; each is asked in the names of the passage that it is from."""
    mean: FloatArray = _score_readings(reranker, search, texts, names_of=names_of).mean(
        axis=0, dtype=np.float32
    )
    return mean


def _score_readings(
    reranker: Reranker, search: Search, texts: Sequence[str], *, names_of: Sequence[str]
) -> FloatArray:
    """Return the logits of texts, shape ``(len(search.readings), len(texts))``."""
    spelled = [spell_out(text, search.acronyms) for text in texts]
    return np.array(
        [
            reranker.score(
                [(reading.wording_for(names), text) for text, names in zip(spelled, names_of, strict=True)]
            )
            for reading in search.readings
        ],
        dtype=np.float32,
    )
