"""Texts become vectors."""

from pathlib import Path

import numpy as np
import pytest

from index.encoder import Encoder, SentenceEncoder, load_encoder
from index.errors import ModelError

TEXTS = ["Japan and the United States held a dialogue.", "short", "日本", "", "long " * 2000]


@pytest.fixture
def encoder(tiny_models: Path) -> Encoder:
    return SentenceEncoder.from_name(str(tiny_models / "embedder"))


def test_vectors_are_of_length_one_in_float32_whatever_the_weights_are_in(encoder: Encoder) -> None:
    vectors = encoder.encode_passages(TEXTS)
    assert (vectors.shape, str(vectors.dtype)) == ((5, encoder.dimension), "float32")
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    question = encoder.encode_question("What was held?")
    assert (question.shape, str(question.dtype)) == ((encoder.dimension,), "float32")


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    together = encoder.encode_passages(TEXTS)
    alone = np.stack([encoder.encode_passages([text])[0] for text in TEXTS])
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_a_model_is_known_by_its_folder_and_weights(encoder: Encoder, tiny_models: Path) -> None:
    folder, _, checksum = encoder.model_id.rpartition("@")
    assert folder == str(tiny_models / "embedder")
    assert len(checksum) == 12
    other = SentenceEncoder.from_name(str(tiny_models / "other-embedder"))
    assert other.model_id.rpartition("@")[2] != checksum


@pytest.mark.parametrize("device", ["nonsense", "cuda:99"])
def test_a_device_that_is_not_there_is_one_sentence(tiny_models: Path, device: str) -> None:
    with pytest.raises(ModelError, match=f"cannot use the device {device} here. Use cpu"):
        load_encoder(str(tiny_models / "embedder"), device=device)


@pytest.mark.parametrize(
    ("name", "content"), [("config.json", b"{"), ("model.safetensors", b"xx"), ("tokenizer.json", b"[]")]
)
def test_a_folder_that_cannot_be_loaded_is_one_sentence(
    tiny_models: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    for file in (tiny_models / "embedder").iterdir():
        (tmp_path / file.name).write_bytes(content if file.name == name else file.read_bytes())
    with pytest.raises(ModelError) as caught:
        SentenceEncoder.from_name(str(tmp_path))
    assert str(tmp_path) in str(caught.value)
    assert str(caught.value).endswith("Give another model.")
    assert "\n" not in str(caught.value)


@pytest.mark.model
def test_the_default_embedder_puts_a_question_near_its_answer(default_encoder: Encoder) -> None:
    passages = default_encoder.encode_passages(
        ["The DPRK launched ballistic missiles.", "The ministers thanked the people of Tokyo."]
    )
    right, wrong = passages @ default_encoder.encode_question("Who fired rockets?")
    assert right > wrong
