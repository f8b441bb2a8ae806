"""Topics on a real Kafka: what is missing is made right, once, and what is wrong is named."""

import asyncio
import dataclasses
import json
import socket
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from connections.kafka import KafkaUnavailable
from connections.topic_admin import create_missing_topics, describe_topics, mend_topics
from connections.topic_checks import (
    TopicsMismatch,
    TopicsMissing,
    TopicsUnfit,
    require_right,
    require_usable,
)
from connections.topic_faults import LARGEST_RECORD, Topic, faults_of
from connections.topics import (
    all_topics,
    changelog_topic,
    dead_letters_topic,
    input_topics,
    reinjected_topic,
    worker_topics,
)
from models.settings import Settings
from models.times import DAY
from tests.integration.commands import finish, start_command
from tests.integration.configuring import configure


@pytest.fixture
def settings(kafka: str, unique_name: str) -> Settings:
    return Settings(
        kafka=kafka, topic_prefix=f"{unique_name}.", group=unique_name, partitions=3, retention="2d"
    )


@pytest.fixture
async def admin(kafka: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """Connect an admin client that is not ours."""
    client = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await client.start()
    yield client
    await client.close()


async def create(admin: AIOKafkaAdminClient, topics: dict[str, int]) -> None:
    """Create topics with these partition counts, and wait until the broker shows them."""
    await admin.create_topics([NewTopic(name, partitions, 1) for name, partitions in topics.items()])
    async with asyncio.timeout(10):
        while set(topics) - set(await admin.list_topics()):
            await asyncio.sleep(0.05)


async def require_equal_partitions(settings: Settings) -> int:
    """Return the partition count that the topics share, if a worker can count with them."""
    return require_usable(settings, await describe_topics(settings))


async def test_all_topics_are_created_as_the_contract_says(settings: Settings) -> None:
    assert await create_missing_topics(settings) == all_topics(settings)

    found = {topic.name: topic for topic in await describe_topics(settings)}
    sent_again = reinjected_topic(settings)
    assert {topic.partitions for topic in found.values() if topic.name != sent_again} == {3}
    assert (found[sent_again].partitions, found[sent_again].compacted) == (1, True)
    assert {topic.replicas for topic in found.values()} == {1}
    for name in input_topics(settings):
        assert (found[name].keeps_arrival, found[name].retention_ms) == (True, 2 * DAY // 1000)
    assert found[dead_letters_topic(settings)].retention_ms == 2 * DAY // 1000
    assert (found[changelog_topic(settings)].config or {})["cleanup.policy"] == "delete"
    assert (found[changelog_topic(settings)].config or {})["max.message.bytes"] == str(LARGEST_RECORD)
    assert faults_of(settings, list(found.values())) == []
    assert require_right(settings, list(found.values())) == 3


async def test_what_is_there_is_left_alone(settings: Settings) -> None:
    await create_missing_topics(settings)

    assert await create_missing_topics(settings.model_copy(update={"partitions": 5})) == []
    assert await require_equal_partitions(settings) == 3


async def test_what_a_worker_creates_is_all_that_it_needs(settings: Settings) -> None:
    assert await create_missing_topics(settings, worker_topics(settings)) == worker_topics(settings)

    assert await require_equal_partitions(settings) == 3
    assert await create_missing_topics(settings) == [reinjected_topic(settings)]


async def test_two_workers_that_create_at_once_create_each_topic_once(settings: Settings) -> None:
    both = await asyncio.gather(create_missing_topics(settings), create_missing_topics(settings))

    assert sorted([*both[0], *both[1]]) == sorted(all_topics(settings))
    assert await require_equal_partitions(settings) == 3


async def test_topics_that_exist_decide_how_many_partitions_the_others_get(
    settings: Settings, admin: AIOKafkaAdminClient
) -> None:
    await create(admin, {input_topics(settings)[1]: 5})

    await create_missing_topics(settings)

    assert await require_equal_partitions(settings) == 5


async def test_topics_that_are_not_there_are_named_with_the_remedy(settings: Settings) -> None:
    await create_missing_topics(settings)
    elsewhere = settings.model_copy(update={"group": f"{settings.group}-other"})

    with pytest.raises(TopicsMissing, match="kpis topics apply") as caught:
        await require_equal_partitions(elsewhere)

    assert changelog_topic(elsewhere) in str(caught.value)
    assert input_topics(settings)[0] not in str(caught.value)
    assert [topic.partitions for topic in await describe_topics(elsewhere)] == [3, 3, 3, 3, 3, 0, 0, 1]


@pytest.mark.parametrize("odd", ["conversions", "changelog"])
async def test_topics_that_differ_are_named_each_with_its_count(
    settings: Settings, admin: AIOKafkaAdminClient, odd: str
) -> None:
    odd_one = changelog_topic(settings) if odd == "changelog" else settings.topic_prefix + odd
    await create(admin, {name: 2 if name == odd_one else 4 for name in all_topics(settings)})

    for ask in (require_equal_partitions, create_missing_topics):
        with pytest.raises(TopicsMismatch, match="equal partition counts") as caught:
            await ask(settings)
        assert f"{odd_one} has 2" in str(caught.value)
        assert f"{input_topics(settings)[0]} has 4" in str(caught.value)


async def test_a_topic_that_keeps_the_producers_time_is_named(
    settings: Settings, admin: AIOKafkaAdminClient
) -> None:
    wrong = input_topics(settings)[2]
    await create(admin, {wrong: 3})
    await create_missing_topics(settings)

    with pytest.raises(TopicsMismatch, match="LogAppendTime") as caught:
        require_right(settings, await describe_topics(settings))
    assert wrong in str(caught.value)
    assert input_topics(settings)[0] not in str(caught.value)


async def test_topics_made_by_hand_with_the_brokers_defaults_are_named_and_mended_one_setting_each(
    settings: Settings, admin: AIOKafkaAdminClient
) -> None:
    kept = {"segment.bytes": "2000000", "max.message.bytes": "800000"}
    state = changelog_topic(settings)
    await admin.create_topics([NewTopic(state, 3, 1, topic_configs=kept)])
    await create(admin, dict.fromkeys(all_topics(settings), 3))
    with pytest.raises(TopicsUnfit, match=f"{state} holds the state and does not keep it") as caught:
        await require_equal_partitions(settings)
    assert f"--entity-name {state} --add-config retention.ms=-1" in str(caught.value)
    assert "takes records of 800000 bytes" in str(caught.value)

    await mend_topics(settings, faults_of(settings, await describe_topics(settings)))

    found = await describe_topics(settings)
    assert require_right(settings, found) == 3
    assert faults_of(settings, found) == []
    assert await read_config(admin, state, "segment.bytes") == "2000000"


async def test_a_topic_that_the_broker_does_not_change_is_named(settings: Settings) -> None:
    await create_missing_topics(settings)
    odd = Topic(input_topics(settings)[0], 3, 1, {"message.timestamp.type": "CreateTime"})
    (fault,) = faults_of(settings, [odd])

    with pytest.raises(KafkaUnavailable, match=r"did not change the topic .*impressions .*InvalidConfig"):
        await mend_topics(settings, [dataclasses.replace(fault, value="Sometimes")])


async def read_config(admin: AIOKafkaAdminClient, topic: str, key: str) -> str:
    """Read one setting of a topic."""
    (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {key: ""})])
    return str(answer.resources[0][4][0][1])


