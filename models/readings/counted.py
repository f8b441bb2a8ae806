"""What keys have counted in windows, read at one moment; and the figures of it, worked out whenever.

Where much is to be shown, reading is the part that counting must wait for: so it does no arithmetic.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.campaigns.campaign import EmvCard
from models.core.columns import COLUMN, COLUMNS, Ints
from models.core.sums import sums_of
from models.kpis.figures import Figures, Forecast, Invested
from models.readings.columns import Columns
from models.readings.emv import emv_of_leaf
from models.readings.forecast import forecast
from models.readings.invested import Shown, invested, rates_of
from models.readings.parts import Lines, Part, lines_of, stacked
from models.readings.results import carries_revenue, revenue, revenue_squares
from models.readings.spans import flight_of, window_span
from models.readings.subject import Subject
from models.readings.tallies import Columns as Tallies
from models.readings.tallies import by_key, of_sums
from models.readings.tallies import stacked as stacked_tallies
from models.scopes import ABSENT, ScopeName
from models.state.places import AT
from models.state.shard_state import ShardState
from models.statistics.gamma import Floats
from models.statistics.intervals import Estimate
from models.windows import FLIGHT, WindowName


class Counted(NamedTuple):
    """What keys of a campaign have counted in windows, of which the flight comes last where it is among them.

    `atoms` are the sums of the part's atoms, and `paid` those of the leaves that the subject has as `paid`,
    window after window; so are the people in `reach`, and those of the target, if there is one.
    """

    subject: Subject
    part: Part
    windows: Sequence[WindowName]
    atoms: Ints
    paid: Ints
    reach: Estimate
    target_reach: Estimate | None


def count(
    chosen: Sequence[tuple[Subject, Ints]], scope: ScopeName, windows: Sequence[WindowName]
) -> list[Counted]:
    """Read keys of one scope, of each subject those of the numbers chosen."""
    parts = [(subject, subject.part(scope, numbers)) for subject, numbers in chosen]
    states = [subject.state for subject, _ in parts]
    reach = _reached(states, [subject.state.slots(part.keys) for subject, part in parts], windows)
    aimed = [at for at, (subject, _) in enumerate(parts) if subject.campaign.target]
    slots = [states[at].target_slots(parts[at][1].keys) for at in aimed]
    targets = dict(zip(aimed, _reached([states[at] for at in aimed], slots, windows), strict=True))
    return [
        Counted(
            subject,
            part,
            windows,
            np.concatenate([subject.counted(window, part.atoms) for window in windows]),
            np.concatenate([subject.of_paid(window) for window in windows]),
            reach[at],
            targets.get(at),
        )
        for at, (subject, part) in enumerate(parts)
    ]


def figures_of(counted: Counted) -> Columns:
    """Work out the figures of what was counted."""
    subject, part, windows, atoms, *_ = counted
    campaign, sold_at = subject.campaign, subject.keys.held.sold
    at_sales = subject.keys.held.table[AT[part.scope]][sold_at]
    lines = lines_of(part, at_sales, subject.shares, len(windows))
    sold = stacked_tallies([subject.sold(window) for window in windows], len(sold_at))
    tally = of_sums(sums_of(atoms, lines.atoms, len(lines))) | by_key(sold, lines.sold, len(lines))
    spent = _invested(counted, lines, sold)
    in_flight = np.repeat([window == FLIGHT for window in windows], len(part.keys))
    plan = _plan(subject, spent) if part.scope == "campaign" and in_flight[-1] else _NO_PLAN
    currency, rates, goals = campaign.currency, subject.rates, campaign.goals
    nothing = np.zeros(len(lines))
    brought = np.where(carries_revenue(tally, goals), revenue(tally, currency, rates, goals), np.nan)
    squares = revenue_squares(tally, currency, rates, goals) + nothing
    figures = Figures(
        tally=tally,
        reach=counted.reach,
        invested=spent,
        revenue=revenue(tally, currency, rates) + nothing,
        emv=_emv(counted, lines),
        target_reach=counted.target_reach,
        target_size=campaign.target.size if campaign.target else None,
        alignment=np.array([subject.alignments.get(key, np.nan) for key in lines.keys]),
        goals=goals,
        goal_revenue=brought + nothing,
        goal_revenue_squares=np.where(squares > 0, squares, np.nan),
        committed=None if spent is None else np.where(in_flight, _committed(subject, lines, spent), np.nan),
        budget=plan.budget,
        elapsed=plan.elapsed,
        forecast=plan.forecast,
        spread=subject.spread,
        clusters=subject.clusters if part.scope == "campaign" else None,
    )
    return Columns(part.scope, windows, part.keys, figures)


def _reached(
    states: Sequence[ShardState], slots: Sequence[Ints], windows: Sequence[WindowName]
) -> list[Estimate]:
    """Estimate the people of slots in windows, window after window; of each state at once."""
    found: list[Any] = [None] * len(slots)
    for state in {id(state): state for state in states}.values():
        here = [at for at, one in enumerate(states) if one is state]
        all_slots = np.concatenate([slots[at] for at in here])
        columns = np.array([state.reach(all_slots, window) for window in windows])
        ends = np.cumsum([len(slots[at]) for at in here])[:-1]
        for at, part in zip(here, np.split(columns, ends, axis=2), strict=True):
            found[at] = Estimate(*part.swapaxes(0, 1).reshape(3, -1))
    return found


def _emv(counted: Counted, lines: Lines) -> Floats:
    """Value what was counted; NaN where no leaf's channel has a rate."""
    subject, part, length = counted.subject, counted.part, len(lines)
    if subject.card is None:
        return np.full(length, np.nan)
    channels = np.tile(part.atoms.of("channel"), lines.windows)
    worth = _worth(subject, counted.atoms, channels, subject.card)
    some = (lines.atoms >= 0) & ~np.isnan(worth)
    here = lines.atoms[some]
    found = np.bincount(here, worth[some], length)
    return np.where(np.bincount(here, minlength=length) > 0, found, np.nan)


