"""The one writer of an index: fill the cache of vectors, then show readers a new build all at once."""

import contextlib
import json
import sqlite3
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import filelock

from index.acronyms import Acronym, count_definitions, learn_acronyms
from index.blobs import count_ids
from index.cache import (
    VECTORS,
    Cache,
    check_cache,
    discard_cache,
    read_current,
    renew_vectors,
    write_cache,
)
from index.database import (
    FORMAT_VERSION,
    connect_to_write,
    discard_database,
    empty_log,
    explained,
    has_log,
    is_sound,
    read_manifest,
    transaction,
)
from index.disk import explained_writing
from index.encoder import FloatArray
from index.errors import DamagedIndexError, IndexBusyError
from index.posting_lists import PostingChanges
from index.rows import (
    INSERT_PASSAGE,
    INSERT_STATEMENT,
    REPLACE_MANIFEST,
    Manifest,
    SeenFile,
    SplitStatement,
    hash_text,
    manifest_row,
    passage_row,
    searchable_text,
    statement_row,
)
from index.seal import SEAL, find_broken_files, is_sealed, remove_seal, write_seal
from index.stamps import take_stamp
from index.suiting import Suited
from index.types import BuildSettings
from index.words import add_words, remove_words

# A file moved away and back, or an embedder tried and dropped, should not be embedded again. So as many
# unused vectors are kept as there are passages, and at least this many (15 MB of 384 numbers each). Up to
# twice as many may be left from one build to the next.
_UNUSED_VECTORS_KEPT = 10_000


# What waits for its vector lies in a file of its own that SQLite deletes: it may be more than memory holds.
_AWAITING = "CREATE TEMP TABLE awaiting (content_hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT"
_AWAIT = "INSERT OR IGNORE INTO awaiting VALUES (:hash, :text)"
_AWAIT_NEW = """
INSERT OR IGNORE INTO awaiting SELECT :hash, :text
WHERE NOT EXISTS (SELECT 1 FROM vectors WHERE content_hash = :hash AND model_id = :model)
"""


