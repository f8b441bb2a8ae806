"""What `kpis up` shows while it runs: the KPIs on a terminal, plain lines elsewhere."""

import json
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from commands.local_service import read_page
from commands.printable import say
from commands.show import can_stay_open
from commands.systemd import notify
from embedded.supervisor import Supervised, Supervisor
from models.settings import Settings

_LOOK_EVERY_SECONDS = 1.0
# A line a minute is a megabyte of journal a month.
_LINE_EVERY_SECONDS = 60.0
# The worker starts with Kafka, and asks for it every two seconds: what it says of that is soon over.
_SETTLED_SECONDS = 3.0
_SENTENCES = 6


class Screen:
    """What was said of the servers: printed at once with its time, and the last of it kept."""

    def __init__(self) -> None:
        self.latest: deque[str] = deque(maxlen=_SENTENCES)
        self._is_taken = False

    def say(self, sentence: str) -> None:
        """Print a sentence with its time, and keep it."""
        line = f"{time.strftime('%H:%M:%S')} {sentence}"
        self.latest.append(line)
        if not self._is_taken:
            say(line, err=True)
        notify(f"STATUS={sentence}")

    def progress(self, sentence: str) -> None:
        """Print how far the start is."""
        say(sentence, err=True)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Print nothing while another has the terminal."""
        self._is_taken = True
        try:
            yield
        finally:
            self._is_taken = False


def wait_for(screen: Screen, *servers: Supervised) -> None:
    """Wait until servers have answered once; in the meantime it is said why they do not."""
    for server in servers:
        while not server.answered.wait(_LOOK_EVERY_SECONDS):
            pass
        screen.progress(f"{server.service.name} answers at {server.service.address}.")


def watch(supervisor: Supervisor, settings: Settings, screen: Screen) -> None:
    """Show the KPIs until interrupted."""
    for line in _addresses(supervisor):
        say(line)
    if can_stay_open():
        _watch_screen(settings, screen)
    else:
        _watch_lines(settings)


def _watch_screen(settings: Settings, screen: Screen) -> None:
    # It takes a while to import, which those who need no screen do not wait for.
    from commands.live.app import run_live

    with screen.taken():
        run_live([settings.metrics_address], status=lambda: tuple(screen.latest)[-1:])


def _watch_lines(settings: Settings) -> None:
    """Say when the worker becomes ready or is not for some seconds, and every minute what it shows."""
    said, due, readiness = "", 0.0, _Readiness(settings.metrics_address)
    while True:
        reason = readiness.look()
        ready = reason.startswith("ready")
        if reason and (reason != said if not ready else not said.startswith("ready")):
            say(reason)
            said, due = reason, 0.0
        if ready and time.monotonic() >= due:
            say(_line(settings.metrics_address))
            due = time.monotonic() + _LINE_EVERY_SECONDS
        time.sleep(_LOOK_EVERY_SECONDS)


class _Readiness:
    """What a worker's /readyz says: at once that it is ready, anything else when it stays so."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._last = ""
        self._since = 0.0

    def look(self) -> str:
        """Return what it says; nothing while that is too new."""
        reason = read_page(self._address, "/readyz").strip()
        if reason != self._last:
            self._last, self._since = reason, time.monotonic()
        has_settled = time.monotonic() - self._since >= _SETTLED_SECONDS
        return reason if has_settled or reason.startswith("ready") else ""


def _line(address: str) -> str:
    try:
        view = json.loads(read_page(address, "/v1/campaigns?kpis=impressions,clicks"))
        kpis = [campaign["kpis"] for campaign in view["campaigns"]]
    except (ValueError, KeyError, TypeError):
        return "the worker does not say what it shows"
    noun = "campaign" if len(kpis) == 1 else "campaigns"
    return f"{len(kpis)} {noun} shown: {_sum(kpis, 'impressions')} impressions, {_sum(kpis, 'clicks')} clicks"


def _sum(kpis: list[dict[str, dict[str, float]]], name: str) -> str:
    return f"{sum(one.get(name, {}).get('value', 0) for one in kpis):,.0f}"


def _addresses(supervisor: Supervisor) -> list[str]:
    named = (server.service for server in supervisor.servers if server.service.address)
    return [f"{service.name:<12} {service.address}" for service in named]
