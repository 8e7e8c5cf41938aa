"""Readers: the bytes once, the text as it is, one clear sentence when it cannot be read."""

import codecs
import datetime
import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import MetadataError, SeedsError, UnreadableFileError
from index.readers import read_file
from index.types import RawText, Span

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
JAPANESE = "共同声明。日本と米国は、抑止力を強化することで一致した。両国は協力を続ける。\r\n"
FRENCH = "Déclaration conjointe à l’issue de la réunion, où les ministres ont été reçus à Tokyo.\n"


def read_bytes(folder: Path, data: bytes, name: str = "statement.txt") -> RawText:
    path = folder / name
    path.write_bytes(data)
    (raw,) = read_file(path)
    return raw


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.name)
def test_a_seed_is_read_byte_for_byte(path: Path) -> None:
    (raw,) = read_file(path)
    data = path.read_bytes()
    assert raw.text.encode() == data
    assert raw.sha256 == hashlib.sha256(data).hexdigest()
    assert (raw.encoding, raw.encoding_detected) == ("utf-8", False)
    assert raw.front_matter is None


def test_nothing_is_normalised(tmp_path: Path) -> None:
    text = "A\r\nB\rC\u00a0D e\u0301 \u200b\u2028 ﬁ １\t\n\n"
    assert read_bytes(tmp_path, text.encode()).text == text


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ],
)
def test_a_byte_order_mark_says_the_encoding_and_is_no_text(
    tmp_path: Path, encoding: str, mark: bytes
) -> None:
    data = mark + JAPANESE.encode(encoding)
    raw = read_bytes(tmp_path, data)
    assert raw.text == JAPANESE
    assert data.decode(raw.encoding or "") == JAPANESE
    assert not raw.encoding_detected


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        ("联合声明。两国将加强在安全领域的合作。\n", "gb18030"),
        ("공동성명을 발표하였다. 양국은 협력을 강화하기로 하였다.\n", "euc_kr"),
        ("Совместное заявление министров о сотрудничестве.\n", "cp1251"),
        ("Совместное заявление министров о сотрудничестве.\n", "koi8_r"),
        ("Ministr zahraničí prohlásil, že žádná země nebude vyloučena.\n", "cp1250"),
        ("Utrikesministern sade att båda länderna är överens om åtgärder.\n", "cp1252"),
        (JAPANESE, "utf-16-le"),
        ("We met in Tokyo. We agreed on much.\n", "utf-16-be"),
        ("We met in Tokyo. We agreed on much.\n", "utf-32-le"),
        (FRENCH, "cp1252"),
        ("Die Minister erklärten, daß sie die Zusammenarbeit verstärken würden.\n", "latin-1"),
    ],
)
def test_other_encodings_are_detected_and_said_so(tmp_path: Path, text: str, encoding: str) -> None:
    data = text.encode(encoding)
    raw = read_bytes(tmp_path, data)
    assert raw.text == text
    assert raw.encoding_detected
    assert data.decode(raw.encoding or "") == text


UNREADABLE = {
    "empty": (b"", "empty"),
    "spaces": (b" \r\n\t\n", "white space"),
    "no-break spaces": ("\u00a0\u3000\n".encode(), "white space"),
    "a mark alone": (codecs.BOM_UTF8, "white space"),
    "NUL": (b"We met.\0We agreed.", "NUL"),
    "NUL behind a mark": (codecs.BOM_UTF8 + b"We met.\0", "control characters"),
    "control characters": (bytes(range(1, 32)) * 9, "control characters"),
    "half a UTF-16 character": (codecs.BOM_UTF16_LE + b"W\0e", "does not fit"),
    "broken UTF-8 behind its mark": (codecs.BOM_UTF8 + b"We met.\xff", "does not fit"),
    "noise": (hashlib.sha256(b"noise").digest() * 40, "no encoding that can be told"),
    "mojibake": (FRENCH.encode().decode("cp1252").encode(), "mojibake"),
    "replaced characters": (("We met. " * 20 + "\ufffd" * 5).encode(), "mojibake"),
}


