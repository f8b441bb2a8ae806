"""The changelog: each kind of record acknowledged before the next is sent, and the table after that."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from models.delta import Delta, no_counts, no_ids, no_sightings
from models.delta_format import encode_delta
from models.orders import Order, Refund
from streams.changelog import Changelog, UnusableState
from streams.dead_letters import DeadLetter
from streams.runs import MOST_RUNS, PART_BYTES, Part, Run, parts_of
from tests.unit.models.building import new_fold

LETTER = DeadLetter(b"k", b"{", [("a", b"1")])


def delta(start: int, *, size: int = 0) -> Delta:
    """Make a delta of one record; with a size, of so many bytes at least."""
    refunds = {"r" * size: Refund(1, "EUR")} if size else {}
    orders = {("glow", f"o{start}"): Order(refunds=refunds)}
    nothing = (no_counts(), no_sightings(), no_ids())
    return Delta({"clicks": start}, {"clicks": start + 1}, [], *nothing, orders)


class Broker:
    """Takes records and acknowledges them only when told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[Any, ...]] = []
        self._pending: list[asyncio.Future[Any]] = []
        self.at_once = False

    async def send_record(
        self, topic: str, key: Any, value: Any, partition: int | None = None, headers: Any = ()
    ) -> asyncio.Future[Any]:
        self.sent.append((topic, key, value, partition, headers))
        self._pending.append(asyncio.get_running_loop().create_future())
        if self.at_once:
            self._pending.pop().set_result(None)
            done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            done.set_result(None)
            return done
        return self._pending[-1]

    async def answer(self, error: Exception | None = None) -> list[Any]:
        """Acknowledge (or refuse one of) what was sent since the last answer; give its keys."""
        for _ in range(5):
            await asyncio.sleep(0)
        pending, self._pending = self._pending, []
        if error:
            pending.pop().set_exception(error)
        for one in pending:
            one.set_result(None)
        return [sent[1] for sent in self.sent[-len(pending) :]] if pending else []


class Scene:
    """A changelog of partitions 3 and 4, and a table that holds a record of another's partition 5."""

    def __init__(self) -> None:
        self.broker = Broker()
        self.table: dict[bytes, bytes] = {b"5|0-0|0/1": encode_delta(delta(0))}
        self.changelog = self.opened()

    def opened(self) -> Changelog:
        """Open what the table holds, as after a restart."""
        table = SimpleNamespace(changelog_topic_name="log", data=SimpleNamespace(data=self.table))
        changelog = Changelog(SimpleNamespace(producer=self.broker), table, "letters")
        changelog.open({3, 4})
        return changelog

    def store(self, *deltas: Delta) -> "asyncio.Task[None]":
        """Store a dead letter and deltas of partitions 3, 4."""
        return asyncio.create_task(self.changelog.store([LETTER], dict(zip((3, 4), deltas, strict=False))))

    async def tidy(self, *, owned: bool = True) -> None:
        self.broker.at_once = True
        await self.changelog.tidy(3, lambda one: one, lambda: owned)

    async def fill(self, number: int) -> None:
        """Store so many deltas of partition 3."""
        self.broker.at_once = True
        for start in range(number):
            await self.changelog.store([], {3: delta(start)})


async def test_dead_letters_go_first_then_all_parts_but_the_last_then_the_last() -> None:
    scene = Scene()
    large = delta(0, size=2 * PART_BYTES)
    task = scene.store(large, delta(0))

    assert await scene.broker.answer() == [b"k"]
    assert await scene.broker.answer() == [b"3|0-0|0/3", b"3|0-0|1/3"]
    assert not task.done()
    assert await scene.broker.answer() == [b"3|0-0|2/3", b"4|0-0|0/1"]
    await task
    assert scene.broker.sent[0] == ("letters", b"k", b"{", None, [("a", b"1")])
    assert scene.broker.sent[1][0::3] == ("log", 3)
    assert scene.opened().read(3, Run(0, 0, 3)).orders == large.orders


async def test_the_table_holds_what_the_broker_has_acknowledged() -> None:
    scene = Scene()
    task = scene.store(delta(0))
    await scene.broker.answer()
    for _ in range(5):
        await asyncio.sleep(0)
    assert b"3|0-0|0/1" not in scene.table
    await scene.broker.answer()
    await task

    assert b"3|0-0|0/1" in scene.table
    assert scene.changelog.runs(3) == scene.opened().runs(3) == [Run(0, 0, 1)]


