"""PDFs are written here byte by byte: a page is a list of lines, each with its place, size and font."""

import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ScannedFileError, UnreadableFileError
from index.readers.pdf import read_pdf
from index.readers.pdf_joins import count_words, join
from index.readers.pdf_letters import is_garbage
from index.types import RawText

PATH = Path("seeds/report.pdf")
Item = tuple[float, float, float, str]
BOLD = "\x01"
IMAGE = (0.0, 0.0, 0.0, "IMAGE")


def make_pdf(
    pages: Sequence[Sequence[Item]], *, title: str | None = None, rotate: int = 0, extra: str = ""
) -> bytes:
    """Write a PDF of pages of (left, height above the foot, size, text)."""
    kids = " ".join(f"{10 + 2 * i} 0 R" for i in range(len(pages)))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        5: b"<< /Type /Font /Subtype /Type0 /BaseFont /KozMinPr6N-Regular /Encoding /UniJIS-UTF16-V"
        b" /DescendantFonts [7 0 R] >>",
        6: b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
        b" /BitsPerComponent 8 /Length 1 >>\nstream\n\0\nendstream",
        7: b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /KozMinPr6N-Regular /DW 1000"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >>"
        b" /FontDescriptor << /Type /FontDescriptor /FontName /KozMinPr6N-Regular /Flags 4 >> >>",
        8: f"<< {f'/Title ({title})' if title else ''} >>".encode("cp1252"),
    }
    for i, page in enumerate(pages):
        stream = b"\n".join(_draw(item, rotate) for item in page)
        objects[10 + 2 * i] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Rotate {rotate}"
            f" /Contents {11 + 2 * i} 0 R /Resources"
            " << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> /XObject << /I 6 0 R >> >> >>"
        ).encode()
        objects[11 + 2 * i] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
    written = b"%PDF-1.7\n"
    places = {}
    for number, body in objects.items():
        places[number] = len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(written)
    size = max(objects) + 1
    entries = "".join(
        f"{places[i]:010} 00000 n \n" if i in places else "0000000000 65535 f \n" for i in range(size)
    )
    trailer = f"<< /Size {size} /Root 1 0 R /Info 8 0 R {extra} >>"
    return written + f"xref\n0 {size}\n{entries}trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode()


def _draw(item: Item, rotate: int) -> bytes:
    left, height, size, text = item
    if item == IMAGE:
        return b"q 600 0 0 800 0 0 cm /I Do Q"
    if any(letter > "\u3000" for letter in text):
        return f"BT /F3 {size} Tf {left} {height} Td <{text.encode('utf-16-be').hex()}> Tj ET".encode()
    font = "F2" if text.startswith(BOLD) else "F1"
    words = text.removeprefix(BOLD).encode("cp1252").replace(b"(", rb"\(").replace(b")", rb"\)")
    turned = f"0 1 -1 0 {800 - height} {left} Tm" if rotate else f"{left} {height} Td"
    return f"BT /{font} {size} Tf {turned} (".encode() + words + b") Tj ET"


def set_lines(*lines: str, left: float = 72, top: float = 700, size: float = 10) -> list[Item]:
    """Set lines one below the other; an empty one is a gap, a line beginning with two spaces is indented."""
    step = 1.2 * size
    return [
        (left + 15 * text.startswith("  "), top - i * step, size, text.strip())
        for i, text in enumerate(lines)
        if text
    ]


def read(data: bytes) -> RawText:
    raw = read_pdf(data, PATH)
    ends = [(page.start, page.end) for page in raw.pages]
    assert ends[0][0] == 0
    assert ends[-1][1] == len(raw.text)
    assert all(above[1] == below[0] for above, below in itertools.pairwise(ends))
    return raw


def read_pages(*pages: Sequence[Item]) -> list[str]:
    """Return the text of each page."""
    raw = read(make_pdf(pages))
    assert len(raw.pages) == len(pages)
    return [page.of(raw.text) for page in raw.pages]


