"""Answers are kept as they came, until they are taken."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.protocol.fetch import FetchRequest
from faust.types import TP

from streams.kafka.answers import KeepingClient
from tests.unit.streams.kafka.written import sent, written

CLICKS, VIEWS = TP("clicks", 0), TP("views", 1)
DATA = written([sent(4, b"a"), sent(5, b"b")])


class Client:
    """aiokafka's client, with a broker that answers of two partitions."""

    cluster = "cluster"

    def __init__(self, version: int, error: int = 0, data: bytes = DATA) -> None:
        start, replica = (0,) if version >= 5 else (), (-1,) if version >= 11 else ()
        answer = (0, error, 99, 99, *start, [(7, 4)], *replica, data)
        none = (1, 0, 99, 99, *start, None, *replica, b"")
        self._response = SimpleNamespace(
            API_VERSION=version, topics=[("clicks", [answer]), ("views", [none])]
        )

    async def send(self, node: int, _: Any) -> Any:
        assert node == 3
        return self._response


def request(start: int = 4) -> FetchRequest:
    return FetchRequest(1, 1, 1, 1, [("clicks", [(0, start, 1)]), ("views", [(1, 0, 1)])])


@pytest.mark.parametrize("version", [4, 5, 10, 11])
async def test_an_answer_is_kept_and_given_once(version: int) -> None:
    client = KeepingClient(Client(version))

    response = await client.send(3, request())

    assert version == response.API_VERSION, "aiokafka goes on with it"
    unread = client.take(CLICKS, 4)
    assert unread is not None
    item = unread.take(9)
    assert item is not None
    assert [record.value for record in item.records] == [b"a", b"b"]
    assert unread._aborted or unread._aborting, "and what was aborted"
    assert client.take(CLICKS, 4) is None
    assert client.take(VIEWS, 0) is None


async def test_an_answer_to_a_fetch_from_elsewhere_is_not_given() -> None:
    client = KeepingClient(Client(11))
    await client.send(3, request(start=2))

    assert client.take(CLICKS, 4) is None


@pytest.mark.parametrize("client", [Client(11, error=6), Client(11, data=b"")])
async def test_an_answer_without_records_is_not_kept(client: Client) -> None:
    keeping = KeepingClient(client)
    await keeping.send(3, request())

    assert keeping.take(CLICKS, 4) is None


async def test_what_is_forgotten_is_not_given() -> None:
    client = KeepingClient(Client(11))
    await client.send(3, request())
    client.forget()

    assert client.take(CLICKS, 4) is None


async def test_everything_else_is_aiokafkas_client() -> None:
    client = KeepingClient(Client(11))

    await client.send(3, SimpleNamespace(topics=None))
    assert client.cluster == "cluster"
