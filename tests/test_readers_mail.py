"""Mails: the words of the body as they were written, however they were sent."""

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
from index.readers.mail import join_flowed, read_eml
from index.types import RawText

PATH = Path("seeds/release.eml")
MESSY = Path(__file__).resolve().parents[1] / "../shared/data/messy"
JAPANESE = "両国は、地域の平和と安定のために緊密に協力していくことで一致した。"
HEADERS = (
    b"From: =?utf-8?q?Minist=C3=A8re_des_Affaires_=C3=A9trang=C3=A8res?= <presse@diplomatie.example>\r\n"
    b"To: press@example.org\r\n"
    b"Subject: =?utf-8?b?RMOpY2xhcmF0aW9u?= conjointe\r\n"
    b"Date: Sun, 28 Jul 2024 23:30:00 +0900\r\n"
)


def read_body(body: bytes, *headers: bytes) -> RawText:
    return read_eml(HEADERS + b"".join(each + b"\r\n" for each in headers) + b"\r\n" + body, PATH)


def test_a_plain_mail_is_its_body() -> None:
    body = "Ils se sont réunis.\r\n\r\nIls  ont dit\u00a0:\r\n> « Oui. »\r\n> > Non.\r\n\r\n-- \r\nPresse\r\n"
    raw = read_body(body.encode(), b"Content-Type: text/plain; charset=utf-8")
    assert raw.text == body.replace("\r\n", "\n").strip("\n")
    assert raw.fields == {
        "title": "Déclaration conjointe",
        "issuer": "Ministère des Affaires étrangères",
        "date": datetime.date(2024, 7, 28),
    }
    assert raw.guesses == {}
    assert raw.notes == ()
    assert (raw.encoding, raw.encoding_detected) == ("utf-8", False)


def test_the_sum_is_of_the_bytes_of_the_file() -> None:
    data = HEADERS + b"\r\nWe met."
    assert read_eml(data, PATH).sha256 == hashlib.sha256(data).hexdigest()


def make_mail(plain: str | None, page: str | None) -> email.message.EmailMessage:
    message = email.message.EmailMessage()
    message["Subject"] = "Statement"
    if plain is not None:
        message.set_content(plain)
    if page is not None:
        message.add_alternative(page, subtype="html")
    return message


def test_the_plain_body_goes_before_the_page() -> None:
    raw = read_eml(make_mail("We met in Tokyo.\n", "<p>We <b>met</b> in Tokyo.</p>").as_bytes(), PATH)
    assert raw.text == "We met in Tokyo."


@pytest.mark.parametrize("plain", [None, "\n", "See the HTML part.\n"])
def test_the_page_is_read_where_the_plain_body_says_nothing(plain: str | None) -> None:
    page = (
        "<html lang=fr><p>Nous avons&nbsp;dit&#8239;: oui.</p><div class=footer><p>Presse</p></div>"
        + "<p>Oui.</p>" * 20
    )
    raw = read_eml(make_mail(plain, page).as_bytes(), PATH)
    assert raw.text.split("\n\n") == ["Nous avons\u00a0dit\u202f: oui.", "Presse"] + ["Oui."] * 20
    assert raw.fields == {"title": "Statement", "language": "fr"}


def test_attachments_are_named_and_pictures_of_the_page_are_not() -> None:
    message = make_mail("We met.\n", None)
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="Erklärung.pdf")
    message.add_attachment("words in a file\n", filename="annex.txt")
    message.add_attachment(b"GIF89a", maintype="image", subtype="gif", disposition="inline", cid="<logo@x>")
    message.add_attachment(make_mail("An older one.\n", None))
    raw = read_eml(message.as_bytes(), PATH)
    assert raw.text == "We met."
    assert raw.notes == tuple(
        f"The attachment {name} is not read; save it as a file of its own to have it indexed."
        for name in ("Erklärung.pdf", "annex.txt", "Statement")
    )


