"""What keeps a worker from joining its consumer group, in words: asked of the broker without joining."""

import asyncio
from collections.abc import Iterable

from aiokafka import AIOKafkaClient
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    InconsistentGroupProtocolError,
    InvalidSessionTimeoutError,
    KafkaError,
    NotCoordinatorForGroupError,
    RequestTimedOutError,
    TopicAuthorizationFailedError,
    for_code,
)

from connections.admin import Member, describe_members
from connections.group_requests import (
    PROTOCOL,
    READ,
    WRITE,
    TopicRights,
    has_members_of_another_kind,
    rights,
    try_to_join,
)
from connections.kafka import KafkaUnavailable, begin, client_options, unavailable
from connections.topics import dead_letters_topic, input_topics, state_topics
from models.settings import Settings

SESSION_SECONDS = 10.0
"""How long the group waits for a worker that it does not hear of."""

_STRANGER = InconsistentGroupProtocolError.errno
_FULL = 81
_TRANSIENT = (GroupCoordinatorNotAvailableError, GroupLoadInProgressError, NotCoordinatorForGroupError)
_TRIES = 8
_RETRY_SECONDS = 0.5
_NAMED = 3
_NEWER = " (a consumer with group.protocol=consumer, or a share consumer)"


async def find_obstacle(
    settings: Settings, session_seconds: float = SESSION_SECONDS, *, may_be_member: bool = False
) -> str:
    """Return what keeps a worker from joining the group and from its topics, and what to do; "" for nothing.

    A group that is full is no obstacle to whoever may be a member already: it is full because of it.

    Raises:
        KafkaUnavailable: the broker does not answer.

    """
    client = AIOKafkaClient(**client_options(settings), request_timeout_ms=5000)
    try:
        await begin(client.bootstrap())
        missing = missing_rights(settings, await rights(client, list(_needs(settings))))
        if missing:
            return missing
        code = await _join_code(client, settings.group, round(session_seconds * 1000))
        newer = code == _STRANGER and await has_members_of_another_kind(client, settings.group)
    except (KafkaError, OSError, TimeoutError) as error:
        what = f"Kafka at {settings.kafka} does not say whether {settings.group} can be joined"
        raise await unavailable(settings, what, error) from None
    finally:
        await client.close()
    if may_be_member and code == _FULL:
        return ""
    strangers = await _strangers(settings) if code == _STRANGER and not newer else _NEWER
    return refusal(code, settings.group, session_seconds, strangers)


def missing_rights(settings: Settings, found: dict[str, TopicRights]) -> str:
    """Return which rights on topics are missing; "" where none is. Topics that do not exist are no matter."""
    refused = {TopicAuthorizationFailedError.errno, 0}
    missing = {
        word: [
            topic
            for topic, needed in _needs(settings).items()
            if operation in needed and found[topic].error in refused and operation not in found[topic].allowed
        ]
        for word, operation in (("read", READ), ("write", WRITE))
    }
    parts = [f"to {word} {', '.join(topics)}" for word, topics in missing.items() if topics]
    if not parts:
        return ""
    return (
        f"No right {' and '.join(parts)}: give the worker's user the rights in docs/operations.md "
        "(kafka-acls.sh)."
    )


def refusal(code: int, group: str, session_seconds: float, strangers: str) -> str:
    """Put the broker's refusal of a join in words, with what to do; "" for code 0."""
    known = {
        0: "",
        _STRANGER: (
            f"The consumer group {group} has a member that is no worker of this release{strangers}: stop it, "
            "or give it another group."
        ),
        _FULL: (
            f"The consumer group {group} is full: the broker lets no more workers in. Raise its "
            "group.max.size, or stop one."
        ),
        InvalidSessionTimeoutError.errno: (
            f"The broker takes no session of {session_seconds:.0f} s: let its group.min.session.timeout.ms "
            "be below and its group.max.session.timeout.ms above that."
        ),
        GroupAuthorizationFailedError.errno: (
            f"No right to read the consumer group {group}: give the worker's user Read on it (kafka-acls.sh "
            f"--operation Read --group {group})."
        ),
        GroupCoordinatorNotAvailableError.errno: (
            f"Kafka has no coordinator for the consumer group {group}: its topic __consumer_offsets cannot "
            "be made, or has no leader. With fewer than three brokers set offsets.topic.replication.factor."
        ),
        GroupLoadInProgressError.errno: (
            f"Kafka is still loading the consumer group {group} from __consumer_offsets."
        ),
    }
    name = for_code(code).__name__
    return known.get(code, f"Kafka refuses to let a worker join the consumer group {group} ({name}, {code}).")


def strangers_among(members: Iterable[Member], protocol: str) -> str:
    """Name the members of a group that is not the workers', by client id and host; "" where none is known."""
    if protocol == PROTOCOL:
        return ""
    names = sorted({f"{client} at {host.lstrip('/')}" for _, client, host in members})
    if not names:
        return ""
    more = ", …" if len(names) > _NAMED else ""
    return f" ({', '.join(names[:_NAMED])}{more})"


async def _join_code(client: AIOKafkaClient, group: str, session_ms: int) -> int:
    for _ in range(_TRIES):
        try:
            code = await try_to_join(client, group, session_ms)
        except KafkaError as error:
            code = getattr(error, "errno", None) or 0
            if not code or isinstance(error, RequestTimedOutError):
                raise
        if not issubclass(for_code(code), _TRANSIENT):
            break
        # A new cluster makes the topic of offsets when it is first asked.
        await asyncio.sleep(_RETRY_SECONDS)
    return code


async def _strangers(settings: Settings) -> str:
    try:
        protocol, members = await describe_members(settings)
    except KafkaUnavailable:
        return ""  # To name them takes the right Describe.
    return strangers_among(members, protocol)


def _needs(settings: Settings) -> dict[str, tuple[int, ...]]:
    """Return the operations that a worker needs, by topic."""
    inputs = dict.fromkeys(input_topics(settings), (READ,))
    state = dict.fromkeys(state_topics(settings), (READ, WRITE))
    return {**inputs, dead_letters_topic(settings): (WRITE,), **state}
