"""What people write is rated once, where it counts, whatever happens to the worker and to whom it asks."""

import asyncio
import json
import os
import signal
import uuid
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from redis.asyncio import Redis

from connections import registry
from connections.topics import partition_of
from models.sentiment.model import LexiconRater, own_data
from models.sentiment.rating import OwnWords
from models.settings import Settings
from models.tally import Tally
from models.times import DAY, format_time
from tests.integration.processes import start_process, until_counted, until_ready
from tests.integration.raters import install, rating_processes
from tests.integration.running import RunningWorker, now, producing, running

PARTITIONS = 4
CAMPAIGNS = ("glow", "snow", "flow", "blow", "slow")
OWN = OwnWords(negative=("wicked",))
TEXTS = (
    *("J'adore !", "Awful service, never again.", "Où l'acheter ?", "wicked", 'so "good"\n', "完美", "😍"),
    *("Me encanta", "not what I ordered", "@ana", "lovely é\u0301"),
)
_MANY_LIVES_SECONDS = 90.0
"""More than some processes take that fail, or hang for ten seconds, with the pauses between them."""
KINDS = ("comment", "mention", "reply", "like")


@pytest.fixture
def partitions() -> int:
    """Use topics of four partitions."""
    return PARTITIONS


@pytest.fixture(scope="module")
def model() -> LexiconRater:
    """Make the model once."""
    return LexiconRater(own_data())


@pytest.fixture
async def registered(settings: Settings, redis: Redis) -> None:
    """Register campaigns of several shards, one of them with words of its own."""
    flight = {"starts": format_time(now() - 2 * DAY), "ends": format_time(now() + 2 * DAY), "currency": "EUR"}
    own = {"snow": {"sentiment": {"negative": "wicked"}}}
    declared = [{"id": name, "name": name, **flight, **own.get(name, {})} for name in CAMPAIGNS]
    await registry.apply(redis, settings.redis_prefix, {"campaigns": declared}, now())


def engagement(random: Random) -> dict[str, Any]:
    """Draw what somebody did, mostly with a text."""
    return {
        "type": "engagement",
        "event_id": uuid.UUID(int=random.getrandbits(128)).hex,
        "event_time": format_time(now()),
        "campaign_id": random.choice(CAMPAIGNS),
        "influencer_id": "ana",
        "content_id": f"reel-{random.randrange(3)}",
        "channel": "instagram",
        "kind": random.choice(KINDS),
        "text": random.choice(TEXTS),
        "count": random.choice([1, 1, 5]),
        "person_id": f"p{random.randrange(50)}",
        "consent": True,
        **random.choice([{}, {}, {"language": "fr"}, {"sentiment": "negative"}, {"text": None}]),
    }


Sent = list[dict[str, Any]]


async def send(producer: AIOKafkaProducer, settings: Settings, random: Random, count: int) -> Sent:
    """Send engagements to any partition, some of them twice; return them once they are acknowledged."""
    made = [engagement(random) for _ in range(count)]
    sent = []
    for one in made:
        for _ in range(random.choice([1, 1, 1, 2])):
            partition = random.randrange(PARTITIONS)
            value = json.dumps(one, ensure_ascii=random.random() < 0.5).encode()
            sent.append(
                await producer.send(f"{settings.topic_prefix}engagements", value, partition=partition)
            )
    await asyncio.gather(*sent)
    return made


def expected(sent: Sent, model: LexiconRater) -> Tally:
    """Count by itself what is to be rated as what."""
    counted = dict.fromkeys(("positive", "neutral", "negative"), 0)
    for one in sent:
        own = OWN if one["campaign_id"] == "snow" else None
        if one["kind"] == "like":
            continue
        verdict = one.get("sentiment") or (
            model.rate(one["text"], one.get("language"), own).verdict if one["text"] else "unrated"
        )
        if verdict != "unrated":
            counted[verdict] += one["count"]
    return counted


def rated(worker: RunningWorker) -> Tally:
    """Return what a worker shows as rated."""
    return {name: worker.flight.get(f"rated:{name}", 0) for name in ("positive", "neutral", "negative")}


def unrated(worker: RunningWorker) -> Tally:
    """Return why texts have no rating."""
    return {name: count for name, count in worker.outcomes.items() if name.startswith("unrated:")}


def test_the_campaigns_are_of_several_shards() -> None:
    assert len({partition_of(name.encode(), PARTITIONS) for name in CAMPAIGNS}) > 1


@pytest.mark.usefixtures("registered")
async def test_texts_on_any_partition_are_rated_once_though_whoever_rates_is_killed(
    settings: Settings, redis: Redis, model: LexiconRater
) -> None:
    random, sent = Random(1), []
    async with producing(settings) as producer, running(settings, redis) as worker:
        sent += await send(producer, settings, random, 1000)
        await worker.ready()
        await worker.until(lambda: rated(worker) == expected(sent, model))
        assert worker.parts.rating is not None
        (killed,) = rating_processes(os.getpid())
        os.kill(killed, signal.SIGSTOP)
        sent += await send(producer, settings, random, 300)
        os.kill(killed, signal.SIGKILL)
        sent += await send(producer, settings, random, 700)
        await worker.until(lambda: rated(worker) == expected(sent, model))
        assert set(unrated(worker)) <= {"unrated:untold"}
        assert worker.parts.rating.starts == 2
    async with running(settings, redis) as again:
        await again.ready()
        assert rated(again) == expected(sent, model)


