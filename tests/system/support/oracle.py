"""What /metrics must show, recomputed from the acknowledged records: every series in scope, as an interval.

The interval is that between two moments, since fees accrue while a scrape is under way.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tests.system.support.costs import Invested, earned_media_value, invested, revenue_of
from tests.system.support.document import Campaign, Document
from tests.system.support.ledger import WINDOWS, Ledger
from tests.system.support.tally import Leaf, Tally, together

Labels = frozenset[tuple[str, str]]
Key = tuple[str, Labels]
Series = dict[Key, float]

SCOPES = {
    "campaign": ("5m", "1h", "24h", "flight"),
    "channel": ("5m", "1h", "24h", "flight"),
    "influencer": ("1h", "24h", "flight"),
    "content": ("24h", "flight"),
}
NOT_OF_CONTENTS = {"frequency_ratio", "identified_impressions_ratio", "roi_ratio", "emv_to_invested_ratio"}
MONEY = {"invested", "revenue", "cpa", "cpe", "cpm", "emv"}


@dataclass(frozen=True)
class Moment:
    """A campaign as it stands at one moment."""

    campaign: Campaign
    document: Document
    now: int
    tallies: dict[str, dict[Leaf, Tally]]
    seen: set[Leaf]

    def invested(self, window: str) -> Invested:
        """Give the money put in during a window."""
        begin = self.campaign.starts if window == "flight" else self.now - WINDOWS[window][0]
        return invested(self.campaign, self.document, (begin, self.now), self.tallies[window], self.seen)


def series(ledger: Ledger, document: Document, now: int) -> Series:
    """Compute every series of every campaign that is shown at a moment."""
    result: Series = {}
    for campaign in document.campaigns.values():
        if campaign.shown(now):
            tallies, seen = ledger.tallies(campaign.id, now), ledger.leaves(campaign.id)
            moment = Moment(campaign, document, now, tallies, seen)
            result.update(_windowed(moment))
            result.update(_about(moment))
            result.update(_lifetime(moment, ledger))
    return result


def key(name: str, /, **labels: str) -> Key:
    """Name a series; an empty label is no label, as in Prometheus."""
    return name, frozenset((label, value) for label, value in labels.items() if value)


def _windowed(moment: Moment) -> Iterator[tuple[Key, float]]:
    for window in (*WINDOWS, "flight"):
        money = moment.invested(window)
        for scope, windows in SCOPES.items():
            if window in windows:
                for labels, leaves in _groups(scope, moment, money):
                    values = _values(scope, labels, leaves, moment.tallies[window], money, moment)
                    yield from _named(scope, values, moment.campaign.currency, {**labels, "window": window})


def _groups(scope: str, moment: Moment, money: Invested) -> Iterator[tuple[dict[str, str], list[Leaf]]]:
    campaign = moment.campaign.id
    groups: dict[tuple[tuple[str, str], ...], list[Leaf]] = defaultdict(list)
    if scope == "campaign":
        groups[()] = []
    elif scope == "influencer":
        groups.update({(("influencer", name),): [] for name, _ in money.unplaced})
    elif scope == "content":
        named = [pair for pair in money.unplaced if pair[1]]
        groups.update({(("influencer", name), ("content", content)): [] for name, content in named})
    for leaf in moment.seen:
        influencer, content, channel = leaf
        identity = {
            "campaign": (),
            "influencer": (("influencer", influencer),),
            "content": (("influencer", influencer), ("content", content)),
            "channel": (("channel", channel),),
        }[scope]
        groups[identity].append(leaf)
    for identity, leaves in groups.items():
        yield {"campaign": campaign, **dict(identity)}, leaves


def _unplaced(scope: str, labels: dict[str, str], money: Invested) -> float:
    if scope == "channel":
        return 0.0
    return sum(
        amount
        for (influencer, content), amount in money.unplaced.items()
        if labels.get("influencer", influencer) == influencer and labels.get("content", content) == content
    )


def _values(
    scope: str,
    labels: dict[str, str],
    leaves: list[Leaf],
    tallies: dict[Leaf, Tally],
    money: Invested,
    moment: Moment,
) -> dict[str, float | dict[str, int]]:
    inside = {leaf: tallies[leaf] for leaf in leaves if leaf in tallies}
    tally = together(inside.values())
    spent = sum(money.leaves.get(leaf, 0.0) for leaf in leaves) + _unplaced(scope, labels, money)
    revenue = revenue_of(tally, moment.document, moment.campaign.currency)
    media_value = earned_media_value(inside, moment.document, moment.campaign)
    values: dict[str, float | dict[str, int]] = {
        "reach_persons": len(tally.persons),
        "impressions": tally.impressions,
        "video_views": tally.video_views,
        "clicks": tally.clicks,
        "interactions": tally.interactions(),
        "conversions": tally.conversions,
        "invested": spent,
        "revenue": revenue,
        "emv": media_value,
    }
    ratios = _ratios(tally, spent, revenue, media_value)
    return values | {name: over / under for name, (over, under) in ratios.items() if under}


def _ratios(tally: Tally, spent: float, revenue: float, media_value: float) -> dict[str, tuple[float, float]]:
    reach, interactions = len(tally.persons), sum(tally.interactions().values())
    ratios: dict[str, tuple[float, float]] = {
        "identified_impressions_ratio": (tally.identified, tally.impressions),
        "frequency_ratio": (tally.identified, reach),
        "engagement_ratio": (interactions, reach),
        "ctr_ratio": (tally.clicks, tally.impressions),
    }
    if spent:
        ratios |= {
            "cpa": (spent, sum(tally.conversions.values())),
            "cpe": (spent, interactions),
            "cpm": (spent * 1000, tally.impressions),
            "roi_ratio": (revenue - spent, spent),
            "emv_to_invested_ratio": (media_value, spent),
        }
    return ratios


def _named(
    scope: str, values: dict[str, float | dict[str, int]], currency: str, labels: dict[str, str]
) -> Iterator[tuple[Key, float]]:
    for name, value in values.items():
        if scope == "content" and name in NOT_OF_CONTENTS:
            continue
        if isinstance(value, dict):
            for kind, count in value.items():
                yield key(f"kpi_{scope}_{name}", **labels, kind=kind), count
        else:
            money = {"currency": currency} if name in MONEY else {}
            yield key(f"kpi_{scope}_{name}", **labels, **money), value


def _about(moment: Moment) -> Iterator[tuple[Key, float]]:
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


def _pacing(moment: Moment, budget: float) -> Iterator[tuple[Key, float]]:
    campaign, name = moment.campaign, moment.campaign.id
    yield key("kpi_campaign_budget", campaign=name, currency=campaign.currency), budget
    if not campaign.costs:
        return
    money = moment.invested("flight")
    spent = (sum(money.leaves.values()) + sum(money.unplaced.values())) / budget
    elapsed = (min(moment.now, campaign.ends) - campaign.starts) / (campaign.ends - campaign.starts)
    yield key("kpi_campaign_budget_spent_ratio", campaign=name), spent
    if elapsed > 0:
        yield key("kpi_campaign_pacing_ratio", campaign=name), spent / elapsed


def _lifetime(moment: Moment, ledger: Ledger) -> Iterator[tuple[Key, float]]:
    name = moment.campaign.id
    total = together(moment.tallies["flight"].values())
    yield key("kpi_campaign_lifetime_impressions_total", campaign=name), total.impressions
    yield key("kpi_campaign_lifetime_clicks_total", campaign=name), total.clicks
    for kind, count in total.interactions().items():
        yield key("kpi_campaign_lifetime_interactions_total", campaign=name, kind=kind), count
    for kind, count in total.conversions.items():
        yield key("kpi_campaign_lifetime_conversions_total", campaign=name, kind=kind), count
    for (campaign, type_), count in ledger.robots.items():
        if campaign == name:
            yield key("kpi_campaign_invalid_traffic_total", campaign=name, type=type_), count


def pipeline(ledger: Ledger) -> tuple[Series, Series]:
    """Compute the pipeline's own counters, least and most: no time changes them."""
    outcomes = {
        key("kpi_pipeline_events_total", topic=t, outcome=o): float(n)
        for (t, o), n in ledger.outcomes.items()
    }
    letters = {
        key("kpi_pipeline_dead_letters_total", topic=t, reason=r): n for (t, r), n in ledger.refusals.items()
    }
    late = {key("kpi_pipeline_late_events_total", topic=t): n for t, n in ledger.late.items()}
    least: Series = {**outcomes, **letters, **late}
    most = dict(least)
    # Whether a further report of an order is `counted` or `duplicate` is not in the contract.
    counted, duplicate = (
        key("kpi_pipeline_events_total", topic="conversions", outcome=o) for o in ("counted", "duplicate")
    )
    least[counted] = least.get(counted, 0) - ledger.repeated_reports()
    most[duplicate] = most.get(duplicate, 0) + ledger.repeated_reports()
    return least, most
