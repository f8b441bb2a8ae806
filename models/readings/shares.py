"""Whose a fee or spend is: shared evenly over contents, theirs over channels, and theirs over formats."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints, numbers
from models.readings.keys import Keys
from models.scopes import ABSENT, OTHER, ScopeKey, ScopeName
from models.state.places import AT
from models.statistics.gamma import Floats

_BELOW = ("content", "channel", "format")
"""What tells an influencer's leaves apart, from the top."""


class Borne(NamedTuple):
    """Who bears what is paid: columns of the payee's index, the number of a key, and its share."""

    payees: Ints
    keys: Ints
    shares: Floats


def influencer_of(payee: ScopeKey) -> ScopeKey:
    """Return the influencer that a payee is, or whose content it is."""
    return ScopeKey("influencer", payee.ids[:2])


class Shares:
    """How a campaign's payees, influencers and contents, share what they are paid; all have keys."""

    def __init__(self, payees: Sequence[ScopeKey], keys: Keys) -> None:
        self._keys = keys
        self._named = np.array([payee.name == "content" for payee in payees], bool)
        self._influencers = numbers(keys.numbers(influencer_of(payee) for payee in payees))
        is_paid = np.zeros(keys.count("influencer"), bool)
        is_paid[self._influencers] = True
        # Of all leaves those of the payees: the others bear nothing, and may be 100 000.
        self._leaves = np.flatnonzero(is_paid[keys.held.table[AT["influencer"]]])
        # In place of an influencer stands −1: it is asked for where a content is named alone.
        self._contents = numbers(
            [-1 if payee.name != "content" else keys.numbers([payee])[0] for payee in payees]
        )

    def __len__(self) -> int:
        return len(self._named)

    def of(self, scope: ScopeName) -> Borne:
        """Return the share of each payee that each key of a scope bears.

        The campaign and the influencer bear all of it, whatever was seen; a content that is named, too.
        """
        everybody = np.arange(len(self._named))
        if scope == "campaign":
            return Borne(everybody, np.zeros_like(everybody), np.ones(len(everybody)))
        if scope == "influencer":
            return Borne(everybody, self._influencers, np.ones(len(everybody)))
        divided = self._divided
        if scope == "content":
            named = np.flatnonzero(self._named)
            whole = Borne(named, self._contents[named], np.ones(len(named)))
            first = np.unique(self._column("content"), return_index=True)[1]
            shared = _where(self._unnamed(), self._column("content"), 1 / divided[0], first)
            return _joined(whole, shared)
        leaves = np.arange(len(divided[0]))
        below = 1 / divided[1] / divided[2]
        of_influencers = _where(
            self._unnamed(), self._column(scope), 1 / divided[0] / divided[1] / divided[2], leaves
        )
        return _joined(of_influencers, _where(self._of_contents(), self._column(scope), below, leaves))

    def _unnamed(self) -> Ints:
        """Return each leaf's payee that names no content; −1 where there is none."""
        found = np.full(self._keys.count("influencer"), -1)
        found[self._influencers[~self._named]] = np.flatnonzero(~self._named)
        return found[self._column("influencer")]

    def _of_contents(self) -> Ints:
        """Return each leaf's payee that names its content; −1 where there is none."""
        found = np.full(self._keys.count("content"), -1)
        found[self._contents[self._named]] = np.flatnonzero(self._named)
        return found[self._column("content")]

    @cached_property
    def _divided(self) -> list[Floats]:
        """Return among how many each leaf's content, channel and format share what comes from above."""
        found, above = [], self._column("influencer")
        for scope in _BELOW:
            names = self._column(scope)
            among, above = _among(above, names, self._telling(scope)[names])
            found.append(among)
        return found

    def _column(self, scope: ScopeName) -> Ints:
        return self._keys.held.table[AT[scope]][self._leaves]

    def _telling(self, scope: ScopeName) -> npt.NDArray[np.bool_]:
        """Mark the keys of a scope whose name says something."""
        found = np.ones(self._keys.count(scope), bool)
        found[self._keys.mute(scope, [ABSENT, OTHER])] = False
        return found


def _among(above: Ints, names: Ints, telling: npt.NDArray[np.bool_]) -> tuple[Floats, Ints]:
    """Return among how many siblings each leaf's part shares; endless, where it bears nothing.

    Parts are told apart by what they are `above` in and by their names; those whose name tells nothing bear
    only where all do. Also returns the number of each leaf's part.
    """
    width = int(names.max(initial=0)) + 1
    _, first, part = np.unique(above * width + names, return_index=True, return_inverse=True)
    parents, tells = above[first], telling[first]
    size = int(parents.max(initial=0)) + 1
    bears = tells | (np.bincount(parents[tells], minlength=size)[parents] == 0)
    siblings = np.bincount(parents[bears], minlength=size)[parents]
    among: Floats = np.where(bears, siblings, np.inf)
    return among[part], part


def _where(payees: Ints, keys: Ints, shares: Floats, leaves: Ints) -> Borne:
    """Keep of some leaves those that have a payee and bear a share."""
    kept = leaves[(payees[leaves] >= 0) & (shares[leaves] > 0)]
    return Borne(payees[kept], keys[kept], shares[kept])


def _joined(one: Borne, other: Borne) -> Borne:
    return Borne(*(np.concatenate(both) for both in zip(one, other, strict=True)))
