"""A worked example for the pictures of `kpis show`: five campaigns at noon, by the formulas themselves."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from commands.live.history import WINDOW, History, minute_of
from commands.live.memory import Answer, Memory, remember, unread
from commands.metrics_page import Sample
from models.kpis import catalogue
from models.kpis.bounds import UNKNOWN, Interval
from models.kpis.catalogue import KPIS, kpi_judged_by
from models.kpis.figures import Figures, Invested
from models.kpis.verdict import verdict_of
from models.metrics.kpi_metrics import Side, metric_name
from models.readings.points import points
from models.readings.reading import Reading
from models.scopes import LABELS, ScopeKey
from models.statistics.intervals import Estimate, exact
from models.times import HOUR
from models.windows import FLIGHT, LENGTHS, WINDOW_NAMES, WINDOWS_OF, WindowName

NOW = datetime(2026, 11, 25, 12, 0, 30, tzinfo=UTC)
ADDRESSES = ("10.0.0.11:9464", "10.0.0.12:9464")
_WATCHED = 50
_NEEDED = {"roi": 20, "sentiment": 30}
_OFF = 0.15
_SINCE_START = 150 * HOUR


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
    status: str = "running"
    influencers: tuple[tuple[str, float, float], ...] = (("", 1.0, 1.0),)
    """Name, share of the traffic, and how much of it sells."""


_CAMPAIGNS = (
    _Campaign(
        "terra-mesa", "Terra Mesa: cocina de temporada", "team-food", "EUR", 1_840_000, 0.083, 0.0091, 2_610,
        31.0, 78_400, 240_000, 1.27, (410, 300, 260),
        {"cpa": 20, "engagement": 0.05, "ctr": 0.006, "roi": 0, "sentiment": 0.2},
        influencers=(("chef-marta", 0.52, 0.6), ("abuela-rosa", 0.3, 1.7), ("pablo-cocina", 0.18, 1.0)),
    ),
    _Campaign(
        "nimbus-app", "Nimbus: the budgeting app", "team-growth", "USD", 960_000, 0.061, 0.0054, 2_480,
        22.0, 41_900, 150_000, 1.02, (530, 220, 90),
        {"cpa": 18, "engagement": 0.05, "ctr": 0.008, "sentiment": 0},
        influencers=(("max-money", 0.6, 1.0), ("paige-plans", 0.4, 1.0)),
    ),
    _Campaign(
        "trailhead-packs", "Trailhead: lighter packs", "team-outdoor", "GBP", 38_000, 0.071, 0.0066, 3,
        64.0, 150, 90_000, 0.97, (9, 2, 1),
        {"cpa": 30, "engagement": 0.05, "ctr": 0.006, "roi": 0.2, "sentiment": 0.2},
    ),
    _Campaign(
        "lumiere-glow", "Lumière: Glow Serum launch", "team-beauty", "EUR", 2_730_000, 0.094, 0.0102, 7_920,
        44.5, 131_500, 360_000, 1.04, (1_240, 610, 180),
        {"cpa": 25, "engagement": 0.05, "ctr": 0.006, "roi": 0, "sentiment": 0.1},
        influencers=(("camille", 0.7, 1.0), ("maison-jo", 0.3, 1.1)),
    ),
    _Campaign(
        "maison-hiver", "Maison: l'hiver", "team-home", "EUR", 610_000, 0.058, 0.0078, 1_330,
        61.0, 25_000, 24_000, 1.04, (220, 150, 60),
        {"cpa": 22, "engagement": 0.05, "ctr": 0.006, "roi": 0}, status="grace",
    ),
)  # fmt: skip


def memory() -> Memory:
    """Return what was read: one worker's campaigns now, and another's, which went away 41 seconds ago."""
    now = NOW.timestamp()
    first, second = ADDRESSES
    here = [sample for campaign in _CAMPAIGNS[:-1] for sample in _samples(campaign)]
    known = remember(unread(ADDRESSES), Answer(second, now - 41, list(_samples(_CAMPAIGNS[-1]))))
    known = remember(
        known, Answer(second, now - 1, problem=f"No worker answers at {second} (Connection refused)")
    )
    return remember(known, Answer(first, now, here, whole="terra-mesa"))


def history() -> History:
    """Return the last fifty minutes, up to what is shown now."""
    now = minute_of(NOW.timestamp())
    last = remember(memory(), Answer(ADDRESSES[1], NOW.timestamp(), list(_samples(_CAMPAIGNS[-1]))))
    gone = {_CAMPAIGNS[-1].id}
    values = {
        (known.page.id, kpi.id): value
        for known in last.campaigns.values()
        for kpi in KPIS
        if kpi.windowed and (value := known.page.total(kpi, known.page.scope, WINDOW)) is not None
    }
    return tuple(
        (
            now - back,
            {key: value * _level(back, key) for key, value in values.items() if back or key[0] not in gone},
        )
        for back in range(_WATCHED - 1, -1, -1)
    )


def _level(back: int, key: tuple[str, str]) -> float:
    """Return what a figure was so many minutes ago, by unit of what it is now: a wave, not quite even."""
    campaign, kpi = key
    phase = 2.1 * [entry.id for entry in _CAMPAIGNS].index(campaign)
    waves = math.sin(back / 9 + phase) - math.sin(phase), math.sin(back * (1 + len(kpi) / 7) + phase)
    return max(0.15, 1 + 0.42 * waves[0] + 0.1 * waves[1]) if back else 1


def _samples(campaign: _Campaign) -> Iterator[Sample]:
    label = {"campaign": campaign.id}
    about = {"name": campaign.name, "owner": campaign.owner, "status": campaign.status}
    yield Sample("kpi_campaign_info", {**label, **about, "currency": campaign.currency}, 1)
    yield Sample("kpi_campaign_budget", {**label, "currency": campaign.currency}, campaign.budget)
    yield Sample("kpi_campaign_budget_spent_ratio", label, campaign.invested / campaign.budget)
    yield Sample("kpi_campaign_pacing_ratio", label, campaign.pacing)
    for side, factor in (("", 1.0), ("_lower", 0.93), ("_upper", 1.08)):
        yield Sample(f"kpi_campaign_forecast_spent_ratio{side}", label, campaign.pacing * factor)
    off = campaign.pacing - 1
    for concern, beyond in (("overspend", off > _OFF), ("underspend", off < -_OFF), ("silence", False)):
        yield Sample("kpi_campaign_concern_verdict", {**label, "concern": concern}, -1 if beyond else 1)
    for kpi, limit in campaign.thresholds.items():
        bound = "max" if kpi == "cpa" else "min"
        yield Sample("kpi_campaign_threshold", {**label, "kpi": kpi, "bound": bound}, limit)
    for kpi, needed in _NEEDED.items():
        yield Sample("kpi_campaign_min_sample", {**label, "kpi": kpi}, needed)
    yield from _verdicts(campaign)
    yield from _scope(campaign, ScopeKey("campaign", (campaign.id,)))
    for name, share, sells in campaign.influencers:
        if name:
            part = replace(
                campaign, impressions=int(campaign.impressions * share), invested=campaign.invested * share,
                orders=int(campaign.orders * share * sells),
                mood=_mood(campaign, share),
            )  # fmt: skip
            yield from _scope(part, ScopeKey("influencer", (campaign.id, name)))


def _verdicts(campaign: _Campaign) -> Iterator[Sample]:
    """Judge the flight's figures as a worker does."""
    reading = Reading(ScopeKey("campaign", (campaign.id,)), FLIGHT, _figures(campaign, 1.0))
    for name, limit in campaign.thresholds.items():
        kpi = kpi_judged_by(name)
        assert kpi.threshold is not None and kpi.sample is not None
        (point,) = points(kpi, reading)
        likely = point.always if point.always != UNKNOWN else point.bounds
        sample = sum(counted.value or 0 for counted in points(catalogue.kpi(kpi.sample.kpi), reading))
        verdict = verdict_of(kpi.threshold.bound, limit, likely, sample, _NEEDED.get(name, 0))
        yield Sample(
            "kpi_campaign_verdict", {"campaign": campaign.id, "kpi": name, "window": FLIGHT}, verdict
        )


