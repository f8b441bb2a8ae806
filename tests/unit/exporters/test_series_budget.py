"""What is left out of a page that would have too many series."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.series_budget import BY_WORTH, DROPPABLE, most_series, room_for
from models.readings.pipeline import Pipeline
from models.scopes import LABELS, Leaf, ScopeKey
from tests.unit.exporters.worked import CATALOGUED, pipeline_of, shown, worked_pipeline
from tests.unit.models.building import Feed, campaign, new_state, registry

PLACES = list(product(("glow", "frost"), ("ana", "ben"), ("a", "b"), ("tiktok", "youtube")))
COUNTS = st.dictionaries(st.sampled_from(PLACES), st.integers(1, 4), max_size=8)


class Entry(NamedTuple):
    """One key of a scope with all its windows and KPIs: its series, and how much happened there."""

    scope: ScopeKey
    series: int
    activity: float


def left_out(entries: Collection[Entry], budget: int) -> list[Entry]:
    """Choose what to leave out where all is computed: the least of the first scope to give way go first."""
    excess = sum(entry.series for entry in entries) - budget
    chosen: list[Entry] = []
    droppable = [one for one in entries if one.scope.name in DROPPABLE]
    droppable.sort(key=lambda one: (DROPPABLE.index(one.scope.name), one.activity, one.scope.ids))
    for entry in droppable:
        if excess <= 0:
            break
        chosen.append(entry)
        excess -= entry.series
    return chosen


def pipeline(counts: dict[tuple[str, ...], int]) -> Pipeline:
    """Count impressions at places, of two campaigns with costs."""
    costs = [{"influencer": "ana", "flat_fee": 100}, {"influencer": "cleo", "flat_fee": 10}]
    known = registry(campaign(costs=costs), campaign(id="frost", name="Frost"))
    feed = Feed(new_state(known))
    for (campaign_id, influencer_id, content_id, channel), count in counts.items():
        feed.send(
            "impression",
            campaign_id=campaign_id,
            influencer_id=influencer_id,
            content_id=content_id,
            channel=channel,
            count=count,
        )
    return pipeline_of(feed.state, known)


def series_by_key(read: Pipeline) -> Counter[ScopeKey]:
    """Count the KPI series of a page by key."""
    found: Counter[ScopeKey] = Counter()
    for name, family in shown(read).items():
        if name in CATALOGUED:
            scope, _ = CATALOGUED[name]
            for sample in family.samples:
                found[ScopeKey(scope, tuple(sample.labels[label] for label in LABELS[scope]))] += 1
    return found


def activity_of(counts: dict[tuple[str, ...], int], key: ScopeKey) -> int:
    """Sum what was counted at a key's places."""
    found = 0
    for place, count in counts.items():
        leaf = Leaf(*place)._asdict()
        if key.ids == tuple(leaf[label] for label in LABELS[key.name]):
            found += count
    return found


@settings(deadline=None)
@given(COUNTS, st.floats(0, 1.1))
def test_the_choice_is_that_of_computing_all_and_dropping(
    counts: dict[tuple[str, ...], int], share: float
) -> None:
    everything = pipeline(counts)
    whole = series_by_key(everything)
    budget = round(share * whole.total())
    entries = [Entry(key, series, activity_of(counts, key)) for key, series in whole.items()]

    found = series_by_key(replace(everything, max_series=budget))

    gone = {entry.scope for entry in left_out(entries, budget)}
    assert found == Counter({key: series for key, series in whole.items() if key not in gone})


def test_no_key_has_more_series_than_its_scope_can_have() -> None:
    for key, series in series_by_key(worked_pipeline()).items():
        assert series <= most_series(key.name), key


def test_influencers_go_last_and_campaigns_never() -> None:
    assert BY_WORTH == ("campaign", "influencer", "channel", "format", "content")
    assert set(BY_WORTH) - set(DROPPABLE) == {"campaign"}


def test_what_has_room_is_a_beginning() -> None:
    counts = np.array([5, 5, 1])

    assert [room_for(counts, room) for room in (-1, 4, 5, 9, 10, 11, 99)] == [0, 0, 1, 1, 2, 3, 3]
