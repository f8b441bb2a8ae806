"""`kpis up` as a small agency's server: what dies is said and started again, at the same addresses."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.system.support import scrape
from tests.system.support.processes import Process, alive, environment, family, kpis, lasting_port, until

KILLED = ("Redis", "Kafka", "The worker")
_IMPRESSIONS = "kpi_campaign_lifetime_impressions_total"


class Up:
    """`kpis up` on one data directory, started again and again."""

    def __init__(self, directory: Path, name: str) -> None:
        self.directory = directory
        self.data = directory / name
        self.starts = 0
        self.process: Process | None = None

    def start(self, *options: str, **settings: str) -> Process:
        """Start it, and wait until its worker answers."""
        self.starts += 1
        arguments = ["up", "--data-dir", str(self.data), *options]
        name = f"{self.data.name}-{self.starts}"
        self.process = process = Process(arguments, settings, self.directory, name)

        def worker_answers() -> bool:
            assert process.exit_code is None, process.said()
            return "The worker answers at " in process.errors.read_text()

        until(worker_answers, 180, f"the worker of {self.data} answers")
        return process

    def servers(self, *names: str) -> dict[str, dict[str, Any]]:
        """Return what `kpis up --status` says of its servers, once these are started: not only the worker."""
        told: dict[str, dict[str, Any]] = {}

        def are_started() -> bool:
            nonlocal told
            done = run("up", "--status", "--json", "--data-dir", str(self.data))
            told = {one["name"]: one for one in json.loads(done.stdout)["servers"]}
            return set(names) <= told.keys()

        until(are_started, 60, f"{', '.join(names)} are started")
        return told

    def says(self, pattern: str, seconds: float = 60) -> None:
        """Wait until it has said something."""
        assert self.process
        until(lambda: re.search(pattern, self.said()) is not None, seconds, f"{pattern!r} in {self.said()}")

    def said(self) -> str:
        """Return what it has said since its last start."""
        assert self.process
        return self.process.errors.read_text() + self.process.output.read_text()

    def impressions(self) -> float:
        """Return what its worker shows; -1 while that is not ready."""
        address = f"127.0.0.1:{tomllib.loads((self.data / 'ports.toml').read_text())['metrics']}"
        if scrape.get(address, "/readyz").status != 200:
            return -1
        return scrape.total(scrape.parse(scrape.get(address, "/metrics").text), _IMPRESSIONS)

    def stop(self) -> float:
        """End it by SIGTERM; return the seconds that it took."""
        assert self.process
        began = time.monotonic()
        assert self.process.stop() == 0, self.said()
        return time.monotonic() - began


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [kpis(), *arguments], env=environment(settings), capture_output=True, text=True, timeout=60
    )


def _ended(one: Up) -> Iterator[Up]:
    yield one
    if one.process and one.process.exit_code is None:
        one.process.stop()


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """Give a `kpis up` that is ended whatever happens."""
    yield from _ended(Up(tmp_path, "data"))


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Up]:
    """Give another one."""
    yield from _ended(Up(tmp_path, "other"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk that is soon full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=120M", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("a small disk can be mounted by root alone: run this test as root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_what_is_killed_is_named_and_started_again_and_a_second_one_shows_nothing_of_it(
    up: Up, other: Up
) -> None:
    """In one go: to start `kpis up` takes longest of all."""
    servers = _start_as_systemd_does(up)
    _kill_one_after_the_other(up, servers)
    _start_seconds(up, other, _addresses(servers))
    kafka = _lose_power(up, _addresses(servers))

    os.kill(kafka, signal.SIGSTOP)
    assert up.stop() < 15, "it ends within seconds with a Kafka that does not answer"
    status = run("up", "--status", "--data-dir", str(up.data))
    assert (status.returncode, status.stdout.splitlines()[0]) == (1, f"No `kpis up` runs in {up.data}.")


def _addresses(servers: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return the address of each server that has one: the simulation has none."""
    return {name: one["address"] for name, one in servers.items() if one["address"]}


def _start_as_systemd_does(up: Up) -> dict[str, dict[str, Any]]:
    """Start it; return its servers once all are there, and the worker counts."""
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.settimeout(60)
    told.bind(str(up.directory / "systemd"))
    up.start("--demo", NOTIFY_SOCKET=str(up.directory / "systemd"))
    assert b"READY=1" in iter(lambda: told.recv(1000), b"")
    told.close()
    # A worker that is still joining its group ends where Kafka does, and starts anew.
    until(lambda: up.impressions() > 0, 60, "impressions are shown", every=1)
    servers = up.servers(*KILLED, "The collector")
    collector = servers["The collector"]["address"]
    until(lambda: scrape.get(collector, "/livez").text == "alive\n", 60, "the collector answers")
    return servers


def _kill_one_after_the_other(up: Up, servers: dict[str, dict[str, Any]]) -> None:
    for name in KILLED:
        os.kill(servers[name]["pid"], signal.SIGKILL)
        up.says(rf"{name} was killed \(SIGKILL, .*\)\. It is started again at once\.")
        up.says(rf"{name} answers again at {servers[name]['address']}\.")
    until(lambda: up.impressions() > 0, 60, "impressions are shown again", every=1)
    assert (up.data / "worker.log").read_text().count("=== started") == 2
    restarted = up.servers(*KILLED)
    assert [restarted[name]["restarts"] for name in KILLED] == [1, 1, 1]


