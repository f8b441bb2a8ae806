"""One shard: what comes counts once, what is for others is sent on."""

from tests.unit.models.building import NOON, raw
from tests.unit.streams.kafka.written import raw_records, sent
from tests.unit.streams.shard.sections import records_in
from tests.unit.streams.shard.shard_scene import STRANGE, VIEWS, Scene, record, section


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
    letters, cut, _ = scene.shard.cut()

    (letter,) = letters
    assert (letter.key, letter.value) == (b"k", b"{")
    assert letter.headers[:2] == [("a", b"1"), ("__connect.errors.topic", b"team.impressions")]
    assert cut is not None
    assert scene.shard.cut() == ([], None, [])


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
    _, cut, _ = scene.shard.cut()
    again = Scene()
    assert cut is not None
    again.state.replay(cut.delta())
    again.views(2, name=STRANGE)
    await again.outbox.drain()

    ((_, sent),) = again.sent
    assert (sent.start, sent.end) == (2, 3)


def test_what_is_sent_on_has_not_arrived_yet() -> None:
    scene = Scene()
    records = [record(0), record(1, STRANGE), sent(2, raw("impression", event_id="e2"), arrival=NOON + 1000)]

    assert scene.shard.apply(VIEWS, raw_records(records), 3).tolist() == [NOON, NOON + 1000]


def test_an_event_that_came_here_and_was_sent_on_too_is_a_duplicate() -> None:
    scene = Scene()
    scene.views(0)
    scene.bundle(0, section(0, 2, 1, values=[record(0).value]))

    assert scene.seen == 1
    assert scene.ledger["outcome:duplicate"] == 1
