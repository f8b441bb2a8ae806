"""Whether a well-formed event counts: its campaign, its time, its currency."""

from dataclasses import dataclass
from typing import Any

from models.campaigns.campaign import Campaign
from models.campaigns.money import exchange_rate
from models.campaigns.registry import Registry
from models.events.parsing import Refusal, parse_event
from models.events.schema import Event
from models.times import DAY, MINUTE
from models.topics import EventType

FUTURE_TOLERANCE = 5 * MINUTE
LATE_AFTER = DAY


@dataclass(frozen=True, slots=True)
class Admitted:
    """An event that counts, at its time: the event's own, or its arrival where that is earlier."""

    event: Event
    time: int
    late: bool


def judge(event_type: EventType, raw: bytes | None, arrival: int, registry: Registry) -> Admitted | Refusal:
    """Parse a record that arrived at `arrival` (microseconds) and decide whether it counts."""
    event = parse_event(event_type, raw)
    if isinstance(event, Refusal):
        return event
    refusal = refuse(event, event.event_time, arrival, registry)
    time = min(event.event_time, arrival)
    return refusal or Admitted(event, time, late=arrival - time > LATE_AFTER)


def is_adjustment(event: Any) -> bool:
    """Tell whether an event cancels or refunds an order."""
    return bool(event.type == "conversion" and event.status != "confirmed")


def refuse(event: Any, event_time: int, arrival: int, registry: Registry) -> Refusal | None:
    """Tell why a well-formed event does not count, by its campaign as the registry knows it; None if it does.

    `event` is of a model of models.events.schema, or of what models.events.decoding derives from it.
    """
    if event_time > arrival + FUTURE_TOLERANCE:
        return Refusal("future", "event_time: must be at most 5 min after its arrival")
    campaign = registry.campaigns.get(event.campaign_id)
    if campaign is None:
        return Refusal("unknown_campaign", "campaign_id: no such campaign is registered")
    listed = campaign.influencers
    if listed is not None and event.influencer_id is not None and event.influencer_id not in listed:
        return Refusal("unknown_influencer", "influencer_id: is not among the campaign's influencers")
    after = campaign.adjustments_until if is_adjustment(event) else campaign.grace
    if not campaign.starts <= min(event_time, arrival) < campaign.ends + after:
        return Refusal("outside_flight", "event_time: is outside the campaign's flight")
    if event.type == "conversion" and _unconvertible(event, campaign, registry):
        return Refusal("unknown_currency", f"currency: no rate to the campaign's {campaign.currency}")
    return None


def _unconvertible(event: Any, campaign: Campaign, registry: Registry) -> bool:
    if event.revenue is None or event.currency is None:
        return False
    return exchange_rate(registry.currency_rates, event.currency, campaign.currency) is None
