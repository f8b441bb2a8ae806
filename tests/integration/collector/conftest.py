"""A broker that these tests freeze, kill, slow down and set against its clients."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from connections.topic_admin import create_missing_topics
from models.settings import Settings
from tests.system.faults.proxy import Proxy
from tests.system.faults.servers import Broker

_ACCESS = """\
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
"""


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    """Run a way to the broker that can be made slow."""
    with Proxy() as way:
        yield way


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory, proxy: Proxy) -> Iterator[Broker]:
    """Run a broker, with access control."""
    server = Broker(tmp_path_factory.mktemp("broker") / "kafka", proxy.address, _ACCESS)
    with server:
        proxy.forward(server.behind)
        yield server


@pytest.fixture
async def settings(broker: Broker, unique_name: str, tmp_path: Path) -> AsyncIterator[Settings]:
    """Deploy under names of this test's own, with its topics made."""
    deployed = Settings(
        kafka=broker.direct,
        topic_prefix=f"{unique_name}.",
        group=unique_name,
        partitions=2,
        data_dir=tmp_path / "data",
    )
    await create_missing_topics(deployed)
    yield deployed
