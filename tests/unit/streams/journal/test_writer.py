"""The writer of journals: what it holds is what the log holds, and a shard that was lost is noticed."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka.errors import KafkaError

from models.core.columns import no_counts, no_ids, no_sightings, numbers
from models.state.delta import Delta
from models.state.delta_format import decode_delta, encode_delta
from models.state.orders import Order, OrderKey, Refund
from streams.journal.journals import Journals
from streams.journal.records import PART_BYTES, encode_claim, encode_parts
from streams.journal.writer import MOST_RUNS, Fenced, JournalWriter, NotMade
from tests.unit.models.building import KEY
from tests.unit.streams.journal.logs import Log, read, standing

P = 3
SNAPSHOT_BYTES = 4_000_000


def delta(start: int, *, size: int = 0) -> Delta:
    """Make a delta of one record; with a size, of so many bytes at least."""
    refunds = {"r" * size: Refund(1, "EUR")} if size else {}
    orders = {OrderKey("glow", "purchase", f"o{start}"): Order(refunds=refunds)}
    source = ("clicks", P)
    empty = numbers([]), no_counts(), no_sightings(), no_ids()
    return Delta(KEY, {source: start}, {source: start + 1}, [], *empty, orders)


class Scene:
    """A writer of partition 3 and the log of that partition; with `tell_offset` acknowledgements have one."""

    def __init__(self) -> None:
        self.log = Log()
        self.journals = Journals()
        self.truncated: list[int] = []
        self.refuses = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.tell_offset = True
        self.writer = JournalWriter(self.journals, self, "host-1", SNAPSHOT_BYTES)

    async def append(self, partition: int, kind: bytes, value: bytes) -> "asyncio.Future[Any]":
        assert (partition, kind) in [(P, b"claim"), (P, b"delta"), (P, b"snapshot")]
        await self.gate.wait()
        sent: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self.refuses:
            sent.set_exception(KafkaError("refused"))
        else:
            offset = self.log.append(value)
            sent.set_result(type("Sent", (), {"offset": offset if self.tell_offset else -1}))
        return sent

    async def starts(self, partitions: set[int]) -> dict[int, int]:
        return dict.fromkeys(partitions, self.log.start)

    async def read(self, partition: int, start: int, end: int) -> Sequence[tuple[int, bytes]]:
        assert partition == P
        return self.log.between(start, end)

    async def truncate(self, partition: int, offset: int) -> None:
        assert partition == P
        self.truncated.append(offset)
        self.log.truncate(offset)

    async def claim(self) -> None:
        """Claim, and read the log as recovery does."""
        await self.writer.claim({P})
        self.journals.held[P] = read(self.log, self.journals.held.get(P))

    async def write(self, *starts: int, size: int = 0) -> None:
        for start in starts:
            await self.writer.write(P, delta(start, size=size))

    async def shorten(self) -> None:
        await self.writer.shorten(P, lambda one: one)

    def agrees(self) -> bool:
        """Return whether what is held is what the log holds."""
        held, found = self.journals.held[P], read(self.log)
        return (held.runs, held.epoch, held.next_offset) == (found.runs, held.epoch, found.next_offset)


@pytest.fixture
async def scene() -> Scene:
    made = Scene()
    await made.claim()
    return made


async def test_a_claim_is_ours_until_another_is_read(scene: Scene) -> None:
    assert (scene.writer.claims, scene.writer.is_ours(P)) == ({P: 0}, True)

    scene.journals.held[P].read(scene.log.append(encode_claim("host-2")), encode_claim("host-2"))
    assert not scene.writer.is_ours(P)


async def test_a_claim_that_is_not_acknowledged_is_none() -> None:
    scene = Scene()
    scene.refuses = True
    with pytest.raises(KafkaError):
        await scene.writer.claim({P})

    assert scene.writer.claims == {}


async def test_a_claim_is_none_until_it_is_acknowledged(scene: Scene) -> None:
    assert scene.writer.is_claimed()
    scene.gate.clear()
    claiming = asyncio.create_task(scene.writer.claim({P}))
    await asyncio.sleep(0)
    assert not scene.writer.is_claimed()

    scene.gate.set()
    await claiming
    assert scene.writer.is_claimed()


async def test_a_first_claim_is_none_either_while_it_is_asked_where_logs_start() -> None:
    scene = Scene()
    assert scene.writer.is_claimed(), "of nothing"
    scene.gate.clear()
    claiming = asyncio.create_task(scene.writer.claim({P}))
    scene.journals.open({})
    await asyncio.sleep(0)
    scene.journals.open({})
    assert not scene.writer.is_claimed()
    claiming.cancel()


async def test_what_was_not_read_up_to_the_claim_is_read_from_the_log(scene: Scene) -> None:
    await scene.write(0, 1)
    await scene.shorten()
    scene.journals.open({})
    await scene.writer.claim({P})
    assert standing(scene.journals.held[P]) == []
    await scene.writer.complete(P)

    assert standing(scene.journals.held[P]) == [(1, 2)]
    assert scene.agrees()
    complete = scene.journals.held[P]
    await scene.writer.complete(P)
    assert scene.journals.held[P] is complete


async def test_what_is_claimed_again_while_it_is_read_is_not_replaced(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.writer.claim({P})
    reading, go = scene.read, asyncio.Event()

    async def read_later(*where: int) -> Sequence[tuple[int, bytes]]:
        await go.wait()
        return await reading(*where)

    monkeypatch.setattr(scene, "read", read_later)
    completing = asyncio.create_task(scene.writer.complete(P))
    await asyncio.sleep(0)
    scene.journals.open({})
    scene.journals.open({P: 0})
    held = scene.journals.held[P]
    go.set()
    await completing

    assert scene.journals.held[P] is held


async def test_of_a_claim_whose_offset_is_not_told_nothing_is_ours() -> None:
    scene = Scene()
    scene.tell_offset = False
    await scene.claim()

    assert not scene.writer.is_ours(P)


async def test_deltas_are_numbered_one_after_another_and_held_as_in_the_log(scene: Scene) -> None:
    await scene.write(0, 1, 2)

    assert standing(scene.journals.held[P]) == [(1, 1), (2, 2), (3, 3)]
    assert scene.agrees()


async def test_a_large_delta_goes_in_parts_and_is_one(scene: Scene) -> None:
    await scene.write(0, size=2 * PART_BYTES)

    assert scene.log.end == 4
    assert standing(scene.journals.held[P]) == [(1, 1)]
    assert scene.journals.held[P].runs[0].data == encode_delta(delta(0, size=2 * PART_BYTES))


async def test_where_the_broker_tells_no_offset_the_log_is_read(scene: Scene) -> None:
    scene.tell_offset = False
    await scene.write(0, size=2 * PART_BYTES)
    scene.tell_offset = True
    await scene.write(1)

    assert standing(scene.journals.held[P]) == [(1, 1), (2, 2)]
    assert scene.agrees()


async def test_what_one_that_lost_the_shard_writes_is_passed_over(scene: Scene) -> None:
    await scene.claim()
    for value in encode_parts("delta", 0, 1, b"of an earlier epoch"):
        scene.log.append(value)
    await scene.write(0)

    assert standing(scene.journals.held[P]) == [(1, 1)]
    assert scene.agrees()


async def test_whoever_lost_the_shard_is_told_at_the_next_write_which_does_not_count(
    scene: Scene,
) -> None:
    await scene.write(0)
    scene.log.append(encode_claim("host-2"))

    with pytest.raises(Fenced, match="another worker has claimed partition 3"):
        await scene.write(1)
    assert read(scene.log).last == 1


async def test_a_claim_between_the_parts_of_a_delta_takes_the_shard_and_the_delta(scene: Scene) -> None:
    scene.gate.clear()
    writing = asyncio.create_task(scene.write(0, size=2 * PART_BYTES))
    await asyncio.sleep(0)
    scene.log.append(encode_claim("host-2"))
    scene.gate.set()

    with pytest.raises(Fenced):
        await writing
    assert read(scene.log).last == 0


async def test_a_log_that_was_made_anew_under_the_worker_is_noticed(scene: Scene) -> None:
    await scene.write(0, 1)
    scene.log.values.clear()

    with pytest.raises(Fenced, match="delta 3 of partition 3 is not in its log"):
        await scene.write(2)


async def test_a_delta_that_is_refused_leaves_the_journal_as_it_was(scene: Scene) -> None:
    scene.refuses = True
    with pytest.raises(KafkaError):
        await scene.write(0)

    assert scene.journals.held[P].last == 0
    assert scene.agrees()


async def test_a_delta_that_got_there_untold_is_read_with_the_next_claim(scene: Scene) -> None:
    scene.log.append(encode_parts("delta", 0, 1, b"untold")[0])
    await scene.claim()

    assert scene.journals.held[P].last == 1
    await scene.write(1)
    assert scene.agrees()


async def test_a_snapshot_is_due_when_as_much_was_written_as_it_would_hold(scene: Scene) -> None:
    half = SNAPSHOT_BYTES // 2
    await scene.write(0, size=half)
    assert not scene.writer.is_long(P)
    await scene.write(1, size=half)
    assert scene.writer.is_long(P)

    await scene.shorten()
    assert not scene.writer.is_long(P)
    await scene.write(2, size=half)
    assert not scene.writer.is_long(P)
    await scene.write(3, size=half)
    assert scene.writer.is_long(P)


async def test_a_snapshot_is_due_after_many_deltas_however_small(scene: Scene) -> None:
    await scene.write(*range(MOST_RUNS))
    assert not scene.writer.is_long(P)
    await scene.write(MOST_RUNS)
    assert scene.writer.is_long(P)


async def test_a_snapshot_says_what_its_deltas_say_and_they_are_deleted(scene: Scene) -> None:
    await scene.write(0, 1, 2)
    await scene.shorten()
    await scene.write(3)

    assert scene.truncated == [4]
    journal = read(scene.log)
    journal.require_whole()
    assert standing(journal) == [(1, 3), (4, 4)]
    merged = decode_delta(journal.runs[0].data)
    assert (merged.start, merged.end) == ({("clicks", P): 0}, {("clicks", P): 3})
    assert {key.id for key in merged.orders} == {"o0", "o1", "o2"}


async def test_what_no_longer_matters_is_left_out_of_a_snapshot(scene: Scene) -> None:
    await scene.write(0)
    await scene.writer.shorten(P, lambda _: delta(0, size=9))

    assert read(scene.log).runs[0].data == encode_delta(delta(0, size=9))


async def test_deltas_written_while_a_snapshot_is_made_stay(scene: Scene) -> None:
    await scene.write(0, 1, size=3 * PART_BYTES)
    shortening = asyncio.create_task(scene.shorten())
    await asyncio.sleep(0)
    await scene.write(2)
    await shortening
    await scene.write(3)

    assert standing(read(scene.log)) == [(1, 2), (3, 3), (4, 4)]
    assert scene.agrees()


async def test_a_snapshot_of_one_that_lost_the_shard_deletes_nothing(scene: Scene) -> None:
    await scene.write(0)
    scene.log.append(encode_claim("host-2"))

    with pytest.raises(Fenced):
        await scene.shorten()
    assert scene.truncated == []
    assert standing(read(scene.log)) == [(1, 1)]


async def test_a_snapshot_that_cannot_be_made_leaves_the_journal_as_it_was(scene: Scene) -> None:
    await scene.write(0, 1)

    def fails(_: Delta) -> Delta:
        raise OverflowError

    with pytest.raises(NotMade):
        await scene.writer.shorten(P, fails)
    assert standing(scene.journals.held[P]) == [(1, 1), (2, 2)]
    await scene.write(2)
    assert scene.agrees()
