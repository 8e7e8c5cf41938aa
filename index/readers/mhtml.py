"""A web page that a browser saved in one file (.mhtml, .mht) becomes the text of the statement on it."""

import dataclasses
import hashlib
import urllib.parse
from email.message import Message
from pathlib import Path

from index.addresses import is_web_address
from index.errors import UnreadableFileError
from index.readers.html import read_html
from index.readers.mail import get_parameter, get_payload, parse_message, read_header, tell_kind
from index.types import RawText


def read_mhtml(data: bytes, path: Path) -> RawText:
    """Read the page itself as `read_html` does; its frames and pictures are left out.

    The address is the one it was saved from. The subject of the file is the title where the page has none.
    The day it was saved on is not the statement's. Raises UnreadableFileError.
    """
    message = parse_message(data, path)
    page = _find_page(message)
    if page is None:
        raise UnreadableFileError(f"{path} is a saved web page without the page itself; save it again.")
    raw = read_html(get_payload(page), path, charset=get_parameter(page, "charset"))
    fields = dict(raw.fields)
    for address in (read_header(message, "Snapshot-Content-Location"), read_header(page, "Content-Location")):
        url = urllib.parse.urldefrag(address).url if is_web_address(address) else ""
        if url:
            fields["url"] = url
            break
    title = read_header(message, "Subject")
    if title and title != fields.get("url"):
        fields.setdefault("title", title)
    return dataclasses.replace(raw, sha256=hashlib.sha256(data).hexdigest(), fields=fields)


def _find_page(message: Message) -> Message | None:
    """Return the part that is the page: the one named as the start, or else the first one."""
    try:
        pages = [part for part in message.walk() if tell_kind(part) in {"text/html", "application/xhtml+xml"}]
    except RecursionError:
        return None
    start = get_parameter(message, "start")
    named = [part for part in pages if start and read_header(part, "Content-ID").lower() == start]
    return next(iter(named + pages), None)
