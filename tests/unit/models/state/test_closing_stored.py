"""What is let go of campaigns that are over is let go of what is stored: replayed, it shows the same."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.campaign import CurrencyRates
from models.campaigns.money import NANOS
from models.core.records import records_of
from models.events.batch import Batch
from models.state.closing import NOTHING, Closing
from models.state.compaction import compact
from models.state.delta import merge_deltas
from models.state.delta_format import decode_delta, encode_delta
from models.state.orders import Order
from models.times import DAY, HOUR
from tests.strategies import Sent, logs
from tests.unit.models.building import LEAF, NOON, RATES, new_state, raw, registry, tally
from tests.unit.models.state.closing import (
    BOTH,
    GLOWING,
    OVER,
    PERSON,
    cut,
    fed,
    held,
    reach,
    replayed,
)
from tests.unit.models.state.crashing import Log, Worker, picture


def test_a_stored_state_holds_nothing_more_of_a_closed_campaign_than_what_it_shows() -> None:
    feed = fed()
    for number in range(50):
        feed.send("impression", event_id=f"i{number}", person_id=f"q{number}", **PERSON)
        feed.send("conversion", event_id=f"c{number}", order_id=f"q{number}", revenue=1.0, currency="EUR")
    apart = cut(feed.state)
    merged = merge_deltas(apart)

    assert {key.campaign for key in merged.orders} == {"snow"}
    assert {merged.leaves[row].campaign for row in merged.sightings.rows.tolist()} == {"snow"}
    (frozen,) = merged.frozen.values()
    assert frozen == {
        "orders:purchase": 51,
        "conversions:purchase": 51,
        "squares:conversions:purchase": 51,
        "attributed:declared": 51,
        "valued:purchase": 51,
        "revenue:purchase:EUR": 142 * NANOS,
        "squares:revenue:purchase:EUR": (92 * 92 + 50) * NANOS**2,
    }
    assert len(encode_delta(merged)) < len(encode_delta(apart[0])) / 2
    assert picture(replayed([merged]), OVER) == picture(feed.state, OVER)


def test_a_report_after_the_closing_does_not_change_what_was_stored_before() -> None:
    feed = fed()
    deltas = cut(feed.state)
    feed.send("conversion", order_id="o1", event_id="late", status="cancelled")
    feed.send("conversion", order_id="o1", event_id="again", revenue=7.0, currency="EUR")
    deltas += cut(feed.state, OVER + HOUR)

    live = picture(feed.state, OVER)
    assert tally(feed.state)["conversions:purchase"] == 1, "the new report counts with its cancellation"
    assert picture(replayed(deltas), OVER) == live
    assert picture(replayed([merge_deltas(deltas)]), OVER) == live


def test_a_state_that_was_merged_before_closes_campaigns_again() -> None:
    feed = fed()
    stored = [merge_deltas(cut(feed.state))]
    for day in (1, 2):
        late: dict[str, Any] = {"arrival": OVER, "order_id": f"late-{day}", "revenue": 1.0, "currency": "EUR"}
        feed.send("conversion", **late)
        feed.send("impression", arrival=OVER, person_id=f"late-{day}", **PERSON)
        stored = [merge_deltas([*stored, *cut(feed.state, OVER + day * DAY)])]

    (merged,) = stored
    assert {key.campaign for key in merged.orders} == {"snow"}
    assert merged.closing == NOTHING, "there is nothing before it"
    assert tally(feed.state)["orders:purchase"] == 3
    now = OVER + 2 * DAY
    assert picture(replayed(stored, now=now), now) == picture(feed.state, now)


def test_whom_a_closed_campaign_reaches_in_the_delta_that_closes_it_is_kept() -> None:
    feed = fed()
    feed.state.expire(OVER)
    before = feed.state.cut()
    feed.send("impression", arrival=OVER, person_id="late", **PERSON)
    closing = feed.state.cut()
    assert before is not None
    assert closing is not None
    assert closing.closing.campaigns == {"glow"}

    merged = merge_deltas([before, closing])

    assert reach(feed.state) == 1
    assert picture(replayed([merged]), OVER) == picture(feed.state, OVER)


@pytest.mark.parametrize("rates", [None, RATES])
def test_a_closing_is_written_with_its_rates(rates: CurrencyRates | None) -> None:
    feed = fed(BOTH.model_copy(update={"currency_rates": rates}) if rates else registry(GLOWING, rates=None))
    *_, told = cut(feed.state)

    assert decode_delta(encode_delta(told)).closing == Closing(frozenset({"glow"}), rates)


Action = tuple[int, str]
ACTIONS = st.sampled_from(["read", "read", "read", "flush", "flush", "month", "prolong", "rates", "merge"])


def of_both(sent: list[Sent], seed: int) -> Log:
    """Return half of the events to the other campaign, and a target to some people."""
    random = Random(seed)
    changes = [(b'"glow"', b'"snow"'), (b'"type"', b'"audience": {"country": "FR"}, "type"')]
    for before, after in changes:
        sent = [
            Sent(
                one.type,
                one.arrival,
                one.value.replace(before, after) if random.random() < 0.5 else one.value,
            )
            for one in sent
        ]
    return Log(sent, [0] * len(sent), BOTH)


def act(worker: Worker, seed: int, action: str) -> None:
    random = Random(seed)
    known = worker.state.registry
    if action == "read":
        for queue in sorted(worker.log.queues):
            worker.read(queue, random.randrange(6))
    elif action == "flush":
        worker.flush()
    elif action == "merge":
        worker.merge()
    elif action == "month":
        worker.now += random.choice([DAY, 40 * DAY, 80 * DAY])
    elif action == "prolong":
        end = known.campaigns["glow"].ends
        later = GLOWING.model_copy(update={"ends": random.choice([end, GLOWING.ends, worker.now])})
        worker.state.use(known.model_copy(update={"campaigns": {**known.campaigns, "glow": later}}))
    else:
        rates = RATES.model_copy(update={"rates": {"USD": random.choice([1.0, 2.0]), "GBP": 0.8}})
        worker.state.use(known.model_copy(update={"currency_rates": rates}))


@given(logs(), st.integers(0, 2**16), st.lists(st.tuples(st.integers(0, 2**16), ACTIONS), max_size=25))
def test_what_is_let_go_live_is_let_go_of_what_is_stored(
    sent: list[Sent], seed: int, actions: list[Action]
) -> None:
    worker = Worker(of_both(sent, seed), NOON)
    for number, action in actions:
        act(worker, number, action)
    worker.flush()
    worker.flush()
    live, known, now = worker.state, worker.state.registry, worker.now
    shown, remembered = picture(live, now), held(live)

    for _ in range(2):
        again = replayed([decode_delta(data) for data in worker.stored], known, now)
        assert picture(again, now) == shown
        assert held(again)[:2] == remembered[:2]
        worker.merge()


def test_a_delta_without_campaigns_that_are_over_says_so() -> None:
    (delta,) = cut(fed().state, NOON)

    assert (delta.closing, delta.frozen) == (NOTHING, {})
    assert all(isinstance(order, Order) for order in delta.orders.values())


def test_a_closed_campaign_may_have_earned_more_than_64_bits_hold() -> None:
    known = registry(GLOWING, rates=CurrencyRates(date="2026-11-01", base="EUR", rates={"IRR": 2e6}))
    state, number = new_state(known), 19_000
    values = [
        raw("conversion", event_id=f"e{n}", order_id=f"o{n}", revenue=1e12, currency="IRR")
        for n in range(number)
    ]
    state.apply(Batch("conversions", 0, records_of(values, range(number), [NOON] * number)))

    merged = compact(merge_deltas(cut(state)), OVER)
    again = replayed([merged], known)

    assert not merged.orders
    assert again.tally(LEAF, "flight")["revenue:purchase:IRR"] == number * 10**12 * NANOS
    assert picture(again, OVER) == picture(state, OVER)
