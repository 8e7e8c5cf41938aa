"""How readers of formats with a layout make a text: its paragraphs, parted by a blank line."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.errors import UnreadableFileError
from index.readers.text import refuse_binary
from index.types import RawText

# Only these: other white space (no-break, ideographic) is a character that somebody typed.
_SPACE = " \t\r\n"
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_LINE_BREAK = re.compile(r"[ \t]*\n[ \t]*")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def split_lines(words: str) -> list[str]:
    r"""Return the paragraphs of words that hold line breaks: "a\nb\n\nc" -> ["a b", "c"].

    A line break becomes a space (none is added where there is one), an empty line ends the paragraph,
    white space around a paragraph is left out, and so is a paragraph of nothing but white space.
    """
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    paragraphs = (_LINE_BREAK.sub(" ", part.strip(_SPACE)) for part in _BLANK_LINE.split(lines))
    return [paragraph for paragraph in paragraphs if paragraph.strip()]


def join_row(cells: Sequence[Sequence[str]]) -> list[str]:
    r"""Return a table row as paragraphs: [["a"], [], ["b"]] -> ["a\t\tb"].

    Where a cell holds more than one paragraph the table only places them on the page, so the paragraphs
    of all cells follow one another.
    """
    if any(len(cell) > 1 for cell in cells):
        return [paragraph for cell in cells for paragraph in cell]
    row = "\t".join("".join(cell) for cell in cells).strip(_SPACE)
    return [row] if row else []


def make_text(
    paragraphs: Sequence[str],
    data: bytes,
    path: Path,
    *,
    fields: Mapping[str, object],
    guesses: Mapping[str, object],
    notes: Sequence[str],
) -> RawText:
    """Join paragraphs to the text of the file that `data` was read from.

    Raises UnreadableFileError if there are none, or if they hold what is no character.
    """
    text = "\n\n".join(paragraphs)
    if not text:
        raise UnreadableFileError(f"{path} holds no text.")
    if _HALF_CHARACTER.search(text):
        raise UnreadableFileError(f"{path} holds half a character, so it is damaged; save it again.")
    refuse_binary(text, path)
    return RawText(
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        fields=fields,
        guesses=guesses,
        notes=tuple(notes),
    )
