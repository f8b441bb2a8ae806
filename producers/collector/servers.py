"""What servers ask: batches, postbacks and shops' webhooks. None is judged by its address or agent."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

from aiohttp import web

from producers.collector import batch, postback, segment
from producers.collector.answers import answer, refusal
from producers.collector.asked import Asked
from producers.collector.attribution import Attribution
from producers.collector.bodies import body_of
from producers.collector.collector import Collector
from producers.collector.hooks import shopify, stripe, woocommerce
from producers.collector.incoming import Incoming, NotAccepted, Translated, TryLater
from producers.collector.limits import PARAMETERS, UNPROVEN
from producers.collector.secrets import Hook, ShopKind
from producers.collector.sorting import Sorted

SHOPS: Mapping[ShopKind, Callable[[Incoming, str, Hook, Attribution], Translated]] = {
    "shopify": shopify.translate,
    "stripe": stripe.translate,
    "woocommerce": woocommerce.translate,
}
_FORM = "application/x-www-form-urlencoded"
_JSON = frozenset(
    ("application/json", "application/x-ndjson", "application/ndjson", "application/jsonl", "text/plain")
)


async def events(collector: Collector, asked: Asked) -> web.Response:
    """Take a batch of events of ours."""
    name, key = collector.gate.key(asked)
    _check_type(asked.request)
    async with body_of(asked.request, collector.room) as body:
        written = batch.split(body)
        collector.gate.count_events(name, len(written), asked.now)
        found = await collector.sort(written, asked.now, key.campaigns)
        await _keep(collector, "events", found)
        return answer(found.status, batch.summary(found))


async def segment_batch(collector: Collector, asked: Asked) -> web.Response:
    """Take a batch in Segment's format."""
    name, key = collector.gate.key(asked)
    _check_type(asked.request)
    _check_attributes(collector)
    async with body_of(asked.request, collector.room) as body:
        translated = segment.translate(
            _incoming(asked, body), name, collector.secrets.person_salt, collector.campaigns.attribution
        )
        collector.gate.count_events(name, len(translated.messages), asked.now)
        messages, notes = translated.messages, translated.notes
        found = await _take(collector, "batch", messages, notes, asked, key.campaigns)
        return answer(found.status, batch.summary(found))


async def postbacks(collector: Collector, asked: Asked) -> web.Response:
    """Take an order that a network or a shop reports by calling an address."""
    if asked.request.method == "HEAD":
        collector.metrics.uncounted("postback", "head")
        return answer(200)
    attribution, secrets = collector.campaigns.attribution, collector.secrets
    collector.gate.check(asked, count=False)
    _check_attributes(collector)
    async with body_of(asked.request, collector.room, most=UNPROVEN) as body:
        incoming = _incoming(asked, body, _form(asked.request, body))
        with collector.gate.proving(asked):
            translated = postback.translate(incoming, secrets, attribution)
        found = await _take(collector, "postback", translated.events, translated.notes, asked)
        if found.refused:
            # Returned, not raised: it is counted already.
            return refusal(NotAccepted(400, found.refused[0].reason, found.refused[0].field))
        return answer(200, {"accepted": len(found.records), "duplicate": found.duplicates > 0})


def hook_name(kind: str) -> str:
    """Name the endpoint of a kind of shop."""
    return f"hooks_{kind}"


def hook(kind: ShopKind) -> Callable[[Collector, Asked], Awaitable[web.Response]]:
    """Return what takes webhooks of a kind of shop."""
    translate = SHOPS[kind]

    async def take(collector: Collector, asked: Asked) -> web.Response:
        """Answer 2xx to whatever the shop signed: shops end webhooks that fail again and again."""
        name = unquote(asked.rest)
        known = collector.secrets.hooks.get(name)
        if known is None or known.kind != kind:
            raise NotAccepted(404, "unknown_source")
        collector.gate.check(asked, count=False)
        _check_attributes(collector)
        async with body_of(asked.request, collector.room) as body:
            with collector.gate.proving(asked):
                told = translate(_incoming(asked, body), name, known, collector.campaigns.attribution)
            found = await _take(collector, hook_name(kind), told.events, told.notes, asked)
            return answer(200, {**batch.summary(found), "notes": told.notes})

    return take


async def _take(
    collector: Collector,
    endpoint: str,
    events: Sequence[dict[str, Any] | NotAccepted],
    notes: Iterable[str],
    asked: Asked,
    campaigns: frozenset[str] | None = None,
) -> Sorted:
    """Judge and keep translated events; what was kept before is a duplicate."""
    for note in notes:
        collector.metrics.note(endpoint, note)
    found = await collector.sort(events, asked.now, campaigns, collector.recent.knows)
    await _keep(collector, endpoint, found)
    for identity in found.identities:
        collector.recent.add(identity)
    collector.watch_codes(endpoint, (events[place] for place in found.places), asked.now)
    return found


async def _keep(collector: Collector, endpoint: str, found: Sorted) -> None:
    """Keep events whose sender keeps them, too, until we have said that they are: so they give way first."""
    if found.records:
        found.put_aside(await collector.keep(found.records, yields=True))
    collector.count(endpoint, found)


def _incoming(asked: Asked, body: bytes, form: tuple[tuple[str, str], ...] = ()) -> Incoming:
    headers = {name.lower(): value for name, value in asked.request.headers.items()}
    return Incoming((*asked.query, *form), headers, body, asked.now)


def _form(request: web.BaseRequest, body: bytes) -> tuple[tuple[str, str], ...]:
    if request.content_type != _FORM:
        return ()
    try:
        said = body.decode("utf-8", "replace")
        return tuple(parse_qsl(said, keep_blank_values=True, max_num_fields=PARAMETERS))
    except ValueError:
        raise NotAccepted(400, "too_many_parameters") from None


def _check_attributes(collector: Collector) -> None:
    """Let orders come later while no campaign was ever seen: now each would be nobody's, and forgotten."""
    if not collector.campaigns.known:
        raise TryLater(503, "registry_missing")


def _check_type(request: web.BaseRequest) -> None:
    if "Content-Type" in request.headers and request.content_type not in _JSON:
        raise NotAccepted(415, "unsupported_type", "Content-Type")
