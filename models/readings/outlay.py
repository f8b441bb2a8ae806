"""What keys have cost by what they counted, and what the budget of a campaign is held against."""

from collections.abc import Sequence
from dataclasses import fields
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import COLUMN, Ints
from models.kpis.figures import Forecast, Invested
from models.readings.counted import Counted
from models.readings.forecast import forecast
from models.readings.invested import Shown, invested, rates_of
from models.readings.parts import Lines, stacked
from models.readings.spans import flight_of, window_span
from models.readings.subject import Subject
from models.readings.tallies import Columns as Tallies
from models.scopes import ABSENT
from models.state.places import AT
from models.statistics.gamma import Floats
from models.windows import FLIGHT

INVESTED = tuple(one.name for one in fields(Invested))
"""What is told apart of what was invested."""


def spent_by(counted: Sequence[Counted], lines: Lines, sold: Tallies) -> Invested | None:
    """Return what each line has cost; `sold` is what orders count, window after window."""
    subject = counted[0].subject
    if not subject.campaign.costs:
        return None
    table, sold_at, paid = subject.keys.held.table, subject.keys.held.sold, subject.paid
    shown = [_of_atoms(counted, lines)]
    if len(paid):
        shown.append(_of_paid(counted, table, paid))
    accrued = np.concatenate([subject.accrued(window) for one in counted for window in one.windows])
    sellers = list(np.tile(np.stack([column[sold_at] for column in table]), lines.windows))
    return invested(subject.costs, lines, sellers, accrued, shown, sold, subject.rates)


def _of_atoms(counted: Sequence[Counted], lines: Lines) -> Shown:
    costs = counted[0].subject.costs
    rates = [np.tile(rates_of(costs, one.part.atoms.numbers), len(one.windows)) for one in counted]
    sums = np.concatenate([one.atoms for one in counted])
    return _shown(lines.atoms, sums, np.concatenate(rates, axis=1))


def _of_paid(counted: Sequence[Counted], table: Sequence[Ints], paid: Ints) -> Shown:
    """Return what contents that have rates of their own have shown: but for theirs, atoms tell none apart."""
    lines, start = [], 0
    for one in counted:
        part, times = one.part, len(one.windows)
        index = np.full_like(part.index, -1) if part.scope == "content" else part.index
        found = stacked(index[table[AT[part.scope]][paid]], len(part.keys), times)
        lines.append(np.where(found >= 0, found + start, found))
        start += len(part.keys) * times
    rates = counted[0].subject.costs.content_rates[:, table[AT["content"]][paid]]
    times = sum(len(one.windows) for one in counted)
    return _shown(np.concatenate(lines), np.concatenate([one.paid for one in counted]), np.tile(rates, times))


def _shown(lines: Ints, sums: Ints, rates: Floats) -> Shown:
    return Shown(lines, sums[:, COLUMN["impressions"]], sums[:, COLUMN["clicks"]], rates)


def committed_by(subject: Subject, lines: Lines, spent: Invested) -> Floats:
    """Return what each key will have cost for sure: fees and spends of the flight, results so far."""
    payees, keys, shares = lines.borne
    amounts = np.tile(subject.costs.whole(), lines.windows)
    whole: Floats = spent.variable + np.bincount(keys, shares * amounts[payees], len(lines))
    return whole


class Plan(NamedTuple):
    """Budget, share of the flight that has passed, and what its end depends on."""

    budget: float | None
    elapsed: float | None
    forecast: Forecast | None


NO_PLAN = Plan(None, None, None)


def plan_of(subject: Subject, spent: Invested | None) -> Plan:
    """Return what a campaign's flight, the last line, is held against, where it has a budget."""
    campaign, keys = subject.campaign, subject.keys
    if campaign.budget is None:
        return NO_PLAN
    elapsed = window_span(campaign, FLIGHT, subject.now).share_of(flight_of(campaign))
    posts: npt.NDArray[np.bool_] = keys.seen("content")
    posts[keys.mute("content", [ABSENT])] = False
    known = (
        None
        if spent is None or np.isnan(spent.total[-1])
        else Invested(*(float(getattr(spent, name)[-1]) for name in INVESTED))
    )
    firsts = keys.held.firsts
    return Plan(
        campaign.budget,
        elapsed,
        forecast(subject.costs, known, firsts, int(np.count_nonzero(posts)), subject.now),
    )
