"""Reach by scope: what is closed starts from zero, and takes nothing of others with it."""

import numpy as np

from models.core.columns import Sightings
from models.reach.scope_reach import ScopeReach
from models.scopes import Leaf, ScopeKey
from models.state.leaves import Leaves
from models.statistics.intervals import Estimate, exact


def reach_of(*leaves: Leaf) -> ScopeReach:
    known = Leaves(1_000)
    known.restore(leaves)
    return ScopeReach(known.names, known.number_of)


def see(reach: ScopeReach, row: int, *persons: int) -> None:
    """See people of the target whose number the row is."""
    rows, ticks = np.full(len(persons), row), np.ones(len(persons), np.int64)
    reach.see(Sightings(rows, np.array(persons, np.uint64), ticks, rows))


def target_reach(reach: ScopeReach, target: int, name: str) -> Estimate:
    slots = reach.slots([ScopeKey("campaign", (name,))], target)
    return Estimate(*(float(column[0]) for column in reach.estimates(slots, "flight")))


def test_a_target_that_was_closed_begins_anew_though_another_has_its_place() -> None:
    reach = reach_of(*(Leaf(name, "ana", "reel", "instagram") for name in ("glow", "luz")))
    see(reach, 0, 1 << 60, 2 << 60)
    reach.close(["glow"])

    see(reach, 1, 3 << 60)
    see(reach, 0, 4 << 60)
    see(reach, 1, 5 << 60)

    assert target_reach(reach, 0, "glow") == exact(1)
    assert target_reach(reach, 1, "luz") == exact(2)


def test_a_campaign_is_closed_though_most_of_its_leaves_were_never_seen() -> None:
    reach = reach_of(*(Leaf("glow", "ana", f"reel-{number}", "instagram") for number in range(300)))
    see(reach, 0, 1 << 60)
    see(reach, 299, 2 << 60)
    assert target_reach(reach, -1, "glow") == exact(2)

    reach.close(["glow"])

    assert "glow" not in reach
    assert target_reach(reach, -1, "glow") == exact(0)
