"""A shard: what it applies of its sources, what it sends on, and when it is live."""

from collections.abc import Sequence
from typing import Any

import pytest

from models.state.delta import Source
from models.state.shard_state import ShardState
from models.tally import Tally
from models.topics import FORWARDED
from streams.journal.versioned import OtherRelease, encode_fields
from streams.kafka.raw_records import Record
from streams.shard.bundles import VERSION, Section, decode_bundle, encode_bundle
from streams.shard.forwarding import Outbox
from streams.shard.shard import Shard
from tests.unit.models.building import NOON, new_state, raw, registry, tally
from tests.unit.models.building import campaign as declared
from tests.unit.streams.kafka.written import raw_records, sent
from tests.unit.streams.shard.sections import records_in, section_of

VIEWS, BUNDLES = ("impressions", 0), (FORWARDED, 0)
KNOWN = registry(declared(), declared(id="snow", name="Snow"))
OWN, STRANGE = "glow", "snow"


class Scene:
    """Shard 0, which has the campaign glow; snow is of shard 5."""

    def __init__(
        self, ends: dict[Source, tuple[int, int]] | None = None, state: ShardState | None = None
    ) -> None:
        self.sent: list[tuple[int, Section]] = []
        self.outbox = Outbox(self._send)
        self.state = state or new_state(KNOWN, owner=lambda name: 5 if name == STRANGE else 0)
        self.shard = Shard(0, self.state, ends or {VIEWS: (0, 0), BUNDLES: (0, 0)}, self.outbox, "team.")

    async def _send(self, shard: int, value: bytes) -> Any:
        self.sent += [(shard, section) for section in decode_bundle(value)]
        return done()

    def views(self, *offsets: int, name: str = OWN, end: int | None = None) -> list[int]:
        """Apply impressions of a campaign at these offsets."""
        records = [record(offset, name) for offset in offsets]
        end = offsets[-1] + 1 if end is None else end
        return list(self.shard.apply(VIEWS, raw_records(records), end))

    def bundle(self, at: int, *sections: Section) -> list[int]:
        """Apply a bundle at an offset of what is forwarded."""
        return list(self.shard.apply(BUNDLES, raw_records([sent(at, encode_bundle(sections))]), at + 1))

    @property
    def seen(self) -> float:
        return tally(self.state).get("impressions", 0)

    @property
    def ledger(self) -> Tally:
        return self.state.outcomes("impressions")


async def done() -> None: ...


def record(offset: int, name: str = OWN, **fields: Any) -> Record:
    return sent(offset, raw("impression", event_id=f"e{offset}", campaign_id=name, **fields))


def section(start: int, end: int, *offsets: int, partition: int = 5, values: Sequence[Any] = ()) -> Section:
    """Return a section of what came for the shard on another partition."""
    listed = values or [raw("impression", event_id=f"s{offset}") for offset in offsets]
    events = [
        Record(offset, NOON, b"k", value, [("h", b"1")])
        for offset, value in zip(offsets, listed, strict=True)
    ]
    return section_of("impressions", partition, start, end, events)


def test_events_count_and_their_arrivals_are_told() -> None:
    scene = Scene()

    assert scene.views(0, 1) == [NOON, NOON]
    assert (scene.seen, scene.shard.position(VIEWS)) == (2, 2)


def test_what_was_applied_before_counts_once() -> None:
    scene = Scene()
    scene.views(0, 1, 2)
    scene.views(1, 2, 3)
    scene.views(0, 1)

    assert (scene.seen, scene.shard.position(VIEWS)) == (4, 4)
    assert scene.ledger["outcome:counted"] == 4
    assert "outcome:duplicate" not in scene.ledger


def test_a_stretch_without_events_moves_the_position() -> None:
    scene = Scene()
    scene.shard.apply(VIEWS, raw_records([]), 7)

    assert scene.shard.position(VIEWS) == 7


def test_what_is_refused_is_a_dead_letter_of_the_topics_full_name_once() -> None:
    scene = Scene()
    bad = raw_records([sent(0, b"{", key=b"k", headers=[("a", b"1")])])
    scene.shard.apply(VIEWS, bad, 1)
    scene.shard.apply(VIEWS, bad, 1)
    letters, delta = scene.shard.cut()

    (letter,) = letters
    assert (letter.key, letter.value) == (b"k", b"{")
    assert letter.headers[:2] == [("a", b"1"), ("__connect.errors.topic", b"team.impressions")]
    assert delta is not None
    assert scene.shard.cut() == ([], None)


