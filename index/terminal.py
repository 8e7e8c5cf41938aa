"""Lines for whoever reads the terminal."""

import sys
from typing import TextIO


def say(text: str, stream: TextIO | None = None) -> None:
    """Print a line, without what would command a terminal: a title or a file's name may hold anything."""
    stream = stream or sys.stdout
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    encoding = stream.encoding or "utf-8"
    print(clean.encode(encoding, errors="backslashreplace").decode(encoding), file=stream, flush=True)
