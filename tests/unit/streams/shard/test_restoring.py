"""Restoring: shards from their journals, or as they were kept; what cannot be used is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models.state.delta_format import decode_delta
from streams.journal.records import encode_claim, encode_parts
from streams.journal.writer import Fenced
from streams.kafka.halt import UnusableState
from streams.shard.shard import Shard
from tests.unit.models.building import NOON, raw, registry
from tests.unit.streams.cluster import Broker, PlayedWorker

SHARDS = {0, 1, 2}
# The delta of one impression, click and conversion.
STATE_OF_VERSION_5 = Path(__file__).with_name("state-of-version-5.msgpack")


class Scene:
    """A restorer of three shards, of which others may have written."""

    def __init__(self, broker: Broker | None = None, owner: Callable[[str], int] = lambda _: 0) -> None:
        self.broker = broker or Broker(3)
        self.worker = PlayedWorker(self.broker, registry(), owner)
        self.restorer = self.worker.restorer

    async def claim(self, *numbers: int) -> None:
        self.worker.assigned = set(numbers)
        await self.restorer.claim(set(numbers))
        self.worker.recover()

    async def restore(self) -> dict[int, Shard]:
        return await self.restorer.restore(registry(), await self.worker.bounds(), NOON)

    async def write(self, shard: Shard) -> None:
        """Apply an impression and store it."""
        source = ("impressions", shard.number)
        offset = self.broker.send(source, raw("impression", event_id=f"{source}{self.broker.bounds(source)}"))
        shard.apply(source, self.broker.fetched(source, offset, offset + 1), offset + 1)
        _, cut, _ = shard.cut()
        assert cut is not None
        await self.worker.writer.write(shard.number, cut.delta())

    def keys_of(self, number: int) -> list[bytes]:
        """List the keys of the deltas in a shard's journal."""
        return [decode_delta(run.data).key for run in self.worker.journals.held[number].runs]


@pytest.fixture
async def scene() -> Scene:
    made = Scene()
    await made.claim(*SHARDS)
    return made


async def test_a_shard_is_what_its_journal_says(scene: Scene) -> None:
    shards = await scene.restore()
    for _ in range(2):
        await scene.write(shards[0])
    other = Scene(scene.broker)
    await other.claim(0)
    (again,) = (await other.restore()).values()

    assert (again.number, again.state.positions) == (0, shards[0].state.positions)
    assert again.state.outcomes("impressions") == {"outcome:counted": 2}


async def test_a_new_state_has_a_key_of_its_own_and_whoever_restores_it_goes_on_under_that(
    scene: Scene,
) -> None:
    shards = await scene.restore()
    for number in (0, 1):
        await scene.write(shards[number])
    other = Scene(scene.broker)
    await other.claim(0)
    await other.write((await other.restore())[0])

    first, again = other.keys_of(0)
    assert first == again
    assert scene.keys_of(1) != [first]


