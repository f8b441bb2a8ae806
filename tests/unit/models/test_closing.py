"""Campaigns that are over: their people and orders are let go, live and stored, and what they show stays."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns import Registry
from models.closing import NOTHING, Closing
from models.delta import Delta, merge_deltas
from models.delta_format import decode_delta, encode_delta
from models.fold import Fold
from models.orders import Order
from models.times import DAY, HOUR
from tests.strategies import Sent, logs
from tests.unit.models.building import GLOW, NOON, RATES, Feed, campaign, new_fold, registry, tally
from tests.unit.models.crashing import Log, Worker, picture

TARGET = {"size": 10, "audience": {"country": "FR"}}
GLOWING = campaign(target=TARGET)
BOTH = registry(GLOWING, campaign(id="snow", name="Snow", ends="2029-01-01T00:00:00Z"))
END = GLOWING.ends + GLOWING.adjustments_until
OVER = END + DAY
PROLONGED = registry(campaign(target=TARGET, ends="2028-01-01T00:00:00Z"), BOTH.campaigns["snow"])
PERSON = {"consent": True, "audience": {"country": "FR"}}


def fed(known: Registry = BOTH) -> Feed:
    """Give a fold where both campaigns have had a person, an order and a refund."""
    feed = Feed(new_fold(known))
    for name in known.campaigns:
        feed.send("impression", campaign_id=name, person_id="p1", **PERSON)
        feed.send("conversion", campaign_id=name, order_id="o1", revenue=100.0, currency="EUR")
        refund = {"status": "refunded", "revenue": 10.0, "currency": "USD"}
        feed.send("conversion", campaign_id=name, order_id="o1", **refund)
    return feed


def cut(fold: Fold, now: int = OVER) -> list[Delta]:
    """Cut twice at a time: what was pending, and what is told of campaigns that were closed by it."""
    fold.expire(now)
    return [delta for delta in (fold.cut(), fold.cut()) if delta is not None]


def held(fold: Fold) -> tuple[object, ...]:
    """Count what is remembered of people and orders."""
    for _ in range(8):
        fold._audience._reach.refresh()
    return len(fold._orders), len(fold._audience._slots), len(fold._audience._reach)


def replayed(deltas: Sequence[Delta], known: Registry = BOTH, now: int = OVER) -> Fold:
    fold = new_fold(known)
    fold.expire(now)
    for delta in deltas:
        fold.replay(decode_delta(encode_delta(delta)))
    return fold


def reach(fold: Fold) -> float:
    return fold.reach(GLOW, "flight").value


@pytest.mark.parametrize(
    ("grace", "days"), [("7d", 45), ("90d", 90)]
)  # whatever may come longest: events or adjustments
def test_a_campaign_is_closed_a_day_after_nothing_of_it_counts_any_more(grace: str, days: int) -> None:
    known = registry(campaign(grace=grace))
    feed = fed(known)
    over = GLOWING.ends + (days + 1) * DAY

    cut(feed.fold, over - 1)
    assert len(feed.fold._orders) == 1
    cut(feed.fold, over)
    assert len(feed.fold._orders) == 0


def test_what_is_remembered_shrinks_and_what_orders_count_stays() -> None:
    fold = fed().fold
    orders, slots, cells = held(fold)
    before = tally(fold)

    cut(fold)

    # Four scopes for everybody, three for the target that one of the campaigns has.
    assert (orders, slots, cells) == (2, 11, 11)
    assert held(fold) == (1, 4, 4)
    assert tally(fold) == before
    assert before["revenue:EUR"] == 92_000_000
    assert (reach(fold), fold.target_reach(GLOW, "flight").value) == (0, 0)


def test_a_table_of_cells_becomes_smaller_a_part_at_each_refresh() -> None:
    feed = Feed(new_fold(BOTH))
    for number in range(200):
        feed.send("impression", person_id=f"p{number}", **PERSON)
    cells = feed.fold._audience._reach
    sizes = [len(cells)]
    cut(feed.fold)
    for _ in range(9):
        sizes.append(len(cells))
        cells.refresh()

    assert sizes[0] == sizes[1] == 200 * 7
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 0


def test_a_campaign_is_closed_once() -> None:
    fold = fed().fold

    assert [delta.closing.campaigns for delta in cut(fold)] == [frozenset(), {"glow"}]
    for days in range(3):
        assert cut(fold, OVER + days * DAY) == []


def test_a_campaign_is_closed_however_often_it_was_looked_at_before() -> None:
    fold = fed().fold
    for later in range(3):
        fold.expire(OVER + later)
    fold.cut()

    assert len(fold._orders) == 1


def test_a_campaign_that_is_prolonged_before_it_is_closed_stays_open() -> None:
    fold = fed().fold
    fold.expire(OVER)
    fold.use(PROLONGED)
    fold.expire(OVER)
    fold.cut()

    assert len(fold._orders) == 2


def test_a_campaign_that_the_registry_has_lost_is_not_closed() -> None:
    fold = fed().fold
    fold.use(registry(BOTH.campaigns["snow"]))
    cut(fold)

    assert len(fold._orders) == 2


def test_what_a_closed_campaign_earned_does_not_change_with_the_rates() -> None:
    fold = fed().fold
    deltas = cut(fold)
    before = tally(fold)
    dearer = RATES.model_copy(update={"rates": {"USD": 2.0, "GBP": 0.8}})
    known = BOTH.model_copy(update={"currency_rates": dearer})
    fold.use(known)

    assert tally(fold) == before
    assert tally(replayed(deltas, known)) == before
    assert tally(replayed([merge_deltas(deltas)], known)) == before
    assert fold.tally(next(iter(fold.leaves_of("snow"))), "flight")["revenue:EUR"] == 95_000_000


def test_the_windows_of_a_flight_that_turns_out_to_be_long_over_are_let_go_too() -> None:
    fold = fed().fold
    known = registry(campaign(starts="2024-01-01T00:00:00Z", ends="2024-02-01T00:00:00Z", target=TARGET))
    fold.use(known)
    deltas = cut(fold, NOON)

    assert tally(fold, window="24h").keys() == {"impressions", "identified"}
    assert tally(fold)["conversions:purchase"] == 1
    again = [replayed(deltas, known, NOON), replayed([merge_deltas(deltas)], known, NOON)]
    for now in (NOON, NOON + 2 * DAY):
        assert [picture(one, now) for one in again] == [picture(fold, now)] * 2


def test_what_still_comes_for_a_closed_campaign_counts_on_top_and_is_let_go_a_day_later() -> None:
    feed = fed()
    cut(feed.fold)
    before = tally(feed.fold)

    late = {"arrival": OVER, "person_id": "p2"}
    assert feed.send("impression", **late, **PERSON) == "counted"
    assert feed.send("conversion", arrival=OVER, order_id="o2", revenue=5.0, currency="EUR") == "counted"

    assert cut(feed.fold, OVER + DAY - 1) != []
    assert (reach(feed.fold), len(feed.fold._orders)) == (1, 2)
    cut(feed.fold, OVER + DAY)
    assert (reach(feed.fold), len(feed.fold._orders)) == (0, 1)
    after = tally(feed.fold)
    assert after["revenue:EUR"] == before["revenue:EUR"] + 5_000_000
    assert after["impressions"] == 2
    assert after["conversions:purchase"] == 2


def test_an_adjustment_of_an_order_that_was_let_go_changes_nothing() -> None:
    feed = fed()
    cut(feed.fold)
    before = tally(feed.fold)
    assert feed.send("conversion", order_id="o1", status="cancelled") == "counted"

    assert tally(feed.fold) == before


def test_in_a_campaign_that_is_prolonged_people_begin_anew() -> None:
    feed = fed()
    cut(feed.fold)
    feed.fold.use(PROLONGED)
    for person in ("p1", "p2", "p2"):
        feed.send("impression", arrival=OVER, event_id=f"late-{person}", person_id=person, **PERSON)
    feed.send("conversion", order_id="o1", event_id="late-o", revenue=1.0, currency="EUR")
    cut(feed.fold, OVER + DAY)

    assert (reach(feed.fold), feed.fold.target_reach(GLOW, "flight").value) == (2, 2)
    assert tally(feed.fold)["conversions:purchase"] == 2
    assert len(feed.fold._orders) == 2, "its orders are remembered again"


def test_a_stored_state_holds_nothing_more_of_a_closed_campaign_than_what_it_shows() -> None:
    feed = fed()
    for number in range(50):
        feed.send("impression", event_id=f"i{number}", person_id=f"q{number}", **PERSON)
        feed.send("conversion", event_id=f"c{number}", order_id=f"q{number}", revenue=1.0, currency="EUR")
    apart = cut(feed.fold)
    merged = merge_deltas(apart)

    assert {campaign for campaign, _ in merged.orders} == {"snow"}
    assert {merged.leaves[row].campaign for row in merged.sightings.rows.tolist()} == {"snow"}
    (frozen,) = merged.frozen.values()
    assert frozen == {"orders:purchase": 51, "conversions:purchase": 51, "revenue:EUR": 142_000_000}
    assert len(encode_delta(merged)) < len(encode_delta(apart[0])) / 2
    assert picture(replayed([merged]), OVER) == picture(feed.fold, OVER)


def test_a_report_after_the_closing_does_not_change_what_was_stored_before() -> None:
    feed = fed()
    deltas = cut(feed.fold)
    feed.send("conversion", order_id="o1", event_id="late", status="cancelled")
    feed.send("conversion", order_id="o1", event_id="again", revenue=7.0, currency="EUR")
    deltas += cut(feed.fold, OVER + HOUR)

    live = picture(feed.fold, OVER)
    assert tally(feed.fold)["conversions:purchase"] == 1, "the new report counts with its cancellation"
    assert picture(replayed(deltas), OVER) == live
    assert picture(replayed([merge_deltas(deltas)]), OVER) == live


def test_a_state_that_was_merged_before_closes_campaigns_again() -> None:
    feed = fed()
    stored = [merge_deltas(cut(feed.fold))]
    for day in (1, 2):
        late = {"arrival": OVER, "order_id": f"late-{day}", "revenue": 1.0, "currency": "EUR"}
        feed.send("conversion", **late)
        feed.send("impression", arrival=OVER, person_id=f"late-{day}", **PERSON)
        stored = [merge_deltas([*stored, *cut(feed.fold, OVER + day * DAY)])]

    (merged,) = stored
    assert {campaign for campaign, _ in merged.orders} == {"snow"}
    assert merged.closing == NOTHING, "there is nothing before it"
    assert tally(feed.fold)["orders:purchase"] == 3
    now = OVER + 2 * DAY
    assert picture(replayed(stored, now=now), now) == picture(feed.fold, now)


@pytest.mark.parametrize("rates", [None, RATES])
def test_a_closing_is_written_with_its_rates(rates: object) -> None:
    feed = fed(BOTH.model_copy(update={"currency_rates": rates}) if rates else registry(GLOWING, rates=None))
    *_, told = cut(feed.fold)

    assert decode_delta(encode_delta(told)).closing == Closing(frozenset({"glow"}), rates)


Action = tuple[int, str]
ACTIONS = st.sampled_from(["read", "read", "read", "flush", "flush", "month", "prolong", "rates", "merge"])


def of_both(sent: list[Sent], seed: int) -> Log:
    """Give half of the events to the other campaign, and a target to some people."""
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
    known = worker.fold.registry
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
        worker.fold.use(known.model_copy(update={"campaigns": {**known.campaigns, "glow": later}}))
    else:
        rates = RATES.model_copy(update={"rates": {"USD": random.choice([1.0, 2.0]), "GBP": 0.8}})
        worker.fold.use(known.model_copy(update={"currency_rates": rates}))


@given(logs(), st.integers(0, 2**16), st.lists(st.tuples(st.integers(0, 2**16), ACTIONS), max_size=25))
def test_what_is_let_go_live_is_let_go_of_what_is_stored(
    sent: list[Sent], seed: int, actions: list[Action]
) -> None:
    worker = Worker(of_both(sent, seed), NOON)
    for number, action in actions:
        act(worker, number, action)
    worker.flush()
    worker.flush()
    live, known, now = worker.fold, worker.fold.registry, worker.now
    shown, remembered = picture(live, now), held(live)

    for _ in range(2):
        again = replayed([decode_delta(data) for data in worker.stored], known, now)
        assert picture(again, now) == shown
        assert held(again)[:2] == remembered[:2]
        worker.merge()


def test_a_delta_without_campaigns_that_are_over_says_so() -> None:
    (delta,) = cut(fed().fold, NOON)

    assert (delta.closing, delta.frozen) == (NOTHING, {})
    assert all(isinstance(order, Order) for order in delta.orders.values())
