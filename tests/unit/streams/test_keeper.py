"""The keeper: what it applies, when it is whole, what it stores, and when it stops the worker."""

import asyncio

import pytest
from faust.types import TP

from models.times import SECOND
from tests.unit.models.building import NOON, campaign, raw, registry
from tests.unit.streams.faking import IMPRESSIONS, Stage, Stopped, message, restored


async def test_before_anything_is_restored_records_are_dropped_and_nothing_is_shown() -> None:
    stage = Stage()
    stage.deliver(0, 1)

    assert stage.keeper.fold is None
    assert stage.keeper.held is None
    assert stage.keeper.positions() == {}
    assert stage.keeper.position("impressions", 0) is None


async def test_records_are_applied_in_order_and_the_position_follows() -> None:
    stage = await restored()
    stage.deliver(0, 1, 2)

    assert stage.counted["impressions"] == 3
    assert stage.keeper.position("impressions", 0) == 3
    assert stage.keeper.position("clicks", 0) is None, "it is not assigned"


async def test_a_record_that_comes_again_counts_once() -> None:
    stage = await restored()
    stage.deliver(0, 1, 0, 1, 2)

    assert stage.counted["impressions"] == 3


async def test_a_record_ahead_of_its_turn_is_dropped_and_its_place_read_again() -> None:
    stage = await restored()
    stage.deliver(0, 5, 6)

    assert stage.counted["impressions"] == 1
    await stage.keeper._read_strayed_again()
    await stage.keeper._read_strayed_again()
    assert stage.consumer.sought == [{IMPRESSIONS: 1}]

    stage.deliver(*range(1, 7))
    assert stage.counted["impressions"] == 7


async def test_offsets_that_never_were_to_be_had_are_no_straying() -> None:
    stage = await restored()
    stage.deliver(0)
    stage.consumer.gaps[IMPRESSIONS, 5] = 1
    stage.deliver(5)

    assert stage.counted["impressions"] == 2
    assert stage.keeper.position("impressions", 0) == 6


async def test_a_gap_that_begins_after_the_position_is_straying_all_the_same() -> None:
    stage = await restored()
    stage.deliver(0)
    stage.consumer.gaps[IMPRESSIONS, 9] = 4
    stage.deliver(9)

    assert stage.counted["impressions"] == 1
    await stage.keeper._read_strayed_again()
    assert stage.consumer.sought == [{IMPRESSIONS: 1}]


async def test_a_place_that_strayed_and_left_is_not_sought() -> None:
    stage = await restored()
    stage.deliver(4)
    await stage.keeper.release()
    await stage.keeper._read_strayed_again()

    assert stage.consumer.sought == []


async def test_nothing_is_shown_until_the_records_that_waited_are_applied() -> None:
    stage = await restored(waiting=3)
    stage.deliver(0, 1)

    assert (stage.keeper.fold, stage.keeper.recovering) == (None, {0})
    assert stage.keeper.held is not None
    stage.deliver(2)
    assert stage.keeper.fold is stage.keeper.held
    assert (stage.keeper.recovering, stage.keeper.assigned) == (set(), {0})


async def test_a_partition_that_ends_with_a_marker_is_let_go_once_read_to_its_end() -> None:
    stage = await restored(waiting=3)
    stage.deliver(0, 1)
    stage.consumer.read[IMPRESSIONS] = stage.consumer.handed[IMPRESSIONS] = 2
    await stage.keeper._catch_up()
    assert stage.keeper.fold is None, "the consumer has not read up to the end"

    stage.consumer.read[IMPRESSIONS] = 3
    await stage.keeper._catch_up()
    assert stage.keeper.fold is not None


async def test_a_target_stays_while_a_fetched_record_waits_however_long() -> None:
    stage = await restored(waiting=3)
    stage.consumer.read[IMPRESSIONS] = stage.consumer.handed[IMPRESSIONS] = 3
    stage.deliver(0, 1)
    for _ in range(3):
        await stage.keeper._catch_up()
    assert stage.keeper.fold is None, "a slow worker is no caught-up one: its counters would dip"

    stage.deliver(2)
    assert stage.keeper.fold is not None


async def test_what_a_flush_stored_is_there_after_a_restart_and_read_on_from() -> None:
    stage = await restored()
    stage.deliver(0, 1, 2)
    stage.deliver(3, value=b"{")
    await stage.keeper.flush()
    stage.deliver(4)

    again = stage.restarted({IMPRESSIONS: (0, 5)})
    await again.keeper.restore()
    assert again.keeper.positions() == {IMPRESSIONS: 4}
    assert again.counted["impressions"] == 3
    again.deliver(3, 4)
    assert again.counted["impressions"] == 4
    assert len(stage.changelog.letters) == 1
    assert stage.consumer.committed == {IMPRESSIONS: 4}
    assert stage.keeper.durable == {0: NOON / SECOND}


