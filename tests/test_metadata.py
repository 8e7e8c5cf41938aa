"""Metadata: the sidecar before the front matter, that before the first line, that before the name."""

import datetime
from collections.abc import Mapping
from pathlib import Path

import pytest

from index.errors import MetadataError
from index.metadata import describe_statement
from index.readers import read_file
from index.types import RawText, Span, Statement

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
TEXT = "Joint Statement\n\nWe met in Tokyo."


def describe(
    sidecar: Path | None = None,
    *,
    text: str = TEXT,
    fields: Mapping[str, object] | None = None,
    front_matter: Span | None = None,
    source: str = "seeds/2024-07-28-joint_statement-tokyo.md",
) -> Statement:
    raw = RawText(
        text=text,
        sha256="0" * 64,
        encoding="shift_jis",
        encoding_detected=True,
        pages=(Span(start=0, end=len(text)),),
        front_matter=front_matter,
        fields=fields or {},
    )
    return describe_statement(raw, statement_id="a/b", source=source, sidecar=sidecar)


def write(folder: Path, words: str | bytes) -> Path:
    path = folder / "a.meta.toml"
    path.write_bytes(words.encode() if isinstance(words, str) else words)
    return path


def test_half_a_character_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text('---\ntitle: "x \\ud800 y"\n---\nThe sides met.\n')
    with pytest.raises(MetadataError, match="title"):
        describe_statement(read_file(path)[0], statement_id="a", source="seeds/a.md", sidecar=None)


def test_the_first_seed_is_described_by_its_sidecar() -> None:
    path = SEEDS / "2024-12-13-us-japan-extended-deterrence-dialogue.txt"
    statement = describe_statement(
        read_file(path)[0],
        statement_id=path.stem,
        source="seeds/a.txt",
        sidecar=path.with_suffix(".meta.toml"),
    )
    assert statement.title == "U.S.-Japan Extended Deterrence Dialogue"
    assert statement.issuer == "U.S. Department of State"
    assert statement.date == datetime.date(2024, 12, 13)
    assert (statement.place, statement.language, statement.url) == ("Tokyo", "en", None)
    assert statement.inferred == frozenset()
    assert statement.text.encode() == path.read_bytes()


def test_what_the_reader_found_is_handed_on() -> None:
    statement = describe(front_matter=None)
    assert (statement.statement_id, statement.source) == ("a/b", "seeds/2024-07-28-joint_statement-tokyo.md")
    assert (statement.text, statement.sha256, statement.encoding) == (TEXT, "0" * 64, "shift_jis")
    assert statement.pages == (Span(start=0, end=len(TEXT)),)


def test_the_sidecar_goes_before_the_front_matter_key_by_key(tmp_path: Path) -> None:
    sidecar = write(
        tmp_path, '\ufefftitle = "Beside"\r\ndate = 2024-07-28\r\nurl = "https://example.org/a?b=1"\r\n'
    )
    fields = {"title": "Inside", "issuer": "Ministry", "date": "2020-01-01", "tags": ["unknown", "ignored"]}
    statement = describe(sidecar, fields=fields)
    assert (statement.title, statement.issuer) == ("Beside", "Ministry")
    assert statement.date == datetime.date(2024, 7, 28)
    assert statement.url == "https://example.org/a?b=1"
    assert statement.inferred == frozenset()


@pytest.mark.parametrize(
    "date", ["2024-07-28", datetime.date(2024, 7, 28), datetime.datetime(2024, 7, 28, 9, tzinfo=datetime.UTC)]
)
def test_a_date_may_be_a_day_or_its_digits(date: object) -> None:
    assert describe(fields={"date": date}).date == datetime.date(2024, 7, 28)


def test_what_is_left_empty_is_not_given() -> None:
    statement = describe(fields={"title": "  ", "issuer": None, "date": None, "url": ""})
    assert (statement.title, statement.issuer, statement.date, statement.url) == (
        "Joint Statement",
        None,
        None,
        None,
    )
    assert "title" in statement.inferred


