"""Which vector file a build gets: kept or made anew, of which kind, and what is said of it."""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np
import pytest

from index.encoder import FloatArray
from index.rows import SplitStatement, searchable_text
from index.seal import remove_seal
from index.stamps import take_stamp
from index.store import open_index
from index.types import BuildSettings, Passage, Span, Statement, VectorChoice, VectorKind
from index.vectors import KINDS
from index.verify import find_faults
from index.writer import open_writer

DIMENSION = 24
PASSAGES = 40


class WordEncoder:
    """Any text lies in a direction of its own."""

    model_id = "random@1"

    def encode_passages(self, texts: Collection[str]) -> FloatArray:
        return np.stack([self.encode_question(text) for text in texts])

    def encode_question(self, text: str) -> FloatArray:
        vector = np.random.default_rng(list(text.encode())).normal(size=DIMENSION)
        unit: FloatArray = (vector / np.linalg.norm(vector)).astype(np.float32)
        return unit


ENCODER = WordEncoder()


def make_statement(statement_id: str, passages: int = PASSAGES) -> SplitStatement:
    lines = [f"Line {number} of {statement_id}.\n" for number in range(passages)]
    ends = np.cumsum([len(line) for line in lines]).tolist()
    spans = [Span(start=end - len(line), end=end) for line, end in zip(lines, ends, strict=True)]
    cut = (
        Passage(statement_id=statement_id, paragraph=number, span=span, sentences=(span,), kind="body")
        for number, span in enumerate(spans, start=1)
    )
    statement = Statement(
        statement_id=statement_id,
        title=statement_id,
        issuer=None,
        date=None,
        place=None,
        language=None,
        source=f"seeds/{statement_id}.txt",
        url=None,
        sha256="",
        text="".join(lines),
    )
    return SplitStatement(statement=statement, passages=tuple(cut), fingerprint=statement_id)


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., tuple[str, ...]]:
    """Return a function that builds one more time and returns the notes."""

    def build(
        *added: SplitStatement, removed: Collection[str] = (), vectors: VectorChoice = "auto"
    ) -> tuple[str, ...]:
        with open_writer(tmp_path) as store:
            for split in added:
                texts = [searchable_text(each.span.of(split.statement.text)) for each in split.passages]
                store.put_vectors(texts, ENCODER.encode_passages(texts), ENCODER.model_id)
            store.commit(
                added=added,
                removed=removed,
                settings=BuildSettings(vectors=vectors),
                embedder_id=ENCODER.model_id,
                seeds="/seeds",
                announce=lambda _: None,
            )
            return store.notes

    return build


