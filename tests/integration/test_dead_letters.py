"""`kpis dead-letters` on a real Kafka: what counts now is sent once, whatever happens meanwhile."""

import asyncio
import random
import signal
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from redis.asyncio import Redis

from commands.failure import Failure
from commands.letters.work import Plan, count_letters, letter_at, newest_letters, reinject
from connections import registry
from connections.kafka import KafkaUnavailable
from connections.redis import connect
from connections.topic_checks import TopicsMissing
from connections.topics import dead_letters_topic, input_topics, reinjected_topic
from connections.transactions import open_transactions
from models.settings import Settings
from models.times import DAY, format_time
from producers.letters.choosing import NONE, Choice
from producers.letters.judging import Again
from producers.letters.reinjection import Tally
from producers.letters.sender import open_sender
from producers.publisher import DeliveryFailed
from tests.integration.commands import finish, start_command
from tests.integration.letter_topics import CAME_WITH, committed, events, write_letters
from tests.integration.reading import read_dead_letters
from tests.integration.rights import DESCRIBE, TOPIC, TRANSACTIONAL_ID, US, rule, ruled
from tests.integration.running import impression, now, producing, running
from tests.integration.spoilt_headers import send_oddly_named

FLIGHT = {"starts": format_time(now() - 2 * DAY), "ends": format_time(now() + 2 * DAY), "currency": "EUR"}
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def kpis(settings: Settings, redis: Redis, tmp_path: Path) -> Start:
    """Start `kpis dead-letters` on this test's topics and registry; its campaign is `glow`."""

    def start(*arguments: str) -> "subprocess.Popen[str]":
        return start_command(settings, tmp_path, "dead-letters", *arguments, stdin=subprocess.DEVNULL)

    return start


