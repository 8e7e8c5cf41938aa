"""What was taught to a carried model beside its own weights."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

UP, DOWN = ".up", ".down"


def adapt(weights: Mapping[str, npt.NDArray[np.float32]], file: Path) -> dict[str, npt.NDArray[np.float32]]:
    """Return `weights` with what the safetensors `file` adds to some of them.

    To the matrix W of a module, shape ``(out, in)``, it adds ``up @ down``, shapes ``(out, rank)`` and
    ``(rank, in)``, after Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021. Added once
    and for all, it costs no time later. Raises KeyError if a module is not there.
    """
    from safetensors.numpy import load_file

    parts = load_file(file)
    adapted = dict(weights)
    for name in parts:
        if name.endswith(UP):
            module = name.removesuffix(UP)
            up, down = (parts[module + part].astype(np.float32) for part in (UP, DOWN))
            adapted[f"{module}.weight"] = adapted[f"{module}.weight"] + up @ down
    return adapted
