"""A Bytewax dataflow: one state a campaign, with minutes in a dict; stored in SQLite with the offsets."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.run import cli_main

from benchmarks.peers.apps.events import Event, Seen, read
from benchmarks.peers.apps.task import Tally, Task, say, told, write

_MANY = 5_000
_SNAPSHOTS = timedelta(seconds=10)

Steps = Callable[["App", Any], Any]
"""Builds the steps from events by campaign to cells and their counts."""


class App:
    """A dataflow, and what it has counted."""

    def __init__(self, task: Task) -> None:
        self.tally = Tally()
        self.seen: list[Seen] = []
        self._task = task
        self._begun = self._done = False

    def flow(self, steps: Steps) -> Dataflow:
        """Build the dataflow."""
        flow = Dataflow("count")
        source = KafkaSource(
            [self._task.kafka],
            self._task.topics,
            tail=False,
            batch_size=_MANY,
            add_config={"fetch.queue.backoff.ms": "10"},
        )
        records = op.input("read", flow, source)
        op.output("end", steps(self, op.flat_map_batch("decode", records, self._decode)), _Sink(self.tally))
        return flow

    def _decode(self, records: list[Any]) -> Iterator[tuple[str, Event]]:
        if not self._begun:
            self._begun = True
            say("begun")
        for record in records:
            event = read(record.value)
            if event is None:
                self.tally.invalid += 1
            else:
                yield event.campaign_id, event

    def end(self) -> None:
        """Notice that all records have been read."""
        if not self._done:
            self._done = True
            say("done")


class CampaignLogic(StatefulBatchLogic):  # type: ignore[misc]  # of no known type
    """Counts one campaign's events."""

    def __init__(self, app: App) -> None:
        self.seen = Seen()
        self._app = app
        app.seen.append(self.seen)

    def on_batch(self, values: list[Event]) -> tuple[Iterable[Any], bool]:
        """Count what came; nothing goes on from here before the end."""
        for event in values:
            self.seen.count(event)
        return (), self.RETAIN

    def on_eof(self) -> tuple[Iterable[Any], bool]:
        """Hand over what was counted."""
        self._app.end()
        return list(self.seen.cells.items()), self.RETAIN

    def snapshot(self) -> tuple[Any, ...]:
        """Return what is to be stored."""
        return self.seen.stored()


class _Part(StatelessSinkPartition):  # type: ignore[misc]  # of no known type
    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def write_batch(self, items: list[tuple[str, int]]) -> None:
        for cell, count in items:
            self._tally.cells[cell] += count


class _Sink(DynamicSink):  # type: ignore[misc]  # of no known type
    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def build(self, step_id: str, worker_index: int, worker_count: int) -> _Part:  # noqa: ARG002  named there
        return _Part(self._tally)


def campaigns(app: App, events: Any) -> Any:
    """Count in one step."""
    counted = op.stateful_batch("count", events, lambda _: CampaignLogic(app))
    return op.map("cell", counted, lambda item: item[1])


def count_all(steps: Steps) -> None:
    """Count all records; no run goes on from what another stored."""
    task = told()
    app = App(task)
    init_db_dir(task.folder, 1)
    cli_main(app.flow(steps), epoch_interval=_SNAPSHOTS, recovery_config=RecoveryConfig(task.folder))
    for seen in app.seen:
        seen.add_to(app.tally)
    write(task, app.tally)


if __name__ == "__main__":
    count_all(campaigns)
