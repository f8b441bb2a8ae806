"""Notice a worker that is stuck: records wait, the broker answers, and nothing is applied.

Faust's consumers have been seen to die silently (its issues 175 and 640). The supervisor starts another
worker, which goes on where the state ends.
"""

from collections.abc import Callable, Mapping

from models.state.delta import Source

# Longer than a flush may take: a broker that takes no writes is noticed by the flush.
STALLED_AFTER_SECONDS = 180.0


class Stalled(Exception):
    """Records wait, and nothing was applied for minutes."""


class Watchdog:
    """Looks at every answer of the broker; `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._positions: dict[Source, int] = {}
        self._moved_at = monotonic()

    def look(self, positions: Mapping[Source, int], lag: Mapping[Source, int]) -> None:
        """Compare what is applied of the sources held with the last look.

        Raises:
            Stalled: nothing of what waits was applied for some minutes of looking.

        """
        now = self._monotonic()
        if positions != self._positions or not any(lag.values()):
            self._positions, self._moved_at = dict(positions), now
        elif now - self._moved_at > STALLED_AFTER_SECONDS:
            waiting = sum(lag.values())
            raise Stalled(
                f"{waiting} records wait, Kafka answers, and nothing was applied for "
                f"{STALLED_AFTER_SECONDS:.0f} seconds"
            )