async def end(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Wait until a command ends; it shows no trace."""
    return await asyncio.to_thread(finish, process)


async def done(process: "subprocess.Popen[str]") -> str:
    """Wait until a command is done; return what it says."""
    code, out, said = await end(process)
    assert code == 0, f"exit code {code}: {out}{said}"
    return out


async def test_letters_of_a_campaign_registered_late_are_counted_and_no_others_and_none_twice(
    settings: Settings, redis: Redis, kpis: Start
) -> None:
    late, other = events(30), events(5, "unheard-of")
    await write_letters(settings, [*late, *other, b'{"campaign_id": "glow"}'])

    dry = await done(kpis("reinject", "--dry-run"))
    first = await done(kpis("reinject", "--yes"))
    second = await done(kpis("reinject", "--yes"))
    async with running(settings, redis) as worker:
        await worker.ready()
        assert worker.impressions == 30

    assert dry.splitlines()[0] == "would be sent 30: unknown_campaign 30"
    assert first.splitlines() == [
        "sent 30: unknown_campaign 30",
        "still refused 6: unknown_campaign 5, missing_field 1",
    ]
    assert second.splitlines()[:2] == ["sent 0", "already sent 30"]
    found = await committed(settings, "impressions")
    assert sorted(record.value for record in found) == sorted(late)
    assert all(record.headers[:3] == tuple(CAME_WITH) for record in found)
    assert {name for record in found for name, _ in record.headers[3:]} == {
        "kpis-reinjected-from",
        "kpis-reinjected-times",
    }
    letters = {record.value: record.key for record in await committed(settings, "dead-letters")}
    assert all(record.key == letters[record.value] for record in found)


@pytest.mark.parametrize("seed", [1, 2])
async def test_killed_at_any_moment_each_is_sent_once(settings: Settings, kpis: Start, seed: int) -> None:
    chance = random.Random(seed)
    values = events(2_000)
    await write_letters(settings, values)
    killed = 0
    for _ in range(2):
        process = kpis("reinject", "--yes", "--quiet")
        await until_sending(settings, process, chance.choice([1, 2, 300, 501, 700]))
        process.kill()
        killed += await end_killed(process)

    said = await done(kpis("reinject", "--yes", "--quiet"))

    sent = Counter(record.value for record in await committed(settings, "impressions"))
    assert sent == Counter(values), said
    assert killed, "none of them was killed before it had ended"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_one_that_is_stopped_says_what_it_sent_and_holds_nothing_back(
    settings: Settings, kpis: Start, number: signal.Signals, code: int
) -> None:
    values = events(8_000)
    await write_letters(settings, values)
    process = kpis("reinject", "--yes", "--quiet")
    await until_sending(settings, process, 1)
    process.send_signal(number)

    ended, out, said = await end(process)

    assert ended == code, out + said
    assert await open_transactions(settings, [*input_topics(settings), reinjected_topic(settings)]) == []
    sent = len(await committed(settings, "impressions"))
    assert out.splitlines() == [f"sent {sent}" + f": unknown_campaign {sent}" * (sent > 0)]
    assert f"Stopped by {number.name}. Run it again: it sends what this one has not." in said
    await done(kpis("reinject", "--yes", "--quiet"))
    assert Counter(record.value for record in await committed(settings, "impressions")) == Counter(values)


async def until_sending(settings: Settings, process: "subprocess.Popen[str]", marks: int) -> None:
    """Wait until a command has written some marks, committed or not."""
    async with reading(settings) as consumer:
        tp = TopicPartition(reinjected_topic(settings), 0)
        least = await end_of(consumer, tp) + marks
        while process.poll() is None and await end_of(consumer, tp) < least:
            await asyncio.sleep(0.001)


async def end_of(consumer: AIOKafkaConsumer, tp: TopicPartition) -> int:
    """Return where a partition ends, what is not committed included."""
    return int((await consumer.end_offsets([tp]))[tp])


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    """Open a consumer that is not ours."""
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka)
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def end_killed(process: "subprocess.Popen[str]") -> bool:
    """Wait for a process that was killed; return whether it was."""
    return (await end(process))[0] == -signal.SIGKILL


async def test_two_at_once_send_each_once_and_one_that_gives_way_says_so(
    settings: Settings, kpis: Start
) -> None:
    values = events(3_000)
    await write_letters(settings, values)

    codes = await asyncio.gather(*(end(kpis("reinject", "--yes", "--quiet")) for _ in range(2)))
    said = await done(kpis("reinject", "--yes", "--quiet"))

    sent = Counter(record.value for record in await committed(settings, "impressions"))
    assert sent == Counter(values), said
    assert all(code == 0 or "Another `kpis dead-letters reinject`" in said for code, _, said in codes), codes


async def test_whoever_opens_a_sender_fences_the_one_before_it(settings: Settings) -> None:
    topic = f"{settings.topic_prefix}clicks"
    async with open_sender(settings) as first:
        await first.commit([Again(topic, 0, None, b"1")])
        async with open_sender(settings) as second:
            with pytest.raises(DeliveryFailed, match="Another `kpis dead-letters reinject` has begun"):
                await first.commit([Again(topic, 0, None, b"2")])
            await second.commit([Again(topic, 0, None, b"3")])

    assert [record.value for record in await committed(settings, "clicks")] == [b"1", b"3"]


async def test_where_the_broker_is_too_slow_nothing_is_sent_and_nothing_is_held_back(
    settings: Settings,
) -> None:
    topic = f"{settings.topic_prefix}clicks"
    async with open_sender(settings, transaction_seconds=0.001) as slow:
        with pytest.raises(DeliveryFailed, match=r"in time\. What was not committed is not sent"):
            await slow.commit([Again(topic, 0, None, b"1")])
    async with open_sender(settings) as sender:
        await sender.commit([Again(topic, 0, None, b"2")])

    assert [record.value for record in await committed(settings, "clicks")] == [b"2"]


async def send_again(settings: Settings, *, again: bool = False) -> Tally:
    """Send again what counts by the registry of these settings."""
    redis, tally = connect(settings), Tally()
    try:
        known = await registry.load(redis, settings.redis_prefix)
    finally:
        await redis.aclose()
    assert known is not None
    await reinject(settings, Plan(Choice(), again, known, quiet=True), tally)
    return tally


async def test_one_refused_again_does_not_loop(settings: Settings, redis: Redis) -> None:
    """The workers' registry lacks the campaign that ours has, as one that they have not read yet would."""
    ours = settings.model_copy(update={"redis_prefix": f"{settings.redis_prefix}ours:"})
    await registry.apply(
        redis, ours.redis_prefix, {"campaigns": [{"id": "soon", "name": "Soon", **FLIGHT}]}, now()
    )
    found: list[tuple[int, int, int]] = []
    async with producing(settings) as producer, running(settings, redis) as worker:
        await worker.ready()

        def refuses(count: int) -> Callable[[], bool]:
            return lambda: worker.outcomes.get("outcome:refused", 0) == count

        await producer.send_and_wait(f"{settings.topic_prefix}impressions", impression(campaign_id="soon"))
        for refused, again in ((1, False), (2, False), (2, True), (3, False)):
            await worker.until(refuses(refused))
            await read_dead_letters(settings, refused)
            tally = await send_again(ours, again=again)
            found.append((tally.sent.total(), tally.sent_before, tally.left_alone))

    assert found == [(1, 0, 0), (0, 1, 1), (1, 1, 0), (0, 2, 1)]


async def test_letters_are_counted_and_shown_and_those_that_cannot_be_read_left_out(
    settings: Settings,
) -> None:
    topic = dead_letters_topic(settings)
    await write_letters(settings, events(3, source="pixel"))
    await write_letters(settings, events(2, "other"), "outside_flight", start=3)
    async with producing(settings) as producer:
        await send_oddly_named(producer, topic, b"unreadable", 0)
        await producer.send_and_wait(topic, b"from elsewhere", partition=0)

    table = await count_letters(settings, Choice(), quiet=True)
    newest = await newest_letters(settings, Choice(reason="unknown_campaign"), 2, quiet=True)
    first = await letter_at(settings, 0, 0)

    assert {(count.letters, *about) for about, count in table.rows()} == {
        (3, "unknown_campaign", "glow", "pixel", "impressions"),
        (2, "outside_flight", "other", NONE, "impressions"),
        (1, NONE, NONE, NONE, NONE),
    }
    assert [letter.reason for letter in newest] == ["unknown_campaign"] * 2
    assert newest[0].arrival >= newest[1].arrival
    assert first.place == (topic, 0, 0)
    with pytest.raises(Failure, match=rf"no dead letter 0:999: partition 0 of {topic} holds offsets 0 to "):
        await letter_at(settings, 0, 999)
    with pytest.raises(Failure, match=f"{topic} has no partition 9"):
        await letter_at(settings, 9, 0)


async def test_each_right_that_is_missing_is_named(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    await write_letters(settings, events(1))
    letters, marks = dead_letters_topic(settings), reinjected_topic(settings)
    for kind, name, said in (
        (TOPIC, letters, f"No right to read the topic {letters}: grant Read"),
        (TOPIC, impressions, rf"what is sent to {impressions} \(.*: grant Write on it"),
        (TOPIC, marks, rf"what is sent to {marks} \(.*: grant Write on it"),
        (TRANSACTIONAL_ID, marks, "grant Write on its transactional id"),
    ):
        async with ruled(settings, rule(kind, name, US, DESCRIBE)):
            with pytest.raises((KafkaUnavailable, DeliveryFailed), match=said):
                await send_again(settings)

    assert (await send_again(settings)).sent.total() == 1


async def test_without_topics_it_says_how_they_are_made(settings: Settings, redis: Redis) -> None:
    elsewhere = settings.model_copy(update={"topic_prefix": "nowhere.", "create_topics": False})
    for asking in (count_letters(elsewhere, Choice(), True), send_again(elsewhere)):
        with pytest.raises(TopicsMissing, match=r"has no topic nowhere\.dead-letters: `kpis topics apply`"):
            await asking
