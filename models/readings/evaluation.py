"""The figures of what was counted, worked out as columns."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from models.campaigns.campaign import EmvCard
from models.core.columns import COLUMNS, Ints
from models.core.sums import sums_of
from models.kpis.figures import Figures
from models.readings.columns import Columns
from models.readings.counted import Counted
from models.readings.emv import emv_of_leaf
from models.readings.outlay import INVESTED, NO_PLAN, committed_by, plan_of, spent_by
from models.readings.parts import Lines, joined, lines_of
from models.readings.results import carries_revenue, revenue, revenue_squares
from models.readings.subject import Subject
from models.readings.tallies import Columns as Tallies
from models.readings.tallies import by_key, of_sums, stacked
from models.state.places import AT
from models.statistics.gamma import Floats
from models.statistics.intervals import Estimate
from models.windows import FLIGHT


def figures_of(counted: Sequence[Counted]) -> list[Columns]:
    """Work out the figures of what was counted of one campaign, scope by scope.

    All scopes at once: of a few lines each, columns take no longer than they take to start.
    """
    subject = counted[0].subject
    campaign, currency, rates = subject.campaign, subject.campaign.currency, subject.rates
    lines, sold = _lines_of(counted), _sold(counted)
    tally = of_sums(sums_of(np.concatenate([one.atoms for one in counted]), lines.atoms, len(lines)))
    tally |= by_key(sold, lines.sold, len(lines))
    spent = spent_by(counted, lines, sold)
    in_flight = np.array(
        [window == FLIGHT for one in counted for window in one.windows for _ in one.part.keys]
    )
    goals, nothing = campaign.goals, np.zeros(len(lines))
    brought = np.where(carries_revenue(tally, goals), revenue(tally, currency, rates, goals), np.nan)
    squares = revenue_squares(tally, currency, rates, goals) + nothing
    whole = Figures(
        tally=tally,
        reach=_joined([one.reach for one in counted]),
        invested=spent,
        revenue=revenue(tally, currency, rates) + nothing,
        emv=_emv(counted, lines),
        target_reach=_joined([one.target_reach for one in counted if one.target_reach]),
        target_size=campaign.target.size if campaign.target else None,
        alignment=np.array([subject.alignments.get(key, np.nan) for key in lines.keys]),
        goals=goals,
        goal_revenue=brought + nothing,
        goal_revenue_squares=np.where(squares > 0, squares, np.nan),
        committed=None if spent is None else np.where(in_flight, committed_by(subject, lines, spent), np.nan),
        spread=subject.spread,
    )
    ends = np.cumsum([len(one.windows) * len(one.part.keys) for one in counted]).tolist()
    parts = [slice(*edges) for edges in pairwise([0, *ends])]
    return [_columns_of(one, whole, part) for one, part in zip(counted, parts, strict=True)]


def _lines_of(counted: Sequence[Counted]) -> Lines:
    """Lay out the lines of all parts, one part after the other."""
    subject = counted[0].subject
    sold = subject.keys.held.sold
    return joined(
        [
            lines_of(
                one.part,
                subject.keys.held.table[AT[one.part.scope]][sold],
                subject.shares,
                len(one.windows),
            )
            for one in counted
        ],
        len(subject.shares),
    )


def _sold(counted: Sequence[Counted]) -> Tallies:
    """Return what orders count, at each leaf that has some, in each window of each part."""
    subject = counted[0].subject
    windows = [window for one in counted for window in one.windows]
    return stacked([subject.sold(window) for window in windows], len(subject.keys.held.sold))


def _columns_of(counted: Counted, whole: Figures, lines: slice) -> Columns:
    """Take the lines of one part; a campaign's have what is held against its flight, too."""
    subject, part, windows = counted.subject, counted.part, counted.windows

    def some(column: Any) -> Any:
        return None if column is None else column[lines]

    def parts_of(found: Any, names: Sequence[str]) -> Any:
        return None if found is None else type(found)(*(getattr(found, name)[lines] for name in names))

    figures = replace(
        whole,
        tally={name: column[lines] for name, column in whole.tally.items()},
        reach=parts_of(whole.reach, Estimate._fields),
        invested=parts_of(whole.invested, INVESTED),
        revenue=some(whole.revenue),
        emv=some(whole.emv),
        target_reach=parts_of(whole.target_reach, Estimate._fields),
        alignment=some(whole.alignment),
        goal_revenue=some(whole.goal_revenue),
        goal_revenue_squares=some(whole.goal_revenue_squares),
        committed=some(whole.committed),
    )
    if part.scope == "campaign":
        plan = plan_of(subject, figures.invested) if windows[-1] == FLIGHT else NO_PLAN
        figures = replace(figures, clusters=subject.clusters, **plan._asdict())
    return Columns(part.scope, windows, part.keys, figures)


def _joined(found: Sequence[Estimate]) -> Any:
    return Estimate(*(np.concatenate(columns) for columns in zip(*found, strict=True))) if found else None


def _emv(counted: Sequence[Counted], lines: Lines) -> Floats:
    """Value what was counted; NaN where no leaf's channel has a rate."""
    subject, length = counted[0].subject, len(lines)
    if subject.card is None:
        return np.full(length, np.nan)
    channels = [np.tile(one.part.atoms.of("channel"), len(one.windows)) for one in counted]
    atoms = np.concatenate([one.atoms for one in counted])
    worth = _worth(subject, atoms, np.concatenate(channels), subject.card)
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