@pytest.mark.parametrize("refused", [0, 1])
async def test_what_is_refused_raises_and_nothing_follows(refused: int) -> None:
    scene = Scene()
    task = scene.store(delta(0))
    for _ in range(refused):
        await scene.broker.answer()
    await scene.broker.answer(ConnectionError("refused"))

    with pytest.raises(ConnectionError):
        await task
    assert len(scene.broker.sent) == 1 + refused
    assert scene.changelog.runs(3) == scene.opened().runs(3) == []


async def test_a_cut_of_nothing_sends_nothing() -> None:
    scene = Scene()
    await scene.changelog.store([], {})

    assert scene.broker.sent == []


async def test_a_delta_that_was_not_finished_is_written_anew_and_its_rest_deleted() -> None:
    scene = Scene()
    torn = Run(0, 0, 3)
    scene.table.update({part.key(): b"torn" for part in parts_of(3, torn)[:2]})
    scene.changelog = scene.opened()
    assert scene.changelog.runs(3) == []

    await scene.fill(1)
    await scene.tidy()

    assert set(scene.table) == {b"3|0-0|0/1", b"5|0-0|0/1"}
    assert [sent[1] for sent in scene.broker.sent if sent[2] is None] == [b"3|0-0|0/3", b"3|0-0|1/3"]


async def test_few_runs_are_left_alone() -> None:
    scene = Scene()
    await scene.fill(MOST_RUNS)
    await scene.tidy()

    assert len(scene.changelog.runs(3)) == MOST_RUNS


async def test_many_runs_become_one_that_says_the_same() -> None:
    scene = Scene()
    await scene.fill(MOST_RUNS + 1)
    await scene.tidy()

    (run,) = scene.changelog.runs(3)
    merged = scene.opened().read(3, run)
    assert (merged.start, merged.end) == ({"clicks": 0}, {"clicks": MOST_RUNS + 1})
    assert set(merged.orders) == {("glow", f"o{number}") for number in range(MOST_RUNS + 1)}
    assert set(scene.table) == {Part(3, run, 0).key(), b"5|0-0|0/1"}
    await scene.changelog.store([], {3: delta(MOST_RUNS + 1)})
    assert scene.opened().runs(3)[-1] == Run(MOST_RUNS + 1, MOST_RUNS + 1, 1)


async def test_what_leaves_meanwhile_is_not_merged() -> None:
    scene = Scene()
    await scene.fill(MOST_RUNS + 1)
    before = dict(scene.table)
    await scene.tidy(owned=False)

    assert scene.table == before


async def test_a_crash_before_the_merged_are_deleted_loses_and_doubles_nothing() -> None:
    scene = Scene()
    await scene.fill(MOST_RUNS + 1)
    before = dict(scene.table)
    await scene.tidy()
    merged = scene.changelog.runs(3)
    scene.table.update(before)

    scene.changelog = scene.opened()
    assert scene.changelog.runs(3) == merged
    await scene.tidy()
    assert set(scene.table) == {Part(3, merged[0], 0).key(), b"5|0-0|0/1"}


async def test_state_of_another_release_or_with_a_hole_is_refused() -> None:
    scene = Scene()
    scene.table[b"3|checkpoint"] = b"[1,{}]"
    with pytest.raises(ValueError, match="another release"):
        scene.opened()

    del scene.table[b"3|checkpoint"]
    scene.table[b"3|1-1|0/1"] = b""
    with pytest.raises(ValueError, match="hole"):
        scene.opened()


async def test_what_was_left_over_and_has_the_name_of_what_was_written_since_is_not_deleted() -> None:
    scene = Scene()
    large = delta(0, size=2 * PART_BYTES)
    scene.table.update({part.key(): b"torn" for part in parts_of(3, Run(0, 0, 3))[:2]})
    scene.changelog = scene.opened()
    scene.broker.at_once = True
    await scene.changelog.store([], {3: large})
    await scene.tidy()

    assert scene.opened().read(3, Run(0, 0, 3)).orders == large.orders


async def test_state_that_cannot_be_replayed_is_told_with_the_remedy() -> None:
    scene = Scene()
    scene.table[b"3|1-1|0/1"] = b""

    with pytest.raises(UnusableState, match=r"hole.*Use another KPIS_GROUP, or delete log"):
        await scene.changelog.restore(new_fold(), {3}, lambda: True)
