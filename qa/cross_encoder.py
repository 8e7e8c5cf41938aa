"""A cross-encoder reads question and passage together and says how well one answers the other."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.encoder import FloatArray, load_carried
from index.errors import ModelError
from index.models import explained_loading, find_model, silence_transformers

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

    from index.bert import Bert

BATCH_SIZE = 16

JUDGES: Mapping[str, str] = {"ms-marco-minilm": "statements-minilm"}
"""By the name of a reranker, the one that was made of it to judge whether the best passages answer at all."""


class Reranker(Protocol):
    """What answering needs of a cross-encoder."""

    @property
    def model_id(self) -> str:
        """The model's name and the checksum of its weights."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        """Return one logit a pair (question, text), shape ``(len(pairs),)``: higher is better, 0 undecided.

        A pair's score does not depend on the others it is scored with.
        """


def load_reranker(name: str) -> Reranker:
    """Load the reranker `name` (see `index.models`) as it runs fastest on the processor.

    Raises ModelError when it is not to be had.
    """
    carried = load_carried(name, kind="reranker")
    return CrossEncoderReranker.from_name(name) if carried is None else GraphReranker(*carried)


def load_judge(name: str) -> Reranker | None:
    """Load what judges the best passages of the reranker `name`; None if there is nothing but itself.

    Raises ModelError as `load_reranker` does.
    """
    return load_reranker(JUDGES[name]) if name in JUDGES else None


class GraphReranker:
    """A carried cross-encoder run by ONNX Runtime, one pair at a time.

    Its logits are those of `CrossEncoderReranker` to within 1e-4, in half the time.
    """

    def __init__(self, bert: "Bert", model_id: str) -> None:
        self._bert = bert
        self._model_id = model_id

    @property
    def model_id(self) -> str:
        """The model's name and the checksum of its weights."""
        return self._model_id

    def score(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        """Return one logit a pair (question, text), shape ``(len(pairs),)``."""
        from index.bert import read_each

        return np.fromiter(read_each(lambda pair: self._bert.read(*pair)[0], pairs), np.float32)


class CrossEncoderReranker:
    """A cross-encoder run by sentence-transformers, in float32."""

    def __init__(self, model: "CrossEncoder", model_id: str) -> None:
        self._model = model
        self._model_id = model_id

    @classmethod
    def from_name(cls, name: str, *, device: str | None = None) -> "CrossEncoderReranker":
        """Load the reranker `name` (see `index.models`). Raises ModelError when it is not to be had."""
        folder = find_model(name, kind="reranker")
        import torch
        from sentence_transformers import CrossEncoder

        silence_transformers()
        with explained_loading(folder):
            model = CrossEncoder(
                str(folder.path),
                device=device,
                local_files_only=True,
                activation_fn=torch.nn.Identity(),
                model_kwargs={"dtype": "float32"},
            )
        if model.num_labels != 1 or _has_made_up_head(model):
            raise ModelError(
                f"{name} is no reranker: it does not give one score a pair. Give another reranker."
            )
        return cls(model, folder.model_id)

    @property
    def model_id(self) -> str:
        """The model's name and the checksum of its weights."""
        return self._model_id

    def score(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        """Return one logit a pair (question, text), shape ``(len(pairs),)``."""
        if not pairs:
            return np.empty(0, dtype=np.float32)
        scores: FloatArray = self._model.predict(list(pairs), batch_size=BATCH_SIZE, show_progress_bar=False)
        return scores


def _has_made_up_head(model: "CrossEncoder") -> bool:
    """Say whether the weights that make the score are random, as when the folder is an embedder's."""
    head = type(model.model).__name__
    saved = getattr(getattr(model.model, "config", None), "architectures", None) or []
    return head.endswith("ForSequenceClassification") and head not in saved
