"""Carried models, converted to be loaded and kept in a cache."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from index.adapter import adapt
from index.bert_graph import GRAPH, TOKENIZER, write_bert_graph
from index.checksum import sum_file
from index.dequantize import dequantize_bert, write_embedder, write_reranker
from index.errors import ModelError

CARRIED = "model.onnx"
"""The file of a carried model whose weights are int8; other models are carried in safetensors."""

CHECKSUMS = "checksum.json"


def convert_once(target: Path, convert: Callable[[Path], None]) -> Path:
    """Return the folder `target`, filled by `convert` if it is not whole.

    It appears with all its files, or not at all. Raises ModelError where it cannot be written.
    """
    if _is_whole(target):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, ignore_cleanup_errors=True) as work:
            convert(Path(work))
            _write_checksums(Path(work))
            _move_whole(Path(work), target)
    except OSError as error:
        raise ModelError(
            f"The model cannot be written to {target.parent}: {error.strerror or error}. "
            "Make room there, or set XDG_CACHE_HOME to another folder."
        ) from error
    return target


def write_graph(source: Path, target: Path, adapter: Path | None = None) -> None:
    """Write the carried model in `source`, with its `adapter`, to `target` as `index.bert` loads it."""
    if (source / CARRIED).is_file():
        weights = dequantize_bert(source / CARRIED)
    else:
        from safetensors.numpy import load_file

        weights = load_file(source / "model.safetensors")
    if adapter is not None:
        weights = adapt(weights, adapter)
    write_bert_graph(weights, target / GRAPH)
    shutil.copyfile(source / TOKENIZER, target / TOKENIZER)


def write_torch_folder(
    source: Path,
    target: Path,
    *,
    pooling: Literal["cls", "mean"] | None,
    prompts: Mapping[str, str],
    adapter: Path | None = None,
) -> None:
    """Write the carried int8 model in `source` to `target` as sentence-transformers loads it.

    `pooling` is an embedder's, None of a reranker; only that can have an `adapter`.
    """
    if pooling is None:
        write_reranker(source, target, adapter)
    else:
        write_embedder(source, target, pooling=pooling, prompts=prompts)


def digest_file(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_checksums(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    checksums = {path.relative_to(folder).as_posix(): sum_file(path) for path in files}
    (folder / CHECKSUMS).write_text(json.dumps(checksums))


def _move_whole(work: Path, target: Path) -> None:
    """Put the finished folder `work` in the place of `target`, unless another process was faster."""
    if _is_whole(target):
        return
    shutil.rmtree(target, ignore_errors=True)
    try:
        work.rename(target)
    except OSError:
        if not _is_whole(target):
            raise


def _is_whole(folder: Path) -> bool:
    """Say whether every file of a converted model is what was written."""
    try:
        checksums = json.loads((folder / CHECKSUMS).read_text())
        return all(sum_file(folder / name) == expected for name, expected in checksums.items())
    except (OSError, ValueError, AttributeError):
        return False
