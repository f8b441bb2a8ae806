"""A Quix Streams application: a data frame and a window store a topic, ids in its state."""

from typing import Any

from quixstreams import Application
from quixstreams.models.serializers import Deserializer, IgnoreMessage

from benchmarks.peers.apps.events import Event, read, sketch
from benchmarks.peers.apps.task import Tally, Task, say, told, write

_MINUTE = 60_000  # ms


class App:
    """What is read, and what has been counted."""

    def __init__(self, task: Task) -> None:
        self.tally = Tally()
        self._task = task
        self._read = 0
        self._people: dict[str, Any] = {}
        self._app = Application(
            broker_address=task.kafka,
            consumer_group=task.group,
            auto_offset_reset="earliest",
            commit_interval=1.0,
            state_dir=task.folder,
            loglevel="WARNING",
            consumer_extra_config={"fetch.queue.backoff.ms": 10},
        )

    def run(self) -> None:
        """Count all records, then stop."""
        for topic in self._task.topics:
            self._add(topic)
        self._app.run()
        self.tally.people = {who: people.get_estimate() for who, people in self._people.items()}

    def _add(self, topic: str) -> None:
        frame = self._app.dataframe(
            self._app.topic(topic, value_deserializer=_Reader(self), timestamp_extractor=_time)
        )
        frame = frame.filter(self._is_new, stateful=True).update(self._see)
        counts = frame.tumbling_window(_MINUTE, grace_ms=_MINUTE).count().current()
        counts.update(self._keep(topic), metadata=True)

    def look(self) -> None:
        """Notice the first record and the last."""
        self._read += 1
        if self._read == 1:
            say("begun")
        if self._read == self._task.records:
            say("done")
            self._app.stop()

    def _is_new(self, event: Event, state: Any) -> bool:
        if state.exists(event.event_id):
            self.tally.duplicates += 1
            return False
        state.set(event.event_id, 1)
        return True

    def _see(self, event: Event) -> None:
        """Add the person to a sketch that is in memory alone."""
        if person := event.person():
            self._people.setdefault(event.campaign_id, sketch()).update(person)

    def _keep(self, topic: str) -> Any:
        kind = topic.rpartition(".")[2].removesuffix("s")

        def keep(window: dict[str, int], key: bytes, *_: Any) -> None:
            self.tally.cells[f"{key.decode()}|{kind}|{window['start'] // _MINUTE}"] = window["value"]

        return keep


class _Reader(Deserializer):  # type: ignore[misc]  # of no known type
    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app

    def __call__(self, value: bytes, ctx: Any) -> Event:  # noqa: ARG002  Quix names it
        event = read(value)
        self._app.look()
        if event is None:
            self._app.tally.invalid += 1
            raise IgnoreMessage
        return event


def _time(event: Event, *_: Any) -> int:
    return int(event.event_time.timestamp() * 1000)


def main() -> None:
    """Count all records."""
    task = told()
    app = App(task)
    app.run()
    write(task, app.tally)


if __name__ == "__main__":
    main()
