"""Money: added up in whole millionths (micros), and converted only when it is read."""

from models.campaigns.campaign import CurrencyRates

MICROS = 1_000_000


def to_micros(amount: float) -> int:
    """Round an amount to whole millionths."""
    return round(amount * MICROS)


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
