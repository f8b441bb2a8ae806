"""The campaign registry in Redis: one document, as declared, with a version that only rises.

Two keys, always written together: `<prefix>registry`, the document (JSON), and `<prefix>registry:version`.
The version is the time of the write in Unix milliseconds, or one more than the last version where that is
not lower. So a registry that is applied again after Redis was emptied has a higher version than any before,
and workers accept it, though they take a missing or lower version for a loss, and write what they know again
(`restore`). If the clock of the machine that applies it is behind, the version may be lower after all: then
it is replaced, unless it is applied once the workers have written theirs.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from redis.asyncio import Redis
from redis.exceptions import WatchError

from connections.redis import answering
from models.campaigns.document import JsonObject, empty_document, read_document
from models.campaigns.registration import Changes, merge, remove
from models.campaigns.registry import Registry

T = TypeVar("T")

_REMEDY = "Apply the campaign files again"


class RegistryCorrupt(Exception):
    """Redis holds no valid registry; the message says where, why and what to do."""


class Copy(NamedTuple):
    """The registry as it was read: the document's text, its version, and what this release reads in it."""

    text: str
    version: int
    registry: Registry


async def version(redis: Redis, prefix: str) -> int | None:
    """Return the registry's version, or None where there is none.

    Raises:
        RegistryCorrupt: the key holds no version.

    """
    with _reading(redis, prefix):
        return _parse_version(await redis.get(_version_key(prefix)), prefix)


async def load(redis: Redis, prefix: str) -> Registry | None:
    """Read what this release can read of the registry, or None where none was ever written.

    Raises:
        RegistryCorrupt: it is no document, or this release can count by none of its campaigns: so nothing
            is refused as unknown because the whole registry has a form that is not ours.

    """
    copy = await load_copy(redis, prefix)
    return copy.registry if copy else None


async def load_copy(redis: Redis, prefix: str) -> Copy | None:
    """Read the registry so that it can be written again; None where none was ever written.

    Raises:
        RegistryCorrupt: as `load` does.

    """
    text, document = await _read(redis, prefix)
    if text is None or document is None:
        return None
    known = read_document(document)
    if document["campaigns"] and not known.campaigns:
        first, *others = known.unreadable
        more = f" and {len(others)} more problems" if others else ""
        raise RegistryCorrupt(
            f"Redis key {_document_key(prefix)} holds no valid registry ({first}{more}). "
            f"{_REMEDY}, or delete the campaign (`kpis campaigns delete ID`)."
        )
    return Copy(text, document["version"], known)


async def load_document(redis: Redis, prefix: str) -> JsonObject | None:
    """Read the registry as it was declared, or None where none was ever written.

    Raises:
        RegistryCorrupt: it is no JSON document, or is gone while its version is still there.

    """
    _, document = await _read(redis, prefix)
    return document


async def _read(redis: Redis, prefix: str) -> tuple[Any, JsonObject | None]:
    """Return the document as text and as read; None for both where none was ever written."""
    with _reading(redis, prefix):
        text, last = await redis.mget(_document_key(prefix), _version_key(prefix))
    document = _parse(text, prefix)
    if document is None and last is not None:
        raise RegistryCorrupt(f"Redis has lost the key {_document_key(prefix)}. {_REMEDY}.")
    if document is not None and last is not None:
        document["version"] = _parse_version(last, prefix)
    return text, document


async def restore(redis: Redis, prefix: str, copy: Copy) -> bool:
    """Write a copy again where Redis has lost it, wholly or in part; return whether anything was written.

    What is newer than the copy is never replaced, nor a registry that is whole: so a deletion stands.
    """
    keys = (_document_key(prefix), _version_key(prefix))
    with answering(redis):
        async with redis.pipeline(transaction=True) as pipeline:
            while True:
                await pipeline.watch(*keys)
                mended = _mended(copy, *[await _get(pipeline, key) for key in keys])
                if mended is None:
                    return False
                pipeline.multi()  # type: ignore[no-untyped-call]  # redis leaves it unannotated
                pipeline.mset(dict(zip(keys, mended, strict=True)))
                try:
                    await pipeline.execute()
                    return True
                except WatchError:
                    continue


def _mended(copy: Copy, text: str | None, last: str | None) -> tuple[str, int] | None:
    """Return document and version to write; None where what is there stands."""
    document, version = _readable(_parse, text), _readable(_parse_version, last)
    written = document["version"] if document else 0
    newest = max(version or 0, written)
    if newest > copy.version:
        # Newer than the copy: all that can be mended is a version that is missing beside its document.
        return (text, written) if text and written == newest and version != written else None
    return None if document and version == copy.version else (copy.text, copy.version)