def _mood(campaign: _Campaign, share: float) -> tuple[int, int, int]:
    positive, neutral, negative = campaign.mood
    return int(positive * share), int(neutral * share), int(negative * share)


def _scope(campaign: _Campaign, scope: ScopeKey) -> Iterator[Sample]:
    place = dict(zip(LABELS[scope.name], scope.ids, strict=True))
    for window in WINDOW_NAMES:
        if window not in WINDOWS_OF[scope.name]:
            continue
        reading = Reading(scope, window, _figures(campaign, _share(window)))
        for kpi in KPIS:
            labels = {**place, **({"window": window} if kpi.windowed else {})}
            labels |= {"currency": campaign.currency} if kpi.unit == "money" else {}
            for part, value, (lower, upper), always in points(kpi, reading):
                parts = {kpi.label: part} if kpi.label and part else {}
                likely = always if always != UNKNOWN else Interval(lower, upper)
                numbers: dict[Side | None, float | None] = {None: value, "lower": lower, "upper": upper}
                if scope.name == "campaign" and window == FLIGHT and kpi.threshold is not None:
                    numbers |= {"always_lower": likely.lower, "always_upper": likely.upper}
                for side, number in numbers.items():
                    if number is not None:
                        yield Sample(metric_name(scope.name, kpi, side), {**labels, **parts}, number)


def _figures(campaign: _Campaign, share: float) -> Figures:
    shown = int(campaign.impressions * share)
    reached = int(shown * (0.9 - 0.4 * share))
    orders, clicks = int(campaign.orders * share), int(shown * campaign.ctr)
    liked = int(reached * campaign.engagement) - clicks
    moods = zip(("positive", "neutral", "negative"), campaign.mood, strict=True)
    tally = {
        "impressions": shown, "identified": int(shown * 0.86), "clicks": clicks,
        "interactions:click": clicks, "interactions:like": int(liked * 0.8),
        "interactions:comment": int(liked * 0.12), "interactions:share": int(liked * 0.08),
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
