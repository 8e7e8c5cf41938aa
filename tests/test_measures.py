"""Measures of rankings."""

import pytest

from qa.measures import measure_rankings

RELEVANT = {"a": {"1": 1}, "b": {"2": 1, "3": 1}}


def test_a_query_without_a_ranking_counts_as_zero() -> None:
    values = measure_rankings(["Success@1", "RR@10"], RELEVANT, {"a": ["1", "9"]})
    assert values == {"Success@1": 0.5, "RR@10": 0.5}


def test_order_is_what_counts() -> None:
    values = measure_rankings(
        ["P@1", "R@5", "RR@10", "nDCG@10"], RELEVANT, {"a": ["9", "1"], "b": ["3", "2"]}
    )
    assert values["P@1"] == 0.5
    assert values["R@5"] == 1.0
    assert values["RR@10"] == 0.75
    assert values["nDCG@10"] == pytest.approx((0.6309 + 1) / 2, abs=1e-4)
