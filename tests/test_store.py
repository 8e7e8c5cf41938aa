"""The index on disk, written by a `StoreWriter` and read by an `Index`: views, filters, damage, locks."""

import contextlib
import datetime
import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.encoder import Encoder
from index.errors import (
    DamagedIndexError,
    IndexBusyError,
    IndexStoreError,
    ModelMismatchError,
    NoIndexError,
    QuestionError,
    StatementsError,
)
from index.rows import SplitStatement, searchable_text
from index.seal import is_sealed, remove_seal, write_seal
from index.store import FORMAT_VERSION, Index, open_index, read_settings
from index.types import BuildSettings, Passage, PassageKind, Span, Statement
from index.verify import find_faults
from index.writer import StoreWriter, open_writer

JULY = (
    "Heading\n\nThe two sides met in Tokyo. They discussed deterrence.\n\n"
    "Japan thanked\0 the United States 🗾.\n\n© nobody"
)
DECEMBER = "Heading\n\nThe dialogue took place in Tokyo.\n\nBoth sides will meet again."


def split(statement_id: str, text: str, **known: object) -> SplitStatement:
    """Cut at blank lines and after full stops: the first paragraph is a heading, one with © a publisher's."""
    fields: dict[str, object] = {
        "title": f"Title of {statement_id}",
        "issuer": "Ministry",
        "date": datetime.date(2024, 7, 28),
        "place": "Tokyo",
        "language": "en",
        "source": f"seeds/{statement_id}.txt",
        "url": None,
        "sha256": "0" * 64,
        "inferred": frozenset({"date"}),
    }
    fields |= known
    statement = Statement(statement_id=statement_id, text=text, **fields)  # type: ignore[arg-type]
    return SplitStatement(
        statement=statement, passages=tuple(cut(statement)), fingerprint=f"fingerprint of {text}"
    )


def cut(statement: Statement) -> Iterator[Passage]:
    start = 0
    for number, paragraph in enumerate(statement.text.split("\n\n")):
        end = min(start + len(paragraph) + 2, len(statement.text))
        stop = statement.text.find(". ", start, end)
        bounds = [start, end] if stop < 0 else [start, stop + 2, end]
        kind: PassageKind = "publisher" if "©" in paragraph else "heading" if number == 0 else "body"
        yield Passage(
            statement_id=statement.statement_id,
            paragraph=max(number, 1),
            span=Span(start=start, end=end),
            sentences=tuple(Span(start=one, end=two) for one, two in itertools.pairwise(bounds)),
            kind=kind,
        )
        start = end


def embed(store: StoreWriter, encoder: Encoder, splits: Iterable[SplitStatement]) -> None:
    texts = [
        searchable_text(passage.span.of(each.statement.text)) for each in splits for passage in each.passages
    ]
    store.put_vectors(texts, encoder.encode_passages(texts), encoder.model_id)


def commit(
    store: StoreWriter,
    encoder: Encoder,
    *added: SplitStatement,
    removed: Collection[str] = (),
    settings: BuildSettings | None = None,
) -> None:
    if added:
        embed(store, encoder, added)
    store.commit(
        added=added,
        removed=removed,
        settings=settings or store.settings,
        embedder_id=encoder.model_id,
        seeds="/seeds",
        announce=lambda _: None,
    )


def awaiting(store: StoreWriter, texts: Sequence[str], model_id: str) -> set[str]:
    store.await_vectors(texts, model_id)
    return {text for batch in store.list_awaiting(3) for text in batch}


@pytest.fixture
def directory(tmp_path: Path, hashing_encoder: Encoder) -> Path:
    """Make an index of two statements."""
    directory = tmp_path / "store"
    with open_writer(directory) as store:
        commit(store, hashing_encoder, split("july", JULY), split("december", DECEMBER))
    return directory


def texts_found(index: Index, encoder: Encoder, question: str) -> list[str]:
    found = index.search_vectors(encoder.encode_question(question), 99)
    return [stored.text for stored in index.passages([passage_id for passage_id, _ in found])]


