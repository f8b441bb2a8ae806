"""The campaign registry in Redis: one document, as declared, with a version that only rises.

The version of a write is the time in milliseconds, or one more than the last where that is higher: so a
registry that is applied again after Redis was emptied still has a higher version than any before.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import WatchError

from connections.redis import answering
from models.campaigns import Campaign, Registry

Document = dict[str, Any]


class RegistryCorrupt(Exception):
    """What Redis holds is no registry; the message says where and why."""


class RegistryRefused(Exception):
    """A change that the registry does not take; the message says why."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write did, by campaign id; `notes` are sentences for whoever did it."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


async def version(redis: Redis, prefix: str) -> int | None:
    """Tell the registry's version, or None where none was ever written."""
    with answering(redis):
        text = await redis.get(_version_key(prefix))
    return int(text) if text is not None and str(text).isdecimal() else None


async def load(redis: Redis, prefix: str) -> Registry | None:
    """Read the registry, or None where none was ever written.

    Raises:
        RegistryCorrupt: it was changed by something else, and is no registry now.

    """
    document = await load_document(redis, prefix)
    if document is None:
        return None
    try:
        return Registry.model_validate(document)
    except ValidationError as error:
        raise RegistryCorrupt(f"Redis key {_document_key(prefix)} holds no valid registry: {error}") from None


async def load_document(redis: Redis, prefix: str) -> Document | None:
    """Read the registry as it was declared."""
    with answering(redis):
        text = await redis.get(_document_key(prefix))
    return _parse(text, prefix)


async def apply(redis: Redis, prefix: str, declared: Document, now: int, *, prune: bool = False) -> Changes:
    """Add or replace what a campaign file declares, all or nothing; `now` is in microseconds.

    Raises:
        RegistryRefused: a running campaign's currency would change.

    """

    def change(document: Document) -> Changes:
        document["emv_cards"] |= declared.get("emv_cards") or {}
        changes = _merge(document["campaigns"], declared.get("campaigns") or [], now, prune=prune)
        _require_cards(document)
        document["currency_rates"] = declared.get("currency_rates") or document["currency_rates"]
        return changes

    return await _write(redis, prefix, now, change)


async def delete(redis: Redis, prefix: str, campaign: str, now: int) -> bool:
    """Remove one campaign; tell whether it was there."""

    def change(document: Document) -> Changes:
        gone = document["campaigns"].pop(campaign, None)
        return Changes(removed=[campaign] if gone else [])

    return bool((await _write(redis, prefix, now, change)).removed)


async def _write(redis: Redis, prefix: str, now: int, change: Callable[[Document], Changes]) -> Changes:
    with answering(redis):
        async with redis.pipeline(transaction=True) as pipeline:
            while True:
                try:
                    await pipeline.watch(_document_key(prefix), _version_key(prefix))
                    document = _parse(await pipeline.get(_document_key(prefix)), prefix) or _empty()
                    changes = change(document)
                    last = int(await pipeline.get(_version_key(prefix)) or 0)
                    document["version"] = max(last + 1, now // 1000)
                    pipeline.multi()  # type: ignore[no-untyped-call]  # redis leaves it unannotated
                    pipeline.set(_document_key(prefix), json.dumps(document))
                    pipeline.set(_version_key(prefix), str(document["version"]))
                    await pipeline.execute()
                    return changes
                except WatchError:
                    continue


def _require_cards(document: Document) -> None:
    cards = {"default", *document["emv_cards"]}
    for name, campaign in document["campaigns"].items():
        card = campaign.get("emv_card", "default")
        if card not in cards:
            raise RegistryRefused(
                f"campaign {name}: emv_card {card} is not known; there are {', '.join(sorted(cards))}. "
                "Nothing was applied."
            )


def _merge(known: Document, declared: list[Document], now: int, *, prune: bool) -> Changes:
    changes = Changes()
    for campaign in declared:
        name = campaign["id"]
        before = known.get(name)
        if before is None:
            changes.added.append(name)
        elif before == campaign:
            changes.unchanged.append(name)
        else:
            changes.notes.extend(_compare(Campaign.model_validate(before), campaign, now))
            changes.replaced.append(name)
        known[name] = campaign
    if prune:
        named = {campaign["id"] for campaign in declared}
        changes.removed.extend(name for name in list(known) if name not in named and known.pop(name))
    return changes


def _compare(before: Campaign, declared: Document, now: int) -> list[str]:
    after = Campaign.model_validate(declared)
    running = before.status(now) != "scheduled"
    if running and after.currency != before.currency:
        raise RegistryRefused(
            f"campaign {before.id}: currency cannot change from {before.currency} to {after.currency} "
            "once the flight has begun; nothing was applied."
        )
    if running and before.target is not None and after.target != before.target:
        return [f"campaign {before.id}: its target changed, so its target reach starts again from now"]
    return []


def _parse(text: object, prefix: str) -> Document | None:
    if text is None:
        return None
    try:
        document = json.loads(str(text))
        return {**_empty(), **document}
    except (ValueError, TypeError):
        raise RegistryCorrupt(f"Redis key {_document_key(prefix)} holds no JSON document.") from None


def _empty() -> Document:
    return {"version": 0, "currency_rates": None, "emv_cards": {}, "campaigns": {}}


def _document_key(prefix: str) -> str:
    return f"{prefix}registry"


def _version_key(prefix: str) -> str:
    return f"{prefix}registry:version"
