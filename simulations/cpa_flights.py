"""Whole flights of campaigns with a fixed fee and a cpa_max: who is called beyond it, and when."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from models.statistics import looks
from models.statistics.gamma import Floats
from simulations import old_rules
from simulations.estimates import estimated
from simulations.traffic import A_BUCKET, A_DAY, Flights, Traffic, fly

LOOKS = np.r_[0 : 2 * A_DAY, 2 * A_DAY : 6 * A_DAY : 4, 6 * A_DAY : 30 * A_DAY : 12]
"""The steps at which bounds are looked at: every quarter of an hour for two days, then less often."""
FINE, ONE_AND_A_HALF, TWICE = 0.8, 1.5, 2.0
"""A campaign's true CPA, as a multiple of its cpa_max."""


@dataclass(frozen=True, slots=True)
class Alarms:
    """When each campaign was first called beyond its threshold: days since its first event; inf: never."""

    first: Floats

    def within(self, days: float) -> float:
        """Return the share of campaigns that were called beyond within some days."""
        return float((self.first <= days).mean())


def spreads(flights: Flights) -> tuple[Floats, Floats]:
    """Estimate, as the product does, how each campaign's conversions come: weight and days apart at LOOKS."""
    campaigns = len(flights.counts)
    by_bucket = flights.counts.reshape(campaigns, -1, A_BUCKET).sum(-1)
    ends = slice(A_BUCKET - 1, None, A_BUCKET)
    sample = (flights.acts[:, ends], flights.squares[:, ends]) if flights.acts.any() else None
    weights, apart = estimated({"conversions": by_bucket}, "conversions", sample)
    return weights[:, LOOKS // A_BUCKET], apart[:, LOOKS // A_BUCKET]


def held(flights: Flights, a_day: float, spread: tuple[Floats, Floats]) -> Floats:
    """Tell of each campaign whether its true rate lay within the always bounds at every look."""
    days: Any = (LOOKS + 1) / A_DAY
    look = looks.always(days)
    count = flights.counts.cumsum(1)[:, LOOKS]
    due = flights.paid[:, LOOKS] * a_day
    above = look.lower(count, *spread) <= due * look.most_awake
    found: Any = (above & (due * look.least_awake <= look.upper(count, *spread))).all(1)
    return np.asarray(found)


def beyond(flights: Flights, due: float, spread: tuple[Floats, Floats]) -> Alarms:
    """Judge flights by the always bounds; `due`: the conversions a day that the full fee pays at cpa_max."""
    days: Any = (LOOKS + 1) / A_DAY
    look = looks.always(days)
    most = look.upper(flights.counts.cumsum(1)[:, LOOKS], *spread)
    return _first(flights.paid[:, LOOKS] * due * look.least_awake > most, days)


def beyond_by_old_rules(flights: Flights, due: float) -> Alarms:
    """Judge flights as before: one look at a time, and fees due since the flight began."""
    days = (LOOKS + 1) / A_DAY
    accrued = (flights.paid[:, LOOKS] + flights.lead[:, None]) * due
    return _first(old_rules.cost_lower(accrued, flights.counts.cumsum(1)[:, LOOKS]) > 1, days)


def _first(alarms: Any, days: Floats) -> Alarms:
    return Alarms(np.where(alarms.any(1), days[alarms.argmax(1)], np.inf))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was seen of one kind of traffic, by the new rules and by the old ones."""

    fine: Alarms
    fine_before: Alarms
    worse: Alarms
    twice: Alarms
    held: float


def outcome(chance: Generator, traffic: Traffic, a_day: float, campaigns: int) -> Outcome:
    """Fly campaigns with a mean of conversions a day, and judge them against three thresholds."""
    flights = fly(chance, traffic, a_day, campaigns)
    spread = spreads(flights)
    fine, worse, twice = (beyond(flights, a_day * times, spread) for times in (FINE, ONE_AND_A_HALF, TWICE))
    before = beyond_by_old_rules(flights, a_day * FINE)
    return Outcome(fine, before, worse, twice, float(held(flights, a_day, spread).mean()))
