"""How much of what is known of statements can be read off their words alone, and how much of that is wrong.

    python tests/bench/inference.py FOLDER...

A FOLDER holds Markdown files whose front matter has title, date and issuer. The front matter is cut off,
and what `index.inference` reads off the rest is compared with it: under the file's own name and under one
that says nothing; of the words as they are, and with title, issuer and day above or below them as
releases have it. A text holds a title that is a paragraph of its own, an issuer that is a line of its own
near the beginning or end, and a day that it names anywhere. Half of the files were looked at while the
rules were written, the other half, by a hash of their names, was held out.
"""

import argparse
import collections
import dataclasses
import datetime
import hashlib
import re
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import yaml

from index.inference import Inferred, infer_fields

FIELDS = ("title", "issuer", "date")
MARGIN_LINES = 12
FRONT_MATTER = re.compile(r"---\r?\n(.*?)\r?\n---\r?\n", re.DOTALL)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A statement with what its front matter said."""

    name: str
    title: str
    issuer: str
    date: datetime.date
    text: str

    @property
    def held_out(self) -> bool:
        """Whether nobody looked at it while the rules were written."""
        return hashlib.sha256(f"{self.name}.md".encode()).digest()[-1] % 2 == 1


def leave(known: Known) -> str:
    """Return the words as they are."""
    return known.text


def add_heading(known: Known) -> str:
    """Return the words below a Markdown heading and a dateline."""
    day = f"{known.date:%B} {known.date.day}, {known.date.year}"
    return f"# {known.title}\n\nWASHINGTON, {day} – {known.text.lstrip()}"


def add_letterhead(known: Known) -> str:
    """Return the words below a letterhead and a title in capitals, broken to fit."""
    title = "\n".join(textwrap.wrap(known.title.upper(), 68, break_on_hyphens=False))
    day = f"{known.date.day} {known.date:%B %Y}"
    letterhead = f"{known.issuer.upper()}\nOffice of the Press Secretary\n\nFor Immediate Release\n{day}"
    return f"{letterhead}\n\n{title}\n\n{known.text}"


def add_footer(known: Known) -> str:
    """Return the words between a bare title and a footer."""
    return f"{known.title}\n\n{known.text.rstrip()}\n\n{known.date:%d.%m.%Y}\n\nSource: {known.issuer}\n"


LAYOUTS: tuple[Callable[[Known], str], ...] = (leave, add_heading, add_letterhead, add_footer)


def main() -> None:
    """Measure and print one line a layout, half and field."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    statements = [known for folder in parser.parse_args().folders for known in read_folder(folder)]
    if not statements:
        parser.error("no statement with title, date and issuer there")
    write_row("layout", "name", "half", "field", "held", "right", "wrong", "recall", "precision")
    for layout in LAYOUTS:
        for named in (True, False):
            for held_out in (False, True):
                half = [known for known in statements if known.held_out is held_out]
                print_table(half, layout, named=named)
    began = time.perf_counter()
    for known in statements:
        infer_fields(known.text, statement_id=known.name)
    sys.stdout.write(f"{(time.perf_counter() - began) / len(statements) * 1000:.1f} ms a statement\n")


def read_folder(folder: Path) -> Iterator[Known]:
    """Read the statements that have all three fields."""
    for path in sorted(folder.glob("*.md")):
        text = path.read_bytes().decode()
        block = FRONT_MATTER.match(text)
        fields = yaml.safe_load(block[1]) if block else {}
        if block and all(fields.get(field) for field in FIELDS):
            yield Known(
                name=path.stem,
                title=" ".join(str(fields["title"]).split()),
                issuer=fields["issuer"],
                date=datetime.date.fromisoformat(str(fields["date"])),
                text=text[block.end() :],
            )


def print_table(statements: Sequence[Known], layout: Callable[[Known], str], *, named: bool) -> None:
    """Print what was right and wrong of the fields that the text, or the file's name, holds."""
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    for known in statements:
        text = layout(known)
        inferred = infer_fields(text, statement_id=known.name if named else "statement")
        for field in FIELDS:
            is_there = (named and field == "date") or is_held(known, field, text)
            counts[field, "held"] += int(is_there)
            verdict = judge(known, field, inferred)
            counts[field, verdict] += 1
            counts[field, "found"] += int(is_there and verdict == "right")
    about = (
        layout.__name__,
        "kept" if named else "removed",
        "held out" if statements[0].held_out else "seen",
    )
    for field in FIELDS:
        held, right, wrong = counts[field, "held"], counts[field, "right"], counts[field, "wrong"]
        recall, precision = counts[field, "found"] / max(held, 1), right / max(right + wrong, 1)
        write_row(*about, field, str(held), str(right), str(wrong), f"{recall:.1%}", f"{precision:.1%}")


def write_row(*cells: str) -> None:
    """Write one line of the table."""
    widths = (15, 8, 9, 7, 6, 6, 6, 8, 9)
    sys.stdout.write("".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)) + "\n")


def is_held(known: Known, field: str, text: str) -> bool:
    """Tell whether the text names the day, or has the title or issuer as a line of its own."""
    if field == "date":
        day, month, year = known.date.day, known.date.strftime("%B"), known.date.year
        forms = (
            rf"{month}\s+(?:\d+\s*[-–]\s*)?0?{day}(?:st|nd|rd|th)?\s*,?\s+{year}",
            rf"\b0?{day}(?:st|nd|rd|th)?\s+(?:of\s+)?{month},?\s+{year}",
            rf"\b{known.date:%Y-%m-%d}\b|\b{known.date:%d\.%m\.%Y}\b",
        )
        return any(re.search(form, re.sub(r"<[^>]+>", "", text), re.IGNORECASE) for form in forms)
    wanted = squeeze(getattr(known, field))
    if field == "issuer":
        lines = [line for line in text.splitlines() if line.strip()]
        ends = lines[:MARGIN_LINES] + lines[-MARGIN_LINES:]
        return any(squeeze(re.sub(r"^Source:", "", line)) == wanted for line in ends)
    return any(squeeze(block) == wanted for block in re.split(r"\n\s*\n", text[:5000]))


def judge(known: Known, field: str, inferred: Inferred) -> str:
    """Compare one field, a title and an issuer by their letters and figures."""
    value, wanted = getattr(inferred, field), getattr(known, field)
    if value is None:
        return "none"
    same = value == wanted if field == "date" else squeeze(value) == squeeze(wanted)
    return "right" if same else "wrong"


def squeeze(words: str) -> str:
    """Return the letters and figures of `words`."""
    return re.sub(r"[\W_]+", "", words).casefold()


if __name__ == "__main__":
    main()
