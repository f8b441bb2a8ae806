"""How a campaign's events come, from what its state has counted of people, hours and days."""

import numpy as np

from models.campaigns.campaign import Campaign
from models.core.columns import Ints
from models.kinds import CONVERSIONS, names
from models.kpis.clusters import BUCKETS, COLUMNS, SAMPLED, Clusters, People
from models.state.rhythm import SERIES
from models.state.shard_state import ShardState
from models.statistics.gamma import Floats
from models.times import DAY

_PARTS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in ("impressions", "clicks", "interactions", "judged", "suspicious")},
    **{polarity: (f"rated:{polarity}",) for polarity in ("positive", "neutral", "negative")},
}


def clusters_of(state: ShardState, campaign: Campaign, firsts: Ints, now: int) -> Clusters:
    """Read how a campaign's events come at `now` (microseconds); conversions are those of its goals.

    `firsts` are the times of the first events of its leaves.
    """
    people = {family: state.repeated(campaign.id, family) for family in SAMPLED}
    first = int(firsts.min()) if len(firsts) else now
    return Clusters(
        people={family: People(*found) for family, found in people.items() if found.persons},
        buckets=_buckets(state, campaign, now),
        days=(now - first) / DAY,
    )


def _buckets(state: ShardState, campaign: Campaign, now: int) -> Floats:
    counts = state.rhythm(campaign.id, now)[-BUCKETS:]
    goals = campaign.goals or names(CONVERSIONS)
    parts = _PARTS | {"conversions": tuple(f"conversions:{kind}" for kind in goals)}
    columns = [counts[:, [SERIES.index(name) for name in parts[column]]].sum(axis=1) for column in COLUMNS]
    return np.stack(columns, axis=1).astype(np.float64)
