"""Fixtures that more than one test file uses."""

import hashlib
import re
import shutil
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.encoder import FloatArray

REPOSITORY = Path(__file__).resolve().parents[1]


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
