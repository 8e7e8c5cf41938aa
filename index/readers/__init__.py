"""A file becomes text. One module a format; a new one is one file and one line in `_READERS`."""

from collections.abc import Callable, Mapping
from pathlib import Path

from index.errors import UnreadableFileError
from index.readers.markdown import read_markdown
from index.readers.text import read_text
from index.types import RawText

_READERS: Mapping[str, Callable[[bytes, Path], RawText]] = {
    ".md": read_markdown,
    ".txt": read_text,
}

SUFFIXES = frozenset(_READERS)
"""The suffixes of the files that can be read, in lower case."""

# What binary files begin with that are now and then given the name of a text.
_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP container, such as a DOCX or EPUB",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
}


def read_file(path: Path) -> RawText:
    """Read one file, once: its text exactly as decoded, and the sha256 of the same bytes.

    Raises UnreadableFileError if the file cannot be opened, is of no known format or is no text, and
    MetadataError if its front matter cannot be read.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(SUFFIXES))
        raise UnreadableFileError(f"{path} has a suffix that cannot be read yet (only {known}).")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path} cannot be opened: {error.strerror or error}.") from error
    for signature, what in _SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableFileError(f"{path} is {what}, not a text, whatever its name says.")
    return reader(data, path)
