"""A consumer whose start is not over has joined nothing, and nothing is wrong with it."""

from types import SimpleNamespace
from typing import Any

import pytest

from streams.kafka.coordination import coordinates, take_refusal
from streams.kafka.membership import confirm, is_member, leave


@pytest.fixture
def starting() -> Any:
    """Return a consumer as aiokafka has it until the broker has answered its start."""
    return SimpleNamespace(_coordinator=None)


def test_its_coordination_is_not_over(starting: Any) -> None:
    assert coordinates(starting)
    assert take_refusal(starting) is None


async def test_it_is_no_member_and_has_nothing_to_leave(starting: Any) -> None:
    await leave(starting)

    assert not is_member(starting)
    assert not await confirm(starting)
