import datetime
import hashlib
import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.epub import read_epub
from index.types import RawText

PATH = Path("statement.epub")
MESSY = Path(__file__).resolve().parents[2] / "shared" / "data" / "messy"

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile media-type="application/oebps-package+xml" full-path="EPUB/content.opf"/></rootfiles></container>"""
XHTML = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
    "<head><title>Page</title></head><body>{}</body></html>"
).format
DRM = """<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>
<e:EncryptionMethod Algorithm="{}"/></e:EncryptedData></encryption>""".format


def make_epub(
    *pages: str, metadata: str = "", items: str = "", spine: str = "", guide: str = "", **members: str
) -> bytes:
    """Write an EPUB of pages page0.xhtml ..., and of further members by their names."""
    manifest = "".join(
        f'<item id="i{n}" href="page%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(pages))
    )
    references = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "EPUB/content.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata><manifest>{manifest}{items}'
        f"</manifest><spine>{spine}{references}</spine><guide>{guide}</guide></package>",
    }
    files |= {f"EPUB/page {n}.xhtml": page for n, page in enumerate(pages)} | members
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in files.items():
            archive.writestr(name, xml)
    return file.getvalue()


def read(body: str) -> RawText:
    return read_epub(make_epub(XHTML(body)), PATH)


def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    metadata = """<dc:title>White Paper</dc:title><dc:title>Subtitle</dc:title>
    <dc:creator>A Clerk</dc:creator><dc:publisher>Ministry of Trade</dc:publisher>
    <dc:date opf:event="modification">2025-01-01</dc:date>
    <dc:date>2024-07-28</dc:date><dc:language>en-GB</dc:language>
    <dc:source>https://example.org/paper</dc:source>"""
    data = make_epub(
        XHTML("<h1>One</h1><p>First.</p>"),
        XHTML("<p>Second.</p>"),
        metadata=metadata,
        items='<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        '<item id="last" href="../last.xhtml#top" media-type="application/xhtml+xml"/>'
        '<item id="cover" href="cover.svg" media-type="image/svg+xml"/>'
        '<item id="toc" href="toc.html" media-type="application/xhtml+xml"/>',
        spine='<itemref idref="cover"/><itemref idref="nav"/><itemref idref="toc"/><itemref idref="last"/>',
        guide='<reference type="toc" href="toc.html#x"/>',
        **{
            "EPUB/nav.xhtml": "x",
            "last.xhtml": XHTML("<p>Zeroth.</p>"),
            "EPUB/cover.svg": "x",
            "EPUB/toc.html": "x",
        },
    )
    raw = read_epub(data, PATH)
    assert raw.text.split("\n\n") == ["Zeroth.", "One", "First.", "Second."]
    assert raw.fields == {
        "title": "White Paper",
        "issuer": "Ministry of Trade",
        "date": datetime.date(2024, 7, 28),
        "language": "en",
        "url": "https://example.org/paper",
    }
    assert raw.sha256 == hashlib.sha256(data).hexdigest()
    assert raw.encoding is None
    assert raw.notes == ()


def test_values_that_nobody_meant_are_no_fields() -> None:
    metadata = """<dc:title>untitled</dc:title><dc:publisher/><dc:date>2024</dc:date>
    <dc:language>und</dc:language><dc:source>urn:isbn:1</dc:source>"""
    assert read_epub(make_epub(XHTML("a"), metadata=metadata), PATH).fields == {}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>co<b>op</b>erate</p>", "cooperate"),
        ("<p> a\n <i> b</i>\t c </p>", "a b c"),
        ("<p>a<br/>b <br/> c</p>", "a b c"),
        ("<p>a<br/><br/>b</p>", "a\n\nb"),
        ("<div>a<p>b</p>c<section>d</section></div>e", "a\n\nb\n\nc\n\nd\n\ne"),
        ("<ul><li>a</li><li><p>b</p></li></ul><dl><dt>c</dt><dd>d</dd></dl>", "a\n\nb\n\nc\n\nd"),
        ("<pre>a  b\nc\n\nd</pre>", "a b c\n\nd"),
        ("<p>a&nbsp;b&mdash;&#233;&amp;&lt;</p>", "a\u00a0b—é&<"),
        ("<p>a&unknown;</p>", "a&unknown;"),
        ("<p>a<script>x</script><style>y</style><svg>z</svg><!-- c -->b</p>", "ab"),
        ("<p>a<span hidden=''>b</span><span style='Display : none'>c</span></p>", "a"),
        ("<nav><p>Contents</p></nav><section epub:type='toc'>Contents</section><p>a</p>", "a"),
        ("<p>a<a epub:type='noteref'>1</a><span epub:type='pagebreak'>7</span>b</p>", "ab"),
        ("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字</p>", "漢字"),
        ("<p><math><mi>x</mi><mo>=</mo><mn>1</mn><annotation>x=1</annotation></math></p>", "x=1"),
        (
            "<table><caption>T</caption><thead><tr><th>a</th><th/><td>b</td></tr></thead></table>",
            "T\n\na\t\tb",
        ),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>d", "a\n\nb\n\nc\n\nd"),
        ("<table><tr><td>a<table><tr><td>x</td><td>y</td></tr></table></td></tr></table>", "a\n\nx\ty"),
    ],
)
def test_what_a_page_says(body: str, text: str) -> None:
    raw = read(body)
    assert raw.text == text
    assert raw.notes == ()


