"""Every kind of fault that an index on disk can have is found and said in one line."""

import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.encoder import Encoder
from index.errors import NoIndexError
from index.rows import SplitStatement, passage_row, searchable_text, statement_row
from index.seal import write_seal
from index.types import Passage, Span, Statement
from index.verify import find_faults
from index.writer import open_writer

FRONT = "---\ntitle: x\n---\n"
TEXT = FRONT + "The two sides met. They talked.\n\nBoth agreed."


def make_passages(*bounds: int) -> Iterator[Passage]:
    for start, end in itertools.pairwise(bounds):
        span = Span(start=start, end=end)
        yield Passage(statement_id="a", paragraph=1, span=span, sentences=(span,), kind="body")


def make_statement(passages: tuple[Passage, ...]) -> SplitStatement:
    statement = Statement(
        statement_id="a",
        title="A",
        issuer=None,
        date=None,
        place=None,
        language=None,
        source="seeds/a.txt",
        url=None,
        sha256="",
        text=TEXT,
        front_matter=Span(start=0, end=len(FRONT)),
    )
    return SplitStatement(statement=statement, passages=passages, fingerprint="")


def write(directory: Path, encoder: Encoder, split: SplitStatement) -> Path:
    texts = [searchable_text(each.span.of(TEXT)) for each in split.passages]
    with open_writer(directory) as store:
        store.put_vectors(texts, encoder.encode_passages(texts), encoder.model_id)
        store.commit(
            added=[split],
            removed=[],
            settings=store.settings,
            embedder_id=encoder.model_id,
            seeds="/seeds",
            announce=lambda _: None,
        )
    return directory


@pytest.fixture
def whole() -> SplitStatement:
    return make_statement(tuple(make_passages(len(FRONT), 36, len(TEXT))))


@pytest.fixture
def directory(tmp_path: Path, hashing_encoder: Encoder, whole: SplitStatement) -> Path:
    return write(tmp_path / "store", hashing_encoder, whole)


def change(directory: Path, query: str, *values: object) -> None:
    """Change the database as if the last build had written it so."""
    connection = sqlite3.connect(directory / "statements.sqlite")
    connection.execute("PRAGMA ignore_check_constraints = on")
    assert connection.execute(query, values).rowcount
    connection.commit()
    connection.close()
    write_seal(directory)


def test_a_sound_index_has_no_faults(directory: Path) -> None:
    assert find_faults(directory) == []


def test_no_index_is_no_fault(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError):
        find_faults(tmp_path)


@pytest.mark.parametrize("bounds", [(len(FRONT), len(TEXT)), (0, len(TEXT)), (0, len(FRONT), len(TEXT))])
def test_front_matter_may_be_in_a_passage_or_not(
    tmp_path: Path, hashing_encoder: Encoder, bounds: tuple[int, ...]
) -> None:
    assert find_faults(write(tmp_path, hashing_encoder, make_statement(tuple(make_passages(*bounds))))) == []


@pytest.mark.parametrize(
    "passages",
    [
        tuple(make_passages(len(FRONT), 36)),
        tuple(make_passages(len(FRONT) + 1, len(TEXT))),
        (*make_passages(len(FRONT), 36), *make_passages(37, len(TEXT))),
        (*make_passages(len(FRONT), 36), *make_passages(35, len(TEXT))),
    ],
)
def test_passages_that_are_not_the_whole_statement(
    tmp_path: Path, hashing_encoder: Encoder, passages: tuple[Passage, ...]
) -> None:
    assert find_faults(write(tmp_path, hashing_encoder, make_statement(passages))) == [
        "The passages of a are not the whole statement."
    ]


def test_sentences_that_are_not_the_whole_passage(tmp_path: Path, hashing_encoder: Encoder) -> None:
    (passage,) = make_passages(len(FRONT), len(TEXT))
    cut = Passage(
        statement_id="a",
        paragraph=1,
        span=passage.span,
        sentences=(Span(start=len(FRONT), end=30), Span(start=31, end=len(TEXT))),
        kind="body",
    )
    assert find_faults(write(tmp_path, hashing_encoder, make_statement((cut,)))) == [
        "The sentences of passage 1 of a are not all of it."
    ]


def test_words_that_changed(directory: Path) -> None:
    change(directory, "UPDATE passages SET text = replace(text, 'met', 'bet') WHERE passage_id = 1")
    assert find_faults(directory) == [
        "The word index does not belong to the passages.",
        "A row is not what was written there.",
    ]


def test_posting_lists_that_changed(directory: Path) -> None:
    change(directory, "DELETE FROM posting_lists WHERE rowid = 1")
    assert find_faults(directory) == ["The posting lists are not those of the word index."]


def test_words_that_changed_and_were_sealed_again(directory: Path, whole: SplitStatement) -> None:
    other = passage_row(whole.passages[0], TEXT.replace("met", "bet"))
    change(
        directory,
        "UPDATE passages SET content_hash = ?, text = ?, seal = ? WHERE passage_id = 1",
        *other[-3:],
    )
    faults = find_faults(directory)
    assert "Passage 1 of a has other words than the statement." in faults
    assert "There is no vector for passage 1 of a." in faults


@pytest.mark.parametrize("column", ["title", "source", "sha256", "text", "date"])
def test_a_statement_that_changed(directory: Path, column: str) -> None:
    change(directory, f"UPDATE statements SET {column} = '2024-07-28'")  # noqa: S608 - the names above
    faults = find_faults(directory)
    assert faults[-1].endswith("is not what was written there.")
    assert len(faults) == (2 if column == "title" else 1)  # a title is in the word index too


def test_a_statement_that_is_gone(directory: Path) -> None:
    change(directory, "DELETE FROM statements")
    assert find_faults(directory) == [
        "The word index does not belong to the passages.",
        "Row 1 of passages belongs to no statement.",
        "Row 2 of passages belongs to no statement.",
    ]


def test_a_statement_without_its_passages(directory: Path, whole: SplitStatement) -> None:
    row = ("b", *statement_row(whole)[1:])
    marks = ", ".join("?" * len(row))
    change(directory, f"INSERT INTO statements VALUES ({marks})", *row)  # noqa: S608 - question marks
    assert find_faults(directory) == ["A row is not what was written there."]


@pytest.mark.parametrize(
    ("vector", "fault"),
    [
        (np.zeros(64, dtype="<f4").tobytes(), "The vector of passage 1 of a is not of length 1."),
        (np.full(64, np.nan, dtype="<f4").tobytes(), "The vector of passage 1 of a is not of length 1."),
        (b"1234", "The vector of passage 1 of a has not 64 numbers."),
        (b"", "The vector of passage 1 of a has not 64 numbers."),
    ],
)
def test_a_vector_that_is_none(directory: Path, vector: bytes, fault: str) -> None:
    change(directory, "UPDATE vectors SET vector = ? WHERE vector_id = 1", vector)
    assert find_faults(directory) == [fault]


def test_a_vector_that_is_gone(directory: Path) -> None:
    change(directory, "DELETE FROM vectors WHERE vector_id = 2")
    assert find_faults(directory) == ["There is no vector for passage 2 of a."]


def test_a_cache_that_is_damaged(directory: Path) -> None:
    (directory / "vectors" / "1.faiss").write_bytes(b"?")
    (fault,) = find_faults(directory)
    assert "1.faiss is not what was written there" in fault


def test_a_database_that_is_damaged(directory: Path) -> None:
    path = directory / "statements.sqlite"
    content = path.read_bytes()
    path.write_bytes(content[:-4096] + b"\xff" * 4096)
    assert find_faults(directory)
