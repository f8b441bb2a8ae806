"""A collector as its user starts it, asked over HTTP."""

import contextlib
import http.client
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.system.support import scrape
from tests.system.support.processes import Process, free_port, until
from tests.system.support.product import Deployment


@dataclass
class Collector:
    """A running collector, the key that it takes, and all that it has answered."""

    address: str
    key: str
    data: Path
    answers: list[bytes] = field(default_factory=list)

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> int:
        """Ask it for something; return the status."""
        connection = http.client.HTTPConnection(self.address, timeout=10)
        with contextlib.closing(connection):
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            self.answers.append(answer.read() + repr(answer.getheaders()).encode())
            return answer.status


@contextlib.contextmanager
def collector(deployment: Deployment) -> Iterator[Collector]:
    """Run a collector of a deployment until the block ends."""
    salt, click_key, key = (secrets.token_urlsafe(32) for _ in range(3))
    own = Collector(f"127.0.0.1:{free_port()}", key, deployment.directory / "data")
    settings = {
        "KPIS_COLLECT_ADDRESS": own.address,
        "KPIS_DATA_DIR": str(own.data),
        "KPIS_SECRETS": f'person_salt = "{salt}"\n[click_keys]\ncurrent = "{click_key}"\n'
        f'[api_keys.crm]\nsecrets = ["{key}"]\n',
    }
    process = Process(["collect"], deployment.settings | settings, deployment.directory, "collector")
    try:
        until(lambda: scrape.get(own.address, "/readyz").status == 200, 30, "the collector is ready")
        yield own
    finally:
        assert process.stop() == 0, process.said()
