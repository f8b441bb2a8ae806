"""Earned media value by rate card."""

import pytest

from models.campaigns.campaign import EmvCard
from models.readings.emv import BUILT_IN_CARD, emv_of_leaf
from tests.unit.models.building import RATES

CARD = EmvCard(
    currency="EUR",
    channels={
        "instagram": {"impression": 5.0, "like": 0.1, "click": 1.0, "video_view": 0.01},
        "default": {"like": 0.5},
    },
)
TALLY = {"impressions": 2000, "interactions:like": 30, "interactions:click": 4, "video_views": 100}


def test_impressions_are_priced_by_the_thousand_and_the_rest_by_the_unit() -> None:
    assert emv_of_leaf(TALLY, "instagram", CARD, "EUR", None) == pytest.approx(10 + 3 + 4 + 1)


def test_channels_that_the_card_does_not_name_have_its_default() -> None:
    assert emv_of_leaf(TALLY, "twitch", CARD, "EUR", None) == pytest.approx(15)


def test_without_a_default_other_channels_have_no_value() -> None:
    assert emv_of_leaf(TALLY, "twitch", BUILT_IN_CARD, "EUR", None) is None


def test_a_channel_with_rates_of_which_nothing_happened_is_worth_0() -> None:
    assert emv_of_leaf({"impressions": 9}, "youtube", BUILT_IN_CARD, "EUR", None) == 0


def test_a_card_in_another_currency_is_converted() -> None:
    assert emv_of_leaf(TALLY, "instagram", CARD, "USD", RATES) == pytest.approx(18 * 1.25)


def test_a_card_whose_currency_has_no_rate_is_worth_nothing_known() -> None:
    assert emv_of_leaf(TALLY, "instagram", CARD, "CHF", RATES) is None
