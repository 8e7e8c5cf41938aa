"""What lies in the seeds folder: statements, what is said of them, and what is neither."""

import dataclasses
import hashlib
import json
import os
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from index.errors import SeedsError
from index.readers import SUFFIXES
from index.stamps import take_stamp

SIDECAR_SUFFIX = ".meta.toml"
# As browsers name the folder for what a page is made of, in the languages they have.
_BESIDE_PAGE = re.compile(
    r"[_.-](?:files?|dateien|fichiers|archivos|arquivos|ficheiros|bestanden|filer|pliki|soubory|файлы)\Z",
    re.IGNORECASE,
)
_PAGES = (".html", ".htm", ".xhtml")
# These speak about the statements and are none themselves.
_OWN_FILES = frozenset({"aliases.toml", "checks.toml"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SeedFile:
    """A file that should be a statement. `sidecar` is the file beside it that says what is known of it.

    `source` is the path from the folder that `root`, the seeds folder, lies in:
    "seeds/2024/joint-statement.txt". `stamp` is that of both files, see `index.stamps`.
    """

    root: Path
    statement_id: str
    source: str
    sidecar: Path | None
    stamp: str | None

    @property
    def path(self) -> Path:
        """Where the file lies. Made when it is asked for: of most files, it never is."""
        return self.root.parent / self.source

    def fingerprint(self, sha256: str) -> str:
        """Return a hash of the file's name, of its bytes (given by their `sha256`), and of its sidecar."""
        hashes = [sha256] if self.sidecar is None else [sha256, hash_file(self.sidecar)]
        return hashlib.sha256(json.dumps([self.source, *hashes]).encode()).hexdigest()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file that is left out of the index, by its `source`, and why."""

    path: str
    reason: str

    def __str__(self) -> str:
        """Return both as one line."""
        return f"{self.path}: {self.reason}"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """What `find_seeds` found. A lonely sidecar is one without a statement beside it."""

    statements: tuple[SeedFile, ...]
    skipped: tuple[Skipped, ...]
    lonely_sidecars: tuple[str, ...]


def find_seeds(folder: Path) -> Seeds:
    """Look through `folder` and the folders in it. Links are not followed out of it.

    No statements are hidden files, sidecars, aliases.toml, checks.toml, and what a browser saved with a page.
    Raises `SeedsError` if there is no such folder, or if two files would be one statement.
    """
    if not folder.is_dir():
        raise SeedsError(f"There is no folder {folder}. Make it and put the statements in it, one file each.")
    root = folder.resolve()
    entries = {name: entry for name, entry in _walk(root) if entry.name not in _OWN_FILES}
    obstacles = {name: _find_obstacle(entry, root) for name, entry in entries.items()}
    sidecars = {
        name: entry
        for name, entry in entries.items()
        if name.endswith(SIDECAR_SUFFIX) and obstacles[name] is None
    }
    statements: dict[str, SeedFile] = {}
    skipped = []
    for name in sorted(entries.keys() - sidecars.keys(), key=_order):
        file = _describe(name, entries[name], root, sidecars)
        first = statements.get(file.statement_id)
        reason = obstacles[name] or (_find_reason_to_skip(file, first) if first else None)
        if reason is not None:
            skipped.append(Skipped(path=file.source, reason=reason))
        else:
            statements[file.statement_id] = file
    lonely = sidecars.keys() - {f"{statement_id}{SIDECAR_SUFFIX}" for statement_id in statements}
    return Seeds(
        statements=tuple(statements.values()),
        skipped=tuple(skipped),
        lonely_sidecars=tuple(f"{root.name}/{name}" for name in sorted(lonely)),
    )


def hash_file(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _walk(folder: Path, below: str = "") -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Yield files, and links to folders, with their paths from where the walk began.

    Nothing whose name begins with a dot.
    """
    try:
        with os.scandir(folder) as found:
            entries = [entry for entry in found if not entry.name.startswith(".")]
    except OSError as error:
        raise SeedsError(f"The folder {error.filename} cannot be read: {error.strerror}.") from error
    files = {entry.name for entry in entries if not entry.is_dir()}
    for entry in entries:
        if entry.is_dir() and _is_of_page(entry.name, files):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(folder / entry.name, f"{below}{entry.name}/")
        else:
            yield f"{below}{entry.name}", entry


def _is_of_page(folder: str, files: Collection[str]) -> bool:
    """Say whether a browser put the folder beside a page that it saved: "Release_files"."""
    page, found, _ = _BESIDE_PAGE.sub("\0", folder).partition("\0")
    return bool(found) and any(f"{page}{suffix}" in files for suffix in _PAGES)


def _find_obstacle(entry: "os.DirEntry[str]", root: Path) -> str | None:
    """Return why a path cannot be opened at all, whatever it is meant to be, or None if it can."""
    try:
        entry.path.encode()
    except UnicodeEncodeError:
        return "its name is not valid UTF-8"
    if entry.is_symlink():
        target = Path(entry.path).resolve()
        if not target.is_relative_to(root):
            return "it is a link that leads out of the folder"
        if not target.exists():
            return "it is a link that leads nowhere"
    return None if entry.is_file() else "it is not a file"


def _describe(
    name: str, entry: "os.DirEntry[str]", root: Path, sidecars: Mapping[str, "os.DirEntry[str]"]
) -> SeedFile:
    statement_id, _ = posixpath.splitext(name)
    sidecar = sidecars.get(f"{statement_id}{SIDECAR_SUFFIX}")
    return SeedFile(
        root=root,
        statement_id=statement_id,
        source=f"{root.name}/{name}",
        sidecar=Path(sidecar.path) if sidecar else None,
        stamp=take_stamp(entry, *([sidecar] if sidecar else [])),
    )


def _order(name: str) -> tuple[bool, list[str]]:
    """Put a document before what lies beside it: of two files of one name it is the statement."""
    return not _is_document(name), name.split("/")


def _find_reason_to_skip(file: SeedFile, first: SeedFile) -> str | None:
    """Return why the second file of a name is left out. Raises `SeedsError` if both may be the statement."""
    if not _is_document(file.source):
        return f"{first.source} is the statement of this name"
    raise SeedsError(
        f"{first.source} and {file.source} would both be the statement {file.statement_id}. "
        "Rename or remove one of them."
    )


def _is_document(name: str) -> bool:
    return SUFFIXES.get(posixpath.splitext(name)[1].lower(), "image") != "image"
