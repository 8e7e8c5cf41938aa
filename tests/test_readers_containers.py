import io
import struct
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.containers import (
    MAX_MEMBERS,
    Container,
    XmlError,
    name_of,
    open_container,
    parse_xml,
)

PATH = Path("statement.docx")


def make_zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_members_are_read_by_name() -> None:
    container = open_container(make_zip({"a/b.xml": b"<x>1</x>"}), PATH)
    assert "a/b.xml" in container
    assert "b.xml" not in container
    assert container.read("a/b.xml") == b"<x>1</x>"
    assert container.read_xml("a/b.xml").text == "1"


def test_a_missing_member_is_named() -> None:
    with pytest.raises(
        UnreadableFileError, match=r"^statement\.docx is incomplete: its part 'b' is missing\.$"
    ):
        open_container(make_zip({"a": b""}), PATH).read("b")


def test_names_that_climb_out_of_a_folder_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    assert open_container(make_zip({"../evil": b"x", "/evil": b"y"}), PATH).read("../evil") == b"x"
    assert list(tmp_path.rglob("*")) == [inside]


def test_too_many_members_are_refused() -> None:
    data = make_zip({str(number): b"" for number in range(MAX_MEMBERS + 1)}, zipfile.ZIP_STORED)
    with pytest.raises(UnreadableFileError, match="10001 parts"):
        open_container(data, PATH)


def test_a_ratio_that_only_bombs_have_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="'bomb' unpacks to 20 MB"):
        open_container(make_zip({"bomb": bytes(20_000_000)}), PATH)


def test_a_total_that_is_too_large_is_refused_before_it_is_unpacked() -> None:
    data = bytearray(make_zip({"a": b"x" * 100, "b": b"x" * 100}))
    for start in [at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"]:
        struct.pack_into("<I", data, start + 24, 300_000_000)
    with pytest.raises(UnreadableFileError, match="more than 500 MB"):
        open_container(bytes(data), PATH)


def test_what_is_read_counts_against_the_total(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.containers.MAX_TOTAL_BYTES", 150)
    with zipfile.ZipFile(io.BytesIO(make_zip({"a": b"x" * 100}))) as archive:
        container = Container(archive, PATH)
        container.read("a")
        with pytest.raises(UnreadableFileError, match="too large"):
            container.read("a")


def test_a_member_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.containers.MAX_MEMBER_BYTES", 99)
    container = open_container(make_zip({"a": b"x" * 100, "b": b"x" * 99}), PATH)
    assert len(container.read("b")) == 99
    with pytest.raises(UnreadableFileError, match="its part 'a' is huge"):
        container.read("a")


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(make_zip({"a": b"x"}))
    start = data.index(b"PK\x01\x02")
    data[start + 8] |= 1
    with pytest.raises(UnreadableFileError, match="encrypted with a password"):
        open_container(bytes(data), PATH)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_unusual_compression_is_refused(method: int) -> None:
    with pytest.raises(UnreadableFileError, match="compressed in a way"):
        open_container(make_zip({"a": b"x"}, method), PATH)


@given(data=st.binary(max_size=300))
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="no whole ZIP container"):
        open_container(data, PATH)


@given(at=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255), cut=st.booleans())
def test_damage_is_an_error_for_users_or_does_no_harm(at: float, bits: int, *, cut: bool) -> None:
    words = b"<x>words of a statement</x>"
    data = bytearray(make_zip({"a.xml": words, "b.xml": words}))
    position = int(at * len(data))
    data[position] ^= bits
    damaged = bytes(data[:position] if cut else data)
    try:
        found = open_container(damaged, PATH).read("a.xml")
    except UnreadableFileError:
        return
    assert found == words


BILLION_LAUGHS = b"""<!DOCTYPE x [<!ENTITY a "lol">%s]><x>&j;</x>""" % b"".join(
    b'<!ENTITY %c "%s">' % (letter + 1, b"&%c;" % letter * 10) for letter in range(ord("a"), ord("j"))
)
FILE_ENTITY = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize("bomb", [BILLION_LAUGHS, FILE_ENTITY])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_xml_entities_are_refused_at_once(bomb: bytes, encoding: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(XmlError, match="declares XML entities"):
        parse_xml(bomb.decode("ascii").encode(encoding))
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not well-formed"),
        (b"<x>", "not well-formed"),
        (b"<x>&a;</x>", "not well-formed"),
        (b"<x>\xff</x>", "not well-formed"),
        (b"<a>" * 300 + b"</a>" * 300, "not well-formed"),
        (b'<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x>&a;</x>', "uses XML entities"),
    ],
)
def test_other_xml_that_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(XmlError, match=message):
        parse_xml(data)


def test_an_error_in_xml_names_the_file_and_the_part() -> None:
    with pytest.raises(
        UnreadableFileError, match=r"^statement\.docx cannot be read: its part 'a' is not well-formed XML\.$"
    ):
        open_container(make_zip({"a": b"<x>"}), PATH).read_xml("a")


def test_comments_and_instructions_are_no_text() -> None:
    root = parse_xml(b'<n:x xmlns:n="y">a<!-- b -->c<?d e?>f</n:x>')
    assert root.text == "acf"
    assert name_of(root) == "x"
