"""Texts become vectors."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.models import explained_loading, find_model, silence_transformers

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

FloatArray = npt.NDArray[np.float32]
BATCH_SIZE = 32


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
