"""A transaction that a stranger has open: what waits behind it is lag, and whose it is is named."""

import time

from redis.asyncio import Redis

from connections.topics import source_names
from connections.transactions import open_transactions
from models.settings import Settings
from models.times import SECOND
from tests.integration.running import producing, running, send


async def test_events_behind_a_strangers_transaction_are_lag_and_the_stranger_is_named(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    async with producing(settings) as own, producing(settings, transactional_id="stranger") as stranger:
        await send(own, impressions, 3, partition=0)
        await stranger.begin_transaction()
        await send(stranger, impressions, 1, partition=0)
        await send(own, impressions, 7, partition=0)

        async with running(settings, redis) as worker:
            await worker.ready()
            await worker.until(lambda: worker.worker.pipeline().lag.get(("impressions", 0)) == 8)
            assert worker.impressions == 3
            assert set(worker.worker.pipeline().held_back) == {("impressions", 0)}
            assert 0 in worker.caught_up, "or a rebuild would wait for the stranger"

            (found,) = await open_transactions(settings, source_names(settings))
            assert (found.topic, found.partition, found.readable, found.end) == (impressions, 0, 3, 11)
            assert 0 <= time.time() - found.since / SECOND < 60
            said = found.sentence(settings)
            assert "a transaction of the transactional id 'stranger' (producer " in said
            assert f"abort --topic {impressions} --partition 0 --start-offset 3" in said

            await stranger.abort_transaction()
            await worker.until(lambda: worker.impressions == 10)
            await worker.until(lambda: worker.worker.pipeline().lag.get(("impressions", 0)) == 0)
            await worker.until(lambda: not worker.worker.pipeline().held_back)
    assert await open_transactions(settings, source_names(settings)) == []
