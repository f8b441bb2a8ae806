"""Requests of Kafka's protocol that aiokafka does not know, made as it makes its own.

Invariant: the forms are those of Kafka's message definitions, of one version each; brokers since 2.8 take
them. tests/integration holds them to a broker.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResourceType
from aiokafka.errors import for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    Array,
    Boolean,
    CompactArray,
    CompactString,
    Int8,
    Int16,
    Int32,
    Int64,
    Schema,
    String,
    TaggedFields,
)

_SET = 0


class _AlterConfigsResponse(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 44
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "responses",
            Array(
                ("error_code", Int16),
                ("error_message", String("utf-8")),
                ("resource_type", Int8),
                ("resource_name", String("utf-8")),
            ),
        ),
    )


class _AlterConfigsStruct(RequestStruct):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 44
    API_VERSION = 0
    RESPONSE_TYPE = _AlterConfigsResponse
    SCHEMA = Schema(
        (
            "resources",
            Array(
                ("resource_type", Int8),
                ("resource_name", String("utf-8")),
                (
                    "configs",
                    Array(
                        ("name", String("utf-8")),
                        ("config_operation", Int8),
                        ("value", String("utf-8")),
                    ),
                ),
            ),
        ),
        ("validate_only", Boolean),
    )


class _AlterConfigs(Request[_AlterConfigsStruct]):  # type: ignore[misc]  # aiokafka has no types
    """IncrementalAlterConfigs: unlike AlterConfigs it leaves what it does not name."""

    API_KEY = 44

    def __init__(self, resources: list[Any]) -> None:
        self._resources = resources

    def build(self, request_struct_class: type[_AlterConfigsStruct]) -> _AlterConfigsStruct:
        return request_struct_class(self._resources, False)


_TAGS = ("tags", TaggedFields)
_TEXT = CompactString("utf-8")


class _ProducersResponse(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 61
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "topics",
            CompactArray(
                ("name", _TEXT),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("error_code", Int16),
                        ("error_message", _TEXT),
                        (
                            "producers",
                            CompactArray(
                                ("producer_id", Int64),
                                ("producer_epoch", Int32),
                                ("last_sequence", Int32),
                                ("last_timestamp", Int64),
                                ("coordinator_epoch", Int32),
                                ("transaction_start", Int64),
                                _TAGS,
                            ),
                        ),
                        _TAGS,
                    ),
                ),
                _TAGS,
            ),
        ),
        _TAGS,
    )


class _ProducersStruct(RequestStruct):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 61
    API_VERSION = 0
    RESPONSE_TYPE = _ProducersResponse
    FLEXIBLE_VERSION = True
    SCHEMA = Schema(
        ("topics", CompactArray(("name", _TEXT), ("partitions", CompactArray(Int32)), _TAGS)), _TAGS
    )


class _Producers(Request[_ProducersStruct]):  # type: ignore[misc]  # aiokafka has no types
    """DescribeProducers: who writes to a partition; the partition's leader knows."""

    API_KEY = 61

    def __init__(self, topic: str, partition: int) -> None:
        self._where: Any = (topic, [partition], {})

    def build(self, request_struct_class: type[_ProducersStruct]) -> _ProducersStruct:
        return request_struct_class([self._where], {})


class _TransactionsResponse(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 66
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        ("unknown_states", CompactArray(_TEXT)),
        (
            "transactions",
            CompactArray(("transactional_id", _TEXT), ("producer_id", Int64), ("state", _TEXT), _TAGS),
        ),
        _TAGS,
    )


class _TransactionsStruct(RequestStruct):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 66
    API_VERSION = 0
    RESPONSE_TYPE = _TransactionsResponse
    FLEXIBLE_VERSION = True
    SCHEMA = Schema(("states", CompactArray(_TEXT)), ("producer_ids", CompactArray(Int64)), _TAGS)


class _Transactions(Request[_TransactionsStruct]):  # type: ignore[misc]  # aiokafka has no types
    """ListTransactions: the transactional ids that a broker coordinates."""

    API_KEY = 66

    def __init__(self, producer_ids: Sequence[int]) -> None:
        self._producer_ids = producer_ids

    def build(self, request_struct_class: type[_TransactionsStruct]) -> _TransactionsStruct:
        return request_struct_class([], self._producer_ids, {})


async def open_producers(
    admin: AIOKafkaAdminClient, leader: int, topic: str, partition: int
) -> list[tuple[int, int]]:
    """Return the id of each producer with a transaction open on a partition, and the offset where it began.

    Of a topic that we may not read nothing is known.

    Raises:
        KafkaError: the broker does not answer.

    """
    answer = await admin._send_request_to_node(leader, _Producers(topic, partition))
    return [
        (producer_id, start)
        for _, partitions, _ in answer.topics
        for _, _, _, producers, _ in partitions
        for producer_id, _, _, _, _, start, _ in producers or []
        if start >= 0
    ]


async def transactional_ids(
    admin: AIOKafkaAdminClient, brokers: Iterable[int], producer_ids: Sequence[int]
) -> dict[int, str]:
    """Return the transactional ids of producers, as far as brokers know them and we may see them.

    Raises:
        KafkaError: a broker does not answer.

    """
    answers = [await admin._send_request_to_node(broker, _Transactions(producer_ids)) for broker in brokers]
    return {producer_id: name for answer in answers for name, producer_id, _, _ in answer.transactions or []}


async def alter_configs(
    admin: AIOKafkaAdminClient, changes: Iterable[tuple[str, str, str]]
) -> list[tuple[str, str]]:
    """Set (topic, key, value) and leave all else; return the topics that were refused, each with the reason.

    Raises:
        KafkaError: the broker does not answer.

    """
    resources = [
        (ConfigResourceType.TOPIC, name, [(key, _SET, value) for _, key, value in settings])
        for name, settings in groupby(sorted(changes), key=lambda change: change[0])
    ]
    answer = await admin._send_request(_AlterConfigs(resources))
    return [
        (name, ": ".join(filter(None, [for_code(code).__name__, message])))
        for code, message, _, name in answer.responses
        if code
    ]
