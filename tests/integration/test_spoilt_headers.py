"""A header whose name is no UTF-8 stops nothing: aiokafka alone cannot read it."""

from redis.asyncio import Redis

from models.settings import Settings
from tests.integration.reading import read_dead_letters
from tests.integration.running import impression, producing, running, send
from tests.integration.spoilt_headers import send_oddly_named


async def test_a_header_whose_name_is_no_utf8_does_not_stop_the_stream(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    """On both partitions: on one of them events are to be forwarded, with their headers."""
    async with producing(settings) as producer:
        for partition in (0, 1):
            await send(producer, impressions, 3, partition)
            await send_oddly_named(producer, impressions, impression(), partition)
            await send(producer, impressions, 3, partition)

        async with running(settings, redis) as worker:
            await worker.ready()
            assert worker.impressions == 14

            for partition in (0, 1, 0, 1):
                await send_oddly_named(producer, impressions, impression(), partition)
            await send(producer, impressions, 1, partition=0)
            await worker.until(lambda: worker.impressions == 19)

    async with running(settings, redis) as worker:
        await worker.ready()
        assert worker.outcomes["outcome:counted"] == 19


async def test_a_header_whose_name_is_no_utf8_reaches_the_dead_letters_spelled_with_backslashes(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    async with producing(settings) as producer:
        await send_oddly_named(producer, impressions, b"{", 0, key=b"\xfd")

    async with running(settings, redis) as worker:
        await worker.ready()
        (letter,) = await read_dead_letters(settings, 1)

    assert (letter.key, letter.value, letter.headers[0]) == (b"\xfd", b"{", ("spoil\\xff", b"\xfe"))
    assert dict(letter.headers)["__connect.errors.exception.class.name"] == b"not_json"


async def test_an_event_with_an_odd_name_in_an_aborted_transaction_never_counts(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    """Where the batch before it is odd too, so that both are fetched again."""
    async with producing(settings, transactional_id=settings.group) as producer:
        for commits in (True, False, True):
            await producer.begin_transaction()
            await send_oddly_named(producer, impressions, impression(), 0)
            await send(producer, impressions, 1, partition=0)
            await (producer.commit_transaction() if commits else producer.abort_transaction())

    async with running(settings, redis) as worker:
        await worker.ready()
        assert worker.outcomes["outcome:counted"] == 4
