"""Plain sales: what columns count is what orders count one by one, whatever comes after."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.money import NANOS, to_nanos
from models.core.octets import padded, texts_in
from models.core.records import records_of
from models.events.batch import Batch
from models.kinds import ATTRIBUTIONS, CONVERSIONS
from models.state.delta_format import decode_delta, encode_delta
from models.state.plain_sales import PlainSales, choose
from models.state.shard_state import ShardState
from models.tally import Tally
from models.times import DAY, HOUR, MINUTE
from models.windows import FLIGHT, WINDOW_NAMES
from tests.unit.models.building import LEAF, NOON, campaign, new_state, payload, registry, rfc3339

Said = dict[str, Any]
KNOWN = registry(campaign(), campaign(id="luz", currency="USD"))
AMOUNTS = st.floats(0, 1e12) | st.decimals(0, 10**6, places=2).map(float) | st.integers(0, 10**12).map(float)
AGES = (0, MINUTE, HOUR, 5 * HOUR, 3 * DAY)
SAID = st.fixed_dictionaries(
    {
        "campaign_id": st.sampled_from(["glow", "luz"]),
        "influencer_id": st.sampled_from(["ana", "ben", "none"]),
        "content_id": st.sampled_from(["reel-1", "reel-2"]),
        "kind": st.sampled_from([kind.name for kind in CONVERSIONS]),
        "order_id": st.sampled_from([f"o{number}" for number in range(30)]),
        "event_time": st.sampled_from([0, MINUTE, HOUR, 5 * HOUR, 3 * DAY]).map(
            lambda age: rfc3339(NOON - age)
        ),
        "revenue": st.none() | AMOUNTS,
        "currency": st.sampled_from(["EUR", "USD", "GBP"]),
        "attributed_by": st.none() | st.sampled_from([kind.name for kind in ATTRIBUTIONS]),
        "status": st.sampled_from(["confirmed"] * 8 + ["cancelled", "refunded"]),
        "count": st.sampled_from([1, 1, 2, 1_000_000]),
    }
)
ALONE = SAID.map(lambda said: {**said, "kind": "other", "order_id": None, "status": "confirmed"})


def send(state: ShardState, said: list[dict[str, Any]], offset: int = 0) -> None:
    """Apply conversions as one batch, each with an id of its own."""
    values = [
        json.dumps(payload("conversion", **{**fields, "event_id": f"é{offset + at}"}), ensure_ascii=False)
        for at, fields in enumerate(said)
    ]
    records = records_of(
        [value.encode() for value in values], range(offset, offset + len(values)), [NOON] * len(values)
    )
    state.apply(Batch("conversions", 0, records))


def sorted_tallies(totals: Mapping[str, Tally]) -> list[Any]:
    return [(window, *sorted(tally.items())) for window, tally in totals.items()]


def figures(state: ShardState) -> dict[str, Any]:
    """Return all that is counted of orders."""
    leaves = [leaf for name in ("glow", "luz") for leaf in state.leaves_of(name)]
    counted = {(leaf, window): state.tally(leaf, window) for leaf in leaves for window in WINDOW_NAMES}
    held = [sorted(map(sorted_tallies, state.held(name).orders)) for name in ("glow", "luz")]
    firsts = {leaf: state.first_time(leaf) for leaf in leaves}
    rhythms = [state.rhythm(name, NOON).tolist() for name in ("glow", "luz")]
    return {"counted": counted, "held": held, "firsts": firsts, "rhythms": rhythms}


@given(st.lists(SAID | ALONE, max_size=30), st.lists(SAID | ALONE, max_size=30))
def test_sales_count_by_columns_as_one_by_one(
    first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    state, stored = new_state(KNOWN), new_state(KNOWN)
    state.expire(NOON)
    # So that something counts at most leaves when the others come.
    send(state, [{"campaign_id": name, "order_id": f"first-{name}"} for name in ("glow", "luz")])
    send(state, first, 2)
    for number, said in enumerate((second, [])):
        delta = state.cut()
        if delta is not None:
            # What is taken back is counted order by order.
            stored.replay(decode_delta(encode_delta(delta)))
        stored.expire(NOON + number * HOUR)
        state.expire(NOON + number * HOUR)
        assert figures(state) == figures(stored)
        send(state, said, 2 + len(first))


@given(AMOUNTS)
def test_an_amount_is_rounded_as_money_is_or_left_to_it(amount: float) -> None:
    found = PlainSales(*(np.empty(1, np.int64) for _ in range(3)))

    number = choose(
        np.zeros(1, np.int8),
        np.ones(1, np.int64),
        np.ones(1, np.int64),
        np.array([amount]),
        np.zeros(1, np.int64),
        np.zeros(1, np.int64),
        *found,
    )

    assert number == 0 or found.nanos[0] == to_nanos(amount)


@pytest.mark.parametrize("amount", [0.0, 0.01, 19.99, 1_000_000.07, 0.000000001, 4e9])
def test_a_usual_amount_is_sure(amount: float) -> None:
    state = new_state(KNOWN)
    for at in range(2):
        send(state, [{"order_id": f"o{at}", "revenue": amount, "currency": "EUR"}], at)

    assert state._memory.orders.sales.places == [LEAF]
    assert state.tally(LEAF, FLIGHT).get("revenue:purchase:EUR", 0) == 2 * to_nanos(amount)


def test_squares_of_large_amounts_add_up_beyond_64_bits() -> None:
    state = new_state(KNOWN)
    for at in range(4):
        send(state, [{"order_id": f"o{at}", "revenue": 4e9, "currency": "EUR"}], at)

    assert state.tally(LEAF, FLIGHT)["squares:revenue:purchase:EUR"] == 4 * (4 * 10**9 * NANOS) ** 2


def test_a_plain_sale_that_is_cancelled_counts_no_more_in_any_window() -> None:
    state = new_state(KNOWN)
    state.expire(NOON)
    for at in range(3):
        send(state, [{"order_id": f"o{at}", "revenue": 5, "currency": "EUR"}], at)
    send(state, [{"order_id": f"o{at}", "status": "cancelled"} for at in range(3)], 3)

    for window in WINDOW_NAMES:
        assert state.tally(LEAF, window) == {"orders:purchase": 3, "cancellations": 3}
    state.expire(NOON + 8 * DAY)
    assert state.tally(LEAF, "7d") == {}


def test_what_a_closed_campaign_sold_stays_in_the_flight_alone() -> None:
    state = new_state(KNOWN)
    state.expire(NOON)
    for at in range(3):
        send(state, [{"order_id": f"o{at}", "revenue": 5, "currency": "EUR"}], at)
    before: Tally = state.tally(LEAF, FLIGHT)
    state.expire(NOON + 200 * DAY)
    state.cut()

    assert state.tally(LEAF, FLIGHT) == before
    assert not any(state.tally(LEAF, window) for window in WINDOW_NAMES if window != FLIGHT)


def test_texts_are_read_all_at_once() -> None:
    buffer = padded(b"xab", "é".encode(), b"cd")

    assert texts_in(buffer, np.array([1, 3, 0, 5]), np.array([2, 2, 0, 2])) == ["ab", "é", "", "cd"]
    assert texts_in(buffer, np.empty(0, np.int64), np.empty(0, np.int64)) == []
