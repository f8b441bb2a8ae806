"""What a campaign's events show of how they come: by people who act several times, in hours, on days.

Clusters are what state has counted; a Spread is what bounds take from them, once a campaign.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np

from models.kpis.likely import variance_of_mood
from models.statistics import dispersion
from models.statistics.dispersion import Found
from models.statistics.gamma import Floats
from models.times import DAY
from models.windows import WEEK

Family = Literal["impressions", "clicks", "interactions", "conversions", "rated", "organic", "suspicious"]
FAMILIES: tuple[Family, ...] = get_args(Family)
SAMPLED: tuple[Family, ...] = ("impressions", "clicks", "interactions", "conversions", "rated")
"""The families of which a sample of people is kept."""
COLUMNS = (
    "impressions", "clicks", "interactions", "positive", "neutral", "negative", "conversions", "judged",
    "suspicious",
)  # fmt: skip
"""What a bucket counts."""
BUCKETS = WEEK.length // WEEK.bucket
"""The buckets of the window of seven days: two hours each."""
A_DAY = DAY // WEEK.bucket
"""How many of them make a day."""
IN_THREADS = 2.5
"""How many mentions an independent opinion is taken to bring, at the least: those of a thread are alike."""
IN_BURSTS = 30.0
"""How many suspicious interactions an independent cause is taken to bring, at the least: Σn² ÷ Σn of what the
accounts and groups of simulations.fraud are found to do is 9 to 32, by kind."""
DAYS_APART = 0.4**2
"""The relative variance of days that is taken before days are seen."""
_SAMPLE: dict[Family, Family] = {"organic": "interactions"}
_PRIORS: dict[Family, float] = {"rated": IN_THREADS, "suspicious": IN_BURSTS}
_UNSEEN = 3.0
"""The rule of three (Hanley and Lippman-Hand 1983): of n people who are all alike, 3 ÷ n may be otherwise."""
MOODS_APART = 0.1**2
"""The variance of sentiment from day to day, in its own unit squared; too little is rated to learn it."""


@dataclass(frozen=True, slots=True)
class People:
    """A sample of a campaign's people: how many did something, Σn and Σn² of how often each did."""

    persons: float = 0.0
    acts: float = 0.0
    squares: float = 0.0

    @property
    def apart(self) -> float:
        """The squared coefficient of variation of how often each person did it; 1 of nobody."""
        return max(self.persons * self.squares / self.acts**2 - 1, 0.0) if self.acts else 1.0


@dataclass(frozen=True, slots=True)
class Clusters:
    """What a campaign has counted of how its events come.

    `people` of a family that nobody identified is in are absent. `buckets` are counts by bucket and column,
    the last one that of now, zeros before the first event; `days` have passed since the campaign's first
    event. Arrays of many campaigns' counts, with the same axes last, serve as well.
    """

    people: Mapping[Family, People] = field(default_factory=dict)
    buckets: Floats = field(default_factory=lambda: np.zeros((BUCKETS, len(COLUMNS))))
    days: float = 0.0


@dataclass(frozen=True, slots=True)
class Spread:
    """How a campaign's events come, as bounds take it.

    `weights`: how many counts an independent event brings, by family; `apart`: the relative variance of days,
    by family (that of `rated`
    beside the variance of a mention); `days` have passed since the first event; `views_apart`
    is the squared coefficient of variation of impressions by person.
    """

    weights: Mapping[Family, float] = field(default_factory=dict)
    apart: Mapping[Family, float] = field(default_factory=dict)
    days: float = 0.0
    views_apart: float = 1.0

    def over(self, days: float) -> "Spread":
        """Return the same for a window of some days, in which events have come for no longer."""
        return replace(self, days=min(self.days, days))

    def weight(self, family: Family) -> float:
        """Return how many counts an independent event of a family brings."""
        return self.weights.get(family, _prior(family))


def spread_of(clusters: Clusters) -> Spread:
    """Estimate how a campaign's events come."""
    buckets = np.asarray(clusters.buckets, np.float64)
    columns = {name: buckets[..., at] for at, name in enumerate(COLUMNS)}
    found = _by_bucket(columns)
    weights = {
        family: dispersion.shrunk(
            found[family], _of_people(family, clusters.people.get(_SAMPLE.get(family, family)))
        )
        for family in FAMILIES
    }
    views = clusters.people.get("impressions")
    return Spread(
        weights=_plain(weights),
        apart=_plain(_apart(columns, weights, clusters.days)),
        days=clusters.days,
        views_apart=1.0 if views is None else views.apart or min(_UNSEEN / views.persons, 1.0),
    )


def _by_bucket(columns: Mapping[str, Floats]) -> dict[Family, Found]:
    """Look at clicks and interactions against what was shown, at the rest against its own rhythm.

    Suspicious interactions are looked at against those that were judged. When organic ones come says nothing
    of how sure their share is.
    """
    shown = columns["impressions"]
    rated = columns["positive"] + columns["neutral"] + columns["negative"]
    good, bad = columns["positive"], columns["negative"]
    alone = variance_of_mood(good.sum(-1), bad.sum(-1), rated.sum(-1))
    nothing = np.zeros_like(shown.sum(-1))
    return {
        "impressions": dispersion.by_rhythm(_by_day(shown)),
        "clicks": dispersion.against(columns["clicks"], shown),
        "interactions": dispersion.against(columns["interactions"], shown),
        "conversions": dispersion.by_rhythm(_by_day(columns["conversions"])),
        "rated": dispersion.of_scores(good - bad, rated, alone),
        "organic": Found(nothing, nothing),
        "suspicious": dispersion.against(columns["suspicious"], columns["judged"]),
    }


def _apart(
    columns: Mapping[str, Floats], weights: Mapping[Family, Floats], days: float
) -> dict[Family, Floats]:
    """Return the relative variance of days: of rates by impressions, of conversions by time."""
    over = _over(days)
    daily = {name: _by_day(column).sum(-1) * over for name, column in columns.items()}
    shown, sold = daily["impressions"], daily["conversions"]
    good, bad = columns["positive"].sum(-1), columns["negative"].sum(-1)
    between = dispersion.between_days
    return {
        "clicks": between(daily["clicks"], shown, weights["clicks"], DAYS_APART),
        "interactions": between(daily["interactions"], shown, weights["interactions"], DAYS_APART),
        "rated": MOODS_APART / variance_of_mood(good, bad, good + bad + columns["neutral"].sum(-1)),
        "conversions": between(sold, over * np.ones_like(sold), weights["conversions"], DAYS_APART),
        "suspicious": between(daily["suspicious"], daily["judged"], weights["suspicious"], DAYS_APART),
    }


def _over(days: float) -> Floats:
    """Mark the days of the buckets, the latest last, that had begun when the first event came."""
    ago = np.arange(BUCKETS // A_DAY, 0, -1)
    return (np.asarray(days)[..., None] >= ago).astype(np.float64)


def _by_day(column: Floats) -> Floats:
    return column.reshape(*column.shape[:-1], -1, A_DAY)


def _prior(family: Family) -> float:
    return _PRIORS.get(family, dispersion.PRIOR)


def _of_people(family: Family, people: People | None) -> Floats:
    least = np.asarray(_prior(family))
    if people is None:
        return least
    found = dispersion.of_people(np.asarray(people.acts), np.asarray(people.squares))
    return np.maximum(found, least) if family == "rated" else found


def _plain(found: Mapping[Family, Floats]) -> dict[Family, Any]:
    """Turn one campaign's arrays into numbers."""
    return {family: array.item() if array.ndim == 0 else array for family, array in found.items()}