def test_a_title_is_one_line() -> None:
    assert describe(fields={"title": " A\n  B "}).title == "A B"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ('titel = "A"', "unknown key 'titel'"),
        ("title = 3", "key 'title' .* must be a text"),
        ('issuer = ["A"]', "key 'issuer' .* must be a text"),
        ("place = true", "key 'place' .* must be a text"),
        ("language = 1.5", "key 'language' .* must be a text"),
        ('date = "28 July 2024"', "key 'date' .* must be a day"),
        ('date = "2024-02-30"', "key 'date' .* must be a day"),
        ('date = "２０２４-07-28"', "key 'date' .* must be a day"),
        ("date = 2024", "key 'date' .* must be a day"),
        ("date = 10:00:00", "key 'date' .* must be a day"),
        ("url = 1", "key 'url' .* must be a text"),
        ('url = "javascript:alert(1)"', "key 'url' .* must be an http"),
        ('url = "example.org"', "key 'url' .* must be an http"),
        ('url = "https://"', "key 'url' .* must be an http"),
        ('url = "http://[1"', "key 'url' .* must be an http"),
        ('url = "https://a.org/ b"', "key 'url' .* must be an http"),
        ("title = ", "is not valid TOML"),
        ("a = " + "[" * 5000, "is not valid TOML"),
        (b'title = "\xff"', "is not UTF-8"),
    ],
)
def test_a_sidecar_that_cannot_be_meant_is_refused_in_one_sentence(
    tmp_path: Path, words: str | bytes, reason: str
) -> None:
    sidecar = write(tmp_path, words)
    with pytest.raises(MetadataError, match=reason) as caught:
        describe(sidecar)
    message = str(caught.value)
    assert str(sidecar) in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_sidecar_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(MetadataError, match=r"gone\.meta\.toml cannot be opened: "):
        describe(tmp_path / "gone.meta.toml")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": 3}, "'title'"),
        ({"language": False}, "'language'"),
        ({"date": "soon"}, "'date'"),
        ({"url": "x"}, "'url'"),
    ],
)
def test_front_matter_that_cannot_be_meant_is_refused_too(fields: Mapping[str, object], reason: str) -> None:
    with pytest.raises(MetadataError, match=rf"key {reason} in the front matter of seeds/"):
        describe(fields=fields)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (TEXT, "Joint Statement"),
        ("\n\r\n  # **Joint   Statement**\r\nWe met in Tokyo.", "Joint Statement"),
        ("Joint Statement", "Joint Statement"),
        ("Joint Statement\nThe Ministers met in Tokyo " + "and agreed " * 20, "Joint Statement"),
        ("共同声明\n\n両国は一致した。", "共同声明"),
    ],
)
def test_the_first_line_is_the_title_where_it_stands_like_one(text: str, title: str) -> None:
    statement = describe(text=text)
    assert statement.title == title
    assert "title" in statement.inferred


@pytest.mark.parametrize(
    "text",
    [
        "We met in Tokyo.\n\nWe agreed.",
        "The Ministers met in Tokyo today with their\nfriends and agreed.",
        "word " * 31,
        "x" * 201,
        "* * *\n\nWe met.",
        "The Ministers,\n\nrecalling",
    ],
)
def test_else_the_title_is_the_name_of_the_file(text: str) -> None:
    statement = describe(text=text)
    assert statement.title == "2024-07-28 joint statement tokyo"
    assert "title" in statement.inferred


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("seeds/joint-statement.md", "Joint statement"),
        ("seeds/deep/2024-07-28.txt", "2024-07-28"),
        ("seeds/共同声明_2024.txt", "共同声明 2024"),
        ("seeds/---.txt", "---"),
    ],
)
def test_a_name_is_made_readable(source: str, title: str) -> None:
    assert describe(text="We met.", source=source).title == title


def test_the_front_matter_is_not_the_first_line() -> None:
    front = "---\nissuer: A\n---\n"
    statement = describe(text=front + TEXT, front_matter=Span(start=0, end=len(front)))
    assert statement.title == "Joint Statement"
    assert statement.front_matter == Span(start=0, end=len(front))
