"""A registry of which something is lost or cannot be read: it is named with its key, and the rest lives."""

import json
import socket

import pytest
from redis.asyncio import Redis

from connections import registry
from connections.redis import RedisUnavailable, connect
from connections.registry import RegistryCorrupt
from models.settings import Settings
from tests.integration.registry.declaring import NOW, campaign, file, ids


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("registry", "{", "no JSON document"),
        ("registry", "[]", "no JSON document"),
        ("registry", '{"campaigns": []}', "no JSON document"),
        ("registry", '{"campaigns": {"glow": {"id": "glow"}}}', "campaigns.glow.name: required"),
        ("registry", b"\xff", "no JSON document"),
        ("registry:version", "new", "holds no version"),
    ],
)
async def test_what_was_spoilt_by_hand_is_named_with_its_key(
    redis: Redis, prefix: str, key: str, value: str | bytes, said: str
) -> None:
    await registry.apply(redis, prefix, file(campaign()), NOW)
    await redis.set(prefix + key, value)

    with pytest.raises(RegistryCorrupt, match=said) as caught:
        await registry.load(redis, prefix)
    assert prefix + key in str(caught.value)


async def test_a_document_that_is_lost_while_its_version_is_there_is_no_empty_registry(
    redis: Redis, prefix: str
) -> None:
    await registry.apply(redis, prefix, file(campaign()), NOW)
    await redis.delete(f"{prefix}registry")

    with pytest.raises(RegistryCorrupt, match="has lost the key"):
        await registry.load(redis, prefix)


async def test_a_spoilt_campaign_is_mended_by_its_file_or_deleted(redis: Redis, prefix: str) -> None:
    spoilt = {"campaigns": {"glow": {"id": "glow"}, "bad": {"id": "bad"}}}
    await redis.set(f"{prefix}registry", json.dumps(spoilt))

    changes = await registry.apply(redis, prefix, file(campaign()), NOW)
    document = await registry.load_document(redis, prefix)
    assert changes.replaced == ["glow"]
    assert [note for note in changes.notes if "campaigns.bad.name: required" in note]
    assert document is not None
    assert document["campaigns"]["bad"] == {"id": "bad"}, "stays as it is"
    assert await ids(redis, prefix) == ["glow"]

    assert await registry.delete(redis, prefix, "bad", NOW)
    known = await registry.load(redis, prefix)
    assert known is not None
    assert (list(known.campaigns), known.unreadable) == (["glow"], ())


async def test_a_pruning_apply_removes_what_cannot_be_read_too(redis: Redis, prefix: str) -> None:
    await redis.set(f"{prefix}registry", json.dumps({"campaigns": {"bad": None}}))

    changes = await registry.apply(redis, prefix, file(campaign()), NOW, prune=True)

    assert (changes.added, changes.removed, await ids(redis, prefix)) == (["glow"], ["bad"], ["glow"])


async def test_a_key_of_another_kind_is_a_sentence_of_redis(redis: Redis, prefix: str) -> None:
    await redis.rpush(f"{prefix}registry:version", "x")

    with pytest.raises(RedisUnavailable, match="WRONGTYPE"):
        await registry.version(redis, prefix)


async def test_where_no_redis_is_the_address_and_the_setting_are_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        address = f"127.0.0.1:{unused.getsockname()[1]}"
    client = connect(Settings(redis_url=f"redis://:hush@{address}/0"))

    with pytest.raises(RedisUnavailable, match="KPIS_REDIS_URL") as caught:
        await registry.load(client, "kpis:")
    await client.aclose()
    assert address in str(caught.value)
    assert "hush" not in str(caught.value)
