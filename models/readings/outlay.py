"""What keys have cost by what they counted, and what the budget of a campaign is held against."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import COLUMN, Ints
from models.kpis.figures import Forecast, Invested
from models.readings.counted import Counted
from models.readings.forecast import forecast
from models.readings.invested import Paid, Shown, invested, rates_of
from models.readings.parts import Lines, stacked
from models.readings.spans import flight_of, window_span
from models.readings.subject import Subject
from models.readings.tallies import Columns as Tallies
from models.scopes import ABSENT, ScopeKey
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
    shown = [_of_atoms(counted, lines)]
    if any(len(one.subject.paid) for one in counted):
        shown.append(_of_paid(counted))
    accrued = [one.subject.accrued(window) for one in counted for window in one.windows]
    least = [_of_keys(one, one.subject.costs.least_cpa) for one in counted]
    paid = Paid(_joined(_of_sellers, counted), np.concatenate(accrued), np.concatenate(least), shown)
    return invested(lines, paid, sold, subject.campaign, subject.rates)


def _of_keys(counted: Counted, amounts: Mapping[ScopeKey, float]) -> Floats:
    found: Floats = np.tile([amounts.get(key, 0.0) for key in counted.part.keys], len(counted.windows))
    return found


def _joined(rates: Callable[[Counted], Floats], counted: Sequence[Counted]) -> Floats:
    """Join the rates of each part, once for each of its windows."""
    return np.concatenate([np.tile(rates(one), len(one.windows)) for one in counted], axis=1)


def _of_sellers(counted: Counted) -> Floats:
    held = counted.subject.keys.held
    return rates_of(counted.subject.costs, [column[held.sold] for column in held.table])


def _of_atoms(counted: Sequence[Counted], lines: Lines) -> Shown:
    sums = np.concatenate([one.atoms for one in counted])
    rates = _joined(lambda one: rates_of(one.subject.costs, one.part.atoms.numbers), counted)
    return _shown(lines.atoms, sums, rates)


def _of_paid(counted: Sequence[Counted]) -> Shown:
    """Return what contents that have rates of their own have shown: but for theirs, atoms tell none apart."""
    lines, start = [], 0
    for one in counted:
        part, times, table = one.part, len(one.windows), one.subject.keys.held.table
        index = np.full_like(part.index, -1) if part.scope == "content" else part.index
        found = stacked(index[table[AT[part.scope]][one.subject.paid]], len(part.keys), times)
        lines.append(np.where(found >= 0, found + start, found))
        start += len(part.keys) * times
    sums = np.concatenate([one.paid for one in counted])
    return _shown(np.concatenate(lines), sums, _joined(_of_contents, counted))


def _of_contents(counted: Counted) -> Floats:
    subject = counted.subject
    return subject.costs.content_rates[:, subject.keys.held.table[AT["content"]][subject.paid]]


def _shown(lines: Ints, sums: Ints, rates: Floats) -> Shown:
    return Shown(lines, sums[:, COLUMN["impressions"]], sums[:, COLUMN["clicks"]], rates)


def committed_by(counted: Sequence[Counted], lines: Lines, spent: Invested) -> Floats:
    """Return what each key will have cost for sure: fees and spends of the flight, results so far."""
    payees, keys, shares = lines.borne
    amounts = np.concatenate([np.tile(one.subject.costs.whole(), len(one.windows)) for one in counted])
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
