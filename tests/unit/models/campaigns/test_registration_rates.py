"""Currency rates of several files are merged by currency, each with its date."""

import pytest

from models.campaigns.document import JsonObject, empty_document
from models.campaigns.registration import Changes, RegistryRefused, merge
from tests.unit.models.campaigns.registering import CARD, DURING, campaign, registered


def rates(date: str, base: str = "EUR", **table: float) -> JsonObject:
    return {"currency_rates": {"date": date, "base": base, "rates": table}}


def test_rates_are_merged_by_currency_each_with_its_date() -> None:
    document = registered(campaign())
    merge(document, rates("2026-11-20", USD=1.08, GBP=0.84), DURING, prune=False)

    changes = merge(document, rates("2026-11-27", USD=1.1, JPY=170), DURING, prune=False)

    assert document["currency_rates"] == {
        "date": "2026-11-27",
        "base": "EUR",
        "rates": {"GBP": 0.84, "JPY": 170, "USD": 1.1},
        "dates": {"GBP": "2026-11-20"},
    }
    assert changes.others == [
        "changed currency rates",
        "  1 EUR = none → 170 JPY (2026-11-27)",
        "  1 EUR = 1.08 (2026-11-20) → 1.1 USD (2026-11-27)",
    ]
    assert changes.notes == [
        "currency rates: restated are revenue, EMV and what follows from them, as far as amounts are "
        "converted, of glow"
    ]
    assert merge(document, rates("2026-11-27", USD=1.1, JPY=170), DURING, prune=False) == Changes()


def test_an_older_rate_replaces_a_newer_one_and_says_so() -> None:
    document = empty_document()
    merge(document, rates("2026-11-20", USD=1.08), DURING, prune=False)

    changes = merge(document, rates("2026-10-01", USD=1.05), DURING, prune=False)

    assert document["currency_rates"] == rates("2026-10-01", USD=1.05)["currency_rates"]
    assert changes.notes == ["the rate of USD is older than the one before (2026-11-20)"]


def test_rates_on_another_base_are_converted_by_their_own_rate_of_the_registered_base() -> None:
    document = empty_document()
    merge(document, rates("2026-11-20", GBP=0.84), DURING, prune=False)

    merge(document, rates("2026-11-27", "USD", EUR=0.8, JPY=160.0, GBP=0.8), DURING, prune=False)

    assert document["currency_rates"] == {
        "date": "2026-11-27",
        "base": "EUR",
        "rates": {"GBP": 1.0, "JPY": 200.0, "USD": 1.25},
    }


def test_rates_on_a_base_that_cannot_be_converted_are_refused() -> None:
    document = empty_document()
    merge(document, rates("2026-11-20", USD=1.08), DURING, prune=False)

    with pytest.raises(RegistryRefused, match="add the rate of EUR") as caught:
        merge(document, rates("2026-11-27", "CHF", GBP=0.9), DURING, prune=False)
    assert caught.value.path == ("currency_rates", "base")


@pytest.mark.parametrize(("rate", "other"), [(1e-9, 1e12), (1e12, 1e-9)])
def test_rates_that_conversion_leads_beyond_what_can_be_read_are_refused(rate: float, other: float) -> None:
    document = empty_document()
    merge(document, rates("2026-11-20", USD=1.08), DURING, prune=False)

    with pytest.raises(RegistryRefused, match=r"beyond what can be: .*VND"):
        merge(document, rates("2026-11-27", "IRR", EUR=rate, VND=other), DURING, prune=False)
    assert document["currency_rates"] == rates("2026-11-20", USD=1.08)["currency_rates"]


@pytest.mark.parametrize("spoilt", [5, {"base": "EUR"}, {"date": "x", "base": "EUR", "rates": {}}])
def test_rates_that_cannot_be_read_are_replaced(spoilt: object) -> None:
    document = {**empty_document(), "currency_rates": spoilt}

    merge(document, rates("2026-11-20", USD=1.08), DURING, prune=False)

    assert document["currency_rates"] == rates("2026-11-20", USD=1.08)["currency_rates"]


def test_a_campaign_that_lacks_a_rate_is_told_what_it_does_not_show() -> None:
    file = {
        **rates("2026-11-20", USD=1.08),
        "emv_cards": {"house": CARD},
        "campaigns": [campaign(currency="SEK", emv_card="house")],
    }

    assert merge(empty_document(), file, DURING, prune=False).notes == [
        "glow: its EMV card is in EUR, and no rate converts that to SEK: it shows no EMV",
        "glow: no rate of SEK is registered: sales in another currency are refused",
    ]