def _worth(subject: Subject, atoms: Ints, channels: Ints, card: EmvCard) -> Floats:
    found = np.full(len(atoms), np.nan)
    for number in np.unique(channels[channels >= 0]).tolist():
        here = np.flatnonzero(channels == number)
        tally = dict(zip(COLUMNS, atoms[here].T, strict=True))
        name = subject.keys.listed["channel"][number].ids[1]
        worth = emv_of_leaf(tally, name, card, subject.campaign.currency, subject.rates)
        found[here] = np.nan if worth is None else worth
    return found


def _invested(counted: Counted, lines: Lines, sold: Tallies) -> Invested | None:
    subject, part = counted.subject, counted.part
    if not subject.campaign.costs:
        return None
    table, sold_at, paid = subject.keys.held.table, subject.keys.held.sold, subject.paid
    rates = np.tile(rates_of(subject.costs, part.atoms.numbers), lines.windows)
    shown = [_shown(lines.atoms, counted.atoms, rates)]
    if part.scope != "content" and len(paid):
        # Atoms do not tell contents apart: what those cost that have rates of their own comes on top.
        at_paid = stacked(part.index[table[AT[part.scope]][paid]], len(part.keys), lines.windows)
        rates = np.tile(subject.costs.content_rates[:, table[AT["content"]][paid]], lines.windows)
        shown.append(_shown(at_paid, counted.paid, rates))
    accrued = np.concatenate([subject.accrued(window) for window in counted.windows])
    sellers = list(np.tile(np.stack([column[sold_at] for column in table]), lines.windows))
    return invested(subject.costs, lines, sellers, accrued, shown, sold, subject.rates)


def _shown(lines: Ints, sums: Ints, rates: Floats) -> Shown:
    return Shown(lines, sums[:, COLUMN["impressions"]], sums[:, COLUMN["clicks"]], rates)


def _committed(subject: Subject, lines: Lines, spent: Invested) -> Floats:
    """Return what each key will have cost for sure: fees and spends of the flight, results so far."""
    payees, keys, shares = lines.borne
    amounts = np.tile(subject.costs.whole(), lines.windows)
    whole: Floats = spent.variable + np.bincount(keys, shares * amounts[payees], len(lines))
    return whole


class _Plan(NamedTuple):
    """Budget, share of the flight that has passed, and what its end depends on."""

    budget: float | None
    elapsed: float | None
    forecast: Forecast | None


_NO_PLAN = _Plan(None, None, None)
_PLANNED = ("fixed", "by_conversion", "least_cpa", "fees")


def _plan(subject: Subject, spent: Invested | None) -> _Plan:
    """Return what a campaign's flight, the last line, is held against, where it has a budget."""
    campaign, keys = subject.campaign, subject.keys
    if campaign.budget is None:
        return _NO_PLAN
    elapsed = window_span(campaign, FLIGHT, subject.now).share_of(flight_of(campaign))
    posts: npt.NDArray[np.bool_] = keys.seen("content")
    posts[keys.mute("content", [ABSENT])] = False
    known = (
        None
        if spent is None or np.isnan(spent.total[-1])
        else Invested(*(float(getattr(spent, name)[-1]) for name in _PLANNED))
    )
    firsts = keys.held.firsts
    return _Plan(
        campaign.budget,
        elapsed,
        forecast(subject.costs, known, firsts, int(np.count_nonzero(posts)), subject.now),
    )
