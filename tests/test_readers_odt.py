import hashlib
import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.odt import read_odt
from index.types import RawText

PATH = Path("statement.odt")
MESSY = Path(__file__).resolve().parents[2] / "shared" / "data" / "messy"

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = " ".join(
    [
        *(f'xmlns:{name}="{OASIS}:{name}:1.0"' for name in ("office", "text", "table", "style", "manifest")),
        f'xmlns:draw="{OASIS}:drawing:1.0"',
        f'xmlns:svg="{OASIS}:svg-compatible:1.0"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ]
)
STYLES = (
    '<style:style style:name="P1" style:parent-style-name="Title"/>'
    '<style:style style:name="T9"><style:text-properties text:display="none"/></style:style>'
)


def make_odt(body: str, *, meta: str = "", manifest: str = "", kind: str = "text") -> bytes:
    members = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {NAMESPACES}><office:automatic-styles>{STYLES}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document-content>",
        "meta.xml": f"<office:document-meta {NAMESPACES}><office:meta>{meta}</office:meta>"
        "</office:document-meta>",
        "META-INF/manifest.xml": f"<manifest:manifest {NAMESPACES}>{manifest}</manifest:manifest>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in members.items():
            archive.writestr(name, xml)
    return file.getvalue()


def read(body: str) -> RawText:
    return read_odt(make_odt(body), PATH)


def p(words: str, attributes: str = "") -> str:
    return f"<text:p {attributes}>{words}</text:p>"


def test_a_document_is_read_in_order() -> None:
    body = (
        '<text:h text:outline-level="1">Trade</text:h>'
        f"<text:section>{p('They met.')}</text:section>"
        f"<text:list><text:list-item>{p('First')}<text:list><text:list-item>{p('Inner')}</text:list-item>"
        f"</text:list></text:list-item><text:list-item>{p('Second')}</text:list-item></text:list>{p('')}{p('Last')}"
    )
    meta = "<dc:title>Joint  Statement</dc:title><dc:language>de-DE</dc:language>"
    data = make_odt(body, meta=meta + "<dc:date>2024-05-15</dc:date>")
    raw = read_odt(data, PATH)
    assert raw.text.split("\n\n") == ["Trade", "They met.", "First", "Inner", "Second", "Last"]
    assert raw.fields == {"title": "Joint Statement", "language": "de"}
    assert raw.guesses == {"title": "Trade"}
    assert raw.sha256 == hashlib.sha256(data).hexdigest()
    assert raw.encoding is None
    assert raw.notes == ()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (p("co<text:span>op</text:span>erate"), "cooperate"),
        (p("  a\n  <text:span> b</text:span>\t c "), "a b c"),
        (p('a<text:s/>b<text:s text:c="3"/>c <text:s/>d'), "a b   c  d"),
        (p('a<text:s text:c="999999999"/>b<text:s text:c="x"/>c'), f"a{' ' * 100}b c"),
        (p("a<text:tab/>b"), "a\tb"),
        (p("a<text:line-break/>b <text:line-break/> c"), "a b c"),
        (p("a<text:line-break/><text:line-break/>b"), "a\n\nb"),
        (p("a<text:soft-page-break/>b<text:a>c</text:a><text:bookmark/>"), "abc"),
        (p("Page <text:page-number>7</text:page-number>"), "Page 7"),
        (p("a<office:annotation><dc:creator>me</dc:creator>" + p("why?") + "</office:annotation>b"), "ab"),
        (p("<text:ruby-base>漢</text:ruby-base><text:ruby-text>か</text:ruby-text>"), "漢"),
        (p('a<text:span text:style-name="T9">b</text:span>c'), "ac"),
        (p("a") + p("b", 'text:style-name="T9"'), "a"),
        (p("a") + p('b<text:hidden-paragraph text:is-hidden="true"/>'), "a"),
        (p("a") + p('b<text:hidden-paragraph text:is-hidden="false"/>'), "a\n\nb"),
        (p('a<text:hidden-text text:is-hidden="true">b</text:hidden-text>'), "a"),
        (p("a") + f'<text:section text:display="none">{p("b")}</text:section>', "a"),
        (f"<text:table-of-content>{p('Trade 1')}</text:table-of-content>" + p("a"), "a"),
    ],
)  # fmt: skip
def test_what_a_paragraph_says(body: str, text: str) -> None:
    raw = read(body)
    assert raw.text == text
    assert raw.notes == ()


def test_tracked_deletions_are_left_out_and_noted() -> None:
    deletion = f"<text:changed-region><text:deletion>{p('not ')}</text:deletion></text:changed-region>"
    insertion = "<text:changed-region><text:insertion/></text:changed-region>"
    words = p("They will <text:change/><text:change-start/>all <text:change-end/>agree.")
    raw = read(f"<text:tracked-changes>{insertion}{deletion}</text:tracked-changes>{words}")
    assert raw.text == "They will all agree."
    assert raw.notes == ("Deletions tracked in the file are left out.",)
    assert read(f"<text:tracked-changes>{insertion}</text:tracked-changes>{words}").notes == ()


