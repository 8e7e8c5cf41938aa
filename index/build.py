"""The whole way from a folder of statements to an index on disk."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from index.aliases import FILE_NAME as ALIASES_FILE
from index.aliases import read_aliases
from index.encoder import Encoder
from index.errors import ModelError, SeedsError
from index.reading import Progress, Reading, read_changed
from index.rows import SplitStatement, searchable_text
from index.seeds import Seeds, Skipped, find_seeds
from index.spool import Spool
from index.types import BuildSettings
from index.writer import StoreWriter, open_writer

DEFAULT_SEEDS = Path(__file__).resolve().parents[1] / "seeds"

# The step that takes seconds even for one statement.
LOADING = "loading the model"

_BATCH_TEXTS = 64
_REASONS_SHOWN = 3


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did. `passages` counts those that can be found, `embedded` the texts that were new."""

    statements: int
    passages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    embedded: int
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]

    def __str__(self) -> str:
        """Return one line: "2 statements, 14 passages; 1 added, 0 changed, 1 removed, 1 unchanged"."""
        return (
            f"{count_of(self.statements, 'statement')}, {count_of(self.passages, 'passage')}; "
            f"{self.added} added, {self.changed} changed, {self.removed} removed, {self.unchanged} unchanged"
        )


def build_index(
    seeds: Path,
    directory: Path,
    *,
    settings: BuildSettings | None,
    load_encoder: Callable[[str], Encoder],
    model_id: Callable[[str], str],
    full: bool = False,
    progress: Progress = lambda *_: None,
) -> BuildReport:
    """Bring the index in `directory` up to date with the statements in `seeds`.

    Only what changed is read, and only what has no vector yet is embedded, unless `full`. Without `settings`
    the index keeps its own. Both functions take the embedder's name; `load_encoder` is called only if there
    is something to embed.

    Raises `SeedsError`, `ModelError` or `IndexStoreError` and leaves the index as it was. No statement left
    in `seeds` is an error too: it is a wrong path or a disk not mounted more often than a wish.
    """
    found = _find_statements(seeds)
    aliases = read_aliases(seeds / ALIASES_FILE)
    with open_writer(directory, full=full) as store, Spool[SplitStatement](directory) as added:
        settings = settings or store.settings
        embedder_id = model_id(settings.embedder)
        before = store.fingerprints()
        anew = full or settings.max_words != store.settings.max_words
        reading = read_changed(
            found,
            {} if anew else before,
            seen={} if full else store.seen_files(),
            find_same=store.find_same,
            max_words=settings.max_words,
            progress=progress,
            into=added,
        )
        passages = _count_passages(seeds, store, reading)
        store.await_vectors(_body_texts(added), embedder_id, anew=full)
        store.await_kept(reading.kept, embedder_id)
        embedded = _embed(store, embedder_id, lambda: load_encoder(settings.embedder), progress)
        store.commit(
            added=added,
            removed=before.keys() - reading.kept.keys(),
            settings=settings,
            embedder_id=embedder_id,
            seeds=str(seeds.resolve()),
            aliases=aliases,
            seen=reading.seen,
            announce=lambda step: progress(step, 0, 0),
        )
    after = reading.fingerprints()
    return BuildReport(
        statements=len(after),
        passages=passages,
        added=len(after.keys() - before.keys()),
        changed=sum(before[name] != after[name] for name in after.keys() & before.keys()),
        removed=len(before.keys() - after.keys()),
        unchanged=len(after.items() & before.items()),
        embedded=embedded,
        skipped=reading.skipped,
        notes=(*reading.notes, *store.notes),
    )


def index_statements(
    statements: Sequence[SplitStatement],
    directory: Path,
    *,
    settings: BuildSettings,
    load_encoder: Callable[[str], Encoder],
    model_id: Callable[[str], str],
    progress: Progress = lambda *_: None,
) -> None:
    """Write an index of statements that are cut into passages already, as a benchmark's are.

    Raises `ModelError` or `IndexStoreError` and leaves what was in `directory` as it was.
    """
    embedder_id = model_id(settings.embedder)
    with open_writer(directory) as store:
        store.await_vectors(_body_texts(statements), embedder_id)
        _embed(store, embedder_id, lambda: load_encoder(settings.embedder), progress)
        store.commit(
            added=statements,
            removed=store.fingerprints().keys(),
            settings=settings,
            embedder_id=embedder_id,
            seeds="",
            announce=lambda step: progress(step, 0, 0),
        )


def _find_statements(seeds: Path) -> Seeds:
    found = find_seeds(seeds)
    if not found.statements:
        raise SeedsError(
            f"There are no statements in {seeds}. Put text, PDF, Word or HTML files there."
            + _name_some(found.skipped)
        )
    return found


def _count_passages(seeds: Path, store: StoreWriter, reading: Reading) -> int:
    """Return how many passages of the new index can be found. Raises `SeedsError` if there is none."""
    if not reading.fingerprints():
        raise SeedsError(f"None of the statements in {seeds} can be read.{_name_some(reading.skipped)}")
    count = store.count_passages(reading.kept) + reading.passages
    if count == 0:
        raise SeedsError(f"The statements in {seeds} hold no sentence to quote.{_name_some(reading.skipped)}")
    return count


def _body_texts(statements: Iterable[SplitStatement]) -> Iterator[str]:
    for split in statements:
        text = split.statement.text
        yield from (searchable_text(each.span.of(text)) for each in split.passages if each.kind == "body")


def _embed(
    store: StoreWriter, embedder_id: str, load_encoder: Callable[[], Encoder], progress: Progress
) -> int:
    """Put the vectors that are waited for into the store, and return how many.

    They come a batch at a time, so that an interrupted build resumes.
    """
    count, done = store.count_awaiting(), 0
    if not count:
        return 0
    progress(LOADING, 0, 0)
    encoder = load_encoder()
    if encoder.model_id != embedder_id:
        raise ModelError(f"The model {embedder_id} changed while it was loaded. Build the index again.")
    for batch in store.list_awaiting(_BATCH_TEXTS):
        progress("embedding passages", done, count)
        vectors = encoder.encode_passages(batch)
        if not np.isfinite(vectors).all():
            raise ModelError(
                f"The model {embedder_id} gives vectors that are not numbers. Use another embedder."
            )
        store.put_vectors(batch, vectors, embedder_id)
        done += len(batch)
    return count


def _name_some(skipped: Sequence[Skipped]) -> str:
    """Return the first of the skipped files with their reasons, ready to follow a sentence."""
    if not skipped:
        return ""
    shown = "; ".join(str(each) for each in skipped[:_REASONS_SHOWN])
    more = len(skipped) - _REASONS_SHOWN
    return f" Left out: {shown}" + (f"; and {more} more." if more > 0 else ".")


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun: "1 passage", "2 passages"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
