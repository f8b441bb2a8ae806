"""The target: who is of it, and whom a window holds of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.campaign import Campaign, Target
from models.campaigns.target import Matcher, fingerprint, matches, predicate_of
from models.events.schema import Audience
from models.scopes import ScopeKey
from models.times import DAY, HOUR, MINUTE
from models.windows import WindowName
from tests.unit.models.building import (
    GLOW,
    NOON,
    Feed,
    campaign,
    new_state,
    reached_of_target,
    readings,
    registry,
    rfc3339,
)

FRENCH = {"country": ["FR", "BE"], "age_band": ["18-24", "25-34"]}
ANA = ScopeKey("influencer", ("glow", "ana"))
REEL = ScopeKey("content", ("glow", "ana", "reel-1"))
INSTAGRAM = ScopeKey("channel", ("glow", "instagram"))


def target(audience: dict[str, Any], size: int = 1000) -> Target:
    return Target.model_validate({"size": size, "audience": audience})


def aimed(audience: dict[str, Any] = FRENCH) -> Campaign:
    return campaign(target={"size": 1000, "audience": audience})


@pytest.mark.parametrize(
    ("wanted", "said", "is_of_it"),
    [
        (FRENCH, {"country": "FR", "age_band": "18-24"}, True),
        (FRENCH, {"country": "be", "age_band": "25-34"}, True),
        (FRENCH, {"country": "FR", "age_band": "35-44"}, False),
        (FRENCH, {"country": "FR"}, False),
        (FRENCH, {}, False),
        (FRENCH, None, False),
        ({"country": "fr"}, {"country": "FR"}, True),
        ({"country": "FR"}, {"country": "FRA"}, True),
        ({"country": "fra"}, {"country": "FR"}, True),
        ({"country": "UK"}, {"country": "GB"}, True),
        ({"country": "GBR"}, {"country": "uk"}, True),
        ({"country": "EL"}, {"country": "GR"}, True),
        ({"country": "FR"}, {"country": "FI"}, False),
        ({"language": "fr-BE"}, {"language": "FR-be"}, True),
        ({"language": "fr"}, {"language": "fr-BE"}, True),
        ({"language": "fr"}, {"language": "frr"}, False),
        ({"language": "fra"}, {"language": "fr-CA"}, True),
        ({"language": "en_GB"}, {"language": "en-GB"}, True),
        ({"language": "en-GB"}, {"language": "en_UK"}, True),
        ({"language": "en-UK"}, {"language": "en-GB"}, True),
        ({"language": "uk"}, {"language": "uk-UA"}, True),
        ({"language": "he"}, {"language": "iw-IL"}, True),
        ({"language": "in"}, {"language": "id"}, True),
        ({"language": "zh-Hans"}, {"language": "zh-hans-CN"}, True),
        ({"language": "*"}, {"language": "fr"}, True),
        ({"language": "*"}, {}, False),
        ({"language": "fr-BE"}, {"language": "fr"}, False),
        ({"gender": "F"}, {"gender": "f"}, False),
        ({"age_band": "18-24"}, {"age_band": "18-24 "}, False),
        ({"interests": ["craft", "beauty"]}, {"interests": ["sport", "beauty"]}, True),
        ({"interests": ["craft"]}, {"interests": ["Craft"]}, False),
        ({"interests": ["craft"]}, {"interests": []}, False),
        ({}, None, True),
    ],
)
def test_a_person_is_of_the_target_whose_audience_fits_every_field(
    wanted: dict[str, Any], said: dict[str, Any] | None, is_of_it: bool
) -> None:
    audience = None if said is None else Audience.model_validate(said)

    assert matches(predicate_of(target(wanted)), audience) is is_of_it


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (target(FRENCH, size=7), True),
        (target({"age_band": ["25-34", "18-24"], "country": ["be", "fr", "FR"]}), True),
        (target({**FRENCH, "country": ["FR"]}), False),
        (target({**FRENCH, "gender": "f"}), False),
        (target({"country": ["18-24", "25-34"], "age_band": ["FR", "BE"]}), False),
    ],
)
def test_a_predicate_is_known_by_what_it_means(other: Target, same: bool) -> None:
    assert (fingerprint("glow", other) == fingerprint("glow", target(FRENCH))) is same


def test_each_campaign_has_its_own_predicate() -> None:
    assert fingerprint("glow", target(FRENCH)) != fingerprint("frost", target(FRENCH))


def see(feed: Feed, person: str | None = "p", country: str = "FR", **fields: Any) -> None:
    audience = {"country": country, "age_band": "18-24"}
    fields = {"consent": True, "audience": audience, **fields}
    assert feed.send("impression", person_id=person, **fields) == "counted"


def covered(feed: Feed, scope: ScopeKey = GLOW, window: WindowName = "flight", now: int = NOON) -> float:
    feed.state.expire(now)
    figures = readings(feed.state, now)[scope, window].figures
    assert figures.target_reach is not None
    return float(figures.target_reach.value)


def test_a_person_of_the_target_counts_once_in_each_scope() -> None:
    feed = Feed(new_state(registry(aimed())))
    for person, country, channel in (("p", "FR", "instagram"), ("p", "BE", "tiktok"), ("q", "ES", "tiktok")):
        see(feed, person, country, channel=channel)
    see(feed, "r", influencer_id="ben")

    assert [covered(feed, scope) for scope in (GLOW, ANA, INSTAGRAM)] == [2, 1, 2]


def test_only_an_identified_person_counts() -> None:
    feed = Feed(new_state(registry(aimed())))
    see(feed, person=None)
    see(feed, "p", consent=False)
    see(feed, "q", count=2)

    assert covered(feed) == 0


def test_a_window_holds_whom_a_matching_impression_put_there() -> None:
    """Who was of the target an hour ago, and is shown to from elsewhere now, is not of the 5 min."""
    feed = Feed(new_state(registry(aimed())))
    see(feed, event_time=rfc3339(NOON - HOUR // 2))
    see(feed, country="ES")

    assert [covered(feed, window=window) for window in ("5m", "1h", "flight")] == [0, 1, 1]
    figures = readings(feed.state)[GLOW, "5m"].figures
    assert figures.reach.value == 1


def test_a_person_leaves_a_window_with_the_last_matching_impression() -> None:
    feed = Feed(new_state(registry(aimed())))
    see(feed)

    assert covered(feed, window="5m", now=NOON + 10 * MINUTE) == 0
    assert covered(feed, window="1h", now=NOON + 10 * MINUTE) == 1


def test_a_changed_predicate_begins_with_nobody_and_a_changed_size_does_not() -> None:
    feed = Feed(new_state(registry(aimed())))
    see(feed)

    feed.state.use(registry(campaign(target={"size": 9, "audience": FRENCH})))
    assert covered(feed) == 1
    assert readings(feed.state)[GLOW, "flight"].figures.target_size == 9

    feed.state.use(registry(aimed({"country": ["FR"]})))
    assert covered(feed) == 0
    see(feed, "q")
    assert covered(feed) == 1


def test_a_predicate_that_comes_back_begins_with_nobody() -> None:
    french, german = aimed(), aimed({"country": ["DE"]})
    feed = Feed(new_state(registry(french)))
    see(feed)

    feed.state.use(registry(german).model_copy(update={"targets_since": {"glow": 1}}))
    feed.state.use(registry(french).model_copy(update={"targets_since": {"glow": 2}}))
    assert covered(feed) == 0
    see(feed, "q")
    assert covered(feed) == 1


def test_without_a_target_nothing_is_counted_of_it() -> None:
    feed = Feed(new_state())
    see(feed)

    figures = readings(feed.state)[GLOW, "flight"].figures
    assert (figures.target_reach, figures.target_size) == (None, None)
    assert reached_of_target(feed.state, GLOW, "flight").value == 0


def test_a_late_sighting_of_a_fresh_predicate_is_in_no_window_that_has_moved_on() -> None:
    feed = Feed(new_state(registry(aimed())))
    feed.state.expire(NOON)
    feed.state.use(registry(aimed({"country": ["FR"]})))
    see(feed, event_time=rfc3339(NOON - 2 * DAY))

    assert reached_of_target(feed.state, GLOW, "24h").value == 0
    assert reached_of_target(feed.state, GLOW, "flight").value == 1


@given(st.data())
def test_a_matcher_says_what_the_predicate_says_the_second_time_too(data: st.DataObject) -> None:
    names = st.sampled_from(["FR", "fr", "BE", "de"])
    fields = {"country": names, "language": names, "gender": names, "interests": st.lists(names, max_size=2)}
    chosen = data.draw(st.dictionaries(st.sampled_from(sorted(fields)), st.lists(names, min_size=1)))
    target = Target.model_validate({"size": 1, "audience": chosen})
    matcher = Matcher(target)
    audiences = data.draw(
        st.lists(st.none() | st.fixed_dictionaries({}, optional=fields).map(Audience.model_validate))
    )

    for audience in audiences * 2:
        assert matcher(audience) is matches(predicate_of(target), audience)
