"""A group of workers to which anything may happen, in whatever order."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from random import Random
from typing import Any

from models.campaigns.registry import Registry
from models.state.delta import Source
from tests.unit.streams.cluster import Broker, Fate, PlayedWorker, Stopped

Sent = tuple[Source, bytes, int]


class AtOnce(ThreadPoolExecutor):
    """Does what is given to it at once, so that the same seed does the same."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


class Storm:
    """A broker, workers, and what is still to be sent; everything happens by a seed."""

    def __init__(self, seed: int, partitions: int, registry: Registry, owner: Any, sent: list[Sent]) -> None:
        self.random = Random(seed)
        self.broker = Broker(partitions)
        self.workers: list[PlayedWorker] = []
        self.tasks: list[tuple[PlayedWorker, asyncio.Task[None]]] = []
        self._partitions = partitions
        self._registry = registry
        self._owner = owner
        self._unsent = list(sent)

    async def rage(self, rounds: int) -> None:
        """Let so many rebalances pass, with something between them."""
        asyncio.get_running_loop().set_default_executor(AtOnce())
        for _ in range(rounds):
            await self.rebalance()
            for _ in range(self.random.randrange(6)):
                await self.act()

    async def calm(self) -> list[PlayedWorker]:
        """Let all thaw, and two workers go on in peace until nothing waits; give them.

        One of them lived through it all, if any did.
        """
        await self._thaw()
        await self._end_all()
        self._send(len(self._unsent))
        last = [*self.alive[-1:], self._new(), self._new()][:2]
        await self._join(last, self.guard)
        while sum(worker.deliver(source) for worker in last for source in worker.sources):
            for worker in last:
                await self.guard(worker, worker.manager.flush())
            await self._turn()
        return last

    async def _end_all(self) -> None:
        for worker, task in self.tasks:
            while not task.done() and not worker.dead:
                await asyncio.sleep(0)
            task.cancel()
        for worker in self.alive:
            worker.fate = Fate()
            worker.manager._release_within = 10.0
            await self.guard(worker, worker.leave())
        survivor = self.random.choice(self.alive) if self.alive else None
        for worker in self.workers:
            if worker is not survivor:
                worker.dead = True
                worker.manager.assignment.end()

    @property
    def alive(self) -> list[PlayedWorker]:
        """List those that were not killed and have not stopped."""
        return [worker for worker in self.workers if not worker.dead]

    async def rebalance(self) -> None:
        """Let the partitions be assigned again, to workers that answer the group and to new ones."""
        random = self.random
        members = [one for one in self.alive if not one.frozen and not one.between and random.random() < 0.9]
        for worker in members:
            # Whoever hangs in a flush gives up after ten seconds; so may others.
            worker.manager._release_within = 0.0 if worker.hung or random.random() < 0.1 else 10.0
            await self._fated(worker, worker.leave())
        members = [one for one in members if not one.dead and not one.between and not one.frozen]
        if not members or random.random() < 0.3:
            members.append(self._new())
        await self._join(members, self._fated)

    async def act(self) -> None:
        """Let one thing happen."""
        random = self.random
        self._send(random.randrange(8))
        awake = [worker for worker in self.alive if not worker.frozen and not worker.hung]
        for worker in random.sample(awake, len(awake)):
            self._deliver(worker)
            choice = random.random()
            if choice < 0.5:
                await self._fated(worker, worker.manager.flush())
            elif choice < 0.6:
                worker.writer.long = True
                await self._fated(worker, worker.manager._snapshots.write(worker.manager.assignment))
            elif choice < 0.7:
                await self._fated(worker, worker.manager._intake.read_gaps_again(worker))
            elif choice < 0.75:
                worker.dead = True
        if random.random() < 0.3:
            await self._thaw()

    def _deliver(self, worker: PlayedWorker) -> None:
        random = self.random
        for source in random.sample(worker.sources, len(worker.sources)):
            choice = random.random()
            at = worker.next.get(source, 0)
            try:
                if choice < 0.6:
                    worker.deliver(source, random.randrange(1, 6))
                elif choice < 0.7:
                    worker.deliver(source, random.randrange(1, 9), max(0, at - random.randrange(4)))
                elif choice < 0.75 and source in worker.next:
                    worker.next[source] = min(
                        at + 1, len(self.broker.sources[source])
                    )  # It was dropped on its way.
                if random.random() < 0.5:
                    worker.manager._intake.apply()
            except Stopped:
                return

    async def _join(self, members: list[PlayedWorker], do: Any) -> None:
        numbers = list(range(self._partitions))
        shares = {worker: {n for n in numbers if n % len(members) == at} for at, worker in enumerate(members)}
        await asyncio.gather(*(do(worker, worker.join(share)) for worker, share in shares.items()))

    async def _fated(self, worker: PlayedWorker, coroutine: Coroutine[Any, Any, None]) -> None:
        """Let a worker do something, and something happen to it."""
        if not worker.hung and not worker.frozen:
            worker.fate = self._fate()
        task = asyncio.create_task(self.guard(worker, coroutine))
        self.tasks.append((worker, task))
        while not task.done() and not worker.dead and not worker.frozen and not worker.hung:
            await asyncio.sleep(0)
        for _ in range(self.random.randrange(20)):
            await asyncio.sleep(0)

    def _fate(self) -> Fate:
        at = self.random.randrange(12)
        chosen = self.random.choices(("none", "kill", "freeze", "hang", "refuse"), (60, 10, 10, 10, 5))[0]
        fate = Fate(silent=self.random.random() < 0.1)
        if chosen != "none":
            setattr(fate, chosen, at)
        return fate

    async def guard(self, _: PlayedWorker, coroutine: Coroutine[Any, Any, None]) -> None:
        """Do something of a worker's; it may end by it."""
        try:
            await coroutine
        except Stopped:
            return

    def _new(self) -> PlayedWorker:
        worker = PlayedWorker(self.broker, self._registry, self._owner)
        self.workers.append(worker)
        return worker

    def _send(self, number: int) -> None:
        sent, self._unsent = self._unsent[:number], self._unsent[number:]
        for source, value, timestamp in sent:
            self.broker.send(source, value, timestamp)

    async def _thaw(self) -> None:
        for worker in self.workers:
            worker.fate.thawed.set()
        await self._turn()

    async def _turn(self) -> None:
        for _ in range(40):
            await asyncio.sleep(0)
