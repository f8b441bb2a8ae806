"""An hour of the demo's traffic, simulated once."""

from functools import cache
from itertools import takewhile

import pytest

from models.campaigns.campaign import Declaration
from models.campaigns.file import read_campaign_file
from models.times import HOUR, parse_time
from producers.demo import demo_campaigns
from producers.simulated import Proportions, SimulatedEvent
from producers.simulation import simulate

NOON = parse_time("2026-11-23T12:00:00Z")
CURRENCIES = ("EUR", "GBP", "USD")
SEED = 7
"""One with which the few orders of an hour are enough to look at."""
MANY_MISHAPS = Proportions(duplicates=0.03, late=0.05, malformed=0.02, bots=0.04)


@cache
def noon_demo() -> Declaration:
    """Read the demo's campaigns once: YAML is slow to read."""
    return read_campaign_file("demo.yaml", demo_campaigns(NOON)).declaration


def simulated(hours: float, rate: float, seed: int = SEED) -> list[SimulatedEvent]:
    """Simulate the demo from noon on."""
    events = simulate(seed, noon_demo().campaigns, NOON, rate, MANY_MISHAPS, CURRENCIES)
    return list(takewhile(lambda event: event.at < NOON + hours * HOUR, events))


@pytest.fixture(scope="session")
def demo() -> Declaration:
    return noon_demo()


@pytest.fixture(scope="session")
def hour() -> list[SimulatedEvent]:
    return simulated(hours=1, rate=6)
