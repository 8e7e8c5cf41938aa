"""Mix what two runs of teach.py learnt.

    python tests/bench/taught/mix.py FIRST SECOND [--share 0.5] [--near] --out FILE

Between the weights of two models, of which one was taught on from the other, lie models that do as well as
either on what it was taught (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022).

The sum of both products is one of twice the rank. With `--near` it is the product of the means instead, which
is as small as each: at half it misses (up - up') (down - down') / 4.
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


def mix_near(first: Path, second: Path, share: float) -> dict[str, np.ndarray]:
    """Return the means of what both have learnt, of which one was taught on from the other."""
    one, other = load_file(first), load_file(second)
    return {
        name: ((1 - share) * own.astype(np.float32) + share * other[name].astype(np.float32)).astype(
            np.float16
        )
        for name, own in one.items()
    }


def main() -> None:
    """Read two files and write one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of the second")
    parser.add_argument("--near", action="store_true", help="where one was taught on from the other")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    mixed = (mix_near if options.near else mix)(options.first, options.second, options.share)
    save_file(mixed, options.out)


if __name__ == "__main__":
    main()
