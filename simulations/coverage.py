"""How often bounds of one look hold the truth, for the counts that campaigns have."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from models.kpis import likely
from models.kpis.clusters import BUCKETS, COLUMNS, Clusters, Family, spread_of
from models.statistics.gamma import Floats
from models.statistics.looks import ONCE
from simulations import old_rules
from simulations.many import Counted, People, Range
from simulations.suspicious import ALONE, BOUGHT, PLANTED, Causes, draw

_DAYS: Any = 7.0


@dataclass(frozen=True, slots=True)
class Acting:
    """How people act: the share of them who do so 1, 2, 3, … times, in one sitting; who is identified."""

    shares: tuple[float, ...] = (1.0,)
    known: float = 0.0

    @property
    def mean(self) -> float:
        """The acts of one person."""
        return sum(share * (times + 1) for times, share in enumerate(self.shares))


def fans(mean: float, known: float = 0.0) -> Acting:
    """Return people whose acts are geometric."""
    shares = (1 - 1 / mean) ** np.arange(40) / mean
    return Acting(tuple(shares / shares.sum()), known)


@dataclass(frozen=True, slots=True)
class Seen:
    """Counts of trials (rows) by bucket, and the sample of those who are identified."""

    counts: Floats
    people: Any = None


def act(chance: Generator, acting: Acting, mean: float, trials: int) -> Seen:
    """Draw what people do over a week, with a mean of acts in all."""
    counts = np.zeros((trials, BUCKETS))
    persons, acts, squares = np.zeros((3, trials))
    for times, share in enumerate(acting.shares, start=1):
        people = chance.poisson(mean / acting.mean * share / BUCKETS, (trials, BUCKETS))
        counts += times * people
        known = chance.binomial(people.sum(-1), acting.known)
        persons, acts, squares = persons + known, acts + times * known, squares + times**2 * known
    sample = People(persons, acts, squares) if acting.known else None
    return Seen(counts, sample)


def weights(seen: Seen, family: Family, column: str, shown: float) -> Any:
    """Estimate, as the product does, how many counts an independent event brings."""
    buckets = np.zeros((len(seen.counts), BUCKETS, len(COLUMNS)))
    buckets[..., COLUMNS.index(column)] = seen.counts
    buckets[..., COLUMNS.index("impressions")] = shown / BUCKETS
    people = {} if seen.people is None else {family: seen.people}
    return spread_of(Clusters(people, buckets, _DAYS)).weights[family]


def held(found: Any, truth: float) -> float:
    """Return the share of trials whose bounds hold the truth."""
    return float(np.mean((found.lower <= truth) & (truth <= found.upper)))


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of traffic: coverage by size of the count, now and by the old rules."""

    name: str
    sizes: tuple[int, ...]
    now: tuple[float, ...]
    before: tuple[float, ...]


def counts(
    chance: Generator,
    name: str,
    family: Family,
    column: str,
    acting: Acting,
    sizes: tuple[int, ...],
    trials: int,
) -> Row:
    """Cover counts of acts: clicks and conversions, whose rates and costs have their counts' coverage."""
    now, before = [], []
    for mean in sizes:
        seen = act(chance, acting, mean, trials)
        total: Any = seen.counts.sum(-1)
        now.append(
            held(likely.count_of(Counted(total, weights(seen, family, column, 100.0 * mean)), ONCE), mean)
        )
        before.append(held(Range(*old_rules.rate_bounds(total, np.ones(1))), mean))
    return Row(name, sizes, tuple(now), tuple(before))


def engagement(
    chance: Generator, name: str, acting: Acting, identified: float, sizes: tuple[int, ...], trials: int
) -> Row:
    """Cover the engagement rate of 5 % of those reached, each shown a post once and Poisson(2) times more."""
    now, before = [], []
    for reach in sizes:
        seen = act(chance, acting, 0.05 * reach, trials)
        total: Any = seen.counts.sum(-1)
        known: Any = chance.binomial(reach, identified, trials)
        theirs = known + chance.poisson(2.0 * known)
        shown = theirs + (reach - known) + chance.poisson(2.0 * (reach - known))
        weight = weights(seen, "interactions", "interactions", 3.0 * reach)
        among = shown * known / theirs
        doubt = np.exp(1.96 * np.sqrt((1 - theirs / shown) * (2 / 9) / known))
        around = Range(among / doubt, among * doubt)
        now.append(held(likely.quotient_of(Counted(total, weight), among, around, ONCE), 0.05))
        before.append(held(Range(*old_rules.rate_bounds(total, known)), 0.05))
    return Row(name, sizes, tuple(now), tuple(before))


