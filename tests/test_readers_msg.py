"""Outlook mails: the same conventions as other mails, and one sentence for what cannot be read."""

import contextlib
import datetime
import hashlib
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.msg import read_msg

PATH = Path("seeds/release.msg")
TEXT, NUMBER, TIME, BYTES = 0x001F, 0x0003, 0x0040, 0x0102
SUBJECT, HEADERS, SENT, BODY, HTML, CODEPAGE = 0x0037, 0x007D, 0x0039, 0x1000, 0x1013, 0x3FDE
SENDER, SENDER_ADDRESS, FILE_NAME, MIME, CONTENT_ID = 0x0C1A, 0x0C1F, 0x3707, 0x370E, 0x3712
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

Properties: TypeAlias = Mapping[tuple[int, int], object]
Folder: TypeAlias = dict[str, "bytes | Folder"]


def pack_properties(properties: Properties, header: int) -> Folder:
    """Return the streams of a storage: one of fixed size, and one for each property of another size."""
    streams: Folder = {}
    table = bytes(header)
    for (name, kind), value in properties.items():
        content = b""
        if isinstance(value, datetime.datetime):
            since = value - datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC)
            fixed = struct.pack("<Q", int(since.total_seconds()) * 10_000_000)
        elif isinstance(value, int):
            fixed = struct.pack("<I4x", value)
        else:
            assert isinstance(value, str | bytes)
            content = value.encode("utf-16-le") if isinstance(value, str) else value
            fixed = struct.pack("<I4x", len(content))
            streams[f"__substg1.0_{name:04X}{kind:04X}"] = content
        table += struct.pack("<HHI", kind, name, 6) + fixed
    return {"__properties_version1.0": table, **streams}


def make_msg(properties: Properties, *attachments: Properties) -> bytes:
    root = pack_properties(properties, 32)
    for number, attachment in enumerate(attachments):
        root[f"__attach_version1.0_#{number:08X}"] = pack_properties(attachment, 8)
    return write_compound_file(root)


