"""Who gets which partitions: evenly, as before where that is even, and never from under who shows them."""

from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.shares import Holding, Shares, share

names = st.sampled_from(["ana", "ben", "cleo", "dan", "eve"])
holdings = st.builds(Holding, st.lists(st.integers(0, 12), max_size=8).map(tuple), st.booleans())
groups = st.dictionaries(names, holdings, min_size=1)


def shows(*held: int) -> Holding:
    return Holding(held, True)


def remembers(*held: int) -> Holding:
    return Holding(held, False)


def after(shares: Shares) -> dict[str, Holding]:
    """Return what members hold that were told of their shares."""
    return {name: shows(*numbers) for name, numbers in shares.given.items()}


def given_now(shares: Shares) -> list[int]:
    return sorted(number for numbers in shares.given.values() for number in numbers)


def test_a_first_worker_gets_all_and_a_second_half_of_it_in_two_rounds() -> None:
    first = share(4, {"ana": remembers()})
    assert (first.given, first.again) == ({"ana": (0, 1, 2, 3)}, False)

    second = share(4, {**after(first), "ben": remembers()})
    assert (second.given, second.again) == ({"ana": (0, 1), "ben": ()}, True)
    assert share(4, after(second)).given == {"ana": (0, 1), "ben": (2, 3)}


def test_what_a_worker_had_that_is_gone_is_given_at_once_and_touches_nobody_else() -> None:
    shares = share(6, {"ana": shows(0, 1), "cleo": shows(4, 5)})

    assert (shares.given, shares.again) == ({"ana": (0, 1, 2), "cleo": (4, 5, 3)}, False)


def test_a_worker_that_returns_gets_what_it_had_and_nobody_elses() -> None:
    shares = share(6, {"ana": shows(0, 1, 2), "cleo": shows(4, 5, 3), "ben": remembers()})
    assert shares.given == {"ana": (0, 1), "cleo": (4, 5), "ben": ()}

    assert share(6, after(shares)).given == {"ana": (0, 1), "cleo": (4, 5), "ben": (2, 3)}


def test_what_two_show_is_given_to_neither_until_both_were_told() -> None:
    shares = share(2, {"ana": shows(0, 1), "ben": shows(0)})

    assert (shares.given, shares.again) == ({"ana": (1,), "ben": ()}, True)
    assert share(2, after(shares)).given == {"ana": (1,), "ben": (0,)}


def test_what_nobody_shows_stays_with_who_remembers_it() -> None:
    shares = share(4, {"ana": remembers(3, 1), "ben": remembers(1, 0)})

    assert shares.given == {"ana": (3, 1), "ben": (0, 2)}
    assert share(4, {"ana": remembers(0, 1), "ben": shows(1)}).given["ben"][0] == 1


def test_workers_beyond_the_partitions_get_none() -> None:
    shares = share(1, {"ana": remembers(), "ben": shows(0)})

    assert (shares.given, shares.again) == ({"ana": (), "ben": (0,)}, False)
    assert share(0, {"ana": shows(0)}).given == {"ana": ()}


@given(st.integers(0, 12), groups)
def test_nothing_is_given_to_two_or_to_another_than_who_shows_it(
    partitions: int, members: dict[str, Holding]
) -> None:
    shares = share(partitions, members)
    given = given_now(shares)

    assert given == sorted(set(given) & set(range(partitions)))
    for name, numbers in shares.given.items():
        others = {number for other in members if other != name for number in members[other].held
                  if members[other].shows}  # fmt: skip
        assert not others & set(numbers)


@given(st.integers(0, 12), groups)
def test_after_two_rounds_all_is_given_evenly_and_nothing_moves_any_more(
    partitions: int, members: dict[str, Holding]
) -> None:
    first = share(partitions, members)
    second = share(partitions, after(first)) if first.again else first
    sizes = [len(numbers) for numbers in second.given.values()]

    assert not second.again
    assert given_now(second) == list(range(partitions))
    assert max(sizes) - min(sizes) <= 1
    assert all(set(first.given[name]) <= set(second.given[name]) for name in first.given)
    assert share(partitions, after(second)) == second


@given(st.integers(0, 12), st.lists(names, min_size=1, unique=True), names)
def test_a_stop_and_a_start_move_what_that_worker_had_and_nothing_else(
    partitions: int, members: list[str], restarted: str
) -> None:
    before = share(partitions, {name: remembers() for name in {*members, restarted}})
    rest = {name: holding for name, holding in after(before).items() if name != restarted}
    if not rest:
        return
    without = share(partitions, rest)
    assert not without.again
    back = share(partitions, {**after(without), restarted: remembers()})
    back = share(partitions, after(back)) if back.again else back

    for name in rest:
        assert set(back.given[name]) - set(before.given[name]) <= set(before.given[restarted])
        assert set(before.given[name]) <= set(back.given[name]) | set(back.given[restarted])
