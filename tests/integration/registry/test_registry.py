"""The registry on a real Redis: applied whole or not at all, by one writer after the other."""

import asyncio

import pytest
from redis.asyncio import Redis

from connections import registry
from models.campaigns.registration import RegistryRefused
from models.times import DAY
from tests.integration.registry.declaring import MILLISECOND, NOW, campaign, file, ids


async def test_a_registry_that_was_never_written_is_none(redis: Redis, prefix: str) -> None:
    assert await registry.load(redis, prefix) is None
    assert await registry.load_document(redis, prefix) is None
    assert await registry.version(redis, prefix) is None


async def test_what_was_applied_is_loaded_with_its_version(redis: Redis, prefix: str) -> None:
    declared = {
        **file(campaign(grace="2d")),
        "currency_rates": {"date": "2026-11-01", "base": "EUR", "rates": {}},
    }

    changes = await registry.apply(redis, prefix, declared, NOW)

    known = await registry.load(redis, prefix)
    assert known is not None
    assert (changes.added, known.campaigns["glow"].grace) == (["glow"], 2 * DAY)
    assert known.version == await registry.version(redis, prefix) == NOW // MILLISECOND
    assert known.currency_rates is not None


async def test_every_write_raises_the_version_even_within_a_millisecond_or_with_a_clock_behind(
    redis: Redis, prefix: str
) -> None:
    versions = []
    for now in (NOW, NOW, NOW - DAY, NOW + MILLISECOND):
        await registry.apply(redis, prefix, file(campaign()), now)
        versions.append(await registry.version(redis, prefix))
    await registry.delete(redis, prefix, "glow", NOW)
    versions.append(await registry.version(redis, prefix))

    first = NOW // MILLISECOND
    assert versions == [first, first + 1, first + 2, first + 3, first + 4]


async def test_after_redis_was_emptied_the_next_version_is_higher_than_any_before(
    redis: Redis, prefix: str
) -> None:
    for _ in range(5):
        await registry.apply(redis, prefix, file(campaign()), NOW)
    before = await registry.version(redis, prefix)
    await redis.delete(f"{prefix}registry", f"{prefix}registry:version")

    changes = await registry.apply(redis, prefix, file(campaign()), NOW + 10 * MILLISECOND)

    after = await registry.version(redis, prefix)
    assert before is not None and after is not None
    assert after > before
    assert any("registry is new" in note for note in changes.notes)


async def test_deleting_from_an_emptied_redis_writes_no_empty_registry(redis: Redis, prefix: str) -> None:
    """A worker would take it, with its new version, for the deletion of every campaign."""
    assert await registry.delete(redis, prefix, "glow", NOW) is False
    assert await registry.version(redis, prefix) is None


async def test_deleting_what_is_not_there_changes_nothing(redis: Redis, prefix: str) -> None:
    await registry.apply(redis, prefix, file(campaign()), NOW)

    assert await registry.delete(redis, prefix, "glo", NOW + DAY) is False
    assert await registry.version(redis, prefix) == NOW // MILLISECOND
    assert await registry.delete(redis, prefix, "glow", NOW + DAY) is True
    assert await ids(redis, prefix) == []


async def test_a_refused_file_changes_nothing(redis: Redis, prefix: str) -> None:
    await registry.apply(redis, prefix, file(campaign()), NOW)

    with pytest.raises(RegistryRefused):
        await registry.apply(redis, prefix, file(campaign("new"), campaign(currency="USD")), NOW + DAY)

    assert await ids(redis, prefix) == ["glow"]
    assert await registry.version(redis, prefix) == NOW // MILLISECOND


async def test_writers_at_the_same_time_lose_nothing_of_one_another(redis: Redis, prefix: str) -> None:
    names = [f"c{number:02}" for number in range(20)]

    await asyncio.gather(*(registry.apply(redis, prefix, file(campaign(name)), NOW) for name in names))

    assert await ids(redis, prefix) == names
    assert await registry.version(redis, prefix) == NOW // MILLISECOND + len(names) - 1


async def test_an_id_that_was_deleted_is_remembered(redis: Redis, prefix: str) -> None:
    await registry.apply(redis, prefix, file(campaign()), NOW)
    await registry.delete(redis, prefix, "glow", NOW)

    changes = await registry.apply(redis, prefix, file(campaign()), NOW)

    assert any("was registered before" in note for note in changes.notes)


async def test_a_predicate_that_comes_back_has_another_mark(redis: Redis, prefix: str) -> None:
    marks = []
    for country in ("FR", "DE", "FR"):
        target = {"size": 1, "audience": {"country": country}}
        await registry.apply(redis, prefix, file(campaign(target=target)), NOW)
        known = await registry.load(redis, prefix)
        assert known is not None
        marks.append(known.targets_since.get("glow", 0))

    assert marks == sorted(set(marks))
