"""A BERT as one ONNX graph in float32, made of ONNX Runtime's fused operators."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

HEADS = 12
"""Attention heads of every BERT that is carried; their number cannot be read off the weights."""

GRAPH, TOKENIZER = "model.onnx", "tokenizer.json"
"""What `index.bert` loads from a folder. The graph's weights lie beside it."""

_WEIGHTS = "weights.bin"

INPUTS = ("input_ids", "token_type_ids", "attention_mask")
"""What the graph takes: int32 of shape (texts, tokens)."""

# Of every published BERT.
_EPSILON = 1e-12
_FUSED, _PLAIN = "com.microsoft", ""
_FUSED_OPERATORS = frozenset({"Attention", "BiasGelu", "EmbedLayerNormalization", "SkipLayerNormalization"})
_OPSETS = {_PLAIN: 17, _FUSED: 1}
_IR_VERSION = 8


def write_bert_graph(weights: Mapping[str, npt.NDArray[np.float32]], path: Path) -> None:
    """Write the BERT with these parameters, by their names in PyTorch, to the ONNX file `path`.

    Its weights go to a file beside it, which ONNX Runtime maps into memory instead of copying it.
    With a classifier the graph gives "logits", shape (texts, 1), otherwise "hidden", (texts, tokens, width).
    The same weights in PyTorch give the same numbers but for rounding; attention, the normalisation of sums
    and GELU are one operator each, which makes a pass twice as fast. Raises KeyError for other parameters.
    """
    import onnx

    onnx.save(_make_model(weights), str(path), save_as_external_data=True, location=_WEIGHTS)


def _make_model(weights: Mapping[str, npt.NDArray[np.float32]]) -> "ModelProto":
    from onnx import TensorProto, helper

    has_classifier = "classifier.weight" in weights
    bare = {name.removeprefix("bert."): array for name, array in weights.items()}
    graph = _Graph(bare)
    layers = 1 + max(int(name.split(".")[2]) for name in bare if name.startswith("encoder.layer."))
    hidden = graph.add_embeddings()
    for number in range(layers):
        hidden = graph.add_layer(hidden, f"encoder.layer.{number}.")
    width = bare["embeddings.word_embeddings.weight"].shape[1]
    given = graph.add_classifier(hidden) if has_classifier else graph.add("Identity", [hidden], "hidden")
    shape: list[str | int | None] = ["texts", 1] if has_classifier else ["texts", "tokens", width]
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "bert",
            [helper.make_tensor_value_info(name, TensorProto.INT32, ["texts", "tokens"]) for name in INPUTS],
            [helper.make_tensor_value_info(given, TensorProto.FLOAT, shape)],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid(domain, version) for domain, version in _OPSETS.items()],
        ir_version=_IR_VERSION,
    )


@dataclasses.dataclass(slots=True)
class _Graph:
    """Nodes and constants so far. Each method adds some and returns the name of what they give."""

    weights: Mapping[str, npt.NDArray[np.float32]]
    nodes: list["NodeProto"] = dataclasses.field(default_factory=list)
    constants: list["TensorProto"] = dataclasses.field(default_factory=list)

    def add_embeddings(self) -> str:
        """Look tokens, positions and text types up, and add them."""
        tables = [f"embeddings.{name}_embeddings.weight" for name in ("word", "position", "token_type")]
        norm = ["embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"]
        inputs = [*INPUTS[:2], *map(self._take, (*tables, *norm)), INPUTS[2]]
        return self.add("EmbedLayerNormalization", inputs, "embedded", "mask", epsilon=_EPSILON)

    def add_layer(self, hidden: str, layer: str) -> str:
        """Add attention and the two dense layers behind it."""
        own = f"{layer}attention.self."
        parts = ("query", "key", "value")
        joined = [
            self._keep(f"{own}weight", [self.weights[f"{own}{part}.weight"].T for part in parts]),
            self._keep(f"{own}bias", [self.weights[f"{own}{part}.bias"] for part in parts]),
        ]
        attended = self.add("Attention", [hidden, *joined, "mask"], f"{layer}attended", num_heads=HEADS)
        attended = self._add_dense(attended, hidden, f"{layer}attention.output.")
        inner = self._multiply(attended, f"{layer}intermediate.dense.weight")
        inner = self.add("BiasGelu", [inner, self._take(f"{layer}intermediate.dense.bias")], f"{layer}inner")
        return self._add_dense(inner, attended, f"{layer}output.")

    def add_classifier(self, hidden: str) -> str:
        """Add the pooler over the first token, and the classifier that gives one number."""
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.array(0, dtype=np.int64), "first"))
        first = self.add("Gather", [hidden, "first"], "first_token", axis=1)
        pooled = self.add("Gemm", [first, *self._take_both("pooler.dense.")], "pooled", transB=1)
        pooled = self.add("Tanh", [pooled], "bounded")
        return self.add("Gemm", [pooled, *self._take_both("classifier.")], "logits", transB=1)

    def add(self, operator: str, inputs: Sequence[str], *outputs: str, **attributes: float) -> str:
        """Add one node."""
        from onnx import helper

        domain = _FUSED if operator in _FUSED_OPERATORS else _PLAIN
        node = helper.make_node(operator, inputs, list(outputs), domain=domain)
        node.attribute.extend(helper.make_attribute(name, value) for name, value in attributes.items())
        self.nodes.append(node)
        return outputs[0]

    def _add_dense(self, inner: str, skipped: str, name: str) -> str:
        """Multiply, add what was skipped, and normalise."""
        norm = self._take_both(f"{name}LayerNorm.")
        inputs = [
            self._multiply(inner, f"{name}dense.weight"),
            skipped,
            *norm,
            self._take(f"{name}dense.bias"),
        ]
        return self.add("SkipLayerNormalization", inputs, f"{name}normalised", epsilon=_EPSILON)

    def _multiply(self, inner: str, name: str) -> str:
        # Kept as W.T by PyTorch.
        return self.add("MatMul", [inner, self._keep(name, [self.weights[name].T])], f"{name}.product")

    def _take_both(self, module: str) -> list[str]:
        return [self._take(f"{module}weight"), self._take(f"{module}bias")]

    def _take(self, name: str) -> str:
        return self._keep(name, [self.weights[name]])

    def _keep(self, name: str, arrays: Sequence[npt.NDArray[np.float32]]) -> str:
        from onnx import numpy_helper

        joined = np.ascontiguousarray(np.concatenate(arrays, axis=-1))
        self.constants.append(numpy_helper.from_array(joined, name))
        return name
