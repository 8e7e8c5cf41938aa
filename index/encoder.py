"""Texts become vectors."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.models import (
    CARRIERS,
    Carrier,
    ModelKind,
    explained_loading,
    find_graph,
    find_model,
    silence_transformers,
)

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.bert import Bert

FloatArray = npt.NDArray[np.float32]
BATCH_SIZE = 64

QUESTION_THREADS = min(os.cpu_count() or 1, 4)
"""How many threads read a question, which comes alone: two take 9.5 ms instead of 16 (BENCHMARKS.md). It is
short, so that many would find little to do."""

# Of NVIDIA's and AMD's drivers.
_GPU_FILES = (Path("/dev/nvidia0"), Path("/dev/kfd"))


class Encoder(Protocol):
    """What the index needs of an embedding model."""

    @property
    def model_id(self) -> str:
        """The model's name and the checksum of its weights: equal ids give equal vectors."""

    @property
    def dimension(self) -> int:
        """The number of components of each vector."""

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return one unit vector a text, shape ``(len(texts), dimension)``, float32."""

    def encode_question(self, text: str) -> FloatArray:
        """Return the unit vector of one question, shape ``(dimension,)``, float32."""


def find_gpu() -> str | None:
    """Return PyTorch's name for a GPU that it can use, None if there is none.

    PyTorch takes seconds to load, so it is asked only where the system shows a sign of one.
    """
    if sys.platform != "darwin" and not any(path.exists() for path in _GPU_FILES):
        return None
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else None


def _require_device(device: str | None) -> None:
    import torch

    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ModelError(f"PyTorch cannot use the device {device} here. Use cpu, or name none.") from error


def load_encoder(name: str, *, device: str | None = None, threads: int = 1) -> Encoder:
    """Load the embedder `name` (see `index.models`) as it runs fastest on `device`, as PyTorch names it.

    Without a device that is the processor for a carried model, of which `threads` then read one text: 1 for
    passages, of which each core reads another. Raises ModelError when it is not to be had.
    """
    carried = load_carried(name, kind="embedder", threads=threads) if device in {None, "cpu"} else None
    if carried is None:
        return SentenceEncoder.from_name(name, device=device)
    bert, model_id = carried
    return GraphEncoder(bert, CARRIERS[name], model_id)


def load_carried(name: str, *, kind: ModelKind, threads: int = 1) -> tuple["Bert", str] | None:
    """Load a carried model for the processor, with its model id; None unless `name` is one.

    Raises ModelError when it is not to be had.
    """
    graph = find_graph(name, kind=kind)
    if graph is None:
        return None
    from index.bert import Bert

    with explained_loading(graph):
        bert = Bert.load(graph.path, max_tokens=CARRIERS[name].max_tokens, threads=threads)
    return bert, graph.model_id


class GraphEncoder:
    """A carried embedding model run by ONNX Runtime, one text at a time.

    Its vectors are those of `SentenceEncoder` to within 1e-5, in half the time.
    """

    def __init__(self, bert: "Bert", carrier: Carrier, model_id: str) -> None:
        self._bert = bert
        self._carrier = carrier
        self._model_id = model_id

    @property
    def model_id(self) -> str:
        """The model's name and the checksum of its weights."""
        return self._model_id

    @property
    def dimension(self) -> int:
        """The number of components of each vector."""
        return self._bert.width

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return one unit vector a text, shape ``(len(texts), dimension)``, float32."""
        from index.bert import read_each

        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        prompt = self._carrier.passage_prompt
        for number, vector in enumerate(read_each(lambda text: self._encode(prompt + text), texts)):
            vectors[number] = vector
        return vectors

    def encode_question(self, text: str) -> FloatArray:
        """Return the unit vector of one question, shape ``(dimension,)``, float32."""
        return self._encode(self._carrier.query_prompt + text)

    def _encode(self, text: str) -> FloatArray:
        hidden = self._bert.read(text)
        pooled = hidden[0] if self._carrier.pooling == "cls" else hidden.mean(axis=0)
        unit: FloatArray = pooled / np.linalg.norm(pooled)
        return unit


class SentenceEncoder:
    """An embedding model run by sentence-transformers, in float32.

    Questions and passages get the prompts that the model was saved with, if any.
    """

    def __init__(self, model: "SentenceTransformer", model_id: str) -> None:
        self._model = model
        self._model_id = model_id

    @classmethod
    def from_name(cls, name: str, *, device: str | None = None) -> "SentenceEncoder":
        """Load the embedder `name` (see `index.models`). Raises ModelError when it is not to be had."""
        folder = find_model(name, kind="embedder")
        _require_device(device)
        from sentence_transformers import SentenceTransformer

        silence_transformers()
        with explained_loading(folder):
            model = SentenceTransformer(
                str(folder.path), device=device, local_files_only=True, model_kwargs={"dtype": "float32"}
            )
        return cls(model, folder.model_id)

    @property
    def model_id(self) -> str:
        """The model's name and the checksum of its weights."""
        return self._model_id

    @property
    def dimension(self) -> int:
        """The number of components of each vector."""
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(
                f"{self._model_id} does not say how long its vectors are. Give another embedder."
            )
        return dimension

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return one unit vector a text, shape ``(len(texts), dimension)``, float32."""
        vectors: FloatArray = self._model.encode_document(
            list(texts), batch_size=BATCH_SIZE, normalize_embeddings=True, show_progress_bar=False
        )
        return vectors

    def encode_question(self, text: str) -> FloatArray:
        """Return the unit vector of one question, shape ``(dimension,)``, float32."""
        vector: FloatArray = self._model.encode_query(
            text, normalize_embeddings=True, show_progress_bar=False
        )
        return vector
