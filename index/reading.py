"""Reading what changed in the seeds folder since the last build.

What reading takes is imported where it is used: most builds find nothing changed, and need not wait for it.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from index.copies import group_copies, hash_words
from index.errors import UnreadableFileError
from index.rows import SeenFile, SplitStatement
from index.seeds import SeedFile, Seeds, Skipped, hash_file
from index.types import RawText, Statement
from index.worker import FileReader

# Told a step, how much of it is done, and of how much; 0 of 0 where the step has no parts.
Progress: TypeAlias = Callable[[str, int, int], None]

_STEP = "reading statements"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The statements of the new index: the fingerprints of those kept as they are, and those read.

    `seen` has the files, by their sources, that need not be read to tell next time that they are the same.
    """

    kept: Mapping[str, str]
    statements: Sequence[SplitStatement]
    seen: Mapping[str, SeenFile]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of each statement of the new index by its id."""
        return {**self.kept, **{split.statement.statement_id: split.fingerprint for split in self.statements}}


def read_changed(
    found: Seeds,
    before: Mapping[str, str],
    *,
    seen: Mapping[str, SeenFile],
    find_same: Callable[[Collection[str]], Collection[str]],
    max_words: int,
    progress: Progress,
) -> Reading:
    """Read the files that are new or changed, and those that have the same words as one of them.

    `before` has the fingerprints of the statements of the last build, see `SplitStatement`, and `seen` its
    files; `find_same` says which of those statements have words of given hashes. What cannot be read is
    skipped, with the reason.
    """
    batch = _Batch(skipped=list(found.skipped))
    files = batch.fingerprint(found.statements, seen)
    kept = {name: marks for name, marks in before.items() if files.keys() >= set(marks.split())}
    with FileReader() as reader:
        batch.read(reader, _without(files, kept), kept, progress)
        same = find_same({hash_words(statement) for statement in batch.statements.values()})
        kept = {name: marks for name, marks in kept.items() if name not in same}
        batch.read(reader, _without(files, kept), kept, progress)
    lonely = (f"{path}: there is no statement beside it" for path in found.lonely_sidecars)
    return Reading(
        kept=kept,
        statements=batch.split(max_words),
        seen={
            file.source: SeenFile(stamp=file.stamp, fingerprint=mark)
            for mark, file in files.items()
            if file.stamp is not None
        },
        skipped=tuple(batch.skipped),
        notes=(*lonely, *batch.notes),
    )


def _without(files: Mapping[str, SeedFile], kept: Mapping[str, str]) -> list[SeedFile]:
    known = {mark for marks in kept.values() for mark in marks.split()}
    return [file for mark, file in files.items() if mark not in known]


@dataclasses.dataclass(slots=True, kw_only=True)
class _Batch:
    """What was read so far, with the fingerprints of the statements' files, and what could not be."""

    skipped: list[Skipped]
    notes: list[str] = dataclasses.field(default_factory=list)
    statements: dict[str, Statement] = dataclasses.field(default_factory=dict)
    marks: dict[str, str] = dataclasses.field(default_factory=dict)
    done: set[str] = dataclasses.field(default_factory=set)

    def fingerprint(self, files: Iterable[SeedFile], seen: Mapping[str, SeenFile]) -> dict[str, SeedFile]:
        """Return the files by their fingerprints. One with the stamp of the last time is not read for it."""
        fingerprints = {}
        for file in files:
            last = seen.get(file.source)
            if last is not None and last.stamp == file.stamp:
                fingerprints[last.fingerprint] = file
                continue
            try:
                fingerprints[file.fingerprint(hash_file(file.path))] = file
            except OSError as error:
                self._skip(file, error)
        return fingerprints

    def read(
        self, reader: FileReader, files: Sequence[SeedFile], taken: Collection[str], progress: Progress
    ) -> None:
        """Read those of `files` that were not read before; `taken` are ids of statements."""
        new = [file for file in files if file.source not in self.done]
        for number, file in enumerate(new):
            progress(_STEP, number, len(new))
            self.done.add(file.source)
            try:
                raws = reader.read(file.path)
                described = {each.statement_id: each for each in _describe(file, raws)}
                _refuse_taken(file, described, {*taken, *self.statements})
                marks = file.fingerprint(raws[0].sha256)
            except (OSError, UnreadableFileError) as error:
                self._skip(file, error)
            else:
                self.statements |= described
                self.marks |= dict.fromkeys(described, marks)
                self.notes += [f"{file.source}: {note}" for note in _note(raws)]

    def split(self, max_words: int) -> list[SplitStatement]:
        """Cut the statements into passages, each text once."""
        from index.passages import split_passages

        split = []
        for best, *copies in group_copies(self.statements.values()):
            statement = dataclasses.replace(best, copies=tuple(sorted(each.source for each in copies)))
            marks = dict.fromkeys(self.marks[each.statement_id] for each in (best, *copies))
            passages = tuple(split_passages(statement, max_words=max_words))
            split.append(SplitStatement(statement=statement, passages=passages, fingerprint=" ".join(marks)))
            self.notes += [f"{each.source}: it has the same text as {best.source}" for each in copies]
        return split

    def _skip(self, file: SeedFile, error: OSError | UnreadableFileError) -> None:
        if isinstance(error, OSError):
            reason = f"it cannot be read ({error.strerror})"
        else:
            reason = str(error).replace(str(file.path), "it", 1).removesuffix(".")
        self.skipped.append(Skipped(path=file.source, reason=reason))


def _describe(file: SeedFile, raws: Iterable[RawText]) -> Iterator[Statement]:
    from index.metadata import describe_statement

    for raw in raws:
        statement_id = file.statement_id if raw.part is None else f"{file.statement_id}/{raw.part}"
        yield describe_statement(raw, statement_id=statement_id, source=file.source, sidecar=file.sidecar)


def _refuse_taken(file: SeedFile, statement_ids: Iterable[str], taken: Collection[str]) -> None:
    for statement_id in statement_ids:
        if statement_id in taken:
            raise UnreadableFileError(f"{file.path} holds the statement {statement_id}, and so does another.")


def _note(raws: Sequence[RawText]) -> Iterator[str]:
    """Yield what the user should know of how a file was read."""
    if raws[0].encoding_detected:
        yield f"encoding detected as {raws[0].encoding}"
    if raws[0].scanned:
        yield "it is a scan that was read by OCR, which makes mistakes"
    for raw in raws:
        yield from raw.notes
