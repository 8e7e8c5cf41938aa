"""What was taught to a carried model beside its own weights."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from index import models
from index.adapter import adapt
from index.errors import ModelError
from index.models import CARRIERS, find_graph, find_model, identify_model
from index.types import BuildSettings
from qa.cross_encoder import JUDGES, Reranker, load_judge

JUDGE = JUDGES[BuildSettings().reranker]


@pytest.fixture
def weights() -> dict[str, np.ndarray]:
    drawn = np.random.default_rng(7)
    return {
        "layer.0.dense.weight": drawn.normal(size=(4, 3)).astype(np.float32),
        "layer.0.dense.bias": drawn.normal(size=4).astype(np.float32),
        "layer.1.dense.weight": drawn.normal(size=(4, 3)).astype(np.float32),
    }


def test_a_product_is_added_to_the_matrix_of_its_module_alone(
    weights: dict[str, np.ndarray], tmp_path: Path
) -> None:
    drawn = np.random.default_rng(8)
    up, down = drawn.normal(size=(4, 2)).astype(np.float16), drawn.normal(size=(2, 3)).astype(np.float16)
    save_file({"layer.1.dense.up": up, "layer.1.dense.down": down}, tmp_path / "a.safetensors")
    before = {name: array.copy() for name, array in weights.items()}
    adapted = adapt(weights, tmp_path / "a.safetensors")
    added = np.einsum("or,ri->oi", up.astype(np.float64), down.astype(np.float64))
    np.testing.assert_allclose(
        adapted["layer.1.dense.weight"], before["layer.1.dense.weight"] + added, atol=1e-5
    )
    assert adapted["layer.1.dense.weight"].dtype == np.float32
    for name in ("layer.0.dense.weight", "layer.0.dense.bias"):
        np.testing.assert_array_equal(adapted[name], before[name])
    np.testing.assert_array_equal(weights["layer.1.dense.weight"], before["layer.1.dense.weight"])


def test_a_module_that_is_not_there_cannot_be_taught(weights: dict[str, np.ndarray], tmp_path: Path) -> None:
    parts = {
        "layer.9.dense.up": np.zeros((4, 1), np.float16),
        "layer.9.dense.down": np.zeros((1, 3), np.float16),
    }
    save_file(parts, tmp_path / "a.safetensors")
    with pytest.raises(KeyError, match=r"layer\.9\.dense"):
        adapt(weights, tmp_path / "a.safetensors")


def test_the_judge_is_another_model_than_the_one_it_was_made_of() -> None:
    assert CARRIERS[JUDGE].adapter
    name, plain = (
        identify_model(JUDGE, kind="reranker"),
        identify_model("ms-marco-minilm", kind="reranker"),
    )
    assert name == f"{JUDGE}@{CARRIERS[JUDGE].adapter[:12]}"
    assert name.rpartition("@")[2] != plain.rpartition("@")[2]


@pytest.mark.parametrize("damage", ["one bit", "gone"])
def test_what_was_taught_is_checked_before_it_is_used(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = (models.ADAPTERS / f"{JUDGE}.safetensors").read_bytes()
    if damage == "one bit":
        (tmp_path / f"{JUDGE}.safetensors").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    monkeypatch.setattr(models, "ADAPTERS", tmp_path)
    models._find_adapter.cache_clear()  # noqa: SLF001 - what was found is kept for a process
    try:
        for look in (identify_model, find_model, find_graph):
            with pytest.raises(ModelError, match="Install the program again"):
                look(JUDGE, kind="reranker")
    finally:
        models._find_adapter.cache_clear()  # noqa: SLF001


@pytest.mark.model
def test_the_judge_tells_what_answers_from_what_is_only_about_the_same(
    default_reranker: Reranker, default_judge: Reranker
) -> None:
    told = "The ministers met in Oslo on May 3 and agreed to share radar data."
    answered = ["Where did the ministers meet?", "What will be shared?", "When was the meeting?"]
    unanswered = [
        "Which hotel did the ministers stay at?",
        "Who paid for the radars?",
        "When is the next meeting?",
    ]

    def gap(model: Reranker) -> float:
        scores = [model.score([(question, told) for question in each]) for each in (answered, unanswered)]
        return float(scores[0].min() - scores[1].max())

    assert gap(default_judge) > max(0.0, gap(default_reranker))


def test_a_reranker_of_the_users_has_no_judge_but_itself() -> None:
    assert load_judge("some/folder") is None
