"""Web pages saved in one file: the page, its address, and never the day it was saved."""

import contextlib
import datetime
import email.message
import email.policy
import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.mhtml import read_mhtml

PATH = Path("seeds/page.mhtml")
LONG = "The ministers reaffirmed their commitment to the alliance and to a free and open region. "
PAGE = (
    f"<html><head></head><body><nav><a href=/x>Menu</a></nav><p>{LONG * 3}</p><p>Zoë’s end.</p></body></html>"
)


def save_page(page: str = PAGE, *, charset: str = "utf-8", subject: str = "Joint Statement – Tokyo") -> bytes:
    """Save a page as Chrome does."""
    message = email.message.EmailMessage(policy=email.policy.default.clone(linesep="\r\n"))
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "https://www.mofa.go.jp/statement.html#top"
    message["Subject"] = subject
    message["Date"] = "Fri, 2 Aug 2024 08:00:00 -0000"
    message.make_related()
    for kind, location, content in (
        ("html", "https://www.mofa.go.jp/statement.html", page),
        ("css", "cid:css-1@mhtml.blink", "p { color: red }"),
        ("html", "cid:frame-1@mhtml.blink", "<p>words of a frame</p>"),
    ):
        part = email.message.EmailMessage()
        part.set_content(content, subtype=kind, charset=charset, cte="quoted-printable")
        part["Content-Location"] = location
        message.attach(part)
    return message.as_bytes()


def test_a_saved_page_is_the_page() -> None:
    data = save_page()
    raw = read_mhtml(data, PATH)
    assert raw.text == f"{(LONG * 3).strip()}\n\nZoë’s end."
    assert raw.sha256 == hashlib.sha256(data).hexdigest()
    assert raw.fields == {
        "title": "Joint Statement – Tokyo",
        "url": "https://www.mofa.go.jp/statement.html",
    }
    assert raw.guesses == {}


def test_what_the_page_says_of_itself_goes_before_the_file() -> None:
    head = (
        "<title>On Tokyo</title><meta property='article:published_time' content='2024-07-28'>"
        "<link rel=canonical href='https://www.mofa.go.jp/'>"
    )
    raw = read_mhtml(save_page(PAGE.replace("<head>", f"<head>{head}")), PATH)
    assert raw.fields == {
        "title": "On Tokyo",
        "date": datetime.date(2024, 7, 28),
        "url": "https://www.mofa.go.jp/statement.html",
    }


def test_the_part_says_its_encoding() -> None:
    page = f"<html><head><meta charset=utf-8></head><body><p>日米両国は、{'協力する。' * 30}</p></body>"
    raw = read_mhtml(save_page(page, charset="shift_jis"), PATH)
    assert raw.text.startswith("日米両国は、")
    assert raw.encoding == "cp932"


def test_the_start_of_the_parts_is_the_page() -> None:
    data = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; start="<B@x>"; boundary=cut\r\n\r\n'
        b"--cut\r\nContent-Type: text/html\r\nContent-ID: <a@x>\r\n\r\n<p>a frame</p>\r\n"
        b"--cut\r\nContent-Type: text/html\r\nContent-ID: <b@x>\r\n\r\n<p>the page</p>\r\n--cut--\r\n"
    )
    raw = read_mhtml(data, PATH)
    assert raw.text == "the page"
    assert raw.fields == {}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "headers"),
        (b"no mail at all\n", "headers"),
        (b"Content-Type: text/plain\n\nwords", "without the page"),
        (
            b"Content-Type: multipart/related; boundary=cut\n\n--cut\n\np{}\n",
            "without the page",
        ),
        (b"Content-Type: text/html\n\n", "empty"),
    ],
)
def test_what_holds_no_page_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        read_mhtml(data, PATH)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_broken_files_are_read_or_refused(data: st.DataObject) -> None:
    saved = bytearray(save_page())
    for _ in range(data.draw(st.integers(0, 20))):
        saved[data.draw(st.integers(0, len(saved) - 1))] = data.draw(st.integers(0, 255))
    del saved[data.draw(st.integers(0, len(saved))) :]
    with contextlib.suppress(UnreadableFileError):
        assert read_mhtml(bytes(saved), PATH).text.strip()
