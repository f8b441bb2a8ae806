"""What `kpis up` prints while it runs: a table on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from commands.failure import Failure
from commands.kpi_table import campaigns, overview
from commands.local_service import LocalService
from commands.metrics_page import Sample, read_metrics, shown
from commands.printable import say
from models.kpis.catalogue import kpi
from models.metrics.kpi_metrics import metric_name
from models.settings import Settings
from models.windows import FLIGHT

_LOOK_EVERY_SECONDS = 1.0
_LINE_EVERY = 10
_IMPRESSIONS = metric_name("campaign", kpi("impressions"))


def watch(service: LocalService, settings: Settings) -> None:
    """Supervise the service and show its KPIs until interrupted."""
    for line in _addresses(settings):
        say(line)
    console = Console()
    if console.is_terminal:
        _watch_table(service, settings, console)
    else:
        _watch_lines(service, settings)


def _watch_table(service: LocalService, settings: Settings, console: Console) -> None:
    with Live(Text("waiting for the worker…"), console=console, auto_refresh=False) as live:

        def show(samples: list[Sample]) -> None:
            live.update(_page(samples), refresh=True)

        _repeat(service, settings, show)


def _watch_lines(service: LocalService, settings: Settings) -> None:
    looks = 0

    def show(samples: list[Sample]) -> None:
        nonlocal looks
        if campaigns(samples) and looks % _LINE_EVERY == 0:
            say(_line(samples))
        looks += bool(campaigns(samples))

    _repeat(service, settings, show)


def _repeat(service: LocalService, settings: Settings, show: Callable[[list[Sample]], None]) -> None:
    while True:
        service.look_after()
        try:
            show(shown(read_metrics(settings.metrics_address)))
        except Failure:
            # The worker has not started yet or is restarting; look_after deals with that.
            show([])
        time.sleep(_LOOK_EVERY_SECONDS)


def _page(samples: list[Sample]) -> RenderableType:
    if not campaigns(samples):
        return Text("waiting for the worker…")
    return Group(overview(samples, "1h"), overview(samples), Text("Ctrl-C ends it; the data is kept."))


def _line(samples: list[Sample]) -> str:
    shown = (
        f"{sample.labels['campaign']} {sample.value:,.0f}"
        for sample in samples
        if sample.name == _IMPRESSIONS and sample.labels["window"] == FLIGHT
    )
    return f"impressions: {', '.join(shown)}"


def _addresses(settings: Settings) -> list[str]:
    return [
        f"Kafka    {settings.kafka}",
        f"Redis    {settings.redis_url}",
        f"metrics  http://{settings.metrics_address}/metrics  (kpis show, in another terminal)",
    ]
