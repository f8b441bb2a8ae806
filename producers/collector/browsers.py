"""What browsers ask: the pixel, the snippet. What is nobody's is told apart, and counted with the reason."""

from typing import Any

from aiohttp import web

from models.admission.invalid_traffic import BOT
from producers.collector import batch
from producers.collector.answers import answer, anybody, dot
from producers.collector.asked import Asked
from producers.collector.bodies import body_of
from producers.collector.bots import invalid_pixel, uncounted
from producers.collector.collector import Collector
from producers.collector.incoming import NotAccepted
from producers.collector.limits import UNPROVEN
from producers.collector.pixel import parameters, snippet_events
from producers.collector.sorting import Sorted
from producers.collector.visitors import Visitor, visitor_event, visitor_of

ENDPOINT = "pixel"


async def pixel(collector: Collector, asked: Asked) -> web.Response:
    """Take an event from an image's address: 200 once it is durable, and the dot in any case."""
    why = uncounted(asked.request.method, asked.request.headers)
    if why is not None:
        collector.metrics.uncounted(ENDPOINT, why)
        return dot()
    visitor, invalid = _let_in(collector, asked)
    found = await take(collector, ENDPOINT, [parameters(asked.query)], visitor, invalid, asked.now)
    if found.refused:
        return dot(400, found.refused[0].reason)
    return dot(200, invalid or "")


async def snippet(collector: Collector, asked: Asked) -> web.Response:
    """Take what the snippet of a page has seen."""
    visitor, invalid = _let_in(collector, asked)
    async with body_of(asked.request, collector.room, most=UNPROVEN) as body:
        found = await take(collector, ENDPOINT, snippet_events(body), visitor, invalid, asked.now)
        return answer(found.status, batch.summary(found), anybody())


async def take(
    collector: Collector, endpoint: str, said: list[Any], visitor: Visitor, invalid: str | None, now: int
) -> Sorted:
    """Make events of what a visitor's browser says, keep those that would count, and count all.

    `invalid` is why they are nobody's. Those of known bots are sent on all the same: a worker tells
    them apart by the same list, and counts them by campaign.
    """
    made = [_made(collector, endpoint, one, visitor, now) for one in said]
    found = await collector.sort(made, now)
    if invalid is not None:
        records = found.set_invalid(sent=invalid == BOT)
        if records:
            await collector.keep(records, yields=False)
        collector.metrics.invalid(endpoint, invalid, found.invalid)
    elif found.records:
        found.put_aside(await collector.keep(found.records, yields=False))
        collector.watch_codes(endpoint, (made[place] for place in found.places), now)
    collector.count(endpoint, found)
    return found


def _let_in(collector: Collector, asked: Asked) -> tuple[Visitor, str | None]:
    """Return who asks, and why their events are nobody's, unless too many come from there."""
    collector.gate.check(asked, count=True)
    headers = asked.request.headers
    visitor = visitor_of(headers, do_not_track=collector.options.do_not_track)
    return visitor, invalid_pixel(headers, visitor.agent)


def _made(
    collector: Collector, endpoint: str, said: Any, visitor: Visitor, now: int
) -> dict[str, Any] | NotAccepted:
    try:
        if not isinstance(said, dict):
            raise NotAccepted(400, "not_an_object")
        event, notes = visitor_event(said, visitor, now, collector.making)
    except NotAccepted as error:
        return error
    for note in notes:
        collector.metrics.note(endpoint, note)
    return event