def everything(index: Index, encoder: Encoder) -> tuple[object, ...]:
    """All that can be had from an index, in one value that can be compared."""
    found = index.search_vectors(encoder.encode_question("Tokyo"), 99)
    ids = sorted(passage_id for passage_id, _ in found)
    return (
        index.manifest,
        index.statements(),
        tuple(index.statement(each.statement_id) for each in index.statements()),
        index.passages(ids),
        found,
        index.search_words(["Tokyo", "sides"], 99),
    )


# ---- What is read is what was written -----------------------------------------------------------------


def test_statements_come_back_as_they_were(directory: Path) -> None:
    with open_index(directory) as index:
        assert index.statement("july") == split("july", JULY).statement
        assert [each.statement_id for each in index.statements()] == ["december", "july"]
        july = index.statements()[1]
        assert (july.title, july.issuer, july.passages) == ("Title of july", "Ministry", 2)
        assert (july.date, july.inferred) == (datetime.date(2024, 7, 28), frozenset({"date"}))


def test_every_field_of_a_statement_comes_back(tmp_path: Path, hashing_encoder: Encoder) -> None:
    odd = split(
        "folder/odd '\"",
        JULY,
        issuer=None,
        date=None,
        place=None,
        language=None,
        url="https://example.org/?a=1&b='",
        pages=(Span(start=0, end=9), Span(start=9, end=len(JULY))),
        front_matter=Span(start=0, end=4),
        encoding="shift_jis",
        inferred=frozenset[str](),
    )
    with open_writer(tmp_path) as store:
        commit(store, hashing_encoder, odd)
    with open_index(tmp_path) as index:
        assert index.statement("folder/odd '\"") == odd.statement


def test_passages_come_back_with_their_texts(directory: Path, hashing_encoder: Encoder) -> None:
    with open_index(directory) as index:
        ids = [passage_id for passage_id, _ in index.search_vectors(hashing_encoder.encode_question("x"), 99)]
        stored = {each.passage_id: each for each in index.passages(ids)}
        expected = [each for each in split("july", JULY).passages if each.kind == "body"]
        found = [each for each in stored.values() if each.passage.statement_id == "july"]
        assert sorted((each.passage for each in found), key=lambda each: each.span) == expected
        assert all(each.text == each.passage.span.of(JULY) for each in found)
        assert [each.passage_id for each in index.passages(ids[::-1])] == ids[::-1]
        with pytest.raises(KeyError):
            index.passages([10**9])


def test_only_the_body_is_found(directory: Path, hashing_encoder: Encoder) -> None:
    with open_index(directory) as index:
        assert index.passage_count == 4
        assert len(texts_found(index, hashing_encoder, "Heading nobody")) == 4
        assert index.search_words(["Heading"], 9) == []
        assert index.search_words(["nobody"], 9) == []
        assert index.document_frequency("Heading") == 0
        assert index.document_frequency("tokyo") == 2


def test_both_searches_find_and_can_be_narrowed(directory: Path, hashing_encoder: Encoder) -> None:
    with open_index(directory) as index:
        (nearest, _), *_ = index.search_vectors(hashing_encoder.encode_question("sides will meet again"), 3)
        assert index.passages([nearest])[0].text == "Both sides will meet again."
        july = index.passage_ids(statement_id="july")
        assert july is not None
        assert nearest not in july
        assert {i for i, _ in index.search_vectors(hashing_encoder.encode_question("meet"), 9, july)} == set(
            july
        )
        assert {i for i, _ in index.search_words(["sides", "meet", "Tokyo"], 9, july)} < set(july)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"since": datetime.date(2024, 7, 28)}, {"july", "december"}),
        ({"since": datetime.date(2024, 7, 29)}, {"december"}),
        ({"until": datetime.date(2024, 7, 28)}, {"july"}),
        ({"since": datetime.date(2025, 1, 1)}, set()),
        ({"issuer": "MINISTRY"}, {"july", "undated"}),
        ({"issuer": "minis"}, set()),
        ({"issuer": "\ud800"}, set()),
        ({"statement_id": "july", "issuer": "Department"}, set()),
        ({"statement_id": "\ud800"}, set()),
        ({"statement_id": "' OR 1=1 --"}, set()),
    ],
)
def test_filters(
    tmp_path: Path, hashing_encoder: Encoder, filters: dict[str, str], expected: set[str]
) -> None:
    with open_writer(tmp_path) as store:
        commit(
            store,
            hashing_encoder,
            split("july", JULY),
            split("december", DECEMBER, date=datetime.date(2024, 12, 13), issuer="Department"),
            split("undated", DECEMBER, date=None),
        )
    with open_index(tmp_path) as index:
        ids = index.passage_ids(**filters)  # type: ignore[arg-type]
        assert ids is not None
        found = index.passages(sorted(ids))
        assert {each.passage.statement_id for each in found} == expected
        assert {each.passage.kind for each in found} <= {"body"}
        assert index.passage_ids() is None


