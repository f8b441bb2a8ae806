"""Events reach a real Kafka, each acknowledged, or the command says what did not."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from confluent_kafka import Producer

from connections.topic_admin import create_missing_topics
from connections.topic_checks import TopicsMissing
from connections.topics import partition_of
from models.campaigns.file import read_campaign_file
from models.settings import Settings
from models.times import HOUR, SECOND, parse_time
from models.topics import INPUT_TOPICS
from producers.publisher import open_publisher
from tests.integration.commands import finish, start_command
from tests.integration.reading import read_to_end

PARTITIONS = 4
Record = tuple[int, bytes | None, bytes | None]


@pytest.fixture
async def settings(kafka: str, unique_name: str) -> Settings:
    """Make input topics of this test's own."""
    settings = Settings(kafka=kafka, topic_prefix=f"{unique_name}.", group=unique_name, partitions=PARTITIONS)
    await create_missing_topics(settings)
    return settings


@pytest.fixture
def kpis(settings: Settings, tmp_path: Path) -> Callable[..., "subprocess.Popen[str]"]:
    """Start commands that use this test's topics, in its directory."""

    def start(*arguments: str, **changes: Any) -> "subprocess.Popen[str]":
        prefix = changes.pop("prefix", settings.topic_prefix)
        own = settings.model_copy(update={"topic_prefix": prefix})
        return start_command(own, tmp_path, *arguments, **changes)

    return start


async def records(settings: Settings, topic: str) -> list[Record]:
    """Read all that a topic holds: partition, key and value, by partition and offset."""
    found = await read_to_end(settings, settings.topic_prefix + topic)
    return [(one.partition, one.key, one.value) for one in found]


async def values(settings: Settings) -> dict[str, list[bytes]]:
    return {
        topic: sorted(value or b"" for _, _, value in await records(settings, topic))
        for topic in INPUT_TOPICS
    }


def event(event_type: str, number: int, campaign: str = "glow") -> bytes:
    return json.dumps({"type": event_type, "campaign_id": campaign, "event_id": f"e{number}"}).encode()


async def test_everything_sent_is_there_unchanged_when_the_publisher_closes(settings: Settings) -> None:
    sent = [event("click", number, f"campaign-{number % 7}") for number in range(5000)]
    async with open_publisher(settings) as publisher:
        for value in sent:
            await publisher.send("clicks", json.loads(value)["campaign_id"].encode(), value)
    assert publisher.acknowledged == {"clicks": 5000}
    found = await records(settings, "clicks")
    assert sorted(value or b"" for _, _, value in found) == sorted(sent)
    assert all(key and partition == partition_of(key, PARTITIONS) for partition, key, _ in found)


async def test_a_campaigns_events_keep_their_order(settings: Settings) -> None:
    async with open_publisher(settings) as publisher:
        for number in range(2000):
            await publisher.send("clicks", b"glow", str(number).encode())
    found = await records(settings, "clicks")
    assert [value for _, _, value in found] == [str(number).encode() for number in range(2000)]


async def test_a_record_nearly_as_large_as_kafka_takes_is_sent(settings: Settings) -> None:
    large = os.urandom(999_000)
    async with open_publisher(settings) as publisher:
        await publisher.send("clicks", b"glow", large)
    assert (await values(settings))["clicks"] == [large]


async def test_librdkafkas_murmur2_gives_keys_the_same_partitions(settings: Settings) -> None:
    topic = settings.topic_prefix + "clicks"
    producer = Producer({"bootstrap.servers": settings.kafka, "partitioner": "murmur2_random"})
    keys = [f"campaign-{number}".encode() for number in range(200)]
    for key in keys:
        producer.produce(topic, value=b"{}", key=key)
    producer.flush(30)
    found = await records(settings, "clicks")
    assert len(found) == len(keys)
    assert all(key and partition == partition_of(key, PARTITIONS) for partition, key, _ in found)


async def test_missing_topics_are_named_and_not_created(kafka: str, unique_name: str) -> None:
    settings = Settings(kafka=kafka, topic_prefix=f"{unique_name}.")
    with pytest.raises(TopicsMissing, match=rf"{unique_name}\.clicks.*kpis topics apply"):
        async with open_publisher(settings):
            pass
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    assert not [topic for topic in await admin.list_topics() if topic.startswith(unique_name)]
    await admin.close()


async def test_a_replay_sends_every_kind_of_file_and_says_how_many(
    settings: Settings, kpis: Callable[..., Any], tmp_path: Path
) -> None:
    for name in ("one.ndjson", "two.ndjson.gz", "three.ndjson.zst"):
        code, _, said = finish(kpis("simulate", "--count", "500", "--malformed", "0", "--to", name))
        assert code == 0, said
    code, out, said = finish(kpis("replay", "one.ndjson", "two.ndjson.gz", "three.ndjson.zst"))
    assert (code, said) == (0, "")
    assert out.startswith("1500 events acknowledged in ")
    found = await values(settings)
    assert sum(len(topic) for topic in found.values()) == 1500
    assert set((tmp_path / "one.ndjson").read_bytes().splitlines()) <= {
        value for topic in found.values() for value in topic
    }


async def test_catching_up_begins_with_the_flights_and_goes_on_where_the_topics_end(
    settings: Settings, kpis: Callable[..., Any]
) -> None:
    async def event_times() -> list[int]:
        sent = (json.loads(value or b"") for _, _, value in await records(settings, "impressions"))
        return sorted(parse_time(event["event_time"]) for event in sent)

    options = ["--catch-up", "--count", "2000", "--malformed", "0", "--late", "0", "--quiet"]
    demo = finish(kpis("simulate", "--print-campaigns"))[1]
    began = min(campaign.starts for campaign in read_campaign_file("demo", demo).declaration.campaigns)
    assert finish(kpis("simulate", *options))[0] == 0
    first = await event_times()
    assert began <= first[0] < began + HOUR

    assert finish(kpis("simulate", *options))[0] == 0

    again = (await event_times())[len(first) :]
    assert len(again) > 1000
    assert first[-1] - 2 * SECOND < again[0] < again[-1] < first[-1] + HOUR


