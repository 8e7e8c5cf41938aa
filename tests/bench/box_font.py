"""Make the font that stands in for the Chinese, Japanese and Korean fonts a PDF leaves out.

    pip install fonttools
    python tests/bench/box_font.py index/readers/box.ttf

Each of its letters is a box as wide as the em. pdfium tells by the boxes which letters belong together, so
they fill the em; only full stops, brackets and small letters fill the part of it that they fill in other
fonts, as pdfium moves and turns them where a font has no others for vertical text.
"""

import sys

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.ttLib.tables._g_l_y_f import Glyph

_EM = 1000
_ASCENT = 880
_LETTERS = [*range(0x21, 0xD800), *range(0xE000, 0x10000), *range(0x20000, 0x33480)]
_STOPS = "、。，．"
_OPENING = "「『（〔［｛〈《【"
_CLOSING = "」』）〕］｝〉》】"
_SMALL = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
_EM_BOX = (0, _ASCENT - _EM, _EM, _ASCENT)
_BOXES = {
    ".notdef": _EM_BOX,
    "box": _EM_BOX,
    "stop": (50, -100, 350, 170),
    "opening": (550, -100, 950, 860),
    "closing": (50, -100, 450, 860),
    "small": (130, -60, 800, 640),
}
"""Left, bottom, right and top of each glyph. pdfium does not count the first."""


def draw_box(left: int, bottom: int, right: int, top: int) -> Glyph:
    """Return a filled box."""
    pen = TTGlyphPen(None)
    pen.moveTo((left, bottom))
    for corner in ((left, top), (right, top), (right, bottom)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def make_font(path: str) -> None:
    """Write the font to `path`. Its table of letters gives ranges of them one glyph (format 13)."""
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder(list(_BOXES))
    builder.setupCharacterMap({0x3042: "box"})
    builder.setupGlyf({name: draw_box(*box) for name, box in _BOXES.items()})
    builder.setupHorizontalMetrics({name: (_EM, box[0]) for name, box in _BOXES.items()})
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=_ASCENT - _EM)
    builder.setupNameTable({"familyName": "Box", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost(keepGlyphNames=False)
    letters = CmapSubtable.newSubtable(13)
    letters.platformID, letters.platEncID, letters.language = 3, 10, 0
    letters.format, letters.reserved, letters.length, letters.nGroups = 13, 0, 0, 0
    letters.cmap = {
        **dict.fromkeys(_LETTERS, "box"),
        **dict.fromkeys(map(ord, _STOPS), "stop"),
        **dict.fromkeys(map(ord, _OPENING), "opening"),
        **dict.fromkeys(map(ord, _CLOSING), "closing"),
        **dict.fromkeys(map(ord, _SMALL), "small"),
    }
    builder.font["cmap"].tables.append(letters)
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    builder.save(path)


if __name__ == "__main__":
    make_font(sys.argv[1])
