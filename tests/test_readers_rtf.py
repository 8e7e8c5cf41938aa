import hashlib
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.rtf import read_rtf

PATH = Path("statement.rtf")
HEAD = rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f2\fnil\fcharset2 Symbol;}}"
DELETIONS = "Deletions tracked in the file are left out."
SYMBOLS = "Symbols of picture fonts are left out, because they are no characters."


def read(body: bytes) -> str:
    return read_rtf(HEAD + body + b"}", PATH).text


def test_a_document_is_read() -> None:
    data = (
        HEAD + rb"{\colortbl;\red0;}{\stylesheet{\s1 heading 1;}}{\*\generator Riched20;}"
        rb"{\info{\title Joint  Statement}{\author A Clerk}{\creatim\yr2024\mo5\dy1}}"
        rb"{\header the header\par}\viewkind4\uc1 \pard\s1\b Trade\b0\par" + b"\r\n"
        rb"\pard They \i met\i0 ." + b"\r\n" + rb" Late.\par}" + b"\0\0"
    )
    raw = read_rtf(data, PATH)
    assert raw.text == "Trade\n\nThey met. Late."
    assert raw.fields == {"title": "Joint Statement"}
    assert raw.sha256 == hashlib.sha256(data).hexdigest()
    assert raw.encoding is None
    assert raw.notes == ()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"a\par b\par\par c", "a\n\nb\n\nc"),
        (rb"a\line b \line c\line\line d", "a b c\n\nd"),
        (b"a\\\nb\\\rc", "a\n\nb\n\nc"),
        (rb"a\page b\sect c", "a b\n\nc"),
        (rb"a\tab b\~c\_d\-e", "a\tb\u00a0c\u2011de"),
        (rb"\{a\}\\b", "{a}\\b"),
        (rb"\lquote a\rquote\ldblquote b\rdblquote\emdash\endash\bullet", "‘a’“b”—–•"),
        (rb"caf\'e9 \'93x\'94", "café “x”"),
        (b"caf\xe9", "café"),
        (rb"\u8364?\u8364 ?\u-10179?\u-8704?x", "€€😀x"),
        (rb"{\uc2\u1072\'a1\'a2}{\uc0\u1073}\u1074 ?", "абв"),
        (rb"\u1072\tab b", "аb"),
        (rb"\u1072{b}", "аb"),
        (rb"a{\v hidden\par}b\v c\v0 d\v e\plain f", "abdf"),
        (rb'{\field{\*\fldinst{HYPERLINK "http://a.b"}}{\fldrslt{\ul our page}}}.', "our page."),
        (rb"{\listtext\f2\'b7\tab}item", "item"),
        (rb"{\pntext 1.\tab}{\*\pn\pnlvlbody}item", "item"),
        (rb"a{\*\unknown words{\deep}}b{\pict\wmetafile8 0102}c", "abc"),
        (b"a{\\pict\\bin7 }}}{{{\\b}b", "ab"),
        (rb"{\upr{ab}{\*\ud{\u1072 ?}}}c", "аc"),
        (rb"a{\*\annotation why?}{\*\bkmkstart x}b{\xe index}", "ab"),
        (rb"\revised new\revised0", "new"),
        (rb"x={\mmath{\*\moMath{\mf{\mfPr{\mctrlPr p}}{\mnum{\mr 1}}{\mden{\mr 2}}}}}", "x=12"),
    ],
)  # fmt: skip
def test_what_a_paragraph_says(body: bytes, text: str) -> None:
    raw = read_rtf(HEAD + body + b"}", PATH)
    assert raw.text == text
    assert raw.notes == ()


@pytest.mark.parametrize(
    ("head", "words", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1251 ", rb"\'cf\'f0\'e8\'e2\'e5\'f2", "Привет"),
        (rb"{\rtf1\ansi\ansicpg932 ", rb"\'93\'fa\'96\'7b\'83A\'83\\", "日本アソ"),
        (rb"{\rtf1\ansi\ansicpg936 ", rb"\'d6\'d0\'b9\'fa", "中国"),
        (rb"{\rtf1\ansi\ansicpg949 ", rb"\'c7\'d1", "한"),
        (rb"{\rtf1\ansi\ansicpg950 ", rb"\'a4\'a4", "中"),
        (rb"{\rtf1\ansi\ansicpg65001 ", "日本".encode(), "日本"),
        (rb"{\rtf1\mac ", rb"caf\'8e", "café"),
        (rb"{\rtf1\pc ", rb"caf\'82", "café"),
        (
            rb"{\rtf1\ansi{\fonttbl{\f5\fcharset204 Times;}{\f6\fcharset1\cpg1253 A;}}",
            rb"{\f5\'cf}\'cf{\f6\'cf}",
            "ПÏΟ",
        ),
        (rb"{\rtf1\ansi\deff5{\fonttbl{\f5\fcharset128 Mincho;}}", rb"\'93\'fa", "日"),
        (rb"{\rtf1\ansi\ansicpg77777 ", b"ascii", ""),
    ],
)
def test_code_pages(head: bytes, words: bytes, text: str) -> None:
    if text:
        assert read_rtf(head + words + b"}", PATH).text == text
    else:
        with pytest.raises(UnreadableFileError, match="in its code page cp77777"):
            read_rtf(head + words + b"}", PATH)


def test_tracked_deletions_are_left_out_and_noted() -> None:
    raw = read_rtf(HEAD + rb"They will {\deleted not\par }agree.}", PATH)
    assert raw.text == "They will agree."
    assert raw.notes == (DELETIONS,)