def test_the_vocabulary_is_of_what_can_be_found(directory: Path) -> None:
    with open_index(directory) as index:
        assert {"tokyo", "deterr", "both"} <= set(index.vocabulary)
        assert not {"head", "nobodi"} & set(index.vocabulary)


def test_exact_words_are_found_as_they_stand(directory: Path) -> None:
    with open_index(directory) as index:
        (found,) = index.find_words("thanked\0 the")
        assert index.passages([found])[0].text.startswith("Japan thanked")
        assert index.find_words("in Tokyo", statement_id="december") == index.find_words("dialogue")
        assert len(index.find_words("in Tokyo")) == 2
        for absent in ("in tokyo", "Heading", "%", "\ud800"):
            assert index.find_words(absent) == ()


@pytest.mark.parametrize(
    ("name", "mentioned"),
    [
        ("the united states", True),
        ("sides", True),  # as "side", too
        ("Headings", True),  # in a heading
        ("title of july", True),
        ("Ministries", True),  # in an issuer
        ("nobody", False),  # the publisher's words
        ("Taiwan", False),
        ('"', False),
        ("States United", False),
    ],
)
def test_what_is_mentioned_anywhere(directory: Path, name: str, mentioned: bool) -> None:  # noqa: FBT001
    with open_index(directory) as index:
        assert index.mentions(name) is mentioned
        assert index.mentions(name, statement_id="july") is mentioned


def test_what_one_statement_mentions_another_need_not(directory: Path) -> None:
    with open_index(directory) as index:
        assert index.mentions("dialogue", statement_id="december")
        assert not index.mentions("dialogue", statement_id="july")
        assert not index.mentions("dialogue", statement_id="nowhere")


def test_a_passage_is_found_by_the_title_of_its_statement(directory: Path) -> None:
    with open_index(directory) as index:
        found = index.passages([passage_id for passage_id, _ in index.search_words(["title of july"], 9)])
        assert {each.passage.statement_id for each in found} == {"july"}
        assert {each.title for each in found} == {"Title of july"}


@pytest.mark.parametrize("statement_id", ["nowhere", "", "\ud800", "' OR 1=1 --", "../july"])
def test_an_unknown_statement_is_said_to_be_unknown(directory: Path, statement_id: str) -> None:
    with open_index(directory) as index, pytest.raises(QuestionError, match="holds no statement"):
        index.statement(statement_id)


def test_a_vector_of_another_embedder_is_refused(directory: Path) -> None:
    with (
        open_index(directory) as index,
        pytest.raises(ModelMismatchError, match=r"hashing@1.*--embedder NAME"),
    ):
        index.search_vectors(np.ones(7, dtype=np.float32), 3)


# ---- Builds -------------------------------------------------------------------------------------------


