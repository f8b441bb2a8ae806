"""Money: added up in whole billionths (nanos), and converted only when it is read.

Sums are exact: they are integers of any size, of amounts that are rounded once, to a billionth.
"""

from decimal import Decimal

from models.campaigns.campaign import CurrencyRates

NANOS = 1_000_000_000
"""The parts of a unit of a currency."""


def to_nanos(amount: float) -> int:
    """Round an amount, as it is written in decimals, to whole billionths."""
    return round(Decimal(repr(float(amount))) * NANOS)


def exchange_rate(rates: CurrencyRates | None, source: str, target: str) -> float | None:
    """Return how many units of `target` one unit of `source` is worth; None where no rate is known."""
    if source == target:
        return 1.0
    if rates is None:
        return None
    table = {**rates.rates, rates.base: 1.0}
    if source not in table or target not in table:
        return None
    return table[target] / table[source]
