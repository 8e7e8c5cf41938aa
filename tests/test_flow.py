"""From a folder of statements to quotes, over the whole way and with the default models."""

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from index.build import build_index
from index.encoder import Encoder
from index.store import open_index
from index.types import BuildSettings
from qa.answer import Answerer
from qa.cross_encoder import Reranker
from qa.types import Answer, Question

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared" / "data" / "joint-statements"
QUESTIONS = 2000
WHALES = "Joint Statement\n\nThe Ministers counted 41 whales off Hokkaido. They will count again in spring.\n"


class Archive:
    """A folder of statements, its index and an answerer that stays open."""

    def __init__(
        self, seeds: Path, store: Path, encoder: Encoder, reranker: Reranker, judge: Reranker | None = None
    ) -> None:
        self.seeds, self._store, self._encoder = seeds, store, encoder
        self.rebuild()
        self.answerer = Answerer(lambda: open_index(store), encoder, reranker, judge=judge)

    def rebuild(self) -> str:
        report = build_index(
            self.seeds,
            self._store,
            settings=BuildSettings(),
            load_encoder=lambda _: self._encoder,
            model_id=lambda _: self._encoder.model_id,
        )
        return str(report)

    def ask(self, text: str) -> Answer:
        return self.answerer.answer(Question(text=text))


@pytest.fixture
def archive(
    seeds_copy: Path,
    tmp_path: Path,
    default_encoder: Encoder,
    default_reranker: Reranker,
    default_judge: Reranker,
) -> Archive:
    """Return a copy of the seeds, asked with the default models."""
    return Archive(seeds_copy, tmp_path / "store", default_encoder, default_reranker, default_judge)


@pytest.mark.model
def test_a_new_file_is_quoted_without_a_restart_and_a_removed_one_never_again(archive: Archive) -> None:
    asked = "How many whales were counted?"
    assert not archive.ask(asked).answered

    new = archive.seeds / "2025" / "whales.txt"
    new.parent.mkdir()
    new.write_text(WHALES, encoding="utf-8")
    assert archive.rebuild() == "3 statements, 13 passages; 1 added, 0 changed, 0 removed, 2 unchanged"
    first = archive.ask(asked).quotes[0]
    assert first.emphasis.of(WHALES) == "The Ministers counted 41 whales off Hokkaido."
    assert first.citation.source == "seeds/2025/whales.txt"

    new.unlink()
    assert archive.rebuild() == "2 statements, 12 passages; 0 added, 0 changed, 1 removed, 2 unchanged"
    assert not archive.ask(asked).answered
    everything = "The Ministers counted 41 whales off Hokkaido. They will count again in spring."
    assert all(quote.citation.source != first.citation.source for quote in archive.ask(everything).quotes)


@pytest.mark.model
def test_the_words_of_the_source_come_with_its_typing_errors(archive: Archive) -> None:
    quote = archive.ask("Whose nuclear rhetoric is threatening?").quotes[0]
    assert "nuclearrhetoric" in quote.text
    source = (archive.seeds / quote.citation.source.removeprefix("seeds/")).read_bytes().decode()
    assert quote.text == source[quote.citation.span.start : quote.citation.span.end]


@pytest.mark.model
def test_whether_something_is_mentioned_is_answered_by_where_it_is(archive: Archive) -> None:
    for asked, said in (
        ("Is Ukraine mentioned?", "aggression against Ukraine"),
        ("Do the statements mention missiles?", "missile"),
        ("Is there any mention of the war in Ukraine?", "aggression against Ukraine"),
        ("Which statement mentions Kumamoto?", "Kumamoto prefecture"),
    ):
        answer = archive.ask(asked)
        assert said in answer.quotes[0].text
        assert answer.question.text == asked
    for asked, missing in (
        ("Is Taiwan mentioned?", "Taiwan"),
        ("Do the statements say anything about climate change?", "climate change"),
        ("Are any submarines mentioned?", "submarines"),
    ):
        assert archive.ask(asked).reason == f"None of the 2 statements mentions {missing}."


@pytest.mark.model
def test_the_two_commands_from_a_shell(seeds_copy: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", *arguments, "--index", str(store)]
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=REPOSITORY, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    built = run("index", "--seeds", str(seeds_copy))
    assert "2 statements, 12 passages; 2 added, 0 changed, 0 removed, 0 unchanged" in built
    answer = json.loads(run("qa", "ask", "Is Beijing open about its nuclear buildup?", "--json"))
    assert answer["answered"]
    assert answer["reason"] is None
    assert "without adequate transparency" in answer["quotes"][0]["text"]
    assert "PRC" in answer["matched_aliases"]["Beijing"]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the development data is not here")
@pytest.mark.timeout(1200)
def test_every_quote_from_250_statements_is_whole_sentences_of_its_file(
    tmp_path: Path, hashing_encoder: Encoder, overlap_reranker: Reranker
) -> None:
    archive = Archive(SHARED, tmp_path / "store", hashing_encoder, overlap_reranker)
    texts = {path.name: path.read_bytes().decode() for path in SHARED.glob("*.md")}
    paragraphs = [part for text in texts.values() for part in re.split(r"\n\s*\n", text) if len(part) > 80]
    draw = random.Random(7)  # noqa: S311 - a seed, so that a failure can be seen again
    quoted = 0
    for _ in range(QUESTIONS):
        words = draw.choice(paragraphs).split()
        start = draw.randrange(max(1, len(words) - 8))
        for quote in archive.ask(" ".join(words[start : start + draw.randint(3, 12)]) + " x").quotes:
            text = texts[Path(quote.citation.source).name]
            for span in (quote.citation.span, quote.emphasis):
                assert begins_a_sentence(text, span.start), text[span.start - 60 : span.end]
                assert ends_a_sentence(text, span.end), text[span.start : span.end + 60]
            assert quote.text == text[quote.citation.span.start : quote.citation.span.end]
            quoted += 1
    assert quoted > QUESTIONS


# Said by the characters alone, knowing nothing of how passages are made: a sentence begins after the end of
# another or with a line, and ends with a mark or with its line.
BEFORE_A_SENTENCE = re.compile(
    r"(?:\A|\n[\s>*_#+-]*|[.!?:;…。][\])}\"'”’*_\d\u200b]*[\s\u200b]*[*_\"“‘(\[]*)\Z"
)
END_MARK = re.compile(r"[.!?:;…。][\])}\"'”’*_\s\u200b]*\Z")
LINE_END = re.compile(r"[^\S\n]*(?:\n|\Z)")


def begins_a_sentence(text: str, at: int) -> bool:
    return not text[at].isspace() and BEFORE_A_SENTENCE.search(text[max(0, at - 40) : at]) is not None


def ends_a_sentence(text: str, at: int) -> bool:
    marked = END_MARK.search(text[max(0, at - 40) : at]) or LINE_END.match(text, at)
    return not text[at - 1].isspace() and marked is not None
