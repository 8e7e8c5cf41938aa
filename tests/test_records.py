"""Many statements in one file."""

import contextlib
import csv
import datetime
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.records import read_csv, read_json, read_jsonl
from index.types import RawText

PATH = Path("statements.json")
RECORDS: list[dict[str, object]] = [
    {
        "id": "july",
        "title": "July",
        "date": "2024-07-28",
        "text": "We met.\n\nWe agreed.",
        "issuer": "Ministry",
    },
    {"id": 7, "url": "https://example.org/7", "text": "We met again."},
]


def to_json(content: object) -> bytes:
    return json.dumps(content).encode()


def to_csv(records: Sequence[Mapping[str, object]], delimiter: str = ",") -> bytes:
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, ["id", "title", "date", "issuer", "url", "text"], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(records)
    return table.getvalue().encode()


FILES = {
    "list": (read_json, to_json(RECORDS)),
    "list in an object": (read_json, to_json({"count": 2, "statements": RECORDS})),
    "lines": (read_jsonl, b"\n".join(map(to_json, RECORDS)) + b"\n\n"),
    "commas": (read_csv, to_csv(RECORDS)),
    "semicolons": (read_csv, to_csv(RECORDS, ";")),
    "tabs": (read_csv, to_csv(RECORDS, "\t")),
}


@pytest.mark.parametrize(("read", "data"), FILES.values(), ids=FILES.keys())
def test_each_record_is_a_statement(read: Callable[[bytes, Path], Sequence[RawText]], data: bytes) -> None:
    july, again = read(data, PATH)
    assert (july.part, july.text) == ("july", "We met.\n\nWe agreed.")
    assert july.fields["date"] == datetime.date(2024, 7, 28)
    assert july.fields["issuer"] == "Ministry"
    assert (again.part, again.text) == ("7", "We met again.")
    assert again.fields["url"] == "https://example.org/7"
    assert july.sha256 == again.sha256


def test_one_object_is_one_statement() -> None:
    (only,) = read_json(to_json({"body": "We met."}), PATH)
    assert (only.text, only.part) == ("We met.", "1")


def test_what_is_no_address_is_left_out() -> None:
    (only,) = read_json(to_json({"text": "We met.", "url": "javascript:alert(1)", "title": ""}), PATH)
    assert only.fields == {}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"[", "is not valid JSON: "),
        (b"[" * 100_000, "is not valid JSON: it is nested too deeply"),
        (b"1" * 5000, "is not valid JSON: it is nested too deeply or has a huge number"),
        (b"[]", "holds no statement"),
        (b"[1]", "a record, number 1, without words under any of text"),
        (to_json([RECORDS[0], {"title": "A"}]), "a record, number 2, without words"),
        (to_json({"text": " "}), "a record, number 1, that has no words"),
        (b'{"text": "\\ud800"}', "half a character"),
        (to_json([RECORDS[0], RECORDS[0]]), "number 2, with the id 'july' of another"),
        (to_json({"text": "We met.", "date": "last week"}), "whose date is no day"),
    ],
)
def test_what_is_no_file_of_statements_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason) as caught:
        read_json(data, PATH)
    assert "\n" not in str(caught.value)


def test_a_broken_line_and_a_broken_table_are_named() -> None:
    with pytest.raises(UnreadableFileError, match=r"is not valid JSON in line 2: "):
        read_jsonl(b'{"text": "We met."}\n{', PATH)
    with pytest.raises(UnreadableFileError, match="is no table that can be read: "):
        read_csv(b'id,text\n1,"We met."x\n', PATH)


@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])).filter(str.strip), min_size=1))
def test_words_come_back_exactly(texts: list[str]) -> None:
    # Much odd text alone would pass for mojibake.
    records = [{"id": str(number), "text": "We met. " * 1000 + text} for number, text in enumerate(texts)]
    expected = [record["text"] for record in records]
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    for found in (
        read_json(json.dumps(records, ensure_ascii=False).encode(), PATH),
        read_jsonl(lines.encode(), PATH),
        read_csv(to_csv(records), PATH),
    ):
        assert [raw.text for raw in found] == expected


@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (read_json, read_jsonl, read_csv):
        with contextlib.suppress(UnreadableFileError):
            assert all(raw.text.strip() for raw in read(data, PATH))
