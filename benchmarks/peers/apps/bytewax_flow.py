"""A Bytewax dataflow: one state a campaign, stored in SQLite with the offsets."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.run import cli_main

from benchmarks.peers.apps.events import Counts, Event, read
from benchmarks.peers.apps.task import Tally, Task, say, told, write

_MANY = 5_000
_SNAPSHOTS = timedelta(seconds=10)


class CampaignLogic(StatefulBatchLogic):  # type: ignore[misc]  # of no known type
    """Counts one campaign's events; keyed by campaign alone, for windows of Bytewax's own would cost more."""

    def __init__(self, _: None) -> None:  # No run goes on from what another stored.
        self._counts = Counts()

    def on_batch(self, values: list[Event]) -> tuple[Iterable[Any], bool]:
        """Count what came; nothing goes on from here before the end."""
        for event in values:
            self._counts.count(event)
        return (), self.RETAIN

    def on_eof(self) -> tuple[Iterable[Any], bool]:
        """Hand over what was counted."""
        return (self._counts,), self.RETAIN

    def snapshot(self) -> tuple[Any, ...]:
        """Return what is to be stored."""
        return self._counts.stored()


class _Part(StatelessSinkPartition):  # type: ignore[misc]  # as above
    def __init__(self, app: "App") -> None:
        self._app = app

    def write_batch(self, items: list[tuple[str, Counts]]) -> None:
        self._app.finish([counts for _, counts in items])


class _Sink(DynamicSink):  # type: ignore[misc]  # as above
    def __init__(self, app: "App") -> None:
        self._app = app

    def build(self, step_id: str, worker_index: int, worker_count: int) -> _Part:  # noqa: ARG002  named there
        return _Part(self._app)


class App:
    """The flow, and what has come to its end."""

    def __init__(self, task: Task) -> None:
        self.tally = Tally()
        self._task = task
        self._begun = self._done = False

    def flow(self) -> Dataflow:
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
        events = op.flat_map_batch("decode", records, self._decode)
        op.output("end", op.stateful_batch("count", events, CampaignLogic), _Sink(self))
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

    def finish(self, found: list[Counts]) -> None:
        """Take what campaigns counted."""
        if not self._done:
            self._done = True
            say("done")
        for counts in found:
            counts.add_to(self.tally)


def main() -> None:
    """Count all records."""
    task = told()
    app = App(task)
    init_db_dir(task.folder, 1)
    cli_main(app.flow(), epoch_interval=_SNAPSHOTS, recovery_config=RecoveryConfig(task.folder))
    write(task, app.tally)


if __name__ == "__main__":
    main()
