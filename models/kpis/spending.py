"""What a campaign will have spent when its flight ends."""

import numpy as np

from models.kpis.figures import Forecast
from models.kpis.likely import Range
from models.kpis.numbers import where
from models.statistics.gamma import count_lower, count_upper
from models.times import DAY

_TAIL = 0.0005
"""The chance left on a side: a forecast is looked at every day, and posts are few."""
_DAYS_APART = 1.0
"""The relative variance of what results cost from day to day: a post is seen most when it is new."""


def spending_at_end(plan: Forecast) -> Range:
    """Bound what the flight will have cost at its end.

    Fees and spends are certain. What results are still to cost is as unsure as the number of posts seen so
    far, each of which brings its own crowd, and as days that differ.
    """
    so_far = plan.fixed + plan.variable
    # Where nothing has elapsed nothing is to come, or nothing is known of it.
    elapsed = np.maximum(plan.elapsed, 1)
    to_come = plan.variable * where(plan.elapsed > 0, plan.remaining, 0) / elapsed
    events = 1 / (1 / plan.posts + _DAYS_APART * DAY / elapsed)
    return Range(
        so_far + to_come * count_lower(events, 1.0, _TAIL) / events,
        so_far + to_come * count_upper(events, 1.0, _TAIL) / events,
    )
