"""What results have cost and brought."""

import pytest

from models.campaigns.money import NANOS
from models.readings.results import carries_revenue, revenue
from tests.unit.models.building import RATES


@pytest.mark.parametrize(("currency", "amount"), [("EUR", 14.0), ("USD", 17.5)])
def test_revenue_is_converted_from_each_currency(currency: str, amount: float) -> None:
    tally = {"revenue:purchase:EUR": 10 * NANOS, "revenue:purchase:USD": 5 * NANOS}

    assert revenue(tally, currency, RATES) == pytest.approx(amount)


def test_revenue_without_a_rate_is_unknown_and_not_less() -> None:
    tally = {"revenue:purchase:EUR": NANOS, "revenue:signup:CHF": NANOS}

    assert revenue(tally, "EUR", RATES) is None
    assert revenue(tally, "EUR", RATES, {"purchase"}) == 1


def test_the_revenue_of_some_kinds_leaves_others_out() -> None:
    tally = {"revenue:purchase:EUR": 3 * NANOS, "revenue:signup:EUR": NANOS}

    assert (revenue(tally, "EUR", None, {"signup"}), revenue(tally, "EUR", None, {"other"})) == (1, 0)


def test_a_sale_that_was_given_back_carries_a_revenue_still() -> None:
    tally = {"conversions:purchase": 1, "valued:purchase": 1, "conversions:signup": 4}

    assert carries_revenue(tally, None)
    assert carries_revenue(tally, {"purchase"})
    assert not carries_revenue(tally, {"signup"})