def _start_seconds(up: Up, other: Up, addresses: dict[str, str]) -> None:
    """Start one on the same data directory, and one on another."""
    again = run("up", "--data-dir", str(up.data))
    assert again.returncode == 1
    assert f"(process {up.process and up.process.pid}) uses the data directory {up.data}" in again.stderr

    other.start("--with-prometheus")
    servers = other.servers("Prometheus", "Alertmanager", "The worker", "The collector")
    _is_watched(servers)
    assert not set(_addresses(servers).values()) & set(addresses.values())
    other.says("No campaigns are registered")
    assert "campaigns shown" not in other.said()
    other.stop()


def _is_watched(servers: dict[str, dict[str, Any]]) -> None:
    """Wait until Prometheus has asked the worker, with our rules, and knows its Alertmanager."""
    address = servers["Prometheus"]["address"]

    def knows_both() -> bool:
        ready = scrape.get(address, "/-/ready").status == 200
        return ready and all(
            (
                _asked(address, "query?query=up")["result"],
                _asked(address, "alertmanagers")["activeAlertmanagers"],
            )
        )

    until(knows_both, 60, "Prometheus has asked the worker", every=1)
    (workers,) = _asked(address, "query?query=up")["result"]
    assert (workers["metric"]["instance"], workers["value"][1]) == (servers["The worker"]["address"], "1")
    (alertmanager,) = _asked(address, "alertmanagers")["activeAlertmanagers"]
    assert alertmanager["url"] == f"http://{servers['Alertmanager']['address']}/api/v2/alerts"
    assert "CampaignCpaAboveThreshold" in json.dumps(_asked(address, "rules?type=alert"))


def _asked(address: str, question: str) -> Any:
    return json.loads(scrape.get(address, f"/api/v1/{question}").text)["data"]


def _lose_power(up: Up, addresses: dict[str, str]) -> int:
    """Kill all of it at once, and start it again; return the process of its Kafka."""
    assert up.process
    before, members = up.impressions(), family(up.process.pid)
    for pid in members:
        os.kill(pid, signal.SIGKILL)
    up.process.stop()
    until(lambda: not alive(members), 10, "all are dead")
    up.start("--demo")
    servers = up.servers(*addresses)
    assert _addresses(servers) == addresses
    until(lambda: up.impressions() >= before, 60, f"{before} impressions are shown again", every=1)
    return int(servers["Kafka"]["pid"])


def test_a_full_disk_is_told_and_recovered_from_when_it_is_freed(small_disk: Path, up: Up) -> None:
    up.data = small_disk / "data"
    up.start("--demo", "--rate", "50")
    until(lambda: up.impressions() > 0, 60, "impressions are shown", every=1)
    filling = small_disk / "filling"
    free = os.statvfs(small_disk)
    with filling.open("wb") as file:
        file.write(b"\0" * (free.f_bavail * free.f_frsize - 9_000_000))
        file.flush()
        up.says("is nearly full: ")
        with pytest.raises(OSError, match="No space left"):
            while True:
                os.write(file.fileno(), b"\0" * 4096)
    up.says("The disk of .* is full: ")
    up.says(r"Kafka ended with exit code 1: .*No space left on device\. It is started again when the disk")
    before = up.impressions()
    filling.unlink()
    up.says("has room again")
    up.says("Kafka answers again")
    until(lambda: up.impressions() > before, 90, "more impressions are shown than before", every=1)


def test_ports_that_are_taken_are_refused_with_who_holds_them(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        given = run("up", "--data-dir", str(tmp_path / "data"), "--kafka-port", str(port))
        (tmp_path / "data" / "ports.toml").write_text(f"redis = {port}\n")
        kept = run("up", "--data-dir", str(tmp_path / "data"), "--kafka-port", str(lasting_port()))
    assert given.returncode == kept.returncode == 1
    assert f"Kafka cannot start: port {port} is in use" in given.stderr
    assert f"port {port}, which {tmp_path}/data/ports.toml keeps for it, is in use" in kept.stderr
    assert "or choose another with --redis-port" in kept.stderr


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("KPIS_KAFKA", "kafka.example.com:9092"),
        ("KPIS_REDIS_URL", "redis://redis.example.com:6379/0"),
        ("KPIS_KAFKA_SECURITY_PROTOCOL", "SSL"),
    ],
)
def test_settings_of_other_servers_are_refused(tmp_path: Path, setting: str, value: str) -> None:
    done = run("up", "--data-dir", str(tmp_path), **{setting: value})
    assert done.returncode == 2
    assert f"{setting} is {value}" in done.stderr
    assert "unset it" in done.stderr


def test_a_home_that_cannot_be_written_is_named_with_what_to_do() -> None:
    done = run("up", HOME="/proc/1/no-home")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "KPIS_DATA_DIR" in done.stderr
