"""A Redis that holds a registry in memory, and a watch over it."""

import json
from collections.abc import Callable
from typing import Any

from redis.exceptions import ConnectionError, OutOfMemoryError, WatchError

from connections.registry_watch import RegistryWatch
from models.times import SECOND


class FakeRedis:
    """Redis as the registry asks it, and its own pipeline; `away` while it does not answer.

    `meanwhile` happens once, between what a transaction reads and what it writes.
    """

    def __init__(self) -> None:
        self.away = False
        self.full = False
        self.meanwhile: Callable[[FakeRedis], None] | None = None
        self._queued: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.connection_pool = self
        self.connection_class = object
        self.connection_kwargs = {"host": "redis.test", "port": 6379}

    async def get(self, key: str) -> str | None:
        return (await self.mget(key))[0]

    async def mget(self, *keys: str) -> list[str | None]:
        if self.away:
            raise ConnectionError("refused")
        return [self.keys.get(key) for key in keys]

    def pipeline(self, *, transaction: bool) -> "FakeRedis":
        assert transaction
        return self

    async def __aenter__(self) -> "FakeRedis":
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def watch(self, *_: str) -> None:
        pass

    def multi(self) -> None:
        self._queued = {}

    def mset(self, values: dict[str, Any]) -> None:
        self._queued = {key: str(value) for key, value in values.items()}

    async def execute(self) -> None:
        if self.full:
            raise OutOfMemoryError("command not allowed when used memory > 'maxmemory'.")
        if self.meanwhile:
            happens, self.meanwhile = self.meanwhile, None
            happens(self)
            raise WatchError
        self.keys |= self._queued

    def hold(self, version: int, *names: str) -> None:
        flight = {"starts": "2026-11-01T00:00:00Z", "ends": "2026-12-01T00:00:00Z", "currency": "EUR"}
        campaigns = {name: {"id": name, "name": name, **flight} for name in names}
        self.keys = {
            "kpis:registry": json.dumps({"version": version, "campaigns": campaigns}),
            "kpis:registry:version": str(version),
        }


class Scene:
    """A watch, its Redis, and a clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.redis = FakeRedis()
        self.now = 0
        self.watch = RegistryWatch(self.redis, "kpis:", lambda: self.now * SECOND)  # type: ignore[arg-type]  # plays a Redis

    async def look(self) -> bool:
        self.now += 1
        return await self.watch.look()

    @property
    def campaigns(self) -> list[str]:
        return sorted(self.watch.current.campaigns) if self.watch.current else []


def spoilt_campaign(redis: FakeRedis) -> None:
    redis.hold(6, "glow")
    redis.keys["kpis:registry"] = redis.keys["kpis:registry"].replace("EUR", "euro")
