"""A verdict is said where the whole interval is on one side of the limit, and the sample is large enough."""

import pytest

from models.kpis.bounds import UNKNOWN, Interval
from models.kpis.kpi import Bound
from models.kpis.verdict import Verdict, verdict_of


@pytest.mark.parametrize(
    ("bound", "lower", "upper", "expected"),
    [
        ("max", 25.1, 40.0, -1),
        ("max", 25.0, 40.0, 0),
        ("max", 10.0, 25.0, 1),
        ("max", 26.0, None, -1),
        ("max", 20.0, None, 0),
        ("min", 0.01, 0.019, -1),
        ("min", 0.01, 0.02, 0),
        ("min", 0.02, 0.03, 1),
        ("min", None, 0.01, -1),
    ],
)
def test_both_bounds_decide(
    bound: Bound, lower: float | None, upper: float | None, expected: Verdict
) -> None:
    limit = 25.0 if bound == "max" else 0.02
    assert verdict_of(bound, limit, Interval(lower, upper), sample=20, least=20) == expected


def test_a_small_sample_and_no_bounds_say_nothing() -> None:
    assert verdict_of("min", 0.02, Interval(0.0, 0.01), sample=19, least=20) == 0
    assert verdict_of("min", 0.02, UNKNOWN, sample=19, least=0) == 0
