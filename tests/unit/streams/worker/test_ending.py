"""Background tasks end when they are told to, though one of them lost the cancellation."""

import asyncio

import pytest

from streams.worker.ending import end


async def hanging() -> None:
    await asyncio.Event().wait()


async def losing() -> None:
    """Lose one cancellation, as a client of Redis may, and go on."""
    try:
        await hanging()
    except asyncio.CancelledError:
        await hanging()


async def failing() -> None:
    raise ValueError("why")


async def test_all_are_ended_whatever_they_end_with() -> None:
    tasks = [asyncio.create_task(body()) for body in (hanging, failing)]
    await asyncio.sleep(0)
    await end(tasks)

    assert all(task.done() for task in tasks)
    with pytest.raises(ValueError, match="why"):
        tasks[1].result()


async def test_a_task_that_lost_its_cancellation_is_cancelled_again() -> None:
    task = asyncio.create_task(losing())
    await asyncio.sleep(0)
    await asyncio.wait_for(end([task], again=0.01), 10)

    assert task.cancelled()


async def test_where_there_is_nothing_to_end_nothing_is_awaited() -> None:
    await end([])
