"""What bounds say of a KPI and its threshold: keeps it, is beyond it, or it is too early to say."""

from typing import Literal

from models.kpis.bounds import Interval
from models.kpis.kpi import Bound

Verdict = Literal[1, 0, -1]
KEEPS: Verdict = 1
TOO_EARLY: Verdict = 0
BEYOND: Verdict = -1


def verdict_of(bound: Bound, limit: float, interval: Interval, sample: float, least: float) -> Verdict:
    """Judge what lies in an interval by a limit, at its most or at its least (`bound`).

    A sample below `least` says nothing, nor does an interval that the limit lies in.
    """
    lower, upper = interval
    if sample < least:
        return TOO_EARLY
    if bound == "max":
        above, below = lower is not None and lower > limit, upper is not None and upper <= limit
    else:
        above, below = lower is not None and lower >= limit, upper is not None and upper < limit
    if not above and not below:
        return TOO_EARLY
    return BEYOND if above == (bound == "max") else KEEPS
