"""Leaves have a row each, up to the cap of their campaign."""

from models.core.records import records_of
from models.events.batch import Batch
from models.scopes import OTHER, Leaf, other_leaf
from models.state.leaves import Leaves
from tests.unit.models.building import NOON, campaign, new_state, raw, registry, tally


def leaf(content: str, campaign: str = "glow") -> Leaf:
    return Leaf(campaign, "ana", content, "instagram")


def rows(leaves: Leaves, *contents: str, campaign: str = "glow") -> list[int]:
    return [leaves.row_for(leaf(content, campaign)) for content in contents]


def test_each_leaf_has_its_own_row_and_keeps_it() -> None:
    leaves = Leaves(10)

    assert rows(leaves, "a", "b", "a") == [0, 1, 0]
    assert rows(leaves, "b", "c") == [1, 2]
    assert leaves.names[2] == leaf("c")


def test_beyond_the_cap_new_leaves_are_one_and_the_known_stay() -> None:
    leaves = Leaves(2)

    assert rows(leaves, "a", "b", "c", "d", "a") == [0, 1, 2, 2, 0]
    assert leaves.names[2] == other_leaf("glow")
    assert rows(leaves, "c", "b") == [2, 1]


def test_the_cap_is_each_campaigns_own() -> None:
    leaves = Leaves(1)
    rows(leaves, "a", "b")

    rows(leaves, "a", campaign="luz")

    assert leaves.of_campaign("luz") == [leaf("a", "luz")]
    assert leaves.campaigns() == {"glow": 2, "luz": 1}
    assert leaves.of_campaign("none") == []


def test_what_was_stored_has_its_place_whatever_the_cap() -> None:
    leaves = Leaves(1)
    stored = [leaf(content) for content in "abc"]

    assert leaves.restore(stored) == [0, 1, 2]
    assert leaves.restore(stored) == [0, 1, 2]
    assert rows(leaves, "b", "new") == [1, 3]
    assert leaves.names[3].content == OTHER


def test_what_counted_elsewhere_counts_in_its_place_once_that_is_restored() -> None:
    leaves = Leaves(1)
    assert rows(leaves, "a", "b") == [0, 1]

    (row,) = leaves.restore([leaf("b")])

    assert rows(leaves, "b", "a") == [row, 0]


def clicks(start: int, size: int, **fields: str) -> Batch:
    """Return clicks of one campaign, each at a content of its own."""
    offsets = range(start, start + size)
    values = [raw("click", event_id=f"e{at}", content_id=f"reel-{at}", **fields) for at in offsets]
    return Batch("clicks", 0, records_of(values, offsets, [NOON] * size))


def test_leaves_of_events_that_never_count_are_not_remembered_for_ever() -> None:
    state = new_state(max_leaves=3)

    most = 0
    for start in range(0, 18_000, 3_000):
        refused = state.apply(clicks(start, 3_000, campaign_id="unknown")).refused
        assert len(refused) == 3_000
        most = max(most, len(state._leaf_index))
    state.apply(clicks(18_000, 5))
    state.apply(clicks(18_005, 5))

    assert most <= 13_000
    assert state.leaf_counts() == {"glow": 4}, "three and what is beyond the cap"
    assert tally(state)["clicks"] == 10


def test_a_leaf_that_was_refused_counts_once_a_changed_registry_takes_it() -> None:
    state = new_state(registry(campaign(influencers=["ben"])))
    assert len(state.apply(clicks(0, 2)).refused) == 2

    state.use(registry())

    assert state.apply(clicks(2, 2)).refused == []
    state.use(registry(campaign(influencers=["ben"])))
    assert len(state.apply(clicks(4, 2)).refused) == 2
