"""A BERT that reads one text, or a pair of them, at a time: ONNX Runtime over a graph in float32."""

import functools
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from index.bert_graph import GRAPH, INPUTS, TOKENIZER

Text = TypeVar("Text")
Read = TypeVar("Read")


def read_each(read: Callable[[Text], Read], texts: Iterable[Text]) -> Iterator[Read]:
    """Yield what `read` gives for each text, in order: on every core another text is read.

    Two cores so do in 9 what takes them 10 when both work on the same text, and more of them save more.
    """
    return _cores().map(read, texts)


@functools.cache
def _cores() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count())


class Bert:
    """A graph as `index.bert_graph` writes it, with its tokenizer.

    Texts are read one by one: nothing is filled up to the length of another, which on a few cores is faster
    than batches, and what comes out does not depend on what else is read, nor on how many threads read it.
    """

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, folder: Path, *, max_tokens: int, threads: int = 1) -> Self:
        """Load the model in `folder`. What is longer than `max_tokens` is cut, of a pair the longer text.

        `threads` read one text together: more than one only where no other is read beside it.
        """
        options = onnxruntime.SessionOptions()
        # The pattern of memory is learned by the length of texts, of which hardly two are alike.
        options.enable_mem_pattern = False
        options.intra_op_num_threads = threads
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
