"""Dispersion finds how traffic was made: by people who act twice, in threads, on days that differ."""

import numpy as np
import pytest
from numpy.random import Generator

from models.statistics import dispersion
from models.statistics.dispersion import PRIOR
from models.statistics.gamma import Floats

HOURS = np.array([0.1, 0.1, 0.3, 0.8, 1, 1, 1.2, 1.2, 1.5, 2, 1.8, 1.0])


@pytest.fixture
def chance() -> Generator:
    return np.random.default_rng(5)


def test_people_who_all_act_twice_make_a_dispersion_of_two() -> None:
    assert dispersion.of_people(np.array(2000.0), np.array(4000.0)) == pytest.approx(2, abs=0.01)


def test_of_nobody_the_prior_is_taken_and_of_few_something_near_it() -> None:
    """Two people who acted twice each: (1.75 × 20 + 8) ÷ (20 + 4)."""
    assert dispersion.of_people(np.array(0.0), np.array(0.0)) == PRIOR
    assert dispersion.of_people(np.array(4.0), np.array(8.0)) == pytest.approx(43 / 24)


@pytest.mark.parametrize("each", [1, 2, 5])
def test_pairs_in_one_bucket_are_seen_against_what_was_shown(each: int, chance: Generator) -> None:
    shown = chance.poisson(np.tile(HOURS * 500, 7)).astype(float)
    counts = each * chance.poisson(shown * 0.02)

    found = dispersion.against(counts.astype(float), shown)

    assert found.value == pytest.approx(each, rel=0.35)
    assert 40 < found.freedom <= 84


def test_days_and_hours_that_differ_are_no_clusters(chance: Generator) -> None:
    days = chance.lognormal(0, 0.4, (2000, 7, 1))
    counts = chance.poisson(days * HOURS * 3).astype(float)

    assert dispersion.by_rhythm(counts).value.mean() == pytest.approx(1, abs=0.02)


def test_days_that_differ_are_found_beyond_what_chance_makes(chance: Generator) -> None:
    days = np.exp(chance.normal(-0.08, 0.4, (4000, 7)))
    counts: Floats = chance.poisson(days * 300).astype(float)
    ones, level = np.ones_like(counts), np.ones(4000)

    assert dispersion.between_days(counts, ones, level, 0.16).mean() == pytest.approx(0.16, abs=0.03)
    alike = chance.poisson(300, (4000, 7)).astype(float)
    assert dispersion.between_days(alike, ones, level, 0.16).mean() < 0.09


def test_before_a_second_day_is_over_days_are_taken_to_differ_as_usual() -> None:
    counts, over = np.array([0.0] * 6 + [20.0]), np.array([0.0] * 6 + [1.0])

    assert dispersion.between_days(counts, over, np.array(1.5), 0.16) == pytest.approx(0.16)


def test_threads_of_alike_comments_are_seen(chance: Generator) -> None:
    threads = chance.choice([-1.0, 1.0], (84, 3))
    scores, counts = 5 * threads.sum(-1), np.full(84, 15.0)

    assert dispersion.of_scores(scores, counts, np.array(1.0)).value == pytest.approx(5, rel=0.4)


def test_nothing_counted_has_no_dispersion_of_its_own() -> None:
    nothing = np.zeros(84)

    assert dispersion.shrunk(dispersion.against(nothing, nothing), np.array(PRIOR)) == PRIOR