def write_compound_file(root: Folder) -> bytes:
    """Write a compound file, version 3: every stream goes into the small sectors of the root."""
    entries: list[list[object]] = [
        ["Root Entry", 5, FREE, FREE, 0, 0]
    ]  # name, kind, next, child, start, size
    small, small_fat = bytearray(), list[int]()

    def add(folder: Folder, parent: int) -> None:
        before = None
        for name, content in sorted(folder.items()):
            at = len(entries)
            if isinstance(content, bytes):
                start, sectors = len(small_fat), -(-len(content) // 64)
                small_fat.extend([*range(start + 1, start + sectors), END][:sectors] if sectors else [])
                small.extend(content.ljust(sectors * 64, b"\0"))
                entries.append([name, 2, FREE, FREE, start if sectors else END, len(content)])
            else:
                entries.append([name, 1, FREE, FREE, 0, 0])
                add(content, at)
            if before is None:
                entries[parent][3] = at
            else:
                entries[before][2] = at
            before = at

    add(root, 0)
    small.extend(bytes(-len(small) % 512))
    tables = [len(small) // 512, -(-len(small_fat) // 128), -(-len(entries) // 4)]
    starts = [1, 1 + tables[0], 1 + tables[0] + tables[1]]  # sector 0 is the FAT
    entries[0][4:] = [starts[0], len(small)]
    fat = [FAT]
    for count in tables:
        fat.extend([*range(len(fat) + 1, len(fat) + count), END])
    assert len(fat) <= 128
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<9I", 0, 1, starts[2], 0, 4096, starts[1], tables[1], END, 0)
    header += struct.pack("<109I", 0, *[FREE] * 108)
    directory = b"".join(pack_entry(entry) for entry in entries)
    return b"".join(
        [
            header,
            struct.pack("<128I", *fat, *[FREE] * (128 - len(fat))),
            bytes(small),
            struct.pack(f"<{len(small_fat)}I", *small_fat).ljust(tables[1] * 512, b"\xff"),
            directory.ljust(tables[2] * 512, b"\0"),
        ]
    )


def pack_entry(entry: list[object]) -> bytes:
    name, kind, following, child, start, size = entry
    encoded = str(name).encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(encoded) + 2, kind, 1, FREE, following, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


RELEASE = {
    (SUBJECT, TEXT): "FW: Erklärung – Tokyo",
    (HEADERS, TEXT): "From: Auswärtiges Amt <a@b.example>\r\nDate: Sun, 28 Jul 2024 23:30:00 -0400\r\n",
    (SENT, TIME): datetime.datetime(2024, 7, 29, 3, 30, tzinfo=datetime.UTC),
    (BODY, TEXT): "Die Minister\u00a0trafen sich.\r\n\r\n> Ja.\r\n-- \r\nPresse\r\n",
    (HTML, BYTES): b"<p>other</p>",
}


def test_a_plain_body_is_the_text() -> None:
    data = make_msg(RELEASE)
    raw = read_msg(data, PATH)
    assert raw.text == "Die Minister\u00a0trafen sich.\n\n> Ja.\n-- \nPresse"
    assert raw.sha256 == hashlib.sha256(data).hexdigest()
    assert raw.fields == {
        "title": "Erklärung – Tokyo",
        "issuer": "Auswärtiges Amt",
        "date": datetime.date(2024, 7, 28),
    }
    assert raw.guesses == {}
    assert raw.encoding is None


def test_a_page_is_read_where_there_is_no_plain_body() -> None:
    page = "<html><meta charset=utf-8><p>l’été</p><p>Fin.</p></html>".encode("cp1252")
    raw = read_msg(make_msg({(BODY, TEXT): " \r\n", (HTML, BYTES): page, (CODEPAGE, NUMBER): 1252}), PATH)
    assert raw.text == "l’été\n\nFin."


def test_the_day_in_greenwich_is_a_guess() -> None:
    properties = {
        (BODY, TEXT): "We met.",
        (SENT, TIME): datetime.datetime(2024, 7, 29, 3, 30, tzinfo=datetime.UTC),
        (SENDER, TEXT): "Mallori Harrell",
        (SENDER_ADDRESS, TEXT): "m@x.io",
    }
    raw = read_msg(make_msg(properties), PATH)
    assert raw.fields == {}
    assert raw.guesses == {"date": datetime.date(2024, 7, 29), "issuer": "Mallori Harrell"}


def test_attachments_are_named() -> None:
    picture = {(FILE_NAME, TEXT): "logo.png", (MIME, TEXT): "image/png", (CONTENT_ID, TEXT): "logo@x"}
    raw = read_msg(make_msg(RELEASE, {(FILE_NAME, TEXT): "Erklärung.pdf"}, picture, {}), PATH)
    assert [note.partition(" is not read")[0] for note in raw.notes] == [
        "The attachment Erklärung.pdf",
        "The attachment without a name",
    ]


def lengthen(mail: bytes, name: str) -> bytes:
    """Say in the directory that a stream is as long as can be."""
    at = mail.index(name.encode("utf-16-le")) + 120
    return mail[:at] + struct.pack("<Q", 0xFFFFFFF0) + mail[at + 8 :]


def test_a_time_that_is_a_number_is_none() -> None:
    raw = read_msg(make_msg({(BODY, TEXT): "We met.", (SENT, NUMBER): 7}), PATH)
    assert (raw.text, raw.guesses) == ("We met.", {})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cannot be read as an Outlook mail"),
        (b"From: a\n\nWe met." * 200, "cannot be read as an Outlook mail"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "cannot be read as an Outlook mail"),
        (write_compound_file({"WordDocument": b"words"}), "cannot be read as an Outlook mail"),
        (make_msg({(SUBJECT, TEXT): "Empty"}), "without any text"),
        (make_msg({(BODY, TEXT): "We met.", (CODEPAGE, NUMBER): 1}), "cannot be read as an Outlook mail"),
        (
            lengthen(make_msg({(BODY, TEXT): "We met."}), "__substg1.0_1000001F"),
            "cannot be read as an Outlook",
        ),
        (make_msg(RELEASE)[:-600], "cannot be read as an Outlook mail"),
    ],
)
def test_what_is_no_mail_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason) as caught:
        read_msg(data, PATH)
    assert str(caught.value).startswith(f"{PATH} ")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_broken_mails_are_read_or_refused(data: st.DataObject) -> None:
    mail = bytearray(make_msg(RELEASE, {(FILE_NAME, TEXT): "Erklärung.pdf"}))
    places = st.one_of(st.integers(0, 1023), st.integers(0, len(mail) - 1))
    for _ in range(data.draw(st.integers(1, 8))):
        mail[data.draw(places)] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnreadableFileError):
        assert read_msg(bytes(mail), PATH).text.strip()
