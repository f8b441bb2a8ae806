"""Whether a well-formed event counts: its campaign, its time, its currency."""

from typing import Any

from models.campaigns.campaign import Campaign
from models.campaigns.money import exchange_rate
from models.campaigns.registry import Registry
from models.events.parsing import Reason, Refusal
from models.scopes import ABSENT, Leaf
from models.times import DAY, MINUTE

FUTURE_TOLERANCE = 5 * MINUTE
LATE_AFTER = DAY

_BY_CAMPAIGN: frozenset[Reason] = frozenset(
    ("unknown_campaign", "unknown_influencer", "outside_flight", "unknown_currency")
)
_NOWHERE = Registry()

BEFORE_FLIGHT = Refusal("outside_flight", "event_time: is before the campaign's flight")
AFTER_GRACE = Refusal("outside_flight", "event_time: is after the campaign's flight and its grace")
AFTER_ADJUSTMENTS = Refusal(
    "outside_flight", "event_time: is after the campaign's flight and its adjustments_until"
)
TOO_LATE = frozenset((AFTER_GRACE, AFTER_ADJUSTMENTS))
"""What is refused since its campaign is over, whoever sends it."""

_NEVER = (0, 0)


def is_adjustment(event: Any) -> bool:
    """Return whether an event cancels or refunds an order."""
    return bool(event.type == "conversion" and event.status != "confirmed")


def counting(leaf: Leaf, registry: Registry) -> tuple[int, int]:
    """Return from when (inclusive) until when (exclusive) every event of a leaf counts, adjustments aside."""
    campaign = registry.campaigns.get(leaf.campaign)
    if campaign is None or not _takes(campaign, leaf.influencer):
        return _NEVER
    return campaign.starts, campaign.ends + campaign.grace


def refuse_now(event: Any, now: int, registry: Registry | None) -> Refusal | None:
    """Return why a well-formed event that arrives now does not count; None where it counts.

    Where the campaigns are not known (None) it is not judged by its own.
    """
    refusal = refuse(event, event.event_time, now, registry or _NOWHERE)
    return None if registry is None and refusal and refusal.reason in _BY_CAMPAIGN else refusal


def refuse(event: Any, event_time: int, arrival: int, registry: Registry) -> Refusal | None:
    """Return why a well-formed event does not count, by its campaign in the registry; None where it counts.

    `event` is of a model of models.events.schema, or of a Struct derived from it.
    """
    if event_time > arrival + FUTURE_TOLERANCE:
        return Refusal("future", "event_time: must be at most 5 min after its arrival")
    campaign = registry.campaigns.get(event.campaign_id)
    if campaign is None:
        return Refusal("unknown_campaign", f"campaign_id: {_why_unknown(event.campaign_id, registry)}")
    if not _unattributed(event) and not _takes(campaign, event.influencer_id):
        return Refusal("unknown_influencer", "influencer_id: is not among the campaign's influencers")
    outside = _outside_flight(event, min(event_time, arrival), campaign)
    if outside is not None:
        return outside
    if event.type == "conversion" and _unconvertible(event, campaign, registry):
        return Refusal("unknown_currency", f"currency: no rate to the campaign's {campaign.currency}")
    return None


def _why_unknown(campaign: str, registry: Registry) -> str:
    if any(one.kind == "campaigns" and one.name == campaign for one in registry.unreadable):
        return "the campaign is registered in a form that this release cannot read"
    return "no such campaign is registered"


def _outside_flight(event: Any, time: int, campaign: Campaign) -> Refusal | None:
    after, too_late = (
        (campaign.adjustments_until, AFTER_ADJUSTMENTS)
        if is_adjustment(event)
        else (campaign.grace, AFTER_GRACE)
    )
    if time < campaign.starts:
        return BEFORE_FLIGHT
    return None if time < campaign.ends + after else too_late


def _unattributed(event: Any) -> bool:
    """Return whether a conversion names nobody, which no campaign refuses."""
    return bool(event.type == "conversion" and event.influencer_id in (None, ABSENT))


def _takes(campaign: Campaign, influencer: str) -> bool:
    return campaign.influencers is None or influencer in campaign.influencers


def _unconvertible(event: Any, campaign: Campaign, registry: Registry) -> bool:
    if event.revenue is None or event.currency is None:
        return False
    return exchange_rate(registry.currency_rates, event.currency, campaign.currency) is None
