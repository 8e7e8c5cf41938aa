"""Many statements in one file: JSON, a JSON object a line, or a table of comma-separated values."""

import csv
import dataclasses
import datetime
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from index.errors import UnreadableFileError
from index.readers.properties import clean_url
from index.readers.text import decode_text, refuse_binary
from index.types import RawText

# What the words of a statement are called, and what names it, in files of statements that are in use.
_TEXT_KEYS = ("text", "body", "content", "statement")
_ID_KEYS = ("id", "_id", "statement_id")
_WORDS = re.compile(r"[^\ud800-\udfff]+")
_FIELDS = ("title", "issuer", "place", "language")
_MAX_ID_CHARS = 100


def read_json(data: bytes, path: Path) -> tuple[RawText, ...]:
    """Read a JSON object that is a statement, a list of them, or an object with a list of them in it.

    A statement has its words under text, body, content or statement; its id, title, issuer, date (as in
    2024-07-28), place, language and url are taken if they are there. Raises UnreadableFileError, which
    names the record, if one of them is none.
    """
    decoded, encoding, detected = _decode(data, path)
    loaded = _load(decoded, path, where="")
    if isinstance(loaded, dict) and not _has_text(loaded):
        lists = [value for value in loaded.values() if isinstance(value, list)]
        loaded = lists[0] if len(lists) == 1 else loaded
    records = loaded if isinstance(loaded, list) else [loaded]
    return _read_records(records, data, path, encoding=encoding, detected=detected)


def read_jsonl(data: bytes, path: Path) -> tuple[RawText, ...]:
    """Read a JSON object a line, each a statement as in `read_json`."""
    decoded, encoding, detected = _decode(data, path)
    lines = decoded.split("\n")
    records = [
        _load(line, path, where=f" in line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    return _read_records(records, data, path, encoding=encoding, detected=detected)


def read_csv(data: bytes, path: Path) -> tuple[RawText, ...]:
    """Read a table whose first row names its columns, each other row a statement as in `read_json`.

    Cells are parted by commas, semicolons or tabs, whichever the first row holds most of.
    """
    decoded, encoding, detected = _decode(data, path)
    header = decoded.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    csv.field_size_limit(max(len(decoded), 1))
    try:
        rows = list(
            csv.DictReader(io.StringIO(decoded.lstrip(), newline=""), delimiter=delimiter, strict=True)
        )
    except csv.Error as error:
        raise UnreadableFileError(f"{path} is no table that can be read: {error}.") from error
    columns = [{str(key).strip().lower(): value for key, value in row.items()} for row in rows]
    return _read_records(columns, data, path, encoding=encoding, detected=detected)


def _decode(data: bytes, path: Path) -> tuple[str, str, bool]:
    decoded, encoding, detected = decode_text(data, path)
    refuse_binary(decoded, path)
    return decoded, encoding, detected


def _load(words: str, path: Path, *, where: str) -> object:
    try:
        loaded: object = json.loads(words)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"{path} is not valid JSON{where}: {_explain(error)}.") from error
    return loaded


def _explain(error: Exception) -> str:
    return (
        str(error)
        if isinstance(error, json.JSONDecodeError)
        else "it is nested too deeply or has a huge number"
    )


def _has_text(record: Mapping[str, object]) -> bool:
    return any(isinstance(record.get(key), str) for key in _TEXT_KEYS)


def _read_records(
    records: Iterable[object], data: bytes, path: Path, *, encoding: str, detected: bool
) -> tuple[RawText, ...]:
    sha256 = hashlib.sha256(data).hexdigest()
    whole = RawText(text="", sha256=sha256, encoding=encoding, encoding_detected=detected)
    read = tuple(_read_each(records, whole, path))
    if not read:
        raise UnreadableFileError(f"{path} holds no statement.")
    return read


def _read_each(records: Iterable[object], whole: RawText, path: Path) -> Iterator[RawText]:
    seen: set[str] = set()
    for number, record in enumerate(records, start=1):
        where = f"{path} holds a record, number {number},"
        if not isinstance(record, dict) or not _has_text(record):
            raise UnreadableFileError(f"{where} without words under any of {', '.join(_TEXT_KEYS)}.")
        text = next(str(record[key]) for key in _TEXT_KEYS if isinstance(record.get(key), str))
        if not text.strip() or any("\ud800" <= char <= "\udfff" for char in text):
            raise UnreadableFileError(f"{where} that has no words, or half a character in them.")
        part = _read_id(record) or str(number)
        if part in seen:
            raise UnreadableFileError(f"{where} with the id {part!r} of another.")
        seen.add(part)
        yield dataclasses.replace(whole, text=text, part=part, fields=_read_fields(record, where))


def _read_id(record: Mapping[str, object]) -> str | None:
    found = (record.get(key) for key in _ID_KEYS)
    named = next((str(value) for value in found if isinstance(value, str | int) and str(value).strip()), "")
    words = " ".join("".join(char if char.isprintable() else " " for char in named).split())
    return words[:_MAX_ID_CHARS] or None


def _read_fields(record: Mapping[str, object], where: str) -> dict[str, object]:
    words = {key: value.strip() for key, value in record.items() if isinstance(value, str)}
    fields: dict[str, object] = {key: words[key] for key in _FIELDS if _WORDS.fullmatch(words.get(key, ""))}
    url = clean_url(words.get("url"))
    if url:
        fields["url"] = url
    if words.get("date"):
        try:
            fields["date"] = datetime.date.fromisoformat(words["date"][:10])
        except ValueError as error:
            raise UnreadableFileError(f"{where} whose date is no day as in 2024-07-28.") from error
    return fields
