"""The start of a client that is cancelled: aiokafka would leave a connection open."""

import asyncio

import pytest

from connections.kafka import begin


class Client:
    """A client whose start takes until it is answered."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.answered = asyncio.Event()
        self.ended = ""

    async def start(self) -> None:
        self.asked.set()
        try:
            await self.answered.wait()
            self.ended = "started"
        except asyncio.CancelledError:
            self.ended = "cut off"
            raise


async def test_a_start_that_is_cancelled_comes_to_its_end_so_that_the_client_can_be_closed() -> None:
    client = Client()
    beginning = asyncio.create_task(begin(client.start()))
    await client.asked.wait()
    beginning.cancel()
    client.answered.set()
    with pytest.raises(asyncio.CancelledError):
        await beginning
    assert client.ended == "started"


async def test_one_that_takes_too_long_is_cut_off() -> None:
    client = Client()
    beginning = asyncio.create_task(begin(client.start(), within=0))
    await client.asked.wait()
    beginning.cancel()
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})
    assert beginning.cancelled()
    assert client.ended == "cut off"


async def test_what_a_start_raises_is_raised() -> None:
    async def start() -> None:
        raise ConnectionError("refused")

    with pytest.raises(ConnectionError, match="refused"):
        await begin(start())
