"""Prometheus and Alertmanager as processes of their own, on the configuration files that the stack uses.

The files are copied beside their data; who is scraped, and where alerts go, stands in `targets/`.
"""

import json
import shutil
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.system.support.processes import free_port, until

INSTALL = "apt-get install prometheus prometheus-alertmanager"


class Monitor:
    """A server of the monitoring side, from its start until the block ends."""

    def __init__(self, names: Sequence[str], options: Sequence[str], directory: Path, ready: str) -> None:
        program = next((found for name in names if (found := shutil.which(name))), None)
        assert program, f"There is no {names[0]} here: {INSTALL}."
        self.address = f"127.0.0.1:{free_port()}"
        self._command = [program, *options, f"--web.listen-address={self.address}"]
        self._directory, self._ready = directory, ready

    def __enter__(self) -> Self:
        with (self._directory / "server.log").open("wb") as log:
            self._process = subprocess.Popen(self._command, cwd=self._directory, stdout=log, stderr=log)
        until(self._answers, 30, f"{self._command[0]} answers")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ask(self, path: str, **parameters: str) -> Any:
        """Ask its API; give the answer, which is JSON."""
        query = f"?{urllib.parse.urlencode(parameters)}" if parameters else ""
        with urllib.request.urlopen(f"http://{self.address}{path}{query}", timeout=10) as answer:
            return json.load(answer)

    def reload(self) -> None:
        """Have it read its files again."""
        self._process.send_signal(signal.SIGHUP)

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self._directory / "server.log").read_text()[-3000:]
        try:
            with urllib.request.urlopen(f"http://{self.address}{self._ready}", timeout=2) as answer:
                return int(answer.status) == 200
        except OSError:
            return False


class Prometheus(Monitor):
    """Prometheus on a directory that holds `prometheus.yml` and what that names."""

    def __init__(self, directory: Path) -> None:
        options = ["--config.file=prometheus.yml", "--storage.tsdb.path=data"]
        super().__init__(["prometheus"], options, directory, "/-/ready")

    def query(self, expression: str, at: float | None = None) -> list[dict[str, Any]]:
        """Return the series of an instant vector; refuse what it cannot evaluate, with its words."""
        parameters = {"query": expression} | ({} if at is None else {"time": str(at)})
        try:
            return list(self.ask("/api/v1/query", **parameters)["data"]["result"])
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{expression}\n{error.read().decode()}") from None

    def firing(self) -> list[dict[str, str]]:
        """Return the labels of the alerts that fire now."""
        alerts = self.ask("/api/v1/alerts")["data"]["alerts"]
        return [alert["labels"] for alert in alerts if alert["state"] == "firing"]


class Alertmanager(Monitor):
    """Alertmanager on a directory that holds `alertmanager.yml` and its templates."""

    def __init__(self, directory: Path) -> None:
        options = [
            "--config.file=alertmanager.yml",
            "--storage.path=data",
            "--cluster.listen-address=",  # It is alone.
        ]
        super().__init__(["prometheus-alertmanager", "alertmanager"], options, directory, "/-/ready")


def targets(*addresses: str) -> str:
    """Write a file of targets."""
    return json.dumps([{"targets": list(addresses)}])
