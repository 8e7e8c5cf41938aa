"""A file becomes the texts of statements. A format is one module and one line in `_READERS`."""

import importlib
import importlib.util
from collections.abc import Iterable, Mapping
from pathlib import Path

from index.errors import ScannedFileError, UnreadableFileError
from index.readers.formats import SUFFIXES, Format, recognise_format
from index.types import RawText

__all__ = ["SUFFIXES", "is_ocr_installed", "read_file", "read_scan"]

# Named, not imported: a build of text files need not wait for what reads PDF.
_READERS: Mapping[Format, str] = {
    "text": "text.read_text",
    "markdown": "markdown.read_markdown",
    "html": "html.read_html",
    "mhtml": "mhtml.read_mhtml",
    "pdf": "pdf.read_pdf",
    "docx": "docx.read_docx",
    "odt": "odt.read_odt",
    "rtf": "rtf.read_rtf",
    "epub": "epub.read_epub",
    "eml": "mail.read_eml",
    "msg": "msg.read_msg",
    "json": "records.read_json",
    "jsonl": "records.read_jsonl",
    "csv": "records.read_csv",
}

# The longest books and reports are a tenth of this; a file that is larger is something else.
_MAX_BYTES = 200_000_000


def read_file(path: Path) -> tuple[RawText, ...]:
    """Read one file, once: the texts of its statements, one for most formats, with the sha256 of its bytes.

    Raises UnreadableFileError if the file cannot be opened, is of no known format or holds no text,
    ScannedFileError if `read_scan` may find some, and MetadataError if its front matter cannot be read.
    """
    data = _load(path)
    recognised = recognise_format(data, path)
    if recognised == "image":
        raise ScannedFileError(f"{path} is an image without text.")
    found = _call(_READERS[recognised], data, path)
    _refuse_mojibake([raw.text for raw in found if raw.encoding is not None], path)
    return found


def read_scan(path: Path) -> tuple[RawText, ...]:
    """Read what `read_file` calls a scan, with the extra `ocr`. Raises UnreadableFileError."""
    data = _load(path)
    is_image = recognise_format(data, path) == "image"
    return _call("ocr.read_image" if is_image else "ocr.read_scanned_pdf", data, path)


def is_ocr_installed() -> bool:
    """Say whether scans can be read."""
    return importlib.util.find_spec("rapidocr_onnxruntime") is not None


def _load(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UnreadableFileError(f"{path} is larger than {_MAX_BYTES // 1_000_000} MB; split it.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path} cannot be opened: {error.strerror or error}.") from error


def _refuse_mojibake(texts: Iterable[str], path: Path) -> None:
    from index.readers.text import refuse_mojibake

    for text in texts:
        refuse_mojibake(text, path)


def _call(name: str, data: bytes, path: Path) -> tuple[RawText, ...]:
    module, _, function = name.partition(".")
    read = getattr(importlib.import_module(f"{__name__}.{module}"), function)
    found: RawText | tuple[RawText, ...] = read(data, path)
    return found if isinstance(found, tuple) else (found,)
