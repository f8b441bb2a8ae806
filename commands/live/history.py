"""The last hour as this app saw it: one sample a minute of the 5m window."""

import math
from collections.abc import Mapping, Sequence

from commands.live.memory import Answer
from models.readings.views import CampaignsView
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


def noted(history: History, answer: Answer) -> History:
    """Note what an answer over the 5m window adds to its minute; forget what is over an hour old."""
    view = answer.view
    if view is None or answer.query.window != WINDOW:
        return history
    campaigns = view.campaigns if isinstance(view, CampaignsView) else [view.campaign]
    read = {
        (campaign.id, name): figure.value
        for campaign in campaigns
        for name, figure in campaign.kpis.items()
        if figure.value is not None
    }
    minute = minute_of(answer.at)
    earlier = tuple(entry for entry in history if minute - MINUTES < entry[0] < minute)
    present = next((values for at, values in history if at == minute), {})
    return (*earlier, (minute, {**read, **present}))


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
