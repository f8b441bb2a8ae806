"""The demo's campaigns: always the same ids, with flights that are running now."""

from importlib.resources import files
from string import Template

from models.times import DAY, format_time

_DAYS_AROUND = 60


def demo_campaigns(now: int) -> str:
    """Render the demo's campaign file (YAML); the flights began some days before `now` (microseconds)."""
    template = files("producers").joinpath("demo.yaml").read_text("utf-8")
    return Template(template).substitute(_days(now - now % DAY))


def _days(today: int) -> dict[str, str]:
    days = {"today": format_time(today)[:10], "yesterday_noon": format_time(today - DAY // 2)}
    for number in range(1, _DAYS_AROUND):
        days[f"day_minus_{number}"] = format_time(today - number * DAY)
        days[f"day_plus_{number}"] = format_time(today + number * DAY)
    return days
