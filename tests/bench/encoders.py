"""How many passages a second each way to run the embedder makes vectors of, and how near they come.

    python tests/bench/encoders.py FOLDER [--limit N] [--embedder NAME]

FOLDER is a benchmark folder, see `python -m qa bench --help`. Each way gets the same passages, the longest
first, after a few to warm up. What stands beside the speed is the largest difference from the vectors of
sentence-transformers in float32, in any component.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import torch  # noqa: TID253 - what this script measures
from sentence_transformers import SentenceTransformer  # noqa: TID253
from tokenizers import Tokenizer

from index.encoder import FloatArray, load_encoder
from index.models import CARRIERS, find_model, verify_carrier
from index.types import BuildSettings
from qa.bench import read_benchmark

WARM_UP = 8
BATCH = 32

Encode = Callable[[list[str]], FloatArray]


def main() -> None:
    """Measure each way and print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--embedder", default=BuildSettings().embedder, choices=list(CARRIERS))
    options = parser.parse_args()
    benchmark = read_benchmark(options.folder)
    texts = [each.statement.text for each in benchmark.corpus[: options.limit]]
    texts.sort(key=len, reverse=True)
    exact: FloatArray | None = None
    for name, encode in list_ways(options.embedder):
        encode(texts[-WARM_UP:])
        began = time.perf_counter()
        vectors = encode(texts)
        speed = len(texts) / (time.perf_counter() - began)
        exact = vectors if exact is None else exact
        difference = np.abs(vectors - exact).max()
        sys.stdout.write(f"{name:<44}{speed:7.1f} passages/s   {difference:.0e}\n")
        sys.stdout.flush()


def list_ways(name: str) -> Iterator[tuple[str, Encode]]:
    """Yield what is measured, one after the other, so that only one model is in memory."""
    path = str(find_model(name, kind="embedder").path)
    plain = load_torch(path, "float32")
    yield "sentence-transformers, float32", lambda texts: encode_batches(plain, texts)
    half = load_torch(path, "bfloat16")
    yield "sentence-transformers, bfloat16", lambda texts: encode_batches(half, texts)
    yield "int8 as carried, one by one", make_int8(name)
    graph = load_encoder(name)
    yield "the graph in float32, one by one (ours)", graph.encode_passages


def load_torch(path: str, dtype: str) -> SentenceTransformer:
    """Load a model by sentence-transformers."""
    return SentenceTransformer(path, device="cpu", model_kwargs={"dtype": dtype})


def encode_batches(model: SentenceTransformer, texts: list[str]) -> FloatArray:
    """Make vectors as sentence-transformers does by itself."""
    vectors = model.encode_document(
        texts, batch_size=BATCH, normalize_embeddings=True, convert_to_tensor=True
    )
    return np.asarray(vectors.to(torch.float32).numpy(), dtype=np.float32)


def make_int8(name: str) -> Encode:
    """Return how the int8 model of the package encodes, alone, since what shares a batch changes it."""
    folder, carrier = verify_carrier(name), CARRIERS[name]
    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(carrier.max_tokens)
    wanted = {each.name for each in session.get_inputs()}

    def encode_one(text: str) -> FloatArray:
        read = tokenizer.encode(text)
        given = {"input_ids": read.ids, "token_type_ids": read.type_ids}
        given["attention_mask"] = read.attention_mask
        inputs = {key: np.array([value], dtype=np.int64) for key, value in given.items() if key in wanted}
        hidden = session.run(None, inputs)[0][0]
        pooled = hidden[0] if carrier.pooling == "cls" else hidden.mean(axis=0)
        return np.asarray(pooled / np.linalg.norm(pooled), dtype=np.float32)

    return lambda texts: np.stack([encode_one(carrier.passage_prompt + text) for text in texts])


if __name__ == "__main__":
    main()
