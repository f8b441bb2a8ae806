"""When the disk is asked: Kafka has been heard out, and is late."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

import pytest

from producers.collector.lots import Lot
from producers.collector.patience import PATIENCE_SECONDS, Patience
from producers.collector.records import Numbered

if TYPE_CHECKING:
    import asyncio

RECORD = Numbered("clicks", b"glow", b"{}", b"collector", 1)


class Loop:
    """What patience asks of an event loop; its clock and turns are the test's."""

    def __init__(self) -> None:
        self.now = 0.0
        self._at: list[tuple[float, Callable[[], None]]] = []
        self._soon: list[Callable[[], None]] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, call: Callable[..., None], *arguments: object) -> object:
        self._at.append((when, lambda: call(*arguments)))
        return object()

    def call_soon(self, call: Callable[..., None], *arguments: object) -> object:
        self._soon.append(lambda: call(*arguments))
        return object()

    def turn(self) -> None:
        """Call what is due."""
        due, self._soon = self._soon, []
        due += [callback for when, callback in self._at if when <= self.now]
        self._at = [(when, callback) for when, callback in self._at if when > self.now]
        for callback in due:
            callback()

    def pass_time(self, seconds: float) -> None:
        """Let seconds pass in which nothing is called, and then all that is due."""
        self.now += seconds
        for _ in range(20):
            self.turn()


class Scene:
    """A patience whose overdue lots are noted."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.asked: list[list[Lot]] = []
        self.patience = Patience(self._overdue, cast("asyncio.AbstractEventLoop", self.loop))

    def _overdue(self, lots: Sequence[Lot]) -> None:
        self.asked.append(list(lots))

    def lot(self) -> Lot:
        lot = Lot([RECORD], self.loop.now, cast("asyncio.Future[None]", None))
        self.patience.add(lot)
        return lot

    def settle(self, lot: Lot) -> None:
        lot.left = 0
        self.patience.settled()


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_the_disk_is_asked_of_all_once_the_oldest_has_waited_too_long(scene: Scene) -> None:
    first = scene.lot()
    scene.loop.pass_time(PATIENCE_SECONDS - 0.01)
    second = scene.lot()
    assert (scene.asked, scene.patience.is_over) == ([], False)

    scene.loop.pass_time(0.01)

    assert (scene.asked, scene.patience.is_over) == ([[first, second]], True)


def test_what_kafka_answered_while_we_were_busy_is_heard_first(scene: Scene) -> None:
    lot = scene.lot()
    scene.loop.now += 10 * PATIENCE_SECONDS
    scene.loop.turn()
    assert not scene.patience.is_over
    scene.settle(lot)  # Its acknowledgement is read in a turn after the one that took so long.
    scene.loop.pass_time(0)

    assert (scene.asked, scene.patience.is_over) == ([], False)


def test_kafka_answers_again_once_what_was_late_is_settled(scene: Scene) -> None:
    late = scene.lot()
    scene.loop.pass_time(PATIENCE_SECONDS)
    new = scene.lot()
    assert scene.patience.is_over

    scene.settle(late)
    assert not scene.patience.is_over

    scene.loop.pass_time(PATIENCE_SECONDS)
    assert scene.asked == [[late], [new]]


def test_what_is_on_disk_and_late_makes_kafka_silent_and_is_not_asked_for_again(scene: Scene) -> None:
    lot = scene.lot()
    scene.patience.give_up()
    assert scene.asked == [[lot]]

    scene.loop.pass_time(PATIENCE_SECONDS)

    assert (scene.asked, scene.patience.is_over) == ([[lot]], True)


def test_nothing_that_is_settled_is_kept(scene: Scene) -> None:
    for _ in range(100):
        scene.settle(scene.lot())
    scene.loop.pass_time(PATIENCE_SECONDS)

    assert (scene.asked, scene.patience.unsettled(), scene.patience.age) == ([], [], 0.0)
    assert not any(held for held in vars(scene.patience).values() if hasattr(held, "popleft"))
