"""The rules before: counts of independent events, one look, fees that accrue from the flight's start."""

from models.statistics.gamma import Floats, count_lower, count_upper


def cost_lower(accrued: Floats, count: Floats) -> Floats:
    """Return the lower bound of CPA: what has accrued ÷ Garwood's bound of the count."""
    found: Floats = accrued / count_upper(count)
    return found


def rate_bounds(count: Floats, exposure: Floats) -> tuple[Floats, Floats]:
    """Return Garwood's bounds of a count, over its exposure."""
    return count_lower(count) / exposure, count_upper(count) / exposure


def value(revenue: Floats, invested: Floats) -> Floats:
    """Return ROI itself, which had no bounds and was judged from its smallest sample on."""
    return revenue / invested - 1