async def test_more_replicas_than_brokers_are_refused_in_the_brokers_words(settings: Settings) -> None:
    with pytest.raises(KafkaUnavailable, match="InvalidReplicationFactor"):
        await create_missing_topics(settings.model_copy(update={"replication": 3}))


async def test_where_no_kafka_is_the_address_and_the_setting_are_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        address = f"127.0.0.1:{unused.getsockname()[1]}"

    for ask in (create_missing_topics, require_equal_partitions, describe_topics):
        with pytest.raises(KafkaUnavailable, match="KPIS_KAFKA") as caught:
            await ask(Settings(kafka=address))
        assert address in str(caught.value)


def run(
    settings: Settings, *arguments: str, redis_url: str, directory: Path
) -> "subprocess.CompletedProcess[str]":
    own = settings.model_copy(update={"redis_url": redis_url, "redis_prefix": f"{settings.group}:"})
    process = start_command(own, directory, *arguments)
    code, out, said = finish(process)
    return subprocess.CompletedProcess(process.args, code, out, said)


def test_check_says_what_is_missing_until_nothing_is(
    settings: Settings, redis_url: str, tmp_path: Path
) -> None:
    def kpis(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return run(settings, *arguments, redis_url=redis_url, directory=tmp_path)

    flight = {"starts": "2026-11-01T00:00:00Z", "ends": "2026-12-01T00:00:00Z", "currency": "EUR"}
    (tmp_path / "c.yaml").write_text(json.dumps({"campaigns": [{"id": "a", "name": "A", **flight}]}))

    first = kpis("check")
    listed = kpis("topics", "list").stdout
    assert kpis("topics", "apply").stdout.count("created ") == 8
    second = kpis("check")
    assert kpis("campaigns", "apply", "c.yaml").returncode == 0
    third = kpis("check")

    assert [first.returncode, second.returncode, third.returncode] == [1, 1, 0]
    assert "✗ Kafka: No topic" in first.stdout
    assert listed.count("not there") == 8
    assert "✓ Kafka: " in second.stdout
    assert "✗ Redis: Redis answers, but no campaigns are registered" in second.stdout
    assert "✗" not in third.stdout


def test_apply_says_what_it_would_set_and_sets_it(settings: Settings, redis_url: str, tmp_path: Path) -> None:
    def kpis(*arguments: str) -> str:
        return run(settings, *arguments, redis_url=redis_url, directory=tmp_path).stdout

    kpis("topics", "apply")
    state = changelog_topic(settings)
    asyncio.run(configure(settings, state, retention_ms="604800000"))

    change = f"set retention.ms=-1 on {state}: The topic {state} holds the state and does not keep it"
    assert f"✗ Kafka: The topic {state} holds the state and does not keep it" in kpis("check")
    assert f"would {change}" in kpis("topics", "apply", "--dry-run")
    assert kpis("topics", "apply").startswith(change)
    assert kpis("topics", "apply") == "all topics are there and right\n"


def test_check_without_servers_is_a_sentence_for_each(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        nowhere = f"127.0.0.1:{unused.getsockname()[1]}"

    done = run(Settings(kafka=nowhere), "check", redis_url=f"redis://{nowhere}/0", directory=tmp_path)

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("✗") == 2
    assert "KPIS_KAFKA" in done.stdout
    assert "KPIS_REDIS_URL" in done.stdout
