"""/v1/campaigns and /v1/campaigns/<id>: what a screen needs, as JSON, from what /metrics is made from."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
from aiohttp import web

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
from models.windows import FLIGHT, WINDOW_NAMES

_AT_ONCE = 20
"""Campaigns that are read before others have their turn: a worker has more to do than to answer."""


class Views:
    """The views of what `read` tells of a worker; `clock` gives microseconds."""

    def __init__(
        self, read: Callable[[], Pipeline], readiness: Callable[[], Readiness], clock: Callable[[], int]
    ) -> None:
        self._read = read
        self._readiness = readiness
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return where the views are served."""
        return [
            web.get("/v1/campaigns", self._campaigns),
            web.get("/v1/campaigns/{campaign}", self._campaign),
        ]

    async def _campaigns(self, request: web.Request) -> web.Response:
        wish = _wish(request)
        pipeline, now = self._read(), self._clock()
        here = shown(pipeline, now)
        chosen = here[:MOST_CAMPAIGNS]
        about = self._head(pipeline, wish, now)
        found: list[CampaignFigures] = []
        for first in range(0, len(chosen), _AT_ONCE):
            found += _figures(pipeline, chosen[first : first + _AT_ONCE], wish, now)
            await asyncio.sleep(0)
        return _answer(CampaignsView(**about, campaigns=found, left_out=len(here) - len(chosen)))

    async def _campaign(self, request: web.Request) -> web.Response:
        wish = replace(_wish(request), scopes=_chosen(request, "scopes", frozenset(PARTS)))
        pipeline, now = self._read(), self._clock()
        name = request.match_info["campaign"]
        why_not = why_not_shown(pipeline, name, now)
        if why_not is not None:
            raise _error(web.HTTPNotFound, why_not)
        (found,) = _figures(pipeline, [pipeline.registry.campaigns[name]], wish, now)
        return _answer(CampaignView(**self._head(pipeline, wish, now), campaign=found))

    def _head(self, pipeline: Pipeline, wish: Wish, now: int) -> dict[str, Any]:
        return msgspec.structs.asdict(head(pipeline, self._readiness(), wish, now))


def _figures(
    pipeline: Pipeline, campaigns: Iterable[Campaign], wish: Wish, now: int
) -> Iterator[CampaignFigures]:
    for campaign in campaigns:
        state = pipeline.states.of(campaign.id)
        if state is not None:
            yield campaign_figures(state, campaign, pipeline.registry, wish, now)


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
