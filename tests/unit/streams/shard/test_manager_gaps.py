"""Records that do not follow what is there: their source is read again, once, and not for ever."""

import asyncio

import pytest

from tests.unit.streams.shard.stage import VIEWS, refused, restored, turn


async def test_records_ahead_of_their_turn_are_dropped_and_their_source_read_again_once() -> None:
    stage = await restored()
    stage.view(7)
    stage.hand_over(0, 1)
    stage.hand_over(5, 7)
    stage.apply()
    assert stage.views == 1

    stage.sought.clear()
    await stage.read_again()
    await stage.read_again()
    assert stage.sought == [{VIEWS: 1}]
    stage.read()
    assert stage.views == 7


@pytest.mark.parametrize("applied", [True, False])
async def test_a_source_whose_records_were_deleted_under_the_worker_is_not_sought_for_ever(
    applied: bool,
) -> None:
    stage = await restored()
    stage.view(2)
    stage.deliver(VIEWS)
    if applied:
        stage.apply()
    stage.view(5)
    stage.broker.starts[VIEWS] = 6
    stage.hand_over(6, 7)
    await stage.read_again()
    stage.deliver(VIEWS)
    stage.apply()

    assert (stage.sought[-1], stage.views) == ({VIEWS: 6}, 3)
    assert stage.state.outcomes("impressions")["lost"] == 4


async def test_a_gap_before_partitions_that_leave_meanwhile_is_nobodys_concern(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = await restored()
    stage.view(7)
    stage.hand_over(4, 7)
    stage.sought.clear()
    stage.fate.hang = 0
    reading = asyncio.create_task(stage.read_again())
    await turn()
    await stage.leave()
    caplog.set_level("INFO")
    stage.fate.thawed.set()
    await reading

    assert (stage.sought, caplog.text) == ([], "")


async def test_a_source_with_a_gap_that_left_is_not_sought() -> None:
    stage = await restored()
    stage.view(7)
    stage.hand_over(4, 7)
    await stage.leave()
    stage.sought.clear()
    await stage.read_again()

    assert stage.sought == []


async def test_what_was_fetched_and_never_came_is_sought_again_after_some_time() -> None:
    stage = await restored()
    stage.read(1)
    stage.next[VIEWS] = 3
    stage.sought.clear()
    for _ in range(3):
        await stage.read_again()
    assert stage.sought == [], "a slow worker gets some time"

    await stage.read_again()
    assert stage.sought == [{VIEWS: 1}]


async def test_a_seek_that_fails_stops_nothing_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = await restored()
    stage.view(7)
    stage.hand_over(4, 7)
    stage.next[VIEWS] = 7
    with monkeypatch.context() as patch:
        patch.setattr(stage, "seek", refused)
        await stage.read_again()
    for _ in range(4):
        await stage.read_again()

    assert {VIEWS: 0} in stage.sought
