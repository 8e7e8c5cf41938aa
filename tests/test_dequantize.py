"""Int8 weights in ONNX, written as the float32 folder that sentence-transformers loads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx  # noqa: TID253 - only this file needs it
import pytest
from onnx import helper, numpy_helper  # noqa: TID253
from transformers import BertConfig, BertForSequenceClassification, BertModel  # noqa: TID253

from index.dequantize import dequantize_bert, write_embedder, write_reranker
from index.encoder import Encoder, SentenceEncoder
from index.errors import ModelError
from index.models import CARRIERS, verify_carrier
from qa.cross_encoder import CrossEncoderReranker, Reranker

Array = npt.NDArray[Any]
FIRST_QUERY = "encoder.layer.0.attention.self.query.weight"
PAIRS = [
    ("What did Japan say about missiles?", "Japan condemned the launches of ballistic missiles."),
    ("What did Japan say about missiles?", "The weather was fine."),
    ("Who met in Tokyo?", "The ministers met in Tokyo on July 28, 2024, and discussed deterrence."),
]


def quantize(weight: Array) -> dict[str, Array]:
    """Return a matrix as ONNX Runtime's quantiser writes it: 8 bits, one scale, one zero point."""
    scale = (weight.max() - weight.min()) / 255
    zero_point = np.round(-weight.min() / scale)
    quantized = np.clip(np.round(weight / scale) + zero_point, 0, 255).astype(np.uint8)
    return {
        "_quantized": quantized,
        "_scale": np.array(scale, dtype=np.float32),
        "_zero_point": np.array(zero_point, dtype=np.uint8),
    }


def write_onnx(path: Path, parameters: Mapping[str, Array], *, without: str = "nothing") -> dict[str, Array]:
    """Write the parameters of a BERT as an int8 graph, and return what they are afterwards."""
    tensors: dict[str, Array] = {}
    nodes, expected = [], dict(parameters)
    for number, (name, array) in enumerate(parameters.items()):
        in_embeddings = name.endswith("embeddings.weight")
        if array.ndim != 2 or not (in_embeddings or name.endswith(".weight")):
            tensors[name] = array
            continue
        base = name if in_embeddings else f"onnx::MatMul_{number}"
        parts = quantize(array if in_embeddings else array.T)
        tensors |= {base + suffix: part for suffix, part in parts.items()}
        restored = (parts["_quantized"].astype(np.float32) - parts["_zero_point"].astype(np.float32)) * parts[
            "_scale"
        ]
        expected[name] = restored if in_embeddings else restored.T
        if not in_embeddings:
            node_name = "/" + name.removesuffix(".weight").replace(".", "/").replace("layer/", "layer.")
            nodes.append(
                helper.make_node(
                    "MatMulInteger",
                    ["x", base + "_quantized"],
                    [f"y{number}"],
                    name=node_name + "/MatMul_quant",
                )
            )
    initializers = [
        numpy_helper.from_array(array, name) for name, array in tensors.items() if not name.endswith(without)
    ]
    onnx.save(helper.make_model(helper.make_graph(nodes, "bert", [], [], initializers)), str(path))
    return expected


