"""Mix what two runs of teach.py learnt.

    python tests/bench/taught/mix.py FIRST SECOND [--share 0.5] --out FILE

Between the weights of two models, of which one was taught on from the other, lie models that do as well as
either on what it was taught (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022).
"""

import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from index.adapter import DOWN, UP


def mix(first: Path, second: Path, share: float) -> dict[str, np.ndarray]:
    """Return `share` of what `second` adds and the rest of what `first` adds, as one product of matrices."""
    one, other = load_file(first), load_file(second)
    parts = {}
    for name in (each.removesuffix(UP) for each in one if each.endswith(UP)):
        ups = (1 - share) * one[name + UP].astype(np.float32), share * other[name + UP].astype(np.float32)
        parts[name + UP] = np.concatenate(ups, axis=1).astype(np.float16)
        parts[name + DOWN] = np.concatenate([one[name + DOWN], other[name + DOWN]], axis=0)
    return parts


def main() -> None:
    """Read two files and write one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of the second")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    save_file(mix(options.first, options.second, options.share), options.out)


if __name__ == "__main__":
    main()
