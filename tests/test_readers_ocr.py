"""Scans, where the extra `ocr` is installed."""

import io
from pathlib import Path

import pytest

from index.errors import UnreadableFileError
from index.readers import read_scan
from index.types import RawText

pytest.importorskip("rapidocr_onnxruntime", reason="needs: pip install '.[ocr]'", exc_type=ImportError)

LINES = ["The Ministers met in Tokyo on July 28, 2024.", "They agreed on extended deterrence."]


def draw(*lines: str, gap: int = 60) -> bytes:
    """Return a page of large print as PNG."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("RGB", (1400, 400), "white")
    font = ImageFont.load_default(size=40)
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((60, 60 + number * gap), line, fill="black", font=font)
    stream = io.BytesIO()
    page.save(stream, "PNG")
    return stream.getvalue()


def scan_of(folder: Path, *pages: bytes, suffix: str = ".pdf") -> RawText:
    from PIL import Image

    path = folder / f"scan{suffix}"
    if suffix == ".pdf":
        first, *rest = (Image.open(io.BytesIO(page)) for page in pages)
        first.save(path, "PDF", save_all=True, append_images=rest, resolution=200)
    else:
        path.write_bytes(pages[0])
    (raw,) = read_scan(path)
    return raw


def squeeze(text: str) -> str:
    return "".join(text.split()).rstrip(".")  # the recogniser is weak in spaces, and in small dots


def test_an_image_is_read_and_marked(tmp_path: Path) -> None:
    raw = scan_of(tmp_path, draw(*LINES), suffix=".png")
    assert squeeze(raw.text) == squeeze("".join(LINES))
    assert raw.scanned


def test_pages_of_a_scanned_pdf_are_spans(tmp_path: Path) -> None:
    raw = scan_of(tmp_path, draw(LINES[0]), draw(LINES[1]))
    assert [squeeze(page.of(raw.text)) for page in raw.pages] == [squeeze(line) for line in LINES]
    assert (raw.pages[0].start, raw.pages[-1].end) == (0, len(raw.text))


def test_a_gap_begins_a_paragraph(tmp_path: Path) -> None:
    near = scan_of(tmp_path, draw(*LINES), suffix=".png")
    far = scan_of(tmp_path, draw(*LINES, gap=200), suffix=".png")
    assert (near.text.count("\n\n"), far.text.count("\n\n")) == (1, 2)


def test_an_empty_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"scan\.png is a scan on which no text can be seen"):
        scan_of(tmp_path, draw(), suffix=".png")


def test_a_damaged_image_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="is a damaged or huge image"):
        scan_of(tmp_path, draw(*LINES)[:300], suffix=".png")
