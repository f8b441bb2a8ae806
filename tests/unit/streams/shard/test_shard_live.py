"""When a shard is live, and what it has lost to retention by then."""

import pytest

from streams.rating.messages import Answer
from streams.rating.rating import Rating
from tests.unit.models.building import NOON
from tests.unit.streams.shard.shard_scene import BUNDLES, COMMENTS, STRANGE, VIEWS, Scene, section


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


def test_it_is_live_once_the_texts_of_what_waited_are_rated() -> None:
    rating = Rating(lambda: NOON)
    scene = Scene({COMMENTS: (0, 2), BUNDLES: (0, 0)}, rating=rating)
    scene.comments(0)
    scene.comments(1)
    scene.shard.await_forwarded(0)
    assert (scene.shard.live, scene.shard.caught_up) == (False, True)

    rating.connect("model", lambda _: None)
    rating.take(Answer(bytes([0]), 1e-5))
    assert not scene.shard.live
    rating.take(Answer(bytes([0]), 1e-5))
    assert scene.shard.live


def test_it_stays_live_while_texts_of_what_has_just_come_are_not_rated() -> None:
    scene = Scene({COMMENTS: (0, 0), BUNDLES: (0, 0)}, rating=Rating(lambda: NOON))
    scene.shard.await_forwarded(0)
    scene.comments(0)

    assert scene.shard.live


def test_it_is_live_once_the_texts_of_what_waited_are_given_up() -> None:
    scene = Scene({COMMENTS: (0, 1), BUNDLES: (0, 0)}, rating=Rating(lambda: NOON))
    scene.comments(0)
    scene.shard.await_forwarded(0)
    for asked in scene.shard.cut().asked:
        asked.end()

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
    _, cut, _ = scene.shard.cut()
    assert cut is not None
    delta = cut.delta()
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
    _, cut, _ = scene.shard.cut()
    assert cut is not None
    delta = cut.delta()
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
