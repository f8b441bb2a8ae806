"""`/c/<link>`: count a click, and lead on whatever comes of that: a promise to a visitor comes first."""

import asyncio
import logging
from urllib.parse import unquote

from aiohttp import web

from models.campaigns.campaign import Link
from producers.collector.answers import redirect
from producers.collector.asked import Asked
from producers.collector.bots import invalid_click, uncounted
from producers.collector.browsers import take
from producers.collector.click import target
from producers.collector.collector import Collector
from producers.collector.incoming import NotAccepted, TryLater
from producers.collector.persons import NOBODY, person_id
from producers.collector.pixel import parameters
from producers.collector.visitors import visitor_of

log = logging.getLogger(__name__)

ENDPOINT = "click"
_VISITORS_WAIT = 1.0
"""Seconds after which a visitor is led on, whether their click is kept by then or not."""


async def follow(collector: Collector, asked: Asked) -> web.Response:
    """Redirect to where a link leads, and keep the click."""
    campaign, link = _link(collector, asked)
    click_id = collector.campaigns.attribution.click_ids.make(link.leaf(campaign), link.id, asked.now)
    led = redirect(target(campaign, link, click_id, asked.query))
    why = uncounted(asked.request.method, asked.request.headers)
    if why is not None:
        collector.metrics.uncounted(ENDPOINT, why)
        return led
    counting = asyncio.ensure_future(_count(collector, asked, campaign, link))
    await asyncio.wait([counting], timeout=_VISITORS_WAIT)
    return led


def _link(collector: Collector, asked: Asked) -> tuple[str, Link]:
    found = collector.campaigns.links.get(unquote(asked.rest))
    if found is not None:
        return found
    if collector.campaigns.sure is None:
        # It may be one that was registered since.
        raise TryLater(503, "registry_missing")
    raise NotAccepted(404, "unknown_link")


async def _count(collector: Collector, asked: Asked, campaign: str, link: Link) -> None:
    """Keep a click; whatever fails is counted, and nothing is raised."""
    try:
        collector.gate.check(asked, count=True)
        await _take(collector, asked, campaign, link)
    except TryLater as error:
        collector.metrics.refused(ENDPOINT, error.reason)
        if error.status == 503:
            collector.metrics.lost_click()
    except Exception as error:
        log.error("a click was led on and not counted: %s", type(error).__name__)
        collector.metrics.refused(ENDPOINT, "own_fault")
        collector.metrics.lost_click()


async def _take(collector: Collector, asked: Asked, campaign: str, link: Link) -> None:
    headers = asked.request.headers
    visitor = visitor_of(headers, do_not_track=collector.options.do_not_track)
    brought = parameters(asked.query)
    said = {
        "type": "click",
        "campaign_id": campaign,
        "influencer_id": link.influencer,
        "content_id": link.content,
        "channel": link.channel,
        "format": link.format,
        "person_id": brought.get("person_id"),
        "consent": brought.get("consent"),
    }
    invalid = invalid_click(headers, visitor.agent)
    if invalid is None and not visitor.objects and said["consent"] is True and said["person_id"]:
        # A pseudonym, even in memory: what people are called elsewhere is kept nowhere.
        person = person_id(str(said["person_id"]), collector.secrets.person_salt, campaign)
        if person != NOBODY and collector.repeated.is_one(link.id, person, asked.now):
            invalid = "repeated"
    await take(collector, ENDPOINT, [said], visitor, invalid, asked.now)
