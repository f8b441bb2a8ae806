"""What the oracle demands of bounds, against published tables, and how errors are told."""

import pytest

from tests.system.support import certainty, comparing, oracle
from tests.system.support.bounds import poisson
from tests.system.support.naming import Series, key
from tests.system.support.worked import NOW, Log, campaign, value


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    # Garwood (1936), as tables of exact 95 % limits print them.
    [(0, 0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (100, 81.364, 121.627)],
)
def test_counts_are_bounded_as_garwood_does(count: int, lower: float, upper: float) -> None:
    assert poisson(count) == pytest.approx((lower, upper), abs=6e-4)


@pytest.mark.parametrize("count", [2_000, 300_000, 4_000_000])
def test_bounds_of_large_counts_are_near_those_of_a_normal_count(count: int) -> None:
    """They are quantiles of gamma distributions of shapes n and n + 1, which Cornish and Fisher expand."""
    z = 1.959964
    for bound, shape, sign in zip(poisson(count), (count, count + 1), (-1, 1), strict=True):
        assert bound == pytest.approx(shape + sign * z * shape**0.5 + (z * z - 1) / 3, abs=0.01)


def test_bounds_of_persons_are_the_persons_where_all_are_remembered() -> None:
    cook = {"country": "FR", "interests": ["food"]}
    log = Log().add("impressions", person_id="p", consent=True, audience=cook)
    shown = log.add("impressions", person_id="q", consent=True).series()
    for end in ("", "_lower", "_upper"):
        assert campaign(shown, f"reach_persons{end}") == 2
        assert campaign(shown, f"target_reach_persons{end}") == 1
        assert campaign(shown, f"target_coverage_ratio{end}") == 0.02
    assert value(shown, "kpi_influencer_reach_persons_upper", influencer="ana", window="1h") == 2
    scopes = {name.split("_")[1] for name, _ in shown if name.endswith(("_lower", "_upper"))}
    assert scopes == {"campaign", "influencer"}


def bounded(family: str, value: float, lower: float, upper: float) -> Series:
    """Write a value with its bounds."""
    ends = {"": value, "_lower": lower, "_upper": upper}
    return {key(family + end, campaign="c", window="1h"): number for end, number in ends.items()}


def test_a_value_without_a_bound_and_a_bound_without_its_value_are_told() -> None:
    page = bounded("kpi_campaign_ctr_ratio", 0.5, 0.4, 0.6)
    assert certainty.problems(page) == []
    for missing in page:
        rest = {name: number for name, number in page.items() if name != missing}
        assert len(certainty.problems(rest)) == 2
        assert missing[0] in certainty.problems(rest)[0]
    # Before the first conversion CPA is bounded below alone.
    assert certainty.problems({key("kpi_influencer_cpa_lower", campaign="c", window="1h"): 3.0}) == []
    # Other scopes have no bounds, other KPIs neither.
    assert certainty.problems({key("kpi_channel_ctr_ratio"): 0.5, key("kpi_campaign_cpm"): 2.0}) == []


def test_bounds_of_a_count_are_no_closer_than_those_of_events_that_come_alone() -> None:
    assert certainty.problems(bounded("kpi_campaign_clicks", 10, 4.795389, 18.390356)) == []
    assert certainty.problems(bounded("kpi_campaign_clicks", 10, 2, 30)) == []
    assert len(certainty.problems(bounded("kpi_campaign_clicks", 10, 5, 30))) == 1
    assert len(certainty.problems(bounded("kpi_campaign_clicks", 10, 2, 18))) == 1
    assert certainty.problems(bounded("kpi_campaign_clicks", 0, 0, 3.688879454)) == []


def test_a_value_outside_its_bounds_is_told() -> None:
    page = {
        key("kpi_campaign_cpa", campaign="c"): 3.0,
        key("kpi_campaign_cpa_lower", campaign="c"): 3.1,
        key("kpi_campaign_cpa_upper", campaign="c"): 4.0,
        key("kpi_campaign_clicks", campaign="c"): 3.0,
    }
    assert len(comparing.disordered(page)) == 1
    assert comparing.disordered({**page, key("kpi_campaign_cpa", campaign="c"): 3.2}) == []
    always = {key("kpi_campaign_cpa_always_upper", campaign="c"): 3.1}
    assert len(comparing.disordered({**always, key("kpi_campaign_cpa", campaign="c"): 3.2})) == 1


def test_only_what_rests_on_many_persons_may_be_off_and_not_by_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle, "EXACT_TO", 99)
    log = Log()
    for person in range(100):
        log.add("impressions", person_id=f"p{person}", consent=True, ago=60 if person else 7200)
    truth = oracle.truth(log.fold(), NOW)
    reach = key("kpi_campaign_reach_persons", campaign="c", window="flight")
    hour = key("kpi_campaign_reach_persons", campaign="c", window="1h")
    assert reach in truth.sampled
    assert hour not in truth.sampled
    wanted = comparing.widened(comparing.between(truth.series, truth.series), truth.sampled)
    for number, fine in ((100, True), (102.5, True), (97.5, True), (106, False)):
        assert (comparing.differences(wanted, {**truth.series, reach: number}) == []) is fine
    assert comparing.differences(wanted, {**truth.series, hour: 100}) != []
    assert comparing.badly_sampled(truth, truth.series) == []
    channel = key("kpi_channel_reach_persons", campaign="c", channel="instagram", window="flight")
    assert comparing.badly_sampled(truth, {**truth.series, channel: 102.5}) == []
    wide = {(reach[0] + "_upper", reach[1]): 110.0}
    assert comparing.badly_sampled(truth, {**truth.series, **wide, reach: 102.5}) == []
    assert len(comparing.badly_sampled(truth, {**truth.series, **wide, reach: 104.5})) == 1
    narrow = {(reach[0] + "_upper", reach[1]): 99.0}
    assert len(comparing.badly_sampled(truth, {**truth.series, **narrow})) == 1


def test_what_a_refund_or_a_cancellation_lowers_may_have_been_higher() -> None:
    truth = comparing.between(Log().series(), Log().series())
    sale = {"campaign": "c", "window": "flight", "kind": "purchase"}
    assert comparing.above(truth, {key("kpi_campaign_conversions", **sale): 3.0}) == []
    assert len(comparing.above(truth, {key("kpi_campaign_clicks", campaign="c", window="flight"): 3.0})) == 1
    lifetime = key("kpi_campaign_lifetime_cancellations_total", campaign="c")
    assert len(comparing.above(truth, {lifetime: 1.0})) == 1
    assert len(comparing.dips({lifetime: 2.0}, {lifetime: 1.0})) == 1
