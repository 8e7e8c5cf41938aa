"""Feed a reader bytes that reach ever more of its code, until one raises what it must not, or the time is up.

    pip install atheris
    python tests/bench/fuzz_readers.py FORMAT [--seconds N] [FOLDER-OF-EXAMPLES]

Containers are made whole around the bytes, since a broken ZIP would never reach the reader. The library stops
with a traceback and writes the bytes to a file when it finds something.
"""

import argparse
import contextlib
import importlib
import io
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["index.readers"]):
    from index import readers
    from index.errors import MetadataError, UnreadableFileError

_OPF = (
    b'<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" '
    b'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
)
_CONTAINER = (
    b'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    b'<rootfile full-path="a.opf"/></rootfiles></container>'
)
_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="a" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="word/document.xml"/></Relationships>'
)


def _wrap(**members: bytes) -> bytes:
    container = io.BytesIO()
    with zipfile.ZipFile(container, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return container.getvalue()


_WRAPPED: dict[str, Callable[[bytes], bytes]] = {
    "docx": lambda data: _wrap(**{"_rels/.rels": _RELATIONS, "word/document.xml": data}),
    "odt": lambda data: _wrap(
        **{"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": data}
    ),
    "epub": lambda data: _wrap(
        **{
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": _CONTAINER,
            "a.opf": _OPF,
            "a.xhtml": data,
        }
    ),
}


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_O = "urn:oasis:names:tc:opendocument:xmlns"
_EXAMPLES = {
    "text": "We met.\n\nWe agreed. 共同声明。",
    "markdown": "---\ntitle: A\ndate: 2024-07-28\n---\n# A\n\n- We met.\n- We agreed.",
    "html": "<html><head><title>A</title></head><body><nav><a href='/'>Home</a></nav><article><h1>A</h1>"
    "<p>We met on <time>July 28</time>.</p><ul><li>One</ul><table><tr><td>a<td>b</table>",
    "mhtml": "Subject: A\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
    "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    "<p>We=20met.</p>\n--x--",
    "eml": "From: A <a@b.c>\nSubject: =?utf-8?q?A?=\nDate: Sun, 28 Jul 2024 10:00:00 +0900\n"
    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8; format=flowed\n\nWe \nmet.\n",
    "pdf": "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj "
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F<</Type/Font"
    "/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj 4 0 obj<</Length 36>>stream\n"
    "BT /F 12 Tf 9 9 Td (We met.) Tj ET  \nendstream endobj trailer<</Root 1 0 R>>",
    "docx": f"<w:document {_W}><w:body><w:p><w:r><w:t>We met.</w:t></w:r></w:p><w:tbl><w:tr>"
    "<w:tc>"
    "<w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>",
    "odt": f'<o:document-content xmlns:o="{_O}:office:1.0" xmlns:t="{_O}:text:1.0"><o:body><o:text>'
    "<t:h>A</t:h>"
    "<t:p>We <t:s/>met.<t:tab/></t:p></o:text></o:body></o:document-content>",
    "epub": "<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>A</h1><p>We met.</p></body></html>",
    "rtf": r"{\rtf1\ansi\ansicpg1252{\info{\title A}}We\'20met.\par\u26085?\trowd\cell a\row}",
    "json": '[{"id": "a", "text": "We met.", "date": "2024-07-28"}]',
    "jsonl": '{"text": "We met."}\n{"text": "We agreed."}',
    "csv": "id,text\n1,We met.\n",
}


def _make_mail() -> bytes:
    """Return an Outlook mail as the tests of its reader write one."""
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    mails = importlib.import_module("tests.test_readers_msg")
    mail: bytes = mails.make_msg(mails.RELEASE, {(mails.FILE_NAME, mails.TEXT): "a.pdf"})
    return mail


def main() -> None:
    """Fuzz the reader of one format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("format", choices=sorted([*_EXAMPLES, "msg"]))
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("examples", nargs="*", metavar="FOLDER-OF-EXAMPLES")
    options = parser.parse_args()
    module, _, function = readers._READERS[options.format].partition(".")  # noqa: SLF001 - of the same program
    with atheris.instrument_imports(include=["index.readers", "oxmsg", "olefile"]):
        read: Callable[[bytes, Path], object] = getattr(
            importlib.import_module(f"index.readers.{module}"), function
        )
    wrap = _WRAPPED.get(options.format, bytes)

    def read_once(data: bytes) -> None:
        with contextlib.suppress(UnreadableFileError, MetadataError):
            read(wrap(data), Path(f"fuzzed.{options.format}"))

    with tempfile.TemporaryDirectory() as folder:
        example = _make_mail() if options.format == "msg" else _EXAMPLES[options.format].encode()
        (Path(folder) / "example").write_bytes(example)
        limits = [f"-max_total_time={options.seconds}", "-max_len=20000", "-rss_limit_mb=4000", "-timeout=60"]
        atheris.Setup([sys.argv[0], *limits, folder, *options.examples], read_once)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