@pytest.mark.parametrize("symbol", [rb"{\f2\'b7}", rb"\u-3913?", rb"\u61623?"])
def test_symbols_of_picture_fonts_are_noted(symbol: bytes) -> None:
    raw = read_rtf(HEAD + b"a" + symbol + b"b}", PATH)
    assert raw.text == "ab"
    assert raw.notes == (SYMBOLS,)


def test_tables_are_rows_or_places_on_the_page() -> None:
    first = rb"\trowd\cellx1\cellx2\pard\intbl a\cell\cell b\cell\row"
    second = rb"\trowd c\par d\cell e\cell\row"
    assert read(rb"before\par" + first + second + rb"\pard after\par").split("\n\n") == [
        "before",
        "a\t\tb",
        "c",
        "d",
        "e",
        "after",
    ]


def test_tables_in_tables() -> None:
    body = (
        rb"\trowd\pard\intbl\itap1 o\par\pard\intbl\itap2 n\nestcell m\nestcell"
        rb"{\*\nesttableprops\trowd\nestrow}"
        rb"{\nonesttables\par}\pard\intbl\itap1\cell p\cell\row\pard after\par"
    )
    assert read(body).split("\n\n") == ["o", "n\tm", "p", "after"]


def test_a_table_without_an_end_loses_nothing() -> None:
    assert read(rb"\pard\intbl a\cell b").split("\n\n") == ["a", "b"]
    assert read(rb"\pard\intbl\itap9999999 a\cell\pard b\row c").split("\n\n") == ["a\tb", "c"]


def test_notes_and_text_boxes_stand_behind() -> None:
    body = (
        rb"an{\super\chftn}{\footnote\pard\plain{\super\chftn} the {\b note}\par}"
        rb"{\shp{\*\shpinst{\sp{\sn name}{\sv value}}{\shptxt\pard box\par}}{\shprslt old}}chor\par next\par"
    )
    assert read(body).split("\n\n") == ["anchor", "box", "next", "the note"]


def test_a_title_in_unicode_goes_before_the_one_in_a_code_page() -> None:
    raw = read_rtf(HEAD + rb"{\info{\upr{\title ??}{\*\ud{\title \u26085 ?\u26412 ?}}}}a}", PATH)
    assert raw.fields == {"title": "日本"}
    assert "title" not in read_rtf(HEAD + rb"{\info{\title Microsoft Word - a.doc}}a}", PATH).fields


def test_a_file_that_is_cut_off_says_so() -> None:
    raw = read_rtf(HEAD + rb"They {\b met", PATH)
    assert raw.text == "They met"
    assert raw.notes == ("The file ends before its groups do, so that its end may be missing.",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is no RTF document"),
        (b"words", "is no RTF document"),
        (HEAD + b"}", "holds no text"),
        (HEAD + rb"\u-10179?}", "holds half a character"),
        (HEAD + rb"caf\'81}", "holds characters that are none in its code page cp1252"),
        (HEAD + b"\0words}", "holds control characters"),
        (HEAD + b"{" * 3000 + b"}" * 3000 + b"}", "nested without end"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=rf"^statement\.rtf .*{message}"):
        read_rtf(data, PATH)


CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co"])
SAMPLES = ("日本と中国は、合意した。", "اتفق الوزراء على ما يلي", "{a} \\b 😀", "e\u0301", "two  spaces")
TEXTS = (st.text(CHARACTERS, min_size=1, max_size=40) | st.sampled_from(SAMPLES)).filter(str.strip)


def spell(words: str) -> bytes:
    """Write words as RTF."""
    units = words.encode("utf-16-le")
    pieces = (int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2))
    return b"".join(
        (b"\\" if unit in b"\\{}" else b"") + bytes([unit]) if unit < 128 else b"\\u%d?" % unit
        for unit in pieces
    )


@given(words=st.lists(TEXTS, min_size=1, max_size=5))
def test_paragraphs_come_back_exactly(words: list[str]) -> None:
    body = b"".join(rb"\pard{\b " + spell(each) + rb"}\par" + b"\r\n" for each in words)
    assert read(body) == "\n\n".join(each.strip(" ") for each in words)


WORDS = (
    rb"{ } \par \cell \row \nestcell \nestrow \intbl \itap2 \pard \trowd \footnote \shptxt \* \u8364",
    rb"\u-10179 \'93 \upr \ud \info \title \v \plain \deleted \bin3 \bin-5 \uc9 \f2 \fcharset2 \cpg0",
    rb"\ansicpg932 \ \\ \{ \' x",
)
PIECES = st.sampled_from([*b" ".join(WORDS).split(), b"words ", b"\\"])


@given(pieces=st.lists(PIECES, max_size=30))
def test_control_words_in_any_order_raise_nothing_else(pieces: list[bytes]) -> None:
    try:
        read(b"".join(pieces))
    except UnreadableFileError as error:
        assert str(error).startswith("statement.rtf ")  # noqa: PT017 - or it is text


@given(data=st.binary(max_size=200))
def test_any_bytes_raise_nothing_else(data: bytes) -> None:
    try:
        read(data)
    except UnreadableFileError as error:
        assert str(error).startswith("statement.rtf ")  # noqa: PT017 - or it is text


@pytest.mark.parametrize(
    "piece", [b"{}", rb"\par ", rb"\cell ", rb"{\footnote x}", b"\\'e9", b"\\", rb"\u8364?"]
)
def test_a_megabyte_of_anything_is_read_in_no_time(piece: bytes) -> None:
    begun = time.perf_counter()
    read(b"words" + piece * (1_000_000 // len(piece)))
    assert time.perf_counter() - begun < 20
