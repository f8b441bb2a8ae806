"""A worked example for the pictures of `kpis show`: five campaigns at noon, by the formulas themselves."""

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from commands.live.data import Data
from commands.live.history import WINDOW, History, minute_of
from commands.live.memory import Answer, Memory, remember, unread
from commands.live.overview import OVERVIEW_KPIS
from commands.worker_views import Query, View
from models.campaigns.campaign import Campaign, MinSample, Thresholds
from models.kpis.catalogue import THRESHOLDS
from models.kpis.concerns import Concern
from models.kpis.figures import Figures, Invested
from models.kpis.verdict import Verdict
from models.readings.figure import Figure, figures_of
from models.readings.scope_reading import Reading
from models.readings.views import CampaignFigures, CampaignsView, CampaignView, Part, PipelineView
from models.scopes import ScopeKey, ScopeName
from models.statistics.intervals import Estimate, exact
from models.times import DAY, HOUR, SECOND
from models.windows import FLIGHT, LENGTHS, WINDOW_NAMES, WindowName

NOW = datetime(2026, 11, 25, 12, 0, 30, tzinfo=UTC)
ADDRESSES = ("10.0.0.11:9464",)
OPENED = "terra-mesa"
_WATCHED = 50
_OFF = 0.15
_RATED = 0.88
"""The part of comments that is rated."""
_SINCE_START = 150 * HOUR
_FIELDS = {threshold.name: threshold.field for threshold in THRESHOLDS}


def _share(window: WindowName) -> float:
    """Return the share of a steady flight that a window holds."""
    return min(1.0, LENGTHS.get(window, _SINCE_START) / _SINCE_START)


@dataclass(frozen=True)
class _Campaign:
    """What a campaign of the example has come to since its flight began."""

    id: str
    name: str
    owner: str
    currency: str
    impressions: int
    engagement: float
    ctr: float
    orders: int
    basket: float
    invested: float
    budget: float
    pacing: float
    mood: tuple[int, int, int]
    thresholds: dict[str, float]
    organic: float = 0.99
    grace: bool = False
    influencers: tuple[tuple[str, float, float], ...] = ()
    """Name, share of the traffic, and how much of it sells."""


_CAMPAIGNS = (
    _Campaign(
        "terra-mesa", "Terra Mesa: cocina de temporada", "team-food", "EUR", 1_840_000, 0.083, 0.0091, 2_610,
        31.0, 78_400, 240_000, 1.02, (410, 300, 260),
        {"cpa": 20, "engagement": 0.05, "ctr": 0.006, "roi": 0, "sentiment": 0.2, "authenticity": 0.9},
        influencers=(("chef-marta", 0.52, 0.6), ("abuela-rosa", 0.3, 1.7), ("pablo-cocina", 0.18, 1.0)),
    ),
    _Campaign(
        "nimbus-app", "Nimbus: the budgeting app", "team-growth", "USD", 960_000, 0.061, 0.0054, 2_480,
        22.0, 41_900, 150_000, 1.27, (530, 220, 90),
        {"cpa": 18, "engagement": 0.05, "ctr": 0.005, "sentiment": 0, "authenticity": 0.9}, organic=0.82,
        influencers=(("max-money", 0.6, 1.0), ("paige-plans", 0.4, 1.0)),
    ),
    _Campaign(
        "trailhead-packs", "Trailhead: lighter packs", "team-outdoor", "GBP", 38_000, 0.071, 0.0066, 3,
        64.0, 150, 90_000, 0.97, (9, 2, 1),
        {"cpa": 30, "engagement": 0.05, "ctr": 0.006, "roi": 0.2, "sentiment": 0.2, "authenticity": 0.9},
    ),
    _Campaign(
        "lumiere-glow", "Lumière: Glow Serum launch", "team-beauty", "EUR", 2_730_000, 0.094, 0.0102, 7_920,
        44.5, 131_500, 360_000, 1.04, (1_240, 610, 180),
        {"cpa": 25, "engagement": 0.05, "ctr": 0.006, "roi": 0, "sentiment": 0.1, "authenticity": 0.9},
        influencers=(("camille", 0.7, 1.0), ("maison-jo", 0.3, 1.1)),
    ),
    _Campaign(
        "maison-hiver", "Maison: l'hiver", "team-home", "EUR", 610_000, 0.058, 0.0078, 1_330,
        61.0, 25_000, 26_000, 0.98, (220, 150, 60),
        {"cpa": 22, "engagement": 0.05, "ctr": 0.006, "roi": 0}, grace=True,
    ),
)  # fmt: skip


def data() -> Data:
    """Return what the app has read of one worker, and watched for fifty minutes."""
    memory = unread(ADDRESSES)
    for window in WINDOW_NAMES:
        memory = _answered(memory, Query(window, kpis=OVERVIEW_KPIS), _overview(window))
        for scopes in ((), ("influencer",)):
            memory = _answered(memory, Query(window, OPENED, scopes), _campaign(window))
    return Data(memory, _history(), FLIGHT)


def _answered(memory: Memory, query: Query, view: View) -> Memory:
    return remember(memory, Answer(ADDRESSES[0], NOW.timestamp(), query, view))


def _overview(window: WindowName) -> CampaignsView:
    return CampaignsView(**_head(window), campaigns=[_figures_of_campaign(one, window) for one in _CAMPAIGNS])


