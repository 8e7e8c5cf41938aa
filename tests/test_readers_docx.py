import hashlib
import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_BREAK
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.docx import read_docx
from index.types import RawText

PATH = Path("statement.docx")
MESSY = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "messy"

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    }.items()
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = """
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>
<w:style w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:styleId="Child"><w:name w:val="Child"/><w:basedOn w:val="Secret"/></w:style>
<w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>
"""


def make_docx(body: str, **parts: str) -> bytes:
    """Write a DOCX from the XML of its body and of further parts, by their names."""
    relations = "".join(
        f'<Relationship Id="{name}" Type="{RELATION}/{name}" Target="{name}.xml"/>'
        for name in ("styles", *parts)
    )
    members = {
        "_rels/.rels": "<Relationships><Relationship"
        f' Type="{RELATION}/officeDocument" Target="/word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {NAMESPACES}>{STYLES}</w:styles>",
    }
    members |= {f"word/{name}.xml": f"<w:{name} {NAMESPACES}>{xml}</w:{name}>" for name, xml in parts.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in members.items():
            archive.writestr(name, xml)
    return file.getvalue()


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*runs: str, style: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{"".join(runs)}</w:p>'


def read(body: str, **parts: str) -> RawText:
    return read_docx(make_docx(body, **parts), PATH)


def save(document: docx.document.Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_what_the_library_writes_is_read() -> None:
    document = docx.Document()
    document.core_properties.title = "Joint Statement"
    document.core_properties.language = "en-US"
    document.core_properties.author = "A Clerk"
    document.add_heading("Joint Statement of the Ministers", 0)
    document.add_heading("Trade", 1)
    document.add_paragraph("They met.\nThen they left.\tLate.")
    document.add_paragraph("First item", style="List Number")
    document.add_paragraph("Second item", style="List Bullet")
    table = document.add_table(2, 2)
    for row, column, words in ((0, 0, "a"), (0, 1, "b"), (1, 1, "d")):
        table.cell(row, column).text = words
    document.sections[0].header.paragraphs[0].text = "header"
    document.sections[0].footer.paragraphs[0].text = "footer"
    document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    document.add_comment(document.paragraphs[2].runs, "a comment")
    data = save(document)
    raw = read_docx(data, PATH)
    assert raw.text.split("\n\n") == [
        "Joint Statement of the Ministers",
        "Trade",
        "They met. Then they left.\tLate.",
        "First item",
        "Second item",
        "a\tb",
        "d",
    ]
    assert raw.fields == {"title": "Joint Statement", "language": "en"}
    assert raw.guesses == {"title": "Joint Statement of the Ministers"}
    assert raw.sha256 == hashlib.sha256(data).hexdigest()
    assert raw.encoding is None
    assert raw.pages == ()
    assert raw.notes == ()


# XML has no place for control characters and these two.
CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
SAMPLES = (
    "日本と中国は、合意した。",
    "اتفق الوزراء على ما يلي",
    "a < b & c > d ]]> &amp; \"x\" 'y'",
    "two  spaces",
    "e\u0301",
)
TEXTS = (st.text(CHARACTERS, min_size=1, max_size=40) | st.sampled_from(SAMPLES)).filter(str.strip)


@given(words=st.lists(TEXTS, min_size=1, max_size=5))
@settings(max_examples=50)
def test_paragraphs_come_back_exactly(words: list[str]) -> None:
    document = docx.Document()
    for each in words:
        document.add_paragraph(each)
    assert read_docx(save(document), PATH).text == "\n\n".join(each.strip(" ") for each in words)


SMART = "<w:smartTag>{}</w:smartTag>".format
CONTROL = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>".format
RUBY = "<w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby>".format
EQUATION = "<m:oMath><m:r><m:rPr/><m:t>{}</m:t></m:r></m:oMath>".format


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (paragraph(run("co"), run("operate")), "cooperate"),
        (paragraph(run("a"), "<w:r><w:br/></w:r>", run("b")), "a b"),
        (paragraph(run("a "), '<w:r><w:br w:type="page"/></w:r>', run("b")), "a b"),
        (paragraph(run("a"), "<w:r><w:br/><w:cr/></w:r>", run("b")), "a\n\nb"),
        (paragraph(run("a\nb")), "a b"),
        (paragraph(run("a"), "<w:r><w:tab/></w:r>", run("b")), "a\tb"),
        (paragraph(run("a"), "<w:r><w:noBreakHyphen/></w:r>", run("b")), "a\u2011b"),
        (paragraph(run("a"), "<w:r><w:softHyphen/></w:r>", run("b")), "ab"),
        (paragraph(run("a"), "<w:hyperlink>", run("b"), "</w:hyperlink>"), "ab"),
        (paragraph("<w:ins>", run("new"), "</w:ins>"), "new"),
        (paragraph(SMART(run("a")), CONTROL("", run("b"))), "ab"),
        (CONTROL("", paragraph(run("a"))), "a"),
        (paragraph(run("a"), CONTROL("<w:showingPlcHdr/>", run("Click"))), "a"),
        (paragraph(run("a"), EQUATION("=1")), "a=1"),
        (paragraph(RUBY(run("かん"), run("漢"))), "漢"),
        (paragraph(run("1"), style="Verzeichnis1") + paragraph(run("a")), "a"),
        (paragraph(run("a"), run("b", "<w:vanish/>"), run("c", '<w:vanish w:val="0"/>')), "ac"),
        (paragraph(run("a"), run("b", '<w:rStyle w:val="Child"/>')), "a"),
        (paragraph(run("a"), style="Secret") + paragraph(run("b"), style="Loop"), "b"),
        (paragraph(run("a"), style="") + paragraph() + paragraph(run(" ")) + paragraph(run("b")), "a\n\nb"),
    ],
)  # fmt: skip
def test_what_a_paragraph_says(body: str, text: str) -> None:
    raw = read(body)
    assert raw.text == text
    assert raw.notes == ()


