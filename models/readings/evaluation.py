"""The figures of what was counted, worked out as columns."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from models.campaigns.campaign import EmvCard
from models.core.columns import COLUMNS, Ints, numbers
from models.core.sums import sums_of
from models.kpis.figures import Figures, Invested
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
from models.windows import FLIGHT


def figures_of(counted: Sequence[Counted]) -> list[Columns]:
    """Work out the figures of what was counted, in its order.

    Of campaigns with the same terms all at once: of a few lines each, columns take no longer than they take
    to start.
    """
    alike: defaultdict[Hashable, list[int]] = defaultdict(list)
    for at, one in enumerate(counted):
        alike[_terms_of(one.subject)].append(at)
    found: dict[int, Columns] = {}
    for chosen in alike.values():
        found |= zip(chosen, _figures_of([counted[at] for at in chosen]), strict=True)
    return [found[at] for at in range(len(counted))]


def _terms_of(subject: Subject) -> Hashable:
    """Return what figures of many campaigns must have in common to be worked out together."""
    campaign = subject.campaign
    return campaign.currency, campaign.goals, bool(campaign.costs), id(subject.rates), id(subject.card)


def _figures_of(counted: Sequence[Counted]) -> list[Columns]:
    subject = counted[0].subject
    goals, currency, rates = subject.campaign.goals, subject.campaign.currency, subject.rates
    lines, sold = _lines_of(counted), _sold(counted)
    tally = of_sums(sums_of(np.concatenate([one.atoms for one in counted]), lines.atoms, len(lines)))
    tally |= by_key(sold, lines.sold, len(lines))
    spent = spent_by(counted, lines, sold)
    windows = [window for one in counted for window in one.windows]
    in_flight = np.repeat([window == FLIGHT for window in windows], lines.lengths)
    nothing = np.zeros(len(lines))
    brought = np.where(carries_revenue(tally, goals), revenue(tally, currency, rates, goals), np.nan)
    squares = revenue_squares(tally, currency, rates, goals) + nothing
    whole = Figures(
        tally=tally,
        reach=counted[0].reach,
        invested=spent,
        revenue=revenue(tally, currency, rates) + nothing,
        emv=_emv(counted, lines),
        goals=goals,
        goal_revenue=brought + nothing,
        goal_revenue_squares=np.where(squares > 0, squares, np.nan),
        committed=None if spent is None else np.where(in_flight, committed_by(counted, lines, spent), np.nan),
    )
    ends = np.cumsum([len(one.windows) * len(one.part.keys) for one in counted]).tolist()
    parts = [slice(*edges) for edges in pairwise([0, *ends])]
    return [_columns_of(one, whole, part) for one, part in zip(counted, parts, strict=True)]


def _lines_of(counted: Sequence[Counted]) -> Lines:
    """Lay out the lines of all parts, one part after the other."""
    parts = []
    for one in counted:
        subject = one.subject
        sold = subject.keys.held.table[AT[one.part.scope]][subject.keys.held.sold]
        parts.append(lines_of(one.part, sold, subject.shares, len(one.windows)))
    return joined(parts, [len(one.subject.shares) for one in counted])


def _sold(counted: Sequence[Counted]) -> Tallies:
    """Return what orders count, at each leaf that has some, in each window of each part."""
    parts = [(one.subject, window) for one in counted for window in one.windows]
    lengths = [len(subject.keys.held.sold) for subject, _ in parts]
    return stacked([subject.sold(window) for subject, window in parts], lengths)


def _columns_of(counted: Counted, whole: Figures, lines: slice) -> Columns:
    """Take the lines of one part; a campaign's have what is held against its flight, too."""
    subject, part, windows = counted.subject, counted.part, counted.windows
    spent = whole.invested
    alignments = [subject.alignments.get(key, np.nan) for key in part.keys]
    figures = replace(
        whole,
        tally={name: column[lines] for name, column in whole.tally.items()},
        reach=counted.reach,
        invested=spent and Invested(*(getattr(spent, name)[lines] for name in INVESTED)),
        revenue=whole.revenue[lines],
        emv=whole.emv[lines],
        target_reach=counted.target_reach,
        target_size=subject.campaign.target.size if subject.campaign.target else None,
        alignment=np.tile(alignments, len(windows)),
        goal_revenue=whole.goal_revenue[lines],
        goal_revenue_squares=whole.goal_revenue_squares[lines],
        committed=None if spent is None else whole.committed[lines],
        spread=subject.spread,
    )
    if part.scope == "campaign":
        taken = {f"taken:{name}": _in_flight(counted, number) for name, number in counted.taken.items()}
        plan = plan_of(subject, figures.invested) if windows[-1] == FLIGHT else NO_PLAN
        tally = {**figures.tally, **taken}
        figures = replace(figures, tally=tally, clusters=subject.clusters, **plan._asdict())
    return Columns(part.scope, windows, part.keys, figures)


def _in_flight(counted: Counted, number: int) -> npt.NDArray[np.object_]:
    """Make a column of what is known of the flight alone, of any size."""
    lines = [number if window == FLIGHT else 0 for window in counted.windows]
    return np.repeat(np.array(lines, object), len(counted.part.keys))


def _emv(counted: Sequence[Counted], lines: Lines) -> Floats:
    """Value what was counted; NaN where no leaf's channel has a rate."""
    card, length = counted[0].subject.card, len(lines)
    if card is None:
        return np.full(length, np.nan)
    names: dict[str, int] = {}
    channels = [np.tile(_channels_of(one, names), len(one.windows)) for one in counted]
    atoms = np.concatenate([one.atoms for one in counted])
    worth = _worth(counted[0].subject, atoms, np.concatenate(channels), list(names), card)
    some = (lines.atoms >= 0) & ~np.isnan(worth)
    here = lines.atoms[some]
    found = np.maximum(np.bincount(here, worth[some], length), 0.0)
    return np.where(np.bincount(here, minlength=length) > 0, found, np.nan)


def _channels_of(counted: Counted, names: dict[str, int]) -> Ints:
    """Return the channel of each atom by its number in `names`, which new ones are added to; −1 of none."""
    keys = counted.subject.keys
    channels = [keys.key("channel", number).ids[1] for number in range(keys.count("channel"))]
    found = [names.setdefault(name, len(names)) for name in channels]
    return numbers([*found, -1])[counted.part.atoms.of("channel")]


def _worth(subject: Subject, atoms: Ints, channels: Ints, names: Sequence[str], card: EmvCard) -> Floats:
    found = np.full(len(atoms), np.nan)
    for number, name in enumerate(names):
        here = np.flatnonzero(channels == number)
        tally = dict(zip(COLUMNS, atoms[here].T, strict=True))
        worth = emv_of_leaf(tally, name, card, subject.campaign.currency, subject.rates)
        found[here] = np.nan if worth is None else worth
    return found
