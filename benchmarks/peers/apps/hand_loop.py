"""The loop by hand: confluent-kafka, msgspec and dicts. Nothing is kept when it ends."""

from confluent_kafka import Consumer

from benchmarks.peers.apps.events import Seen, read
from benchmarks.peers.apps.task import Tally, say, told, write

_MANY = 10_000


def main() -> None:
    """Count all records."""
    task = told()
    consumer = Consumer(
        {
            "bootstrap.servers": task.kafka,
            "group.id": task.group,
            "auto.offset.reset": "earliest",
            "fetch.queue.backoff.ms": 10,  # With the default, a second, it waits half of the time.
        }
    )
    consumer.subscribe(task.topics)
    seen, left, tally = Seen(), task.records, Tally()
    while left:
        messages = consumer.consume(_MANY, 0.1)
        if messages and left == task.records:
            say("begun")
        for message in messages:
            event = read(message.value())
            if event is None:
                tally.invalid += 1
            else:
                seen.count(event)
        left -= len(messages)
    say("done")
    tally.cells = seen.cells
    seen.add_to(tally)
    write(task, tally)
    consumer.close()


if __name__ == "__main__":
    main()
