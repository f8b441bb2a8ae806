"""The demo's campaigns run on whatever day they are rendered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.campaigns.campaign import Campaign, Declaration
from models.campaigns.file import read_campaign_file
from models.kpis.catalogue import THRESHOLDS
from models.times import DAY, HOUR, parse_time
from producers.demo import demo_campaigns
from tests.unit.producers.conftest import noon_demo

MOMENTS = st.integers(parse_time("2024-01-01T00:00:00Z"), parse_time("2060-01-01T00:00:00Z"))
FEW = settings(max_examples=5, deadline=None)


@FEW
@given(MOMENTS)
def test_one_flight_began_half_a_day_to_a_day_and_a_half_ago_the_others_days_ago_and_all_go_on_for_weeks(
    now: int,
) -> None:
    campaigns = read_campaign_file("demo.yaml", demo_campaigns(now)).declaration.campaigns
    *old, new = sorted(campaigns, key=lambda campaign: campaign.starts)
    assert all(now - 4 * DAY < campaign.starts <= now - 3 * DAY for campaign in old)
    assert now - 36 * HOUR < new.starts <= now - 12 * HOUR
    assert all(campaign.ends >= now + 14 * DAY for campaign in campaigns)
    assert [(c.id, c.influencers, len(c.costs)) for c in campaigns] == [
        (c.id, c.influencers, len(c.costs)) for c in noon_demo().campaigns
    ]


def test_the_file_is_the_same_all_day_and_leaves_nothing_to_fill_in() -> None:
    morning, evening = parse_time("2026-11-23T00:00:00Z"), parse_time("2026-11-23T23:59:59Z")
    assert demo_campaigns(morning) == demo_campaigns(evening)
    assert "$" not in demo_campaigns(morning)


def test_between_them_the_campaigns_show_every_kind_of_cost_and_threshold(demo: Declaration) -> None:
    costs = [cost for campaign in demo.campaigns for cost in campaign.costs]
    for kind in ("flat_fee", "spend", "cpm", "cpc", "cpa", "revenue_share", "content"):
        assert any(getattr(cost, kind) for cost in costs), kind
    for threshold in THRESHOLDS:
        limits = [campaign.thresholds.limit(threshold) for campaign in demo.campaigns]
        assert any(limit is not None for limit in limits), threshold.field


def test_sectors_differ_in_currency_owner_and_size(demo: Declaration) -> None:
    assert 3 <= len(demo.campaigns) <= 4
    assert len({campaign.currency for campaign in demo.campaigns}) >= 3
    assert len({campaign.owner for campaign in demo.campaigns}) == len(demo.campaigns)


@pytest.mark.parametrize("number", range(4))
def test_costs_and_scores_name_listed_influencers_only(demo: Declaration, number: int) -> None:
    campaign: Campaign = demo.campaigns[number]
    listed = campaign.influencers or frozenset()
    assert 3 <= len(listed) <= 6
    assert {cost.influencer for cost in campaign.costs} <= listed
    assert campaign.values is None or set(campaign.values.scores) <= listed
