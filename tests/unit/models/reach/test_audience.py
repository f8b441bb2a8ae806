"""People by scope: what is closed begins anew, and takes nothing of others with it."""

import numpy as np

from models.core.columns import Sightings
from models.reach.audience import Audience
from models.scopes import Leaf, ScopeKey
from models.statistics.intervals import Estimate, exact
from tests.unit.models.building import campaign, registry

FRENCH = {"size": 10, "audience": {"country": "FR"}}
BOTH = registry(campaign(id="glow", target=FRENCH), campaign(id="luz", target=FRENCH))


def see(audience: Audience, row: int, *persons: int) -> None:
    """See people of the target of the campaign whose number the row is."""
    rows, ticks = np.full(len(persons), row), np.ones(len(persons), np.int64)
    audience.see(Sightings(rows, np.array(persons, np.uint64), ticks, rows))


def target_reach(audience: Audience, name: str) -> Estimate:
    return audience.target_reach(ScopeKey("campaign", (name,)), "flight")


def test_a_target_that_was_closed_begins_anew_though_another_has_its_place() -> None:
    audience = Audience(BOTH)
    for name in ("glow", "luz"):
        audience.add_leaf(Leaf(name, "ana", "reel", "instagram"))
    see(audience, 0, 1 << 60, 2 << 60)
    audience.close(["glow"])

    see(audience, 1, 3 << 60)
    see(audience, 0, 4 << 60)
    see(audience, 1, 5 << 60)

    assert target_reach(audience, "glow") == exact(1)
    assert target_reach(audience, "luz") == exact(2)
