"""Plain text: bytes become characters, by the encoding they are marked with or the one that fits them."""

import codecs
import contextlib
import hashlib
import re
from pathlib import Path

import charset_normalizer
import ftfy.badness

from index.errors import UnreadableFileError
from index.languages import detect_language
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
# What parts words and sentences in most writing: there is some of it in any text of a few words.
_PAUSE = re.compile(r"[ \t\r\n.,\u3001\u3002\uff0c]")
_MIN_PAUSE_SHARE = 0.01
# Of ASCII in these encodings every second byte is NUL, or more.
_MIN_NUL_SHARE = 0.25
_WIDE_ENCODINGS = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
# What documents are written in. Among the hundred that Python knows, some rare one fits any bytes.
# fmt: off
_LIKELY_ENCODINGS = [
    "cp1252", "latin_1", "iso8859_15", "cp1250", "iso8859_2", "cp1251", "koi8_r", "koi8_u", "iso8859_5",
    "cp1253", "iso8859_7", "cp1254", "cp1255", "cp1256", "iso8859_6", "cp1257", "cp1258", "tis_620",
    "cp932", "shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "cp949", "euc_kr",
]
# fmt: on
_CENTRAL_EUROPEAN = frozenset({"bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"})
# Sequences such as "â€™" a character. One slip, or a text about mojibake, is no mojibake.
_MAX_MOJIBAKE_SHARE = 0.005
_MIN_MOJIBAKE = 3
# Looking takes a microsecond a character, and a converter ruins all of a file or nothing.
_MOJIBAKE_CHARS = 20_000


def read_text(data: bytes, path: Path) -> RawText:
    """Read plain text. ``data.decode(raw.encoding) == raw.text``, nothing is normalised.

    See `decode_text` for what can be told of the encoding. Raises UnreadableFileError.
    """
    text, encoding, detected = decode_text(data, path)
    if not text.strip():
        raise UnreadableFileError(f"{path} holds nothing but white space.")
    refuse_binary(text, path)
    return RawText(
        text=text, sha256=hashlib.sha256(data).hexdigest(), encoding=encoding, encoding_detected=detected
    )


def decode_text(data: bytes, path: Path, declared: str | None = None) -> tuple[str, str, bool]:
    """Return the text, its encoding, and whether that was detected instead of said or tried and found to fit.

    A byte-order mark says the encoding and is not part of the text. Then comes what the format itself
    `declared`, if that fits; then UTF-8, if it fits; then what the bytes look like: UTF-16 or UTF-32 without
    a mark by their NUL bytes, others as charset-normalizer finds the likeliest. Raises UnreadableFileError.
    """
    if not data:
        raise UnreadableFileError(f"{path} is empty.")
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(encoding, data, path), encoding, False
    if declared is not None:
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            return data.decode(declared), codecs.lookup(declared).name, False
    if b"\0" in data:
        return _decode_wide(data, path)
    if not _ISO_2022_ESCAPE.search(data):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode("utf-8"), "utf-8", False
    encoding = _guess_encoding(data, path)
    return _decode_as(encoding, data, path), encoding, True


def refuse_binary(text: str, path: Path) -> None:
    """Raise UnreadableFileError if these are bytes that only happen to be characters."""
    if "\0" in text or len(_CONTROL.findall(text)) > _MAX_CONTROL_SHARE * len(text):
        raise UnreadableFileError(
            f"{path} holds control characters, so it is not a text, whatever its name says."
        )


def refuse_mojibake(text: str, path: Path) -> None:
    """Raise UnreadableFileError if the text was decoded wrongly before it was saved: that was never said."""
    head = text[:_MOJIBAKE_CHARS]
    found = 0 if head.isascii() else ftfy.badness.badness(head) + head.count("\ufffd")
    if found >= _MIN_MOJIBAKE and found > _MAX_MOJIBAKE_SHARE * len(head):
        raise UnreadableFileError(
            f"{path} holds mojibake, characters that were decoded wrongly before they were saved; "
            "get the file again from its source."
        )


def _decode_as(encoding: str, data: bytes, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{path} looks like {encoding}, but byte {error.start} does not fit; save it as UTF-8."
        ) from error


def _decode_wide(data: bytes, path: Path) -> tuple[str, str, bool]:
    """Decode what has NUL bytes: in the wrong one of these encodings there are hardly any pauses."""
    decoded = []
    for encoding in _WIDE_ENCODINGS:
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            decoded.append((len(_PAUSE.findall(text)) / len(text), text, encoding))
    share, text, encoding = max(decoded, default=(0.0, "", ""))
    few = data.count(0) < _MIN_NUL_SHARE * len(data) and data.replace(b"\0", b"").isascii()
    if few or share < _MIN_PAUSE_SHARE or _CONTROL.search(text):
        raise UnreadableFileError(f"{path} holds NUL bytes, so it is not a text, whatever its name says.")
    return text, encoding, True


def _guess_encoding(data: bytes, path: Path) -> str:
    matches = charset_normalizer.from_bytes(data, cp_isolation=_LIKELY_ENCODINGS)
    best = matches.best()
    if best is None:
        raise UnreadableFileError(
            f"{path} is in no encoding that can be told, or is no text; save it as UTF-8."
        )
    equally_good = [each for match in matches if match.chaos == best.chaos for each in _encodings_of(match)]
    if {"cp1250", "cp1252"} <= set(equally_good):
        # Only the language tells: "ř" of the one is "ø" of the other.
        language = detect_language(data.decode("cp1252", errors="ignore"))
        return "cp1250" if language in _CENTRAL_EUROPEAN else "cp1252"
    return best.encoding


def _encodings_of(match: charset_normalizer.CharsetMatch) -> list[str]:
    return [match.encoding, *match.could_be_from_charset]
