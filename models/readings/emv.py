"""Earned media value: what a campaign's actions would have cost as advertising."""

from collections.abc import Mapping
from typing import Any

from models.campaigns.campaign import CurrencyRates, EmvCard
from models.campaigns.money import exchange_rate
from models.kinds import INTERACTIONS

BUILT_IN_CARD = EmvCard(
    # Skeepers' published card, after the Ayzenberg index, as read in November 2026; the page bears no date:
    # https://skeepers-octoly.zendesk.com/hc/en-us/articles/6279533852956
    # Its rate per 1000 views of TikTok is that of an impression here.
    currency="EUR",
    channels={
        "instagram": {"like": 0.07, "comment": 3.46},
        "youtube": {"like": 0.08, "comment": 6.99},
        "tiktok": {"impression": 6.89, "like": 0.09, "comment": 3.52, "share": 1.72},
    },
)
OTHER_CHANNELS = "default"
_SHOWN = "impression"
_COUNTED = {kind.name: f"interactions:{kind.name}" for kind in INTERACTIONS} | {"video_view": "video_views"}
"""What a tally counts of each action but impressions."""


def emv_of_leaf(
    tally: Mapping[str, Any], channel: str, card: EmvCard, currency: str, rates: CurrencyRates | None
) -> Any:
    """Value what leaves of a channel count, a tally or columns: Σ rate × count, `impression` per 1000.

    None where the card has no rate for the channel, or no currency rate is known.
    """
    exchange = exchange_rate(rates, card.currency, currency)
    prices = card.channels.get(channel, card.channels.get(OTHER_CHANNELS))
    if exchange is None or not prices:
        return None
    value = sum(
        price * tally.get(_COUNTED[action], 0) for action, price in prices.items() if action != _SHOWN
    )
    return exchange * (value + prices.get(_SHOWN, 0.0) * tally.get("impressions", 0) / 1000)
