"""What is stored of crowds: of each leaf and target those people whom some window may yet count.

Of the people last seen at a tick or later a window reads a sample, as large as the limit at most. Who was
last seen at that tick, and does not reach the level of this sample, is in no window's sample: neither of the
leaf, nor of a scope, which has more people. So they need not be stored, as long as it is known from which
level on people are: that is a threshold. About limit × (1 + ln(persons ÷ limit)) people of a leaf and target
are left. Without this a snapshot takes 12 to 14 bytes for each person of a leaf, and merging it eleven times
that for a moment: of a million people seen within 30 days 14 MB, where the crowd's are 0.75 MB.
"""

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints, Sightings, Thresholds
from models.core.compiling import I64, compiled, inlined
from models.reach.reach import LIMIT
from models.reach.sample import LEVELS, level_of

Mask = npt.NDArray[np.bool_]
_HIGHEST = I64(LEVELS - 1)


def thin(sightings: Sightings, thresholds: Thresholds, limit: int = LIMIT) -> tuple[Sightings, Thresholds]:
    """Leave out whom no window may count any more; return the others, and the thresholds now.

    Sightings have each person of a leaf and target once (models.core.columns.latest), and lack those whom
    the given thresholds leave out. Thinning what was thinned, with others added, is thinning all at once.
    """
    crowded = np.flatnonzero(_crowded(sightings.rows, thresholds.rows, limit)[sightings.rows])
    part = sightings.where(crowded)
    lines = Thresholds(
        np.concatenate([thresholds.rows, part.rows]),
        np.concatenate([thresholds.targets, part.targets]),
        np.concatenate([thresholds.ticks, part.ticks]),
        np.concatenate([thresholds.levels, level_of(part.persons).astype(np.int64)]),
    )
    people = np.arange(len(lines.rows)) >= len(thresholds.rows)
    # The newest first, and at each tick its threshold before its people.
    order = np.lexsort((people, -lines.ticks, lines.targets, lines.rows))
    lines, people = lines.where(order), people[order]
    kept, reached = np.zeros(len(order), np.bool_), np.zeros(len(order), np.int64)
    _thin(lines, people, limit, np.zeros(LEVELS, np.int64), kept, reached)
    stays = np.ones(len(sightings.rows), np.bool_)
    stays[crowded[order[people] - len(thresholds.rows)]] = kept[people]
    steps = np.flatnonzero(reached)
    return sightings.where(stays), lines.where(steps)._replace(levels=reached[steps])


def _crowded(rows: Ints, with_thresholds: Ints, limit: int) -> Mask:
    """Mark by row the leaves that have more people than the limit, or a threshold already."""
    most = max(rows.max(initial=-1), with_thresholds.max(initial=-1)) + 1
    crowded: Mask = np.bincount(rows, minlength=most) > limit
    crowded[with_thresholds] = True
    return crowded


@compiled
def _thin(lines: Thresholds, people: Mask, limit: int, sizes: Ints, kept: Mask, reached: Ints) -> None:
    """Mark the people who are kept, and write at the first line of a tick the level that rises there.

    `sizes` has room to count the people of a leaf and target by level.
    """
    start, level, size = I64(0), I64(0), I64(0)
    while start < len(lines.rows):
        if start == 0 or not _are_together(lines, start - 1, start):
            sizes[:] = 0
            level, size = I64(0), I64(0)
        end, least = start, level
        while end < len(lines.rows) and _are_at_once(lines, start, end):
            if people[end]:
                sizes[lines.levels[end]] += 1
                size += lines.levels[end] >= level
            else:
                least = max(least, lines.levels[end])
            end += 1
        before = level
        while level < _HIGHEST and (level < least or size > limit):
            size -= sizes[level]
            level += 1
        for at in range(start, end):
            kept[at] = people[at] and lines.levels[at] >= level
        reached[start] = level if level > before else 0
        start = end


@inlined
def _are_together(lines: Thresholds, one: np.int64, other: np.int64) -> bool:
    return bool(lines.rows[one] == lines.rows[other] and lines.targets[one] == lines.targets[other])


@inlined
def _are_at_once(lines: Thresholds, one: np.int64, other: np.int64) -> bool:
    return bool(_are_together(lines, one, other) and lines.ticks[one] == lines.ticks[other])
