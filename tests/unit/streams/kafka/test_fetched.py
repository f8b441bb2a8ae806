"""What the consumer hands over: one item a source, records of the changelog, and up to where."""

import math
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import ConsumerStoppedError, KafkaError
from faust.types import TP

import streams.kafka.consumer_thread
from models.times import SECOND
from streams.kafka.consumer_thread import ConsumerThread
from streams.kafka.fetched import Fetched, FetchedMessage, record_message
from streams.kafka.raw_records import RawRecords, Record
from tests.unit.streams.kafka.written import raw_records, sent

CLICKS, VIEWS, LOG = TP("clicks", 0), TP("impressions", 0), TP("log", 0)


def records(*offsets: int) -> RawRecords:
    return raw_records(sent(offset, b"v", key=b"k") for offset in offsets)


class Subscriptions:
    def fetch_context(self) -> "Subscriptions":
        return self

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


class Scene:
    """The thread that fetches, without a thread, from items that wait (test_fetching.py has the taking)."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waiting: dict[TP, Fetched] = {}
        self.error: Exception | None = None
        self.asked: list[set[TP]] = []
        self.kafka: Any = SimpleNamespace(
            _closed=False,
            _fetcher=SimpleNamespace(_closed=False, _subscriptions=Subscriptions()),
            _coordinator=SimpleNamespace(_pending_exception=None),
        )
        self.thread = ConsumerThread.__new__(ConsumerThread)
        self.thread._handed_over = {}
        self.thread.refusal = ""
        names = SimpleNamespace(topics=("clicks", "impressions"))
        app = SimpleNamespace(names=names, listener=SimpleNamespace(behind=False))
        self.thread._consumer = self.kafka
        self.thread.consumer = SimpleNamespace(app=app, flow_active=True)
        monkeypatch.setattr(streams.kafka.consumer_thread, "take_fetched", self._take)

    async def _take(self, _: Any, partitions: set[TP], *__: object) -> dict[TP, Fetched]:
        self.asked.append(partitions)
        if self.error is not None:
            raise self.error
        taken, self.waiting = self.waiting, {}
        return taken

    async def fetch(self, *active: TP) -> dict[TP, Any]:
        return dict(await self.thread._fetch_records(self.kafka, set(active), timeout=1))


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(monkeypatch)


async def test_of_a_source_comes_one_item_and_of_the_changelog_its_records(scene: Scene) -> None:
    item = Fetched(3, 6, records(3, 4))
    scene.waiting = {CLICKS: item, LOG: Fetched(8, 10, records(8, 9))}

    assert await scene.fetch(CLICKS, LOG) == {CLICKS: [item], LOG: list(records(8, 9))}
    assert (scene.asked, scene.thread.handed_over(CLICKS)) == ([{CLICKS, LOG}], 6)


async def test_where_nothing_was_handed_over_is_not_known_before_it_is_fetched_or_sought(
    scene: Scene,
) -> None:
    assert scene.thread.handed_over(CLICKS) == math.inf
    scene.waiting = {CLICKS: Fetched(3, 6, records())}
    await scene.fetch(CLICKS)
    scene.thread.forget()

    assert scene.thread.handed_over(CLICKS) == math.inf


async def test_an_empty_set_is_nothing_though_aiokafka_takes_it_for_all(scene: Scene) -> None:
    scene.waiting = {CLICKS: Fetched(0, 1, records(0))}

    assert await scene.fetch() == {}
    assert scene.asked == []


async def test_while_the_flow_stands_nothing_is_fetched(scene: Scene) -> None:
    scene.thread.consumer.flow_active = False

    assert await scene.fetch(CLICKS) == {}
    assert scene.asked == []


@pytest.mark.parametrize("behind", [True, False])
async def test_fetches_wait_for_little_while_shards_are_to_be_read(scene: Scene, behind: bool) -> None:
    scene.thread.consumer.app.listener.behind = behind
    await scene.fetch(CLICKS)
    fetcher = scene.kafka._fetcher

    assert (fetcher._fetch_max_wait_ms < 50, fetcher._prefetch_backoff < 0.05) == (behind, behind)


async def test_a_consumer_that_was_closed_says_so(scene: Scene) -> None:
    scene.kafka._fetcher._closed = True

    with pytest.raises(ConsumerStoppedError):
        await scene.fetch(CLICKS)


async def test_after_a_fetch_that_failed_nothing_is_known_of_what_was_handed_over(scene: Scene) -> None:
    """Of another partition records may have been taken and lost."""
    scene.waiting = {VIEWS: Fetched(0, 5, records())}
    await scene.fetch(VIEWS)
    scene.error = KafkaError("corrupt")
    with pytest.raises(KafkaError):
        await scene.fetch(CLICKS, VIEWS)

    assert scene.thread.handed_over(VIEWS) == math.inf


async def test_an_item_is_a_message_at_the_offset_of_its_last_record() -> None:
    item = Fetched(3, 8, records(3, 7))
    message = FetchedMessage(CLICKS, item, 5)

    assert (message.tp, message.offset, message.generation_id) == (CLICKS, 7, 5)
    assert message.fetched is item


@pytest.mark.parametrize("taken", [True, False])
async def test_what_the_coordination_is_refused_is_no_failure_of_a_fetch(scene: Scene, taken: bool) -> None:
    """It is given to whoever waits for records, too."""
    scene.error = KafkaError()
    if taken:
        scene.thread.refusal = "InconsistentGroupProtocolError"
    else:
        scene.kafka._coordinator._pending_exception = KafkaError()

    assert await scene.fetch(CLICKS) == {}


async def test_a_record_of_the_changelog_is_a_message_of_its_own() -> None:
    message = record_message(LOG, Record(4, 7 * SECOND, b"k", b"v", []), 5)

    assert (message.tp, message.offset, message.generation_id) == (LOG, 4, 5)
    assert (message.key, message.value, message.timestamp) == (b"k", b"v", 7.0)
