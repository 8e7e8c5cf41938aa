"""A BERT that reads one text, or a pair of them, at a time: ONNX Runtime over a graph in float32."""

from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from index.bert_graph import GRAPH, INPUTS, TOKENIZER


class Bert:
    """A graph as `index.bert_graph` writes it, with its tokenizer.

    Texts are read one by one: nothing is filled up to the length of another, which on a few cores is faster
    than batches, and what comes out does not depend on what else is read.
    """

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, folder: Path, *, max_tokens: int) -> Self:
        """Load the model in `folder`. What is longer than `max_tokens` is cut, of a pair the longer text."""
        options = onnxruntime.SessionOptions()
        # The pattern of memory is learned by the length of texts, of which hardly two are alike.
        options.enable_mem_pattern = False
        # Three models share the cores: the threads of one that has answered would spin beside the next.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        session = onnxruntime.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)
        return cls(session, tokenizer)

    @property
    def width(self) -> int:
        """The last dimension of what `read` returns."""
        return int(self._session.get_outputs()[0].shape[-1])

    def read(self, text: str, pair: str | None = None) -> npt.NDArray[np.float32]:
        """Return what the graph gives for one text or pair: (tokens, width) hidden states, or (1,) logit."""
        read = self._tokenizer.encode(text, pair)
        values = (read.ids, read.type_ids, read.attention_mask)
        inputs = {name: np.array([each], dtype=np.int32) for name, each in zip(INPUTS, values, strict=True)}
        given: npt.NDArray[np.float32] = self._session.run(None, inputs)[0][0]
        return given
