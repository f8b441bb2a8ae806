"""What a shard's state says now: the figures of every scope and window of a campaign."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.campaigns.campaign import Campaign, CurrencyRates, EmvCard
from models.campaigns.registry import Registry
from models.kpis.clusters import Clusters, Spread, spread_of
from models.kpis.figures import Figures, Forecast, Invested
from models.readings.alignment import alignment_of, alignment_of_all
from models.readings.clusters import clusters_of
from models.readings.costs import Costs, committed, costs_of, invested
from models.readings.emv import BUILT_IN_CARD, emv_of_leaf
from models.readings.forecast import forecast
from models.readings.results import carries_revenue, revenue, revenue_squares
from models.readings.scope_reading import Reading
from models.readings.shares import leaves_seen
from models.readings.spans import flight_of, window_span
from models.scopes import ABSENT, Leaf, ScopeKey, ScopeName, keys_among
from models.state.shard_state import ShardState
from models.tally import Tally, add
from models.times import DAY
from models.windows import FLIGHT, LENGTHS, SCOPES_OF, WindowName


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is read: a campaign, with what all its windows have in common."""

    state: ShardState
    campaign: Campaign
    rates: CurrencyRates | None
    card: EmvCard | None
    leaves: Sequence[Leaf]
    costs: Costs
    alignments: Mapping[ScopeKey, float]
    first_times: Mapping[Leaf, int]
    clusters: Clusters
    spread: Spread


@dataclass(slots=True)
class _Sums:
    tally: Tally
    emv: float | None


def read_campaign(
    state: ShardState,
    campaign: Campaign,
    registry: Registry,
    now: int,
    needed: Mapping[WindowName, Collection[ScopeName]] = SCOPES_OF,
) -> list[Reading]:
    """Read scopes of one campaign by window at `now` (microseconds); all unless told what is needed."""
    leaves = state.leaves_of(campaign.id)
    card = _card(campaign, registry)
    rates = registry.currency_rates
    within = frozenset().union(*needed.values())
    first_times = {leaf: time for leaf in leaves if (time := state.first_time(leaf)) is not None}
    costs = costs_of(campaign, leaves_seen(leaves), first_times.get, rates, within)
    clusters = clusters_of(state, campaign, now)
    spread, alignments = spread_of(clusters), _alignments(campaign)
    subject = _Subject(state, campaign, rates, card, leaves, costs, alignments, first_times, clusters, spread)
    return [reading for window in needed for reading in _window(subject, window, needed[window], now)]


def _window(
    subject: _Subject, window: WindowName, scopes: Collection[ScopeName], now: int
) -> Iterator[Reading]:
    campaign = subject.campaign
    tallies = {leaf: subject.state.tally(leaf, window) for leaf in subject.leaves}
    spent = invested(subject.costs, window, window_span(campaign, window, now), tallies)
    sums = _sum_scopes(subject, tallies, scopes)
    for scope in dict.fromkeys([*sums, *(spent or {}), *subject.alignments]):
        if scope.name in scopes:
            cost = None if spent is None else spent.get(scope, Invested())
            yield Reading(scope, window, _figures(subject, scope, window, sums[scope], cost, now))


def _sum_scopes(
    subject: _Subject, tallies: Mapping[Leaf, Tally], scopes: Collection[ScopeName]
) -> defaultdict[ScopeKey, _Sums]:
    campaign, card, rates = subject.campaign, subject.card, subject.rates
    sums: defaultdict[ScopeKey, _Sums] = defaultdict(lambda: _Sums({}, None))
    _ = sums[ScopeKey("campaign", (campaign.id,))]
    keys_of = keys_among(frozenset(scopes))
    for leaf, tally in tallies.items():
        value = emv_of_leaf(tally, leaf.channel, card, campaign.currency, rates) if card else None
        for scope in keys_of(leaf):
            total = sums[scope]
            add(total.tally, tally)
            if value is not None:
                total.emv = value + (total.emv or 0.0)
    return sums


def _figures(
    subject: _Subject, scope: ScopeKey, window: WindowName, sums: _Sums, spent: Invested | None, now: int
) -> Figures:
    campaign, target, goals = subject.campaign, subject.campaign.target, subject.campaign.goals
    brought = revenue(sums.tally, campaign.currency, subject.rates, goals)
    spread = subject.spread
    budget, elapsed, ahead = _plan(subject, scope, window, spent, now)
    return Figures(
        tally=sums.tally,
        reach=subject.state.reach(scope, window),
        invested=spent,
        revenue=revenue(sums.tally, campaign.currency, subject.rates),
        emv=sums.emv,
        target_reach=subject.state.target_reach(scope, window) if target else None,
        target_size=target.size if target else None,
        alignment=subject.alignments.get(scope),
        goals=goals,
        goal_revenue=brought if carries_revenue(sums.tally, goals) else None,
        goal_revenue_squares=revenue_squares(sums.tally, campaign.currency, subject.rates, goals) or None,
        committed=committed(subject.costs, scope, spent) if window == FLIGHT else None,
        budget=budget,
        elapsed=elapsed,
        forecast=ahead,
        spread=spread.over(LENGTHS[window] / DAY) if window in LENGTHS else spread,
        clusters=subject.clusters if scope.name == "campaign" and window == FLIGHT else None,
    )


def _plan(
    subject: _Subject, scope: ScopeKey, window: WindowName, spent: Invested | None, now: int
) -> tuple[float | None, float | None, Forecast | None]:
    """Return budget, share of the flight that has passed and forecast, for the campaign's flight alone."""
    campaign = subject.campaign
    if scope.name != "campaign" or window != FLIGHT or campaign.budget is None:
        return None, None, None
    elapsed = window_span(campaign, FLIGHT, now).share_of(flight_of(campaign))
    times = list(subject.first_times.values())
    posts = len({(leaf.influencer, leaf.content) for leaf in subject.leaves if leaf.content != ABSENT})
    return campaign.budget, elapsed, forecast(subject.costs, spent, times, posts, now)


def _alignments(campaign: Campaign) -> dict[ScopeKey, float]:
    if campaign.values is None:
        return {}
    found = {ScopeKey("campaign", (campaign.id,)): alignment_of_all(campaign.values, campaign.influencers)}
    for influencer in campaign.values.scores:
        found[ScopeKey("influencer", (campaign.id, influencer))] = alignment_of(campaign.values, influencer)
    return {scope: alignment for scope, alignment in found.items() if alignment is not None}


def _card(campaign: Campaign, registry: Registry) -> EmvCard | None:
    if campaign.emv_card in registry.emv_cards:
        return registry.emv_cards[campaign.emv_card]
    return BUILT_IN_CARD if campaign.emv_card == "default" else None
