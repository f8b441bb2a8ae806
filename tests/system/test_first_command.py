"""The README's first command: a whole service with simulated campaigns, that stops cleanly and goes on."""

import contextlib
import signal
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.system.support import scrape
from tests.system.support.comparing import dips, report
from tests.system.support.naming import Key, Series
from tests.system.support.processes import Process, alive, family, free_port, listening, until


class Demo:
    """`kpis up --demo` on one data directory, and the page it points to."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.data = directory / "data"
        self.address = f"127.0.0.1:{free_port()}"
        self.starts = 0

    @contextlib.contextmanager
    def running(self) -> Iterator[Process]:
        """Start it, wait for its line that says where to look, and end it by Ctrl-C."""
        self.starts += 1
        arguments = ["up", "--demo", "--data-dir", str(self.data)]
        settings = {"KPIS_METRICS_ADDRESS": self.address}
        process = Process(arguments, settings, self.directory, f"up-{self.starts}")
        try:
            until(lambda: self._says_where(process), 180, f"a line with {self.address} in {process.output}")
            yield process
        finally:
            code = process.stop(signal.SIGINT)
        assert code in (0, 130), f"exit code {code}: {process.said()}"

    def _says_where(self, process: Process) -> bool:
        assert process.exit_code is None, f"`kpis up --demo` ended: {process.said()}"
        return self.address in process.output.read_text()

    def ready(self) -> bool:
        """Return whether the worker says that it is ready."""
        return scrape.get(self.address, "/readyz").status == 200

    def scrape(self) -> Series:
        """Read the worker's numbers."""
        return scrape.parse(scrape.get(self.address, "/metrics").text)

    def servers(self) -> list[str]:
        """Return the addresses of its Kafka and its Redis."""
        found = tomllib.loads((self.data / "kpis.toml").read_text())
        return [found["kafka"], found["redis_url"].split("/")[2]]


def _impressions(shown: Series) -> dict[Key, float]:
    return {
        key: value
        for key, value in shown.items()
        if key[0] == "kpi_campaign_impressions" and ("window", "flight") in key[1]
    }


STORY = {
    ("verdict", "lumiere-glow", "cpa"): 1.0,
    ("concern_verdict", "lumiere-glow", "overspend"): 1.0,
    ("verdict", "terra-mesa", "cpa"): -1.0,
    ("verdict", "trailhead-packs", "cpa"): 0.0,
    ("concern_verdict", "nimbus-app", "overspend"): -1.0,
}
"""One campaign does well, one is beyond its threshold, of one it is too early to say, one overspends."""


def _told(shown: Series) -> dict[tuple[str, str, str], float]:
    labels = {key: dict(key[1]) for key in shown}
    return {
        told: shown[key]
        for key, found in labels.items()
        for told in STORY
        if key[0] == f"kpi_campaign_{told[0]}"
        and found["campaign"] == told[1]
        and told[2] in found.values()
        and found.get("window", "flight") == "flight"
    }


def test_the_demo_moves_stops_and_goes_on_with_the_same_numbers(tmp_path: Path) -> None:
    demo = Demo(tmp_path)
    with demo.running() as process:
        first: dict[Key, float] = {}

        def moved() -> bool:
            now = _impressions(demo.scrape()) if demo.ready() else {}
            first.update({key: value for key, value in now.items() if key not in first})
            return any(value > first[key] for key, value in now.items())

        until(moved, 60, "impressions of simulated campaigns move", every=1)
        until(lambda: _told(demo.scrape()) == STORY, 120, "the demo's flights are told up to now", every=2)
        members, addresses = family(process.pid), demo.servers()
        assert all(listening(address) for address in addresses), addresses
        before = demo.scrape()
    _nothing_is_left(members, addresses, demo)
    with demo.running() as process:
        until(demo.ready, 60, "the worker is ready again")
        after = demo.scrape()
    assert any(
        name == "kpi_campaign_lifetime_impressions_total" and value > 0 for (name, _), value in before.items()
    )
    assert not (lower := dips(before, after)), report(lower)


def _nothing_is_left(members: dict[int, str], addresses: list[str], demo: Demo) -> None:
    assert len(members) >= 3, "Kafka and Redis have a process each"
    assert not (left := alive(members)), left
    assert not [address for address in [*addresses, demo.address] if listening(address)]
    assert not (demo.data / "kpis.toml").exists(), "kpis.toml names servers that are no more"
