"""/v1/campaigns and /v1/campaigns/<id>: what a screen needs, as JSON, from what /metrics is made from."""

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from aiohttp import web

from exporters.kept import Effort, Kept
from models.campaigns.campaign import Campaign
from models.readings.figure import ALL_KPIS
from models.readings.pipeline import Pipeline, Readiness
from models.readings.viewing import (
    MOST_CAMPAIGNS,
    PARTS,
    Wish,
    campaign_figures,
    head,
    shown,
    why_not_shown,
)
from models.readings.views import CampaignFigures, CampaignsView, CampaignView
from models.state.shard_state import ShardState
from models.windows import FLIGHT, WINDOW_NAMES

AT_ONCE = 20
"""Campaigns that are read before others have their turn: a worker has more to do than to answer."""
Asked = tuple[Wish, str | None]
"""What is asked for, of every campaign or of one."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read at a time (microseconds), of which campaigns, from which states.

    It does not keep them: it stands until somebody asks again, and they may be gigabytes.
    """

    now: int
    states: Mapping[str, weakref.ref[ShardState]]
    found: list[CampaignFigures]
    left_out: int


class Views:
    """The views of what `read` tells of a worker; `clock` gives microseconds, `timer` seconds.

    Of a campaign that the worker shows no longer nothing is told, however short ago it was read.
    """

    def __init__(
        self,
        read: Callable[[], Pipeline],
        readiness: Callable[[], Readiness],
        clock: Callable[[], int],
        timer: Callable[[], float],
    ) -> None:
        self._read = read
        self._readiness = readiness
        self._clock = clock
        self._kept: Kept[Asked, _Read] = Kept(self._figures, timer)

    def routes(self) -> list[web.RouteDef]:
        """Return where the views are served."""
        return [
            web.get("/v1/campaigns", self._campaigns),
            web.get("/v1/campaigns/{campaign}", self._campaign),
        ]

    async def _campaigns(self, request: web.Request) -> web.Response:
        wish = _wish(request)
        read = await self._kept.get((wish, None))
        found = self._still_shown(read)
        return _answer(CampaignsView(**self._head(wish, read), campaigns=found, left_out=read.left_out))

    async def _campaign(self, request: web.Request) -> web.Response:
        wish = replace(_wish(request), scopes=_chosen(request, "scopes", frozenset(PARTS)))
        name = request.match_info["campaign"]
        why_not = why_not_shown(self._read(), name, self._clock())
        if why_not is not None:
            raise _error(web.HTTPNotFound, why_not)
        read = await self._kept.get((wish, name))
        found = self._still_shown(read)
        if not found:
            raise _error(web.HTTPNotFound, f"campaign {name} is not counted by this worker now")
        return _answer(CampaignView(**self._head(wish, read), campaign=found[0]))

    def _still_shown(self, read: _Read) -> list[CampaignFigures]:
        pipeline, now = self._read(), self._clock()
        return [
            one
            for one in read.found
            if (state := pipeline.states.of(one.id)) is not None
            and state is read.states[one.id]()
            and pipeline.registry.shows(one.id, now)
        ]

    def _head(self, wish: Wish, read: _Read) -> dict[str, Any]:
        return msgspec.structs.asdict(head(self._read(), self._readiness(), wish, read.now))

    async def _figures(self, asked: Asked, effort: Effort) -> _Read:
        wish, name = asked
        pipeline, now = self._read(), self._clock()
        here = [one for one in shown(pipeline, now) if name in (None, one.id)]
        states: dict[str, weakref.ref[ShardState]] = {}
        found: list[CampaignFigures] = []
        for start in range(0, min(len(here), MOST_CAMPAIGNS), AT_ONCE):
            part = here[:MOST_CAMPAIGNS][start : start + AT_ONCE]
            chosen = [(_state_of(pipeline, campaign), campaign) for campaign in part]
            states |= {campaign.id: weakref.ref(state) for state, campaign in chosen}
            found += campaign_figures(chosen, pipeline.registry, wish, now)
            await effort.pause()
        return _Read(now, states, found, len(here) - len(found))


def _state_of(pipeline: Pipeline, campaign: Campaign) -> ShardState:
    state = pipeline.states.of(campaign.id)
    assert state is not None, "it is shown"
    return state


def _wish(request: web.Request) -> Wish:
    """Read what is asked for, but for scopes within a campaign."""
    window = request.query.get("window", FLIGHT)
    if window not in WINDOW_NAMES:
        raise _error(web.HTTPBadRequest, f"no window {window[:40]!r}: {', '.join(WINDOW_NAMES)}")
    return Wish(window, _chosen(request, "kpis", ALL_KPIS), frozenset())


def _chosen(request: web.Request, name: str, known: frozenset[str]) -> frozenset[str]:
    asked = request.query.get(name)
    if asked is None:
        return known
    chosen = frozenset(filter(None, asked.split(",")))
    unknown = sorted(chosen - known)
    if unknown:
        raise _error(web.HTTPBadRequest, f"{name}: no {unknown[0][:40]!r}: {', '.join(sorted(known))}")
    return chosen


def _answer(content: msgspec.Struct) -> web.Response:
    return web.Response(body=msgspec.json.encode(content), content_type="application/json", charset="utf-8")


def _error(status: type[web.HTTPError], sentence: str) -> web.HTTPError:
    return status(text=msgspec.json.encode({"error": sentence}).decode(), content_type="application/json")
