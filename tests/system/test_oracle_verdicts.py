"""What the oracle demands of verdicts: that they follow from what the page itself shows."""

import pytest

from tests.system.support import verdicts
from tests.system.support.naming import Series, key
from tests.system.support.worked import DOCUMENT


def page(kpi: str, sample: float, low: float | None, high: float | None, verdict: float) -> Series:
    """Write a page of `c` with its thresholds' verdicts; of one KPI with what that is made from."""
    ends = {"lower": low, "upper": high}
    money = {"currency": "EUR"} if kpi == "cpa" else {}
    flight = {"campaign": "c", "window": "flight"}
    series = {
        key(f"kpi_campaign_{verdicts.SERIES[kpi]}_always_{end}", **flight, **money): bound
        for end, bound in ends.items()
        if bound is not None
    }
    series |= {key(verdicts.VERDICT, kpi=name, **flight): 0.0 for name in ("cpa", "sentiment")}
    series[key(verdicts.VERDICT, kpi=kpi, **flight)] = verdict
    series[key("kpi_campaign_min_sample", campaign="c", kpi=kpi)] = 30
    series[key(f"kpi_campaign_{verdicts.SAMPLES[kpi]}", **flight)] = sample
    return series | {key("kpi_campaign_info", campaign="c", status="running"): 1}


@pytest.mark.parametrize(
    ("kpi", "sample", "low", "high", "verdict"),
    [
        # At most 25.
        ("cpa", 30, 25.1, 40, -1),
        ("cpa", 30, 20, 24.9, 1),
        ("cpa", 30, 20, 30, 0),
        ("cpa", 30, 25.1, None, -1),
        ("cpa", 30, 20, None, 0),
        ("cpa", 29, 25.1, 40, 0),
        # At least −0.1.
        ("sentiment", 30, -0.05, 0.3, 1),
        ("sentiment", 30, -0.3, -0.15, -1),
        ("sentiment", 30, -0.3, 0.2, 0),
        ("sentiment", 29, -0.3, -0.15, 0),
        ("sentiment", 30, None, None, 0),
    ],
)
def test_a_verdict_follows_from_bounds_threshold_and_sample(
    kpi: str, sample: float, low: float | None, high: float | None, verdict: float
) -> None:
    for said in (-1, 0, 1):
        told = verdicts.undue(page(kpi, sample, low, high, said), DOCUMENT)
        assert len(told) == (said != verdict)


def test_bounds_of_every_look_are_asked_for_beside_their_value() -> None:
    shown = page("cpa", 30, 20, None, 0)
    shown[key("kpi_campaign_cpa", campaign="c", window="flight", currency="EUR")] = 22
    (told,) = verdicts.undue(shown, DOCUMENT)
    assert "kpi_campaign_cpa_always_upper" in told
