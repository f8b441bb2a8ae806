"""A crowd is stored in part, and is read as if it were stored whole."""

import json
from collections.abc import Iterable

import pytest

from models.campaigns.registry import Registry
from models.core.records import records_of
from models.events.batch import Batch
from models.reach.reach import LIMIT
from models.scopes import ScopeKey
from models.state.compaction import compact
from models.state.delta import Delta, merge_deltas
from models.state.delta_format import decode_delta, encode_delta
from models.state.shard_state import ShardState
from models.statistics.intervals import Estimate
from models.times import DAY, HOUR, MINUTE
from models.windows import ROLLING
from tests.unit.models.building import (
    GLOW,
    NOON,
    Feed,
    campaign,
    new_state,
    payload,
    reached,
    reached_of_target,
    registry,
    rfc3339,
)
from tests.unit.models.state.closing import cut
from tests.unit.models.state.interacting import counted

PERSONS = 4 * LIMIT
TARGET = {"size": 1000, "audience": {"country": ["FR"]}}
KNOWN = registry(campaign(target=TARGET))
ASKING = registry(campaign(target=TARGET, authenticity={"no_exposure": "on"}))
SCOPES = [GLOW, ScopeKey("influencer", ("glow", "ana")), ScopeKey("channel", ("glow", "instagram"))]


def impressions(first: int, number: int) -> list[bytes]:
    """Show something to as many people, an eighth of them of the target, over three hours."""
    shown = payload(
        "impression", person_id="P", consent=True, event_id="E", event_time="T", audience={"country": "C"}
    )
    form = json.dumps(shown)
    values = []
    for person in range(first, first + number):
        time = rfc3339(NOON - 3 * HOUR * (first + number - person) // number)
        said = {
            '"P"': f'"person-{person}"',
            '"E"': f'"e{person}"',
            '"T"': f'"{time}"',
            '"C"': '"DE"' if person % 8 else '"FR"',
        }
        value = form
        for name, what in said.items():
            value = value.replace(name, what)
        values.append(value.encode())
    return values


@pytest.fixture(scope="module", name="cuts")
def _cuts() -> list[Delta]:
    return cuts_by(KNOWN)


def cuts_by(known: Registry) -> list[Delta]:
    state, cuts = new_state(known), []
    state.expire(NOON)
    values = impressions(0, PERSONS)
    for start in range(0, PERSONS, LIMIT):
        part = values[start : start + LIMIT]
        offsets = range(start, start + len(part))
        state.apply(Batch("impressions", 0, records_of(part, offsets, [NOON] * len(part))))
        delta = state.cut()
        assert delta is not None
        cuts.append(delta)
    return cuts


def restored(*deltas: Delta, known: Registry = KNOWN) -> ShardState:
    state = new_state(known)
    state.expire(NOON)
    for delta in deltas:
        state.replay(decode_delta(encode_delta(delta)))
    state.expire(NOON)
    return state


def read(state: ShardState, now: int) -> list[Estimate]:
    state.expire(now)
    windows = [*(window.name for window in ROLLING), "flight"]
    people = [reached(state, scope, window) for scope in SCOPES for window in windows]
    return people + [reached_of_target(state, GLOW, window) for window in windows]


def test_a_snapshot_of_a_crowd_holds_less_and_reads_alike(cuts: list[Delta]) -> None:
    whole = merge_deltas(cuts)
    snapshot = compact(merge_deltas([compact(merge_deltas(cuts[:-1]), NOON), cuts[-1]]), NOON)

    assert len(whole.sightings.rows) == PERSONS
    assert len(snapshot.sightings.rows) < 0.75 * PERSONS
    assert len(snapshot.thresholds.rows)
    for later in (0, 4 * MINUTE, 50 * MINUTE, 2 * HOUR, 30 * HOUR):
        assert read(restored(snapshot), NOON + later) == read(restored(whole), NOON + later)


def test_what_is_stored_since_a_snapshot_is_counted_by_its_thresholds(cuts: list[Delta]) -> None:
    snapshot = compact(merge_deltas(cuts[:-1]), NOON)

    assert read(restored(snapshot, cuts[-1]), NOON) == read(restored(*cuts), NOON)


def test_a_campaign_that_is_over_leaves_no_threshold(cuts: list[Delta]) -> None:
    over = KNOWN.campaigns["glow"].ends + 100 * DAY
    (last,) = cut(restored(*cuts), over)

    left = compact(merge_deltas([compact(merge_deltas(cuts), NOON), last]), over)

    assert (len(left.sightings.rows), len(left.thresholds.rows)) == (0, 0)


def test_where_interactions_ask_who_saw_something_all_people_are_stored() -> None:
    cuts = cuts_by(ASKING)
    snapshot = compact(merge_deltas([compact(merge_deltas(cuts[:-1]), NOON), cuts[-1]]), NOON)

    assert (len(snapshot.sightings.rows), len(snapshot.thresholds.rows)) == (PERSONS, 0)
    accused = [
        suspicious(restored(snapshot, known=ASKING), persons)
        for persons in (range(PERSONS), range(PERSONS, PERSONS + 9))
    ]
    assert accused == [0, 9]


def test_nobody_is_accused_whose_impressions_are_no_longer_stored(cuts: list[Delta]) -> None:
    snapshot = compact(merge_deltas(cuts), NOON)

    assert suspicious(restored(snapshot, known=ASKING), range(PERSONS + 9)) == 0


def suspicious(state: ShardState, persons: Iterable[int]) -> int:
    """Let people like what they saw or did not, after one impression more; count whom that accuses."""
    feed = Feed(state, partition=1)
    feed.send("impression", person_id="somebody", consent=True)
    likes = [
        json.dumps(
            payload(
                "engagement", kind="like", person_id=f"person-{person}", consent=True, event_id=f"l{person}"
            )
        )
        for person in persons
    ]
    records = records_of([like.encode() for like in likes], range(len(likes)), [NOON] * len(likes))
    state.apply(Batch("engagements", 0, records))
    return counted(state, "glow").get("suspicious:no_exposure", 0)