def test_a_reader_keeps_its_view(directory: Path, hashing_encoder: Encoder) -> None:
    with open_index(directory) as old:
        before = everything(old, hashing_encoder)
        assert old.is_current()
        with open_writer(directory) as store:
            embed(store, hashing_encoder, [split("new", "Heading\n\nA third one.")])
            assert old.is_current()
            commit(store, hashing_encoder, split("new", "Heading\n\nA third one."), removed=["july"])
        assert not old.is_current()
        assert everything(old, hashing_encoder) == before
        with open_index(directory) as new:
            assert new.is_current()
            assert [each.statement_id for each in new.statements()] == ["december", "new"]
            assert new.manifest.generation == old.manifest.generation + 1


def test_a_touched_current_is_still_current(directory: Path) -> None:
    with open_index(directory) as index:
        os.utime(directory / "CURRENT", (1, 1))
        assert index.is_current()
        assert index.is_current()


def test_ids_are_never_used_again(directory: Path, hashing_encoder: Encoder) -> None:
    seen: set[int] = set()
    for _ in range(3):
        with open_index(directory) as index:
            ids = index.passage_ids(statement_id="july")
        assert ids is not None
        assert not ids & seen
        seen |= ids
        with open_writer(directory) as store:
            commit(store, hashing_encoder, split("july", JULY), removed=["july"])


def test_nothing_new_is_no_new_build(directory: Path, hashing_encoder: Encoder) -> None:
    before = {path: path.read_bytes() for path in (directory / "CURRENT", directory / "vectors" / "1.faiss")}
    with open_writer(directory) as store:
        commit(store, hashing_encoder)
    assert {path: path.read_bytes() for path in before} == before
    with open_index(directory) as index:
        assert index.manifest.generation == 1


def test_other_settings_are_a_new_build(directory: Path, hashing_encoder: Encoder) -> None:
    settings = BuildSettings(reranker="another")
    with open_writer(directory) as store:
        commit(store, hashing_encoder, settings=settings)
    assert read_settings(directory) == settings
    assert read_settings(directory / "nowhere") == BuildSettings()


def test_old_vector_files_are_removed(directory: Path, hashing_encoder: Encoder) -> None:
    with open_writer(directory) as store:
        commit(store, hashing_encoder, removed=["july"])
    assert [path.name for path in (directory / "vectors").iterdir()] == ["2.faiss"]


def test_vectors_are_kept_for_texts_that_come_back(directory: Path, hashing_encoder: Encoder) -> None:
    with open_writer(directory) as store:
        commit(store, hashing_encoder, removed=["july"])
        text = "Japan thanked\0 the United States 🗾."
        assert awaiting(store, [text, "unheard of"], "hashing@1") == {"unheard of"}
    with open_writer(directory) as store:
        assert awaiting(store, [text], "hashing@2") == {text}


def test_what_waits_for_a_vector_comes_once_and_the_longest_first(directory: Path) -> None:
    texts = ["short", "the longest of all", "short", "longer", "a nul \0 in it", "lonely"]
    with open_writer(directory) as store:
        store.await_vectors(texts, "hashing@1")
        store.await_vectors(texts[:2], "hashing@1")
        batches = list(store.list_awaiting(2))
        assert store.count_awaiting() == 5
    assert [len(batch) for batch in batches] == [2, 2, 1]
    lengths = [len(text.partition("\0")[0]) for batch in batches for text in batch]
    assert lengths == sorted(lengths, reverse=True)
    assert {text for batch in batches for text in batch} == set(texts)


