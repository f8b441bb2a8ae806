"""Who gets which partitions: whoever has them, as evenly as they go, and none from a living worker at once.

A worker may go on showing what it holds until it is told otherwise. So what it is to give up is given to
nobody first; it stops showing it, and the group shares once more.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple


class Holding(NamedTuple):
    """What a member holds, in the order in which it came, and whether it may be showing it."""

    held: tuple[int, ...]
    shows: bool


class Shares(NamedTuple):
    """The numbers that each member gets; `again` says that some wait to be given in a second round."""

    given: Mapping[str, tuple[int, ...]]
    again: bool


def share(partitions: int, members: Mapping[str, Holding]) -> Shares:
    """Share partitions among members: within one of one another, and with as few moves as that takes.

    Whoever has too many gives up those that came last: they are of a worker that was away, and go home.
    """
    shown = _shown(partitions, members)
    contested = {number for number, names in shown.items() if len(names) > 1}
    kept = {name: _wanted(name, members[name], partitions, shown) for name in members}
    kept = _without_doubles(kept, contested)
    quotas = _quotas(partitions, {name: len(numbers) for name, numbers in kept.items()})
    given = {name: numbers[: quotas[name]] for name, numbers in kept.items()}
    given_up = {number for name in kept for number in kept[name][quotas[name] :] if number in shown}
    taken = {number for numbers in given.values() for number in numbers}
    for number in sorted(set(range(partitions)) - taken - given_up - contested):
        name = max(sorted(given), key=lambda one: quotas[one] - len(given[one]))
        given[name].append(number)
    return Shares({name: tuple(numbers) for name, numbers in given.items()}, bool(given_up or contested))


def _shown(partitions: int, members: Mapping[str, Holding]) -> dict[int, list[str]]:
    """Return who may be showing which numbers."""
    shown: defaultdict[int, list[str]] = defaultdict(list)
    for name in sorted(members):
        for number in set(members[name].held) if members[name].shows else ():
            if number < partitions:
                shown[number].append(name)
    return dict(shown)


def _wanted(name: str, member: Holding, partitions: int, shown: Mapping[int, list[str]]) -> list[int]:
    """Return what a member holds and nobody else shows, each number once."""
    return [
        number
        for number in dict.fromkeys(member.held)
        if number < partitions and shown.get(number, [name]) == [name]
    ]


def _without_doubles(wanted: Mapping[str, list[int]], contested: set[int]) -> dict[str, list[int]]:
    """Leave what several remember, and none shows, to the first of them."""
    taken = set(contested)
    alone = {}
    for name in sorted(wanted):
        alone[name] = [number for number in wanted[name] if number not in taken]
        taken.update(alone[name])
    return alone


def _quotas(partitions: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """Say how many each gets: one more where they do not divide evenly, for those who have most."""
    least, more = divmod(partitions, len(sizes))
    ranked = sorted(sizes, key=lambda name: (-sizes[name], name))
    return {name: least + (at < more) for at, name in enumerate(ranked)}
