"""The changelog: each kind of record acknowledged before the next is sent, and the table after that."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from models.fold import Cut
from models.rows import Row
from streams.changelog import Changelog
from streams.dead_letters import DeadLetter

LETTER = DeadLetter(b"k", b"{", [("a", b"1")])
CUTS = {
    3: Cut([Row(b"3|ledger|clicks", b"new"), Row(b"3|cell|gone", None)], {"clicks": 7}),
    4: Cut([Row(b"4|ledger|clicks", b"new")], {"clicks": 9}),
}


class Broker:
    """Takes records and acknowledges them only when told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[Any, ...]] = []
        self._pending: list[asyncio.Future[Any]] = []

    async def send_record(
        self, topic: str, key: Any, value: Any, partition: int | None = None, headers: Any = ()
    ) -> asyncio.Future[Any]:
        self.sent.append((topic, key, value, partition, headers))
        self._pending.append(asyncio.get_running_loop().create_future())
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
    def __init__(self) -> None:
        self.broker = Broker()
        self.table: dict[bytes, bytes | None] = {b"3|cell|gone": b"old", b"5|ledger|clicks": b"other's"}
        table = SimpleNamespace(changelog_topic_name="log", data=SimpleNamespace(data=self.table))
        self.changelog = Changelog(SimpleNamespace(producer=self.broker), table, "letters")

    def store(self) -> "asyncio.Task[None]":
        return asyncio.create_task(self.changelog.store([LETTER], CUTS))


async def test_dead_letters_go_first_then_rows_then_checkpoints() -> None:
    scene = Scene()
    task = scene.store()

    assert await scene.broker.answer() == [b"k"]
    assert await scene.broker.answer() == [b"3|ledger|clicks", b"3|cell|gone", b"4|ledger|clicks"]
    assert not task.done()
    assert await scene.broker.answer() == [b"3|checkpoint", b"4|checkpoint"]
    await task
    assert scene.broker.sent[0] == ("letters", b"k", b"{", None, [("a", b"1")])
    assert scene.broker.sent[1] == ("log", b"3|ledger|clicks", b"new", 3, ())
    assert b'"clicks":9' in scene.broker.sent[-1][2]


async def test_the_table_holds_what_the_broker_has_acknowledged() -> None:
    scene = Scene()
    task = scene.store()
    await scene.broker.answer()
    assert b"3|ledger|clicks" not in scene.table
    await scene.broker.answer()
    await scene.broker.answer()
    await task

    assert b"3|cell|gone" not in scene.table
    assert dict(scene.changelog.rows({3})).keys() == {b"3|ledger|clicks", b"3|checkpoint"}
    assert dict(scene.changelog.rows({4, 5})).keys() == {
        b"4|ledger|clicks", b"4|checkpoint", b"5|ledger|clicks",
    }  # fmt: skip


@pytest.mark.parametrize("refused", [0, 1])
async def test_what_is_refused_raises_and_nothing_follows(refused: int) -> None:
    scene = Scene()
    task = scene.store()
    for _ in range(refused):
        await scene.broker.answer()
    await scene.broker.answer(ConnectionError("refused"))

    with pytest.raises(ConnectionError):
        await task
    assert b"3|checkpoint" not in [sent[1] for sent in scene.broker.sent]
    assert b"3|ledger|clicks" not in scene.table


async def test_a_cut_of_nothing_sends_nothing() -> None:
    scene = Scene()
    await scene.changelog.store([], {})

    assert scene.broker.sent == []


async def test_deleted_rows_of_the_table_are_not_listed() -> None:
    scene = Scene()
    scene.table[b"5|cell|deleted"] = None

    assert [key for key, _ in scene.changelog.rows({5})] == [b"5|ledger|clicks"]