async def _get(pipeline: Any, key: str) -> str | None:
    try:
        found: str | None = await pipeline.get(key)
        return found
    except UnicodeDecodeError:
        return None


def _readable(parse: Callable[[str | None, str], T], text: str | None) -> T | None:
    try:
        return parse(text, "")
    except RegistryCorrupt:
        return None


async def apply(
    redis: Redis, prefix: str, declared: JsonObject, now: int, *, prune: bool = False, dry_run: bool = False
) -> Changes:
    """Add or replace what a campaign file declares, all or nothing; `now` is in microseconds.

    A dry run says what would change, and writes nothing.

    `declared` must be valid (models.campaigns.file). Even where nothing changes, the document is written
    under a new version: that ends the workers' alarm after Redis came back with an older registry. What is
    registered beside it and cannot be read by this release stays as it is, and is named in the notes.

    Raises:
        RegistryRefused: a running campaign's currency would change, or a card is not known.
        RegistryCorrupt: the registry is no JSON document; nothing was written.

    """

    def change(known: JsonObject | None) -> tuple[JsonObject | None, Changes]:
        document = known or empty_document()
        changes = merge(document, declared, now, prune=prune)
        if known is None:
            changes.notes.append(
                "the registry is new and holds this file alone: apply your other campaign files, too"
            )
        changes.notes.extend(
            f"this release cannot read {one}; {one.remedy}" for one in read_document(document).unreadable
        )
        return (None if dry_run else document), changes

    return await _write(redis, prefix, now, change)


async def delete(redis: Redis, prefix: str, campaign: str, now: int) -> bool:
    """Remove one campaign, readable or not; return whether it was there. Nothing is written where it was not.

    Raises:
        RegistryCorrupt: the registry is no JSON document.

    """

    def change(known: JsonObject | None) -> tuple[JsonObject | None, bool]:
        # A registry that Redis lost must stay missing: an empty one would look like a deletion of all.
        if known is None or not remove(known, campaign):
            return None, False
        return known, True

    return await _write(redis, prefix, now, change)


async def _write(
    redis: Redis,
    prefix: str,
    now: int,
    change: Callable[[JsonObject | None], tuple[JsonObject | None, T]],
) -> T:
    """Change the document, again if somebody else changed it meanwhile; write nothing for None."""
    keys = (_document_key(prefix), _version_key(prefix))
    with _reading(redis, prefix):
        async with redis.pipeline(transaction=True) as pipeline:
            while True:
                await pipeline.watch(*keys)
                text, last = await pipeline.mget(*keys)
                known = _parse(text, prefix)
                document, answer = change(known)
                if document is None:
                    return answer
                before = max(_parse_version(last, prefix) or 0, known["version"] if known else 0)
                document["version"] = max(before + 1, now // 1000)
                pipeline.multi()  # type: ignore[no-untyped-call]  # redis leaves it unannotated
                pipeline.mset(dict(zip(keys, (json.dumps(document), document["version"]), strict=True)))
                try:
                    await pipeline.execute()
                    return answer
                except WatchError:
                    continue


@contextmanager
def _reading(redis: Redis, prefix: str) -> Iterator[None]:
    try:
        with answering(redis):
            yield
    except UnicodeDecodeError:
        raise RegistryCorrupt(_no_document(prefix)) from None


def _parse(text: str | bytes | None, prefix: str) -> JsonObject | None:
    if text is None:
        return None
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise RegistryCorrupt(_no_document(prefix))
    document = empty_document() | {name: value for name, value in found.items() if value is not None}
    forms = {"campaigns": dict, "emv_cards": dict, "history": dict, "version": int}
    if not all(isinstance(document[name], form) for name, form in forms.items()):
        raise RegistryCorrupt(_no_document(prefix))
    return document


def _parse_version(text: str | bytes | None, prefix: str) -> int | None:
    if text is None:
        return None
    # isdigit() alone would let ² through, which int() does not read.
    if not (text.isdigit() and text.isascii()):
        raise RegistryCorrupt(f"Redis key {_version_key(prefix)} holds no version: delete it. {_REMEDY}.")
    return int(text)


def _no_document(prefix: str) -> str:
    return f"Redis key {_document_key(prefix)} holds no JSON document of a registry: delete it. {_REMEDY}."


def _document_key(prefix: str) -> str:
    return f"{prefix}registry"


def _version_key(prefix: str) -> str:
    return f"{prefix}registry:version"