@pytest.fixture
def small_threshold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take "flat" to 50 passages."""
    monkeypatch.setattr("index.suiting.MOST_FLAT", 50)


def current(directory: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads((directory / "CURRENT").read_text())
    assert [path.name for path in (directory / "vectors").iterdir()] == [f"{content['written']}.faiss"]
    return content


def check_found(directory: Path) -> None:
    """Compare what is found with all vectors there are, with a filter and without."""
    with open_index(directory) as index:
        assert index.cache is not None
        allowed = frozenset(index.passage_ids(statement_id=index.statements()[0].statement_id) or ())
        everything = frozenset().union(
            *(index.passage_ids(statement_id=each.statement_id) or () for each in index.statements())
        )
        assert index.passage_count == len(everything)
        stored = index.passages(sorted(everything))
        exact = {
            each.passage_id: ENCODER.encode_question(each.text.strip()).astype(np.float64) for each in stored
        }
        for word in ("one", "two", "three"):
            question = ENCODER.encode_question(word)
            for within in (None, allowed):
                scores = {each: float((exact[each] * question).sum()) for each in within or everything}
                best = sorted(scores, key=lambda each: (-scores[each], each))[:10]
                found = index.search_vectors(question, 10, within)
                assert [each for each, _ in found] == best
                assert [score for _, score in found] == pytest.approx([scores[each] for each in best])
    assert find_faults(directory) == []


@pytest.mark.parametrize(("statements", "kind"), [(1, "flat"), (2, "rabitq")])
@pytest.mark.usefixtures("small_threshold")
def test_the_kind_goes_by_the_number_of_passages(
    tmp_path: Path, build: Callable[..., tuple[str, ...]], statements: int, kind: VectorKind
) -> None:
    assert build(*(make_statement(f"s{number}") for number in range(statements))) == ()
    content = current(tmp_path)
    assert content["file"]["kind"] == kind  # type: ignore[index]
    assert content["recall"] >= 0.99  # type: ignore[operator]
    check_found(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_can_be_chosen(
    tmp_path: Path, build: Callable[..., tuple[str, ...]], kind: VectorKind
) -> None:
    build(make_statement("a"))
    build(vectors=kind)
    assert current(tmp_path)["file"]["kind"] == kind  # type: ignore[index]
    check_found(tmp_path)
    build(make_statement("b"), vectors=kind)
    assert current(tmp_path)["file"]["kind"] == kind  # type: ignore[index]
    check_found(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_kept_while_little_changes(
    tmp_path: Path, build: Callable[..., tuple[str, ...]], kind: VectorKind
) -> None:
    build(*(make_statement(f"s{number}") for number in range(9)), vectors=kind)
    build(make_statement("more"), vectors=kind)
    build(removed=["s3"], vectors=kind)
    assert (current(tmp_path)["generation"], current(tmp_path)["written"]) == (3, 1)
    check_found(tmp_path)
    build(make_statement("and more"), vectors=kind)
    assert current(tmp_path)["written"] == 4
    check_found(tmp_path)


@pytest.mark.usefixtures("small_threshold")
def test_a_kind_of_an_earlier_version_gives_way_to_what_suits(
    tmp_path: Path, build: Callable[..., tuple[str, ...]]
) -> None:
    build(make_statement("a"), make_statement("b"), vectors="hnsw")
    content = current(tmp_path)
    assert content["file"]["kind"] == "rabitq"  # type: ignore[index]
    content["file"]["kind"] = "hnsw"  # type: ignore[index]
    (tmp_path / "CURRENT").write_text(json.dumps(content | {"measured": 80}))
    build(make_statement("c"), vectors="hnsw")
    assert current(tmp_path)["written"] == 2
    check_found(tmp_path)


def test_a_file_is_made_anew_when_much_is_gone(tmp_path: Path, build: Callable[..., tuple[str, ...]]) -> None:
    build(*(make_statement(f"s{number}") for number in range(9)))
    build(removed=["s1"])
    assert current(tmp_path)["written"] == 1
    check_found(tmp_path)
    build(removed=["s2"])
    assert current(tmp_path)["written"] == 3
    check_found(tmp_path)


def test_a_kept_file_that_is_damaged_is_made_anew(
    tmp_path: Path, build: Callable[..., tuple[str, ...]]
) -> None:
    build(*(make_statement(f"s{number}") for number in range(9)))
    path = tmp_path / "vectors" / "1.faiss"
    content = bytearray(path.read_bytes())
    content[-9] ^= 1
    path.write_bytes(content)
    build(make_statement("more"))
    assert current(tmp_path)["written"] == 2
    check_found(tmp_path)


def test_damage_without_a_trace_is_not_covered_up(
    tmp_path: Path, build: Callable[..., tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build reads a kept file only if it looks as if it had changed, and leaves its checksum as it was."""
    monkeypatch.setattr("index.stamps._TICK_NS", 0)
    build(*(make_statement(f"s{number}") for number in range(9)))
    path = tmp_path / "vectors" / "1.faiss"
    content = bytearray(path.read_bytes())
    content[-9] ^= 1
    path.write_bytes(content)
    with (
        open_writer(tmp_path),
        contextlib.closing(sqlite3.connect(tmp_path / "statements.sqlite")) as database,
    ):
        remove_seal(tmp_path)
        database.execute("REPLACE INTO seen_cache VALUES (1, ?)", (take_stamp(path.parent, path),))
        database.commit()
    build(make_statement("more"))
    assert current(tmp_path)["written"] == 1
    assert find_faults(tmp_path) == [f"{path} is not what was written there (its checksum differs)."]


def test_a_kind_that_finds_too_little_gives_way_to_a_safer_one(
    tmp_path: Path,
    build: Callable[..., tuple[str, ...]],
    small_threshold: None,  # noqa: ARG001 - a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.suiting.LEAST_RECALL", 1.01)
    notes = build(*(make_statement(f"s{number}") for number in range(3)))
    kinds = ["rabitq at effort 1000", "rabitq at effort 2000", "rabitq at effort 4000", "fp16", "flat"]
    assert [note.split(" find ")[0] for note in notes] == [f"Vectors of kind {kind}" for kind in kinds]
    assert current(tmp_path)["file"]["kind"] == "flat"  # type: ignore[index]
    check_found(tmp_path)


def test_a_kind_that_was_chosen_is_kept_and_said_to_find_little(
    tmp_path: Path, build: Callable[..., tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.nearest.CANDIDATES", 10)
    monkeypatch.setattr("index.suiting.EFFORTS", (1, 400))
    (note, *_) = build(*(make_statement(f"s{number}") for number in range(9)), vectors="rabitq")
    assert "rabitq at effort 1 " in note
    content = current(tmp_path)
    assert (content["file"]["kind"], content["effort"]) == ("rabitq", 400)  # type: ignore[index]


def every_byte(path: Path, step: int) -> Iterator[None]:
    whole = path.read_bytes()
    for place in range(0, len(whole), step):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        yield
    path.write_bytes(whole)


@pytest.mark.parametrize("hashed", [0, 10**9])
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_never_gives_a_passage_another_s_score(
    tmp_path: Path,
    build: Callable[..., tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
    kind: VectorKind,
    hashed: int,
) -> None:
    """A small file is not believed at all; of a large one a flipped byte hides a passage at worst."""
    build(make_statement("a"), vectors=kind)
    monkeypatch.setattr("index.vectors.HASHED_BYTES", hashed)
    question = ENCODER.encode_question("one")
    with open_index(tmp_path) as index:
        exact = index.search_vectors(question, PASSAGES)
    path = tmp_path / "vectors" / "1.faiss"
    for _ in every_byte(path, 1 + path.stat().st_size // 60):
        assert len(find_faults(tmp_path)) == 1
        with open_index(tmp_path) as index:
            found = index.search_vectors(question, PASSAGES)
        assert set(found) <= set(exact)
        assert len(found) >= PASSAGES - (1 if hashed == 0 else 0)