def test_unused_vectors_do_not_pile_up(
    directory: Path, hashing_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.writer._UNUSED_VECTORS_KEPT", 3)
    with open_writer(directory) as store:
        texts = [f"text {number}" for number in range(20)]
        store.put_vectors(texts, hashing_encoder.encode_passages(texts), "hashing@1")
        commit(store, hashing_encoder, removed=["december"])
        assert awaiting(store, texts, "hashing@1") == set(texts[:17])
    assert find_faults(directory) == []


def test_a_build_without_its_vectors_is_not_committed(directory: Path, hashing_encoder: Encoder) -> None:
    with open_index(directory) as index:
        before = everything(index, hashing_encoder)
    with pytest.raises(DamagedIndexError, match="no vector"), open_writer(directory) as store:
        store.commit(
            added=[split("new", "Heading\n\nNot embedded.")],
            removed=["july"],
            settings=store.settings,
            embedder_id="hashing@1",
            seeds="/seeds",
            announce=lambda _: None,
        )
    with open_index(directory) as index:
        assert everything(index, hashing_encoder) == before


def test_one_writer_at_a_time(directory: Path, hashing_encoder: Encoder) -> None:
    with open_writer(directory), pytest.raises(IndexBusyError, match="Another build"), open_writer(directory):
        pass
    with open_writer(directory) as store:
        commit(store, hashing_encoder, removed=["july"])


def test_the_lock_dies_with_its_process(directory: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from index.writer import open_writer\n"
        "with open_writer(Path(sys.argv[1])): os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(directory)], check=False)  # noqa: S603 - ours
    assert done.returncode == 9
    with open_writer(directory):
        pass


def test_many_threads_may_ask_one_index(directory: Path, hashing_encoder: Encoder) -> None:
    with open_index(directory) as index:
        expected = everything(index, hashing_encoder)
        answers: list[object] = []
        threads = [
            threading.Thread(target=lambda: answers.append(everything(index, hashing_encoder)))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [expected] * 8


# ---- No index, another index, a damaged index ---------------------------------------------------------


def test_no_index_says_how_to_build_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoIndexError) as caught:
        open_index(tmp_path / "my index")
    assert str(caught.value) == f"No index yet. Build one with: python -m index --index '{tmp_path}/my index'"
    monkeypatch.setattr("index.database.DEFAULT_INDEX", tmp_path)
    with pytest.raises(NoIndexError) as caught:
        open_index(tmp_path)
    assert str(caught.value) == "No index yet. Build one with: python -m index"


def test_a_build_that_never_finished_is_no_index(tmp_path: Path, hashing_encoder: Encoder) -> None:
    with open_writer(tmp_path) as store:
        embed(store, hashing_encoder, [split("july", JULY)])
        with pytest.raises(NoIndexError):
            open_index(tmp_path)


@pytest.mark.parametrize("version", [FORMAT_VERSION + 1, 99])
def test_another_format_says_to_build_anew(directory: Path, hashing_encoder: Encoder, version: int) -> None:
    with sqlite3.connect(directory / "statements.sqlite") as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    write_seal(directory)
    with pytest.raises(IndexStoreError, match=f"format {version}.*python -m index --full"):
        open_index(directory)
    with pytest.raises(IndexStoreError, match="--full"), open_writer(directory):
        pass
    with open_writer(directory, full=True) as store:
        assert "another format" in store.notes[0]
        commit(store, hashing_encoder, split("july", JULY))
    with open_index(directory) as index:
        assert [each.statement_id for each in index.statements()] == ["july"]


def test_a_sound_index_is_not_thrown_away(directory: Path) -> None:
    with open_writer(directory, full=True) as store:
        assert store.notes == ()
        assert len(store.fingerprints()) == 2


CACHE_DAMAGES: dict[str, Callable[[Path], object]] = {
    "CURRENT is missing": lambda d: (d / "CURRENT").unlink(),
    "CURRENT is empty": lambda d: (d / "CURRENT").write_bytes(b""),
    "CURRENT is not JSON": lambda d: (d / "CURRENT").write_bytes(b"\xff{"),
    "CURRENT is a list": lambda d: (d / "CURRENT").write_bytes(b"[]"),
    "CURRENT is a folder": lambda d: turn_into_folder(d / "CURRENT"),
    "CURRENT is of another build": lambda d: edit_current(d, build="0" * 32),
    "CURRENT has another count": lambda d: edit_current(d, count=3),
    "CURRENT has a size that is none": lambda d: edit_current(d, size="large"),
    "the vectors are missing": lambda d: (d / "vectors" / "1.faiss").unlink(),
    "the folder of vectors is missing": lambda d: shutil.rmtree(d / "vectors"),
    "the vectors are empty": lambda d: (d / "vectors" / "1.faiss").write_bytes(b""),
    "the vectors are cut short": lambda d: os.truncate(d / "vectors" / "1.faiss", 99),
    "a byte of the vectors flipped": lambda d: flip(d / "vectors" / "1.faiss", 200),
}


def edit_current(directory: Path, **values: object) -> None:
    path = directory / "CURRENT"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def turn_into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", CACHE_DAMAGES)
def test_a_damaged_cache_changes_nothing_for_readers(
    directory: Path, hashing_encoder: Encoder, damage: str
) -> None:
    with open_index(directory) as index:
        before = everything(index, hashing_encoder)
    CACHE_DAMAGES[damage](directory)
    assert len(find_faults(directory)) == 1
    with open_index(directory) as index:
        assert everything(index, hashing_encoder) == before
        assert index.is_current()


@pytest.mark.parametrize("damage", [damage for damage in CACHE_DAMAGES if "folder" not in damage])
def test_the_next_build_repairs_the_cache(directory: Path, hashing_encoder: Encoder, damage: str) -> None:
    CACHE_DAMAGES[damage](directory)
    with open_writer(directory) as store:
        commit(store, hashing_encoder)
    assert find_faults(directory) == []


def test_a_flipped_byte_of_current_is_never_believed(directory: Path, hashing_encoder: Encoder) -> None:
    with open_index(directory) as index:
        before = everything(index, hashing_encoder)
    whole = (directory / "CURRENT").read_bytes()
    for place in range(len(whole)):
        (directory / "CURRENT").write_bytes(whole)
        flip(directory / "CURRENT", place)
        assert len(find_faults(directory)) == 1
        with open_index(directory) as index:
            assert everything(index, hashing_encoder) == before


def test_a_flipped_byte_of_the_database_never_becomes_a_quote(
    directory: Path, hashing_encoder: Encoder
) -> None:
    """Wherever the byte is, what is read is what was written, or an error for the user."""
    with open_index(directory) as index:
        truth = {
            each.passage_id: each
            for each in index.passages(sorted(index.passage_ids(issuer="Ministry") or ()))
        }
        statements = {each.statement_id: index.statement(each.statement_id) for each in index.statements()}
    path = directory / "statements.sqlite"
    whole = path.read_bytes()
    errors = 0
    for place in range(0, len(whole), 127):
        path.write_bytes(whole)
        flip(path, place)
        try:
            with open_index(directory) as index:
                found = index.search_words(["Tokyo", "meet", "States"], 9)
                found += index.search_vectors(hashing_encoder.encode_question("Tokyo"), 9)
                stored = index.passages([passage_id for passage_id, _ in found if passage_id in truth])
                assert {(each.passage, each.text) for each in stored} <= {
                    (each.passage, each.text) for each in truth.values()
                }
                for each in index.statements():
                    assert index.statement(each.statement_id) == statements[each.statement_id]
        except (StatementsError, KeyError):
            errors += 1
    assert errors


@pytest.mark.parametrize("size", [100, 4096, 9000])
def test_a_truncated_database_is_said_to_be_damaged(
    directory: Path, hashing_encoder: Encoder, size: int
) -> None:
    os.truncate(directory / "statements.sqlite", size)
    with pytest.raises(DamagedIndexError, match="python -m index --full"), open_index(directory) as index:
        everything(index, hashing_encoder)
    with open_writer(directory, full=True) as store:
        commit(store, hashing_encoder, split("july", JULY))
    assert find_faults(directory) == []


@pytest.mark.parametrize(
    "lose", [Path.unlink, lambda path: os.truncate(path, 0), lambda path: os.truncate(path, 1)]
)
def test_a_lost_database_is_no_index_and_heals(
    directory: Path, hashing_encoder: Encoder, lose: Callable[[Path], None]
) -> None:
    lose(directory / "statements.sqlite")
    with pytest.raises(NoIndexError):
        open_index(directory)
    with open_writer(directory) as store:
        commit(store, hashing_encoder, split("july", JULY))
    assert find_faults(directory) == []


def test_the_next_build_mends_a_damaged_database(directory: Path, hashing_encoder: Encoder) -> None:
    flip(directory / "statements.sqlite", 3000)
    (fault,) = find_faults(directory)
    assert fault == f"{directory}/statements.sqlite is not what was written there (its checksum differs)."
    with open_writer(directory) as store:
        assert "was damaged" in store.notes[0]
        commit(store, hashing_encoder, split("july", JULY))
    assert find_faults(directory) == []


def test_a_seal_that_broke_costs_nothing_but_itself(directory: Path, hashing_encoder: Encoder) -> None:
    flip(directory / "SEAL", 30)
    assert find_faults(directory) == [
        f"{directory}/SEAL is not what was written there (its checksum differs)."
    ]
    with open_writer(directory) as store:
        assert len(store.fingerprints()) == 2
        commit(store, hashing_encoder)
    assert find_faults(directory) == []


def test_a_log_that_a_reader_holds_is_sealed_too(directory: Path, hashing_encoder: Encoder) -> None:
    log = directory / "statements.sqlite-wal"
    with open_index(directory), open_writer(directory) as store:
        commit(store, hashing_encoder, removed=["july"])
    assert log.stat().st_size
    for _ in range(2):
        assert find_faults(directory) == []
    flip(log, log.stat().st_size // 2)
    assert find_faults(directory) == [f"{log} is not what was written there (its checksum differs)."]
    flip(log, log.stat().st_size // 2)
    with open_writer(directory) as store:
        commit(store, hashing_encoder)
    assert not log.exists()
    assert find_faults(directory) == []


def test_what_an_unfinished_build_leaves_is_no_fault(directory: Path, hashing_encoder: Encoder) -> None:
    with contextlib.suppress(KeyboardInterrupt), open_writer(directory) as store:
        embed(store, hashing_encoder, [split("new", "Heading\n\nA third one.")])
        raise KeyboardInterrupt
    assert not is_sealed(directory)
    assert find_faults(directory) == []
    with open_writer(directory) as store:
        commit(store, hashing_encoder)
    assert is_sealed(directory)


def test_a_database_that_was_never_finished_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "statements.sqlite").touch()
    (tmp_path / "statements.sqlite-journal").write_bytes(b"what SQLite notes before there is a log")
    with pytest.raises(NoIndexError):
        open_index(tmp_path)


def test_a_file_that_is_no_database_is_said_to_be_damaged(directory: Path) -> None:
    (directory / "statements.sqlite").write_text("Not a database at all, but a text.\n" * 100)
    remove_seal(directory)
    with pytest.raises(DamagedIndexError, match="--full"):
        open_index(directory)
    with pytest.raises(DamagedIndexError, match="--full"), open_writer(directory):
        pass


def test_an_index_where_a_file_is_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexStoreError, match="cannot be written"), open_writer(tmp_path / "file" / "store"):
        pass


READ_ONLY = """
import os, sys
from pathlib import Path
from index.store import open_index
if os.getuid() == 0:
    os.setuid(65534)
with open_index(Path(sys.argv[1])) as index:
    print(len(index.statements()), index.search_words(["Tokyo"], 9) != [])
"""


def test_an_index_that_may_not_be_written_can_be_read(directory: Path) -> None:
    for path in (directory, directory / "vectors"):
        path.chmod(0o555)
    for parent in directory.parents:
        if os.access(parent, os.W_OK) and parent.owner() == directory.owner() and "pytest" in str(parent):
            parent.chmod(0o755)
    try:
        done = subprocess.run(  # noqa: S603 - ours
            [sys.executable, "-c", READ_ONLY, str(directory)], capture_output=True, text=True, check=False
        )
    finally:
        for path in (directory, directory / "vectors"):
            path.chmod(0o755)
    assert (done.stdout, done.stderr) == ("2 True\n", "")
