"""A collector in memory: its campaigns, its keeper, and requests that need no socket."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from aiohttp import StreamReader, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from models.campaigns.campaign import Campaign
from models.campaigns.registry import Registry
from models.times import DAY, parse_time
from producers.collector.app import answering
from producers.collector.campaigns import Campaigns
from producers.collector.collector import Collector, Options
from producers.collector.durable import NeverKept, NotKept, Outgoing
from producers.collector.metrics import Metrics
from producers.collector.secrets import Secrets

NOW = parse_time("2026-11-10T12:00:00Z")
KEY = "a-key-of-the-crm-system"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/19.1 Mobile/15E148 Safari/604.1"
)
POSTBACK = "/postback?source=network&token=the-token-of-network&order_id=o1&revenue=20&currency=EUR"
"""Reports an order, of no campaign yet."""
BROWSER = {"User-Agent": IPHONE}
CAMPAIGN = {
    "id": "glow",
    "name": "Glow",
    "starts": "2026-11-01T00:00:00Z",
    "ends": "2026-12-01T00:00:00Z",
    "currency": "EUR",
    "influencers": ["ana", "ben"],
    "links": [
        {"id": "reel", "influencer": "ana", "content": "r1", "channel": "instagram", "to": "https://shop.example/glow"}
    ],
    "codes": [{"code": "BEN15", "influencer": "ben", "from": "2026-11-01T00:00:00Z"}],
}  # fmt: skip
OTHER = {**CAMPAIGN, "id": "other", "name": "Other", "links": [], "codes": [], "influencers": None}
SECRETS = {
    "person_salt": "salt-salt-salt-salt",
    "click_keys": {"current": "click-key-click-key"},
    "api_keys": {
        "crm": {"secrets": [KEY, "the-former-key-of-the-crm"]},
        "narrow": {"secrets": ["a-key-for-one-campaign"], "campaigns": ["other"]},
        "slow": {"secrets": ["a-key-with-a-low-rate"], "events_per_second": 0.5},
    },
    "postbacks": {"network": {"secrets": ["the-token-of-network"], "proof": "token"}},
    "hooks": {"boutique": {"kind": "shopify", "secrets": ["shopify-shopify-shopify"], "campaign": "glow"}},
    "allowed_origins": ["https://shop.example"],
}


@dataclass
class Watch:
    """What is known of the registry."""

    current: Registry | None
    problem: str = ""
    loaded_at: float | None = 0.0


@dataclass
class Keeper:
    """Keeps records in memory, or fails as it is told."""

    records: list[Outgoing] = field(default_factory=list)
    yielded: list[bool] = field(default_factory=list)
    error: Exception | None = None
    hangs: bool = False

    async def keep(self, records: Sequence[Outgoing], *, yields: bool) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        if isinstance(self.error, NeverKept):
            self.records += [one for place, one in enumerate(records) if place not in self.error.records]
        if self.error is not None:
            raise self.error
        self.records += records
        self.yielded.append(yields)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(one.value) for one in self.records]


@dataclass
class Answer:
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


FULL = NotKept(7, "The spool is full.")


class Scene:
    """A collector whose clock stands at `now`."""

    def __init__(self, *, registry: Registry | None = None, known: bool = True, **options: Any) -> None:
        self.now = NOW
        self.keeper = Keeper()
        self.watch = Watch((registry or registered()) if known else None, "" if known else "No registry.")
        secrets = Secrets.model_validate(SECRETS)
        self.metrics = Metrics({})
        self._ids = 0
        self.collector = Collector(
            keeper=self.keeper,
            campaigns=Campaigns(self.watch, secrets, 30 * DAY),
            secrets=secrets,
            metrics=self.metrics,
            options=Options(origins=secrets.allowed_origins, **options),
            new_id=self._new_id,
            ready=lambda: (True, "ready"),
            clock=lambda: self.now,
        )
        self._answer = answering(self.collector)

    def _new_id(self) -> str:
        self._ids += 1
        return f"made-{self._ids}"

    async def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        peer: str = "203.0.113.7",
    ) -> Answer:
        response = await self._answer(mocked(method, path, headers, body, peer))
        content = response.body
        assert isinstance(content, bytes)
        return Answer(response.status, response.headers, content)

    async def pixel(self, query: str, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.ask("GET", f"/i.gif?{query}", {**BROWSER, **named})

    async def post(self, body: Any, path: str = "/v1/events", key: str = KEY, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.ask("POST", path, {"Authorization": f"Bearer {key}", **named}, sent)

    def counted(self, name: str, **labels: str) -> float:
        """Return a series of ours; 0 where there is none."""
        text = self.metrics.page().decode()
        wanted = ",".join(f'{label}="{value}"' for label, value in labels.items())
        start = f"kpi_collector_{name}{{{wanted}}} " if labels else f"kpi_collector_{name} "
        return next((float(line[len(start) :]) for line in text.splitlines() if line.startswith(start)), 0.0)


def registered(*campaigns: Mapping[str, Any]) -> Registry:
    """Return a registry of these campaigns, by default both."""
    read = [Campaign.model_validate(one) for one in campaigns or (CAMPAIGN, OTHER)]
    return Registry(version=1, campaigns={one.id: one for one in read})


def impression(event_id: str = "e1", **changed: Any) -> dict[str, Any]:
    """Return an event as a producer sends it."""
    return {
        "type": "impression",
        "event_id": event_id,
        "event_time": "2026-11-10T11:59:00Z",
        "campaign_id": "glow",
        "influencer_id": "ana",
        "content_id": "r1",
        "channel": "instagram",
        **changed,
    }


def mocked(
    method: str,
    path: str,
    headers: Mapping[str, str] | Sequence[tuple[str, str]],
    body: bytes,
    peer: str,
) -> web.Request:
    """Return a request that came over no connection."""
    protocol = BaseProtocol(asyncio.get_running_loop())
    payload = StreamReader(protocol, 2**24, loop=asyncio.get_running_loop())
    if body:
        payload.feed_data(body)
    payload.feed_eof()
    transport = mock.Mock()
    transport.get_extra_info = {"peername": (peer, 4711)}.get
    listed = list(headers.items()) if isinstance(headers, Mapping) else list(headers)
    if body and not any(name.lower() == "content-length" for name, _ in listed):
        listed.append(("Content-Length", str(len(body))))
    return make_mocked_request(method, path, CIMultiDict(listed), transport=transport, payload=payload)
