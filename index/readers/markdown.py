"""Markdown: text that may begin with YAML front matter, which describes the statement."""

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from index.errors import MetadataError, UnreadableFileError
from index.readers.text import read_text
from index.types import RawText, Span

_LINE_END = r"(?:\r\n|\n|\r)"
_FRONT_MATTER = re.compile(
    rf"---[ \t]*{_LINE_END}(?P<yaml>(?:.*?{_LINE_END})??)(?:---|\.\.\.)[ \t]*(?:{_LINE_END}|\Z)", re.DOTALL
)
_OPEN_FRONT_MATTER = re.compile(rf"---[ \t]*{_LINE_END}\w[\w -]*:\s")
# PyYAML lets what its constructors raise through: ValueError for 2024-13-45, RecursionError for "[[[[...".
_YAML_ERRORS = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError)


def read_markdown(data: bytes, path: Path) -> RawText:
    """Read Markdown. `text` keeps the front matter, so that spans count in the file as it is.

    Front matter stands between a first line ``---`` and the next ``---``, and holds keys and values; other
    text between two rules is the statement's. Raises UnreadableFileError, and MetadataError where the front
    matter is no YAML.
    """
    raw = read_text(data, path)
    block = _FRONT_MATTER.match(raw.text)
    if block is None:
        if _OPEN_FRONT_MATTER.match(raw.text):
            raise MetadataError(f"The front matter of {path} has no closing line of three hyphens (---).")
        return raw
    fields = _load_fields(block["yaml"], path)
    if fields is None:
        return raw
    if not raw.text[block.end() :].strip():
        raise UnreadableFileError(f"{path} holds front matter and no statement below it.")
    return dataclasses.replace(raw, front_matter=Span(start=0, end=block.end()), fields=fields)


def _load_fields(words: str, path: Path) -> Mapping[str, object] | None:
    """Return the keys and values of front matter, or None if it is text between two rules."""
    try:
        loaded: object = yaml.safe_load(words)
    except _YAML_ERRORS as error:
        raise MetadataError(f"The front matter of {path} is not valid YAML: {_explain(error)}.") from error
    if loaded is None:
        return {}
    return {str(key): value for key, value in loaded.items()} if isinstance(loaded, dict) else None


def _explain(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        line = error.problem_mark.line + 2  # counted from 0 below the first ---
        return f"{error.problem} (line {line})"
    return " ".join(str(error).split()) or type(error).__name__