class StoreWriter:
    """The one writer of an index. Made by `open_writer`.

    Vectors are kept as they come, so that a build that was interrupted goes on where it stopped; readers see
    nothing of a build before `commit`.
    """

    def __init__(
        self, *, directory: Path, connection: sqlite3.Connection, notes: tuple[str, ...] = ()
    ) -> None:
        self.manifest = read_manifest(connection)
        self.notes = notes
        self._directory = directory
        self._connection = connection
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute(_AWAITING)

    @property
    def settings(self) -> BuildSettings:
        """What the index is built with so far, or the defaults."""
        return self.manifest.settings if self.manifest else BuildSettings()

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprints that each statement's files had when they were read, by statement id."""
        rows = self._connection.execute("SELECT statement_id, fingerprint FROM statements")
        return {row["statement_id"]: row["fingerprint"] for row in rows}

    def seen_files(self) -> dict[str, SeenFile]:
        """Return the files of the seeds folder as they were when they were last read, by their sources."""
        rows = self._connection.execute("SELECT source, stamp, mark FROM seen_files")
        return {row["source"]: SeenFile(stamp=row["stamp"], fingerprint=row["mark"]) for row in rows}

    def find_same(self, hashes: Collection[str]) -> set[str]:
        """Return the ids of the statements whose words have one of these `hashes`, see `hash_words`."""
        rows = self._connection.execute(
            "SELECT statement_id FROM statements WHERE words_sha256 IN (SELECT value FROM json_each(?))",
            (json.dumps(list(hashes)),),
        )
        return {row["statement_id"] for row in rows}

    def count_passages(self, statement_ids: Collection[str]) -> int:
        """Return how many passages that can be found these statements have in the index."""
        row = self._connection.execute(
            "SELECT count(*) FROM passages"
            " WHERE statement_id IN (SELECT value FROM json_each(?)) AND kind = 'body'",
            (json.dumps(list(statement_ids)),),
        ).fetchone()
        return int(row[0])

    def await_vectors(self, texts: Iterable[str], model_id: str, *, anew: bool = False) -> None:
        """Remember those of `texts` that have no vector by `model_id` yet, or all if they are made `anew`."""
        query = _AWAIT if anew else _AWAIT_NEW
        rows = ({"hash": hash_text(text), "model": model_id, "text": text} for text in texts)
        with transaction(self._connection):
            self._connection.executemany(query, rows)

    def await_kept(self, statement_ids: Collection[str], model_id: str) -> None:
        """Remember the texts without a vector by `model_id` of statements that stay in the index.

        There are none if they were embedded by this model: no build is committed without its vectors.
        """
        if self.manifest and self.manifest.embedder_id == model_id:
            return
        rows = self._connection.execute(
            "SELECT text FROM passages"
            " WHERE statement_id IN (SELECT value FROM json_each(?)) AND kind = 'body'",
            (json.dumps(list(statement_ids)),),
        )
        self.await_vectors((searchable_text(row["text"]) for row in rows), model_id)

    def count_awaiting(self) -> int:
        """Return how many texts were remembered, each once."""
        (count,) = self._connection.execute("SELECT count(*) FROM awaiting").fetchone()
        return int(count)

    def list_awaiting(self, size: int) -> Iterator[list[str]]:
        """Yield the texts that were remembered, `size` at a time, the longest first.

        So those of a batch are of about one length, and memory runs out at once or never.
        """
        rows = self._connection.execute("SELECT text FROM awaiting ORDER BY length(text) DESC, text")
        while batch := rows.fetchmany(size):
            yield [row["text"] for row in batch]

    def put_vectors(self, texts: Sequence[str], vectors: FloatArray, model_id: str) -> None:
        """Keep the vectors of `texts`, shape ``(len(texts), dimension)``, for this build and later ones."""
        rows = [
            (hash_text(text), model_id, vector.astype("<f4").tobytes())
            for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._change():
            self._connection.executemany(
                "INSERT INTO vectors (content_hash, model_id, vector) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET vector = excluded.vector",
                rows,
            )

    def commit(
        self,
        *,
        added: Collection[SplitStatement],
        removed: Collection[str],
        settings: BuildSettings,
        embedder_id: str,
        seeds: str,
        announce: Callable[[str], None],
        aliases: tuple[tuple[str, ...], ...] = (),
        seen: Mapping[str, SeenFile] | None = None,
    ) -> None:
        """Take `removed` out, put `added` in, and show the result to readers, all at once.

        A changed statement is in both. Each passage must have its vector by now. `announce` is told each step
        before it is taken; whatever happens then, the old index or the new one is whole. If nothing differs
        from the last build, this is no new one. `seen` are the files that were read.
        """
        made = (settings, embedder_id, seeds, aliases)
        if not added and not removed and self.manifest and made == _how_made(self.manifest):
            if self.seen_files() != (seen or {}):
                with self._change():
                    self._remember_files(seen or {})
            self._repair_cache(self.manifest, announce)
            return
        announce("committing")
        cache = self._find_usable_cache(settings, embedder_id)
        with self._change():
            changes = PostingChanges(self._connection)
            for statement_id in removed:
                self._remove(statement_id, changes)
            for split in added:
                self._add(split, changes)
            changes.file()
            renewed = renew_vectors(
                self._connection,
                embedder_id,
                settings.vectors,
                announce,
                old=cache,
            )
            self._forget_unused_vectors(embedder_id)
            manifest = Manifest(
                format_version=FORMAT_VERSION,
                settings=settings,
                embedder_id=embedder_id,
                dimension=renewed.dimension,
                generation=1 + (self.manifest.generation if self.manifest else 0),
                build_id=uuid.uuid4().hex,
                seeds=seeds,
                aliases=aliases,
                acronyms=self._learn_acronyms(),
            )
            self._connection.execute(REPLACE_MANIFEST, manifest_row(manifest))
            self._remember_files(seen or {})
        self.manifest = manifest
        self._write_cache(manifest, renewed, announce)

    @contextlib.contextmanager
    def _change(self) -> Iterator[None]:
        with explained_writing(self._directory):
            remove_seal(self._directory)
        with transaction(self._connection):
            yield

    def _add(self, split: SplitStatement, changes: PostingChanges) -> None:
        self._connection.execute(INSERT_STATEMENT, statement_row(split))
        text = split.statement.text
        for passage in split.passages:
            cursor = self._connection.execute(INSERT_PASSAGE, passage_row(passage, text))
            if passage.kind == "body" and cursor.lastrowid is not None:
                words = f"{split.statement.title}\n{passage.span.of(text)}"
                add_words(
                    self._connection,
                    [(cursor.lastrowid, words)],
                    language=split.statement.language,
                    changes=changes,
                )
        defined = count_definitions(each.span.of(text) for each in split.passages if each.kind == "body")
        self._connection.executemany(
            "INSERT INTO definitions VALUES (?, ?, ?, ?)",
            [(split.statement.statement_id, *pair, times) for pair, times in defined.items()],
        )

    def _remove(self, statement_id: str, changes: PostingChanges) -> None:
        body = self._connection.execute(
            "SELECT passage_id, text FROM body_passages WHERE passage_id IN"
            " (SELECT passage_id FROM passages WHERE statement_id = ?)",
            (statement_id,),
        ).fetchall()
        remove_words(self._connection, [tuple(row) for row in body], changes=changes)
        for table in ("definitions", "passages", "statements"):
            self._connection.execute(f"DELETE FROM {table} WHERE statement_id = ?", (statement_id,))  # noqa: S608 - constant

    def _learn_acronyms(self) -> tuple[Acronym, ...]:
        rows = self._connection.execute(
            "SELECT meaning, acronym, sum(times) AS times FROM definitions GROUP BY meaning, acronym"
        )
        return learn_acronyms({(row["meaning"], row["acronym"]): row["times"] for row in rows})

    def _forget_unused_vectors(self, model_id: str) -> None:
        passages = count_ids(self._connection)
        kept = max(passages, _UNUSED_VECTORS_KEPT)
        (total,) = self._connection.execute("SELECT count(*) FROM vectors").fetchone()
        if total <= passages + kept:  # to tell which are unused takes seconds where there are many
            return
        self._connection.execute(
            "DELETE FROM vectors WHERE vector_id IN ("
            " SELECT vector_id FROM vectors WHERE model_id <> ?"
            " OR content_hash NOT IN (SELECT content_hash FROM passages WHERE kind = 'body')"
            " ORDER BY vector_id DESC LIMIT -1 OFFSET ?)",
            (model_id, kept),
        )

    def _remember_files(self, seen: Mapping[str, SeenFile]) -> None:
        """Keep what spares reading the files again. Without it the same is built, but later."""
        before = self.seen_files()
        gone = [(source,) for source in before.keys() - seen.keys()]
        self._connection.executemany("DELETE FROM seen_files WHERE source = ?", gone)
        new = [
            (name, file.stamp, file.fingerprint) for name, file in seen.items() if before.get(name) != file
        ]
        self._connection.executemany("REPLACE INTO seen_files VALUES (?, ?, ?)", new)

    def _find_usable_cache(self, settings: BuildSettings, embedder_id: str) -> Cache | None:
        """Return the vector file of the last build if it is whole and the next build could keep it.

        One that looks as when it was last read is not read again. Its checksum stays in ``CURRENT``, so that
        ``python -m index verify`` finds even what changed without leaving a trace.
        """
        before = self.manifest
        if before is None or (before.embedder_id, before.settings.vectors) != (embedder_id, settings.vectors):
            return None
        seen = self._connection.execute("SELECT stamp FROM seen_cache").fetchone()
        stamp = take_stamp(self._directory / VECTORS, *sorted((self._directory / VECTORS).glob("*")))
        is_seen = seen is not None and seen["stamp"] == stamp
        try:
            cache = check_cache(self._directory, before, read_current(self._directory), whole=not is_seen)
        except DamagedIndexError:
            return None
        if stamp is not None and not is_seen:
            with self._change():
                self._connection.execute("REPLACE INTO seen_cache VALUES (1, ?)", (stamp,))
        return cache

    def _repair_cache(self, manifest: Manifest, announce: Callable[[str], None]) -> None:
        """Write what is not as it should be."""
        if self._find_usable_cache(manifest.settings, manifest.embedder_id) is None:
            renewed = renew_vectors(
                self._connection,
                manifest.embedder_id,
                manifest.settings.vectors,
                announce,
                old=None,
            )
            self._write_cache(manifest, renewed, announce)

    def _write_cache(
        self, manifest: Manifest, renewed: Cache | Suited, announce: Callable[[str], None]
    ) -> None:
        if isinstance(renewed, Suited):
            self.notes += renewed.notes
        with explained_writing(self._directory):
            write_cache(self._directory, manifest, renewed, announce)


@contextlib.contextmanager
def open_writer(directory: Path, *, full: bool = False) -> Iterator[StoreWriter]:
    """Hold the lock of `directory` and write to the index there, which is made if there is none.

    An index that is not what was written there is thrown away first, and with `full` one of another format
    too. Raises `IndexBusyError` at once if another build runs.
    """
    with _locked(directory), explained(directory):
        notes = _discard_broken(directory, full=full)
        connection = connect_to_write(directory)
        try:
            yield StoreWriter(directory=directory, connection=connection, notes=notes)
            if not is_sealed(directory):
                empty_log(connection)
        finally:
            connection.close()
        if not is_sealed(directory):
            with explained_writing(directory):
                write_seal(directory)


def _discard_broken(directory: Path, *, full: bool) -> tuple[str, ...]:
    """Throw away an index that cannot be built upon, and return what the user should know of that."""
    with explained_writing(directory):
        broken = find_broken_files(directory)
        if broken in ([], [SEAL]):
            if broken or has_log(directory):  # whoever closes the database last empties the log into it
                remove_seal(directory)
            if not (full or broken) or is_sound(directory):
                return ()
        discard_cache(directory)
        discard_database(directory)
        remove_seal(directory)
    return (f"The index in {directory} was damaged or of another format, and is built from nothing.",)


def _how_made(manifest: Manifest) -> tuple[BuildSettings, str, str, tuple[tuple[str, ...], ...]]:
    return manifest.settings, manifest.embedder_id, manifest.seeds, manifest.aliases


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold the lock of `directory`. The system lets go of it when this process ends, however it ends."""
    lock = filelock.FileLock(directory / "lock", blocking=False, fallback_to_soft=False)
    try:
        with explained_writing(directory):
            directory.mkdir(parents=True, exist_ok=True)
            lock.acquire()
    except filelock.Timeout:
        busy = f"Another build is writing the index in {directory}. Try again when it is done."
        raise IndexBusyError(busy) from None
    try:
        yield
    finally:
        lock.release()
