"""Requests of Kafka's protocol that aiokafka does not know, made as it makes its own.

Invariant: the forms are those of Kafka's message definitions, of one version each; brokers since 2.8 take
them. tests/integration holds them to a broker.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResourceType
from aiokafka.errors import for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Int8, Int16, Int32, Schema, String

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
