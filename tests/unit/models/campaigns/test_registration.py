"""What a campaign file changes in the registry, and what it may not change."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.document import JsonObject, empty_document, read_document
from models.campaigns.registration import Changes, RegistryRefused, merge, remove
from models.times import parse_time
from tests.unit.models.campaigns.registering import CARD, DURING, apply, campaign, registered

BEFORE = parse_time("2026-10-01T00:00:00Z")
RATES = {"date": "2026-11-20", "base": "EUR", "rates": {"USD": 1.08}}
TARGET = {"size": 100, "audience": {"country": ["FR"]}}


def test_each_campaign_is_added_replaced_or_left_as_it_was() -> None:
    document = registered(campaign("a"), campaign("b"), campaign("c"))

    changes = apply(document, campaign("a"), campaign("b", budget=5), campaign("d"))

    assert changes == Changes(
        added=["d"],
        replaced=["b"],
        unchanged=["a"],
        differences={"b": ["budget: none → 5"]},
        notes=["b: restated over the whole flight: the share spent and pacing"],
    )
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

    assert first.others == [
        "added EMV card house",
        "added currency rates",
        "  1 EUR = none → 1.08 USD (2026-11-20)",
    ]
    assert second.others == ["replaced EMV card house", "  currency: EUR → USD"]
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


def test_a_predicate_that_comes_back_has_another_mark_each_time() -> None:
    document, french, german = empty_document(), TARGET, {"size": 100, "audience": {"country": ["DE"]}}
    marks = []
    for number, target in enumerate((french, french, german, french, None, french, {**french, "size": 7})):
        apply(document, campaign(target=target), now=DURING + number * 1000)
        marks.append(read_document(document).targets_since.get("glow", 0))

    first, same, other, back, none, again, resized = marks
    assert first == same == 0
    assert 0 < other < back < none < again == resized


def test_marks_differ_even_where_the_clock_stands_still() -> None:
    document = empty_document()
    apply(document, campaign(target=TARGET))
    marks = set()
    for country in ("DE", "FR", "DE", "FR"):
        apply(document, campaign(target={"size": 1, "audience": {"country": country}}))
        document["version"] = max(document["version"] + 1, DURING // 1000)
        marks.add(read_document(document).targets_since["glow"])

    assert len(marks) == 4


def test_a_registry_of_an_earlier_release_remembers_from_now_on() -> None:
    document = registered(campaign(target=TARGET))
    changed = {"size": 100, "audience": {"country": ["DE"]}}

    assert apply(document, campaign(target=changed)).notes == [
        "glow: the target's audience changed: target reach starts again from now"
    ]
    assert read_document(document).targets_since["glow"] > 0


@pytest.mark.parametrize("prune", [True, False])
def test_an_id_that_was_registered_before_goes_on_with_its_counts_and_says_so(*, prune: bool) -> None:
    document = registered(campaign())
    if prune:
        apply(document, prune=True)
    else:
        assert remove(document, "glow")

    assert apply(document, campaign()) == Changes(
        added=["glow"],
        notes=[
            "glow: was registered before and deleted: it goes on with what was counted then; "
            "`kpis worker --rebuild` counts anew"
        ],
    )
    assert not remove(document, "glo")


def test_a_moved_flight_does_not_restate_what_is_counted_and_says_so() -> None:
    known = registered(campaign(time_zone="Europe/Paris"))

    changes = apply(known, campaign(time_zone="Europe/Paris", starts="2026-11-11T00:00:00+01:00"))

    assert changes.differences == {"glow": ["starts: 2026-11-01T01:00:00+01:00 → 2026-11-11T00:00:00+01:00"]}
    assert changes.notes == [
        "glow: starts moved from 2026-11-01T01:00:00+01:00 to 2026-11-11T00:00:00+01:00: costs follow at "
        "once, but events that were counted or refused stay so; `kpis worker --rebuild` counts anew"
    ]


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"sentiment": {"positive": ["sick"]}}, "sentiment's words changed: for texts from now on; what was "
         "rated stays so; `kpis worker --rebuild` counts anew"),
        ({"influencers": ["ana"]}, "influencers changed: for events from now on; what was counted stays so; "
         "`kpis worker --rebuild` counts anew"),
        ({"costs": [{"influencer": "ana", "cpc": 1}], "goals": ["purchase"]},
         "restated over the whole flight: invested, CPA, CPE, CPM, ROI and pacing; CPA and ROI"),
        ({"name": "Glow"}, None),
    ],
)  # fmt: skip
def test_what_a_change_restates_is_said(fields: dict[str, Any], note: str | None) -> None:
    expected = [f"glow: {note}"] if note else []

    assert apply(registered(campaign()), campaign(**fields)).notes == expected
    assert apply(registered(campaign()), campaign(**fields), now=BEFORE).notes == []


def test_differences_are_told_by_field() -> None:
    before = campaign(costs=[{"influencer": "ana", "cpc": 1}], thresholds={"cpa_max": 25}, owner="a")
    after = campaign(costs=[{"influencer": "ana", "cpc": 2}], thresholds={"cpa_max": 20, "ctr_min": 0.1})

    assert apply(registered(before), after).differences["glow"] == [
        "costs: without {influencer: ana, cpc: 1}",
        "costs: with {influencer: ana, cpc: 2}",
        "thresholds.cpa_max: 25 → 20",
        "thresholds.ctr_min: none → 0.1",
        "owner: a → none",
    ]


def test_the_same_time_in_another_zone_is_no_difference() -> None:
    known = registered(campaign())

    assert apply(known, campaign(starts="2026-11-01T01:00:00+01:00")).differences == {
        "glow": ["the same, written in another way"]
    }


def test_a_link_of_another_campaign_is_refused() -> None:
    link = {"id": "reel", "influencer": "ana", "content": "r", "channel": "tiktok", "to": "https://x.example"}
    document = registered(campaign(links=[link]))

    assert apply(document, campaign(links=[link])).unchanged == ["glow"]
    with pytest.raises(RegistryRefused, match="reel is a link of glow, too"):
        apply(document, campaign("b", links=[link]))
