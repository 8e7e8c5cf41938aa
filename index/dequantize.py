"""An int8 BERT in ONNX, written as the float32 folder that sentence-transformers loads.

ONNX Runtime's dynamic quantisation stores each weight matrix as ``q`` (8 bits), one ``scale`` and one
``zero_point`` with ``w = (q - zero_point) * scale``, and quantises the activations by what shares their
batch, so that a score depends on its neighbours. The float32 copy has the same weights without that.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from index.adapter import adapt
from index.errors import ModelError

if TYPE_CHECKING:
    import transformers

QUANTIZED = "_quantized"


def write_embedder(
    source: Path, target: Path, *, pooling: Literal["cls", "mean"], prompts: Mapping[str, str]
) -> None:
    """Write the embedder in ``source/model.onnx`` to the folder `target`, with its pooling and prompts."""
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    weights = dequantize_bert(source / "model.onnx")
    model = transformers.BertModel(_configure(weights))
    missing, unknown = model.load_state_dict(
        {name: torch.tensor(array) for name, array in weights.items()}, strict=False
    )
    # Some exports leave out the pooler, which sentence-transformers does not use.
    if unknown or any(not name.startswith("pooler.") for name in missing):
        raise ModelError(f"{source / 'model.onnx'} is not a BERT embedder. Give another model.")
    model.save_pretrained(target)
    _copy_tokenizer(source, target)
    transformer = Transformer(str(target), max_seq_length=512)
    modules = [transformer, Pooling(transformer.get_embedding_dimension(), pooling), Normalize()]
    SentenceTransformer(modules=modules, prompts=dict(prompts), device="cpu").save(str(target))


def write_reranker(source: Path, target: Path, adapter: Path | None = None) -> None:
    """Write the cross-encoder in ``source/model.onnx``, which gives one number a pair, to `target`.

    What the file `adapter` holds is added to its weights (see `index.adapter`).
    """
    import torch
    import transformers

    weights = dequantize_bert(source / "model.onnx")
    if adapter is not None:
        weights = adapt(weights, adapter)
    model = transformers.BertForSequenceClassification(_configure(weights, labels=1))
    model.load_state_dict({name: torch.tensor(array) for name, array in weights.items()})
    model.save_pretrained(target)
    _copy_tokenizer(source, target)


def _configure(weights: Mapping[str, npt.NDArray[np.float32]], labels: int = 2) -> "transformers.BertConfig":
    """Read the sizes of a BERT off its weights."""
    import transformers

    sizes = {name.split("embeddings.", 1)[-1]: array.shape for name, array in weights.items()}
    vocabulary, width = sizes["word_embeddings.weight"]
    layers = 1 + max(int(name.split(".layer.")[1].split(".")[0]) for name in weights if ".layer." in name)
    inner = next(
        array.shape[0] for name, array in weights.items() if name.endswith("intermediate.dense.weight")
    )
    config = transformers.BertConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=12,  # of every BERT we carry; it cannot be read off the shapes
        intermediate_size=inner,
    )
    config.num_labels = labels
    return config


def _copy_tokenizer(source: Path, target: Path) -> None:
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(source / name, target / name)


def dequantize_bert(path: Path) -> dict[str, npt.NDArray[np.float32]]:
    """Return the parameters of the BERT in the ONNX file `path`, by their names in PyTorch.

    Raises ModelError when the graph does not have the form that ONNX Runtime's quantiser writes.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = {
        name: np.ascontiguousarray(array, dtype=np.float32)
        for name, array in tensors.items()
        if name.endswith((".weight", ".bias")) and array.dtype == np.float32
    }
    try:
        for node in graph.node:
            if node.op_type == "MatMulInteger":
                # Multiplied as x @ W here, kept as W.T by PyTorch.
                weights[_parameter_name(node.name)] = np.ascontiguousarray(_restore(tensors, node.input[1]).T)
        for name in tensors:
            if name.endswith("embeddings.weight" + QUANTIZED):
                weights[name.removesuffix(QUANTIZED)] = _restore(tensors, name)
    except KeyError:  # a weight without its scale or zero point, or one that is computed
        weights = {}
    if not any("attention.self.query.weight" in name for name in weights):
        raise ModelError(f"{path} is not an int8 BERT as ONNX Runtime writes it. Give another model.")
    return weights


def _parameter_name(node_name: str) -> str:
    """Turn ``/encoder/layer.0/output/dense/MatMul_quant`` into ``encoder.layer.0.output.dense.weight``."""
    module = node_name.strip("/").rsplit("/", 1)[0]
    return module.replace("/", ".") + ".weight"


def _restore(tensors: dict[str, npt.NDArray[Any]], name: str) -> npt.NDArray[np.float32]:
    base = name.removesuffix(QUANTIZED)
    quantized, scale, zero_point = tensors[name], tensors[base + "_scale"], tensors[base + "_zero_point"]
    restored: npt.NDArray[np.float32] = (quantized.astype(np.float32) - zero_point.astype(np.float32)) * scale
    return restored