def test_bodies_that_stand_below_each_other_are_joined() -> None:
    body = (
        b"--cut\r\nContent-Type: text/plain\r\n\r\nWe met."
        b"\r\n--cut\r\nContent-Type: text/html\r\n\r\n<p>We <i>agreed</i>."
        b"\r\n--cut\r\nContent-Type: text/plain\r\n\r\n\r\n--cut\r\n\r\nThe end.\r\n--cut--\r\n"
    )
    assert (
        read_body(body, b"Content-Type: multipart/mixed; boundary=cut").text
        == "We met.\n\nWe agreed.\n\nThe end."
    )


@pytest.mark.parametrize(
    ("charset", "body", "text", "encoding", "detected"),
    [
        (b"iso-8859-1", "l’été – 3 €".encode("cp1252"), "l’été – 3 €", "cp1252", False),
        (b"us-ascii", "l’été".encode(), "l’été", "utf-8", False),
        (b"utf-8", JAPANESE.encode("euc_jp"), JAPANESE, "euc_jp", True),
        (b"ascii\0", "l’été".encode(), "l’été", "utf-8", False),
        (b"x-unknown", "Совместное заявление".encode(), "Совместное заявление", "utf-8", False),
        (b"iso-2022-jp", "共同声明".encode("iso2022_jp"), "共同声明", "iso2022_jp", False),
        (b"unicode_escape", rb"C:\nations", r"C:\nations", "utf-8", False),
    ],
)  # fmt: skip
def test_a_charset_is_taken_for_what_it_means(
    charset: bytes, body: bytes, text: str, encoding: str, *, detected: bool
) -> None:
    raw = read_body(body, b"Content-Type: text/plain; charset=" + charset, b"Content-Transfer-Encoding: 8bit")
    assert raw.text == text
    assert (raw.encoding, raw.encoding_detected) == (encoding, detected)


def test_transfer_encodings_are_undone() -> None:
    quoted = b"A line that was bro=\r\nken =E2=80=93 and =3D is equal.=20\r\nNext."
    raw = read_body(
        quoted, b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: quoted-printable"
    )
    assert raw.text == "A line that was broken – and = is equal. \nNext."


def test_flowed_lines_are_whole_again() -> None:
    body = (
        b"The ministers \r\nagreed.\r\nNext.\r\n From here.\r\n> We \r\n> said \r\n>> no.\r\n"
        b"-- \r\nPress \r\n-- \r\noffice"
    )
    raw = read_body(body, b"Content-Type: text/plain; format=flowed")
    assert raw.text.split("\n") == [
        "The ministers agreed.",
        "Next.",
        "From here.",
        "> We said ",
        ">> no.",
        "-- ",
        "Press ",
        "-- ",
        "office",
    ]
    assert join_flowed(["日本 ", "と"], delete_space=True) == ["日本と"]
    assert read_body(body, b"Content-Type: text/plain").text.startswith("The ministers \nagreed.")


@given(
    st.lists(
        st.text(st.characters(codec="ascii", min_codepoint=32, max_codepoint=126), min_size=1).map(str.strip)
    )
)
def test_lines_that_do_not_flow_keep_their_words(lines: list[str]) -> None:
    stuffed = [f" {line}" for line in lines]
    assert join_flowed(stuffed) == lines


