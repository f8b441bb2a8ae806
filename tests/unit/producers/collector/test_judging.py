"""Events as they would be judged now: as workers judge, and by tighter limits of size and depth."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.events.parsing import Refusal
from producers.collector.judging import Accepted, field_of, judge
from producers.collector.limits import EVENT
from tests.unit.producers.collector.scene import NOW, impression, registered

REGISTRY = registered()


def verdict(event: Any, *, known: bool = True) -> str:
    raw = event if isinstance(event, bytes) else json.dumps(event).encode()
    found = judge(raw, REGISTRY if known else None, NOW)
    return found.reason if isinstance(found, Refusal) else "accepted"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (impression(), "accepted"),
        (impression(type="view"), "wrong_type"),
        (impression(type=4), "wrong_type"),
        (b"{", "not_json"),
        (b'{"type":"click","text":"\xff"}', "not_json"),
        (b"[]", "not_an_object"),
        (b'"click"', "not_an_object"),
        (b"", "not_json"),
        (impression(text="x" * EVENT), "too_large"),
        (impression(extra=[[[[[[["seven"]]]]]]]), "accepted"),
        (impression(extra=[[[[[[[["eight"]]]]]]]]), "too_large"),
        (impression(extra=["{[{["] * 20), "accepted"),
        (impression(extra='"}]\\"' * 20 + "{" * 20), "accepted"),
        (impression(source="so \ud83d"), "accepted"),
        (impression(event_id="so \ud83d"), "not_json"),
    ],
)
def test_an_event_is_taken_or_has_its_reason(event: Any, said: str) -> None:
    assert verdict(event) == said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"campaign_id": "nobody"}, "unknown_campaign"),
        ({"influencer_id": "zoe"}, "unknown_influencer"),
        ({"event_time": "2026-01-01T00:00:00Z"}, "outside_flight"),
        ({"type": "conversion", "kind": "signup", "revenue": 1, "currency": "USD"}, "unknown_currency"),
    ],
)
def test_what_the_campaigns_decide_waits_for_them(changed: dict[str, Any], said: str) -> None:
    assert verdict(impression(**changed)) == said
    assert verdict(impression(**changed), known=False) == "accepted"


def test_a_future_is_told_without_the_campaigns() -> None:
    assert verdict(impression(event_time="2026-11-10T12:06:00Z"), known=False) == "future"


def test_a_record_is_what_was_sent_under_its_campaign_on_its_topic() -> None:
    raw = json.dumps(impression(type="click"), indent=1).encode()

    found = judge(raw, REGISTRY, NOW)

    assert isinstance(found, Accepted)
    assert found.record == ("clicks", b"glow", raw)


def test_a_refusal_names_its_field_or_none() -> None:
    assert field_of(Refusal("missing_field", "channel: required")) == "channel"
    assert field_of(Refusal("not_json", "event: expected value")) is None


@given(st.binary(max_size=80))
def test_any_bytes_are_judged(raw: bytes) -> None:
    assert isinstance(judge(raw, REGISTRY, NOW), Refusal)
