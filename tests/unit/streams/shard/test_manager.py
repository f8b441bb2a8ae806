"""The shard manager: records are applied in order, stored, and shown once what waited is applied."""

import asyncio
from typing import Any

import pytest

from models.times import SECOND
from streams.kafka.raw_records import Record
from streams.shard.backpressure import FLUSH_AT
from streams.shard.bundles import encode_bundle
from tests.unit.models.building import NOON, campaign, raw, registry
from tests.unit.streams.shard.sections import section_of
from tests.unit.streams.shard.stage import BUNDLES, VIEWS, Stage, refused, restored, turn


async def test_before_anything_is_restored_records_are_dropped_and_nothing_is_shown() -> None:
    stage = Stage()
    stage.view(2)
    stage.hand_over(0, 2)
    stage.apply()

    assert not stage.shown
    assert stage.manager.assignment.all is None
    assert stage.manager.positions() == {}


async def test_records_are_applied_in_order_and_the_position_follows() -> None:
    stage = await restored()
    stage.read(3)

    assert (stage.views, stage.manager.positions()[VIEWS]) == (3, 3)


async def test_records_that_come_again_count_once_and_are_observed_once() -> None:
    stage = await restored()
    stage.read(3)
    stage.hand_over(0, 3)
    stage.view(2)
    stage.hand_over(1, 5)
    stage.apply()

    assert stage.views == 5
    assert stage.state.outcomes("impressions") == {"outcome:counted": 5}
    assert sum(stage.manager.freshness.counts) == 5


async def test_what_overlaps_with_what_still_waits_counts_once_in_every_figure() -> None:
    stage = await restored()
    stage.view(4)
    stage.view(value=b"{")
    stage.hand_over(0, 5)
    stage.view(2)
    stage.hand_over(2, 7)
    stage.apply()

    assert (stage.views, stage.manager.positions()[VIEWS]) == (6, 7)
    outcomes = stage.state.outcomes("impressions")
    assert (outcomes["outcome:counted"], outcomes["outcome:refused"]) == (6, 1)
    assert "outcome:duplicate" not in outcomes
    await stage.manager.flush()
    assert len(stage.broker.letters) == 1


async def test_a_registry_is_taken_before_anything_is_assigned() -> None:
    changed = registry(campaign(id="snow", name="Snow"))
    stage = Stage()
    stage.manager.use(changed)

    assert stage.manager.registry == changed


async def test_nothing_is_shown_until_the_records_that_waited_are_applied() -> None:
    stage = await restored(waiting=3)
    stage.deliver(VIEWS, 2)
    stage.apply()
    await turn()
    assert (stage.shown, stage.manager.assignment.recovering, stage.views) == (False, {0}, 2)

    stage.read()
    await turn()
    assert (stage.shown, stage.manager.assignment.recovering) == (True, set())


async def test_a_partition_that_ends_with_a_marker_is_live_once_it_is_passed_over() -> None:
    stage = await restored(waiting=3)
    stage.hand_over(0, 2)
    stage.apply()
    stage.broker.sources[VIEWS].pop()
    stage.hand_over(2, 3)
    stage.apply()
    await turn()

    assert stage.shown


async def test_nothing_is_shown_until_what_was_forwarded_meanwhile_is_applied() -> None:
    stage = await restored(waiting=1)
    section = section_of("impressions", 5, 0, 1, [Record(0, NOON, None, raw("impression"), [])])
    stage.outbox.add(0, [section])
    stage.read()
    await turn()
    assert not stage.shown

    stage.deliver(BUNDLES)
    stage.apply()
    assert (stage.shown, stage.views) == (True, 2)


async def test_where_the_end_of_what_is_forwarded_is_not_known_it_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage()
    await stage.join({0})
    with monkeypatch.context() as patch:
        patch.setattr(stage, "bounds", refused)
        await turn()
    assert not stage.shown

    stage.manager._catching_up.look()
    await turn()
    assert stage.shown


async def test_records_are_applied_by_the_batch_within_moments() -> None:
    stage = await restored()
    stage.view(3)
    stage.deliver(VIEWS)
    assert (stage.views, stage.manager.positions()[VIEWS]) == (0, 3)

    await asyncio.wait_for(until(lambda: stage.views == 3), 10)


async def until(true: Any) -> None:
    """Wait for what a timer of the loop does."""
    while not true():
        await asyncio.sleep(0)


async def test_what_a_flush_stored_is_there_after_a_restart_and_read_on_from() -> None:
    stage = await restored()
    stage.view(3)
    stage.view(value=b"{")
    stage.read()
    await stage.manager.flush()
    await turn()
    stage.read(1)

    assert stage.committed == {tp: 4 if tp == VIEWS else 0 for tp in stage.sources}
    assert stage.manager.assignment.durable_at == {0: NOON / SECOND}
    again = stage.restarted()
    await again.join({0})
    assert (again.manager.positions()[VIEWS], again.views) == (4, 3)
    again.read()
    assert (again.views, len(stage.broker.letters)) == (4, 1)


async def test_what_is_committed_is_stored_and_not_what_came_while_it_was() -> None:
    stage = await restored()
    stage.read(2)
    stage.fate.hang = 0
    flush = asyncio.create_task(stage.manager.flush())
    await turn()
    assert stage.hung
    stage.read(3)
    stage.view(1)
    stage.deliver(VIEWS)
    stage.fate.thawed.set()
    await flush
    await turn()

    again = stage.restarted()
    await again.join({0})
    assert stage.committed[VIEWS] == again.manager.positions()[VIEWS] == 2


async def test_a_changed_registry_judges_the_records_that_follow() -> None:
    stage = await restored()
    stage.view(1)
    stage.deliver(VIEWS)
    stage.manager.use(registry(campaign(id="snow", name="Snow")))
    stage.read(1)

    ledger = stage.state.outcomes("impressions")
    assert (ledger["outcome:counted"], ledger["refused:unknown_campaign"]) == (1, 1)


async def test_nothing_is_shown_while_the_group_may_not_count_on_us() -> None:
    stage = await restored()
    assert (stage.shown, stage.manager.cut_off) == (True, False)

    stage.manager._lease.end()
    assert (stage.shown, stage.manager.cut_off) == (False, True)


async def test_no_snapshot_is_made_while_a_partition_is_behind() -> None:
    stage = await restored(waiting=2)
    stage.deliver(VIEWS, 1)
    await stage.manager.flush()
    stage.writer.long = True
    await stage.shorten()
    assert stage.broker.journals[0].start == 0, "a copy of an id that is forgotten may be among what waits"

    stage.read()
    await turn()
    await stage.manager.flush()
    await stage.shorten()
    assert stage.broker.journals[0].start > 0
    again = stage.restarted()
    await again.join({0})
    assert again.views == 2


async def test_what_is_forwarded_is_room_by_its_events() -> None:
    stage = await restored()
    stage.manager._backpressure.take(FLUSH_AT - 10)
    events = [Record(offset, NOON, None, b"{", []) for offset in range(10)]
    stage.broker.send(BUNDLES, encode_bundle([section_of("impressions", 5, 0, 10, events)]))
    stage.deliver(BUNDLES)
    stage.apply()

    await asyncio.wait_for(stage.manager._backpressure.fill(3600), 10)