@pytest.mark.parametrize(
    ("sender", "fields", "guesses"),
    [
        ("US Department of State <a@state.gov>", {"issuer": "US Department of State"}, {}),
        ("=?utf-8?b?5aSW5YuZ55yB?= <a@mofa.go.jp>", {"issuer": "外務省"}, {}),
        ("Mallori Harrell <m@x.io>", {}, {"issuer": "Mallori Harrell"}),
        ("a@state.gov", {}, {}),
        ('"a@state.gov" <a@state.gov>', {}, {}),
        ("", {}, {}),
    ],
)
def test_a_sender_is_the_issuer_if_it_is_an_organisation(
    sender: str, fields: dict[str, object], guesses: dict[str, object]
) -> None:
    raw = read_eml(f"From: {sender}\n\nWe met.".encode(), PATH)
    assert (raw.fields, raw.guesses) == (fields, guesses)


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ("Subject: Re: AW: Fwd: On Tokyo", {"title": "On Tokyo"}),
        ("Subject: Re:", {}),
        ("Date: Wed, 31 Feb 2024 10:00:00 +0000", {}),
        ("Date: soon", {}),
        ("Date: Thu, 1 Jan 1 00:00:00 +0000\nContent-Language: en-GB", {"language": "en"}),
    ],
)
def test_headers_that_say_nothing_say_nothing(headers: str, fields: dict[str, object]) -> None:
    raw = read_eml(f"X-Mailer: x\n{headers}\n\nWe met.".encode(), PATH)
    assert {key: value for key, value in raw.fields.items() if value != datetime.date(2001, 1, 1)} == fields


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "headers"),
        (b"We met in Tokyo.\n\nWe agreed.\n", "headers"),
        (HEADERS, "without any text"),
        (HEADERS + b"Content-Type: image/png\r\n\r\nxx", "without any text"),
        (HEADERS + b"Content-Type: text/html\r\n\r\n<img src=x>", "without any text"),
        (HEADERS + b"\r\n\0\0\1\2\3\4" * 3, "NUL|control"),
    ],
)
def test_what_has_no_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason) as caught:
        read_eml(data, PATH)
    assert str(caught.value).startswith(f"{PATH} ")


def test_parts_within_parts_without_end_are_refused_or_read() -> None:
    data = b"".join(b"Content-Type: multipart/mixed; boundary=c%d\n\n--c%d\n" % (n, n) for n in range(5000))
    with pytest.raises(UnreadableFileError):
        read_eml(data, PATH)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_broken_mails_are_read_or_refused(data: st.DataObject) -> None:
    message = make_mail("We met in Tokyo.\nAnd agreed – “so”.\n", "<p>We <b>met</b> in Tokyo.</p>")
    message["From"] = "Ministry <a@b.example>"
    message["Date"] = "Sun, 28 Jul 2024 23:30:00 +0900"
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="Erklärung.pdf")
    mail = bytearray(message.as_bytes())
    for _ in range(data.draw(st.integers(0, 20))):
        mail[data.draw(st.integers(0, len(mail) - 1))] = data.draw(st.integers(0, 255))
    del mail[data.draw(st.integers(0, len(mail))) :]
    with contextlib.suppress(UnreadableFileError):
        assert read_eml(bytes(mail), PATH).text.strip()


HEADER_NAMES = ["Subject", "From", "Date", "Content-Type", "Content-Disposition", "Content-Transfer-Encoding"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(HEADER_NAMES), st.text("ab<>@\"'();:,=?*%/\\. \t0é\udc80\r\n-_[]", max_size=30)
        )
    )
)
def test_headers_of_any_kind_are_read_or_refused(headers: list[tuple[str, str]]) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in headers).encode("utf-8", "surrogateescape")
    with contextlib.suppress(UnreadableFileError):
        assert read_eml(head + b"\nWe met.\n", PATH).text.strip()


@pytest.mark.shared
@pytest.mark.skipif(not MESSY.exists(), reason="no development data")
def test_awkward_mails() -> None:
    raw = read_eml((MESSY / "096_fake-email-attachment.eml").read_bytes(), PATH)
    assert raw.text.startswith("Hello!\n\nHere's the attachments!\n\nIt includes:\n\n   - Lots of whitespace")
    assert raw.fields == {"title": "Fake email with attachment", "date": datetime.date(2022, 12, 23)}
    assert [note.split()[2] for note in raw.notes] == ["fake-attachment.txt"]
    raw = read_eml((MESSY / "098_email-replace-mime-encodings-error-1.eml").read_bytes(), PATH)
    assert raw.text.startswith("Hi Someone ,\n\nSomeone has joined your meeting:")
    assert raw.fields["date"] == datetime.date(2022, 10, 28)
