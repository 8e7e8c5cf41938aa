"""Quotes that were given earlier, compared with the statements of today."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index.errors import ReceiptError
from index.store import open_index
from qa.__main__ import main
from qa.receipt import GivenQuote, read_receipt, verify_quote

IndexTexts = Callable[[Mapping[str, str | bytes]], Path]

TEXT = "We met in Tokyo. We agreed."
QUOTE = {"text": "We agreed.", "statement_id": "a", "start": 17, "end": 27, "citation": '"A," n.d., para. 1.'}


def receipt(folder: Path, *quotes: Mapping[str, object], lines: bool = False) -> Path:
    file = folder / "receipt.json"
    answers = [{"quotes": [quote]} for quote in quotes] if lines else [{"quotes": list(quotes)}]
    file.write_text("\n".join(json.dumps(answer) for answer in answers))
    return file


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ({"a": TEXT}, "unchanged"),
        ({"a": f"{TEXT} We parted."}, "unchanged"),
        ({"a": f"Tokyo. {TEXT}"}, "moved"),
        ({"a": "We met in Tokyo. We agree."}, "changed"),
        ({"b": TEXT}, "gone"),
    ],
)
def test_what_became_of_a_quote_is_told(
    tmp_path: Path, index_texts: IndexTexts, now: Mapping[str, str], status: str
) -> None:
    with open_index(index_texts(now)) as index:
        (quote,) = read_receipt(receipt(tmp_path, QUOTE))
        assert verify_quote(index, quote).status == status


def test_one_object_and_one_a_line_are_read(tmp_path: Path) -> None:
    expected = GivenQuote(
        text="We agreed.", statement_id="a", start=17, end=27, citation='"A," n.d., para. 1.'
    )
    assert read_receipt(receipt(tmp_path, QUOTE, QUOTE)) == (expected, expected)
    assert read_receipt(receipt(tmp_path, QUOTE, QUOTE, lines=True)) == (expected, expected)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "holds no quote"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "it has no quotes"),
        ('{"quotes": 1}', "it has no quotes"),
        ('{"quotes": []}', "holds no quote"),
        ('{"quotes": [1]}', "without its words"),
        ('{"quotes": [{"text": "We agreed."}]}', "without its words"),
        (json.dumps({"quotes": [{**QUOTE, "start": -1}]}), "cannot be meant"),
        (json.dumps({"quotes": [{**QUOTE, "start": "17"}]}), "cannot be meant"),
        (json.dumps({"quotes": [{**QUOTE, "text": ""}]}), "cannot be meant"),
    ],
)
def test_what_is_no_receipt_is_refused_in_one_sentence(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "receipt.json").write_text(content)
    with pytest.raises(ReceiptError, match=reason) as caught:
        read_receipt(tmp_path / "receipt.json")
    assert "\n" not in str(caught.value)


def test_a_missing_receipt_and_one_of_other_bytes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes.json").write_bytes(b"\xff")
    for name, reason in (("none.json", "cannot be opened"), ("bytes.json", "is not UTF-8")):
        with pytest.raises(ReceiptError, match=reason):
            read_receipt(tmp_path / name)


def test_the_command_exits_1_unless_all_stand(
    tmp_path: Path, index_texts: IndexTexts, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = str(index_texts({"a": TEXT}))
    assert main(["verify", str(receipt(tmp_path, QUOTE)), "--index", directory]) == 0
    assert capsys.readouterr().out == '"A," n.d., para. 1. word for word where it says\n'
    changed = {**QUOTE, "text": "We agree."}
    assert main(["verify", str(receipt(tmp_path, QUOTE, changed)), "--index", directory, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verified"] is False
    assert [each["status"] for each in told["quotes"]] == ["unchanged", "changed"]
