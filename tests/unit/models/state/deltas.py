"""What the tests of deltas are made of: deltas that follow one another, from a seed."""

from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import strategies as st

from models.authenticity.memory import TABLES
from models.authenticity.stored import Remembered, by_campaign, numbered_anew
from models.core.columns import COLUMNS, TICK, Acts, Ids, Ints, Sightings, Thresholds, aggregate, latest
from models.reach.sample import LEVELS
from models.scopes import Leaf
from models.state.delta import Delta
from models.state.orders import Order, OrderKey, Price, Refund, Sale
from models.state.repeats import ACTS, thinned
from models.state.running_totals import Last, Totals
from models.times import DAY, HOUR, SECOND
from models.windows import ROLLING
from tests.unit.models.authenticity.acts import judge, lines, log_of
from tests.unit.models.building import KEY, LEAF, NOON

LEAVES = [LEAF, Leaf("glow", "ana", "reel-2", "tiktok"), Leaf("luz", "ben", "none", "none")]
SIZES = st.lists(st.integers(1, 12), min_size=1, max_size=6)
SEEDS = st.integers(0, 10**6)


def delta(seed: int, start: int, size: int) -> Delta:
    """Make a delta of so many records, from a seed."""
    random = Random(seed)
    leaves = random.sample(LEAVES, random.randint(1, 3))
    targets = random.sample(["f1", "f2", "f3"], random.randint(0, 3))
    actors = random.sample(["glow", "luz"], random.randint(1, 2))
    rows, ticks = _column(random, 0, len(leaves) - 1, size), _ticks(random, size)
    persons, seen = _hashes(random, 9, size), _column(random, -1, len(targets) - 1, size)
    remembered, judged = _remembered(random)
    return Delta(
        KEY,
        {("impressions", 0): start, ("clicks", 7): 2 * start},
        {("impressions", 0): start + size, ("clicks", 7): 2 * (start + size)},
        leaves,
        _column(random, NOON - DAY, NOON, len(leaves)),
        aggregate(rows, ticks, _column(random, 0, len(COLUMNS) - 1, size), _column(random, 1, 10**6, size)),
        latest(Sightings(rows, persons, ticks, seen)),
        _ids(random, size),
        dict([_order(random, seed)]),
        {"impressions": {"outcome:counted": size, "refused:not_json": seed % 3 + 1}},
        targets,
        {("impressions", 3): start + size},
        acts=_acts(random, len(actors), size),
        actors=actors,
        frozen={LEAF: {"revenue:purchase:EUR": random.choice([5, 10**40, -(10**40)])}},
        totals=_totals(random, seed),
        taken={"glow": {"impressions": random.choice([1, 10**12, 10**20])}} if seed % 2 else {},
        thresholds=_thresholds(random, len(leaves), len(targets), size // 4),
        remembered=remembered,
        judged=judged,
        let_go=frozenset(random.sample(["snow", "ice"], random.randint(0, 2))),
    )


def _column(random: Random, least: int, most: int, size: int) -> Ints:
    return np.array([random.randint(least, most) for _ in range(size)], dtype=np.int64)


def _ticks(random: Random, size: int) -> Ints:
    return _column(random, (NOON - 2 * ROLLING[-1].length) // TICK, NOON // TICK, size)


def _hashes(random: Random, most: int, size: int) -> np.ndarray:
    return _column(random, 1, most, size).astype(np.uint64)


def _ids(random: Random, size: int) -> Ids:
    arrivals = _column(random, (NOON - 3 * HOUR) // SECOND, NOON // SECOND, size)
    return Ids(_hashes(random, 2**40, size), arrivals)


def _acts(random: Random, actors: int, size: int) -> Acts:
    campaigns, kinds = _column(random, 0, actors - 1, size), _column(random, 0, len(ACTS) - 1, size)
    return thinned(Acts(campaigns, kinds, _hashes(random, 9, size), _column(random, 1, 3, size)))


def _thresholds(random: Random, leaves: int, targets: int, size: int) -> Thresholds:
    rows, of = _column(random, 0, leaves - 1, size), _column(random, -1, targets - 1, size)
    return Thresholds(rows, of, _ticks(random, size), _column(random, 1, LEVELS - 1, size))


def _order(random: Random, seed: int) -> tuple[OrderKey, Order]:
    sale = Sale(NOON - random.randint(0, DAY), f"e{seed}", LEAF)
    price = Price(sale.time, sale.event_id, random.randint(0, 10 ** random.randint(1, 40)), "EUR")
    order = Order(sale, price, bool(seed % 2), {"r": Refund(random.choice([seed, 10**40, None]), "EUR")})
    return OrderKey("glow", "purchase", f"o{random.randint(0, 2)}", random.random() < 0.5), order


def _totals(random: Random, seed: int) -> Totals:
    return {
        name: {random.randint(1, 2**64 - 1) if random.random() < 0.5 else 7: last}
        for name in random.sample(["glow", "luz"], random.randint(0, 2))
        for last in [Last(NOON - random.randrange(DAY), random.choice([0, seed, 10**12]))]
    }


def _remembered(random: Random) -> tuple[Remembered, list[str]]:
    """Let a judge cut what it remembers of some acts; name the campaigns that this numbers.

    They are all of one hour: what is forgotten by it must not have been remembered by a later one.
    """
    one = judge(pod="on")
    one.judge(lines([replace(act, at=act.at % HOUR) for act in log_of(random, 30)]))
    remembered, had = numbered_anew(one.cut())
    return remembered, [("glow", "luz")[number] for number in had]


def deltas(random_seed: int, sizes: list[int]) -> list[Delta]:
    """Make deltas that follow one another."""
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    return [
        delta(random_seed + number, start, size)
        for number, (start, size) in enumerate(zip(starts, sizes, strict=True))
    ]


def content(one: Delta) -> object:
    """See a delta apart from the order of its leaves and columns."""

    def lines(columns: Sightings | Thresholds | Ids | Acts | tuple[np.ndarray, ...]) -> list[tuple[int, ...]]:
        return sorted(zip(*(column.tolist() for column in columns), strict=True))

    def at_leaves(columns: Sightings | Thresholds | tuple[np.ndarray, ...]) -> list[tuple[Leaf, list[int]]]:
        return sorted((one.leaves[row], rest) for row, *rest in lines(columns))

    return (
        one.start, one.end, sorted(zip(one.leaves, one.firsts.tolist(), strict=True)), at_leaves(one.counts),
        sorted((leaf, seen, [*one.targets, ""][of]) for leaf, (*seen, of) in at_leaves(one.sightings)),
        sorted((leaf, since, [*one.targets, ""][of]) for leaf, (of, *since) in at_leaves(one.thresholds)),
        sorted((one.actors[campaign], act) for campaign, *act in lines(one.acts)),
        lines(one.ids), one.orders, one.ledger, sorted(one.targets), one.forwarded, one.frozen, one.kept,
        sorted(one.actors), one.totals, one.taken, _judged_by(one), one.let_go,
    )  # fmt: skip


def _judged_by(one: Delta) -> dict[str, object]:
    """See what is remembered of each campaign: its facts, and the entries of each table by key."""
    found: dict[str, object] = {}
    for number, facts, tables in by_campaign(one.remembered):
        found[one.judged[number]] = facts, {
            table: sorted(zip(entries.keys.tolist(), entries.lasts.tolist(),
                              *(column.tolist() for column in entries.own), strict=True))
            for table, entries in zip(TABLES, tables, strict=True)
        }  # fmt: skip
    return found