PROSE = (
    "The Secretary and the Minister reaffirmed their strong commitment to the alliance and",
    "to the peace of the region. They welcomed the progress that both sides have made since",
    "the last meeting, and they decided to meet again.",
)
JOINED = " ".join(PROSE)


def test_lines_of_a_paragraph_are_joined_by_a_space() -> None:
    raw = read(make_pdf([set_lines(*PROSE)]))
    assert raw.text == JOINED
    assert raw.encoding is None
    assert raw.sha256 == hashlib.sha256(make_pdf([set_lines(*PROSE)])).hexdigest()
    assert not raw.notes
    assert not raw.scanned


def test_paragraphs_are_told_by_a_gap_an_indent_or_a_short_line() -> None:
    assert read_pages(set_lines(*PROSE, "", *PROSE)) == [f"{JOINED}\n\n{JOINED}"]
    assert read_pages(set_lines(*PROSE, *PROSE)) == [f"{JOINED}\n\n{JOINED}"]
    full = (PROSE[0], PROSE[1][:70] + " from there.")
    indented = ("  " + PROSE[0][:80], PROSE[2])
    assert read_pages(set_lines(*full, *indented))[0].count("\n\n") == 1


def test_a_heading_and_list_items_are_paragraphs() -> None:
    lines = set_lines(BOLD + "Security Cooperation", *PROSE, "• First they met.", "• Then they spoke.")
    assert read_pages(lines) == [
        f"Security Cooperation\n\n{JOINED}\n\n• First they met.\n\n• Then they spoke."
    ]


def test_an_abbreviation_at_a_lines_end_does_not_end_the_paragraph() -> None:
    lines = ("They spoke about the treaty and everything that comes with it, and about the U.S.", "forces.")
    assert read_pages(set_lines(*lines)) == [" ".join(lines)]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("their coop-", "eration", "their cooperation"),
        ("the Indo-", "Pacific", "the Indo-Pacific"),
        ("since COVID-", "19 began", "since COVID-19 began"),
        ("COOP-", "ERATION", "COOPERATION"),
        ("a long-", "term goal", "a long-term goal"),
        ("a re-", "cover", "a recover"),
        ("state-of-the-", "art", "state-of-the-art"),
        ("cost-", "effective means", "cost-effective means"),
        ("die Zusammen-", "arbeit", "die Zusammenarbeit"),
        ("soft\u00ad", "ware", "software"),
        ("2023–", "2024", "2023–2024"),
        ("and/", "or", "and/or"),
        ("he said –", "and left", "he said – and left"),
        ("北朝鮮の", "核兵器", "北朝鮮の核兵器"),
        ("北朝鮮の", "DPRK", "北朝鮮の DPRK"),
        ("한국과", "미국은", "한국과 미국은"),
        ("one", "two", "one two"),
    ],
)
def test_lines_are_put_together(above: str, below: str, joined: str) -> None:
    counts = count_words(["a long-term plan", above, below])
    assert join(above, below, counts) + below == joined


def test_how_the_document_writes_a_word_elsewhere_decides() -> None:
    assert join("the cyber-", "space", count_words(["cyber-space"])) == "the cyber-"
    assert join("the cyber-", "space", count_words(["cyberspace"])) == "the cyber"


def test_a_hyphen_at_a_lines_end_goes() -> None:
    lines = (
        "The two sides agreed on a plan for more coop-",
        "eration in the Indo-",
        "Pacific and beyond it.",
    )
    assert read_pages(set_lines(*lines)) == [
        "The two sides agreed on a plan for more cooperation in the Indo-Pacific and beyond it."
    ]


def test_a_sentence_runs_on_over_a_page() -> None:
    first, second = read_pages(set_lines(*PROSE[:2]), set_lines(PROSE[2], "", *PROSE))
    assert first == " ".join(PROSE[:2]) + " "
    assert second == f"{PROSE[2]}\n\n{JOINED}"


