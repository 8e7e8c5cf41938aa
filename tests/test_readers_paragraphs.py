from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.paragraphs import join_row, make_text, split_lines

PATH = Path("statement.odt")


@pytest.mark.parametrize(
    ("words", "paragraphs"),
    [
        ("one", ["one"]),
        ("one\ntwo", ["one two"]),
        ("one \n two", ["one two"]),
        ("one\r\ntwo\rthree", ["one two three"]),
        ("one\n\ntwo", ["one", "two"]),
        ("one\n \t\n\n\ntwo\n", ["one", "two"]),
        ("  one  two\tthree ", ["one  two\tthree"]),
        ("\u3000日本\u00a0", ["\u3000日本\u00a0"]),
        ("\u00a0", []),
        ("", []),
    ],
)
def test_lines_become_paragraphs(words: str, paragraphs: list[str]) -> None:
    assert split_lines(words) == paragraphs


@given(words=st.text())
def test_nothing_but_white_space_is_lost(words: str) -> None:
    assert "".join("".join(split_lines(words)).split()) == "".join(words.split())
    assert not any("\n" in paragraph for paragraph in split_lines(words))


@pytest.mark.parametrize(
    ("cells", "paragraphs"),
    [
        ([["a"], ["b"]], ["a\tb"]),
        ([["a"], [], ["b"]], ["a\t\tb"]),
        ([[], []], []),
        ([["a", "b"], ["c"]], ["a", "b", "c"]),
    ],
)
def test_a_row_is_a_paragraph_unless_a_cell_holds_several(
    cells: list[list[str]], paragraphs: list[str]
) -> None:
    assert join_row(cells) == paragraphs


@pytest.mark.parametrize(
    ("paragraphs", "message"),
    [([], "holds no text"), (["a\ud800"], "holds half a character"), (["a\0"], "holds control")],
)
def test_what_is_no_text_is_refused(paragraphs: list[str], message: str) -> None:
    with pytest.raises(UnreadableFileError, match=rf"^statement\.odt {message}"):
        make_text(paragraphs, b"", PATH, fields={}, guesses={}, notes=())
