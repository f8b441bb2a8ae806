"""What others send on: sections that follow one another, holes between them, and bundles that are none."""

import pytest

from streams.journal.versioned import OtherRelease, encode_fields
from streams.shard.bundles import VERSION, encode_bundle
from tests.unit.models.building import NOON, raw, tally
from tests.unit.streams.kafka.written import raw_records, sent
from tests.unit.streams.shard.shard_scene import BUNDLES, Scene, section


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


def test_all_sections_of_bundles_are_applied_and_what_is_refused_bears_its_own_place() -> None:
    scene = Scene()
    spoilt = section(0, 2, 1, partition=6, values=[b"{"])
    clicks = section(0, 1, 0, values=[raw("click", event_id="c")])._replace(topic="clicks")
    bundles = [
        encode_bundle([section(0, 2, 0, 1), spoilt, clicks]),
        encode_bundle([section(1, 5, 1, 4), section(2, 4, 3, partition=6, values=[b"}"])]),
    ]
    arrivals = scene.shard.apply(BUNDLES, raw_records(map(sent, range(2), bundles)), 2)
    letters, cut, _ = scene.shard.cut()

    assert (len(arrivals), scene.seen, tally(scene.state)["clicks"], scene.shard.holes) == (6, 3, 1, 0)
    assert [(letter.value, dict(letter.headers)["__connect.errors.offset"]) for letter in letters] == [
        (b"{", b"1"),
        (b"}", b"3"),
    ]
    assert cut is not None
    delta = cut.delta()
    assert delta.start == {BUNDLES: 0, ("impressions", 5): 0, ("impressions", 6): 1, ("clicks", 5): 0}
    assert delta.end == {BUNDLES: 2, ("impressions", 5): 5, ("impressions", 6): 4, ("clicks", 5): 1}


def test_a_stretch_of_which_nothing_is_for_the_shard_is_passed_over() -> None:
    scene = Scene()

    assert scene.bundle(0, section(0, 4)) == []
    assert (scene.state.positions, scene.shard.holes) == ({BUNDLES: 1, ("impressions", 5): 4}, 0)


def test_what_is_refused_of_a_bundle_is_a_dead_letter_of_where_it_came_from() -> None:
    scene = Scene()
    late = raw("impression", event_time="2020-01-01T00:00:00Z")
    scene.bundle(0, section(0, 9, 7, values=[late]))
    (letter,) = scene.shard.cut().letters

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