def field(mark: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{mark}"/></w:r>'


def test_a_field_shows_its_result_and_not_its_instruction() -> None:
    body = paragraph(
        run("Page "),
        field("begin"),
        "<w:r><w:instrText> IF </w:instrText></w:r>",
        field("begin"),
        "<w:r><w:instrText> MERGEFIELD x </w:instrText></w:r>",
        field("separate"),
        run("inner"),
        field("end"),
        field("separate"),
        run("7"),
        field("end"),
        "<w:fldSimple>",
        run(" of 9"),
        "</w:fldSimple>",
    )
    assert read(body).text == "Page 7 of 9"


def test_a_field_without_an_end_hides_nothing() -> None:
    assert read(paragraph(field("begin"), run("a")) + paragraph(run("b"))).text == "a\n\nb"


def test_tracked_deletions_are_left_out_and_noted() -> None:
    body = paragraph(
        run("They will "),
        "<w:del><w:r><w:delText>not </w:delText></w:r></w:del>",
        "<w:moveFrom>",
        run("there "),
        "</w:moveFrom><w:moveTo>",
        run("here "),
        "</w:moveTo>",
        run("agree."),
    )
    raw = read(body)
    assert raw.text == "They will here agree."
    assert raw.notes == ("Deletions tracked in the file are left out.",)


def test_a_paragraph_goes_on_where_its_end_was_deleted() -> None:
    deleted = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('They will not ')}</w:p>"
    assert read(deleted + paragraph(run("agree."))).text == "They will not agree."
    assert read(paragraph(run("a")) + deleted).text == "a\n\nThey will not"


def test_symbols_of_picture_fonts_are_noted() -> None:
    raw = read(paragraph(run("a"), '<w:r><w:sym w:font="Wingdings" w:char="F0A7"/></w:r>'))
    assert raw.text == "a"
    assert raw.notes == ("Symbols of picture fonts are left out, because they are no characters.",)


def test_an_embedded_document_is_noted() -> None:
    raw = read(paragraph(run("a")) + "<w:altChunk/>")
    assert raw.notes == ("Another document is embedded in the file, and its text is left out.",)


def cell(*blocks: str) -> str:
    return f"<w:tc><w:tcPr/>{''.join(blocks)}</w:tc>"


def test_tables_are_rows_or_places_on_the_page() -> None:
    inner = f"<w:tbl><w:tr>{cell(paragraph(run('x')))}{cell(paragraph(run('y')))}</w:tr></w:tbl>"
    deleted = f"<w:tr><w:trPr><w:del/></w:trPr>{cell(paragraph(run('gone')))}</w:tr>"
    body = (
        f"<w:tbl><w:tr>{cell(paragraph(run('a')))}<w:sdt><w:sdtContent>{cell(paragraph(run('b')))}</w:sdtContent></w:sdt>"
        f"</w:tr>{deleted}<w:tr>{cell(paragraph(run('c')), inner)}{cell(paragraph(run('d')))}</w:tr></w:tbl>"
        + paragraph(run("e"))
    )
    assert read(body).text.split("\n\n") == ["a\tb", "c", "x\ty", "d", "e"]


def test_text_boxes_follow_their_paragraph_once() -> None:
    box = f"<w:txbxContent>{paragraph(run('box'))}</w:txbxContent>"
    body = paragraph(
        run("an"),
        f"<w:r><mc:AlternateContent><mc:Choice><wps:txbx>{box}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        run("chor"),
    )
    assert read(body).text == "anchor\n\nbox"
    assert read(body.replace("mc:Choice", "mc:Other")).text == "anchor\n\nbox\n\nbox"