def test_a_word_runs_on_over_a_page() -> None:
    first, second = read_pages(
        set_lines(PROSE[0], "to more coop-"), set_lines("eration between them both.", "", *PROSE)
    )
    assert (first.split()[-1], second.split()[0]) == ("coop", "eration")
    assert not first.endswith(("-", " "))


def test_a_new_paragraph_on_a_new_page_stays_one() -> None:
    assert read_pages(set_lines(*PROSE), set_lines(*PROSE)) == [f"{JOINED}\n\n", JOINED]


def test_an_empty_page_has_an_empty_span() -> None:
    assert read_pages(set_lines(*PROSE), [], set_lines(*PROSE), []) == [f"{JOINED}\n\n", "", JOINED, ""]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [
        [
            (72, 770, 9, f"Annual Report {2020 + i}"),
            *set_lines(f"This is what page {'abcdef'[i]} says about the matter."),
            (72, 30, 9, "Ministry of Trade"),
            (500, 30, 9, str(i + 7)),
        ]
        for i in range(4)
    ]
    for letter, text in zip("abcd", read_pages(*pages), strict=True):
        assert text.strip() == f"This is what page {letter} says about the matter."


@pytest.mark.parametrize("number", ["- 2 -", "Page 2 of 3", "2", "ii", "– 17 –", "Seite 4 von 9", "F-12"])
def test_a_page_number_of_a_single_page_is_left_out(number: str) -> None:
    assert read_pages([*set_lines(*PROSE), (290, 30, 9, number)]) == [JOINED]


@pytest.mark.parametrize("last", ["2024", "Washington, D.C.", "12 March", "Total 5", "CIVIL", "C. Mill"])
def test_a_single_page_loses_nothing_else(last: str) -> None:
    assert read_pages([*set_lines(*PROSE), (290, 30, 9, last)]) == [f"{JOINED}\n\n{last}"]


def test_the_head_of_a_table_that_goes_on_over_pages_stays() -> None:
    head = [(72.0, 750.0, 9.0, "In millions"), (300.0, 750.0, 9.0, "Year"), (400.0, 750.0, 9.0, "Quarter")]
    pages = [[*head, *set_lines(f"This is what page {letter} says.")] for letter in "abcd"]
    assert all(page.startswith("In millions\tYear\tQuarter\n\n") for page in read_pages(*pages))


def test_a_page_that_holds_nothing_else_keeps_its_head() -> None:
    head = (72.0, 770.0, 9.0, "Annual Report")
    texts = [set_lines(f"This is what page {letter} says.", *PROSE) for letter in "acde"]
    first, second, *_ = read_pages([head, *texts[0]], [head], *([head, *text] for text in texts[1:]))
    assert (first.split()[0], second.strip()) == ("This", "Annual Report")


def test_a_number_that_does_not_count_pages_stays() -> None:
    pages = [[*set_lines(*PROSE), (290, 100, 9, number)] for number in ("812", "5", "90")]
    assert [page.split()[-1] for page in read_pages(*pages)] == ["812", "5", "90"]


def test_line_numbers_of_a_transcript_are_left_out() -> None:
    lines = [f"Counsel says sentence {chr(97 + i)} to the court." for i in range(20)]
    page = [(50, 700 - 24 * i, 10, str(i + 1)) for i in range(20)]
    page += [(80, 700 - 24 * i, 10, line) for i, line in enumerate(lines)]
    text = read_pages(page)[0]
    assert text.split() == " ".join(lines).split()


def test_a_numbered_table_keeps_its_numbers() -> None:
    page = [
        item
        for i in range(20)
        for item in (
            (50.0, 700.0 - 12 * i, 10.0, str(i + 1)),
            (80.0, 700.0 - 12 * i, 10.0, "Province of " + "ABCDEFGHIJKLMNOPQRST"[i]),
            (300.0, 700.0 - 12 * i, 10.0, str(1000 + 7 * i)),
        )
    ]
    assert read_pages(page)[0].splitlines()[0] == "1\tProvince of A\t1000"