def sentiment(
    chance: Generator, name: str, thread: int, alike: float, sizes: tuple[int, ...], trials: int
) -> Row:
    """Cover a sentiment of 0.3, of mentions in threads that are `alike` (an intraclass correlation)."""
    now, before = [], []
    for rated in sizes:
        polarities = _threads(chance, max(rated // thread, 1), min(thread, rated), alike, trials)
        buckets = np.zeros((trials, BUCKETS, len(COLUMNS)))
        for at in range(polarities.shape[1]):
            where = chance.integers(0, BUCKETS, trials)
            # COLUMNS has them in this order, too.
            first = COLUMNS.index("positive")
            np.add.at(buckets[..., first : first + 3], (np.arange(trials), where), polarities[:, at])
        weight: Any = spread_of(Clusters({}, buckets, _DAYS)).weights["rated"]
        good, neither, bad = np.moveaxis(polarities.sum(1), -1, 0)
        total: Any = good + neither + bad
        now.append(held(likely.mood_of(good, bad, Counted(total, weight), ONCE), 0.3))
        before.append(held(likely.mood_of(good, bad, Counted(total), ONCE), 0.3))
    return Row(name, sizes, tuple(now), tuple(before))


def _threads(chance: Generator, number: int, each: int, alike: float, trials: int) -> Floats:
    shares = np.array([0.5, 0.3, 0.2])
    if alike:
        opinions = chance.dirichlet(shares * (1 - alike) / alike, (trials, number))
    else:
        opinions = np.broadcast_to(shares, (trials, number, 3))
    found: Floats = chance.multinomial(each, opinions).astype(np.float64)
    return found


def authenticity(
    chance: Generator, name: str, causes: Causes, truth: float, sizes: tuple[int, ...], trials: int
) -> Row:
    """Cover an authenticity of so many judged interactions, where the suspicious ones come by such causes."""
    now, before = [], []
    for judged in sizes:
        each = np.full((trials, BUCKETS), judged / BUCKETS)
        drawn = draw(chance, each * truth, causes, each * (1 - truth))
        buckets = np.zeros((trials, BUCKETS, len(COLUMNS)))
        for column in ("judged", "suspicious"):
            buckets[..., COLUMNS.index(column)] = getattr(drawn, column)
        weights: Any = spread_of(Clusters({}, buckets, _DAYS)).weights
        bad: Any = drawn.suspicious.sum(-1)
        good: Any = drawn.judged.sum(-1) - bad
        organic, suspicious = Counted(good, weights["organic"]), Counted(bad, weights["suspicious"])
        now.append(held(likely.organic_of(organic, suspicious, ONCE), truth))
        before.append(held(likely.organic_of(Counted(good), Counted(bad), ONCE), truth))
    return Row(name, sizes, tuple(now), tuple(before))


def aggregates(chance: Generator, each: int, sizes: tuple[int, ...], trials: int) -> Row:
    """Cover counts that reports of `each` add up to; nothing is known of people."""
    now, before = [], []
    for mean in sizes:
        total: Any = each * chance.poisson(mean / each, trials).astype(np.float64)
        weight: Any = np.where(total > 0, 1.75 + each - 1, each)
        now.append(held(likely.count_of(Counted(total, weight), ONCE), mean))
        before.append(held(Range(*old_rules.rate_bounds(total, np.ones(1))), mean))
    return Row(f"counts made of `count` {each}", sizes, tuple(now), tuple(before))


PAIRS = (0.0, 1.0)
_RATES, _FEW, _MANY = (1, 10, 100, 1000), (3, 10, 40, 200, 2000), (100, 1000, 10_000, 100_000)


def rows(chance: Generator, trials: int) -> Iterator[Row]:
    """Cover every row of the table."""
    for name, acting in {
        "independent, nobody known": Acting(),
        "independent, half known": Acting(known=0.5),
        "two clicks a clicker in a sitting, nobody known": Acting(PAIRS),
        "two clicks a clicker, half known": Acting(PAIRS, 0.5),
    }.items():
        yield counts(chance, f"CTR 1 %: {name}", "clicks", "clicks", acting, _RATES, trials)
    for name, acting, identified in (
        ("independent", Acting(known=1.0), 1.0),
        ("2.5 actions a fan, all known", fans(2.5, 1.0), 1.0),
        ("2.5 actions a fan, nobody's actions known", fans(2.5), 1.0),
        ("five actions a fan, 40 % known", fans(5.0, 0.4), 0.4),
    ):
        yield engagement(chance, f"engagement 5 %: {name}", acting, identified, _MANY, trials)
    for name, acting in {
        "independent, nobody known": Acting(),
        "two orders a buyer, nobody known": Acting(PAIRS),
        "two orders a buyer, half known": Acting(PAIRS, 0.5),
    }.items():
        yield counts(chance, f"CPA: {name}", "conversions", "conversions", acting, _FEW, trials)
    rated = (30, 300, 3000)
    yield sentiment(chance, "sentiment: independent", 1, 0.0, rated, trials // 4)
    yield sentiment(chance, "sentiment: threads of 5, icc 0.2", 5, 0.2, rated, trials // 4)
    yield sentiment(chance, "sentiment: threads of 10, icc 0.2", 10, 0.2, rated, trials // 4)
    for name, causes, truth in (
        ("99 %: independent", ALONE, 0.99),
        ("99 %: accounts and groups bring 1 to 45", PLANTED, 0.99),
        ("90 %: accounts and groups bring 1 to 45", PLANTED, 0.9),
        ("50 %: accounts and groups bring 1 to 45", PLANTED, 0.5),
        ("90 %: *bought by 150 to 250*", BOUGHT, 0.9),
    ):
        yield authenticity(chance, f"authenticity {name}", causes, truth, _MANY, trials // 2)
    yield aggregates(chance, 100, (300, 1000, 10_000), trials)
