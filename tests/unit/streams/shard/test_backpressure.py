"""Backpressure: with some a flush is due, with more whoever brings more waits."""

import asyncio

from streams.shard.backpressure import FLUSH_AT, MOST_UNFLUSHED, Backpressure


async def turn() -> None:
    """Let every task go on that can."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_a_flush_is_due_when_there_is_enough_and_not_before() -> None:
    room = Backpressure()
    filled = asyncio.create_task(room.fill(3600))
    room.take(FLUSH_AT - 1)
    await turn()
    assert not filled.done()

    room.take(1)
    await filled


async def test_a_flush_is_due_after_its_time_however_little_there_is() -> None:
    await Backpressure().fill(0)


async def test_what_was_flushed_does_not_make_the_next_flush_due() -> None:
    room = Backpressure()
    room.take(FLUSH_AT)
    room.empty()
    filled = asyncio.create_task(room.fill(3600))
    await turn()

    assert not filled.done()
    filled.cancel()


async def test_nobody_waits_while_there_is_room() -> None:
    room = Backpressure()
    room.take(MOST_UNFLUSHED - 1)

    await room.wait()


async def test_all_who_wait_go_on_once_it_is_emptied() -> None:
    room = Backpressure()
    room.take(MOST_UNFLUSHED)
    waiting = [asyncio.create_task(room.wait()) for _ in range(2)]
    await turn()
    assert not any(task.done() for task in waiting)

    room.empty()
    await asyncio.gather(*waiting)


async def test_who_finds_the_room_full_again_waits_again() -> None:
    room = Backpressure()
    room.take(MOST_UNFLUSHED)
    waiting = asyncio.create_task(room.wait())
    await turn()
    room.empty()
    room.take(MOST_UNFLUSHED)
    await turn()
    assert not waiting.done()

    room.empty()
    await waiting