def test_a_row_of_a_table_is_a_paragraph_with_tabs() -> None:
    page = set_lines(*PROSE)
    for i, row in enumerate([("Revenue", "1,234", "(56)"), ("Net income", "$", "78"), ("Tax", "—", "9.5%")]):
        page += [(left, 600 - 12 * i, 10, cell) for left, cell in zip((72, 300, 400), row, strict=True)]
    assert read_pages(page)[0].split("\n\n")[1:] == [
        "Revenue\t1,234\t(56)",
        "Net income\t$ 78",
        "Tax\t—\t9.5%",
    ]


COLUMN = (
    "This is the left column of a text",
    "that is set in two of them side by",
    "side, as newspapers often are, and",
    "it goes on for a good many lines",
    "so that nobody can take it for a",
    "table, and here it ends at last.",
)


def test_columns_written_one_after_the_other_are_read_so() -> None:
    right = [line.replace("left", "right") for line in COLUMN]
    page = set_lines(*COLUMN) + set_lines(*right, left=310)
    assert read_pages(page) == [" ".join(COLUMN) + "\n\n" + " ".join(right)]


def test_columns_written_line_by_line_are_parted() -> None:
    right = [line.replace("left", "right") for line in COLUMN]
    sides = zip(set_lines(*COLUMN), set_lines(*right, left=310), strict=True)
    page = [(72.0, 740.0, 16.0, "A Heading Over Both Columns"), *(item for pair in sides for item in pair)]
    assert read_pages(page) == [
        "A Heading Over Both Columns\n\n" + " ".join(COLUMN) + "\n\n" + " ".join(right)
    ]


def test_a_file_in_disorder_is_read_from_the_top_down() -> None:
    lines = [f"Line {chr(97 + i)} of the statement is this." for i in range(12)]
    assert read_pages(set_lines(*lines)[::-1])[0].split() == " ".join(lines).split()


def test_footnotes_do_not_cut_a_sentence_that_runs_on() -> None:
    note = (72.0, 60.0, 7.0, "1 See the note of the secretariat.")
    first, second = read_pages([*set_lines(*PROSE, "", *PROSE[:2]), note], set_lines(PROSE[2], "", *PROSE))
    assert first == f"{JOINED}\n\n1 See the note of the secretariat.\n\n{' '.join(PROSE[:2])} "
    assert second.startswith(PROSE[2])


def test_footnotes_stand_at_the_end_of_their_page() -> None:
    note = (72.0, 60.0, 7.0, "1 See the note of the secretariat.")
    first, second = read_pages([*set_lines(*PROSE), note], set_lines(*PROSE))
    assert first == f"{JOINED}\n\n1 See the note of the secretariat.\n\n"
    assert second == JOINED


def test_a_figure_above_the_rest_of_a_sentence_stands_below_it() -> None:
    top = [(72.0, 760.0, 8.0, "Figure 3. Trade between the two")]
    first, second = read_pages(set_lines(*PROSE[:2]), [*top, *set_lines(PROSE[2], "", *PROSE)])
    assert (first + second).startswith(JOINED)
    assert second.split("\n\n")[1] == "Figure 3. Trade between the two"


def test_a_raised_figure_stays_in_its_line() -> None:
    page = [(72, 700, 10, "The forces met here."), (164.5, 704, 6, "1"), (170, 700, 10, "They left.")]
    assert read_pages(page) == ["The forces met here.1 They left."]


def test_a_turned_page_is_read_like_any_other() -> None:
    assert read(make_pdf([set_lines(*PROSE)], rotate=90)).text == JOINED


def test_what_lies_outside_the_page_is_left_out() -> None:
    assert read_pages([*set_lines(*PROSE), (72, -30, 10, "Proof 3, 12:45")]) == [JOINED]


