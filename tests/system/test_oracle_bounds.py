"""The oracle's bounds against published tables and sums worked out by hand, and how errors are told."""

import pytest

from tests.system.support import comparing, oracle
from tests.system.support.bounds import difference_of_shares, poisson
from tests.system.support.families import ENDS
from tests.system.support.naming import key
from tests.system.support.spoiling import Fields
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


def test_a_difference_of_shares_is_bounded_as_bonett_and_price_do() -> None:
    # 6/12 and 3/12: 0.25 ± 1.959964 × √((0.75 − 0.0625) ÷ 12) = 0.25 ± 0.469131
    assert difference_of_shares(5, 2, 10) == pytest.approx((-0.219131, 0.719131), abs=2e-6)
    assert difference_of_shares(1, 0, 1)[1] == 1
    assert difference_of_shares(0, 1, 1)[0] == -1


def test_campaign_and_influencer_have_bounds_and_no_other_scope() -> None:
    log = Log().add("impressions", count=1000).add("clicks", count=10).add("engagements", kind="like")
    log.add("impressions", person_id="p", consent=True)
    shown = log.series()
    assert campaign(shown, "clicks_lower") == pytest.approx(4.795389)
    assert campaign(shown, "interactions_upper", kind="click") == pytest.approx(18.390356)
    assert campaign(shown, "interactions_upper", kind="like") == pytest.approx(5.571643)
    assert campaign(shown, "ctr_ratio_upper") == pytest.approx(18.390356 / 1001)
    # Eleven interactions of one person.
    assert campaign(shown, "engagement_ratio_lower") == pytest.approx(5.491161)
    assert campaign(shown, "reach_persons_lower") == campaign(shown, "reach_persons_upper") == 1
    assert value(shown, "kpi_influencer_video_views_upper", influencer="ana", window="1h") == pytest.approx(
        3.688879
    )
    scopes = {name.split("_")[1] for name, _ in shown if name.endswith(ENDS)}
    assert scopes == {"campaign", "influencer"}


def test_bounds_of_ratings_and_of_the_target() -> None:
    log = Log().add("engagements", kind="like", sentiment="positive", count=5)
    log.add("engagements", kind="like", sentiment="negative", count=2)
    log.add("engagements", kind="like", sentiment="neutral", count=3)
    cook = {"country": "FR", "interests": ["food"]}
    log.add("impressions", person_id="p", consent=True, audience=cook)
    shown = log.series()
    assert campaign(shown, "rated_mentions_upper", polarity="positive") == pytest.approx(11.668332)
    assert campaign(shown, "sentiment_ratio_lower") == pytest.approx(-0.219131, abs=2e-6)
    assert campaign(shown, "sentiment_ratio_upper") == pytest.approx(0.719131, abs=2e-6)
    assert campaign(shown, "target_coverage_ratio_lower") == 0.02
    assert campaign(shown, "target_reach_persons_upper") == 1


def test_cpa_is_bounded_by_its_fixed_costs_over_the_counts_bounds() -> None:
    ben: Fields = {"influencer_id": "ben", "content_id": "b"}
    log = Log().add("clicks", count=10, **ben)
    for order in range(5):
        log.add("conversions", kind="purchase", order_id=f"o{order}", revenue=20, currency="EUR", **ben)
    shown = log.series()
    # Fixed: 5 (clicks), 40/24 (spend), 90/720 (fee). Each sale costs 5, and a tenth of 20.
    fixed, here = 5 + 40 / 24 + 90 / 720, {"influencer": "ben", "window": "1h", "currency": "EUR"}
    assert value(shown, "kpi_influencer_cpa", **here) == pytest.approx(fixed / 5 + 7)
    assert value(shown, "kpi_influencer_cpa_lower", **here) == pytest.approx(fixed / 11.668332 + 7)
    assert value(shown, "kpi_influencer_cpa_upper", **here) == pytest.approx(fixed / 1.623486 + 7)


def test_cpa_without_conversions_has_a_lower_bound_alone() -> None:
    shown = Log().add("clicks", count=10, influencer_id="ben", content_id="b").series()
    fixed, here = 5 + 40 / 24 + 90 / 720, {"influencer": "ben", "window": "1h", "currency": "EUR"}
    assert value(shown, "kpi_influencer_cpa_lower", **here) == pytest.approx(fixed / 3.688879 + 5)
    assert value(shown, "kpi_influencer_cpa", **here) is None
    assert value(shown, "kpi_influencer_cpa_upper", **here) is None
    # A sale by ana would cost the campaign nothing more: 390 ÷ 720 an hour are her fees and eve's.
    whole = campaign(shown, "cpa_lower", window="1h", currency="EUR")
    assert whole == pytest.approx((fixed + 390 / 720) / 3.688879, rel=1e-6)


def test_without_costs_cpa_has_no_bound() -> None:
    shown = Log().add("clicks", campaign_id="free", ago=3 * 86_400).series()
    assert "kpi_campaign_cpa_lower" not in {name for name, labels in shown if ("campaign", "free") in labels}


def test_nothing_counted_may_be_left_out_or_shown_but_not_wrong() -> None:
    truth = comparing.between(Log().series(), Log().series())
    upper = key("kpi_campaign_clicks_upper", campaign="c", window="5m")
    kind = key("kpi_influencer_conversions_upper", campaign="c", influencer="ana", window="1h", kind="signup")
    page = {name: low for name, (low, _) in truth.items() if name != upper}
    assert comparing.differences(truth, page) == []
    assert comparing.differences(truth, {**page, upper: 3.6888794541139363, kind: 3.6888794541139363}) == []
    assert len(comparing.differences(truth, {**page, upper: 0.0, kind: 0.0})) == 2


def test_a_value_outside_its_bounds_is_told() -> None:
    page = {
        key("kpi_campaign_cpa", campaign="c"): 3.0,
        key("kpi_campaign_cpa_lower", campaign="c"): 3.1,
        key("kpi_campaign_cpa_upper", campaign="c"): 4.0,
        key("kpi_campaign_clicks", campaign="c"): 3.0,
    }
    assert len(comparing.disordered(page)) == 1
    assert comparing.disordered({**page, key("kpi_campaign_cpa", campaign="c"): 3.2}) == []


def test_authenticity_is_what_is_left_of_all_interactions() -> None:
    place = {"campaign": "c", "window": "1h"}
    page = {
        key("kpi_campaign_interactions", **place, kind="like"): 6.0,
        key("kpi_campaign_interactions", **place, kind="click"): 2.0,
        key("kpi_campaign_suspicious_interactions", **place, reason="burst"): 2.0,
        key("kpi_campaign_authenticity_ratio", **place): 0.75,
    }
    assert comparing.inauthentic(page) == []
    assert len(comparing.inauthentic({**page, key("kpi_campaign_authenticity_ratio", **place): 0.8})) == 1
    assert len(comparing.inauthentic({key("kpi_campaign_authenticity_ratio", campaign="free"): 1.0})) == 1


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
    for number, fine in ((100, True), (102.5, True), (97.5, True), (104, False)):
        assert (comparing.differences(wanted, {**truth.series, reach: number}) == []) is fine
    assert comparing.differences(wanted, {**truth.series, hour: 100}) != []
    assert comparing.badly_sampled(truth, truth.series) == []
    assert len(comparing.badly_sampled(truth, {**truth.series, reach: 102.5})) == 1
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
