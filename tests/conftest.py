"""Fixtures that more than one test file uses."""

import hashlib
import re
import shutil
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest

from index.build import build_index
from index.encoder import Encoder, FloatArray, load_encoder
from index.types import BuildSettings
from qa.cross_encoder import Reranker, load_judge, load_reranker

REPOSITORY = Path(__file__).resolve().parents[1]

# No test fails because the machine has something else to do.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


class HashingEncoder:
    """A bag of hashed words: deterministic, instant, and close where texts share words."""

    model_id = "hashing@1"
    dimension = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        self.encoded.extend(texts)
        return np.stack([self.encode_question(text) for text in texts])

    def encode_question(self, text: str) -> FloatArray:
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[hashlib.sha256(word.encode()).digest()[0] % self.dimension] += 1
        unit: FloatArray = vector / np.linalg.norm(vector)
        return unit


class OverlapReranker:
    """Counts the question's words that the text has: -8 for none of them, +8 for all."""

    model_id = "overlap@1"

    def score(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        return np.array([self._overlap(*pair) for pair in pairs], dtype=np.float32)

    def _overlap(self, question: str, text: str) -> float:
        asked, said = (set(re.findall(r"\w+", each.lower())) for each in (question, text))
        return 16 * len(asked & said) / max(len(asked), 1) - 8


@pytest.fixture
def overlap_reranker() -> OverlapReranker:
    """Return a reranker for tests where the model is not the point."""
    return OverlapReranker()


@pytest.fixture
def hashing_encoder() -> HashingEncoder:
    """Return an encoder for tests where the model is not the point; it remembers what it encoded."""
    return HashingEncoder()


@pytest.fixture(scope="session")
def default_encoder() -> Encoder:
    """Load the default embedder once for all tests marked `model`."""
    return load_encoder(BuildSettings().embedder)


@pytest.fixture(scope="session")
def default_reranker() -> Reranker:
    """Load the default reranker once for all tests marked `model`."""
    return load_reranker(BuildSettings().reranker)


@pytest.fixture(scope="session")
def default_judge() -> Reranker:
    """Load what judges the best passages of the default reranker, once for all tests marked `model`."""
    judge = load_judge(BuildSettings().reranker)
    assert judge is not None
    return judge


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make folders of real, tiny models: `embedder`, `other-embedder`, and the rerankers `sure` and `unsure`.

    The embedders are drawn at random, of 24 numbers a vector, in half precision as many are published; the
    rerankers give 9 or -9 to every pair.
    """
    import torch
    import transformers

    from index.models import CARRIERS, silence_transformers, verify_carrier

    silence_transformers()
    folder = tmp_path_factory.mktemp("models")
    tokenizer = verify_carrier("bge-small")
    config = transformers.BertConfig(
        hidden_size=24, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    config.num_labels = 1
    for seed, name in enumerate(("embedder", "other-embedder")):
        torch.manual_seed(seed)
        transformers.BertModel(config).half().save_pretrained(folder / name)
    for name, logit in (("sure", 9.0), ("unsure", -9.0)):
        reranker = transformers.BertForSequenceClassification(config)
        with torch.no_grad():
            reranker.classifier.weight.zero_()
            reranker.classifier.bias.fill_(logit)
        reranker.save_pretrained(folder / name)
    for model in folder.iterdir():
        for name in CARRIERS["bge-small"].sha256:
            if name.startswith("tokenizer"):
                shutil.copyfile(tokenizer / name, model / name)
    return folder


@pytest.fixture
def index_texts(tmp_path: Path, hashing_encoder: HashingEncoder) -> Callable[..., Path]:
    """Return a function that makes the index of these texts, and of no others, in one folder of the test.

    It takes texts by the ids of their statements, or bytes by the names of files, and gives the folder.
    """
    seeds = tmp_path / "statements"

    def index(files: Mapping[str, str | bytes], encoder: Encoder = hashing_encoder) -> Path:
        shutil.rmtree(seeds, ignore_errors=True)
        for name, content in files.items():
            path = seeds / (name if isinstance(content, bytes) else f"{name}.txt")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        build_index(
            seeds,
            tmp_path / "index",
            settings=BuildSettings(embedder=encoder.model_id.rpartition("@")[0]),
            load_encoder=lambda _: encoder,
            model_id=lambda _: encoder.model_id,
        )
        return tmp_path / "index"

    return index


@pytest.fixture
def seeds_copy(tmp_path: Path) -> Path:
    """Copy the repository's seeds, so that a test may change them."""
    return Path(shutil.copytree(REPOSITORY / "seeds", tmp_path / "seeds"))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that reaches beyond this machine: nothing phones home."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:  # noqa: ANN401 - as in socket
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
