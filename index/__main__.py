"""Build the index of a folder of statements, or look at it: python -m index [build] | status | verify."""

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from index.build import DEFAULT_SEEDS, build_index, count_of
from index.cache import Cache
from index.console import shown_progress
from index.encoder import find_gpu, load_encoder
from index.errors import StatementsError
from index.models import CARRIERS, identify_model
from index.seal import is_sealed
from index.store import DEFAULT_INDEX, StatementSummary, open_index, read_settings
from index.suiting import describe_kind
from index.terminal import say
from index.types import BuildSettings
from index.vectors import KINDS
from index.verify import find_faults

_COMMANDS = ("build", "status", "verify")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 for done, 1 for a fault that is printed, 130 for Ctrl-C.

    A build that had to leave files out is done, unless it is asked to be strict.

    Leaves with ``SystemExit(2)`` if it cannot understand `arguments`.
    """
    options = _parse(sys.argv[1:] if arguments is None else arguments)
    commands = {"build": _build, "status": _status, "verify": _verify}
    try:
        return commands[options.command](options)
    except StatementsError as error:
        say(str(error), sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("Interrupted. What is embedded already is kept for the next build.", sys.stderr)
        return 130
    except BrokenPipeError:  # whoever reads our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Understand the command line; without a command it is "build"."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in {"-h", "--help"}):
        arguments = ["build", *arguments]
    parser = argparse.ArgumentParser(prog="python -m index", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="|".join(_COMMANDS))
    build = commands.add_parser("build", help="bring the index up to date (what happens without a command)")
    build.add_argument("--seeds", type=Path, default=DEFAULT_SEEDS, help="folder of statements")
    build.add_argument("--embedder", metavar="NAME", help="model that makes the vectors: a name or a folder")
    build.add_argument("--reranker", metavar="NAME", help="model that judges what was found: likewise")
    build.add_argument("--device", metavar="NAME", help="cpu, cuda or mps; by default a GPU if there is one")
    build.add_argument(
        "--vectors", choices=("auto", *KINDS), help="kind of the vector index; auto goes by its size"
    )
    build.add_argument("--full", action="store_true", help="read and embed everything again")
    build.add_argument("--strict", action="store_true", help="exit 1 if any file had to be left out")
    status = commands.add_parser("status", help="say what is in the index")
    verify = commands.add_parser("verify", help="check that the index is what was written")
    for each in (build, status, verify):
        each.add_argument(
            "--index", type=Path, default=DEFAULT_INDEX, metavar="DIR", help="folder of the index"
        )
    for each in (status, verify):
        each.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args(arguments)


def _build(options: argparse.Namespace) -> int:
    with shown_progress() as progress:
        report = build_index(
            options.seeds,
            options.index,
            settings=_choose_settings(options),
            load_encoder=lambda name: load_encoder(name, device=options.device or find_gpu()),
            model_id=lambda name: identify_model(name, kind="embedder"),
            full=options.full,
            progress=progress,
        )
    for note in report.notes:
        say(f"note: {note}", sys.stderr)
    for skipped in report.skipped:
        say(f"left out: {skipped}", sys.stderr)
    say(str(report))
    if report.skipped:
        say(f"warning: {count_of(len(report.skipped), 'file')} left out, see above", sys.stderr)
    return 1 if report.skipped and options.strict else 0


def _choose_settings(options: argparse.Namespace) -> BuildSettings | None:
    """Return the index's own settings with what was asked for instead, or None if nothing was."""
    if (options.embedder, options.reranker, options.vectors) == (None, None, None):
        return None
    settings = read_settings(options.index)
    if options.vectors is not None:
        settings = dataclasses.replace(settings, vectors=options.vectors)
    if options.embedder is not None:
        settings = dataclasses.replace(settings, embedder=_name_model(options.embedder))
    if options.reranker is not None:
        settings = dataclasses.replace(settings, reranker=_name_model(options.reranker))
        identify_model(settings.reranker, kind="reranker")  # better told now than at the first question
    return settings


def _name_model(name: str) -> str:
    """Return a folder by its absolute path, as the index may be used from elsewhere; other names as given."""
    folder = Path(name).expanduser()
    return str(folder.resolve()) if name not in CARRIERS and folder.is_dir() else name


def _status(options: argparse.Namespace) -> int:
    with open_index(options.index) as index:
        manifest, statements, passages = index.manifest, index.statements(), index.passage_count
        cache = index.cache
    if options.json:
        content = dataclasses.asdict(manifest) | {
            "index": str(options.index),
            "passages": passages,
            "vectors": dataclasses.asdict(cache) if cache else None,
            "statements": [_to_json(summary) for summary in statements],
        }
        _say_json(content)
        return 0
    settings = manifest.settings
    size = f"{count_of(len(statements), 'statement')}, {count_of(passages, 'passage')}"
    say(f"{size}; build {manifest.generation} of {manifest.seeds}")
    say(
        f"embedder {manifest.embedder_id}, reranker {settings.reranker}, {settings.max_words} words a passage"
    )
    say(_describe_vectors(cache))
    for summary in statements:
        say(_describe(summary))
    return 0


def _describe_vectors(cache: Cache | None) -> str:
    if cache is None:
        return "the vector file is missing or damaged; the next build makes it again"
    kind = describe_kind(cache.file.kind, cache.effort)
    return (
        f"vectors {kind}, recall@10 {cache.recall:.3f}, {count_of(cache.file.count, 'passage')} in the file"
    )


def _describe(summary: StatementSummary) -> str:
    date = summary.date.isoformat() if summary.date else "no date"
    what = (
        f"{summary.title}; {summary.issuer or 'no issuer'}; {date}; {count_of(summary.passages, 'passage')}"
    )
    inferred = f"; inferred: {', '.join(sorted(summary.inferred))}" if summary.inferred else ""
    scanned = "; read by OCR" if summary.scanned else ""
    return f"{summary.source}: {what}{inferred}{scanned}"


def _to_json(summary: StatementSummary) -> dict[str, object]:
    date = summary.date.isoformat() if summary.date else None
    return dataclasses.asdict(summary) | {"date": date, "inferred": sorted(summary.inferred)}


def _verify(options: argparse.Namespace) -> int:
    faults = find_faults(options.index)
    if options.json:
        content = {"index": str(options.index), "sound": not faults, "faults": faults}
        _say_json(content)
    else:
        for line in faults or [f"The index in {options.index} is what was written there."]:
            say(line)
        if not is_sealed(options.index):
            say("note: the last build did not finish, so its files have no checksums; the next writes them.")
    return 1 if faults else 0


def _say_json(content: object) -> None:
    sys.stdout.write(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