def test_vertical_japanese_is_read_in_columns_from_the_right() -> None:
    lines = ("日本国民は正当に選挙された", "国会における代表者を通じて", "行動する。")
    page = [(400.0 - 18 * i, 700.0, 12.0, line) for i, line in enumerate(lines)]
    assert read_pages(page) == ["".join(lines)]


def test_the_title_is_told_by_its_letters() -> None:
    page = [(72.0, 740.0, 20.0, "Joint Statement of the"), (72.0, 716.0, 20.0, "Two Governments")]
    raw = read(make_pdf([[*page, *set_lines(*PROSE, top=650)]], title="A Meant Title"))
    assert raw.fields == {"title": "A Meant Title"}
    assert raw.guesses == {"title": "Joint Statement of the Two Governments"}
    assert raw.text.startswith("Joint Statement of the Two Governments\n\nThe Secretary")


@pytest.mark.parametrize(
    "junk",
    ["Microsoft Word - statement final", "untitled", "statement.docx", "Layout 1", "Statement", "report"],
)
def test_a_title_that_nobody_meant_is_left_out(junk: str) -> None:
    raw = read(make_pdf([set_lines(*PROSE)], title=junk))
    assert (raw.fields, raw.guesses) == ({}, {})


def test_a_scan_is_told_apart() -> None:
    with pytest.raises(ScannedFileError, match=r"\Aseeds/report\.pdf is a scan: its pages are images"):
        read(make_pdf([[IMAGE], [IMAGE, (72, 30, 9, "2")]]))


def test_scanned_pages_among_others_are_named() -> None:
    raw = read(make_pdf([set_lines(*PROSE), set_lines(*PROSE), [IMAGE], set_lines(*PROSE), [IMAGE]]))
    assert raw.notes == ("Pages 3 and 5 hold images without text.",)
    assert raw.pages[2].start == raw.pages[2].end


def test_damaged_pages_among_others_are_named() -> None:
    data = make_pdf([set_lines(*PROSE)] * 3).replace(b"[10 0 R 12 0 R 14 0 R]", b"[10 0 R 99 0 R 14 0 R]")
    raw = read(data)
    assert raw.notes == ("Page 2 cannot be read: the file is damaged there.",)
    assert [page.of(raw.text).strip() for page in raw.pages] == [JOINED, "", JOINED]


def test_a_large_first_letter_belongs_to_its_line() -> None:
    initial = (72.0, 690.0, 30.0, "T")
    lines = set_lines(*(line[1:] if line.startswith("The S") else line for line in PROSE[:2]), left=92)
    assert read_pages([initial, *lines, *set_lines(PROSE[2], top=676)]) == [JOINED]


def test_letters_read_off_a_scan_are_marked() -> None:
    lines = set_lines(*PROSE)
    data = make_pdf([[IMAGE, *lines]]).replace(b"BT /F1 10 Tf", b"BT 3 Tr /F1 10 Tf")
    assert not read(make_pdf([[IMAGE, *lines]])).scanned
    # pdfium finds the pages of a file whose table of places is wrong by itself.
    assert read(data).scanned


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\0 \n", "is empty"),
        (b"Dear Sir,", "is not a PDF"),
        (b"%PDF-1.7\n", "is damaged"),
        (make_pdf([[]]), "holds no text"),
        (
            make_pdf(
                [set_lines(*PROSE)],
                extra=f"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'00' * 32}>"
                f" /U <{'00' * 32}> >>",
            ),
            "is encrypted and needs a password",
        ),
        (make_pdf([set_lines(*9 * ["wkh vlghv phw lq wrnbr dqg vsrnh derxw vhfxulwb dqg wudgh"])]), "fonts"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=rf"\Aseeds/report\.pdf .*{reason}") as caught:
        read(data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "garbage"),
    [
        ("The sides met in Tokyo. " * 20, False),
        ("\uf0b7 First they met. \uf0b7 Then they spoke.", False),
        ("日本国民はDPRKを非難する。ミサイルの発射は容認できない。", False),
        ("μm and ºC and the point Ω of it all", False),
        ("Отношения между Россией и США (USA) развиваются", False),
        ("strč prst skrz krk", False),
        ("\ufffd\ufffd\ufffd\ufffd\ufffd The \ufffd\ufffd\ufffd\ufffd", True),
        ("\ue000\ue001\ue002 \ue003\ue004\ue005\ue006 \ue007\ue008\ue009\ue00a\ue00b", True),
        ("WKHɱɲ бdѓeжf ЖaЂbЃ ώbϊcϋ ڈeڊf gڋhڌ", True),
        ("wkh vlghv phw lq wrnbr dqg vsrnh derxw vhfxulwb dqg wudgh " * 10, True),
    ],
)
def test_garbage_is_told_by_its_letters(text: str, garbage: bool) -> None:  # noqa: FBT001
    assert is_garbage(text) == garbage


