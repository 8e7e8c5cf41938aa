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
from index.spool import Spool
from index.types import RawText, Statement
from index.worker import FileReader

# Told a step, how much of it is done, and of how much; 0 of 0 where the step has no parts.
Progress: TypeAlias = Callable[[str, int, int], None]

_STEP = "reading statements"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The statements of the new index: the fingerprints of those kept as they are, and of those read.

    `passages` counts those of the statements read that can be found. `seen` has the files, by their sources,
    that need not be read to tell next time that they are the same.
    """

    kept: Mapping[str, str]
    read: Mapping[str, str]
    passages: int
    seen: Mapping[str, SeenFile]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of each statement of the new index by its id."""
        return {**self.kept, **self.read}


def read_changed(
    found: Seeds,
    before: Mapping[str, str],
    *,
    seen: Mapping[str, SeenFile],
    find_same: Callable[[Collection[str]], Collection[str]],
    max_words: int,
    progress: Progress,
    into: Spool[SplitStatement],
) -> Reading:
    """Read the files that are new or changed, and those that have the same words as one of them.

    They are cut into passages and put `into` a spool, since all together may be more than memory holds.
    `before` has the fingerprints of the statements of the last build, see `SplitStatement`, and `seen` its
    files; `find_same` says which of those statements have words of given hashes. What cannot be read is
    skipped, with the reason.
    """
    with FileReader() as reader, Spool[Statement](into.directory) as statements:
        batch = _Batch(statements=statements, skipped=list(found.skipped))
        files = batch.fingerprint(found.statements, seen)
        kept = {name: marks for name, marks in before.items() if files.keys() >= set(marks.split())}
        batch.read(reader, _without(files, kept), kept, progress)
        same = find_same({each.words for each in batch.read_so_far.values()})
        kept = {name: marks for name, marks in kept.items() if name not in same}
        batch.read(reader, _without(files, kept), kept, progress)
        fingerprints = batch.split(into, max_words)
    lonely = (f"{path}: there is no statement beside it" for path in found.lonely_sidecars)
    return Reading(
        kept=kept,
        read=fingerprints,
        passages=batch.passages,
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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A statement without its text: that lies in the spool at `position`, and `words` is its hash.

    `mark` is the fingerprint of its file.
    """

    heading: Statement
    position: int
    words: str
    mark: str


@dataclasses.dataclass(slots=True, kw_only=True)
class _Batch:
    """What was read so far, by the ids of the `statements`, whose texts lie aside; and what could not be."""

    statements: Spool[Statement]
    skipped: list[Skipped]
    notes: list[str] = dataclasses.field(default_factory=list)
    read_so_far: dict[str, _Read] = dataclasses.field(default_factory=dict)
    done: set[str] = dataclasses.field(default_factory=set)
    passages: int = 0

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
                _refuse_taken(file, described, taken, self.read_so_far)
                mark = file.fingerprint(raws[0].sha256)
            except (OSError, UnreadableFileError) as error:
                self._skip(file, error)
            else:
                for statement in described.values():
                    self._keep(statement, mark)
                self.notes += [f"{file.source}: {note}" for note in _note(raws)]

    def split(self, into: Spool[SplitStatement], max_words: int) -> dict[str, str]:
        """Cut the statements into passages, each text once, and return their fingerprints by their ids."""
        from index.passages import split_passages

        fingerprints = {}
        for best, *copies in group_copies((each.words, each.heading) for each in self.read_so_far.values()):
            read = [self.read_so_far[each.statement_id] for each in (best, *copies)]
            statement = dataclasses.replace(
                self.statements[read[0].position], copies=tuple(sorted(each.source for each in copies))
            )
            fingerprint = " ".join(dict.fromkeys(each.mark for each in read))
            passages = tuple(split_passages(statement, max_words=max_words))
            into.append(SplitStatement(statement=statement, passages=passages, fingerprint=fingerprint))
            fingerprints[statement.statement_id] = fingerprint
            self.passages += sum(each.kind == "body" for each in passages)
            self.notes += [f"{each.source}: it has the same text as {best.source}" for each in copies]
        return fingerprints

    def _keep(self, statement: Statement, mark: str) -> None:
        self.read_so_far[statement.statement_id] = _Read(
            heading=dataclasses.replace(statement, text="", pages=(), front_matter=None),
            position=len(self.statements),
            words=hash_words(statement),
            mark=mark,
        )
        self.statements.append(statement)

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


def _refuse_taken(file: SeedFile, statement_ids: Iterable[str], *taken: Collection[str]) -> None:
    for statement_id in statement_ids:
        if any(statement_id in each for each in taken):
            raise UnreadableFileError(f"{file.path} holds the statement {statement_id}, and so does another.")


def _note(raws: Sequence[RawText]) -> Iterator[str]:
    """Yield what the user should know of how a file was read."""
    if raws[0].encoding_detected:
        yield f"encoding detected as {raws[0].encoding}"
    if raws[0].scanned:
        yield "it is a scan that was read by OCR, which makes mistakes"
    for raw in raws:
        yield from raw.notes