def _campaign(window: WindowName) -> CampaignView:
    (opened,) = (one for one in _CAMPAIGNS if one.id == OPENED)
    own = _figures_of_campaign(opened, window)
    parts = [
        Part(influencer=name, kpis=_kpis(part, "influencer", (opened.id, name), window))
        for name, share, sells in opened.influencers
        for part in [_part(opened, share, sells)]
    ]
    return CampaignView(**_head(window), campaign=msgspec.structs.replace(own, scopes={"influencer": parts}))


def _head(window: WindowName) -> dict[str, Any]:
    return {
        "at": NOW.timestamp(),
        "window": window,
        "ready": True,
        "reason": "ready: 8 partitions live",
        "pipeline": PipelineView(partitions={"live": 8, "recovering": 0}, lag=0),
        "registered": len(_CAMPAIGNS),
        "elsewhere": 0,
    }


def _history() -> History:
    """Return the last fifty minutes, up to what is shown now."""
    now = minute_of(NOW.timestamp())
    values = {
        (one.id, name): figure.value
        for one in _CAMPAIGNS
        for name, figure in _kpis(one, "campaign", (one.id,), WINDOW).items()
        if figure.value is not None
    }
    return tuple(
        (now - back, {key: value * _level(back, key) for key, value in values.items()})
        for back in range(_WATCHED - 1, -1, -1)
    )


def _level(back: int, key: tuple[str, str]) -> float:
    """Return what a figure was so many minutes ago, by unit of what it is now: a wave, not quite even."""
    campaign, kpi = key
    phase = 2.1 * [entry.id for entry in _CAMPAIGNS].index(campaign)
    waves = math.sin(back / 9 + phase) - math.sin(phase), math.sin(back * (1 + len(kpi) / 7) + phase)
    return max(0.15, 1 + 0.42 * waves[0] + 0.1 * waves[1]) if back else 1


def _figures_of_campaign(campaign: _Campaign, window: WindowName) -> CampaignFigures:
    declared = _declared(campaign)
    return CampaignFigures(
        id=campaign.id, name=campaign.name, owner=campaign.owner, currency=campaign.currency,
        status="grace" if campaign.grace else "running", starts=declared.starts / SECOND,
        ends=declared.ends / SECOND, budget=campaign.budget, concerns=_concerns(campaign),
        kpis=_kpis(campaign, "campaign", (campaign.id,), window),
    )  # fmt: skip


def _concerns(campaign: _Campaign) -> dict[Concern, Verdict]:
    off = campaign.pacing - 1
    return {"overspend": -1 if off > _OFF else 1, "underspend": -1 if off < -_OFF else 1, "silence": 1}


def _declared(campaign: _Campaign) -> Campaign:
    now = int(NOW.timestamp()) * SECOND
    end = now - DAY if campaign.grace else now + 10 * DAY
    return Campaign.model_construct(
        id=campaign.id, name=campaign.name, starts=now - _SINCE_START, ends=end, currency=campaign.currency,
        thresholds=Thresholds(**{_FIELDS[name]: limit for name, limit in campaign.thresholds.items()}),
        min_sample=MinSample(),
    )  # fmt: skip


def _kpis(
    campaign: _Campaign, scope: ScopeName, ids: tuple[str, ...], window: WindowName
) -> dict[str, Figure]:
    reading = Reading(ScopeKey(scope, ids), window, _figures(campaign, _share(window)))
    found = figures_of(_declared(campaign), reading)
    if scope == "campaign":
        pace = campaign.pacing
        found["budget_spent_ratio"] = Figure(campaign.invested / campaign.budget)
        found["pacing_ratio"] = Figure(pace)
        found["forecast_spent_ratio"] = Figure(pace, pace * 0.93, pace * 1.08)
    return found


def _part(campaign: _Campaign, share: float, sells: float) -> _Campaign:
    """Return what an influencer brought: a share of the traffic, of which more or less sells."""
    positive, neutral, negative = campaign.mood
    return replace(
        campaign, impressions=int(campaign.impressions * share), invested=campaign.invested * share,
        orders=int(campaign.orders * share * sells),
        mood=(int(positive * share), int(neutral * share), int(negative * share)),
    )  # fmt: skip


def _figures(campaign: _Campaign, share: float) -> Figures:
    shown = int(campaign.impressions * share)
    identified = int(shown * 0.86)
    # The longer, the more often the same people are seen; never less than once.
    reached = int(identified * (0.95 - 0.45 * share))
    orders, clicks = int(campaign.orders * share), int(shown * campaign.ctr)
    liked = int(reached / 0.86 * campaign.engagement) - clicks
    judged = int(0.8 * (liked + clicks))
    said = int(sum(campaign.mood) * share / _RATED)
    moods = zip(("positive", "neutral", "negative"), campaign.mood, strict=True)
    tally = {
        "impressions": shown, "identified": identified, "clicks": clicks,
        "interactions:click": clicks, "interactions:like": int(liked * 0.92) - said,
        "interactions:comment": said, "interactions:share": int(liked * 0.08),
        "judged": judged, "suspicious:burst": int(judged * (1 - campaign.organic)),
        "video_views": int(shown * 0.31),
        "conversions:purchase": int(orders * 0.9), "conversions:signup": orders - int(orders * 0.9),
        **{f"rated:{mood}": int(count * share) for mood, count in moods},
    }  # fmt: skip
    return Figures(
        tally=tally, reach=Estimate(reached, reached * 0.988, reached * 1.012),
        invested=Invested(fixed=campaign.invested * share), revenue=orders * campaign.basket,
        goal_revenue=orders * campaign.basket,
        emv=shown * 0.011 + liked * 0.09, target_reach=exact(int(reached * 0.6)), target_size=900_000,
        alignment=0.78,
    )  # fmt: skip