@pytest.mark.parametrize(("data", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_what_is_no_text_is_refused_in_one_sentence(
    tmp_path: Path, data: bytes, reason: str, suffix: str
) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_bytes(tmp_path, data, f"odd{suffix}")
    message = str(caught.value)
    assert reason in message
    assert str(tmp_path / f"odd{suffix}") in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_text_about_mojibake_is_none(tmp_path: Path) -> None:
    text = "Decoded wrongly, café becomes cafÃ©. " + "This is how it comes about, and how to tell. " * 20
    assert read_bytes(tmp_path, text.encode()).text == text


def test_the_suffix_counts_in_any_case(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, b"We met.", "STATEMENT.TXT").text == "We met."


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    for name in ("missing.txt", "folder.txt"):
        with pytest.raises(UnreadableFileError, match=rf"{name} cannot be opened: "):
            read_file(tmp_path / name)


def test_front_matter_is_kept_in_the_text_and_its_fields_are_read(tmp_path: Path) -> None:
    front = '---\r\ntitle: "A: B"\r\ndate: 2024-07-28\r\nissuer: Ministry\r\n---\r\n'
    raw = read_bytes(tmp_path, (front + "\r\nWe met.").encode(), "a.md")
    assert raw.text == front + "\r\nWe met."
    assert raw.front_matter == Span(start=0, end=len(front))
    assert raw.fields == {"title": "A: B", "date": datetime.date(2024, 7, 28), "issuer": "Ministry"}


def test_front_matter_is_a_matter_of_markdown_only(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, b"---\ntitle: A\n---\nWe met.", "a.txt").front_matter is None


def test_front_matter_may_end_in_dots_and_be_empty(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, b"---\ntitle: A\n...\nWe met.", "a.md").fields == {"title": "A"}
    empty = read_bytes(tmp_path, b"---\n---\nWe met.", "a.md")
    assert (empty.front_matter, empty.fields) == (Span(start=0, end=8), {})


@pytest.mark.parametrize(
    "text",
    [
        "We met.\n---\ntitle: A\n---\n",
        "---\n\nWe met.\n",
        "---\nWe met.\n---\nWe agreed.",
        "---\n- a\n---\nb",
    ],
)
def test_a_rule_is_no_front_matter(tmp_path: Path, text: str) -> None:
    raw = read_bytes(tmp_path, text.encode(), "a.md")
    assert (raw.text, raw.front_matter, raw.fields) == (text, None, {})


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("title: [A\n---", r"is not valid YAML: .*line"),
        ("title: A\nB: C: D\n---", r"mapping values are not allowed here \(line 3\)"),
        ("date: 2024-13-45\n---", "is not valid YAML: month must be in"),
        ("a: " + "[" * 5000 + "\n---", "is not valid YAML"),
        ("a: !!timestamp x\n---", "is not valid YAML"),
        ("a: !!python/object/apply:os.getcwd []\n---", "is not valid YAML"),
        ("title: A\n", "has no closing line"),
    ],
)
def test_broken_front_matter_is_refused_in_one_sentence(tmp_path: Path, front: str, reason: str) -> None:
    with pytest.raises(MetadataError, match=reason) as caught:
        read_bytes(tmp_path, f"---\n{front}\nWe met.".encode(), "broken.md")
    message = str(caught.value)
    assert str(tmp_path / "broken.md") in message
    assert message.endswith(".")
    assert "\n" not in message


def test_front_matter_alone_is_no_statement(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="front matter and no statement"):
        read_bytes(tmp_path, b"---\ntitle: A\n---\n \n", "a.md")


def read_or_explain(data: bytes, name: str) -> RawText | str:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return read_bytes(Path(folder), data, name)
        except SeedsError as error:
            return str(error)


@settings(deadline=None, max_examples=300)
@given(data=st.binary(max_size=300), suffix=st.sampled_from([".txt", ".md"]), front=st.booleans())
def test_any_bytes_are_read_as_their_encoding_says_or_refused(
    data: bytes, suffix: str, *, front: bool
) -> None:
    if front:
        data = b"---\n" + data + b"\n---\nWe met."
    raw = read_or_explain(data, f"any{suffix}")
    if isinstance(raw, str):
        assert f"any{suffix}" in raw
        assert raw.endswith(".")
        return
    assert data.decode(raw.encoding or "") == raw.text
    assert raw.sha256 == hashlib.sha256(data).hexdigest()
    assert raw.text.strip()
    if raw.front_matter:
        assert raw.front_matter.start == 0
        assert raw.front_matter.end < len(raw.text)


@settings(deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\r\n\t"), min_size=1),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_any_text_in_unicode_comes_back_as_it_was(text: str, encoding: str) -> None:
    words = "We met. " * 1000 + text  # much odd text alone would pass for mojibake
    with tempfile.TemporaryDirectory() as folder:
        assert read_bytes(Path(folder), words.encode(encoding)).text == words
