"""What a campaign file changes in the registry, and what it may not change."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.document import JsonObject, empty_document
from models.campaigns.registration import Changes, RegistryRefused, merge
from models.times import parse_time

BEFORE = parse_time("2026-10-01T00:00:00Z")
DURING = parse_time("2026-11-10T00:00:00Z")
CARD = {"currency": "EUR", "channels": {"instagram": {"like": 0.1}}}
RATES = {"date": "2026-11-20", "base": "EUR", "rates": {"USD": 1.08}}
TARGET = {"size": 100, "audience": {"country": ["FR"]}}


def campaign(name: str = "glow", **fields: Any) -> JsonObject:
    flight = {"starts": "2026-11-01T00:00:00Z", "ends": "2026-12-01T00:00:00Z"}
    return {"id": name, "name": name, **flight, "currency": "EUR", **fields}


def registered(*campaigns: JsonObject) -> JsonObject:
    return {**empty_document(), "campaigns": {one["id"]: one for one in campaigns}}


def apply(document: JsonObject, *campaigns: JsonObject, now: int = DURING, prune: bool = False) -> Changes:
    return merge(document, {"campaigns": list(campaigns)}, now, prune=prune)


def test_each_campaign_is_added_replaced_or_left_as_it_was() -> None:
    document = registered(campaign("a"), campaign("b"), campaign("c"))

    changes = apply(document, campaign("a"), campaign("b", budget=5), campaign("d"))

    assert changes == Changes(added=["d"], replaced=["b"], unchanged=["a"])
    assert list(document["campaigns"]) == ["a", "b", "c", "d"]
    assert document["campaigns"]["b"]["budget"] == 5


def test_prune_removes_what_the_file_does_not_name() -> None:
    document = registered(campaign("a"), campaign("b"))

    assert apply(document, campaign("b"), prune=True).removed == ["a"]
    assert list(document["campaigns"]) == ["b"]


def test_cards_and_rates_are_added_and_replaced_but_never_lost() -> None:
    document = empty_document()

    first = merge(document, {"emv_cards": {"house": CARD}, "currency_rates": RATES}, DURING, prune=False)
    second = merge(document, {"emv_cards": {"house": {**CARD, "currency": "USD"}}}, DURING, prune=True)

    assert first.others == ["added EMV card house", "added currency rates"]
    assert second.others == ["replaced EMV card house"]
    assert document["currency_rates"] == RATES


def test_a_running_campaigns_currency_cannot_change() -> None:
    with pytest.raises(RegistryRefused, match="its currency cannot change") as caught:
        apply(registered(campaign()), campaign("new"), campaign(currency="USD"))

    assert caught.value.path == ("campaigns", 1, "currency")


def test_a_scheduled_campaigns_currency_can_change() -> None:
    assert apply(registered(campaign()), campaign(currency="USD"), now=BEFORE).replaced == ["glow"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (TARGET, {"size": 100, "audience": {"country": ["FR", "BE"]}}, "target reach starts again from now"),
        (TARGET, None, "has no target any more"),
        (None, TARGET, "target reach counts from now"),
    ],
)
def test_whoever_changes_a_running_campaigns_audience_is_told_what_becomes_of_target_reach(
    before: JsonObject | None, after: JsonObject | None, told: str
) -> None:
    (note,) = apply(registered(campaign(target=before)), campaign(target=after)).notes

    assert told in note


def test_an_audience_written_in_another_way_is_the_same() -> None:
    before = {"size": 100, "audience": {"country": ["FR", "BE"], "gender": "f"}}
    after = {"size": 100, "audience": {"gender": ["f"], "country": ["be", "fr"]}}

    assert apply(registered(campaign(target=before)), campaign(target=after)).notes == []


def test_before_its_flight_a_campaigns_audience_changes_in_silence() -> None:
    changed = campaign(target={**TARGET, "audience": {"gender": ["f"]}})

    assert apply(registered(campaign(target=TARGET)), changed, now=BEFORE).notes == []


def test_a_targets_size_changes_without_a_restart() -> None:
    assert apply(registered(campaign(target=TARGET)), campaign(target={**TARGET, "size": 7})).notes == []


def test_a_card_must_be_in_the_file_or_the_registry_or_built_in() -> None:
    document = registered()
    cards = {"house": CARD}
    merge(document, {"emv_cards": cards, "campaigns": [campaign(emv_card="house")]}, DURING, prune=False)

    assert apply(document, campaign("b", emv_card="house"), campaign("c", emv_card="default")).added == [
        "b",
        "c",
    ]
    with pytest.raises(RegistryRefused, match="did you mean house") as caught:
        apply(document, campaign("d", emv_card="hous"))
    assert caught.value.path == ("campaigns", 0, "emv_card")


def test_a_campaign_that_was_spoilt_by_hand_is_mended_by_its_file() -> None:
    document = registered({"id": "glow", "starts": 12})

    assert apply(document, campaign()).replaced == ["glow"]
    assert document["campaigns"]["glow"] == campaign()


@given(
    st.lists(st.sampled_from("abcd"), unique=True),
    st.lists(st.sampled_from("abcd"), unique=True),
    st.booleans(),
)
def test_applying_the_same_again_changes_nothing(known: list[str], declared: list[str], prune: bool) -> None:
    document = registered(*map(campaign, known))
    file = [campaign(name, budget=3) for name in declared]
    apply(document, *file, prune=prune)
    after = deepcopy(document)

    again = apply(document, *file, prune=prune)

    assert again == Changes(unchanged=declared)
    assert document == after


@pytest.mark.parametrize("wrong", [{"of_a_later_release": 1}, {"costs": 5}])
def test_the_currency_of_a_running_campaign_stays_though_its_registered_form_cannot_be_read(
    wrong: dict[str, Any],
) -> None:
    with pytest.raises(RegistryRefused, match="currency cannot change"):
        apply(registered(campaign(**wrong)), campaign(currency="USD"))


@pytest.mark.parametrize("unreadable", [None, [], {"id": "glow"}])
def test_what_cannot_be_read_at_all_is_replaced(unreadable: object) -> None:
    document = {**empty_document(), "campaigns": {"glow": unreadable}}

    assert apply(document, campaign()) == Changes(replaced=["glow"])
    assert document["campaigns"] == {"glow": campaign()}