def test_notes_come_last_in_the_order_of_the_text() -> None:
    body = paragraph(
        run("One"),
        '<w:r><w:endnoteReference w:id="5"/></w:r>',
        run(" two"),
        '<w:r><w:footnoteReference w:id="3"/></w:r>',
        run(" three"),
        '<w:r><w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>*</w:t></w:r>',
        run(" four", "<w:vanish/>"),
        '<w:r><w:rPr><w:vanish/></w:rPr><w:footnoteReference w:id="4"/></w:r>',
        run("."),
    )
    mark = "<w:r><w:footnoteRef/></w:r>"
    notes = "".join(
        f'<w:footnote w:id="{number}">{paragraph(mark, run(f" note {number}"))}</w:footnote>'
        for number in range(5)
    )
    endnotes = f'<w:endnote w:id="5">{paragraph(run("end"))}{paragraph(run("more"))}</w:endnote>'
    raw = read(body, footnotes=notes, endnotes=endnotes)
    assert raw.text.split("\n\n") == ["One two three*.", "note 3", "note 2", "end", "more"]


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (
            paragraph(run("x")) + paragraph(run("A"), style="Titel") + paragraph(run("B"), style="Titel"),
            "A B",
        ),
        (paragraph(run("A"), style="berschrift1") + paragraph(run("B"), style="berschrift1"), "A"),
        (paragraph(run("x")) + paragraph(run("A"), style="berschrift1"), None),
        (paragraph(run("A"), style="Titel") + paragraph(run("x")) + paragraph(run("B"), style="Titel"), "A"),
    ],
)
def test_the_title_is_seen_in_the_styles(body: str, title: str | None) -> None:
    assert read(body).guesses.get("title") == title


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no whole ZIP container"),
        (make_docx(""), "holds no text"),
        (make_docx("<w:p>"), "not well-formed XML"),
        (make_docx("<w:p>" * 300 + "</w:p>" * 300), "not well-formed XML"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=rf"^statement\.docx .*(?:{message})"):
        read_docx(data, PATH)


def test_a_package_without_a_main_text_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(UnreadableFileError, match="is no Word document"):
        read_docx(file.getvalue(), PATH)


def test_the_strict_variant_of_the_standard_is_read() -> None:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(make_docx(paragraph(run("a"))))) as source,
        zipfile.ZipFile(file, "w") as target,
    ):
        for name in source.namelist():
            xml = source.read(name).replace(
                b"schemas.openxmlformats.org/wordprocessingml/2006", b"purl.oclc.org/ooxml/w"
            )
            target.writestr(
                name, xml.replace(b"schemas.openxmlformats.org/officeDocument/2006", b"purl.oclc.org/ooxml/o")
            )
    assert read_docx(file.getvalue(), PATH).text == "a"


WHOLE = make_docx(
    paragraph(run("They met."), '<w:r><w:footnoteReference w:id="1"/></w:r>'), footnotes="<w:footnote/>"
)


@given(at=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_file_is_refused_or_unharmed(at: float, bits: int, *, cut: bool) -> None:
    position = int(at * len(WHOLE))
    damaged = bytearray(WHOLE)
    damaged[position] ^= bits
    try:
        raw = read_docx(bytes(damaged[:position] if cut else damaged), PATH)
    except UnreadableFileError:
        return
    assert raw.text == "They met."


XML = st.recursive(
    st.sampled_from(
        [run("words"), field("begin"), field("end"), "<w:br/>", '<w:footnoteReference w:id="1"/>']
    ),
    lambda inner: st.builds(
        lambda name, blocks: f"<{name}>{''.join(blocks)}</{name}>",
        st.sampled_from(
            [
                "w:p",
                "w:r",
                "w:tbl",
                "w:tr",
                "w:tc",
                "w:del",
                "w:sdt",
                "w:txbxContent",
                "w:pPr",
                "w:rPr",
                "mc:Fallback",
            ]
        ),
        st.lists(inner, max_size=3),
    ),
    max_leaves=12,
)


@given(blocks=st.lists(XML, max_size=4))
def test_elements_in_places_where_they_do_not_belong_raise_nothing_else(blocks: list[str]) -> None:
    try:
        raw = read("".join(blocks), footnotes=f'<w:footnote w:id="1">{paragraph(run("note"))}</w:footnote>')
    except UnreadableFileError as error:
        assert "holds no text" in str(error)  # noqa: PT017 - or it is text
    else:
        assert set("".join(raw.text.split())) <= set("wordsnote")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "begins", "paragraphs"),
    [
        ("084_docx-hdrftr.docx", "Main document", 1),
        ("086_page-breaks.docx", "First page, tab here:\tfollowed by line-break here: here: and here:", 7),
        ("094_equations.docx", "For m=1,\n\nsin\u2061θ=mλa=(1)550×10-6 mm", 5),
        ("100_eng_spa_mult.docx", "All human beings are born free and equal in dignity and rights.", 5),
    ],
)
def test_documents_of_others(name: str, begins: str, paragraphs: int) -> None:
    path = MESSY / name
    if not path.exists():
        pytest.skip("there is no development data beside the repository")
    text = read_docx(path.read_bytes(), path).text
    assert text.startswith(begins)
    assert len(text.split("\n\n")) == paragraphs