async def test_the_memory_of_ids_and_for_judging_is_shared_among_the_shards(scene: Scene) -> None:
    shards = await scene.restore()
    assert {shard.state.duplicates.capacity for shard in shards.values()} == {8000 // 3}
    assert {shard.state.judge.most for shard in shards.values()} == {256_000_000 // 3}

    scene.restorer.keep(shards)
    await scene.claim(2)
    (kept,) = (await scene.restore()).values()
    assert (kept, kept.state.duplicates.capacity) == (shards[2], 8000)
    assert kept.state.judge.most == 256_000_000


async def test_what_was_kept_is_given_once(scene: Scene) -> None:
    scene.restorer.keep(await scene.restore())
    await scene.claim(0)
    first = (await scene.restore())[0]

    assert (await scene.restore())[0] is not first


async def test_what_is_forgotten_is_not_given_and_its_journal_read_anew(scene: Scene) -> None:
    shards = await scene.restore()
    scene.restorer.keep(shards)
    scene.restorer.forget()
    assert scene.worker.journals.held == {}

    await scene.claim(*SHARDS)
    assert (await scene.restore())[0] is not shards[0]


async def test_what_was_kept_and_left_to_others_meanwhile_is_not_given(scene: Scene) -> None:
    shards = await scene.restore()
    scene.restorer.keep(shards)
    await scene.claim(1, 2)
    await scene.claim(*SHARDS)
    again = await scene.restore()

    assert [again[number] is shards[number] for number in sorted(SHARDS)] == [False, True, True]


async def test_what_was_kept_and_stored_to_by_another_is_not_given(scene: Scene) -> None:
    shards = await scene.restore()
    scene.restorer.keep(shards)
    other = Scene(scene.broker)
    await other.claim(0)
    await other.write((await other.restore())[0])
    await scene.claim(0, 1)
    again = await scene.restore()

    assert (again[0] is shards[0], again[1] is shards[1]) == (False, True)
    assert again[0].state.outcomes("impressions") == {"outcome:counted": 1}


async def test_a_claim_of_another_since_is_told(scene: Scene) -> None:
    scene.broker.journals[1].append(encode_claim("other"))
    scene.worker.recover()

    with pytest.raises(Fenced, match="partition 1 was claimed by another worker meanwhile"):
        await scene.restore()


async def test_what_was_not_claimed_is_not_restored(scene: Scene) -> None:
    await scene.claim(0)
    scene.worker.assigned = {0, 1}

    with pytest.raises(Fenced, match="partition 1"):
        await scene.restore()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([b"\xff"], "damaged"),
        (encode_parts("delta", 0, 2, b""), "the state before delta 2 is missing"),
        (encode_parts("delta", 0, 1, b"\xff"), "damaged"),
        (encode_parts("delta", 0, 1, b"\x91\x01"), "version 1"),
    ],
)
async def test_state_that_cannot_be_used_is_refused_with_the_remedy(values: list[bytes], said: str) -> None:
    scene = Scene()
    for value in values:
        scene.broker.journals[0].append(value)
    await scene.claim(0)

    with pytest.raises(
        UnusableState, match=rf"{said}.*Use another KPIS_GROUP, or delete team-forwarded and team-tallies"
    ):
        await scene.restore()


async def test_what_the_release_before_stored_is_refused_with_the_remedy(scene: Scene) -> None:
    # Its hashes are under no key: who knows an id knows its hash.
    scene.broker.journals[0].append(STATE_OF_VERSION_5.read_bytes())
    await scene.claim(0)

    with pytest.raises(
        UnusableState, match=r"state is of version 5, .*count anew with `kpis worker --rebuild`"
    ):
        await scene.restore()


async def test_state_that_was_counted_with_another_number_of_partitions_is_refused(scene: Scene) -> None:
    await scene.write((await scene.restore())[0])
    other = Scene(scene.broker, owner=lambda _: 1)
    await other.claim(0)

    with pytest.raises(UnusableState, match=r"another number of partitions.*KPIS_GROUP"):
        await other.restore()


async def test_an_emptied_log_is_a_loss_and_so_is_what_is_left_of_one(scene: Scene) -> None:
    shards = await scene.restore()
    await scene.write(shards[0])
    scene.broker.journals[0].truncate(scene.broker.journals[0].end)
    other = Scene(scene.broker)
    await other.claim(0)
    with pytest.raises(UnusableState, match="before offset 2 was deleted, and no snapshot replaces it"):
        await other.restore()

    await scene.claim(1)
    await scene.write(shards[1])
    await scene.write(shards[1])
    scene.broker.journals[1].truncate(scene.broker.journals[1].end - 1)
    await other.claim(1)
    with pytest.raises(UnusableState, match="the state before delta 2 is missing"):
        await other.restore()


async def test_a_gap_in_a_journal_is_a_loss_and_no_claim_of_another(scene: Scene) -> None:
    shards = await scene.restore()
    await scene.write(shards[0])
    scene.broker.journals[0].gaps.add(1)
    other = Scene(scene.broker)
    await other.claim(0)
    with pytest.raises(UnusableState, match=r"nothing stands between the offsets 1 and 2 \(partition 0\)"):
        await other.restore()


async def test_state_is_tried_without_claiming_it_until_it_is_mended(scene: Scene) -> None:
    await scene.write((await scene.restore())[0])
    bounds = {source: found for source, found in (await scene.worker.bounds()).items() if source[1] == 0}
    end, claims = scene.broker.journals[0].end, dict(scene.worker.writer.claims)
    await scene.restorer.try_state(0, registry(), bounds, NOON)

    scene.broker.journals[0].append(b"\xff")
    with pytest.raises(UnusableState, match="damaged"):
        await scene.restorer.try_state(0, registry(), bounds, NOON)
    assert (scene.broker.journals[0].end, scene.worker.writer.claims) == (end + 1, claims)