async def test_a_replay_reads_standard_input_and_names_what_it_cannot_send(
    settings: Settings, kpis: Callable[..., Any]
) -> None:
    lines = [event("click", 1).decode(), "junk", '{"type":"pageview"}', event("impression", 2).decode()]
    code, out, said = finish(kpis("replay", "-", stdin=subprocess.PIPE), "\n".join(lines))
    assert code == 1
    assert out.startswith("2 events acknowledged")
    assert "-:2: is not a JSON object" in said
    assert "-:3: has a type that is none of" in said
    assert await values(settings) == {
        "impressions": [event("impression", 2)],
        "clicks": [event("click", 1)],
        "engagements": [],
        "conversions": [],
    }


async def test_a_replay_can_bring_garbage_to_a_topic(
    settings: Settings, kpis: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "garbage").write_bytes(b"junk\n\xff\xfe\n" + event("click", 1) + b"\n")
    code, out, said = finish(kpis("replay", "garbage", "--topic", "conversions"))
    assert (code, said) == (0, "")
    assert "clicks 1, conversions 2" in out
    assert (await values(settings))["conversions"] == [b"junk", b"\xff\xfe"]


async def test_a_torn_archive_is_named_after_what_came_before_was_sent(
    settings: Settings, kpis: Callable[..., Any], tmp_path: Path
) -> None:
    finish(kpis("simulate", "--count", "3000", "--malformed", "0", "--to", "whole.ndjson.gz"))
    whole = (tmp_path / "whole.ndjson.gz").read_bytes()
    (tmp_path / "torn.ndjson.gz").write_bytes(whole[: len(whole) // 2])
    code, out, said = finish(kpis("replay", "torn.ndjson.gz"))
    assert code == 2
    assert "torn.ndjson.gz: the archive is torn" in said
    acknowledged = int(out.split()[0])
    assert 500 < acknowledged < 3000
    assert sum(len(topic) for topic in (await values(settings)).values()) == acknowledged


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_a_stopped_replay_says_where_to_go_on(
    settings: Settings, kpis: Callable[..., Any], tmp_path: Path, number: signal.Signals, code: int
) -> None:
    (tmp_path / "my clicks").write_bytes(b"".join(event("click", n) + b"\n" for n in range(1, 1001)))
    replay = kpis("replay", "--rate", "100", "--quiet", "my clicks")
    while not await records(settings, "clicks"):
        assert replay.poll() is None
    replay.send_signal(number)
    ended, out, said = finish(replay)
    assert ended == code
    sent = int(out.split()[0])
    assert 0 < sent < 1000
    assert f"kpis replay --from-line {sent + 1} 'my clicks'" in said
    rest, out, _ = finish(kpis("replay", "--from-line", str(sent + 1), "my clicks"))
    assert rest == 0
    assert [value for _, _, value in await records(settings, "clicks")] == [
        event("click", n) for n in range(1, 1001)
    ]


async def test_a_replay_that_waits_for_standard_input_can_be_stopped(kpis: Callable[..., Any]) -> None:
    replay = kpis("replay", "-", stdin=subprocess.PIPE)
    time.sleep(3)
    replay.send_signal(signal.SIGINT)
    replay.wait(timeout=10)
    assert finish(replay)[0] == 130


async def test_a_replay_keeps_to_its_rate(kpis: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "clicks").write_bytes(b"".join(event("click", n) + b"\n" for n in range(300)))
    code, out, _ = finish(kpis("replay", "--rate", "100", "clicks"))
    assert code == 0
    assert float(out.split(" in ")[1].split()[0]) > 2.5


async def test_without_topics_a_command_says_how_to_create_them(
    kpis: Callable[..., Any], unique_name: str
) -> None:
    code, _, said = finish(kpis("simulate", "--count", "1", prefix=f"{unique_name}-nowhere."))
    assert code == 1
    assert f"{unique_name}-nowhere.impressions" in said
    assert "kpis topics apply" in said


async def test_the_truth_of_a_simulation_is_what_kafka_holds(
    settings: Settings, kpis: Callable[..., Any], tmp_path: Path
) -> None:
    code, _, said = finish(
        kpis("simulate", "--backfill", "30m", "--duration", "1s", "--rate", "5", "--truth", "truth.json")
    )
    assert code == 0, said
    truth = json.loads((tmp_path / "truth.json").read_text())["campaigns"]
    found = await values(settings)
    by_topic = {topic: sum(c["records_by_topic"].get(topic, 0) for c in truth.values()) for topic in found}
    assert by_topic == {topic: len(there) for topic, there in found.items()}
    everything = [value for topic in found.values() for value in topic]
    duplicates = sum(campaign["duplicates"] for campaign in truth.values())
    # Malformed events may be the same bytes by chance, such as an empty object.
    named = [value for value in everything if b'"event_id"' in value]
    assert len(named) - len(set(named)) == duplicates > 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
async def test_a_stopped_simulation_has_delivered_what_it_counts(
    settings: Settings, kpis: Callable[..., Any], number: signal.Signals, code: int
) -> None:
    simulation = kpis("simulate", "--rate", "500", "--backfill", "10s")
    while not await records(settings, "impressions"):
        assert simulation.poll() is None
    simulation.send_signal(number)
    ended, out, _ = finish(simulation)
    assert ended == code
    assert sum(len(topic) for topic in (await values(settings)).values()) == int(out.split()[0])