def test_deletions_are_left_out_and_noted() -> None:
    raw = read("<p>They will <del>not </del><ins>all </ins>agree.</p>")
    assert raw.text == "They will all agree."
    assert raw.notes == ("Words marked as deleted are left out.",)


def test_malformed_pages_are_read_as_html() -> None:
    assert read("<p>a<p>b<br>c & d <!-- x --> é日本").text == "a\n\nb c & d é日本"


def test_a_doctype_is_no_obstacle() -> None:
    doctype = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
    )
    page = f'<?xml version="1.0" encoding="utf-8"?>{doctype}{XHTML("<p>a&nbsp;b</p>")}'
    assert read_epub(make_epub(page), PATH).text == "a\u00a0b"


def test_a_part_that_is_missing_is_noted() -> None:
    data = make_epub(XHTML("a"), items='<item id="x" href="gone.xhtml"/>', spine='<itemref idref="x"/>')
    raw = read_epub(data, PATH)
    assert raw.text == "a"
    assert raw.notes == ("A part of the book is missing in the file: EPUB/gone.xhtml.",)


def test_disguised_fonts_are_no_copy_protection() -> None:
    members = {"META-INF/encryption.xml": DRM("http://www.idpf.org/2008/embedding")}
    assert read_epub(make_epub(XHTML("a"), **members), PATH).text == "a"


DEEP = "<div>" * 400 + "a" + "</div>" * 400


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK", "no whole ZIP container"),
        (make_epub(XHTML("")), "holds no text"),
        (make_epub(), "holds no text"),
        (make_epub(XHTML("a"), **{"META-INF/container.xml": "<container/>"}), "is no EPUB book"),
        (
            make_epub(XHTML("a"), **{"META-INF/container.xml": CONTAINER.replace("EPUB/", "")}),
            "'content.opf' is missing",
        ),
        (make_epub(XHTML("a"), **{"EPUB/content.opf": "<package>"}), "not well-formed XML"),
        (
            make_epub(
                XHTML("a"), **{"META-INF/encryption.xml": DRM("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}
            ),
            "is under copy protection",
        ),
        (make_epub('<!DOCTYPE html [<!ENTITY a "b">]>' + XHTML("&a;")), "declares XML entities"),
        (make_epub(XHTML(DEEP)), "not well-formed XML"),
        (make_epub(XHTML(DEEP + "<br>")), "not well-formed XML"),
        (make_epub(""), "not well-formed XML"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=rf"^statement\.epub .*{message}"):
        read_epub(data, PATH)


def test_a_malformed_page_must_be_utf_8() -> None:
    file = io.BytesIO(make_epub(XHTML("a")))
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("EPUB/page 0.xhtml", b"<p>caf\xe9")
    with pytest.raises(UnreadableFileError, match="not well-formed XML"):
        read_epub(file.getvalue(), PATH)


CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
SAMPLES = ("日本と中国は、合意した。", "اتفق الوزراء على ما يلي", "a < b & c > d ]]> &amp; &nbsp;", "e\u0301")
TEXTS = (st.text(CHARACTERS, min_size=1, max_size=40) | st.sampled_from(SAMPLES)).filter(str.strip)


@given(words=st.lists(TEXTS, min_size=1, max_size=5), seed=st.integers(0, 2))
def test_paragraphs_come_back_exactly(words: list[str], seed: int) -> None:
    tag = ("p", "li", "div")[seed]
    body = "".join(f"<{tag}>{escape(each)}</{tag}>\n" for each in words)
    assert read(body).text.split("\n\n") == [_fold(each) for each in words]


def _fold(words: str) -> str:
    return " ".join(part for part in words.split(" ") if part)


WHOLE = make_epub(XHTML("<p>They met.</p>"))


@given(at=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_file_is_refused_or_unharmed(at: float, bits: int, *, cut: bool) -> None:
    position = int(at * len(WHOLE))
    damaged = bytearray(WHOLE)
    damaged[position] ^= bits
    try:
        raw = read_epub(bytes(damaged[:position] if cut else damaged), PATH)
    except UnreadableFileError:
        return
    assert raw.text == "They met."


@given(page=st.binary(max_size=200) | st.text("<>/&;pbrtd! =\"'ab", max_size=60).map(str.encode))
def test_any_page_raises_nothing_else(page: bytes) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            target.writestr(name, page if name.endswith(".xhtml") else source.read(name))
    try:
        raw = read_epub(file.getvalue(), PATH)
    except UnreadableFileError as error:
        assert str(error).startswith("statement.epub ")  # noqa: PT017 - or it is text
    else:
        assert raw.text.strip()


@pytest.mark.shared
def test_a_book_of_others() -> None:
    path = MESSY / "092_test.epub"
    if not path.exists():
        pytest.skip("there is no development data beside the repository")
    raw = read_epub(path.read_bytes(), path)
    assert raw.text.split("\n\n") == [
        "Chapter 1: Test Content",
        "This is a test paragraph with some formatting.",
        "It includes:",
        "A bullet point",
        "Another point",
        "Chapter 2: More Content",
        "Here's a second chapter with a different style.",
        "This is a blockquote for testing.",
    ]
    assert raw.fields == {"title": "Test EPUB Document", "language": "en"}
