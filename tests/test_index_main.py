"""The commands of python -m index: what they print, where, and how they exit."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index import __main__ as command
from index.build import build_index
from index.encoder import Encoder
from index.errors import SeedsError
from index.seal import remove_seal
from index.types import BuildSettings

REPOSITORY = Path(__file__).resolve().parents[1]
ONE = "Joint Statement\n\nThe two sides met in Tokyo. They discussed extended deterrence.\n"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "one.txt").write_text(ONE)
    (tmp_path / "seeds" / "one.meta.toml").write_text(
        'title = "A \\u001b[31mred\\nTitle"\nissuer = "Ministry"\ndate = 2024-07-28\n'
    )
    return tmp_path / "seeds"


@pytest.fixture
def directory(tmp_path: Path, seeds: Path, hashing_encoder: Encoder) -> Path:
    """Make an index without loading a model."""
    build_index(
        seeds,
        tmp_path / "store",
        settings=None,
        load_encoder=lambda _: hashing_encoder,
        model_id=lambda _: hashing_encoder.model_id,
    )
    return tmp_path / "store"


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", "index", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        env=os.environ | environment,
    )


def test_status_says_what_is_in_the_index(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["status", "--index", str(directory)]) == 0
    first, second, vectors, third = capsys.readouterr().out.splitlines()
    unprintable = "\N{REPLACEMENT CHARACTER}"
    assert first == f"1 statement, 1 passage; build 1 of {directory.parent}/seeds"
    assert "hashing@1" in second
    assert vectors == "vectors flat, recall@10 1.000, 1 passage in the file"
    assert third.startswith(f"seeds/one.txt: A {unprintable}[31mred Title; Ministry; 2024-07-28; 1 passage")


def test_status_as_json(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["status", "--json", "--index", str(directory)]) == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["generation"], content["passages"], content["embedder_id"]) == (1, 1, "hashing@1")
    assert content["settings"]["vectors"] == "auto"
    assert (content["vectors"]["file"]["kind"], content["vectors"]["recall"]) == ("flat", 1.0)
    (statement,) = content["statements"]
    assert (statement["statement_id"], statement["date"], statement["passages"]) == ("one", "2024-07-28", 1)


def test_status_says_that_the_vector_file_is_gone(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (directory / "vectors" / "1.faiss").unlink()
    assert command.main(["status", "--index", str(directory)]) == 0
    assert "the next build makes it again" in capsys.readouterr().out
    assert command.main(["status", "--json", "--index", str(directory)]) == 0
    assert json.loads(capsys.readouterr().out)["vectors"] is None


def test_an_unknown_kind_of_vectors_is_bad_usage(directory: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main(["--vectors", "annoy", "--index", str(directory)])


def test_verify_says_that_all_is_well(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["verify", "--index", str(directory)]) == 0
    assert capsys.readouterr().out.count("\n") == 1
    assert command.main(["verify", "--json", "--index", str(directory)]) == 0
    assert json.loads(capsys.readouterr().out) == {"index": str(directory), "sound": True, "faults": []}


def test_verify_exits_1_with_a_line_a_fault(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (directory / "CURRENT").unlink()
    assert command.main(["verify", "--index", str(directory)]) == 1
    assert capsys.readouterr().out == "CURRENT cannot be read.\n"
    assert command.main(["verify", "--json", "--index", str(directory)]) == 1
    assert json.loads(capsys.readouterr().out)["faults"] == ["CURRENT cannot be read."]


def test_verify_says_when_the_last_build_was_not_finished(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    remove_seal(directory)
    assert command.main(["verify", "--index", str(directory)]) == 0
    assert "note: the last build did not finish" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["status", "verify"])
def test_no_index_is_one_sentence_and_exit_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert command.main([name, "--index", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"No index yet. Build one with: python -m index --index {tmp_path}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["nonsense"],
        ["build", "--seeds"],
        ["status", "--full"],
        ["build", "extra"],
        ["verify", "--seeds", "x"],
    ],
)
def test_bad_usage_exits_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command.main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m index" in capsys.readouterr().err


def test_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command.main(["--help"])
    assert caught.value.code == 0
    assert "build|status|verify" in capsys.readouterr().out


def test_no_seeds_is_one_sentence_and_exit_1(tmp_path: Path) -> None:
    done = run("--seeds", tmp_path / "nowhere", "--index", tmp_path / "store")
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr
        == f"There is no folder {tmp_path}/nowhere. Make it and put the statements in it, one file each.\n"
    )
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("option", ["--embedder", "--reranker"])
def test_a_model_that_is_not_there_is_one_sentence(seeds: Path, tmp_path: Path, option: str) -> None:
    done = run("build", "--seeds", seeds, "--index", tmp_path / "store", option, "no such/model/at all")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "no such/model/at all" in done.stderr


def test_output_goes_to_any_terminal(directory: Path) -> None:
    done = run("status", "--index", directory, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert r"A \ufffd[31mred" in done.stdout


def test_a_reader_that_has_enough_is_no_traceback(directory: Path) -> None:
    line = f"{sys.executable} -m index status --index {directory} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(  # noqa: S603 - ours
        ["/bin/bash", "-c", line], capture_output=True, text=True, check=False, cwd=REPOSITORY
    )
    assert done.returncode in {0, 1}
    assert done.stderr == ""


@pytest.mark.model
def test_a_build_and_the_next_one(seeds: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    (seeds / "notes.odt").write_text("?")
    first = run("build", "--seeds", seeds, "--index", store)
    assert (first.returncode, first.stdout) == (
        0,
        "1 statement, 1 passage; 1 added, 0 changed, 0 removed, 0 unchanged\n",
    )
    assert "left out: seeds/notes.odt: " in first.stderr
    # Nothing to embed: heavy libraries are not even imported.
    code = (
        "import sys; from index.__main__ import main; main(sys.argv[1:]);"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    second = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", code, "--seeds", str(seeds), "--index", str(store)],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
    )
    assert second.stdout == "1 statement, 1 passage; 0 added, 0 changed, 0 removed, 1 unchanged\n[]\n"
    assert run("verify", "--index", store).returncode == 0


def test_settings_that_are_not_given_are_kept(
    directory: Path, seeds: Path, hashing_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = BuildSettings(embedder="kept", reranker="kept", max_words=50)
    build_index(
        seeds,
        directory,
        settings=kept,
        load_encoder=lambda _: hashing_encoder,
        model_id=lambda _: hashing_encoder.model_id,
    )
    asked_for = []

    def note_settings(*_: object, settings: BuildSettings | None, **__: object) -> None:
        asked_for.append(settings)
        raise SeedsError("That is all.")

    monkeypatch.setattr(command, "build_index", note_settings)
    for arguments in ([], ["build", "--full"], ["--embedder", "minilm"]):
        assert command.main([*arguments, "--index", str(directory)]) == 1
    assert asked_for == [None, None, dataclasses.replace(kept, embedder="minilm")]


def test_a_folder_is_kept_by_its_whole_path(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command.main(["--seeds", "seeds", "--index", "store", "--embedder", "seeds"]) == 1
    assert f"{seeds} holds no model" in capsys.readouterr().err


INTERRUPTED = """
import signal, sys, time
from index import __main__ as command

# A job in the background of a script, as tests may be, ignores Ctrl-C, and hands that on.
signal.signal(signal.SIGINT, signal.default_int_handler)

def wait(*_, **__):
    print("ready", flush=True)
    time.sleep(60)

command.build_index = wait
sys.exit(command.main([]))
"""


def test_ctrl_c_exits_130_without_a_traceback() -> None:
    with subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-c", INTERRUPTED],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "Interrupted. What is embedded already is kept for the next build.\n"