async def test_what_retention_took_is_not_waited_for() -> None:
    stage = Stage({IMPRESSIONS: (10, 12)})
    await stage.keeper.restore()

    assert stage.keeper.positions() == {IMPRESSIONS: 10}
    stage.deliver(10, 11)
    assert stage.keeper.fold is not None


async def test_positions_that_cannot_be_committed_stop_nothing() -> None:
    stage = await restored()
    stage.consumer.refuses = True
    stage.deliver(0)
    await stage.keeper.flush()

    assert stage.keeper.durable
    assert stage.reasons == []


async def test_a_changelog_that_cannot_be_written_stops_the_worker() -> None:
    stage = await restored()
    stage.deliver(0)
    stage.changelog.fails = True

    with pytest.raises(Stopped, match="The changelog could not be written"):
        await stage.keeper.flush()
    assert stage.changelog.stored == {}


async def test_a_defect_of_ours_in_a_record_stops_the_worker_and_names_the_record() -> None:
    stage = await restored()
    broken = message(0, raw("impression"))
    broken.timestamp = None

    stage.keeper.accept(broken)
    with pytest.raises(Stopped, match="impressions/0 from offset 0"):
        stage.keeper._apply()


async def test_state_that_cannot_be_read_stops_the_worker_and_says_why() -> None:
    stage = Stage()
    stage.changelog.damage = "state has a hole"

    with pytest.raises(Stopped, match="state has a hole"):
        await stage.keeper.restore()


async def test_records_are_applied_by_the_batch_within_moments() -> None:
    stage = await restored()
    for offset in range(3):
        stage.keeper.accept(message(offset, raw("impression", event_id=str(offset))))
    assert (stage.counted.get("impressions", 0), stage.keeper.position("impressions", 0)) == (0, 0)

    await asyncio.sleep(0.1)

    assert (stage.counted["impressions"], stage.keeper.position("impressions", 0)) == (3, 3)


async def test_a_topic_behind_the_state_stops_the_worker_and_says_what_to_delete() -> None:
    stage = await restored()
    stage.deliver(0, 1, 2)
    await stage.keeper.flush()
    again = stage.restarted({IMPRESSIONS: (0, 1)})

    with pytest.raises(Stopped, match="impressions: what was read was made anew") as caught:
        await again.keeper.restore()
    assert "team-tallies-changelog" in str(caught.value)


async def test_a_restore_that_the_broker_does_not_answer_stops_the_worker_unless_it_stops_anyway() -> None:
    stage = Stage()
    stage.consumer.source_offsets = refused  # type: ignore[method-assign]

    with pytest.raises(Stopped, match="could not be restored"):
        await stage.keeper.restore()
    stage.reasons.clear()
    stage.app.should_stop = True
    await stage.keeper.restore()
    assert stage.reasons == []


async def refused() -> dict[TP, tuple[int, int]]:
    raise ConnectionError("refused")


async def test_a_changed_registry_judges_the_records_that_follow() -> None:
    stage = await restored()
    stage.deliver(0)
    stage.keeper.use(registry(campaign(id="snow", name="Snow")))
    stage.deliver(1)

    assert stage.keeper.held is not None
    ledger = stage.keeper.held.outcomes("impressions")
    assert ledger["outcome:counted"] == 1
    assert ledger["refused:unknown_campaign"] == 1


async def test_freshness_is_observed_of_each_record_once() -> None:
    stage = await restored()
    stage.deliver(0, 1, 0)

    assert sum(stage.keeper.freshness.counts) == 2


async def test_what_was_fetched_and_never_came_is_sought_again() -> None:
    stage = await restored(waiting=3)
    stage.deliver(0)
    stage.consumer.handed[IMPRESSIONS] = 3
    for _ in range(3):
        await stage.keeper._read_strayed_again()
    assert stage.consumer.sought == [], "a slow worker gets some time"

    await stage.keeper._read_strayed_again()
    assert stage.consumer.sought == [{IMPRESSIONS: 1}]


async def test_a_record_of_a_partition_that_left_is_dropped() -> None:
    stage = await restored()
    stage.deliver(0, partition=7)

    assert stage.counted == {}
    assert stage.reasons == []


async def test_nothing_is_settled_while_a_partition_is_behind() -> None:
    stage = await restored(waiting=2)
    stage.deliver(0)
    await stage.keeper._tidy()
    assert stage.changelog.tidied == [], "a copy of an id that is forgotten may be among what waits"

    stage.deliver(1)
    await stage.keeper._tidy()
    assert stage.changelog.tidied == [0]
