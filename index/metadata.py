"""What is known of a statement: said beside it first, by the file itself second, inferred last."""

import dataclasses
import datetime
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path, PurePath
from typing import Any

from index.addresses import is_web_address
from index.errors import MetadataError
from index.inference import infer_fields
from index.languages import detect_language
from index.types import RawText, Statement


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What somebody wrote down about a statement, checked."""

    title: str | None = None
    issuer: str | None = None
    date: datetime.date | None = None
    place: str | None = None
    language: str | None = None
    url: str | None = None


_READ_OFF_WORDS = frozenset({"title", "issuer", "date", "place"})
_KEYS = tuple(field.name for field in dataclasses.fields(_Given))


def describe_statement(raw: RawText, *, statement_id: str, source: str, sidecar: Path | None) -> Statement:
    """Join a file's text with what is known of it.

    Key by key the sidecar (NAME.meta.toml) goes before what the file says of itself, and that before what is
    read off the layout and then the words. `source` is the file's path as citations show it. Raises
    MetadataError if the sidecar has a key nobody knows, or either a value that cannot be meant.
    """
    beside = _read_sidecar(sidecar) if sidecar else _Given()
    inside = _check_fields(raw.fields, f"the front matter of {source}")
    given = {key: getattr(beside, key) or getattr(inside, key) for key in _KEYS}
    missing = {key for key, value in given.items() if value is None}
    read = {key: value for key, value in _infer(raw, statement_id, missing).items() if value is not None}
    title = given["title"] or read.get("title") or _read_name(source)
    known = _Given(**{**given, **read, "title": title})
    return Statement(
        statement_id=statement_id,
        title=title,
        issuer=known.issuer,
        date=known.date,
        place=known.place,
        language=known.language,
        source=source,
        url=known.url,
        sha256=raw.sha256,
        text=raw.text,
        pages=raw.pages,
        front_matter=raw.front_matter,
        encoding=raw.encoding,
        scanned=raw.scanned,
        inferred=frozenset(read.keys() | ({"title"} & missing)),
    )


def _infer(raw: RawText, statement_id: str, missing: Collection[str]) -> dict[str, Any]:
    """Return what can be read of the `missing` keys: off the layout first, then off the words."""
    text = raw.text[raw.front_matter.end if raw.front_matter else 0 :]
    seen = _check_fields(raw.guesses, "the layout")
    # Reading the words loads the names of months in many languages, so not where all is known.
    said = infer_fields(text, statement_id=statement_id) if _READ_OFF_WORDS.intersection(missing) else None
    read = {key: getattr(seen, key) or getattr(said, key, None) for key in missing}
    if "language" in missing:
        read["language"] = seen.language or detect_language(text)
    return read


def _read_sidecar(path: Path) -> _Given:
    try:
        fields = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise MetadataError(f"{path} cannot be opened: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise MetadataError(f"{path} is not UTF-8, as TOML must be.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise MetadataError(f"{path} is not valid TOML: {error}.") from error
    unknown = sorted(fields.keys() - set(_KEYS))
    if unknown:
        raise MetadataError(f"{path} has the unknown key {unknown[0]!r}; it may have {', '.join(_KEYS)}.")
    return _check_fields(fields, str(path))


def _check_fields(fields: Mapping[str, object], where: str) -> _Given:
    return _Given(
        title=_check_text(fields, "title", where),
        issuer=_check_text(fields, "issuer", where),
        date=_check_date(fields, where),
        place=_check_text(fields, "place", where),
        language=_check_text(fields, "language", where),
        url=_check_url(fields, where),
    )


def _check_text(fields: Mapping[str, object], key: str, where: str) -> str | None:
    value = fields.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise MetadataError(f"The key {key!r} in {where} must be a text in quotes.")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise MetadataError(f"The key {key!r} in {where} holds half a character. Write it again.")
    return " ".join(value.split()) or None


def _check_date(fields: Mapping[str, object], where: str) -> datetime.date | None:
    value = fields.get("date")
    if isinstance(value, datetime.datetime):
        return value.date()
    if value is None or isinstance(value, datetime.date):
        return value
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
            return datetime.date.fromisoformat(value.strip())
    except ValueError:
        pass  # 2024-02-30: the shape of a date, but no day
    raise MetadataError(f"The key 'date' in {where} must be a day, as in 2024-07-28.")


def _check_url(fields: Mapping[str, object], where: str) -> str | None:
    url = _check_text(fields, "url", where)
    if url is not None and not is_web_address(url):
        raise MetadataError(f"The key 'url' in {where} must be an http:// or https:// address.")
    return url


def _read_name(source: str) -> str:
    """Make a file's name readable: seeds/2024-07-28-joint_statement.txt -> 2024-07-28 joint statement."""
    stem = PurePath(source).stem
    date = re.match(r"\d{4}-\d{2}-\d{2}", stem)
    words = re.sub(r"[-_\s]+", " ", stem[date.end() if date else 0 :]).strip()
    name = f"{date.group()} {words}".strip() if date else words
    return name[:1].upper() + name[1:] or stem
