"""Only what Stripe signed, and just now, is read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.producers.collector.attributing import (
    OTHER_SECRET,
    SECRET,
)
from tests.unit.producers.collector.stripe import SOON, completed, event, header, refused, sent, session


@pytest.mark.parametrize("secrets", [(SECRET,), (OTHER_SECRET,), ("an old one that is gone", OTHER_SECRET)])
def test_either_secret_signs_and_stripe_may_sign_with_several(secrets: tuple[str, ...]) -> None:
    body = event("checkout.session.completed", session())

    assert sent(body, *secrets) == completed()


RAW = json.dumps(event("checkout.session.completed", session())).encode()


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_body_with_any_byte_changed_is_refused(at: int, change: int) -> None:
    spoilt = bytearray(RAW)
    spoilt[at % len(spoilt)] ^= change

    assert refused(bytes(spoilt), header(RAW, SECRET)) == (401, "bad_signature")


@given(st.integers(2, 76), st.sampled_from("0123456789abcdef"))
def test_a_signature_with_any_digit_changed_is_refused(at: int, digit: str) -> None:
    """The time is signed, too."""
    signature = header(RAW, SECRET).partition(",v0")[0]
    changed = signature[:at] + digit + signature[at + 1 :]

    assert changed == signature or refused(RAW, changed) == (401, "bad_signature")


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_of_more_than_five_minutes_ago_or_ahead_is_refused(seconds: int) -> None:
    assert refused(RAW, header(RAW, SECRET, at=SOON + seconds)) == (401, "stale_signature")
    near = seconds - seconds // 300
    assert sent(event("checkout.session.completed", session()), at=SOON + near) == completed()


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "t=",
        "v1=" + "0" * 64,
        f"t={SOON}",
        f"t={SOON},v1=",
        "t=x,v1=y",
        f"t={SOON},v0=" + "0" * 64,
        ",,=,",
    ],
)
def test_a_header_that_is_no_signature_is_refused(signature: str) -> None:
    assert refused(RAW, signature) == (401, "bad_signature")
