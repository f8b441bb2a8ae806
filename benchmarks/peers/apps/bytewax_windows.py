"""A Bytewax dataflow with its own windows: ids and people by campaign, then minutes by campaign and kind."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import bytewax.operators as op
from bytewax.operators.windowing import EventClock, TumblingWindower, count_window

from benchmarks.peers.apps.bytewax_flow import App, CampaignLogic, count_all
from benchmarks.peers.apps.events import Event

_LATE = timedelta(seconds=10)
_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UniqueLogic(CampaignLogic):
    """Lets events through whose id was not seen."""

    def on_batch(self, values: list[Event]) -> tuple[Iterable[Any], bool]:
        """Send on what is new."""
        return [event for event in values if self.seen.is_new(event)], self.RETAIN


def windows(app: App, events: Any) -> Any:
    """Count in windows keyed by campaign and kind, whose events are in order; yields cells and counts."""
    unique = op.stateful_batch("unique", events, lambda _: UniqueLogic(app))
    counted = count_window(
        "count",
        op.map("without key", unique, lambda item: item[1]),
        EventClock(lambda event: event.event_time, _LATE),
        TumblingWindower(_MINUTE, _EPOCH),
        lambda event: f"{event.campaign_id}|{event.type}",
    )
    return op.map("cell", counted.down, lambda item: (f"{item[0]}|{item[1][0]}", item[1][1]))


if __name__ == "__main__":
    count_all(windows)
