"""A font for the letters of Chinese, Japanese and Korean whose own font is neither in a PDF nor anywhere.

pdfium leaves out text without size, and letters have no size without a font: of a Japanese gazette, which is
set vertically in fonts that it does not bring along, hardly anything would be left. Which letters they are is
known all the same, and where they stand, so any font with full-width letters will do.

It stands in for the fonts of the machine too, so that a file is read alike on all of them.
"""

import ctypes
import functools
from pathlib import Path

import pypdfium2.raw as pdfium

_FONT = (Path(__file__).parent / "box.ttf").read_bytes()
"""A font whose letters are boxes as wide as the em; made by tests/bench/box_font.py."""

_NAME = b"Box\0"
_HANDLE = 1
_CJK_CHARSETS = frozenset(
    {
        pdfium.FXFONT_SHIFTJIS_CHARSET,
        pdfium.FXFONT_HANGEUL_CHARSET,
        pdfium.FXFONT_GB2312_CHARSET,
        pdfium.FXFONT_CHINESEBIG5_CHARSET,
    }
)

_TYPES = dict(pdfium.FPDF_SYSFONTINFO._fields_)


@functools.cache
def use_box_font() -> None:
    """Have pdfium take the font for all Chinese, Japanese and Korean fonts that are not in a file.

    For others it takes those that it brings along, on every machine. Holds as long as the process runs.
    """
    pdfium.FPDF_SetSystemFontInfo(_FONTS)


def _map_font(_fonts: object, _weight: int, _italic: int, charset: int, *_wish: object) -> int | None:
    return _HANDLE if charset in _CJK_CHARSETS else None


def _copy_data(_fonts: object, _font: int, table: int, buffer: int | None, size: int) -> int:
    """Return the length of the font, copied where `size` bytes hold it. It is given whole: `table` is 0."""
    return 0 if table else _copy(_FONT, buffer, size)


def _copy_name(_fonts: object, _font: int, buffer: int | None, size: int) -> int:
    return _copy(_NAME, buffer, size)


def _copy(data: bytes, buffer: int | None, size: int) -> int:
    if buffer and size >= len(data):
        ctypes.memmove(buffer, data, len(data))
    return len(data)


_TYPES = dict(pdfium.FPDF_SYSFONTINFO._fields_)
# pdfium keeps the address, so the structure lives as long as the module.
_FONTS = pdfium.FPDF_SYSFONTINFO(
    version=1,
    MapFont=_TYPES["MapFont"](_map_font),
    GetFontData=_TYPES["GetFontData"](_copy_data),
    GetFaceName=_TYPES["GetFaceName"](_copy_name),
)
