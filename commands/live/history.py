"""The last hour as this dashboard saw it: one sample a minute of the 5m window."""

import math
from collections.abc import Mapping, Sequence

from commands.live.memory import Memory
from models.kpis.catalogue import KPIS
from models.windows import WindowName

MINUTES = 60
WINDOW: WindowName = "5m"
_BLOCKS = "▁▂▃▄▅▆▇█"

Values = Mapping[tuple[str, str], float]
History = tuple[tuple[int, Values], ...]
"""Minutes since 1970, each with the values by campaign and KPI; a minute not watched is not there."""


def minute_of(now: float) -> int:
    """Return the minute that a Unix time lies in."""
    return int(now // 60)


def noted(history: History, memory: Memory, now: float) -> History:
    """Note fresh campaigns that the minute of `now` does not have yet; forget what is over an hour old."""
    minute = minute_of(now)
    earlier = tuple(entry for entry in history if minute - MINUTES < entry[0] < minute)
    present = next((values for at, values in history if at == minute), {})
    return (*earlier, (minute, {**_values(memory, now, present), **present}))


def _values(memory: Memory, now: float, present: Values) -> dict[tuple[str, str], float]:
    found = {}
    noted_already = {campaign for campaign, _ in present}
    for name, known in memory.campaigns.items():
        if name in noted_already or memory.age(name, now) is not None:
            continue
        for kpi in KPIS:
            value = known.page.total(kpi, known.page.scope, WINDOW) if kpi.windowed else None
            if value is not None:
                found[name, kpi.id] = value
    return found


def series(history: History, campaign: str, kpi: str, now: float) -> list[float | None]:
    """Return a KPI's values by minute, from the first one watched until now; None where one is missing."""
    by_minute = {minute: values[campaign, kpi] for minute, values in history if (campaign, kpi) in values}
    if not by_minute:
        return []
    return [by_minute.get(minute) for minute in range(min(by_minute), minute_of(now) + 1)]


def sparkline(values: Sequence[float | None], width: int) -> str:
    """Draw values, the newest at the right, from 0 to the highest; a blank is a minute not watched.

    If there are more than fit, a character stands for the mean of several.
    """
    if not values or width <= 0:
        return ""
    step = math.ceil(len(values) / width)
    first = len(values) % step
    cuts = [
        *([values[:first]] if first else []),
        *(values[n : n + step] for n in range(first, len(values), step)),
    ]
    means = [_mean(cut) for cut in cuts]
    there = [mean for mean in means if mean is not None]
    low, high = min([0.0, *there]), max([0.0, *there])
    return "".join(_block(mean, low, high) for mean in means)


def _mean(values: Sequence[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else None


def _block(value: float | None, low: float, high: float) -> str:
    if value is None:
        return " "
    share = (value - low) / (high - low) if high > low else 0.0
    return _BLOCKS[min(len(_BLOCKS) - 1, int(share * len(_BLOCKS)))]
