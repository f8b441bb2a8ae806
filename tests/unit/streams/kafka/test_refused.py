"""Records that are not taken, and logs that are damaged, are sentences that say what mends them."""

import asyncio

import pytest
from aiokafka.errors import (
    InvalidTimestampError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    TopicAuthorizationFailedError,
)
from faust.types import TP

from models.settings import Settings
from streams.kafka.halt import RecordRefused, damaged
from streams.kafka.refused import refusal, told
from streams.kafka.unread import Damaged

SETTINGS = Settings(group="team", kafka="kafka:9092")


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (MessageSizeTooLargeError(), "--entity-name letters --add-config max.message.bytes="),
        (TopicAuthorizationFailedError(), "right Write"),
        (InvalidTimestampError(), "clock"),
        (PolicyViolationError(), "policy"),
    ],
)
async def test_an_acknowledgement_that_is_refused_says_why(error: KafkaError, remedy: str) -> None:
    sent: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    answer = told(sent, lambda error: refusal(SETTINGS, "letters", 70, error))
    sent.set_exception(error)

    with pytest.raises(RecordRefused, match="The topic letters does not take a record of 70 bytes") as caught:
        await answer
    assert remedy in str(caught.value)


def test_an_event_that_is_larger_than_any_dead_letter_is_given_up() -> None:
    said = str(refusal(SETTINGS, "letters", 20_000_000, MessageSizeTooLargeError()))

    assert "Give it up with kafka-delete-records.sh" in said
    assert "--add-config" not in said


async def test_any_other_outcome_is_told_as_it_is() -> None:
    loop = asyncio.get_running_loop()
    for outcome in (7, KafkaTimeoutError()):
        sent: asyncio.Future[int] = loop.create_future()
        answer = told(sent, lambda error: refusal(SETTINGS, "letters", 70, error))
        if isinstance(outcome, int):
            sent.set_result(outcome)
            assert await answer == 7
        else:
            sent.set_exception(outcome)
            with pytest.raises(KafkaTimeoutError):
                await answer


async def test_who_no_longer_waits_leaves_the_record_on_its_way() -> None:
    sent: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    answer = told(sent, lambda _: None)
    answer.cancel()
    sent.set_result(1)
    await asyncio.sleep(0)

    assert answer.cancelled()
    assert sent.result() == 1


def test_a_damaged_journal_is_counted_anew_and_a_damaged_topic_given_up_from_an_offset() -> None:
    state = damaged(SETTINGS, Damaged(TP("team-tallies-changelog", 3), 17, 18))
    assert "its log is damaged at offset 17 (partition 3)" in str(state)
    assert "kpis worker --rebuild" in str(state)
    assert state.partitions == {3}

    clicks = damaged(SETTINGS, Damaged(TP("clicks", 3), 17, 40))
    assert "clicks/3 is damaged at offset 17" in str(clicks)
    assert '{"topic": "clicks", "partition": 3, "offset": 40}' in str(clicks)
    assert clicks.partitions == frozenset()
