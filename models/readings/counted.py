"""What keys have counted in windows, read at one moment.

Where much is to be shown, reading is the part that counting must wait for: so it does no arithmetic. What it
comes to is worked out whenever, by models.readings.evaluation.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from models.core.columns import Ints
from models.readings.parts import Part
from models.readings.subject import Subject
from models.scopes import ScopeName
from models.state.shard_state import ShardState
from models.statistics.intervals import Estimate
from models.tally import Tally
from models.windows import WindowName


class Counted(NamedTuple):
    """What keys of a campaign have counted in windows, of which the flight comes last where it is among them.

    `atoms` are the sums of the part's atoms, and `paid` those of the leaves that the subject has as `paid`,
    window after window; so are the people in `reach`, and those of the target, if there is one. `taken` is
    what lower totals took away from the campaign's counts in the flight.
    """

    subject: Subject
    part: Part
    windows: Sequence[WindowName]
    atoms: Ints
    paid: Ints
    reach: Estimate
    target_reach: Estimate | None
    taken: Tally


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
            subject.state.taken(subject.campaign.id),
        )
        for at, (subject, part) in enumerate(parts)
    ]


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
