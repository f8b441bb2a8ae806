"""Requests to the group that bear a member's own name: aiokafka 0.14 writes but the versions before them."""

from typing import Any

from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Int16, Int32, Schema, String

FENCED = 82
"""Another member has the name."""


class _HeartbeatAnswer(Response):  # type: ignore[misc]  # has no types
    API_KEY = 12
    API_VERSION = 3
    SCHEMA = Schema(("throttle_time_ms", Int32), ("error_code", Int16))


class _Heartbeat(RequestStruct):  # type: ignore[misc]  # has no types
    API_KEY = 12
    API_VERSION = 3
    RESPONSE_TYPE = _HeartbeatAnswer
    SCHEMA = Schema(
        ("group", String("utf-8")),
        ("generation_id", Int32),
        ("member_id", String("utf-8")),
        ("group_instance_id", String("utf-8")),
    )


class NamedHeartbeat(Request[_Heartbeat]):  # type: ignore[misc]  # has no types
    """A heartbeat of a member with a name: group, generation, member id, name."""

    API_KEY = 12

    def __init__(self, *fields: Any) -> None:
        self._fields = fields

    def build(self, request_struct_class: type[_Heartbeat]) -> _Heartbeat:
        """Make the request of the version that the broker takes."""
        return request_struct_class(*self._fields)


class _LeaveAnswer(Response):  # type: ignore[misc]  # has no types
    API_KEY = 13
    API_VERSION = 3
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        (
            "members",
            Array(
                ("member_id", String("utf-8")),
                ("group_instance_id", String("utf-8")),
                ("error_code", Int16),
            ),
        ),
    )


class _Leave(RequestStruct):  # type: ignore[misc]  # has no types
    API_KEY = 13
    API_VERSION = 3
    RESPONSE_TYPE = _LeaveAnswer
    SCHEMA = Schema(
        ("group", String("utf-8")),
        ("members", Array(("member_id", String("utf-8")), ("group_instance_id", String("utf-8")))),
    )


class NamedLeave(Request[_Leave]):  # type: ignore[misc]  # has no types
    """Members leave a group: group, and of each its member id and name, or None."""

    API_KEY = 13

    def __init__(self, *fields: Any) -> None:
        self._fields = fields

    def build(self, request_struct_class: type[_Leave]) -> _Leave:
        """Make the request of the version that the broker takes."""
        return request_struct_class(*self._fields)
