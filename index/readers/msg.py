"""A mail that Outlook saved (.msg) becomes the text of its body."""

import dataclasses
import datetime
import hashlib
import io
import re
from pathlib import Path

import olefile
from oxmsg import Message
from oxmsg.attachment import Attachment
from oxmsg.domain import constants

from index.errors import UnreadableFileError
from index.readers.html import read_html
from index.readers.mail import describe_mail, note_attachments
from index.readers.text import refuse_binary, refuse_mojibake
from index.types import RawText

_LINE_END = re.compile(r"\r\n?|\n")
_MIN_YEAR = 1900
_CONTENT_ID = 0x3712
_SHORT_NAME = 0x3704


def read_msg(data: bytes, path: Path) -> RawText:
    """Read an Outlook mail: its plain body, or where it has none, its HTML body laid out as a page.

    Line ends are line feeds; all else is as it was written. Without the headers that it was sent with, only
    the day in Greenwich is known, which is a guess. Attachments are not read; the notes name them. Raises
    UnreadableFileError.
    """
    try:
        refuse_overlong_streams(data)
        message = Message.load(io.BytesIO(data))
        raw = _read_body(message, path)
        names = [_name_attachment(attachment) for attachment in message.attachments]
        fields, guesses = describe_mail(
            subject=_tidy(message.subject),
            sender=_tidy(message.sender or ""),
            date=message.message_headers.get("Date", ""),
        )
        sent = message.sent_date
    except UnreadableFileError:
        raise
    except Exception as error:  # the libraries raise what their parsing runs into
        raise UnreadableFileError(
            f"{path} cannot be read as an Outlook mail; save it again as .eml."
        ) from error
    # A damaged mail may hold a number where the library promises a time.
    if isinstance(sent, datetime.datetime) and sent.year >= _MIN_YEAR and "date" not in fields:
        guesses["date"] = sent.date()
    if "language" in raw.fields:
        fields["language"] = raw.fields["language"]
    return dataclasses.replace(
        raw,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=None,
        encoding_detected=False,
        fields=fields,
        guesses=guesses,
        notes=note_attachments([name for name in names if name]),
    )


def refuse_overlong_streams(data: bytes) -> None:
    """Raise ValueError if a stream says it is longer than the file: sectors in a circle have no end."""
    with olefile.OleFileIO(io.BytesIO(data)) as compound:
        for name in compound.listdir():
            if compound.get_size(name) > len(data):
                raise ValueError(f"the stream {name} is longer than the file")


def _read_body(message: Message, path: Path) -> RawText:
    plain = _LINE_END.sub("\n", (message.body or "").strip("\0")).strip("\n")
    if plain.strip():
        refuse_binary(plain, path)
        refuse_mojibake(plain, path)
        return RawText(text=plain, sha256="")
    properties = message.properties
    page = properties.binary_prop_value(constants.PID_HTML)
    if page:
        return read_html(page, path, charset=properties.body_encoding, whole=True)
    words = properties.str_prop_value(constants.PID_BODY_HTML)
    if not words:
        raise UnreadableFileError(
            f"{path} is a mail without any text that can be read; save it again as .eml."
        )
    return read_html(words.encode("utf-8", "replace"), path, charset="utf-8", whole=True)


def _name_attachment(attachment: Attachment) -> str | None:
    """Return the name of an attachment, or None of a picture that the HTML body shows."""
    properties = attachment.properties
    if properties.str_prop_value(_CONTENT_ID) and (attachment.mime_type or "").startswith("image/"):
        return None
    return _tidy(attachment.file_name or properties.str_prop_value(_SHORT_NAME) or "") or "without a name"


def _tidy(words: str) -> str:
    return " ".join("".join(char for char in words if char.isprintable() or char.isspace()).split())
