"""The SQLite database of an index: opening it, and what its faults mean."""

import contextlib
import os
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from index.errors import DamagedIndexError, IndexStoreError, NoIndexError
from index.posting_lists import check_posting_lists, create_posting_lists
from index.rows import SELECT_MANIFEST, TABLES, Manifest, manifest_from
from index.words import check_words, create_words

# Another number means that an index must be built anew: other tables, or other passages of the same text.
FORMAT_VERSION = 4
DEFAULT_INDEX = Path(__file__).resolve().parent / "store"
DATABASE_FILES = tuple(f"statements.sqlite{end}" for end in ("", "-wal", "-shm", "-journal"))

# SQLite's result codes that tell of the machine and not of the file: busy, locked, out of memory, read-only,
# interrupted, input/output error, full, cannot open.
_CIRCUMSTANCES = frozenset({5, 6, 7, 8, 9, 10, 13, 14})
# What SQLite needs beside a database to read it.
_NOTES_BYTES = 1 << 16


def connect_to_read(directory: Path) -> sqlite3.Connection:
    """Open the database in `directory` for reading; rows come as ``sqlite3.Row``."""
    database, log, _, journal = (directory / name for name in DATABASE_FILES)
    if not database.is_file() or journal.exists():  # it is in use only till there is a log
        raise NoIndexError(_advise_to_build(directory))
    options = "mode=ro"
    if not os.access(directory, os.W_OK) and not log.exists():
        # SQLite keeps notes about readers beside the database. It cannot here, and without a writer need not.
        options += "&immutable=1"
    return _connect(f"{database.absolute().as_uri()}?{options}")


def connect_to_write(directory: Path) -> sqlite3.Connection:
    """Open the database in `directory` for writing, and make its tables if it is new."""
    connection = _connect((directory / DATABASE_FILES[0]).absolute().as_uri())
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if _read_version(connection) == 0:
            _create_tables(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def has_log(directory: Path) -> bool:
    """Say whether some of what was written is in the log and not in the database yet."""
    log = directory / DATABASE_FILES[1]
    return log.exists() and log.stat().st_size > 0


def empty_log(connection: sqlite3.Connection) -> None:
    """Move what was written from the log into the database, as far as readers of older builds allow now."""
    connection.execute("PRAGMA busy_timeout = 0")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all that is executed inside, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def read_manifest(connection: sqlite3.Connection) -> Manifest | None:
    """Return the manifest, or None before the first build is committed."""
    version = _read_version(connection)
    if version == 0:
        return None
    if version != FORMAT_VERSION:
        raise _OtherFormatError(
            f"It has format {version}, this version of the program reads {FORMAT_VERSION}."
        )
    row = connection.execute(SELECT_MANIFEST).fetchone()
    return manifest_from(row, format_version=version) if row else None


def require_manifest(connection: sqlite3.Connection, directory: Path) -> Manifest:
    """Return the manifest. Raises `NoIndexError` before the first build is committed."""
    manifest = read_manifest(connection)
    if manifest is None:
        raise NoIndexError(_advise_to_build(directory))
    return manifest


def is_sound(directory: Path) -> bool:
    """Say whether the database in `directory`, if there is one, can be built upon."""
    if not (directory / DATABASE_FILES[0]).exists():
        return True
    try:
        with contextlib.closing(connect_to_write(directory)) as connection:
            read_manifest(connection)
            check_words(connection)
            return check_posting_lists(connection) and find_broken_pages(connection) == []
    except (_OtherFormatError, DamagedIndexError):
        return False
    except sqlite3.DatabaseError as error:
        if is_circumstance(error):
            raise
        return False


def find_broken_pages(connection: sqlite3.Connection) -> list[str]:
    """Return what SQLite's own integrity check finds, one line a fault."""
    found = [str(row["integrity_check"]) for row in connection.execute("PRAGMA integrity_check")]
    return [] if found == ["ok"] else found


def discard_database(directory: Path) -> None:
    """Delete the database, then its log: SQLite ignores a log without a database, but not the reverse."""
    for name in DATABASE_FILES:
        (directory / name).unlink(missing_ok=True)


def is_circumstance(error: sqlite3.Error) -> bool:
    """Say whether an error tells of the machine, or of who else is at work, and not of the file."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _CIRCUMSTANCES


@contextlib.contextmanager
def explained(directory: Path) -> Iterator[None]:
    """Turn what goes wrong in the database of `directory` into words for the user."""
    remedy = f"Build it anew with: {build_command(directory, '--full')}"
    try:
        yield
    except sqlite3.ProgrammingError:  # a bug of ours, not a fault of the file
        raise
    except sqlite3.Error as error:
        if is_circumstance(error):
            reason = "the disk is full" if _is_disk_full(directory) else str(error)
            raise IndexStoreError(f"The index in {directory} cannot be used now: {reason}.") from error
        raise DamagedIndexError(f"The index in {directory} is damaged: {error}. {remedy}") from error
    except DamagedIndexError as error:
        raise DamagedIndexError(f"The index in {directory} is damaged: {error} {remedy}") from error
    except _OtherFormatError as error:
        raise IndexStoreError(f"The index in {directory} cannot be read: {error} {remedy}") from error


def build_command(directory: Path, *options: str) -> str:
    """Return the command that builds the index in `directory`, as one would type it."""
    if directory.absolute() != DEFAULT_INDEX:
        options = (*options, "--index", str(directory))
    return shlex.join(["python", "-m", "index", *options])


def _advise_to_build(directory: Path) -> str:
    return f"No index yet. Build one with: {build_command(directory)}"


def _is_disk_full(directory: Path) -> bool:
    """Say whether SQLite's notes of readers have no room. It calls that an input/output error."""
    try:
        return shutil.disk_usage(directory).free < _NOTES_BYTES
    except OSError:
        return False


class _OtherFormatError(Exception):
    """The database was written by another version of this program."""


def _connect(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


def _read_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()["user_version"])


def _create_tables(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        for table in TABLES.split(";"):
            connection.execute(table)
        create_words(connection, content="body_passages")
        create_posting_lists(connection)
        connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
