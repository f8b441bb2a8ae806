"""Reach counts each person once, by the last time that they were seen."""

from hypothesis import given
from hypothesis import strategies as st

from models.leaf import WINDOWS, Leaf, Scope, scopes_of
from models.people import People, person_key
from models.times import DAY, HOUR, MINUTE
from models.windows import FLIGHT, ROLLING, WindowName
from tests.unit.models.building import GLOW, LEAF, NOON

LEAVES = [
    Leaf("glow", influencer, content, channel)
    for influencer in ("ana", "ben")
    for content in ("reel-1", "reel-2")
    for channel in ("instagram", "tiktok")
]


def reach(people: People, window: WindowName = FLIGHT, scope: Scope = GLOW) -> int:
    return people.reach(scope, window)


def test_a_person_seen_twice_is_one() -> None:
    people = People()
    people.see(LEAF, "p", NOON)
    people.see(LEAF, "p", NOON + HOUR)

    assert reach(people) == 1


def test_a_campaigns_reach_is_a_union_and_no_sum() -> None:
    people = People()
    for leaf in LEAVES:
        people.see(leaf, "p", NOON)

    assert [reach(people, scope=scope) for scope in scopes_of(LEAF)] == [1, 1, 1, 1]


def test_nobody_was_seen_where_nothing_happened() -> None:
    assert People().reach(GLOW, "5m") == 0


def test_a_person_stays_in_a_window_as_long_as_the_last_sighting_does() -> None:
    people = People()
    people.see(LEAF, "p", NOON)
    people.see(LEAF, "p", NOON + 4 * MINUTE)

    people.expire(NOON + 8 * MINUTE)
    assert reach(people, "5m") == 1

    people.expire(NOON + 10 * MINUTE)
    assert (reach(people, "5m"), reach(people, "1h"), reach(people)) == (0, 1, 1)


def test_an_older_sighting_that_comes_late_does_not_let_a_person_go_early() -> None:
    people = People()
    people.see(LEAF, "p", NOON)

    assert people.see(LEAF, "p", NOON - HOUR) is None

    people.expire(NOON)
    assert reach(people, "5m") == 1


def test_a_person_who_left_a_window_can_come_back() -> None:
    people = People()
    people.see(LEAF, "p", NOON - DAY)
    people.expire(NOON)
    people.see(LEAF, "p", NOON)

    assert (reach(people, "5m"), reach(people)) == (1, 1)


def test_a_late_sighting_is_in_no_window_that_has_moved_on() -> None:
    people = People()
    people.expire(NOON)
    people.see(LEAF, "p", NOON - HOUR // 2)

    assert [reach(people, window) for window in ("5m", "1h", "flight")] == [0, 1, 1]


def test_a_person_in_a_windows_oldest_bucket_is_not_counted_again() -> None:
    people = People()
    people.see(LEAF, "p", NOON - 5 * MINUTE)
    people.expire(NOON)
    people.see(LEAF, "p", NOON)

    assert reach(people, "5m") == 1


def test_a_sighting_can_be_repeated_by_its_tick() -> None:
    first, second = People(), People()
    tick = first.see(LEAF, "p", NOON + 7)
    assert tick is not None

    second.see_tick(LEAF, "p", tick)
    second.see_tick(LEAF, "p", tick)

    assert [reach(first, window.name) for window in ROLLING] == [
        reach(second, window.name) for window in ROLLING
    ]


def test_no_hash_holds_the_id_and_each_campaign_has_its_own() -> None:
    assert "ana.smith" not in person_key("glow", "ana.smith")
    assert person_key("glow", "p") != person_key("frost", "p")
    assert person_key("a", "b\0c") != person_key("a\0b", "d")


SIGHTING = st.tuples(st.sampled_from(LEAVES), st.sampled_from("pqr"), st.integers(0, 26 * 60 * 6))
HISTORY = st.lists(st.tuples(SIGHTING, st.sampled_from([0, 0, 3 * MINUTE, HOUR, 20 * HOUR])), max_size=30)


@given(HISTORY)
def test_reach_is_what_a_set_of_last_sightings_gives(
    history: list[tuple[tuple[Leaf, str, int], int]],
) -> None:
    people, now = People(), NOON
    last: dict[Scope, dict[str, int]] = {}
    for (leaf, person, age), wait in history:
        now += wait
        people.expire(now)
        time = now - age * MINUTE // 6
        people.see(leaf, person, time)
        for scope in scopes_of(leaf):
            known = last.setdefault(scope, {})
            known[person] = max(known.get(person, 0), time)
    people.expire(now)

    for scope, known in last.items():
        assert reach(people, scope=scope) == len(known)
        for window in ROLLING:
            if window.name in WINDOWS[scope.name]:
                held = [time for time in known.values() if window.bucket_of(time) >= window.first_bucket(now)]
                assert reach(people, window.name, scope) == len(held)
