"""How many passages a second each way to run the embedder makes vectors of, and how near they come.

    python tests/bench/encoders.py FOLDER [--limit N] [--embedder NAME] [--ndcg]

FOLDER is a benchmark folder, see `python -m qa bench --help`. Each way gets the same passages, the longest
first, after a few to warm up. What stands beside the speed is the largest difference from the vectors of
sentence-transformers in float32, in any component; with --ndcg also how well the vectors alone rank all
passages of the folder for all of its questions, which takes as long as to embed them each way. OpenVINO is
measured where it is installed.
"""

import argparse
import dataclasses
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch  # noqa: TID253 - what this script measures
from sentence_transformers import SentenceTransformer  # noqa: TID253
from tokenizers import Tokenizer
from transformers import AutoModel  # noqa: TID253

from index.encoder import FloatArray, load_encoder
from index.models import CARRIERS, find_model, verify_carrier
from index.types import BuildSettings
from qa.bench import DEPTH, MEASURES, Benchmark, read_benchmark
from qa.measures import measure_rankings

WARM_UP = 8
BATCH = 32

Encode = Callable[[list[str]], FloatArray]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How passages, and how questions, become unit vectors, one in a row."""

    passages: Encode
    questions: Encode


def main() -> None:
    """Measure each way and print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--embedder", default=BuildSettings().embedder, choices=list(CARRIERS))
    parser.add_argument("--ndcg", action="store_true", help="measure what the vectors find, too")
    options = parser.parse_args()
    benchmark = read_benchmark(options.folder)
    texts = [each.statement.text for each in benchmark.corpus[: options.limit]]
    texts.sort(key=len, reverse=True)
    exact: FloatArray | None = None
    for name, make in list_ways(options.embedder):
        way = make()
        vectors, seconds = measure_seconds(way.passages, texts)
        speed = len(texts) / seconds
        exact = vectors if exact is None else exact
        difference = np.abs(vectors - exact).max()
        found = f"   {MEASURES['ndcg@10']} {measure_ndcg(way, benchmark):.4f}" if options.ndcg else ""
        sys.stdout.write(f"{name:<44}{speed:7.1f} passages/s   {difference:.0e}{found}\n")
        sys.stdout.flush()


def list_ways(name: str) -> Iterator[tuple[str, Callable[[], Way]]]:
    """Yield what is measured, each to be made when its turn comes, so that one model is in memory."""
    path = str(find_model(name, kind="embedder").path)
    yield "sentence-transformers, float32", lambda: make_torch(path, "float32")
    yield "sentence-transformers, bfloat16", lambda: make_torch(path, "bfloat16")
    yield "sentence-transformers, torch.compile", lambda: make_torch(path, "float32", compiled=True)
    if importlib.util.find_spec("openvino"):
        yield "OpenVINO, float32, one by one", lambda: make_openvino(name, path, "f32")
        yield "OpenVINO as it comes, one by one", lambda: make_openvino(name, path, None)
    yield "int8 as carried, one by one", lambda: make_int8(name)
    yield "the graph in float32, one by one (ours)", lambda: make_graph(name)


def measure_seconds(encode: Encode, texts: list[str]) -> tuple[FloatArray, float]:
    """Return the vectors of `texts`, and the seconds that they took after a few of the last to warm up."""
    encode(texts[-WARM_UP:])
    began = time.perf_counter()
    vectors = encode(texts)
    return vectors, time.perf_counter() - began


def measure_ndcg(way: Way, benchmark: Benchmark) -> float:
    """Return nDCG@10 of the order by cosine, over all questions that are judged."""
    rows = [each.statement.statement_id for each in benchmark.corpus]
    passages = way.passages([each.statement.text for each in benchmark.corpus])
    questions = way.questions([question.text for question in benchmark.answerable.values()])
    rankings: dict[str, Sequence[str]] = {}
    for name, cosines in zip(benchmark.answerable, questions @ passages.T, strict=True):
        rankings[name] = [rows[place] for place in np.argsort(-cosines, kind="stable")[:DEPTH]]
    measure = MEASURES["ndcg@10"]
    return measure_rankings([measure], benchmark.relevant, rankings)[measure]


def make_torch(path: str, dtype: str, *, compiled: bool = False) -> Way:
    """Return how sentence-transformers encodes by itself."""
    model = SentenceTransformer(path, device="cpu", model_kwargs={"dtype": dtype})
    if compiled:
        model.compile(dynamic=True)

    def encode(texts: list[str], prompt: str) -> FloatArray:
        vectors = model.encode(
            texts, prompt_name=prompt, batch_size=BATCH, normalize_embeddings=True, convert_to_tensor=True
        )
        return np.asarray(vectors.to(torch.float32).numpy(), dtype=np.float32)

    return Way(
        passages=lambda texts: encode(texts, "document"), questions=lambda texts: encode(texts, "query")
    )


def make_graph(name: str) -> Way:
    """Return how the program encodes."""
    encoder = load_encoder(name)
    return Way(
        passages=encoder.encode_passages,
        questions=lambda texts: np.stack([encoder.encode_question(text) for text in texts]),
    )


def make_int8(name: str) -> Way:
    """Return how the int8 model of the package encodes, alone, since what shares a batch changes it."""
    session = onnxruntime.InferenceSession(
        verify_carrier(name) / "model.onnx", providers=["CPUExecutionProvider"]
    )
    wanted = {each.name for each in session.get_inputs()}

    def read(inputs: dict[str, list[int]]) -> FloatArray:
        given = {key: np.array([value], dtype=np.int64) for key, value in inputs.items() if key in wanted}
        return np.asarray(session.run(None, given)[0][0], dtype=np.float32)

    return one_by_one(name, read)


def make_openvino(name: str, path: str, precision: str | None) -> Way:
    """Return how OpenVINO encodes in `precision`, or in the one that it takes by itself."""
    import openvino  # type: ignore[import-not-found]  # not among our requirements

    model = AutoModel.from_pretrained(path).eval()
    example = torch.ones((1, 8), dtype=torch.int64)
    order = ("input_ids", "attention_mask", "token_type_ids")
    graph = openvino.convert_model(model, example_input=dict.fromkeys(order, example))
    hint = {"INFERENCE_PRECISION_HINT": precision} if precision else {}
    compiled = openvino.compile_model(graph, "CPU", {"PERFORMANCE_HINT": "LATENCY", **hint})

    def read(inputs: dict[str, list[int]]) -> FloatArray:
        given = {key: np.array([inputs[key]], dtype=np.int64) for key in order}
        return np.asarray(compiled(given)[0][0], dtype=np.float32)

    return one_by_one(name, read)


def one_by_one(name: str, read: Callable[[dict[str, list[int]]], FloatArray]) -> Way:
    """Return how a carried model encodes texts that are read one at a time, hidden states of each token."""
    carrier = CARRIERS[name]
    tokenizer = Tokenizer.from_file(str(verify_carrier(name) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(carrier.max_tokens)

    def encode_one(text: str) -> FloatArray:
        given = tokenizer.encode(text)
        hidden = read(
            {
                "input_ids": given.ids,
                "token_type_ids": given.type_ids,
                "attention_mask": given.attention_mask,
            }
        )
        pooled = hidden[0] if carrier.pooling == "cls" else hidden.mean(axis=0)
        return np.asarray(pooled / np.linalg.norm(pooled), dtype=np.float32)

    return Way(
        passages=lambda texts: np.stack([encode_one(carrier.passage_prompt + text) for text in texts]),
        questions=lambda texts: np.stack([encode_one(carrier.query_prompt + text) for text in texts]),
    )


if __name__ == "__main__":
    main()
