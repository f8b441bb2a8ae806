"""What conversions have brought: revenue, of one scope's tally or of columns of many."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from models.campaigns.campaign import CurrencyRates
from models.campaigns.money import NANOS, exchange_rate
from models.kinds import CONVERSIONS, names
from models.tally import by_suffix

KINDS = names(CONVERSIONS)


def conversions(tally: Mapping[str, Any], kinds: Collection[str] | None) -> Any:
    """Count conversions of some kinds, of all without kinds."""
    return sum(tally.get(f"conversions:{kind}", 0) for kind in kinds or KINDS)


def revenue(
    tally: Mapping[str, Any], currency: str, rates: CurrencyRates | None, kinds: Collection[str] | None = None
) -> Any:
    """Convert the net revenue of conversions of some kinds, of all without kinds.

    None where a rate lacks; of columns those of it are NaN where one lacks.
    """
    return _converted(_revenues(tally, "revenue"), currency, rates, kinds, 1)


def revenue_squares(
    tally: Mapping[str, Any], currency: str, rates: CurrencyRates | None, kinds: Collection[str] | None = None
) -> Any:
    """Add up the squares of what orders of some kinds brought net, as `revenue` adds up what they brought."""
    return _converted(_revenues(tally, "squares:revenue"), currency, rates, kinds, 2)


def _converted(
    found: Mapping[tuple[str, str], Any],
    currency: str,
    rates: CurrencyRates | None,
    kinds: Collection[str] | None,
    power: int,
) -> Any:
    total: Any = 0.0
    # In an order of their own, not as they came: a campaign's sum is the same read alone or with others.
    for (kind, source), nanos in sorted(found.items()):
        if kinds is None or kind in kinds:
            rate = exchange_rate(rates, source, currency)
            if rate is not None:
                total = total + _float(nanos) * rate**power
            elif isinstance(nanos, np.ndarray):
                total = np.where(nanos != 0, np.nan, total)
            else:
                return None
    return total / NANOS**power


def carries_revenue(tally: Mapping[str, Any], kinds: Collection[str] | None) -> Any:
    """Return whether conversions of some kinds, of any without kinds, carry a revenue."""
    return sum(tally.get(f"valued:{kind}", 0) for kind in kinds or KINDS) > 0


def _float(nanos: Any) -> Any:
    """Round whole numbers of any size to floats, once."""
    return nanos.astype(np.float64) if isinstance(nanos, np.ndarray) else float(nanos)


def _revenues(tally: Mapping[str, Any], prefix: str) -> dict[tuple[str, str], Any]:
    found = by_suffix(tally, prefix)
    parts = {name: name.partition(":") for name in found}
    return {(kind, currency): found[name] for name, (kind, _, currency) in parts.items()}
