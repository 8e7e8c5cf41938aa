"""What kind of file some bytes are: told by them, and by the file's name where they say nothing."""

import io
import re
import zipfile
from pathlib import Path
from typing import Literal

from index.errors import UnreadableFileError

Format = Literal[
    "text",
    "markdown",
    "html",
    "mhtml",
    "pdf",
    "docx",
    "odt",
    "rtf",
    "epub",
    "eml",
    "msg",
    "json",
    "jsonl",
    "csv",
    "image",
]

SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".pdf": "pdf",
    ".docx": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
    ".epub": "epub",
    ".eml": "eml",
    ".msg": "msg",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".tif": "image",
    ".tiff": "image",
}
"""What a name promises, in lower case. A file of another name is read if it turns out to be one of these."""

# Names that programs give to settings, to copies that they keep or have not finished, and to what makes up a
# web page beside its words.
_NO_STATEMENTS = frozenset(
    {
        ".toml",
        ".yaml",
        ".yml",
        ".ini",
        ".cfg",
        ".bak",
        ".tmp",
        ".swp",
        ".part",
        ".crdownload",
        ".lock",
        ".log",
    }
    | {".js", ".mjs", ".css", ".map", ".svg", ".download", ".py", ".sh", ".bat", ".xsd", ".xsl", ".dtd"}
)

# A PDF may have rubbish before its first line; Acrobat looks as far, so all the makers of PDF rely on it.
_PDF_WITHIN = 1024
_HEAD_BYTES = 4096
# Of puremagic: a signature of four bytes or more.
_SURE = 0.4
_COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")  # docfile0
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_HTML_HEAD = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_XML_HEAD = re.compile(rb"\s*<\?xml\s")
_MAIL_HEAD = re.compile(rb"(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3}")
# What a person who writes a memo does not write at its top.
_MAIL_MACHINERY = re.compile(
    rb"^(?:MIME-Version|Message-ID|Received|Return-Path):", re.IGNORECASE | re.MULTILINE
)
_SAVED_PAGE = re.compile(
    rb"^(?:Snapshot-Content-Location:|Content-Type:\s*multipart/related)", re.IGNORECASE | re.MULTILINE
)


def recognise_format(data: bytes, path: Path) -> Format:
    """Return the format of a file. Raises UnreadableFileError, with what it is, if nothing reads it."""
    promised = SUFFIXES.get(path.suffix.lower())
    if not data:
        raise UnreadableFileError(f"{path} is empty.")
    if path.suffix.lower() in _NO_STATEMENTS or path.name.endswith("~"):
        raise UnreadableFileError(f"{path} is named like what is no statement; rename it if it is one.")
    found = _recognise_binary(data, path) or _recognise_markup(data, promised, path)
    if found is None and promised in {"pdf", "docx", "odt", "epub", "msg", "image"}:
        raise UnreadableFileError(f"{path} is not what its suffix says: it does not begin like one.")
    return found or promised or "text"


def _recognise_binary(data: bytes, path: Path) -> Format | None:
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(b"PK\x03\x04"):
        return _recognise_container(data, path)
    if data.startswith(_COMPOUND):
        return _recognise_compound(data, path)
    if data.startswith(_IMAGES):
        return "image"
    if b"\0" in data[:_HEAD_BYTES] and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        _refuse_by_signature(data, path)
    return None


def _recognise_container(data: bytes, path: Path) -> Format:
    """Tell the formats that are ZIP files by what lies in them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            members = set(container.namelist())
            kind = container.read("mimetype")[:100] if "mimetype" in members else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise UnreadableFileError(
            f"{path} is a damaged ZIP container; get it again from its source."
        ) from error
    if b"opendocument.text" in kind:
        return "odt"
    if b"epub" in kind or "META-INF/container.xml" in members:
        return "epub"
    if any(name.startswith("word/") for name in members):
        return "docx"
    what = next(
        (words for start, words in _OTHER_CONTAINERS if any(map(start.match, members))),
        "a ZIP archive; unpack it",
    )
    raise UnreadableFileError(f"{path} is {what}.")


_OTHER_CONTAINERS = (
    (re.compile(r"xl/"), "a spreadsheet; save its statements as CSV with a column named text"),
    (re.compile(r"ppt/"), "a presentation; save it as PDF"),
    (re.compile(r"content\.xml\Z"), "an OpenDocument file but no text; save it as PDF"),
)


def _recognise_compound(data: bytes, path: Path) -> Format:
    """Tell the formats that are OLE compound files by their streams."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as compound:
            streams = {entry[0] for entry in compound.listdir(streams=True, storages=True)}
    except Exception as error:  # olefile raises what its parsing runs into
        raise UnreadableFileError(
            f"{path} is a damaged Office file; get it again from its source."
        ) from error
    if any(name.startswith("__substg1.0_") or name == "__properties_version1.0" for name in streams):
        return "msg"
    if "EncryptedPackage" in streams:
        raise UnreadableFileError(f"{path} is encrypted with a password; save it without one.")
    what = (
        "an old Word document; save it as .docx"
        if "WordDocument" in streams
        else "an old Office file; save it as PDF"
    )
    raise UnreadableFileError(f"{path} is {what}.")


def _recognise_markup(data: bytes, promised: Format | None, path: Path) -> Format | None:
    head = data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    if promised in {"json", "jsonl", "csv", "mhtml"}:
        return promised
    if _HTML_HEAD.match(head):
        return "html"
    if _MAIL_HEAD.match(head) and _MAIL_MACHINERY.search(head):
        return "mhtml" if _SAVED_PAGE.search(head) and promised != "eml" else "eml"
    if promised is None and _XML_HEAD.match(head):
        raise UnreadableFileError(f"{path} is XML of a kind that is not known; save it as HTML or text.")
    return None


def _refuse_by_signature(data: bytes, path: Path) -> None:
    """Raise UnreadableFileError if these bytes are those of a known kind of file, none of them a text."""
    import puremagic

    try:
        best = puremagic.magic_string(data)[0]
    except (puremagic.PureError, ValueError, IndexError):
        return
    if best.confidence >= _SURE and best.name:
        raise UnreadableFileError(f"{path} is no text but, by its first bytes, this: {best.name}.")
