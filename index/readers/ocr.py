"""Text that a machine reads off images of pages, with the extra `ocr`."""

import dataclasses
import hashlib
import io
import itertools
import statistics
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from index.errors import UnreadableFileError
from index.types import RawText, Span

if TYPE_CHECKING:
    from rapidocr_onnxruntime import RapidOCR

Image: TypeAlias = npt.NDArray[np.uint8]

# Finer than what most offices scan with gains nothing, and costs time.
_DOTS_PER_INCH = 200
# Letters that the recogniser was not trained on, such as Cyrillic, come out as others at about .75; those it
# knows at about .96, on the scans that were tried.
_MIN_CONFIDENCE = 0.88
# A line further below the one above it than this many line heights begins a paragraph.
_PARAGRAPH_GAP = 1.0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What was read at one place. Lengths are in dots of the image, from its top left."""

    text: str
    confidence: float
    left: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def read_scanned_pdf(data: bytes, path: Path) -> RawText:
    """Read a PDF whose pages are images. A page is a span of the text, as in other PDFs.

    The text is what the recogniser saw: lines of a paragraph are joined with a space, and its mistakes are
    not mended. Raises UnreadableFileError where letters cannot be read well.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        images = (page.render(scale=_DOTS_PER_INCH / 72).to_numpy() for page in document)
        return _read_images(images, data, path)
    finally:
        document.close()


def read_image(data: bytes, path: Path) -> RawText:
    """Read a page that was saved as an image. Raises what `read_scanned_pdf` raises."""
    from PIL import Image as Pillow

    try:
        with Pillow.open(io.BytesIO(data)) as image:
            pixels = np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise UnreadableFileError(f"{path} is a damaged or huge image.") from error
    return _read_images([pixels], data, path)


def _read_images(images: Iterable[Image], data: bytes, path: Path) -> RawText:
    from rapidocr_onnxruntime import RapidOCR

    recogniser = RapidOCR()
    pages: list[str] = []
    confidences: list[float] = []
    for image in images:
        lines = _recognise(recogniser, image)
        confidences += (line.confidence for line in lines for _ in line.text)
        pages.append("".join(f"{paragraph}\n\n" for paragraph in _join_paragraphs(lines)))
    text = "".join(pages)
    if not text.strip():
        raise UnreadableFileError(f"{path} is a scan on which no text can be seen.")
    if statistics.fmean(confidences) < _MIN_CONFIDENCE:
        raise UnreadableFileError(
            f"{path} is a scan that cannot be read well enough: it is blurred, or in a script not known."
        )
    ends = list(itertools.accumulate(map(len, pages)))
    spans = [Span(start=start, end=end) for start, end in zip([0, *ends], ends, strict=False)]
    return RawText(text=text, sha256=hashlib.sha256(data).hexdigest(), pages=tuple(spans), scanned=True)


def _recognise(recogniser: "RapidOCR", image: Image) -> list[_Line]:
    """Return the lines of a page from top to bottom, those at one height from left to right."""
    found, _ = recogniser(image)
    lines = [
        _Line(
            text=text,
            confidence=float(confidence),
            left=min(x for x, _ in box),
            top=min(y for _, y in box),
            bottom=max(y for _, y in box),
        )
        for box, text, confidence in found or []
    ]
    rows: list[list[_Line]] = []
    for line in sorted(lines, key=lambda line: line.top + line.bottom):
        if rows and (line.top + line.bottom) / 2 < rows[-1][0].bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]


def _join_paragraphs(lines: Iterable[_Line]) -> Iterator[str]:
    paragraph: list[_Line] = []
    for line in lines:
        if paragraph and line.top - paragraph[-1].bottom > _PARAGRAPH_GAP * line.height:
            yield " ".join(each.text for each in paragraph)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield " ".join(each.text for each in paragraph)
