"""The fit behind the probability of an answer finds what made the examples, and says how good it is."""

import json
from pathlib import Path

import numpy as np
import pytest

from qa import calibrate
from qa.calibrate import Example, Source, fit, held_out_probabilities, set_apart, summarize
from qa.support import Signals, estimate_probability
from qa.types import Question

TRUE = Signals(logit=1.0, kind_missing=-1.0, ruled_out=-0.8, name_missing=-1.5)
TRUE_BIAS = 0.5


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """Draw examples whose outcome follows `TRUE`, from two sources."""
    draw = np.random.default_rng(3)
    made = []
    for number in range(3000):
        signals = Signals(
            logit=draw.normal(0, 3),
            kind_missing=float(draw.random() < 0.3),
            ruled_out=float(draw.random() < 0.3),
            name_missing=float(draw.random() < 0.3),
        )
        right = bool(draw.random() < estimate_probability(signals, weights=TRUE, bias=TRUE_BIAS))
        source = "one" if number % 3 else "two"
        made.append(Example(source=source, question="?", signals=signals, answerable=right, right=right))
    return made


def test_the_fit_finds_the_weights_that_made_the_examples(examples: list[Example]) -> None:
    weights, bias = fit(examples)
    for name in calibrate.SIGNALS:
        assert getattr(weights, name) == pytest.approx(getattr(TRUE, name), abs=0.3)
    assert bias == pytest.approx(TRUE_BIAS, abs=0.3)


def test_probabilities_held_out_mean_what_they_say(examples: list[Example]) -> None:
    probabilities = held_out_probabilities(examples)
    right = np.array([example.right for example in examples])
    for low in (0.0, 0.25, 0.5, 0.75):
        among = (probabilities >= low) & (probabilities < low + 0.25)
        assert right[among].mean() == pytest.approx(probabilities[among].mean(), abs=0.06)


def test_the_summary_counts_by_source(examples: list[Example]) -> None:
    numbers = summarize(examples, [float(example.right) for example in examples])
    assert numbers.keys() == {"one", "two"}
    assert numbers["one"] == {
        "questions": 2000,
        "auroc": 1.0,
        "brier": 0.0,
        **{
            strictness: {"refused_wrongly": 0.0, "answered_wrongly": 0.0}
            for strictness in ("strict", "balanced", "generous")
        },
    }


def test_questions_set_apart_are_asked_where_nothing_answers_them() -> None:
    answered, unanswered = (Question(text="What is it?"), frozenset({"1"})), (Question(text="Why?"), None)
    sources = [
        Source(name="checks", index=Path("seeds"), questions=(answered, unanswered, answered)),
        Source(name="more", index=Path("seeds"), questions=(unanswered, answered)),
        Source(name="wiki", index=Path("wiki"), questions=(answered,)),
    ]
    apart = {each.name: each for each in set_apart(sources, [Path("seeds"), Path("wiki")], limit=1)}
    assert apart.keys() == {"checks of wiki", "more of wiki", "wiki of seeds"}
    assert {each.questions for each in apart.values()} == {((answered[0], None),)}
    assert apart["wiki of seeds"].index == Path("seeds")


def test_the_command_reads_kept_examples_and_draws(
    examples: list[Example], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "examples.json"
    kept.write_text(json.dumps(calibrate.to_rows(examples[:300])))
    assert calibrate.main(["--examples", str(kept)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["weights"].keys() == set(calibrate.SIGNALS)
    assert printed["one"]["questions"] == 200


def test_bad_examples_are_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "examples.json"
    kept.write_text('[{"source": "one"}]')
    assert calibrate.main(["--examples", str(kept)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert calibrate.main([]) == 1
    assert "Name a benchmark folder" in capsys.readouterr().err
