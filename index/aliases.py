"""aliases.toml: the user's own other names for the same thing."""

import tomllib
from pathlib import Path

from index.errors import MetadataError

FILE_NAME = "aliases.toml"


def read_aliases(path: Path) -> tuple[tuple[str, ...], ...]:
    """Return groups of names for the same thing, the name on the left first; none if there is no file.

    Raises MetadataError, naming the file, for anything but lines like ``"North Korea" = ["DPRK"]``.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MetadataError(f"{path} cannot be read as TOML: {error}.") from error
    for name, others in content.items():
        if not isinstance(others, list) or not all(
            isinstance(other, str) and other.strip() for other in others
        ):
            raise MetadataError(f'{path}: {name!r} must be a list of names, as in "North Korea" = ["DPRK"].')
    return tuple((name, *others) for name, others in content.items())
