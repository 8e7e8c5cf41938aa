"""aliases.toml: what may stand in it, and what is said of everything else."""

from pathlib import Path

import pytest

from index.aliases import read_aliases
from index.errors import MetadataError

REPOSITORY = Path(__file__).resolve().parents[1]


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "aliases.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_each_line_is_a_group_with_the_name_on_the_left_first(tmp_path: Path) -> None:
    path = write(
        tmp_path, '"North Korea" = ["DPRK", "Pyongyang"]\nACM = ["Alliance Coordination Mechanism"]\n'
    )
    assert read_aliases(path) == (
        ("North Korea", "DPRK", "Pyongyang"),
        ("ACM", "Alliance Coordination Mechanism"),
    )


def test_no_file_and_an_empty_file_are_no_aliases(tmp_path: Path) -> None:
    assert read_aliases(tmp_path / "aliases.toml") == ()
    assert read_aliases(write(tmp_path, "# nothing yet\n")) == ()


def test_the_mark_that_windows_puts_before_a_file_is_no_part_of_it(tmp_path: Path) -> None:
    assert read_aliases(write(tmp_path, b'\xef\xbb\xbfACM = ["Mechanism"]\r\n')) == (("ACM", "Mechanism"),)


def test_a_name_may_hold_any_sign(tmp_path: Path) -> None:
    path = write(tmp_path, "'a.*(b' = ['c\\d', '2+2', '日本']\n")
    assert read_aliases(path) == (("a.*(b", "c\\d", "2+2", "日本"),)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('A = "B"', "'A'"),
        ("A = 3", "'A'"),
        ('A = ["B", 3]', "'A'"),
        ('A = ["B", " "]', "'A'"),
        ('"" = ["B"]', "''"),
        ('[section]\nA = ["B"]', "'section'"),
        ('A = ["B"', "TOML"),
        ('A = ["B"]\nA = ["C"]', "TOML"),
        (b'A = ["\xff"]', "TOML"),
        ("A = " + "[" * 9999, "TOML"),
    ],
)
def test_anything_else_is_an_error_that_names_file_and_fault(
    tmp_path: Path, content: str | bytes, named: str
) -> None:
    path = write(tmp_path, content)
    with pytest.raises(MetadataError) as caught:
        read_aliases(path)
    assert str(path) in str(caught.value)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_of_that_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "aliases.toml").mkdir()
    with pytest.raises(MetadataError, match="directory"):
        read_aliases(tmp_path / "aliases.toml")


def test_the_aliases_of_the_seeds_name_each_thing_once() -> None:
    names = [
        name.casefold() for group in read_aliases(REPOSITORY / "seeds" / "aliases.toml") for name in group
    ]
    assert len(names) == len(set(names)) > 50
