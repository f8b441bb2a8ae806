"""All that a deployment shows, stores and says, as bytes to search."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import redis
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource
from confluent_kafka.admin._resource import ResourceType

from tests.system.support import scrape
from tests.system.support.judging import Record
from tests.system.support.kafka import read_back
from tests.system.support.product import Deployment

_WINDOWS = ("5m", "1h", "24h", "7d", "flight")
_READ: Mapping[str, Callable[[Any, bytes], Iterable[bytes | None]]] = {
    "string": lambda store, key: [store.get(key)],
    "hash": lambda store, key: [part for pair in store.hgetall(key).items() for part in pair],
    "list": lambda store, key: store.lrange(key, 0, -1),
    "set": lambda store, key: store.smembers(key),
    "zset": lambda store, key: store.zrange(key, 0, -1),
    "stream": lambda store, key: [repr(store.xrange(key)).encode()],
}


def workers_pages(deployment: Deployment, campaign: str) -> bytes:
    """Read every page of a worker."""
    views = [f"/v1/campaigns{one}?window={window}" for one in ("", f"/{campaign}") for window in _WINDOWS]
    found = [deployment.get(path) for path in ("/metrics", "/livez", "/readyz", *views)]
    assert all(answer.status == 200 for answer in found), [answer.text[:200] for answer in found]
    found += [deployment.get("/metrics", scrape.OPENMETRICS), deployment.get("/")]
    return "\n".join(answer.text for answer in found).encode()


def collectors_pages(address: str) -> bytes:
    """Read every page of a collector that is not for the public."""
    found = [scrape.get(address, path) for path in ("/metrics", "/livez", "/readyz")]
    assert all(answer.status == 200 for answer in found), [answer.text[:200] for answer in found]
    return "\n".join(answer.text for answer in found).encode()


def topics_of(deployment: Deployment) -> dict[str, list[Record]]:
    """Read every topic of a deployment."""
    admin = AdminClient({"bootstrap.servers": deployment.servers.kafka})
    names = [name for name in admin.list_topics(timeout=10).topics if name.startswith(deployment.name)]
    return {name: read_back(deployment.servers.kafka, "", [name]) for name in names}


def retention_of(kafka: str, topic: str) -> timedelta:
    """Ask Kafka how long it keeps what is on a topic."""
    admin = AdminClient({"bootstrap.servers": kafka})
    resource = ConfigResource(ResourceType.TOPIC, topic)
    settings = admin.describe_configs([resource])[resource].result(10)
    return timedelta(milliseconds=int(settings["retention.ms"].value))


def written(records: Sequence[Record]) -> bytes:
    """Join what is on a topic: keys, values and headers."""
    parts = (part for record in records for part in (record.key, record.value))
    return b"\n".join(part or b"" for part in parts) + headers_of(records, "")


def headers_of(records: Sequence[Record], start: str) -> bytes:
    """Join the headers whose names begin so, with their names."""
    return b"\n".join(
        name.encode() + b" " + (value or b"")
        for record in records
        for name, value in record.headers
        if name.startswith(start)
    )


def stored_in_redis(url: str) -> bytes:
    """Read all that is in Redis."""
    with redis.Redis.from_url(url) as store:
        keys = list(store.scan_iter())
        parts: list[bytes | None] = list(keys)
        for key in keys:
            parts += _READ[store.type(key).decode()](store, key)
    return b"\n".join(part or b"" for part in parts)


def files_in(folder: Path, *patterns: str) -> bytes:
    """Read the files of a folder that are named so."""
    found = [path for pattern in patterns for path in folder.glob(pattern) if path.is_file()]
    assert found, f"{folder} has no {patterns}"
    return b"\n".join(path.read_bytes() for path in found)
