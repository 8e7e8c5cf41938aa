"""What lies in the seeds folder: statements, what is said of them, and what is neither."""

import dataclasses
import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from index.errors import SeedsError
from index.readers import SUFFIXES

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

    `source` is the path from the folder that the seeds folder lies in: "seeds/2024/joint-statement.txt".
    """

    path: Path
    statement_id: str
    source: str
    sidecar: Path | None

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
    # Of two files of one name the document is the statement, and not what lies beside it.
    paths = sorted(
        (path for path in _walk(root) if path.name not in _OWN_FILES),
        key=lambda path: (not _is_document(path), path),
    )
    obstacles = {path: _find_obstacle(path, root) for path in paths}
    sidecars = {path for path in paths if path.name.endswith(SIDECAR_SUFFIX) and obstacles[path] is None}
    statements: dict[str, SeedFile] = {}
    skipped = []
    for path in [path for path in paths if path not in sidecars]:
        file = _describe(path, root, sidecars)
        first = statements.get(file.statement_id)
        reason = obstacles[path] or (_find_reason_to_skip(file, first) if first else None)
        if reason is not None:
            skipped.append(Skipped(path=file.source, reason=reason))
        else:
            statements[file.statement_id] = file
    lonely = sidecars - {file.sidecar for file in statements.values()}
    return Seeds(
        statements=tuple(statements.values()),
        skipped=tuple(skipped),
        lonely_sidecars=tuple(_source(path, root) for path in sorted(lonely)),
    )


def hash_file(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _walk(root: Path) -> Iterator[Path]:
    """Yield files, and links to folders, below `root`; nothing whose name begins with a dot."""

    def refuse(error: OSError) -> None:
        raise SeedsError(f"The folder {error.filename} cannot be read: {error.strerror}.") from error

    for folder, folders, files in os.walk(root, onerror=refuse):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not _is_of_page(name, files)
        )
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        yield from (Path(folder) / name for name in sorted(files + links) if not name.startswith("."))


def _is_of_page(folder: str, files: Collection[str]) -> bool:
    """Say whether a browser put the folder beside a page that it saved: "Release_files"."""
    page, found, _ = _BESIDE_PAGE.sub("\0", folder).partition("\0")
    return bool(found) and any(f"{page}{suffix}" in files for suffix in _PAGES)


def _find_obstacle(path: Path, root: Path) -> str | None:
    """Return why a path cannot be opened at all, whatever it is meant to be, or None if it can."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return "its name is not valid UTF-8"
    target = path.resolve()
    if not target.is_relative_to(root):
        return "it is a link that leads out of the folder"
    if not target.exists():
        return "it is a link that leads nowhere"
    return None if target.is_file() else "it is not a file"


def _describe(path: Path, root: Path, sidecars: Collection[Path]) -> SeedFile:
    sidecar = path.with_name(path.stem + SIDECAR_SUFFIX)
    return SeedFile(
        path=path,
        statement_id=path.relative_to(root).with_suffix("").as_posix(),
        source=_source(path, root),
        sidecar=sidecar if sidecar in sidecars else None,
    )


def _find_reason_to_skip(file: SeedFile, first: SeedFile) -> str | None:
    """Return why the second file of a name is left out. Raises `SeedsError` if both may be the statement."""
    if not _is_document(file.path):
        return f"{first.source} is the statement of this name"
    raise SeedsError(
        f"{first.source} and {file.source} would both be the statement {file.statement_id}. "
        "Rename or remove one of them."
    )


def _is_document(path: Path) -> bool:
    return SUFFIXES.get(path.suffix.lower(), "image") != "image"


def _source(path: Path, root: Path) -> str:
    return f"{root.name}/{path.relative_to(root).as_posix()}"