SAMPLE = make_pdf([set_lines(*PROSE), [IMAGE], set_lines(*PROSE, "", *COLUMN)], title="A Meant Title")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_broken_bytes_are_read_or_refused(data: st.DataObject) -> None:
    changed = bytearray(SAMPLE[: data.draw(st.integers(0, len(SAMPLE)))] or SAMPLE)
    for _ in range(data.draw(st.integers(0, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(bytes(changed))
    except UnreadableFileError as error:
        assert str(error).startswith("seeds/report.pdf ")  # noqa: PT017 - a file that reads is as good


MESSY = Path(__file__).resolve().parents[2] / "shared" / "data" / "messy"


@pytest.mark.shared
@pytest.mark.skipif(not MESSY.is_dir(), reason="no development data beside the repository")
@pytest.mark.parametrize("path", sorted(MESSY.glob("*.pdf")), ids=lambda path: path.name[:3])
def test_messy_files_are_read_or_refused(path: Path) -> None:
    scans = {"000", "006", "008", "010", "036", "060", "074", "076", "078", "082"}
    refused = {"038", "040", "042", "044", "046", "050", "054", "058", "062", "080"}
    if path.name[:3] in scans:
        with pytest.raises(ScannedFileError):
            read_pdf(path.read_bytes(), path)
    elif path.name[:3] in refused:
        with pytest.raises(UnreadableFileError):
            read_pdf(path.read_bytes(), path)
    else:
        raw = read_pdf(path.read_bytes(), path)
        assert raw.text.strip()
        assert raw.pages[-1].end == len(raw.text)


@pytest.mark.shared
@pytest.mark.skipif(not MESSY.is_dir(), reason="no development data beside the repository")
@pytest.mark.parametrize(
    ("name", "page", "words"),
    [
        (
            "022",
            1,
            "The above-entitled matter came on for oral argument before the Supreme Court of the United",
        ),
        ("024", 2, "La séance est levée à 16h05."),
        ("026", 1, "当該傷病者が医療機関に緊急搬送をされるまでの間における応急の治療を行う医師"),
        ("028", 6, "show the total tax withheld on line 64. Enter amounts from the attached statement"),
        (
            "028",
            6,
            "Gain or loss on the disposition of a U.S. real property interest (see Pub. 519 for definition)",
        ),
        ("048", 2, "Vestibulum ante ipsum primis in faucibus orci luctus et ultrices posuere cubilia Curae"),
        (
            "066",
            1,
            "models for layout detection, character recognition, and many other document processing tasks.",
        ),
        ("072", 3, "des expressions de QSL pour résumer des sous-séquences du log."),
    ],
)
def test_messy_files_hold_whole_sentences(name: str, page: int, words: str) -> None:
    (path,) = MESSY.glob(f"{name}_*.pdf")
    raw = read_pdf(path.read_bytes(), path)
    assert words in raw.pages[page - 1].of(raw.text)
