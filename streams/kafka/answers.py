"""What brokers answer to a consumer's fetches, as it came: aiokafka hides it from others."""

from typing import Any

from aiokafka.protocol.fetch import FetchRequest
from faust.types import TP

from streams.kafka.compression import Room
from streams.kafka.unread import Answer, Unread

_WITH_REPLICA = 11
"""From this version of answers on, the replica to be asked next stands behind the aborted transactions."""


class KeepingClient:
    """aiokafka's client as its fetcher uses it; keeps the last answer of each partition until it is taken.

    What aiokafka makes of an answer can be replaced by the answer itself, because both belong to the position
    at which the fetch began.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._answers: dict[TP, Answer] = {}
        self._room = Room()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def send(self, node: int, request: Any) -> Any:
        """Send a request, and keep what it is answered if it is a fetch."""
        response = await self._client.send(node, request)
        if isinstance(request, FetchRequest):
            self._answers.update(_answers(request, response))
        return response

    def take(self, tp: TP, start: int) -> Unread | None:
        """Return what was fetched of a partition from an offset on; None if that is not the last answer."""
        answer = self._answers.pop(tp, None)
        return Unread(tp, answer, self._room) if answer is not None and answer.start == start else None

    def forget(self) -> None:
        """Forget what nobody will take any more."""
        self._answers.clear()


def _answers(request: Any, response: Any) -> dict[TP, Answer]:
    starts = {TP(topic, partition): start for topic, asked in request.topics for partition, start, _ in asked}
    found = {}
    for topic, partitions in response.topics:
        for partition, error, _, *fields in partitions:
            if not error and fields[-1]:
                aborted = fields[2] if response.API_VERSION >= _WITH_REPLICA else fields[-2]
                tp = TP(topic, partition)
                found[tp] = Answer(starts[tp], fields[-1], aborted or ())
    return found
