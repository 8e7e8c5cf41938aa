"""What a folder of statements holds: ids, sidecars, links, and files that are no statements."""

import os
from pathlib import Path

import pytest

from index.errors import SeedsError
from index.seeds import find_seeds, hash_file


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def test_ids_are_paths_without_suffixes(tmp_path: Path) -> None:
    touch(tmp_path / "seeds", "b.txt", "2024/12/a.md", "2024.07.28 statement.TXT", "ü.md")
    found = find_seeds(tmp_path / "seeds")
    assert {each.statement_id: each.source for each in found.statements} == {
        "2024.07.28 statement": "seeds/2024.07.28 statement.TXT",
        "b": "seeds/b.txt",
        "ü": "seeds/ü.md",
        "2024/12/a": "seeds/2024/12/a.md",
    }


def test_the_folder_may_be_given_in_any_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "seeds", "a.txt")
    (tmp_path / "link").symlink_to(tmp_path / "seeds")
    expected = find_seeds(tmp_path / "seeds")
    monkeypatch.chdir(tmp_path / "seeds")
    for folder in (Path(), Path("../seeds"), tmp_path / "link"):
        assert find_seeds(folder) == expected


def test_a_sidecar_belongs_to_the_file_of_its_name(tmp_path: Path) -> None:
    touch(tmp_path, "a.md", "a.meta.toml", "a.b.txt", "sub/a.txt", "sub/b.meta.toml")
    found = find_seeds(tmp_path)
    assert {each.statement_id: each.sidecar for each in found.statements} == {
        "a": tmp_path / "a.meta.toml",
        "a.b": None,
        "sub/a": None,
    }
    assert found.lonely_sidecars == (f"{tmp_path.name}/sub/b.meta.toml",)


def test_a_sidecar_that_leads_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    touch(tmp_path, "outside.toml", "seeds/a.txt")
    (tmp_path / "seeds" / "a.meta.toml").symlink_to(tmp_path / "outside.toml")
    found = find_seeds(tmp_path / "seeds")
    assert found.statements[0].sidecar is None
    assert [each.path for each in found.skipped] == ["seeds/a.meta.toml"]


def test_two_files_of_one_id_are_refused(tmp_path: Path) -> None:
    touch(tmp_path / "seeds", "sub/a.txt", "sub/a.md", "a.txt")
    with pytest.raises(SeedsError, match=r"seeds/sub/a\.md and seeds/sub/a\.txt would both be .* sub/a\. "):
        find_seeds(tmp_path / "seeds")


def test_a_file_that_is_left_out_takes_no_id(tmp_path: Path) -> None:
    touch(tmp_path, "a.txt", "a.xyz", ".a.md")
    found = find_seeds(tmp_path)
    assert [each.statement_id for each in found.statements] == ["a"]
    assert [str(each) for each in found.skipped] == [
        f"{tmp_path.name}/a.xyz: {tmp_path.name}/a.txt is the statement of this name"
    ]


def test_the_fingerprint_changes_with_file_sidecar_and_name(tmp_path: Path) -> None:
    def fingerprint() -> str:
        (file,) = find_seeds(tmp_path).statements
        return file.fingerprint(hash_file(file.path))

    touch(tmp_path, "a.txt")
    seen = [fingerprint()]
    (tmp_path / "a.txt").write_text("other")
    seen.append(fingerprint())
    touch(tmp_path, "a.meta.toml")
    seen.append(fingerprint())
    (tmp_path / "a.meta.toml").write_text("other")
    seen.append(fingerprint())
    (tmp_path / "a.txt").rename(tmp_path / "a.md")
    seen.append(fingerprint())
    assert len(set(seen)) == len(seen)
    os.utime(tmp_path / "a.md", (1, 1))
    assert fingerprint() == seen[-1]


def test_what_a_browser_saves_beside_a_page_is_no_statement(tmp_path: Path) -> None:
    touch(tmp_path, "Release.html", "Release_files/a.html", "Release-Dateien/b.txt", "Release-notes/c.txt")
    touch(tmp_path, "Other_files/d.txt")
    ids = [each.statement_id for each in find_seeds(tmp_path).statements]
    assert sorted(ids) == ["Other_files/d", "Release", "Release-notes/c"]
