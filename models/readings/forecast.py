"""How much of the budget a campaign will have spent when its flight ends, if it goes on as it has."""

from models.campaigns.campaign import Campaign
from models.core.columns import Ints
from models.kpis.figures import Forecast, Invested
from models.readings.costs import Costs


def forecast(costs: Costs, spent: Invested | None, first: Ints, posts: int, now: int) -> Forecast | None:
    """Return what the end of the flight depends on; `first` are the times of the leaves' first events.

    `posts` counts the contents seen.

    The fee of somebody not yet seen counts as one that begins now. None where what results have cost is not
    known, or is still to come from rates of which nothing can be told before the first event.
    """
    campaign = costs.campaign
    remaining = max(0, campaign.ends - now)
    begun = max(campaign.starts, int(first.min()) if len(first) else campaign.ends)
    elapsed = max(0, min(now, campaign.ends) - begun)
    if not campaign.costs or spent is None or (remaining and not elapsed and _has_rates(campaign)):
        return None
    fixed = sum(cost.amount for cost in costs.fixed if remaining or cost.over is not None)
    return Forecast(fixed, spent.variable, elapsed, remaining, max(posts, 1))


def _has_rates(campaign: Campaign) -> bool:
    return any(cost.cpm or cost.cpc or cost.cpa or cost.revenue_share for cost in campaign.costs)
