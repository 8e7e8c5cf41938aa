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
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise MetadataError(f"{path} cannot be opened: {error.strerror or error}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise MetadataError(f"{path} cannot be read as TOML: {error}.") from error
    for name, others in content.items():
        names = [name, *others] if isinstance(others, list) else [None]
        if not all(isinstance(each, str) and each.strip() for each in names):
            raise MetadataError(f'{path}: {name!r} must be a list of names, as in "North Korea" = ["DPRK"].')
    return tuple((name, *others) for name, others in content.items())
