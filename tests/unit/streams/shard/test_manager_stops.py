"""What stops a worker: whatever it went on with could lose or double events."""

import asyncio
import re

import pytest

from streams.journal.versioned import encode_fields
from streams.journal.writer import NotMade
from streams.kafka.halt import RecordRefused
from streams.shard.bundles import VERSION
from tests.unit.streams.cluster import Stopped
from tests.unit.streams.shard.stage import BUNDLES, VIEWS, Stage, restored, turn


async def test_a_state_that_cannot_be_written_stops_the_worker() -> None:
    stage = await restored()
    stage.read(1)
    stage.fate.refuse = 0

    with pytest.raises(Stopped, match="The state could not be stored"):
        await stage.manager.flush()


async def test_a_worker_that_lost_a_shard_stops_itself_and_changes_nothing() -> None:
    stage = await restored()
    stage.read(1)
    await stage.manager.flush()
    other = stage.restarted()
    await other.join({0})
    stage.read(1)

    with pytest.raises(Stopped, match="another worker has claimed partition 0"):
        await stage.manager.flush()
    other.read()
    await other.manager.flush()
    assert other.views == 2


async def test_what_another_release_forwarded_stops_the_worker_and_says_what_to_do() -> None:
    stage = await restored()
    stage.broker.send(BUNDLES, encode_fields(VERSION + 1))
    stage.deliver(BUNDLES)

    with pytest.raises(Stopped, match="Run one release on all workers"):
        stage.apply()


async def test_a_defect_of_ours_in_a_record_stops_the_worker_and_names_the_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = await restored()
    stage.view()
    monkeypatch.setattr(stage.state, "apply", None)

    with pytest.raises(Stopped, match="impressions/0 up to offset 1"):
        stage.read()


async def test_a_record_that_is_refused_halts_the_worker_which_throws_away_what_is_not_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = await restored()
    stage.read(1)

    async def refuse(*_: object) -> None:
        raise RecordRefused("too large")

    monkeypatch.setattr(stage.writer, "write", refuse)
    await stage.manager.flush()
    assert str(stage.manager.halt) == "too large"
    assert stage.manager.assignment.discarded

    monkeypatch.undo()
    await stage.manager.flush()
    await stage.join({0})
    assert (stage.manager.assignment.all, stage.reasons) == (None, [])
    again = stage.restarted()
    await again.join({0})
    again.read()
    assert again.views == 1


async def test_a_snapshot_that_cannot_be_stored_stops_the_worker_that_holds_the_shard() -> None:
    stage = await restored()
    stage.read(1)
    await stage.manager.flush()
    stage.writer.long = True
    stage.fate.refuse = 0

    with pytest.raises(Stopped, match="A snapshot could not be stored"):
        await stage.shorten()


async def test_a_snapshot_that_cannot_be_made_stops_nothing_and_is_tried_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = await restored()
    stage.read(1)
    await stage.manager.flush()
    stage.writer.long = True
    tried: list[object] = []

    async def shorten(*_: object) -> None:
        tried.append(0)
        raise NotMade

    monkeypatch.setattr(stage.writer, "shorten", shorten)
    await stage.shorten()
    await stage.shorten()

    assert (stage.reasons, len(tried)) == ([], 1)


async def test_a_claim_of_another_while_the_state_is_restored_stops_the_worker() -> None:
    stage = Stage()
    stage.fate.hang = 2
    joining = asyncio.create_task(stage.join({0}))
    await turn()
    other = stage.restarted()
    await other.join({0})
    stage.recover()
    stage.fate.thawed.set()

    with pytest.raises(Stopped, match="claimed by another worker"):
        await joining


async def test_a_claim_that_is_not_acknowledged_stops_the_worker() -> None:
    stage = Stage()
    stage.fate.refuse = 1

    with pytest.raises(Stopped, match="could not be claimed"):
        await stage.join({0})


async def test_a_restore_that_the_broker_does_not_answer_stops_the_worker_unless_it_stops_anyway() -> None:
    stage = Stage()
    stage.fate.refuse = 2
    with pytest.raises(Stopped, match="could not be restored"):
        await stage.join({0})

    stage = Stage()
    stage.fate.refuse = 2
    stage.stopping = True
    await stage.join({0})
    assert stage.reasons == []


async def test_state_that_cannot_be_read_stops_the_worker_and_says_what_to_do() -> None:
    stage = Stage()
    stage.broker.journals[0].append(b"\xff")

    await stage.join({0})
    halt = stage.manager.halt
    assert re.search(r"damaged.*another KPIS_GROUP, or delete team-forwarded and team-tallies", str(halt))
    assert halt is not None
    assert halt.partitions == {0}
    assert (stage.reasons, stage.manager.assignment.all) == ([], None)


async def test_a_topic_behind_the_state_stops_the_worker_and_says_what_to_delete() -> None:
    stage = await restored()
    stage.read(3)
    await stage.leave()
    del stage.broker.sources[VIEWS][1:]

    again = stage.restarted()
    await again.join({0})
    assert re.search(
        r"impressions: what was read was made anew.*team-tallies-changelog", str(again.manager.halt)
    )


async def test_a_topic_behind_a_shard_that_was_kept_stops_the_worker_too() -> None:
    stage = await restored()
    stage.read(3)
    await stage.leave()
    del stage.broker.sources[VIEWS][1:]

    await stage.join({0})
    assert "what was read was made anew" in str(stage.manager.halt)
