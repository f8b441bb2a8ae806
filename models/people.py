"""Distinct people by scope in rolling windows, exact.

A person is in a window that ends now as long as the *last* time that they were seen is; so the last
sighting a person is all that must be kept, and merging two memories is taking the later one.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import blake2b

from models.leaf import WINDOWS, Leaf, Scope, scopes_of
from models.times import SECOND
from models.windows import FLIGHT, ROLLING, Window, WindowName

_TICK = 10 * SECOND


def person_key(campaign: str, person_id: str) -> str:
    """Hash a person's id, so that state and changelog hold no id as it was sent.

    64 bits: among a million persons the chance that any two collide is 3 in 10⁸.
    """
    return blake2b(f"{campaign}\0{person_id}".encode(), digest_size=8).hexdigest()


@dataclass(slots=True)
class _Audience:
    """The last sighting (in ticks) of each person of a scope, and how many fall in each bucket."""

    last: dict[str, int] = field(default_factory=dict)
    buckets: dict[WindowName, dict[int, int]] = field(default_factory=dict)
    totals: dict[WindowName, int] = field(default_factory=dict)


class People:
    """Who was seen where, and how many distinct people each scope's windows hold now."""

    def __init__(self) -> None:
        self._sightings: defaultdict[Leaf, dict[str, int]] = defaultdict(dict)
        self._audiences: defaultdict[Scope, _Audience] = defaultdict(_Audience)
        self._first: dict[WindowName, int] = {window.name: 0 for window in ROLLING}

    def see(self, leaf: Leaf, person: str, time: int) -> int | None:
        """Remember a sighting; give its tick where it is the leaf's latest of the person, else None."""
        tick = time // _TICK
        known = self._sightings[leaf]
        if known.get(person, -1) >= tick:
            return None
        known[person] = tick
        for scope in scopes_of(leaf):
            self._see(scope, person, tick)
        return tick

    def see_tick(self, leaf: Leaf, person: str, tick: int) -> None:
        """Remember a sighting by the tick that `see` gave for it."""
        self.see(leaf, person, tick * _TICK)

    def expire(self, now: int) -> None:
        """Let people go from the windows that their last sighting has left."""
        for window in ROLLING:
            first = max(self._first[window.name], window.first_bucket(now))
            self._first[window.name] = first
            for audience in self._audiences.values():
                _forget(audience, window.name, first)

    def reach(self, scope: Scope, window: WindowName) -> int:
        """Count the distinct people of a scope in a window."""
        audience = self._audiences.get(scope)
        if audience is None:
            return 0
        return len(audience.last) if window == FLIGHT else audience.totals.get(window, 0)

    def _see(self, scope: Scope, person: str, tick: int) -> None:
        audience = self._audiences[scope]
        before = audience.last.get(person)
        if before is not None and before >= tick:
            return
        audience.last[person] = tick
        for window in ROLLING:
            if window.name in WINDOWS[scope.name]:
                self._move(audience, window, before, tick)

    def _move(self, audience: _Audience, window: Window, before: int | None, tick: int) -> None:
        first = self._first[window.name]
        new = window.bucket_of(tick * _TICK)
        if new < first:
            return
        buckets = audience.buckets.setdefault(window.name, {})
        old = -1 if before is None else window.bucket_of(before * _TICK)
        if old >= first:
            buckets[old] -= 1
        else:
            audience.totals[window.name] = audience.totals.get(window.name, 0) + 1
        buckets[new] = buckets.get(new, 0) + 1


def _forget(audience: _Audience, window: WindowName, first: int) -> None:
    buckets = audience.buckets.get(window)
    if not buckets:
        return
    for bucket in [bucket for bucket in buckets if bucket < first]:
        audience.totals[window] -= buckets.pop(bucket)
