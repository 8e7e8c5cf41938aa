"""A BERT in ONNX gives what the same weights give in PyTorch."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch  # noqa: TID253 - what the graph is compared with
from transformers import BertConfig, BertForSequenceClassification, BertModel  # noqa: TID253

from index.bert import Bert
from index.bert_graph import GRAPH, HEADS, TOKENIZER, write_bert_graph
from index.encoder import SentenceEncoder, load_encoder
from index.models import verify_carrier
from qa.cross_encoder import CrossEncoderReranker, load_reranker

TEXTS = ["Japan and the United States held a dialogue.", "short", "日本", "", "long words " * 600]
PAIRS = [("Who met?", text) for text in TEXTS] + [("long words " * 300, "long words " * 300)]
CONFIG = BertConfig(hidden_size=24, num_hidden_layers=2, num_attention_heads=HEADS, intermediate_size=32)
CONFIG.num_labels = 1


def write_model(model: torch.nn.Module, folder: Path) -> Bert:
    for parameter in model.parameters():  # as far from zero and one as a trained model's
        torch.nn.init.normal_(parameter, std=0.5)
    model.eval()
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    write_bert_graph(weights, folder / GRAPH)
    (folder / TOKENIZER).write_bytes((verify_carrier("bge-small") / TOKENIZER).read_bytes())
    return Bert.load(folder, max_tokens=512)


def read_with_torch(model: Callable[..., object], bert: Bert, text: str, pair: str | None) -> object:
    read = bert._tokenizer.encode(text, pair)  # noqa: SLF001 - the same tokens for both
    with torch.no_grad():
        return model(input_ids=torch.tensor([read.ids]), token_type_ids=torch.tensor([read.type_ids]))


def test_the_hidden_states_are_those_of_the_same_weights(tmp_path: Path) -> None:
    model = BertModel(CONFIG)
    bert = write_model(model, tmp_path)
    assert bert.width == CONFIG.hidden_size
    for text in TEXTS:
        expected: npt.NDArray[np.float32] = read_with_torch(model, bert, text, None)[0][0].numpy()  # type: ignore[index]
        np.testing.assert_allclose(bert.read(text), expected, atol=1e-4)


def test_the_logits_are_those_of_the_same_weights(tmp_path: Path) -> None:
    model = BertForSequenceClassification(CONFIG)
    bert = write_model(model, tmp_path)
    for question, text in PAIRS:
        expected = read_with_torch(model, bert, question, text).logits[0].numpy()  # type: ignore[attr-defined]
        np.testing.assert_allclose(bert.read(question, text), expected, atol=1e-4)


def test_other_weights_are_no_bert(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_bert_graph({"encoder.layer.0.weight": np.zeros((2, 2), dtype=np.float32)}, tmp_path / GRAPH)


@pytest.mark.model
@pytest.mark.parametrize("name", ["bge-small"])
def test_a_carried_embedder_agrees_with_sentence_transformers(name: str) -> None:
    ours, theirs = load_encoder(name), SentenceEncoder.from_name(name)
    assert (ours.model_id, ours.dimension) == (theirs.model_id, theirs.dimension)
    np.testing.assert_allclose(ours.encode_passages(TEXTS), theirs.encode_passages(TEXTS), atol=1e-5)
    for text in TEXTS:
        np.testing.assert_allclose(ours.encode_question(text), theirs.encode_question(text), atol=1e-5)


@pytest.mark.model
def test_a_vector_does_not_depend_on_how_many_threads_make_it() -> None:
    alone, together = load_encoder("bge-small"), load_encoder("bge-small", threads=2)
    for text in TEXTS:
        np.testing.assert_array_equal(alone.encode_question(text), together.encode_question(text))


@pytest.mark.model
def test_the_carried_reranker_agrees_with_sentence_transformers() -> None:
    ours, theirs = load_reranker("ms-marco-minilm"), CrossEncoderReranker.from_name("ms-marco-minilm")
    assert ours.model_id == theirs.model_id
    np.testing.assert_allclose(ours.score(PAIRS), theirs.score(PAIRS), atol=1e-4)
    assert ours.score([]).shape == (0,)
