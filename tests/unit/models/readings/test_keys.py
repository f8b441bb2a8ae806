"""Keys are those of one moment, though the state gets others while a page is made."""

import numpy as np

from models.readings.subject import subject_of
from models.scopes import ALL_SCOPES, ScopeKey
from models.state.places import AT
from tests.unit.models.building import NOON, Feed, campaign, new_state, registry


def influencer(name: str) -> ScopeKey:
    return ScopeKey("influencer", ("glow", name))


def test_a_key_that_came_since_has_no_number_and_not_that_of_another() -> None:
    declared = campaign(costs=[{"influencer": "zoe", "flat_fee": 9}, {"influencer": "new", "cpm": 8}])
    feed = Feed(new_state(registry(declared)))
    feed.send("click")
    keys = subject_of(feed.state, declared, feed.state.registry, NOON).keys
    before = {name: keys.count(name) for name in ALL_SCOPES}
    feed.send("click", influencer_id="new", content_id="new", channel="new", format="new")

    assert keys.number(influencer("zoe")) == 1
    assert keys.numbers(
        [influencer("ana"), influencer("new"), ScopeKey("content", ("glow", "new", "new"))]
    ) == [0]
    assert [keys.key("influencer", number) for number in range(2)] == [influencer("ana"), influencer("zoe")]
    assert {name: keys.count(name) for name in ALL_SCOPES} == before
    assert keys.first_of(influencer("new")) is None
    assert [len(column) for column in keys.held.table] == [1] * (1 + len(ALL_SCOPES))
    assert np.flatnonzero(keys.seen("influencer")).tolist() == keys.held.table[AT["influencer"]].tolist()
