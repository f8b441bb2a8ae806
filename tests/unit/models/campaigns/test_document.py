"""Each campaign, each card and the rates stand alone in the registry's document."""

from typing import Any

import pytest

from models.campaigns.document import (
    JsonObject,
    consequence,
    empty_document,
    keep_known,
    read_document,
)
from models.campaigns.registry import Registry
from models.times import parse_time

CARD = {"currency": "EUR", "channels": {"instagram": {"like": 0.1}}}
RATES = {"date": "2026-11-20", "base": "EUR", "rates": {"USD": 1.08}}


def campaign(name: str = "glow", **fields: Any) -> JsonObject:
    flight = {"starts": "2026-11-01T00:00:00Z", "ends": "2026-12-01T00:00:00Z"}
    return {"id": name, "name": name, **flight, "currency": "EUR", **fields}


def read(glow: object, **others: Any) -> Registry:
    """Read a document with this campaign and a sound one, and other entries."""
    campaigns = {"glow": glow, "snow": campaign("snow")}
    return read_document({**empty_document(), "campaigns": campaigns, **others})


@pytest.mark.parametrize(
    ("declared", "named"),
    [
        (None, "campaigns.glow: must be a mapping"),
        ([], "campaigns.glow: must be a mapping"),
        ({}, "campaigns.glow.id: required and 4 more problems"),
        (campaign(currency="euro"), "campaigns.glow.currency: must be an ISO 4217"),
        (
            campaign(ends="2026-10-01T00:00:00Z"),
            "campaigns.glow.ends: must be later than starts",
        ),
        (campaign(influencers=["a b"]), "campaigns.glow.influencers.0: must be 1 to 64 of A–Z"),
        (campaign("glo"), "campaigns.glow.id: must be glow, as which it is registered"),
        (campaign("glo", size=1), "campaigns.glow.size: no such field"),
    ],
)
def test_one_that_cannot_be_counted_is_named_and_skipped_and_the_others_live(
    declared: object, named: str
) -> None:
    known = read(declared)

    assert list(known.campaigns) == ["snow"]
    assert [str(one)[: len(named)] for one in known.unreadable] == [named]
    assert (known.unreadable[0].entry, known.hidden) == ("campaigns.glow", frozenset())
    assert consequence(known, known.unreadable[0]) == "its events are refused as unknown_campaign"


@pytest.mark.parametrize(
    "wrong",
    [
        {"budget": -1},
        {"new_in_a_later_release": True},
        {"costs": [{"influencer": "ana", "flat_fee": "much"}]},
        {"name": ""},
        {"thresholds": {"cpa_max": "low"}, "values": 5},
    ],
)
def test_one_of_which_counting_needs_nothing_more_is_counted_and_not_shown(wrong: JsonObject) -> None:
    target = {"size": 10, "audience": {"country": ["FR"]}}
    known = read(campaign(influencers=["ana"], grace="2d", target=target) | wrong)

    whole = read(campaign(influencers=["ana"], grace="2d", target=target)).campaigns["glow"]
    counted = known.campaigns["glow"]
    for field in ("starts", "ends", "grace", "adjustments_until", "influencers", "target", "currency"):
        assert getattr(counted, field) == getattr(whole, field)
    now = whole.starts
    assert known.hidden == {"glow"}
    assert (known.shows("glow", now), known.shows("snow", now)) == (False, True)
    assert consequence(known, known.unreadable[0]).startswith("its events are counted")


def test_a_card_that_cannot_be_read_is_no_card_of_another_kind() -> None:
    known = read(campaign(), emv_cards={"default": {"currency": "EUR"}, "house": CARD})

    assert known.emv_cards["default"] is None
    assert known.emv_cards["house"] is not None
    assert [one.entry for one in known.unreadable] == ["emv_cards.default"]
    assert "absent" in consequence(known, known.unreadable[0])
    assert sorted(known.campaigns) == ["glow", "snow"]


@pytest.mark.parametrize("declared", [[], {**RATES, "base": "euro"}, {**RATES, "rates": {"USD": 0}}])
def test_rates_that_cannot_be_read_are_none_and_named(declared: object) -> None:
    known = read(campaign(), currency_rates=declared)

    assert known.currency_rates is None
    assert [one.entry for one in known.unreadable] == ["currency_rates"]
    assert "unknown_currency" in consequence(known, known.unreadable[0])


def test_rates_with_a_field_of_a_later_release_still_convert() -> None:
    known = read(campaign(), currency_rates={**RATES, "source": "ECB"})

    assert known.currency_rates is not None
    assert known.currency_rates.rates == {"USD": 1.08}
    assert [str(one) for one in known.unreadable] == ["currency_rates.source: no such field"]


def test_what_was_known_goes_on_where_it_cannot_be_read_any_more() -> None:
    before = read(campaign(budget=5), emv_cards={"house": CARD}, currency_rates=RATES)
    found = read({}, emv_cards={"house": []}, currency_rates=[])

    kept = keep_known(found, before)

    assert (kept.campaigns, kept.emv_cards, kept.currency_rates) == (
        before.campaigns,
        before.emv_cards,
        before.currency_rates,
    )
    assert (kept.hidden, kept.unreadable) == (frozenset(), found.unreadable)
    assert [consequence(kept, one) for one in kept.unreadable] == [
        "it is counted and shown as last read",
        "it stays as last read",
        "those last read, or the readable ones, stay in use",
    ]


def test_what_is_gone_is_gone_and_what_can_be_read_is_taken() -> None:
    before = read(campaign(), emv_cards={"house": CARD})
    found = read_document({**empty_document(), "campaigns": {"snow": campaign("snow", budget=7)}})

    kept = keep_known(found, before)

    assert (kept, kept.campaigns["snow"].budget) == (found, 7)


def test_one_that_goes_on_as_it_was_counts_by_what_can_be_read_now() -> None:
    before = read(campaign(budget=5, influencers=["ana"]))
    found = read(campaign(of_a_later_release=True, influencers=["ana", "ben"], ends="2026-12-24T00:00:00Z"))

    kept = keep_known(found, before)

    glow = kept.campaigns["glow"]
    assert (glow.budget, glow.influencers) == (5, frozenset({"ana", "ben"}))
    assert glow.ends == parse_time("2026-12-24T00:00:00Z")
    assert kept.hidden == frozenset()


def test_one_that_was_only_counted_stays_so_until_it_can_be_read() -> None:
    counted = keep_known(read(campaign(budget=-1)), read(campaign(budget=-2)))
    lost = keep_known(read({}), counted)

    assert (counted.hidden, lost.hidden, sorted(lost.campaigns)) == (
        frozenset({"glow"}),
        frozenset({"glow"}),
        ["glow", "snow"],
    )
    assert keep_known(read(campaign()), lost).hidden == frozenset()


def test_a_target_that_cannot_be_read_any_more_keeps_its_mark() -> None:
    history = {"glow": {"target": "x", "since": 5}, "spoilt": 3, "first": {"target": None, "since": 0}}
    known = read_document({**empty_document(), "campaigns": {"glow": campaign()}, "history": history})
    later = {"glow": {"target": "y", "since": 9}}
    found = read_document({**empty_document(), "campaigns": {"glow": None}, "history": later})

    assert known.targets_since == {"glow": 5}
    assert keep_known(found, known).targets_since == {"glow": 5}
