"""The memory of event ids: the same (campaign, id) again within an hour is a duplicate."""

from collections.abc import Hashable

from models.times import HOUR

HORIZON = HOUR


class DuplicateMemory:
    """Remember where each id was first seen, in two generations, by time and by number.

    A generation is closed after an hour of arrivals or half of `capacity` ids; an id is forgotten when
    the generation after its own is closed, so at least the last `capacity` / 2 ids or hour is held.
    """

    def __init__(self, capacity: int) -> None:
        self._half = max(1, capacity // 2)
        self._current: dict[Hashable, tuple[int, Hashable]] = {}
        self._previous: dict[Hashable, tuple[int, Hashable]] = {}
        self._opened = 0
        self._previous_opened = 0

    def seen(self, event: Hashable, source: Hashable, arrival: int) -> bool:
        """Tell whether an id came from another source within the horizon; remember it where not.

        The very record that was remembered is no duplicate of itself: it is a redelivery.
        """
        first = self._current.get(event) or self._previous.get(event)
        if first is not None and abs(arrival - first[0]) <= HORIZON:
            return first[1] != source
        self._turn(arrival)
        self._current[event] = (arrival, source)
        return False

    def horizon(self, now: int) -> int:
        """Tell how far back (microseconds) duplicates are sure to be recognised now, an hour at most.

        A memory that has just begun, as after a restart, recognises nothing from before its first event.
        """
        since = self._previous_opened or self._opened
        return min(HORIZON, now - since) if since else 0

    def _turn(self, arrival: int) -> None:
        if not self._opened:
            self._opened = arrival
        if len(self._current) >= self._half or arrival - self._opened > HORIZON:
            self._previous, self._current = self._current, {}
            self._previous_opened, self._opened = self._opened, arrival
