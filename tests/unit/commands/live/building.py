"""Pages of campaigns, made of the few figures that a test is about."""

from datetime import UTC, datetime

from rich.console import Console

from commands.live.history import History
from commands.live.memory import Answer, Memory, remember, unread
from commands.live.page import CampaignPage, campaign_pages
from commands.live.scene import Scene
from commands.live.screen import draw
from commands.live.view import View
from commands.metrics_page import Sample

NOW = datetime(2026, 11, 25, 12, 0, 30, tzinfo=UTC)
HERE, THERE = "10.0.0.1:9464", "10.0.0.2:9464"


def campaign(
    name: str = "glow",
    *,
    window: str = "flight",
    status: str = "running",
    limits: dict[str, float] | None = None,
    needed: dict[str, float] | None = None,
    money: dict[str, float] | None = None,
    verdicts: dict[str, int] | None = None,
    concerns: dict[str, int] | None = None,
    **figures: float,
) -> list[Sample]:
    """Make a campaign's samples: figures and verdicts of one window, and what has none (limits, money)."""
    label = {"campaign": name}
    about = {"name": f"The {name}", "owner": "team", "currency": "EUR", "status": status}
    samples = [Sample("kpi_campaign_info", {**label, **about}, 1)]
    samples += [Sample(f"kpi_campaign_{kpi}", {**label, "window": window}, v) for kpi, v in figures.items()]
    for kpi, limit in (limits or {}).items():
        bound = "max" if kpi == "cpa" else "min"
        samples.append(Sample("kpi_campaign_threshold", {**label, "kpi": kpi, "bound": bound}, limit))
    for kpi, least in (needed or {}).items():
        samples.append(Sample("kpi_campaign_min_sample", {**label, "kpi": kpi}, least))
    for kpi, verdict in (verdicts or {}).items():
        samples.append(Sample("kpi_campaign_verdict", {**label, "kpi": kpi, "window": window}, verdict))
    for concern, verdict in (concerns or {}).items():
        samples.append(Sample("kpi_campaign_concern_verdict", {**label, "concern": concern}, verdict))
    return samples + [Sample(f"kpi_campaign_{kpi}", label, v) for kpi, v in (money or {}).items()]


def part(scope: str, place: dict[str, str], window: str = "flight", **figures: float) -> list[Sample]:
    """Make the samples of an influencer, content or channel of the campaign glow."""
    labels = {"campaign": "glow", **place, "window": window}
    return [Sample(f"kpi_{scope}_{kpi}", labels, value) for kpi, value in figures.items()]


def page(samples: list[Sample]) -> CampaignPage:
    """Return the only campaign's page."""
    (only,) = campaign_pages(samples).values()
    return only


def seen(*samples: list[Sample], whole: str | None = None) -> Memory:
    """Return what is known after one worker answered just now."""
    together = [sample for one in samples for sample in one]
    return remember(unread([HERE]), Answer(HERE, NOW.timestamp(), together, whole=whole))


def drawn(
    view: View, memory: Memory, history: History = (), width: int = 80, height: int = 24, colour: bool = False
) -> list[str]:
    """Draw a moment and give the lines."""
    console = Console(
        width=width, height=height, color_system="standard" if colour else None, force_terminal=colour
    )
    with console.capture() as capture:
        console.print(draw(Scene(view, memory, history, NOW, width, height)))
    return capture.get().rstrip("\n").split("\n")
