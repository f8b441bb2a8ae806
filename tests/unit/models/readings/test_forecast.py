"""What the costs at the end of the flight depend on."""

from typing import Any

import pytest

from models.kpis.figures import Forecast, Invested
from models.readings.costs import costs_of, fixed_payees
from models.readings.forecast import forecast
from models.scopes import Leaf
from models.times import DAY
from tests.unit.models.building import LEAF, NOON, campaign
from tests.unit.models.readings.told import keys_of

STARTS = campaign().starts
ENDS = campaign().ends
FEES = [{"influencer": "ana", "flat_fee": 100}, {"influencer": "ben", "flat_fee": 30}]
MIXED = [*FEES, {"influencer": "ana", "cpc": 1}]


def ahead(costs: list[dict[str, Any]], first: dict[Leaf, int], spent: Invested | None, now: int) -> Any:
    declared = campaign(costs=costs)
    keys = keys_of(first, *fixed_payees(declared))
    return forecast(costs_of(declared, keys), spent, keys.held.firsts, len(first), now)


def test_fees_come_to_all_of_them_and_results_go_on_since_the_first_event() -> None:
    found = ahead(MIXED, {LEAF: NOON - DAY}, Invested(fixed=45, fees=5), NOON)

    assert found == Forecast(fixed=130, variable=40, elapsed=DAY, remaining=ENDS - NOON)


def test_before_the_first_event_only_fees_tell() -> None:
    assert ahead(MIXED, {}, Invested(), NOON) is None
    assert ahead(FEES, {}, Invested(), NOON) == Forecast(130, 0, 0, ENDS - NOON)


def test_a_fee_of_somebody_never_seen_is_not_spent_once_the_flight_is_over() -> None:
    found = ahead(MIXED, {LEAF: NOON}, Invested(fixed=107, fees=100), ENDS + DAY)

    assert found == Forecast(fixed=100, variable=7, elapsed=ENDS - NOON, remaining=0)
    assert ahead(MIXED, {LEAF: ENDS + 1}, Invested(fixed=107, fees=100), ENDS + DAY) == Forecast(100, 7, 0, 0)


@pytest.mark.parametrize(("costs", "spent"), [(MIXED, None), ([], Invested())])
def test_costs_that_are_not_known_cannot_be_foreseen(costs: list[Any], spent: Invested | None) -> None:
    assert ahead(costs, {LEAF: STARTS}, spent, NOON) is None