def parameters_of(model: BertModel | BertForSequenceClassification) -> dict[str, Array]:
    return {name: tensor.detach().numpy() for name, tensor in model.named_parameters()}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Make a folder with the tokenizer of a carried model, but without weights."""
    folder = tmp_path / "source"
    folder.mkdir()
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_bytes((verify_carrier("bge-small") / name).read_bytes())
    return folder


CONFIG = BertConfig(hidden_size=24, num_hidden_layers=2, num_attention_heads=12, intermediate_size=32)
CONFIG.num_labels = 1


def test_every_weight_is_what_its_8_bits_stand_for(source: Path) -> None:
    expected = write_onnx(source / "model.onnx", parameters_of(BertModel(CONFIG)))
    weights = dequantize_bert(source / "model.onnx")
    assert weights.keys() == expected.keys()
    assert FIRST_QUERY in weights
    for name, array in weights.items():
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, expected[name], err_msg=name)


def test_the_embedder_that_is_written_has_these_weights_and_pooling(source: Path, tmp_path: Path) -> None:
    model = BertModel(CONFIG)
    expected = write_onnx(source / "model.onnx", parameters_of(model))
    write_embedder(source, tmp_path / "target", pooling="cls", prompts={"query": "ask: ", "document": ""})
    encoder = SentenceEncoder.from_name(str(tmp_path / "target"))
    assert encoder.dimension == 24

    import torch
    from transformers import AutoTokenizer

    model.load_state_dict({name: torch.tensor(array) for name, array in expected.items()}, strict=False)
    tokenizer = AutoTokenizer.from_pretrained(source)
    with torch.no_grad():
        first = model.eval()(**tokenizer("ask: Who?", return_tensors="pt")).last_hidden_state[0, 0].numpy()
    np.testing.assert_allclose(encoder.encode_question("Who?"), first / np.linalg.norm(first), atol=1e-5)
    np.testing.assert_allclose(
        encoder.encode_passages(["ask: Who?"])[0], encoder.encode_question("Who?"), atol=1e-5
    )


def test_the_reranker_that_is_written_gives_one_logit_a_pair(source: Path, tmp_path: Path) -> None:
    model = BertForSequenceClassification(CONFIG)
    write_onnx(source / "model.onnx", parameters_of(model))
    (tmp_path / "target").mkdir()
    write_reranker(source, tmp_path / "target")
    scores = CrossEncoderReranker.from_name(str(tmp_path / "target")).score(PAIRS)
    assert scores.shape == (3,)
    assert scores.dtype == np.float32


@pytest.mark.parametrize("without", ["_scale", "_zero_point", "MatMul_1_quantized"])
def test_a_graph_with_something_missing_is_refused(source: Path, without: str) -> None:
    parameters = {
        FIRST_QUERY: np.eye(4, dtype=np.float32),
        "pooler.dense.weight": np.eye(4, dtype=np.float32),
    }
    write_onnx(source / "model.onnx", parameters, without=without)
    with pytest.raises(ModelError, match="not an int8 BERT"):
        dequantize_bert(source / "model.onnx")


def test_a_graph_that_is_no_bert_is_refused(source: Path) -> None:
    write_onnx(source / "model.onnx", {"conv.bias": np.ones(3, dtype=np.float32)})
    with pytest.raises(ModelError, match="not an int8 BERT"):
        dequantize_bert(source / "model.onnx")


def test_weights_of_another_model_around_a_bert_are_refused(source: Path, tmp_path: Path) -> None:
    parameters = parameters_of(BertModel(CONFIG)) | {"decoder.bias": np.ones(3, dtype=np.float32)}
    write_onnx(source / "model.onnx", parameters)
    with pytest.raises(ModelError, match="not a BERT embedder"):
        write_embedder(source, tmp_path / "target", pooling="mean", prompts={})


# ---- The default models, against the runtime that their int8 files are made for -----------------------


def run_int8(name: str, *texts: str) -> Array:
    runtime = pytest.importorskip("onnxruntime")
    from tokenizers import Tokenizer

    folder = verify_carrier(name)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    encoded = tokenizer.encode(*texts)  # type: ignore[arg-type] # one text or a pair
    feed = {
        "input_ids": np.array([encoded.ids]),
        "attention_mask": np.array([encoded.attention_mask]),
        "token_type_ids": np.array([encoded.type_ids]),
    }
    output: Array = runtime.InferenceSession(str(folder / "model.onnx")).run(None, feed)[0]
    return output


@pytest.mark.model
def test_the_default_embedder_agrees_with_its_int8_original(default_encoder: Encoder) -> None:
    for question, text in PAIRS:
        first = run_int8("bge-small", text)[0, 0]
        assert default_encoder.encode_passages([text])[0] @ first / np.linalg.norm(first) > 0.99
        first = run_int8("bge-small", CARRIERS["bge-small"].query_prompt + question)[0, 0]
        assert default_encoder.encode_question(question) @ first / np.linalg.norm(first) > 0.99


@pytest.mark.model
def test_the_default_reranker_agrees_with_its_int8_original(default_reranker: Reranker) -> None:
    for score, (question, text) in zip(default_reranker.score(PAIRS), PAIRS, strict=True):
        assert score == pytest.approx(run_int8("ms-marco-minilm", question, text)[0, 0], abs=0.5)
