"""How fast a whole build is beside the bare embedder, on the same texts.

    python tests/bench/throughput.py FOLDER [--limit N]

The first N statements of FOLDER are read, cut, embedded and written as `python -m index` does, in one process
that has loaded its modules but no model. Then sentence-transformers encodes the passages of that index, the
longest first, after a few to warm up, and so does the program's own encoder. One line is printed for each.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from index.build import build_index
from index.encoder import load_encoder
from index.models import find_model, identify_model
from index.rows import searchable_text
from index.seeds import find_seeds
from index.store import open_index
from index.types import BuildSettings


def main() -> None:
    """Build an index, then encode its passages each way, and print how many a second."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=60)
    options = parser.parse_args()
    settings = BuildSettings()
    with tempfile.TemporaryDirectory() as name:
        seeds, directory = Path(name) / "seeds", Path(name) / "index"
        seeds.mkdir()
        for found in find_seeds(options.folder).statements[: options.limit]:
            shutil.copy(found.path, seeds)
        began = time.perf_counter()
        report = build_index(
            seeds,
            directory,
            settings=settings,
            load_encoder=load_encoder,
            model_id=lambda name: identify_model(name, kind="embedder"),
        )
        tell("the whole build", report.embedded, time.perf_counter() - began)
        texts = read_texts(directory)
    # Not before: the process that reads files imports this module, and should not have to wait for torch.
    from encoders import BATCH, make_graph, make_torch, measure_seconds

    bare = make_torch(str(find_model(settings.embedder, kind="embedder").path), "float32")
    for label, encode in (
        (f"sentence-transformers, float32, batches of {BATCH}", bare.passages),
        ("the program's encoder", make_graph(settings.embedder).passages),
    ):
        _, seconds = measure_seconds(encode, texts)
        tell(label, len(texts), seconds)


def read_texts(directory: Path) -> list[str]:
    """Return the texts that were embedded for the index, each once, the longest first."""
    with open_index(directory) as index:
        ids = [
            i for each in index.statements() for i in index.passage_ids(statement_id=each.statement_id) or ()
        ]
        bodies = [each.text for each in index.passages(ids) if each.passage.kind == "body"]
    return sorted({searchable_text(text) for text in bodies}, key=len, reverse=True)


def tell(label: str, passages: int, seconds: float) -> None:
    """Print one line."""
    sys.stdout.write(
        f"{label:<52}{passages:6} passages {seconds:8.1f} s {passages / seconds:8.2f} a second\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
