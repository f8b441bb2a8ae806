"""What results have cost and brought: rates by impression, click and conversion, and revenue."""

from collections.abc import Collection, Mapping, Sequence

from models.campaigns.campaign import Cost, CurrencyRates
from models.campaigns.money import NANOS, exchange_rate
from models.kinds import CONVERSIONS, names
from models.tally import Tally, by_suffix

_KINDS = names(CONVERSIONS)


def by_exposure(cost: Cost, tally: Tally) -> float:
    """Return what impressions and clicks made due, by the `cpm` and `cpc` of one cost."""
    return cost.cpm * tally.get("impressions", 0) / 1000 + cost.cpc * tally.get("clicks", 0)


def by_conversions(
    costs: Sequence[Cost],
    tally: Tally,
    currency: str,
    rates: CurrencyRates | None,
    kinds: Collection[str] | None = None,
) -> float | None:
    """Sum what conversions of some kinds made due, by `cpa` rates and revenue shares; of all without kinds.

    None where a share of a revenue without a currency rate is due.
    """
    conversions = sum(tally.get(f"conversions:{kind}", 0) for kind in kinds or _KINDS)
    share = sum(cost.revenue_share for cost in costs)
    gained = revenue(tally, currency, rates, kinds) if share else 0.0
    return None if gained is None else sum(cost.cpa for cost in costs) * conversions + share * gained


def revenue(
    tally: Tally, currency: str, rates: CurrencyRates | None, kinds: Collection[str] | None = None
) -> float | None:
    """Convert the net revenue of conversions of some kinds, of all without kinds; None where a rate lacks."""
    return _converted(_revenues(tally, "revenue"), currency, rates, kinds, 1)


def revenue_squares(
    tally: Tally, currency: str, rates: CurrencyRates | None, kinds: Collection[str] | None = None
) -> float | None:
    """Add up the squares of what orders of some kinds brought net, as `revenue` adds up what they brought."""
    return _converted(_revenues(tally, "squares:revenue"), currency, rates, kinds, 2)


def _converted(
    found: Mapping[tuple[str, str], int],
    currency: str,
    rates: CurrencyRates | None,
    kinds: Collection[str] | None,
    power: int,
) -> float | None:
    total = 0.0
    for (kind, source), nanos in found.items():
        if kinds is None or kind in kinds:
            rate = exchange_rate(rates, source, currency)
            if rate is None:
                return None
            total += nanos * rate**power
    return float(total / NANOS**power)


def carries_revenue(tally: Tally, kinds: Collection[str] | None) -> bool:
    """Return whether conversions of some kinds, of any without kinds, carry a revenue."""
    return any(f"valued:{kind}" in tally for kind in kinds or _KINDS)


def _revenues(tally: Tally, prefix: str) -> dict[tuple[str, str], int]:
    found = by_suffix(tally, prefix)
    parts = {name: name.partition(":") for name in found}
    return {(kind, currency): found[name] for name, (kind, _, currency) in parts.items()}
