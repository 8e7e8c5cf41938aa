"""The commands of python -m qa: what they print, where, and how they exit."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.encoder import Encoder, SentenceEncoder
from qa import __main__ as command

REPOSITORY = Path(__file__).resolve().parents[1]
QUESTION = "Who launched missiles?"
FILES: dict[str, str | bytes] = {
    "july": "Joint Statement\n\nThe DPRK launched “missiles” over the sea. Nobody was hurt.\n",
    "july.meta.toml": (
        b'title = "A \\u001b[31mred Title"\nissuer = "Ministry"\ndate = 2024-07-28\nurl = "https://example.org"\n'
    ),
    "aliases.toml": b'"North Korea" = ["DPRK"]\n',
}
ANSWER_KEYS = [
    *("question", "answered", "reason", "matched_aliases", "narrowed", "understood", "note", "absence"),
    "quotes",
]
QUOTE_KEYS = {
    *(
        "text",
        "score",
        "statement_id",
        "title",
        "issuer",
        "date",
        "paragraph",
        "page",
        "start",
        "end",
        "sha256",
    ),
    *("citation", "url", "source", "inferred", "scanned", "also_in", "emphasis"),
}

Arguments = Sequence[object]


@pytest.fixture
def directory(index_texts: Callable[..., Path], tiny_models: Path) -> Path:
    """Make an index with a model that is loaded in no time."""
    return index_texts(FILES, SentenceEncoder.from_name(str(tiny_models / "embedder")))


class Command:
    """Runs a command with a reranker that is sure of everything, or of nothing."""

    def __init__(self, directory: Path, models: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory = directory
        self.models = models
        self._capsys = capsys

    def __call__(self, name: str, *arguments: object, reranker: str = "sure") -> tuple[int, str, str]:
        options = [name, *map(str, arguments), "--reranker", str(self.models / reranker)]
        if name != "bench":
            options += ["--index", str(self.directory)]
        status = command.main(options)
        out, err = self._capsys.readouterr()
        return status, out, err

    def fail(self, *arguments: str) -> str:
        """Run what must fail, and return the one line that says why."""
        status = command.main(arguments)
        out, err = self._capsys.readouterr()
        assert (status, out) == (1, "")
        assert err.endswith("\n")
        assert err.count("\n") == 1
        return err[:-1]

    def misuse(self, *arguments: str) -> str:
        with pytest.raises(SystemExit) as caught:
            command.main(arguments)
        assert caught.value.code == 2
        out, err = self._capsys.readouterr()
        assert out == ""
        assert err.startswith("usage: python -m qa")
        return err.splitlines()[-1]


@pytest.fixture
def run(directory: Path, tiny_models: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(directory, tiny_models, capsys)


# ---- ask ----------------------------------------------------------------------------------------------


def test_ask_prints_the_quote_and_where_it_stands(run: Command) -> None:
    status, out, err = run("ask", QUESTION)
    assert (status, err) == (0, "")
    assert out.startswith(
        "[1]\nThe DPRK launched “missiles” over the sea. Nobody was hurt.\n    -- Ministry, "
    )
    assert "July 28, 2024, para. 1." in out
    assert "\x1b" not in out


def test_ask_json_is_one_object_with_the_keys_that_others_rely_on(run: Command) -> None:
    status, out, err = run("ask", "Has North Korea launched missiles?", "--json")
    assert (status, err, out.count("\n")) == (0, "", 1)
    answer = json.loads(out)
    assert list(answer) == ANSWER_KEYS
    assert (answer["question"], answer["answered"]) == ("Has North Korea launched missiles?", True)
    assert answer["reason"] is None
    assert answer["matched_aliases"] == {"North Korea": ["DPRK"]}
    (quote,) = answer["quotes"]
    assert quote.keys() == QUOTE_KEYS
    text = FILES["july"]
    assert quote["text"] == text[quote["start"] : quote["end"]]
    assert (quote["statement_id"], quote["issuer"], quote["date"]) == ("july", "Ministry", "2024-07-28")
    assert (quote["paragraph"], quote["page"], quote["also_in"]) == (1, None, [])
    assert (quote["url"], len(quote["sha256"])) == ("https://example.org", 64)
    assert 0 <= quote["score"] <= 1
    assert quote["source"].endswith("/july.txt")
    assert quote["citation"].endswith("July 28, 2024, para. 1.")


def test_ask_refuses_with_a_reason_and_that_is_no_fault(run: Command) -> None:
    status, out, err = run("ask", QUESTION, "--json", reranker="unsure")
    answer = json.loads(out)
    assert (status, err, answer["answered"], answer["quotes"]) == (0, "", False, [])
    assert answer["reason"].startswith("The statement does not say")
    status, out, err = run("ask", QUESTION, reranker="unsure")
    assert (status, err) == (0, "")
    assert out.startswith("No quote: The statement does not say")


def test_ask_takes_filters(run: Command) -> None:
    for filters, answered in (
        (("--since", "2024-07-28", "--until", "2024-07-28"), True),
        (("--since", "2024-07-29"), False),
        (("--until", "2024-07-27"), False),
        (("--issuer", "ministry", "--statement", "july", "--top", "1", "--after", "Who?"), True),
    ):
        status, out, _ = run("ask", QUESTION, "--json", *filters)
        assert (status, json.loads(out)["answered"]) == (0, answered)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("",), "The question has no words. Ask something the statements could say."),
        (("?!",), "The question has no words. Ask something the statements could say."),
        (("x" * 20_000,), "The question has 20,000 characters. Ask in at most 2,000."),
        (("Who?", "--statement", "june"), "The index holds no statement 'june'."),
        (("Who?", "--statement", "a\x1b[2Jb"), "The index holds no statement 'a\\x1b[2Jb'."),
        (
            ("Who?", "--issuer", "NATO"),
            "No statement in the index has the issuer 'NATO'. Issuers: Ministry.",
        ),
        (
            ("Who?", "--since", "2024-07-02", "--until", "2024-07-01"),
            "No day is both from 2024-07-02 on and until 2024-07-01.",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_sentence(
    run: Command, arguments: tuple[str, ...], said: str
) -> None:
    status, out, err = run("ask", *arguments)
    assert (status, out, err) == (1, "", said + "\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask",), "the following arguments are required: question"),
        (("ask", "Who?", "--since", "July"), "argument --since: 'July' is not a day; write it as 2024-07-28"),
        (("ask", "Who?", "--until", "2024-02-30"), "argument --until: '2024-02-30' is not a day"),
        (("ask", "Who?", "--top", "0"), "argument --top: '0' is not a whole number from 1 on"),
        (("ask", "Who?", "--top", "many"), "argument --top: 'many' is not a whole number from 1 on"),
        (("ask", "Who?", "--top", "9" * 5000), "is not a whole number from 1 on"),
        (("ask", "Who", "said", "it?"), "unrecognized arguments: said it?"),
        (("bench", "folder", "--limit", "-1"), "argument --limit: '-1' is not a whole number from 1 on"),
        (("bench",), "the following arguments are required: folder"),
        (("frobnicate",), "invalid choice: 'frobnicate'"),
        ((), "the following arguments are required: ask|check|bench"),
    ],
)
def test_what_cannot_be_understood_exits_2(run: Command, arguments: tuple[str, ...], said: str) -> None:
    assert said in run.misuse(*arguments)


def test_half_a_character_in_a_question_is_no_fault(run: Command) -> None:
    status, out, _ = run("ask", "Who launched \udcff missiles?", "--json")
    assert (status, json.loads(out)["answered"]) == (0, True)


# ---- Questions from standard input --------------------------------------------------------------------


def feed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


def test_each_line_of_input_is_a_question_and_each_of_output_its_answer(
    run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, f"{QUESTION}\nWhat about the sea?\r\nNo newline at the end".encode())
    status, out, err = run("ask", "-", "--top", "1")
    answers = [json.loads(line) for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert [answer["question"] for answer in answers] == [
        QUESTION,
        "What about the sea?",
        "No newline at the end",
    ]
    for answer in answers:
        assert list(answer) == ANSWER_KEYS
        assert len(answer["quotes"]) == 1


def test_after_a_bad_line_the_others_are_answered_and_the_exit_status_tells(
    run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, b"\n" + b"x" * 20_000 + b"\nWho launched \xff missiles?\n")
    status, out, err = run("ask", "-")
    empty, long, garbled = (json.loads(line) for line in out.splitlines())
    assert (status, err) == (1, "")
    for answer in (empty, long):
        assert list(answer) == [*ANSWER_KEYS, "error"]
        assert (answer["answered"], answer["quotes"]) == (False, [])
        assert answer["reason"] == answer["error"]
    assert empty["error"].startswith("The question has no words")
    assert long["error"].startswith("The question has 20,000 characters")
    assert garbled["answered"] is True


def test_no_input_is_no_question(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, b"")
    assert run("ask", "-") == (0, "", "")


# ---- An index or a model that cannot be used ----------------------------------------------------------


@pytest.mark.parametrize("name", ["ask", "check"])
def test_no_index_says_how_to_build_one(run: Command, tmp_path: Path, name: str) -> None:
    arguments = [name, *(["Who?"] if name == "ask" else []), "--index", str(tmp_path / "none")]
    said = run.fail(*arguments)
    assert said == f"No index yet. Build one with: python -m index --index {tmp_path / 'none'}"


def test_a_damaged_index_says_how_to_build_it_anew(run: Command) -> None:
    shutil.rmtree(run.directory / "vectors")
    assert run("ask", QUESTION)[0] == 0  # the vectors are only a copy of what the database holds
    database = run.directory / "statements.sqlite"
    content = bytearray(database.read_bytes())
    place = content.index(b"over the sea")
    content[place : place + 4] = b"into"
    database.write_bytes(content)
    status, out, err = run("ask", QUESTION)
    assert (status, out) == (1, "")
    assert err.startswith(f"The index in {run.directory} is damaged")
    assert err.endswith(f"Build it anew with: python -m index --full --index {run.directory}\n")
    database.write_bytes(b"no database at all")
    assert "is damaged" in run.fail("ask", QUESTION, "--index", str(run.directory))


def test_another_embedder_says_how_to_rebuild(run: Command) -> None:
    other = str(run.models / "other-embedder")
    said = run.fail("ask", QUESTION, "--index", str(run.directory), "--embedder", other)
    assert said.startswith(f"The index was built with the embedder {run.models / 'embedder'}@")
    assert said.endswith(f"rebuild it with: python -m index --embedder {other} --index {run.directory}")


def test_the_same_embedder_may_be_named_by_another_path(
    run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(run.models)
    assert run("ask", QUESTION, "--embedder", "./embedder")[0] == 0


@pytest.mark.parametrize(
    ("option", "name", "said"),
    [
        ("--embedder", "no/such/model", "There is no model no/such/model. Known here: bge-small"),
        ("--reranker", "no/such/model", "There is no model no/such/model. Known here: bge-small"),
        ("--embedder", "ms-marco-minilm", "ms-marco-minilm is no embedder. Known here: bge-small"),
        ("--reranker", "bge-small", "bge-small is no reranker. Known here: ms-marco-minilm"),
        ("--reranker", "MODELS/embedder", "MODELS/embedder is no reranker"),
        ("--reranker", "MODELS", ""),
    ],
)
def test_a_model_that_is_none_is_one_sentence(run: Command, option: str, name: str, said: str) -> None:
    models = str(run.models)
    words = run.fail("ask", QUESTION, "--index", str(run.directory), option, name.replace("MODELS", models))
    assert words.startswith(said.replace("MODELS", models))


# ---- check --------------------------------------------------------------------------------------------


CHECKS = """
[thresholds]
"recall@1" = 0.9
answered_wrongly = {most}
[[answerable]]
question = "Who launched missiles?"
quotes = ["The DPRK launched"]
[[unanswerable]]
question = "Which zebra sings?"
"""


@pytest.mark.parametrize(("most", "status"), [(1, 0), (0.5, 1)])
def test_check_exits_1_when_a_threshold_is_missed(
    run: Command, tmp_path: Path, most: float, status: int
) -> None:
    (tmp_path / "checks.toml").write_text(CHECKS.format(most=most))
    exited, out, err = run("check", tmp_path / "checks.toml", "--trec-run", tmp_path / "run.txt")
    assert (exited, err) == (status, "")
    assert out.startswith("1 answerable and 1 unanswerable questions\n")
    assert "- Which zebra sings?\n  expected: a refusal\n  came:     " in out
    assert out.splitlines()[-1] == ("failed: answered_wrongly" if status else "passed")
    assert (tmp_path / "run.txt").read_text().split()[:2] == ["1", "Q0"]

    exited, out, err = run("check", tmp_path / "checks.toml", "--json")
    content = json.loads(out)
    assert (exited, err, out.count("\n"), content["passed"]) == (status, "", 1, not status)
    assert (content["recall@1"], content["answered_wrongly"]) == (1, 1)
    assert [each["question"] for each in content["failures"]] == ["Which zebra sings?"]


def test_check_shows_no_sign_that_commands_a_terminal(run: Command, tmp_path: Path) -> None:
    (tmp_path / "checks.toml").write_text('[[unanswerable]]\nquestion = "Which \\u001b[2J zebra?"\n')
    status, out, _ = run("check", tmp_path / "checks.toml")
    assert status == 0
    assert "\x1b" not in out
    assert "Which \N{REPLACEMENT CHARACTER}[2J zebra?" in out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no checks file {file}."),
        ("not toml", "{file} cannot be read as TOML: "),
        ("[[answerable]]\n", "{file}: question of an entry of answerable must be a text in quotes."),
        (
            '[[answerable]]\nquestion = "Who?"\nquotes = ["nowhere said"]\n',
            "The words expected for 'Who?' do not stand in any statement of the index.",
        ),
    ],
)
def test_a_broken_checks_file_is_one_sentence(
    run: Command, tmp_path: Path, content: str | None, said: str
) -> None:
    file = tmp_path / "checks.toml"
    if content is not None:
        file.write_text(content)
    status, out, err = run("check", file)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(said.format(file=file))


def test_a_run_that_cannot_be_written_is_one_sentence(run: Command, tmp_path: Path) -> None:
    (tmp_path / "checks.toml").write_text(CHECKS.format(most=1))
    status, out, err = run("check", tmp_path / "checks.toml", "--trec-run", tmp_path)
    assert (status, out) == (1, "")
    assert err == f"The run cannot be written to {tmp_path}: Is a directory.\n"


# ---- bench --------------------------------------------------------------------------------------------


BENCH_KEYS = {
    *(
        "passages",
        "queries",
        "ndcg@10",
        "recall@5",
        "mrr@10",
        "p@1",
        "unanswerable",
        "auroc",
        "refused_share",
    ),
    *("false_refusal_share", "build_seconds", "passages_per_second", "query_ms_p50", "query_ms_p95"),
}


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text('{"id": "r1", "text": "Whales were counted."}\n')
    (folder / "queries.jsonl").write_text(
        '{"id": "q1", "text": "Which whales?"}\n{"id": "q2", "text": "Who?"}\n'
    )
    (folder / "qrels.tsv").write_text("query_id\tcorpus_id\tgrade\nq1\tr1\t1\n")
    (folder / "unanswerable.jsonl").write_text('{"id": "u1", "text": "Which zebra?"}\n')
    return folder


def test_bench_prints_its_numbers(run: Command, bench: Path) -> None:
    embedder = ("--embedder", run.models / "embedder")
    status, out, err = run("bench", bench, "--json", "--limit", "5", *embedder)
    assert (status, out.count("\n")) == (0, 1)
    assert err == "note: 1 question without judgments: not asked\n"
    numbers = json.loads(out)
    assert numbers.keys() == BENCH_KEYS
    assert (numbers["passages"], numbers["queries"], numbers["p@1"], numbers["refused_share"]) == (1, 1, 1, 0)
    status, out, _ = run("bench", bench, *embedder)
    assert {line.split()[0] for line in out.splitlines()} == BENCH_KEYS


def test_a_broken_benchmark_is_one_sentence(run: Command, bench: Path, tmp_path: Path) -> None:
    assert run.fail("bench", str(tmp_path / "none")).endswith(
        "corpus.jsonl cannot be read: No such file or directory."
    )
    (bench / "qrels.tsv").write_text("query_id\tcorpus_id\tgrade\nq1 r1 1\n")
    assert run.fail("bench", str(bench)).endswith(
        "qrels.tsv, line 2: not query_id, corpus_id and a whole grade."
    )
    (bench / "corpus.jsonl").write_text("{}\n")
    assert run.fail("bench", str(bench)).endswith(
        "corpus.jsonl, line 1: not a JSON object with an id and a text."
    )


# ---- As a process -------------------------------------------------------------------------------------


def start(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", "qa", *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=REPOSITORY,
        env=os.environ | environment,
    )


def test_a_terminal_without_these_letters_gets_their_codes(directory: Path, tiny_models: Path) -> None:
    done = start(
        *("ask", QUESTION, "--index", directory, "--reranker", tiny_models / "sure"),
        PYTHONIOENCODING="ascii",
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"launched \\u201cmissiles\\u201d over" in done.stdout


def test_a_fault_goes_to_standard_error(tmp_path: Path) -> None:
    done = start("ask", "Who?", "--index", tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"No index yet. Build one with: python -m index")
    assert done.stderr.count(b"\n") == 1


def test_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command.main(["--help"])
    assert caught.value.code == 0
    assert "ask|check|bench" in capsys.readouterr().out


@pytest.mark.model
def test_the_default_models_answer_and_refuse(
    index_texts: Callable[..., Path],
    default_encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    directory = index_texts(FILES, default_encoder)
    feed(monkeypatch, b"Did North Korea fire missiles?\nWhat is the best cheese of Normandy?\n")
    assert command.main(["ask", "-", "--index", str(directory)]) == 0
    right, wrong = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert right["quotes"][0]["emphasis"]["text"] == "The DPRK launched “missiles” over the sea."
    assert right["matched_aliases"] == {"North Korea": ["DPRK"]}
    assert (wrong["answered"], wrong["quotes"]) == (False, [])
