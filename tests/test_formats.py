"""Which reader a file gets: by what is in it, whatever its name says."""

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.formats import SUFFIXES, Format, recognise_format

PAGE = b"<!DOCTYPE html><html><head><title>A</title></head><body><p>We met.</p></body></html>"
MAIL = (
    b"From: Press <press@example.org>\r\nDate: Sun, 28 Jul 2024 10:00:00 +0900\r\nSubject: A\r\n"
    b"MIME-Version: 1.0\r\n\r\nWe met."
)
SAVED_PAGE = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/\r\nSubject: A\r\n"
    b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
)


def zip_of(**members: bytes) -> bytes:
    container = io.BytesIO()
    with zipfile.ZipFile(container, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return container.getvalue()


CONTENTS: dict[Format, bytes] = {
    "pdf": b"%PDF-1.7\nrest",
    "rtf": rb"{\rtf1 We met.}",
    "docx": zip_of(word__document=b"x"),
    "odt": zip_of(mimetype=b"application/vnd.oasis.opendocument.text"),
    "epub": zip_of(mimetype=b"application/epub+zip"),
    "html": PAGE,
    "eml": MAIL,
    "mhtml": SAVED_PAGE,
    "image": b"\x89PNG\r\n\x1a\nrest",
}


@pytest.mark.parametrize(
    "name", ["statement", "statement.txt", "statement.md", "statement.html", "statement.srt"]
)
@pytest.mark.parametrize(("expected", "data"), CONTENTS.items(), ids=CONTENTS.keys())
def test_what_is_in_a_file_goes_before_its_name(expected: Format, data: bytes, name: str) -> None:
    assert recognise_format(data, Path(name)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "text"),
        ("A.TXT", "text"),
        ("a.md", "markdown"),
        ("a.html", "html"),
        ("a.json", "json"),
        ("a.ndjson", "jsonl"),
        ("a.tsv", "csv"),
        ("a.eml", "eml"),
        ("a", "text"),
        ("a.srt", "text"),
        ("2024.07.28 statement", "text"),
    ],
)
def test_where_words_say_nothing_the_name_does(name: str, expected: Format) -> None:
    assert recognise_format("共同声明。We met.".encode(), Path(name)) == expected


def test_a_text_with_the_header_of_a_memo_is_a_text() -> None:
    memo = b"From: The Minister\nTo: All\nSubject: A\n\nWe met."
    assert recognise_format(memo, Path("memo.txt")) == "text"


def test_a_text_that_speaks_of_html_is_a_text() -> None:
    assert recognise_format(b"The <html> element begins a page.", Path("a.txt")) == "text"


def test_a_page_may_begin_with_a_mark_and_a_comment() -> None:
    data = b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- saved -->\n<html><body>We met."
    assert recognise_format(data, Path("a.txt")) == "html"


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "is empty"),
        (zip_of(xl__workbook=b"x"), "a.xlsx", "is a spreadsheet; save its statements as CSV"),
        (zip_of(ppt__slides=b"x"), "a.pptx", "is a presentation"),
        (zip_of(a=b"x"), "a.zip", "is a ZIP archive; unpack it"),
        (zip_of(word__document=b"x" * 500)[:200], "a.docx", "is a damaged ZIP container"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "a.doc", "is a damaged Office file"),
        (b"We met.", "a.pdf", "is not what its suffix says"),
        (b"We met.", "a.docx", "is not what its suffix says"),
        (b"title = 'A'", "a.toml", "is named like what is no statement"),
        (b"We met.", "a.txt~", "is named like what is no statement"),
        (b"var met = 1;", "jquery.js.download", "is named like what is no statement"),
        (b"<?xml version='1.0'?><rss></rss>", "a.rss", "is XML of a kind that is not known"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 60, "a.bin", "by its first bytes"),
    ],
)
def test_what_nothing_reads_is_named_in_one_sentence(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason) as caught:
        recognise_format(data, Path(name))
    message = str(caught.value)
    assert message.startswith(name)
    assert message.endswith(".")
    assert "\n" not in message


@given(
    data=st.binary(max_size=200),
    start=st.sampled_from([b"", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"\x1f\x8b", b"<html"]),
    suffix=st.sampled_from(["", ".bin", *SUFFIXES]),
)
def test_any_bytes_are_recognised_or_refused(data: bytes, start: bytes, suffix: str) -> None:
    with contextlib.suppress(UnreadableFileError):
        assert recognise_format(start + data, Path(f"any{suffix}")) in SUFFIXES.values()
