"""A campaign's spread: what people show and what buckets show, whichever is more."""

import numpy as np
import pytest

from models.kpis.clusters import BUCKETS, COLUMNS, IN_BURSTS, IN_THREADS, Clusters, People, Spread, spread_of
from models.statistics.dispersion import PRIOR


def test_before_anything_is_seen_the_priors_hold() -> None:
    spread = spread_of(Clusters())

    assert set(spread.weights.values()) == {PRIOR, IN_THREADS, IN_BURSTS}
    assert spread.weight("rated") == Spread().weight("rated") == IN_THREADS
    assert spread.apart == pytest.approx(
        {"clicks": 0.16, "interactions": 0.16, "conversions": 0.16, "rated": 0.01, "suspicious": 0.16}
    )


def test_people_who_act_five_times_say_so_whatever_the_buckets_say() -> None:
    buckets = np.zeros((BUCKETS, len(COLUMNS)))
    buckets[:, COLUMNS.index("impressions")] = 1000
    buckets[:, COLUMNS.index("interactions")] = 50

    spread = spread_of(Clusters({"interactions": People(400, 2000, 10_000)}, buckets, 7.0))

    assert spread.weight("interactions") == pytest.approx(5, abs=0.05)


def test_suspicious_interactions_that_come_by_the_hundred_say_so() -> None:
    buckets = np.zeros((BUCKETS, len(COLUMNS)))
    buckets[:, COLUMNS.index("judged")] = 1000
    buckets[::7, COLUMNS.index("suspicious")] = 200

    assert spread_of(Clusters({}, buckets, 7.0)).weight("suspicious") > 100
    assert Spread().weight("suspicious") == IN_BURSTS


def test_organic_interactions_cluster_as_the_people_who_act() -> None:
    spread = spread_of(Clusters({"interactions": People(400, 2000, 10_000)}))

    assert spread.weight("organic") == pytest.approx(5, abs=0.05)


def test_impressions_by_person_vary_as_their_squares_say() -> None:
    """Two people with 1 and 3: mean 2, variance 1, so a quarter of the mean squared."""
    assert People(2, 4, 10).apart == 0.25
    assert People().apart == 1.0


@pytest.mark.parametrize(("often", "persons", "apart"), [(1, 150, 0.02), (2, 300, 0.01), (100, 1, 1.0)])
def test_people_who_are_all_alike_leave_a_doubt_of_those_unseen(
    often: int, persons: int, apart: float
) -> None:
    people = People(persons, persons * often, persons * often**2)

    assert spread_of(Clusters({"impressions": people})).views_apart == pytest.approx(apart)


def test_many_campaigns_are_estimated_as_each_alone() -> None:
    chance = np.random.default_rng(3)
    buckets = chance.poisson(5, (3, BUCKETS, len(COLUMNS))).astype(float)
    together = spread_of(Clusters({}, buckets, np.array([0.5, 3.0, 9.0])))  # type: ignore[arg-type]  # as documented

    for at, days in enumerate((0.5, 3.0, 9.0)):
        alone = spread_of(Clusters({}, buckets[at], days))
        assert {name: value[at] for name, value in together.apart.items()} == pytest.approx(alone.apart)  # type: ignore[index]
        assert {name: value[at] for name, value in together.weights.items()} == pytest.approx(alone.weights)  # type: ignore[index]