@pytest.mark.usefixtures("registered")
async def test_each_text_is_rated_once_through_kills_of_the_worker_and_by_a_rebuild(
    settings: Settings, redis: Redis, model: LexiconRater, tmp_path: Path
) -> None:
    random, sent = Random(2), []
    async with producing(settings) as producer:
        for life in range(3):
            sent += await send(producer, settings, random, 500)
            directory = tmp_path / str(life)
            directory.mkdir()
            process = start_process(settings, directory)
            try:
                await until_ready(process)
                await until_counted(process, len(sent) - 400)
                sent += await send(producer, settings, random, 200)
            finally:
                process.kill()
    async with running(settings, redis) as worker:
        await worker.ready()
        await worker.until(lambda: rated(worker) == expected(sent, model))
        async with running(settings, redis, rebuild=0) as new:
            await worker.fail_stop()
            await new.until(lambda: rated(new) == expected(sent, model))
            assert set(unrated(new)) <= {"unrated:untold"}


@pytest.mark.usefixtures("registered")
async def test_what_a_slow_model_does_not_rate_in_time_is_counted_and_nothing_waits_for_it(
    settings: Settings, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", install(tmp_path, "Slow"))
    random = Random(3)
    async with producing(settings) as producer, running(settings, redis) as worker:
        await worker.ready()
        sent = await send(producer, settings, random, 300)
        await worker.until(lambda: worker.outcomes.get("outcome:counted", 0) == len(sent))
        assert sum(rated(worker).values()) < sum(one["count"] for one in sent)
        await worker.until(lambda: told(worker) == len(unsaid(sent)))
        late = unrated(worker)
        await worker.until(lambda: waiting(worker) == 0)
        sent += await send(producer, settings, random, 100)
        await worker.until(lambda: told(worker) == len(unsaid(sent)))
        refused = unrated(worker)

    assert late["unrated:late"] > 0
    assert refused["unrated:pressure"] > 0


def unsaid(sent: Sent) -> Sent:
    """Return what has a text that is to be rated."""
    return [one for one in sent if one["kind"] != "like" and one["text"] and "sentiment" not in one]


def told(worker: RunningWorker) -> int:
    """Count the texts that have a rating, or never will."""
    read = sum(count for name, count in worker.outcomes.items() if name.startswith("read:"))
    return read + sum(unrated(worker).values())


def waiting(worker: RunningWorker) -> int:
    """Count the texts that are with whoever rates."""
    assert worker.parts.rating is not None
    return worker.parts.rating.rating.waiting


@pytest.mark.usefixtures("registered")
async def test_a_worker_says_that_another_model_has_rated_what_it_restores(
    settings: Settings, redis: Redis, model: LexiconRater, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with producing(settings) as producer, running(settings, redis) as worker:
        await worker.ready()
        sent = await send(producer, settings, Random(4), 100)
        await worker.until(lambda: rated(worker) == expected(sent, model))
        await worker.until(lambda: otherwise(worker) == [])
    monkeypatch.setenv("PYTHONPATH", install(tmp_path, "make"))

    async with running(settings, redis) as other:
        await other.ready()
        await other.until(lambda: otherwise(other) == sorted(CAMPAIGNS))
        assert rated(other) == expected(sent, model)


def otherwise(worker: RunningWorker) -> list[str] | None:
    """Return the campaigns that another model has rated; None while no model rates."""
    rating = worker.worker.pipeline().rating
    return [*rating.otherwise] if rating and rating.model else None


@pytest.mark.usefixtures("registered")
async def test_nothing_is_counted_until_a_model_that_a_package_brings_can_be_used(
    settings: Settings, redis: Redis, model: LexiconRater, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", install(tmp_path, "fail"))
    monkeypatch.syspath_prepend(str(tmp_path))

    async with producing(settings) as producer, running(settings, redis) as worker:
        sent = await send(producer, settings, Random(6), 50)
        await worker.until(lambda: "no weights" in worker.worker.readiness().reason)
        assert not worker.worker.readiness().ready
        assert worker.outcomes == {}

        (tmp_path / "fail-1.0.dist-info" / "entry_points.txt").unlink()
        async with asyncio.timeout(_MANY_LIVES_SECONDS):
            while worker.worker.readiness().reason.startswith("texts cannot be rated"):
                await asyncio.sleep(0.1)
        await worker.ready()
        await worker.until(lambda: rated(worker) == expected(sent, model))
        assert set(unrated(worker)) <= {"unrated:untold"}


@pytest.mark.usefixtures("registered")
async def test_where_a_model_hangs_counting_goes_on(
    settings: Settings, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", install(tmp_path, "Stuck"))
    async with producing(settings) as producer, running(settings, redis) as worker:
        await worker.ready()
        sent = await send(producer, settings, Random(7), 300)
        await worker.until(lambda: worker.outcomes.get("outcome:counted", 0) == len(sent))
        async with asyncio.timeout(_MANY_LIVES_SECONDS):
            while told(worker) < len(unsaid(sent)):
                await asyncio.sleep(0.1)
        counted = worker.outcomes

    why = {name for name in counted if name.startswith(("read:", "unrated:"))}
    assert why <= {"unrated:late", "unrated:failed", "unrated:pressure"}


@pytest.mark.usefixtures("registered")
async def test_where_it_is_set_nothing_is_rated_and_nobody_is_asked(settings: Settings, redis: Redis) -> None:
    off = settings.model_copy(update={"rate_texts": False})
    async with producing(settings) as producer, running(off, redis) as worker:
        await worker.ready()
        sent = await send(producer, settings, Random(5), 50)
        await worker.until(lambda: worker.outcomes.get("outcome:counted", 0) == len(sent))

        theirs = [one for one in sent if "sentiment" in one and one["kind"] != "like"]
        assert sum(rated(worker).values()) == sum(one["count"] for one in theirs)
        assert unrated(worker) == {}
        assert worker.worker.pipeline().rating is None
        assert rating_processes(os.getpid()) == []
