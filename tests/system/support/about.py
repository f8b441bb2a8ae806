"""What a campaign says of itself beside its KPIs: status, budget, pacing, alignment, lifetime counters."""

from collections import Counter
from collections.abc import Iterator

from tests.system.support.document import Campaign
from tests.system.support.ledger import Ledger
from tests.system.support.naming import Key, key
from tests.system.support.places import Moment
from tests.system.support.tally import together


def about(moment: Moment) -> Iterator[tuple[Key, float]]:
    """Return a campaign's own series, which have no window."""
    campaign, name = moment.campaign, moment.campaign.id
    facts = {"name": campaign.name, "owner": campaign.owner, "currency": campaign.currency}
    yield key("kpi_campaign_info", campaign=name, status=campaign.status(moment.now), **facts), 1
    for threshold, value in campaign.thresholds.items():
        kpi, bound = threshold.rsplit("_", 1)
        yield key("kpi_campaign_threshold", campaign=name, kpi=kpi, bound=bound), value
    for kpi, value in campaign.min_sample.items():
        yield key("kpi_campaign_min_sample", campaign=name, kpi=kpi), value
    if campaign.budget:
        yield from _pacing(moment, campaign.budget)
    yield from _alignment(campaign)


def _pacing(moment: Moment, budget: float) -> Iterator[tuple[Key, float]]:
    campaign, name = moment.campaign, moment.campaign.id
    yield key("kpi_campaign_budget", campaign=name, currency=campaign.currency), budget
    if not campaign.costs:
        return
    money = moment.invested("flight")
    parts = (money.leaves, money.exposed, money.unplaced)
    spent = sum(sum(part.values()) for part in parts) / budget
    elapsed = (min(moment.now, campaign.ends) - campaign.starts) / (campaign.ends - campaign.starts)
    yield key("kpi_campaign_budget_spent_ratio", campaign=name), spent
    if elapsed > 0:
        yield key("kpi_campaign_pacing_ratio", campaign=name), spent / elapsed


def _alignment(campaign: Campaign) -> Iterator[tuple[Key, float]]:
    weights, found = campaign.values.get("weights", {}), {}
    for influencer, scores in campaign.values.get("scores", {}).items():
        if scores:
            weighted = sum(weights[value] * score for value, score in scores.items())
            found[influencer] = weighted / sum(weights[value] for value in scores) / 100
    for influencer, ratio in found.items():
        yield (
            key("kpi_influencer_values_alignment_ratio", campaign=campaign.id, influencer=influencer),
            ratio,
        )
    of_campaign = [ratio for name, ratio in found.items() if name in (campaign.influencers or found)]
    if of_campaign:
        mean = sum(of_campaign) / len(of_campaign)
        yield key("kpi_campaign_values_alignment_ratio", campaign=campaign.id), mean


def lifetime(moment: Moment, ledger: Ledger) -> Iterator[tuple[Key, float]]:
    """Return a campaign's counters; what was cancelled or taken away later was counted all the same."""
    name, total = moment.campaign.id, together(moment.tallies["flight"].values())
    impressions, clicks = (ledger.taken[name, kind] for kind in ("impression", "click"))
    yield key("kpi_campaign_lifetime_impressions_total", campaign=name), total.impressions + impressions
    yield key("kpi_campaign_lifetime_clicks_total", campaign=name), total.clicks + clicks
    for kind, count in total.interactions().items():
        added = count + ledger.taken[name, kind]
        yield key("kpi_campaign_lifetime_interactions_total", campaign=name, kind=kind), added
    sold = [(order, sale) for order in ledger.of(name) if (sale := order.sale())]
    orders: Counter[str] = Counter()
    for _, sale in sold:
        orders[str(sale.kind)] += sale.count
    for kind, count in orders.items():
        yield key("kpi_campaign_lifetime_conversions_total", campaign=name, kind=kind), count
    cancelled = sum(bool(order.cancellations) for order, _ in sold)
    yield key("kpi_campaign_lifetime_cancellations_total", campaign=name), cancelled
    for (campaign, type_), count in ledger.robots.items():
        if campaign == name:
            yield key("kpi_campaign_invalid_traffic_total", campaign=name, type=type_), count
