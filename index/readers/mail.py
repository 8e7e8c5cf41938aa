"""A mail becomes the text of its body."""

import datetime
import email.errors
import email.policy
import email.utils
import hashlib
import re
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from index.errors import UnreadableFileError
from index.readers.charset import resolve_charset
from index.readers.html import read_html
from index.readers.markup import lay_out, parse_markup
from index.readers.properties import first_language
from index.readers.text import decode_text, refuse_binary, refuse_mojibake
from index.types import RawText

# What the parser of headers raises on those that follow no rule, beside its own errors.
_ERRORS = (
    email.errors.MessageError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    AssertionError,
    RecursionError,
)
_ANSWERED = re.compile(r"(?:(?:re|fwd?|aw|wg|tr|sv|vs)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"\b(?:minist\w+|department|dept|office|embass\w+|government|govt|commission|council|secretariat|agency"
    r"|bureau|press|parliament|senate|house|congress|committee|delegation|mission|consulate|authority|institut\w*"
    r"|organi[sz]ation|association|federation|foundation|university|court|directorate|administration|cabinet"
    r"|white house|kremlin|nato|united nations|european union|news|media|communications?|spokesperson"
    r"|bundes\w+|amt|ambassade|gouvernement|regierung\w*|conseil|kanzlei|presidency|présidence|gov(?:\.uk)?|usa|eu|uno?)\b"
    r"|министерств|посольств|мид\b|правительств|[省庁府署部局院社]$|大使館|内閣|外交部|大使馆|政府|외교부|정부|대사관"
    r"|وزارة|سفارة",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"(>*)(.*)", re.DOTALL)
_SIGNATURE = "-- "
_MIN_YEAR = 1900
_MAX_NAME_CHARS = 200
# A plain body of so much less than the other one only says that there is another.
_MIN_PLAIN_SHARE = 0.25


def read_eml(data: bytes, path: Path) -> RawText:
    """Read a mail: its plain body, or where it has none to speak of, its HTML body laid out as a page.

    The quoted mail and the signature are part of the text. Of a plain body, lines that were broken to be sent
    (format=flowed) are whole again and line ends are line feeds; all else is as it was written. Attachments
    are not read; the notes name them. Raises UnreadableFileError.
    """
    message = parse_message(data, path)
    shown, attached = _take_apart(message)
    bodies = _read_bodies(shown, path)
    language = first_language(read_header(message, "Content-Language"))
    fields, guesses = describe_mail(
        subject=read_header(message, "Subject"),
        sender=read_header(message, "From"),
        date=read_header(message, "Date"),
    )
    said = [raw.fields["language"] for raw in bodies if "language" in raw.fields]
    if language or said:
        fields["language"] = language or said[0]
    return RawText(
        text="\n\n".join(raw.text for raw in bodies),
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=bodies[0].encoding,
        encoding_detected=any(raw.encoding_detected for raw in bodies),
        fields=fields,
        guesses=guesses,
        notes=note_attachments([_name_attachment(part) for part in attached]),
    )


def parse_message(data: bytes, path: Path) -> Message:
    """Parse a file that is written as a mail. Raises UnreadableFileError if it has no headers or no end."""
    try:
        message = BytesParser(policy=email.policy.default).parsebytes(data)
    except _ERRORS as error:
        raise UnreadableFileError(f"{path} cannot be taken apart as a mail.") from error
    if not message.keys():
        raise UnreadableFileError(f"{path} does not begin with the headers of a mail.")
    return message


def read_header(message: Message, name: str) -> str:
    """Return a header's words, or none where there are none that can be read."""
    try:
        words = str(message[name] or "")
    except _ERRORS:
        return ""
    return " ".join("".join(char for char in words if not "\ud800" <= char <= "\udfff").split())


def describe_mail(*, subject: str, sender: str, date: str) -> tuple[dict[str, object], dict[str, object]]:
    """Return the fields and the guesses that a mail's subject, sender and date give.

    The date is the day where it was sent. A sender is the issuer if its name is that of an organisation;
    any other is a guess.
    """
    fields: dict[str, object] = {}
    guesses: dict[str, object] = {}
    title = _ANSWERED.sub("", subject).strip()
    if title:
        fields["title"] = title
    day = _read_day(date)
    if day:
        fields["date"] = day
    name = _read_name(sender)
    if name:
        (fields if _ORGANISATION.search(name) else guesses)["issuer"] = name
    return fields, guesses


def note_attachments(names: list[str]) -> tuple[str, ...]:
    """Return a note on each attachment."""
    return tuple(
        f"The attachment {name} is not read; save it as a file of its own to have it indexed."
        for name in names
    )


def _read_day(date: str) -> datetime.date | None:
    try:
        day = email.utils.parsedate_to_datetime(date).date()
    except _ERRORS:
        return None
    return day if day.year >= _MIN_YEAR else None


def _read_name(sender: str) -> str | None:
    try:
        name = " ".join(email.utils.parseaddr(sender)[0].strip("'\" ").split())
    except _ERRORS:
        return None
    return name if name and "@" not in name else None


def _take_apart(message: Message) -> tuple[list[Message], list[Message]]:
    """Return the parts that are shown one below the other, and those that are attached."""
    shown, attached = [], []
    todo = [message]
    while todo:
        part = todo.pop()
        kind = tell_kind(part)
        children = _get_children(part)
        if kind == "multipart/alternative" and children:
            todo.append(_choose_alternative(children))
        elif kind.startswith("multipart/") and children:
            todo.extend(reversed(children))
        elif kind in {"text/plain", "text/html"} and not children and not _is_attached(part):
            shown.append(part)
        elif not _is_embedded(part, kind):
            attached.append(part)
    return shown, attached


def _get_children(part: Message) -> list[Message]:
    payload = part.get_payload() if part.is_multipart() else []
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _choose_alternative(parts: list[Message]) -> Message:
    """Return the plain one of the alternatives, unless it hardly does more than say that there is another."""
    plain = [part for part in parts if tell_kind(part) == "text/plain"]
    pages = [page for part in parts for page in part.walk() if tell_kind(page) == "text/html"]
    if not plain or not pages:
        return plain[0] if plain else parts[-1]
    root = parse_markup(get_payload(pages[0]).decode("utf-8", "replace"))
    size = sum(len(block.words) for block in lay_out(root)) if root is not None else 0
    rich = next(part for part in reversed(parts) if part not in plain)
    return plain[0] if len(get_payload(plain[0]).strip()) >= max(1, _MIN_PLAIN_SHARE * size) else rich


def tell_kind(part: Message) -> str:
    """Return what a part says it is, as "text/html"; what says nothing is plain text."""
    try:
        return part.get_content_type()
    except _ERRORS:
        return "text/plain"


def get_parameter(part: Message, name: str) -> str:
    """Return a parameter of the type of a part in lower case, or nothing."""
    try:
        return str(part.get_param(name) or "").strip().lower()
    except _ERRORS:
        return ""


def get_payload(part: Message) -> bytes:
    """Return the bytes of a part as they were before they were sent; none of one that holds others."""
    try:
        payload = part.get_payload(decode=True)
    except _ERRORS:
        return b""
    return payload if isinstance(payload, bytes) else b""


def _get_filename(part: Message) -> str:
    try:
        return " ".join((part.get_filename() or "").split())
    except _ERRORS:
        return ""


def _is_attached(part: Message) -> bool:
    return read_header(part, "Content-Disposition").lower().startswith("attachment") or bool(
        _get_filename(part)
    )


def _is_embedded(part: Message, kind: str) -> bool:
    """Say whether a part is a picture that an HTML body shows, or nothing."""
    if kind.startswith("image/"):
        return "Content-ID" in part and not read_header(part, "Content-Disposition").startswith("attachment")
    return not get_payload(part).strip() and not part.is_multipart()


def _name_attachment(part: Message) -> str:
    inside = _get_children(part)
    subject = read_header(inside[0], "Subject") if inside else ""
    name = _get_filename(part) or subject or f"of type {tell_kind(part)}"
    return name.encode("utf-8", "replace").decode("utf-8")[:_MAX_NAME_CHARS]


def _read_bodies(parts: list[Message], path: Path) -> list[RawText]:
    """Read what can be read; raise UnreadableFileError if nothing can."""
    bodies = []
    fault = UnreadableFileError(f"{path} is a mail without any text of its own.")
    for part in parts:
        data, charset = get_payload(part), get_parameter(part, "charset")
        if not data.strip():
            continue
        try:
            if tell_kind(part) == "text/html":
                bodies.append(read_html(data, path, charset=charset, whole=True))
            else:
                bodies.append(_read_plain(part, data, path, charset))
        except UnreadableFileError as error:
            fault = error
    if not bodies:
        raise fault
    return bodies


def _read_plain(part: Message, data: bytes, path: Path, charset: str) -> RawText:
    text, encoding, detected = decode_text(data, path, resolve_charset(charset, data))
    refuse_binary(text, path)
    refuse_mojibake(text, path)
    lines = re.split(r"\r\n?|\n", text)
    if get_parameter(part, "format") == "flowed":
        lines = join_flowed(lines, delete_space=get_parameter(part, "delsp") == "yes")
    text = "\n".join(lines).strip("\n")
    if not text.strip():
        raise UnreadableFileError(f"{path} is a mail without any text of its own.")
    return RawText(text=text, sha256="", encoding=encoding, encoding_detected=detected)


def join_flowed(lines: list[str], *, delete_space: bool = False) -> list[str]:
    """Make lines whole that were broken to be sent as format=flowed: those that end in a space (RFC 3676).

    A line goes on in the next one of the same depth of quoting. The space before a line that begins with a
    space, ">" or "From " is taken away again, and so is the last one of a broken line with `delete_space`.
    """
    joined: list[str] = []
    depth, goes_on = "", False
    for line in lines:
        quoted, words = _QUOTED.match(line).groups()  # type: ignore[union-attr] # matches every line
        words = words.removeprefix(" ")
        if goes_on and quoted == depth and words != _SIGNATURE:
            joined[-1] += words
        else:
            joined.append(f"{quoted} {words}" if quoted else words)
        depth, goes_on = quoted, words.endswith(" ") and words != _SIGNATURE
        if goes_on and delete_space:
            joined[-1] = joined[-1][:-1]
    return joined
