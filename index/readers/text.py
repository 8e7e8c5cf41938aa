"""Plain text: bytes become characters, by the encoding they are marked with or the one that fits them."""

import codecs
import hashlib
import re
from pathlib import Path

import charset_normalizer

from index.errors import UnreadableFileError
from index.types import RawText

# UTF-32 stands before UTF-16, whose mark is the beginning of its own.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# ISO-2022 encodings are ASCII with escapes, so they would pass for UTF-8.
_ISO_2022_ESCAPE = re.compile(rb"\x1b[$(]")
# Control characters but white space, the end-of-file mark of old and U+0085, a line end.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")
# More of them than a slip of a converter leaves behind: these bytes only happen to fit an encoding.
_MAX_CONTROL_SHARE = 0.01


def read_text(data: bytes, path: Path) -> RawText:
    """Read plain text. ``data.decode(raw.encoding) == raw.text``, nothing is normalised.

    A byte-order mark says the encoding and is not part of the text. Without one it is UTF-8, or else what
    charset-normalizer finds the likeliest (`encoding_detected`). Raises UnreadableFileError.
    """
    if not data:
        raise UnreadableFileError(f"{path} is empty.")
    text, encoding, detected = _decode(data, path)
    if not text.strip():
        raise UnreadableFileError(f"{path} holds nothing but white space.")
    if "\0" in text or len(_CONTROL.findall(text)) > _MAX_CONTROL_SHARE * len(text):
        raise UnreadableFileError(
            f"{path} holds control characters, so it is not a text, whatever its name says."
        )
    return RawText(
        text=text, sha256=hashlib.sha256(data).hexdigest(), encoding=encoding, encoding_detected=detected
    )


def _decode(data: bytes, path: Path) -> tuple[str, str, bool]:
    """Return the text, its encoding, and whether that was guessed."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(encoding, data, path), encoding, False
    if b"\0" in data:
        raise UnreadableFileError(
            f"{path} holds NUL bytes and no byte-order mark: it is binary, or UTF-16 to be saved as UTF-8."
        )
    if not _ISO_2022_ESCAPE.search(data):
        try:
            return data.decode("utf-8"), "utf-8", False
        except UnicodeDecodeError:
            pass
    encoding = _guess_encoding(data, path)
    return _decode_as(encoding, data, path), encoding, True


def _decode_as(encoding: str, data: bytes, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{path} looks like {encoding}, but byte {error.start} does not fit; save it as UTF-8."
        ) from error


def _guess_encoding(data: bytes, path: Path) -> str:
    matches = charset_normalizer.from_bytes(data)
    best = matches.best()
    if best is None:
        raise UnreadableFileError(
            f"{path} is in no encoding that can be told, or is no text; save it as UTF-8."
        )
    equally_good = [match.encoding for match in matches if _fit(match) == _fit(best)]
    # Western texts often fit cp1250, listed first, exactly as well as the far more common cp1252.
    return "cp1252" if "cp1252" in equally_good else best.encoding


def _fit(match: charset_normalizer.CharsetMatch) -> tuple[float, float]:
    return match.chaos, match.coherence
