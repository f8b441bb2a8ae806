"""Who may call with a postback, and for which campaigns: a signature, a token, or a click id alone."""

import hashlib
import hmac
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.times import SECOND
from producers.collector.postback import canonical
from tests.unit.producers.collector.attributing import (
    NOON,
    OTHER_SECRET,
    SECRET,
    click_id,
)
from tests.unit.producers.collector.postbacks import STRICT, order, reason, signed, told

PAGE = Path(__file__).parents[4] / "docs" / "attribution.md"


def test_whoever_clicked_can_report_an_order_only_where_that_is_allowed() -> None:
    assert reason(order(), known=STRICT) == (401, "missing_source", "source")
    assert reason(order(click_id="")) == (401, "missing_click_id", "click_id")
    assert reason(order(status="cancelled")) == (401, "missing_source", "source")
    assert reason(order(click_id="", campaign_id="glow")) == (401, "missing_click_id", "click_id")


@pytest.mark.parametrize("secret", [SECRET, OTHER_SECRET])
def test_a_signed_postback_is_accepted_under_either_secret(secret: str) -> None:
    event = told(signed(("order_id", "o 1&x=ü/"), ("code", "ANA15"), secret=secret))

    assert (event.influencer_id, event.attributed_by, event.order_id) == ("ana", "code", "o 1&x=ü/")
    assert event.source == "network"


@given(st.data())
def test_a_signed_postback_with_any_change_is_refused(data: st.DataObject) -> None:
    query = list(signed(*order(), ("sub1", "x")))
    at = data.draw(st.integers(0, len(query) - 1))
    change = data.draw(st.sampled_from(["drop", "repeat", "value", "name"]))
    name, value = query[at]
    if change == "drop":
        del query[at]
    elif change == "repeat":
        query.insert(at, (name, value + "1"))
    else:
        query[at] = (
            (name, value[:-1] + ("0" if value[-1] != "0" else "1"))
            if change == "value"
            else (name + "x", value)
        )

    status, why, _ = reason(tuple(query), known=STRICT)
    assert status in (400, 401)
    assert why in (
        "bad_signature",
        "missing_signature",
        "missing_source",
        "repeated_parameter",
        "unknown_source",
    )


@given(st.permutations(signed(*order())))
def test_the_order_of_parameters_does_not_matter(query: list[tuple[str, str]]) -> None:
    assert told(tuple(query)).order_id == "o-1"


def test_what_is_signed_cannot_be_cut_otherwise() -> None:
    assert canonical((("a", "b&c=d"),)) != canonical((("a", "b"), ("c", "d")))
    assert canonical((("a", "b"), ("sig", "x"))) == canonical((("SIG", "y"), ("a", "b"))) == b"a=b"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_of_more_than_five_minutes_ago_or_ahead_is_refused(seconds: int) -> None:
    query = signed(*order())

    assert reason(query, NOON + seconds * SECOND) == (401, "stale_signature", "ts")
    assert told(query, NOON + (seconds - seconds // 300) * SECOND).event_time == NOON


def test_a_signature_needs_its_time() -> None:
    query = (("order_id", "o-1"), ("source", "network"))
    sig = hmac.new(SECRET.encode(), canonical(query), hashlib.sha256).hexdigest()

    assert reason((*query, ("sig", sig))) == (401, "missing_timestamp", "ts")
    assert reason(query) == (401, "missing_signature", "sig")
    assert reason((*query, ("sig", "abc"))) == (401, "bad_signature", "sig")
    assert reason(signed(*order(), ts="soon")) == (400, "invalid_field", "ts")


def test_a_secret_of_another_source_signs_nothing() -> None:
    assert reason(signed(*order(), source="glow-only", secret=OTHER_SECRET)) == (401, "bad_signature", "sig")
    assert reason(signed(*order(), source="nobody")) == (401, "unknown_source", "source")


def test_a_sender_that_cannot_sign_shows_its_token() -> None:
    query = (*order(), ("source", "taboola"), ("token", SECRET))

    assert told(query).source == "taboola"
    assert reason((*order(), ("source", "taboola"), ("token", OTHER_SECRET))) == (401, "bad_token", "token")
    assert reason((*order(), ("source", "taboola"))) == (401, "bad_token", "token")


def test_a_source_speaks_of_its_campaigns_alone() -> None:
    other = click_id("cleo", campaign_id="dusk")

    assert reason(signed(*order(click_id=other), source="glow-only")) == (403, "other_campaign", "click_id")
    declared = (("order_id", "o"), ("campaign_id", "dusk"))
    assert reason(signed(*declared, source="glow-only")) == (403, "other_campaign", "campaign_id")
    assert told(signed(*declared, source="both")).campaign_id == "dusk"


def test_what_the_page_for_senders_signs_is_accepted() -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(code, names)
    names["time"] = SimpleNamespace(time=lambda: NOON / SECOND)
    said = names["signed"]({**dict(order(order_id="FR 20391/ü")), "source": "network"}, SECRET)
    query = tuple(parse_qsl(said))

    assert told(query).order_id == "FR 20391/ü"
