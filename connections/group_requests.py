"""What a group and topics would let a client do: requests that change nothing, some unknown to aiokafka."""

from typing import Any, NamedTuple

from aiokafka.client import AIOKafkaClient, ConnectionGroup, CoordinationType
from aiokafka.coordinator.protocol import ConsumerProtocol, ConsumerProtocolMemberMetadata
from aiokafka.errors import UnknownMemberIdError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.group import JoinGroupRequest
from aiokafka.protocol.types import (
    Array,
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Schema,
    String,
    TaggedFields,
)

PROTOCOL = "kpis"
"""The name of the workers' assignor, which all members of a group must have.

Whoever changes what members tell one another (streams.kafka.shares) gives it another name.
"""

READ, WRITE = 3, 4
"""Operations, by their number in Kafka's protocol."""

_PROTOCOL_VERSION = 4
_REBALANCE_MS = 60_000
_NO_MEMBER = "asks-whether-it-may-join"
_UNTOLD = -(1 << 31)
"""A mask of operations that a broker of another make does not know."""


class TopicRights(NamedTuple):
    """An error code, and the numbers of what the client may do with a topic."""

    error: int
    allowed: frozenset[int]


class _RightsAnswer_v8(Response):  # type: ignore[misc]  # has no types
    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            Array(("node_id", Int32), ("host", String("utf-8")), ("port", Int32), ("rack", String("utf-8"))),
        ),
        ("cluster_id", String("utf-8")),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", String("utf-8")),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("authorized_operations", Int32),
    )


class _RightsStruct_v8(RequestStruct):  # type: ignore[misc]  # has no types
    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = _RightsAnswer_v8
    SCHEMA = Schema(
        ("topics", Array(String("utf-8"))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class _RightsRequest(Request[_RightsStruct_v8]):  # type: ignore[misc]  # has no types
    API_KEY = 3

    def __init__(self, topics: list[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[_RightsStruct_v8]) -> _RightsStruct_v8:
        return request_struct_class(self._topics, False, False, True)


class _KindsAnswer_v5(Response):  # type: ignore[misc]  # has no types
    API_KEY = 16
    API_VERSION = 5
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        (
            "groups",
            CompactArray(
                ("group", CompactString("utf-8")),
                ("protocol_type", CompactString("utf-8")),
                ("state", CompactString("utf-8")),
                ("kind", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _KindsStruct_v5(RequestStruct):  # type: ignore[misc]  # has no types
    API_KEY = 16
    API_VERSION = 5
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _KindsAnswer_v5
    SCHEMA = Schema(
        ("states", CompactArray(CompactString("utf-8"))),
        ("kinds", CompactArray(CompactString("utf-8"))),
        ("tags", TaggedFields),
    )


class _KindsRequest(Request[_KindsStruct_v5]):  # type: ignore[misc]  # has no types
    API_KEY = 16

    def build(self, request_struct_class: type[_KindsStruct_v5]) -> _KindsStruct_v5:
        return request_struct_class([], [], {})


async def try_to_join(client: AIOKafkaClient, group: str, session_ms: int) -> int:
    """Ask to join a group as a member that it does not have; return what else is wrong, 0 for nothing.

    The broker looks at the member last. To a new one it would give an id, and rebalances would wait for it.

    Raises:
        KafkaError: no coordinator of the group is known, or it does not answer.

    """
    node = await client.coordinator_lookup(CoordinationType.GROUP, group)
    metadata = ConsumerProtocolMemberMetadata(_PROTOCOL_VERSION, [], b"{}").encode()
    kind, protocols = ConsumerProtocol.PROTOCOL_TYPE, [(PROTOCOL, metadata)]
    join = JoinGroupRequest(group, session_ms, _REBALANCE_MS, _NO_MEMBER, None, kind, protocols)
    answer: Any = await client.send(node, join, group=ConnectionGroup.COORDINATION)
    return 0 if answer.error_code == UnknownMemberIdError.errno else int(answer.error_code)


async def has_members_of_another_kind(client: AIOKafkaClient, group: str) -> bool:
    """Return whether consumers of the newer protocols (KIP-848, share groups) are members of a group.

    Raises:
        KafkaError: no coordinator of the group is known, or it does not answer.

    """
    node = await client.coordinator_lookup(CoordinationType.GROUP, group)
    try:
        answer: Any = await client.send(node, _KindsRequest(), group=ConnectionGroup.COORDINATION)
    except NotImplementedError:  # A broker too old to have them.
        return False
    states = {name: (kind.lower(), state) for name, _, state, kind, _ in answer.groups}
    kind, state = states.get(group, ("classic", ""))
    return kind != "classic" and state not in {"Empty", "Dead"}


async def rights(client: AIOKafkaClient, topics: list[str]) -> dict[str, TopicRights]:
    """Return what the client may do with topics; a broker without access control allows everything.

    Raises:
        KafkaError: the broker does not answer.

    """
    node = client.get_random_node()
    answer: Any = await client.send(node, _RightsRequest(topics))
    return {topic: TopicRights(error, allowed_by(mask, error)) for error, topic, _, _, mask in answer.topics}


def allowed_by(mask: int, error: int) -> frozenset[int]:
    """Return the numbers of the operations in a topic's mask: all of them where a broker does not tell."""
    if mask == _UNTOLD and not error:
        return frozenset(range(31))
    return frozenset(number for number in range(31) if mask >> number & 1)
