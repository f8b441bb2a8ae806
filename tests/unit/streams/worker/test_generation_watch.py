"""A generation is shown in its turn: when it is complete, and nobody shows a former one."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from connections.redis import RedisUnavailable
from streams.worker.generation_watch import COMPLETE_LOOKS, GenerationWatch


@dataclass
class Worker:
    """A worker of four partitions that holds some caught up."""

    caught_up: set[int] = field(default_factory=lambda: {0, 1, 2, 3})
    partitions: int = 4


@dataclass
class Store:
    """What Redis would hold; the other workers' partitions are in `said`."""

    number: int | None = 0
    said: set[int] = field(default_factory=set)
    away: bool = False

    async def get(self) -> int | None:
        if self.away:
            raise RedisUnavailable("away")
        return self.number

    async def raise_to(self, number: int) -> None:
        self.number = max(self.number or 0, number)

    async def publish(self, _: int, partitions: Iterable[int]) -> None:
        self.said |= set(partitions)

    async def count_caught_up(self, _: int, __: int) -> int:
        return len(self.said)


@dataclass
class Former:
    """The former generations that have workers."""

    used: list[int] = field(default_factory=list)

    async def ask(self) -> list[int]:
        return self.used


async def looks(watch: GenerationWatch, worker: Worker, number: int = COMPLETE_LOOKS) -> None:
    """Look some times."""
    for _ in range(number):
        await watch.look(worker)


async def test_generation_0_is_shown_without_asking_anyone() -> None:
    assert GenerationWatch(0, 0, Store(away=True), Former([0]).ask).shows


async def test_a_rebuild_is_shown_once_all_its_partitions_were_caught_up_for_some_looks() -> None:
    store = Store()
    watch = GenerationWatch(1, 0, store, Former().ask)

    await looks(watch, Worker(), COMPLETE_LOOKS - 1)
    assert (watch.shows, watch.rebuilding, store.number) == (False, True, 0)
    await looks(watch, Worker(), 1)
    assert (watch.shows, watch.rebuilding, store.number) == (True, False, 1)


async def test_a_rebuild_with_one_partition_missing_is_never_shown() -> None:
    store = Store()
    watch = GenerationWatch(1, 0, store, Former().ask)

    await looks(watch, Worker({0, 1, 2}), 3 * COMPLETE_LOOKS)

    assert (watch.shows, watch.count, store.number) == (False, 3, 0)


async def test_partitions_of_several_workers_are_complete_together() -> None:
    store = Store(said={2, 3})
    watch = GenerationWatch(1, 0, store, Former().ask)

    await looks(watch, Worker({0, 1}))

    assert store.number == 1


async def test_a_partition_that_falls_behind_begins_the_count_of_looks_anew() -> None:
    store = Store()
    watch = GenerationWatch(1, 0, store, Former().ask)

    await looks(watch, Worker(), COMPLETE_LOOKS - 1)
    store.said.clear()
    await looks(watch, Worker({0}), 1)
    await looks(watch, Worker(), COMPLETE_LOOKS - 1)

    assert store.number == 0


async def test_a_worker_that_does_not_know_its_partitions_completes_nothing() -> None:
    store = Store(said={0})
    watch = GenerationWatch(1, 0, store, Former().ask)

    await looks(watch, Worker(set(), 1), 2 * COMPLETE_LOOKS)

    assert store.number == 0


async def test_nothing_is_shown_while_a_former_generation_has_workers() -> None:
    former = Former([0])
    watch = GenerationWatch(1, 1, Store(1), former.ask)

    await looks(watch, Worker())
    assert not watch.shows
    former.used = []
    await looks(watch, Worker(), 1)
    assert watch.shows


async def test_a_later_number_supersedes_and_ends_what_is_shown() -> None:
    store = Store(0)
    watch = GenerationWatch(0, 0, store, Former().ask)

    store.number = 1
    await looks(watch, Worker(), 1)

    assert (watch.superseded, watch.shows) == (True, False)


async def test_a_missing_or_lower_number_is_not_believed_and_written_again() -> None:
    for lost in (None, 0):
        store = Store(1)
        watch = GenerationWatch(1, 1, store, Former().ask)
        await looks(watch, Worker(), 1)

        store.number = lost
        await looks(watch, Worker(), 1)

        assert (watch.shows, store.number) == (True, 1)


async def test_redis_away_changes_nothing_of_what_is_shown() -> None:
    store = Store(1)
    watch = GenerationWatch(1, 1, store, Former().ask)
    await looks(watch, Worker(), 1)

    store.away = True
    await looks(watch, Worker())

    assert watch.shows


async def test_a_newest_generation_that_redis_does_not_name_stays_hidden_beside_workers_of_a_former() -> None:
    store = Store(None)
    watch = GenerationWatch(1, 1, store, Former([0]).ask)

    await looks(watch, Worker({0}), 2 * COMPLETE_LOOKS)

    assert (watch.shows, store.number) == (False, None)
