"""A line goes to its type's topic, whatever else is wrong with it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.files import MAX_LINE
from producers.routing import NoRoute, Route, route


@pytest.mark.parametrize("event_type", ["impression", "click", "engagement", "conversion"])
def test_the_type_decides_the_topic_and_the_campaign_the_key(event_type: str) -> None:
    value = json.dumps({"type": event_type, "campaign_id": "glow"}).encode()
    assert route(value, None) == Route(f"{event_type}s", b"glow")
    assert route(value, "clicks") == Route(f"{event_type}s", b"glow")


@pytest.mark.parametrize("campaign", [None, "", 7, ["glow"]])
def test_without_a_usable_campaign_there_is_no_key(campaign: object) -> None:
    assert route(json.dumps({"type": "click", "campaign_id": campaign}).encode(), None) == Route(
        "clicks", None
    )
    assert route(b'{"type":"click"}', None) == Route("clicks", None)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"junk", "not a JSON object"),
        (b"\xff\xfe", "not a JSON object"),
        (b"[1]", "not a JSON object"),
        (b'{"type":"click"', "not a JSON object"),
        (b'{"campaign_id":"glow"}', "no type"),
        (b'{"type":"pageview"}', "none of impression, click, engagement, conversion"),
        (b'{"type":["click"]}', "none of"),
    ],
)
def test_what_has_no_known_type_goes_to_the_fallback_or_nowhere(value: bytes, why: str) -> None:
    assert route(value, "engagements").topic == "engagements"
    with pytest.raises(NoRoute, match=why):
        route(value, None)


def test_what_kafka_would_not_take_goes_nowhere() -> None:
    with pytest.raises(NoRoute, match="longer than"):
        route(b"x" * (MAX_LINE + 1), "clicks")


@given(st.binary(max_size=200) | st.text(max_size=50).map(lambda text: json.dumps({"type": text}).encode()))
def test_any_bytes_have_a_route_or_a_reason(value: bytes) -> None:
    assert route(value, "clicks").topic.endswith("s")
    try:
        assert route(value, None).topic
    except NoRoute as reason:
        assert str(reason)
