"""ZIP files that hold a document: their members, and the XML in them, read without trusting either."""

import io
import zipfile
import zlib
from pathlib import Path

from lxml import etree

from index.errors import UnreadableFileError

MAX_MEMBERS = 10_000
MAX_TOTAL_BYTES = 500_000_000
MAX_MEMBER_BYTES = 100_000_000
# Text shrinks to a tenth, empty tables to a fiftieth; only bombs come near the thousandth that is possible.
MAX_RATIO = 200
_MAX_UNSUSPECTED_BYTES = 10_000_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# All that zipfile raises on damaged or hostile bytes.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)
# An entity can stand for gigabytes, or for a file of this computer.
_ENTITY = tuple("<!ENTITY".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


class Container:
    """The members of a ZIP file. They are read one at a time, in memory, and never unpacked to disk."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path
        self._left = MAX_TOTAL_BYTES

    def __contains__(self, name: str) -> bool:
        """Say whether there is a member of that name."""
        return name in self._archive.NameToInfo

    def read(self, name: str) -> bytes:
        """Return a member's bytes. Raises UnreadableFileError if there is none, or they are damaged."""
        info = self._archive.NameToInfo.get(name)
        if info is None:
            raise UnreadableFileError(f"{self._path} is incomplete: its part {name!r} is missing.")
        limit = min(MAX_MEMBER_BYTES, self._left)
        try:
            with self._archive.open(info) as member:
                data = member.read(limit + 1)
        except _ZIP_ERRORS as error:
            raise UnreadableFileError(
                f"{self._path} is damaged: its part {name!r} cannot be read."
            ) from error
        if len(data) > limit:
            raise UnreadableFileError(f"{self._path} is too large to be read: its part {name!r} is huge.")
        self._left -= len(data)
        return data

    def read_xml(self, name: str) -> etree._Element:
        """Return the root of a member that is XML. Raises UnreadableFileError."""
        try:
            return parse_xml(self.read(name))
        except XmlError as error:
            raise UnreadableFileError(f"{self._path} cannot be read: its part {name!r} {error}.") from error


class XmlError(ValueError):
    """Bytes are no XML that is safe to read; the message goes on from the name of what holds them."""


def open_container(data: bytes, path: Path) -> Container:
    """Open a ZIP file. Raises UnreadableFileError if it is broken, encrypted or a bomb."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _ZIP_ERRORS as error:
        raise UnreadableFileError(
            f"{path} is damaged or incomplete: it is no whole ZIP container."
        ) from error
    _refuse_bombs(archive.infolist(), path)
    return Container(archive, path)


def _refuse_bombs(members: list[zipfile.ZipInfo], path: Path) -> None:
    if len(members) > MAX_MEMBERS:
        raise UnreadableFileError(f"{path} holds {len(members)} parts, which no document does.")
    if sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
        raise UnreadableFileError(
            f"{path} would unpack to more than {MAX_TOTAL_BYTES // 1_000_000} MB, which is too large to read."
        )
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise UnreadableFileError(f"{path} is encrypted with a password; save it without one.")
        if member.compress_type not in _METHODS:
            raise UnreadableFileError(
                f"{path} is compressed in a way that documents are not; save it again from its program."
            )
        if member.file_size > max(_MAX_UNSUSPECTED_BYTES, MAX_RATIO * member.compress_size):
            raise UnreadableFileError(
                f"{path} is built like a ZIP bomb: its part {member.filename!r} unpacks to"
                f" {member.file_size // 1_000_000} MB."
            )


def name_of(element: etree._Element) -> str:
    """Return an element's name without its namespace: "{http://...}p" -> "p"."""
    # What is no element, such as a comment, has a function for a tag.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def declares_entities(data: bytes) -> bool:
    """Say whether XML gives names to text or files of its own."""
    return any(mark in data for mark in _ENTITY)


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML from an unknown source, without comments, instructions and network. Raises XmlError.

    Elements are nested less than 256 deep, so they can be walked by recursion.
    """
    if declares_entities(data):
        raise XmlError("declares XML entities, which no document needs")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlError("is not well-formed XML") from error
    if next(root.iter(etree.Entity), None) is not None:
        raise XmlError("uses XML entities that it does not declare")
    return root
