"""What the README says is so."""

import contextlib
import io
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

import app
import index.__main__ as index_command
import qa.__main__ as qa_command

REPOSITORY = Path(__file__).resolve().parents[1]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(REPOSITORY.glob("*.md"))
COMMANDS = [
    line.partition(" #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]
PROGRAMS: dict[str, Callable[[list[str]], int]] = {
    "index": index_command.main,
    "qa": qa_command.main,
    "app.py": app.main,
}


def help_of(program: str, *arguments: str) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), pytest.raises(SystemExit) as left:
        PROGRAMS[program]([*arguments, "--help"])
    assert left.value.code == 0
    return printed.getvalue()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (REPOSITORY / target).exists(), target


def test_make_has_the_targets() -> None:
    targets = set(
        re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    used = {command.split()[1] for command in COMMANDS if command.startswith("make ")}
    assert {"chat", "test"} <= used <= targets
    assert "make test" in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")


def test_the_commands_take_these_options() -> None:
    seen = set()
    for command in COMMANDS:
        words = shlex.split(command.partition(" < ")[0])
        if "-m" in words and words[words.index("-m") + 1] in PROGRAMS:
            program, *rest = words[words.index("-m") + 1 :]
            named = [word for word in rest[:1] if re.fullmatch("[a-z]+", word)]
            shown = help_of(program, *named)
            assert all(option in shown for option in rest if option.startswith("--")), command
            seen.add((program, *named))
    assert {("index",), ("index", "status"), ("qa", "ask"), ("qa", "check"), ("qa", "bench")} <= seen


def test_every_command_and_option_is_explained() -> None:
    for program, commands in {"index": ("status", "verify"), "qa": ("ask", "check", "bench")}.items():
        listed = re.search(r"\{([a-z,]+)\}|([a-z]+(?:\|[a-z]+)+)", help_of(program))
        assert listed
        assert set(commands) <= set(re.split(r"[,|]", listed[0].strip("{}")))
        for command in commands:
            assert f"python -m {program} {command}" in README
    for option in re.findall(r"--[a-z]+", help_of("app.py") + help_of("qa", "ask")):
        assert option == "--help" or option in README, option


def test_the_file_tour_names_files_that_are_there() -> None:
    tour = README.partition("## The files")[2].partition("\n## ")[0]
    for row in re.findall(r"^\| (`.*?) \|", tour, re.MULTILINE):
        first, *others = re.findall(r"`([^`]+)`", row)
        folder = Path(first).parent
        for name in (first, *others):
            assert (REPOSITORY / name).exists() or (REPOSITORY / folder / name).exists(), name
