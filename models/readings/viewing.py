"""Read what a screen asks for: the figures are those of /metrics, and no more is read than is asked for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.campaigns.campaign import Campaign
from models.campaigns.registry import Registry
from models.kpis import formulas
from models.kpis.catalogue import KPIS
from models.readings.figure import ALL_KPIS, figures_of
from models.readings.pipeline import Pipeline, Readiness
from models.readings.reading import read_columns, readings_of
from models.readings.scope_reading import Reading
from models.readings.subject import subject_of
from models.readings.verdicts import concerns
from models.readings.views import CampaignFigures, Head, Kpis, Part, PipelineView
from models.scopes import LABELS, ScopeKey, ScopeName
from models.state.shard_state import ShardState
from models.times import SECOND
from models.windows import FLIGHT, SCOPES_OF, WindowName

PARTS: tuple[ScopeName, ...] = tuple(name for name in LABELS if name != "campaign")
"""The scopes within a campaign."""
MOST_CAMPAIGNS = 5000
MOST_PARTS = 1000
"""How many entries of a scope an answer has."""
WINDOWLESS = frozenset(kpi.id for kpi in KPIS if not kpi.windowed)
"""KPIs that are the same in every window, and in every answer."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: a window, KPIs, and the scopes within a campaign."""

    window: WindowName = FLIGHT
    kpis: frozenset[str] = ALL_KPIS
    scopes: frozenset[ScopeName] = frozenset(PARTS)


def head(pipeline: Pipeline, readiness: Readiness, wish: Wish, now: int) -> Head:
    """Say how the worker stands at `now` (microseconds)."""
    known = pipeline.registry
    to_show = sum(known.shows(campaign, now) for campaign in known.campaigns)
    health = PipelineView(dict(pipeline.partitions), sum(pipeline.lag.values()), pipeline.registry_loaded)
    return Head(
        at=now / SECOND,
        window=wish.window,
        ready=readiness.ready,
        reason=readiness.reason,
        pipeline=health,
        registered=len(known.campaigns),
        elsewhere=to_show - len(shown(pipeline, now)),
    )


def shown(pipeline: Pipeline, now: int) -> list[Campaign]:
    """List the campaigns that a worker shows at `now` (microseconds)."""
    known = pipeline.registry
    return [
        campaign
        for campaign in known.campaigns.values()
        if pipeline.states.of(campaign.id) is not None and known.shows(campaign.id, now)
    ]


def why_not_shown(pipeline: Pipeline, name: str, now: int) -> str | None:
    """Return why a worker does not show a campaign at `now` (microseconds); None where it does."""
    known = pipeline.registry
    campaign = known.campaigns.get(name)
    if campaign is None:
        return f"no campaign {name[:64]} is registered"
    if name in known.hidden:
        return f"the registry's entry of campaign {name} cannot be read by this release"
    if not campaign.shown(now):
        return f"campaign {name} is over, and no longer shown"
    if pipeline.states.of(name) is None:
        return f"campaign {name} is not counted by this worker now"
    return None


def campaign_figures(
    chosen: Iterable[tuple[ShardState, Campaign]], registry: Registry, wish: Wish, now: int
) -> list[CampaignFigures]:
    """Read what is asked for of campaigns at `now` (microseconds); without scopes, none of their parts.

    Of many at once: of one alone, most of the time goes to starting what works on columns.
    """
    subjects = [subject_of(state, campaign, registry, now) for state, campaign in chosen]
    read: dict[str, list[Reading]] = {one.campaign.id: [] for one in subjects}
    for subject, columns in read_columns(subjects, _needed(wish)):
        read[subject.campaign.id] += readings_of(columns)
    return [_of_campaign(one.campaign, read[one.campaign.id], wish, now) for one in subjects]


def _of_campaign(campaign: Campaign, readings: Iterable[Reading], wish: Wish, now: int) -> CampaignFigures:
    by_scope: defaultdict[ScopeName, dict[ScopeKey, list[Reading]]] = defaultdict(dict)
    for reading in readings:
        by_scope[reading.scope.name].setdefault(reading.scope, []).append(reading)
    ((_, own),) = by_scope["campaign"].items()
    flight = next(reading for reading in own if reading.window == FLIGHT)
    here = [name for name in PARTS if name in wish.scopes and name in SCOPES_OF[wish.window]]
    parts = {name: _busiest(by_scope[name], wish.window) for name in here}
    left_out = {name: len(keys) - MOST_PARTS for name, keys in parts.items() if len(keys) > MOST_PARTS}
    return CampaignFigures(
        id=campaign.id,
        name=campaign.name,
        owner=campaign.owner or "",
        currency=campaign.currency,
        status=campaign.status(now),
        starts=campaign.starts / SECOND,
        ends=campaign.ends / SECOND,
        concerns=dict(concerns(campaign, flight, now)),
        kpis=_figures(campaign, own, wish),
        budget=campaign.budget,
        scopes={
            name: [
                Part(
                    kpis=_figures(campaign, by_scope[name][key], wish),
                    **dict(zip(LABELS[name][1:], key.ids[1:], strict=True)),
                )
                for key in keys[:MOST_PARTS]
            ]
            for name, keys in parts.items()
        }
        or None,
        left_out=left_out or None,
    )


def _needed(wish: Wish) -> dict[WindowName, Collection[ScopeName]]:
    """Add to the window asked for the flight: concerns and KPIs without windows are read from it."""
    asked = {"campaign", *wish.scopes}
    windowless = {scope for kpi in KPIS if kpi.id in wish.kpis & WINDOWLESS for scope in kpi.scopes}
    flight = {"campaign"} | (asked if wish.window == FLIGHT else asked & windowless)
    return {wish.window: asked & set(SCOPES_OF[wish.window]), FLIGHT: flight}


def _busiest(keys: Mapping[ScopeKey, Sequence[Reading]], window: WindowName) -> list[ScopeKey]:
    """List keys that have a reading in a window, the most active first."""
    found = [
        (-formulas.activity(reading.figures), key.ids, key)
        for key, readings in keys.items()
        for reading in readings
        if reading.window == window
    ]
    return [key for _, _, key in sorted(found)]


def _figures(campaign: Campaign, readings: Iterable[Reading], wish: Wish) -> Kpis:
    """Join a scope's figures in the window asked for with those that have no window."""
    found: Kpis = {}
    for reading in readings:
        wanted = wish.kpis if reading.window == wish.window else wish.kpis & WINDOWLESS
        found |= figures_of(campaign, reading, wanted)
    return found