async def test_events_of_another_shard_are_sent_on_in_sections_that_follow_one_another() -> None:
    scene = Scene()
    scene.views(0, 1)
    scene.views(2, 3, name=STRANGE)
    scene.views(4, 5, end=9)
    scene.views(9, name=STRANGE, end=12)
    await scene.outbox.drain()

    covered = [
        (shard, one.start, one.end, [event.offset for event in records_in(one)]) for shard, one in scene.sent
    ]
    assert covered == [(5, 0, 4, [2, 3]), (5, 4, 12, [9])]
    assert (scene.seen, scene.ledger["forwarded"]) == (4, 3)
    assert scene.state.forwarded == {("impressions", 5): 12}


async def test_what_is_sent_on_goes_on_where_the_stored_state_has_sent_it() -> None:
    scene = Scene()
    scene.views(0, 1, name=STRANGE)
    _, delta = scene.shard.cut()
    again = Scene()
    assert delta is not None
    again.state.replay(delta)
    again.views(2, name=STRANGE)
    await again.outbox.drain()

    ((_, sent),) = again.sent
    assert (sent.start, sent.end) == (2, 3)


def test_events_that_others_send_count_as_if_they_had_come_here() -> None:
    scene = Scene()

    assert scene.bundle(0, section(0, 4, 1, 3)) == [NOON, NOON]
    assert (scene.seen, scene.shard.holes) == (2, 0)
    assert scene.state.positions == {BUNDLES: 1, ("impressions", 5): 4}


def test_sections_in_another_cut_are_applied_from_where_those_before_ended() -> None:
    scene = Scene()
    scene.bundle(0, section(0, 4, 1, 3))
    scene.bundle(1, section(0, 2, 1), section(2, 6, 3, 5), section(4, 6, 5))

    assert (scene.seen, scene.shard.holes) == (3, 0)
    assert "outcome:duplicate" not in scene.ledger


def test_a_section_that_begins_later_than_what_was_received_is_a_hole_and_counts() -> None:
    scene = Scene()
    scene.bundle(0, section(0, 4, 1))
    scene.bundle(1, section(6, 8, 7))

    assert (scene.seen, scene.shard.holes) == (2, 1)


def test_sections_of_different_partitions_do_not_mix() -> None:
    scene = Scene()
    scene.bundle(0, section(0, 4, 1), section(0, 9, 8, partition=6, values=[raw("impression", event_id="o")]))

    assert (scene.seen, scene.shard.holes) == (2, 0)


def test_what_is_sent_on_has_not_arrived_yet() -> None:
    scene = Scene()
    records = [record(0), record(1, STRANGE), sent(2, raw("impression", event_id="e2"), arrival=NOON + 1000)]

    assert scene.shard.apply(VIEWS, raw_records(records), 3).tolist() == [NOON, NOON + 1000]


def test_all_sections_of_bundles_are_applied_and_what_is_refused_bears_its_own_place() -> None:
    scene = Scene()
    spoilt = section(0, 2, 1, partition=6, values=[b"{"])
    clicks = section(0, 1, 0, values=[raw("click", event_id="c")])._replace(topic="clicks")
    bundles = [
        encode_bundle([section(0, 2, 0, 1), spoilt, clicks]),
        encode_bundle([section(1, 5, 1, 4), section(2, 4, 3, partition=6, values=[b"}"])]),
    ]
    arrivals = scene.shard.apply(BUNDLES, raw_records(map(sent, range(2), bundles)), 2)
    letters, delta = scene.shard.cut()

    assert (len(arrivals), scene.seen, tally(scene.state)["clicks"], scene.shard.holes) == (6, 3, 1, 0)
    assert [(letter.value, dict(letter.headers)["__connect.errors.offset"]) for letter in letters] == [
        (b"{", b"1"),
        (b"}", b"3"),
    ]
    assert delta is not None
    assert delta.start == {BUNDLES: 0, ("impressions", 5): 0, ("impressions", 6): 1, ("clicks", 5): 0}
    assert delta.end == {BUNDLES: 2, ("impressions", 5): 5, ("impressions", 6): 4, ("clicks", 5): 1}


def test_a_stretch_of_which_nothing_is_for_the_shard_is_passed_over() -> None:
    scene = Scene()

    assert scene.bundle(0, section(0, 4)) == []
    assert (scene.state.positions, scene.shard.holes) == ({BUNDLES: 1, ("impressions", 5): 4}, 0)


def test_an_event_that_came_here_and_was_sent_on_too_is_a_duplicate() -> None:
    scene = Scene()
    scene.views(0)
    scene.bundle(0, section(0, 2, 1, values=[record(0).value]))

    assert scene.seen == 1
    assert scene.ledger["outcome:duplicate"] == 1


