"""What is stored is what it was: the deltas of a fixed input are those that were recorded, bit by bit."""

import pytest

from models.state.delta_format import decode_delta
from tests.unit.models.state.deltas import content
from tests.unit.models.state.recording import RECORDED, deltas


@pytest.fixture(scope="module", name="cut")
def _cut() -> list[bytes]:
    return deltas()


def test_deltas_say_what_was_recorded(cut: list[bytes]) -> None:
    """Where they do not, this shows in what they differ."""
    recorded = [path.read_bytes() for path in RECORDED]

    assert len(cut) == len(recorded) == 3
    for now, then in zip(cut, recorded, strict=True):
        assert content(decode_delta(now)) == content(decode_delta(then))


def test_deltas_are_those_recorded_bit_by_bit(cut: list[bytes]) -> None:
    assert cut == [path.read_bytes() for path in RECORDED]


def test_what_was_recorded_holds_something_of_everything() -> None:
    held = [decode_delta(path.read_bytes()) for path in RECORDED]
    outcomes = {name.split("|")[0] for delta in held for tally in delta.ledger.values() for name in tally}

    assert all(
        len(delta.counts.rows) and len(delta.sightings.rows) and len(delta.acts.persons) for delta in held
    )
    assert any((delta.sightings.targets >= 0).any() for delta in held)
    assert any(order.refunds for delta in held for order in delta.orders.values())
    assert all(delta.totals for delta in held)
    assert any(delta.taken for delta in held)
    assert any(leaf.content == "__other__" for delta in held for leaf in delta.leaves)
    assert {
        "outcome:counted", "outcome:duplicate", "outcome:invalid_traffic", "outcome:refused", "outcome:stale",
        "forwarded", "late", "ignored:person_id", "ignored:sentiment", "ignored:audience.country",
        "invalid:glow", "refused:not_json", "refused:future", "refused:unknown_campaign",
        "refused:unknown_influencer", "refused:outside_flight", "refused:unknown_currency",
    } <= outcomes  # fmt: skip