def test_embedded_objects_are_noted() -> None:
    raw = read(
        p("a<draw:frame><draw:object/><svg:title>Formula</svg:title><svg:desc>x</svg:desc></draw:frame>")
    )
    assert raw.text == "a"
    assert raw.notes == ("Objects embedded in the file, such as formulas, are left out.",)


def test_notes_and_text_boxes_stand_behind() -> None:
    note = f"<text:note-citation>1</text:note-citation><text:note-body>{p('note')}</text:note-body>"
    note = f"<text:note>{note}</text:note>"
    box = f"<draw:frame><draw:text-box>{p('box')}</draw:text-box></draw:frame>"
    box += f"<draw:custom-shape>{p('shape')}</draw:custom-shape>"
    assert read(p(f"an{note}{box}chor") + p("next")).text.split("\n\n") == [
        "anchor",
        "box",
        "shape",
        "next",
        "note",
    ]


def test_tables_are_rows_or_places_on_the_page() -> None:
    def row(*cells: str) -> str:
        inner = "".join(
            f"<table:table-cell>{cell}</table:table-cell><table:covered-table-cell/>" for cell in cells
        )
        return f"<table:table-row>{inner}</table:table-row>"

    nested = f"<table:table>{row(p('x'), p('y'))}</table:table>"
    body = (
        f"<table:table><table:table-column/><table:table-header-rows>{row(p('a'), '', p('b'))}"
        f"</table:table-header-rows>{row(p('c') + nested, p('d'))}</table:table>{p('e')}"
    )
    assert read(body).text.split("\n\n") == ["a\t\tb", "c", "x\ty", "d", "e"]


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (p("x") + p("A<text:line-break/>B", 'text:style-name="P1"'), "A B"),
        (p("A", 'text:style-name="Title"') + p("B", 'text:style-name="Title"'), "A"),
        (p("x") + '<text:h text:outline-level="1">A</text:h>', None),
        ('<text:h text:outline-level="2">A</text:h>', None),
    ],
)
def test_the_title_is_seen_in_the_styles(body: str, title: str | None) -> None:
    assert read(body).guesses.get("title") == title


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK", "no whole ZIP container"),
        (make_odt(""), "holds no text"),
        (make_odt("<text:p>"), "not well-formed XML"),
        (make_odt("", kind="spreadsheet"), "is no OpenDocument text"),
        (
            make_odt(
                p("a"), manifest="<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
            ),
            "is encrypted with a password",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=rf"^statement\.odt .*{message}"):
        read_odt(data, PATH)


CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
SAMPLES = ("日本と中国は、合意した。", "اتفق الوزراء على ما يلي", "a < b & c > d ]]> &amp;", "e\u0301")
TEXTS = (st.text(CHARACTERS, min_size=1, max_size=40) | st.sampled_from(SAMPLES)).filter(str.strip)


@given(words=st.lists(TEXTS, min_size=1, max_size=5))
def test_paragraphs_come_back_exactly(words: list[str]) -> None:
    body = "".join(p(escape(each).replace(" ", "<text:s/>")) for each in words)
    assert read(body).text == "\n\n".join(each.strip(" ") for each in words)


WHOLE = make_odt(p("They met."))


@given(at=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_file_is_refused_or_unharmed(at: float, bits: int, *, cut: bool) -> None:
    position = int(at * len(WHOLE))
    damaged = bytearray(WHOLE)
    damaged[position] ^= bits
    try:
        raw = read_odt(bytes(damaged[:position] if cut else damaged), PATH)
    except UnreadableFileError:
        return
    assert raw.text == "They met."


NAMES = ["text:p", "text:h", "text:span", "text:note", "text:list", "text:tracked-changes", "draw:text-box"]
NAMES += ["table:table", "table:table-row", "table:table-cell"]
XML = st.recursive(
    st.sampled_from(["words", "<text:s/>", "<text:tab/>", "<text:line-break/>", "<text:note-citation/>"]),
    lambda inner: st.builds(
        lambda name, blocks: f"<{name}>{''.join(blocks)}</{name}>",
        st.sampled_from(NAMES),
        st.lists(inner, max_size=3),
    ),
    max_leaves=12,
)


@given(blocks=st.lists(XML, max_size=4))
def test_elements_in_places_where_they_do_not_belong_raise_nothing_else(blocks: list[str]) -> None:
    try:
        raw = read("".join(blocks))
    except UnreadableFileError as error:
        assert "holds no text" in str(error)  # noqa: PT017 - or it is text
    else:
        assert set("".join(raw.text.split())) == set("words")


@pytest.mark.shared
def test_a_document_of_others() -> None:
    path = MESSY / "090_simple.odt"
    if not path.exists():
        pytest.skip("there is no development data beside the repository")
    paragraphs = read_odt(path.read_bytes(), path).text.split("\n\n")
    assert paragraphs[:4] == ["These are a few of my favorite things:", "• Parrots", "•", "Hockey"]
    assert paragraphs[-1] == "DOYLESTOWN, PA 18901"