def test_what_is_refused_of_a_bundle_is_a_dead_letter_of_where_it_came_from() -> None:
    scene = Scene()
    late = raw("impression", event_time="2020-01-01T00:00:00Z")
    scene.bundle(0, section(0, 9, 7, values=[late]))
    ((letter,), _) = scene.shard.cut()

    assert (letter.key, letter.value, letter.headers[0]) == (b"k", late, ("h", b"1"))
    assert dict(letter.headers)["__connect.errors.partition"] == b"5"
    assert dict(letter.headers)["__connect.errors.offset"] == b"7"


@pytest.mark.parametrize("strange", [b"\xff", b"\x91\x01\x05", b"\x91\xa2hi", b"\x91\xc3", None])
def test_what_is_no_bundle_is_a_hole_and_what_comes_after_it_counts(strange: bytes | None) -> None:
    scene = Scene()
    bundles = raw_records([sent(0, strange), sent(1, encode_bundle([section(0, 4, 1)]))])

    assert scene.shard.apply(BUNDLES, bundles, 2).tolist() == [NOON]
    assert (scene.seen, scene.shard.holes, scene.shard.position(BUNDLES)) == (1, 1, 2)


def test_a_bundle_of_another_release_is_not_passed_over() -> None:
    scene = Scene()

    bundles = raw_records([sent(0, encode_fields(VERSION + 1))])

    with pytest.raises(OtherRelease):
        scene.shard.apply(BUNDLES, bundles, 1)
    assert scene.shard.position(BUNDLES) == 0


def test_it_is_live_once_what_waited_is_applied_and_what_was_sent_on_meanwhile() -> None:
    scene = Scene({VIEWS: (0, 2), BUNDLES: (0, 1)})
    assert (scene.shard.live, scene.shard.caught_up, scene.shard.awaits_forwarded) == (False, False, True)
    scene.views(0)
    scene.bundle(0, section(0, 1))
    assert not scene.shard.caught_up
    scene.views(1)
    assert (scene.shard.live, scene.shard.caught_up) == (False, True)

    scene.shard.await_forwarded(2)
    assert (scene.shard.live, scene.shard.awaits_forwarded) == (False, False)
    scene.bundle(1, section(1, 2))
    assert scene.shard.live


def test_it_is_live_at_once_where_nothing_waited_and_nothing_is_sent_on() -> None:
    scene = Scene()
    scene.shard.await_forwarded(0)

    assert scene.shard.live


def test_what_retention_took_before_the_first_start_is_not_waited_for_and_not_lost() -> None:
    scene = Scene({VIEWS: (10, 12), BUNDLES: (0, 0)})

    assert scene.shard.position(VIEWS) == 10
    scene.views(10, 11)
    assert scene.shard.caught_up
    assert "lost" not in scene.ledger


def test_what_retention_took_unread_is_counted_as_lost_and_stored() -> None:
    before = Scene()
    before.views(0, 1)
    scene = Scene({VIEWS: (5, 6), BUNDLES: (0, 0)}, before.state)
    scene.views(5)

    assert (scene.ledger["lost"], scene.seen) == (3, 3)
    _, delta = scene.shard.cut()
    assert delta is not None
    assert delta.ledger["impressions"]["lost"] == 3


@pytest.mark.parametrize("applied", [(), (0, 1)])
def test_what_retention_takes_from_under_a_worker_is_counted_as_lost_and_not_waited_for(
    applied: tuple[int, ...],
) -> None:
    scene = Scene({VIEWS: (0, 5), BUNDLES: (0, 0)})
    for offset in applied:
        scene.views(offset)
    scene.shard.skip_deleted(VIEWS, 5)
    scene.shard.skip_deleted(VIEWS, 4)

    assert (scene.ledger["lost"], scene.shard.position(VIEWS), scene.shard.caught_up) == (
        5 - len(applied),
        5,
        True,
    )
    scene.views(5)
    _, delta = scene.shard.cut()
    assert delta is not None
    assert (delta.ledger["impressions"]["lost"], delta.end[VIEWS]) == (5 - len(applied), 6)


async def test_what_is_sent_on_after_a_loss_leaves_no_hole() -> None:
    scene = Scene()
    scene.views(0, name=STRANGE)
    scene.shard.begin({VIEWS: (5, 6), BUNDLES: (0, 0)})
    scene.views(5, name=STRANGE)
    await scene.outbox.drain()

    assert [(one.start, one.end) for _, one in scene.sent] == [(0, 1), (1, 6)]


def test_a_shard_that_comes_back_waits_for_what_came_meanwhile_alone() -> None:
    scene = Scene()
    scene.views(0)
    scene.shard.await_forwarded(0)
    scene.shard.begin({VIEWS: (0, 2), BUNDLES: (0, 0)})

    assert (scene.shard.live, scene.shard.awaits_forwarded) == (False, False)
    scene.views(1)
    assert scene.shard.live
    assert scene.shard.sources == [VIEWS, BUNDLES]
