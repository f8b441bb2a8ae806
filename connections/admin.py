"""Kafka's admin client, whose errors name the broker, and the members of a consumer group."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import NamedTuple

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError, for_code

from connections.kafka import KafkaUnavailable, begin, client_options, require_kafka, unavailable
from models.settings import Settings

_REQUEST_TIMEOUT_MS = 15_000
_RANDOM = 22, 36
"""How long the random parts of members' ids are, by what makes them."""


class Member(NamedTuple):
    """A member of a consumer group, as the broker describes it."""

    id: str
    client: str
    host: str


@asynccontextmanager
async def open_admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """Open an admin client; errors on opening it and while it is used name the broker."""
    await require_kafka(settings)
    client = AIOKafkaAdminClient(**client_options(settings), request_timeout_ms=_REQUEST_TIMEOUT_MS)
    try:
        await begin(client.start())
        yield client
    except (KafkaError, OSError, TimeoutError) as error:
        raise await unavailable(settings, f"Kafka at {settings.kafka} stopped answering", error) from error
    finally:
        await client.close()


async def has_members(settings: Settings) -> bool:
    """Return whether the consumer group has members: workers that run, or ended less than a session ago.

    Raises:
        KafkaUnavailable: the broker does not answer, or refuses to say (it takes the right Describe).

    """
    _, members = await describe_members(settings)
    return bool(members)


async def describe_members(settings: Settings) -> tuple[str, list[Member]]:
    """Return the consumer group's protocol, and its members.

    Raises:
        KafkaUnavailable: the broker does not answer, or refuses to say (it takes the right Describe).

    """
    async with open_admin(settings) as admin:
        # One group per request: of several, aiokafka only reads the first correctly.
        (answer,) = await admin.describe_consumer_groups([settings.group])
        group = answer.to_object()["groups"][0]
        if group["error_code"]:
            raise for_code(group["error_code"])
        members = [Member(one["member_id"], one["client_id"], one["client_host"]) for one in group["members"]]
        return group["protocol"], members


async def may_have_member(settings: Settings, name: str) -> bool:
    """Return whether the group has a static member of a name; True, too, where the broker does not say."""
    try:
        _, members = await describe_members(settings)
    except KafkaUnavailable:
        return True
    return is_among(members, name)


def is_among(members: Iterable[Member], name: str) -> bool:
    """Return whether one of the members is the static one of a name: its id is that and a random part."""
    ids = [member.id for member in members]
    return any(one.startswith(f"{name}-") and len(one) - len(name) - 1 in _RANDOM for one in ids)
