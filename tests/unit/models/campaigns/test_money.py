"""Money is added in whole millionths and converted by one table of rates."""

import pytest

from models.campaigns.campaign import CurrencyRates
from models.campaigns.money import exchange_rate, to_nanos
from tests.unit.models.building import RATES


def test_amounts_that_no_float_holds_are_exact_in_micros() -> None:
    assert sum(to_nanos(0.1) for _ in range(10)) == to_nanos(1.0)


def test_the_largest_revenue_is_exact() -> None:
    assert to_nanos(999_999_999.99) == 999_999_999_990_000_000


@pytest.mark.parametrize(
    ("source", "target", "rate"),
    [("EUR", "USD", 1.25), ("USD", "EUR", 0.8), ("USD", "GBP", 0.64), ("GBP", "GBP", 1.0)],
)
def test_rates_go_by_way_of_the_base(source: str, target: str, rate: float) -> None:
    assert exchange_rate(RATES, source, target) == pytest.approx(rate)


@pytest.mark.parametrize(("source", "target"), [("EUR", "CHF"), ("CHF", "EUR"), ("CHF", "SEK")])
def test_a_currency_without_a_rate_is_unknown(source: str, target: str) -> None:
    assert exchange_rate(RATES, source, target) is None


def test_without_rates_only_the_same_currency_converts() -> None:
    assert exchange_rate(None, "CHF", "CHF") == 1.0
    assert exchange_rate(None, "EUR", "USD") is None


def test_a_rate_of_the_base_to_itself_changes_nothing() -> None:
    odd = CurrencyRates(date="2026-11-01", base="EUR", rates={"EUR": 3.0, "USD": 1.25})

    assert exchange_rate(odd, "EUR", "USD") == 1.25
