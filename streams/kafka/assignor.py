"""Faust's assignor, by our own sharing of partitions (streams.kafka.shares).

Faust's own gives a worker's partitions to others while it still shows them, and shares anew who gets which
at each change of the group.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata
from faust.assignor import PartitionAssignor
from faust.assignor.client_assignment import ClientAssignment

from connections.group_requests import PROTOCOL
from streams.kafka.shares import Holding, share


class NoTopics(Exception):
    """The broker told of none of the topics: it has just started, or they were deleted."""


class Assignor(PartitionAssignor):
    """Gives partitions of one number together, of all topics.

    Faust assigns topics with different partition counts independently. When partitions are added under a
    running worker, it would then hold numbers for which nobody keeps state. This way it goes on with those
    that it has, and reports that it does not read the others (streams.worker.worker), until the state is
    counted anew. A topic that is missing is left out; where all are, nothing is shared, and the join is tried
    again: a share of nothing would stay. A static member that was the leader, and is started again, is given
    what it had before and not told that it leads, so nobody would look for topics any more.

    `again` says that in the last sharing something was given to nobody, and that all share once more.
    """

    app: Any
    again = False

    @property
    def name(self) -> str:
        """The name of the protocol: all members of a group must have it."""
        return PROTOCOL

    def metadata(self, topics: Any) -> ConsumerProtocolMemberMetadata:
        """Say what this worker holds, for the join that is about to be sent."""
        holding = self.app.listener.holding(member=self.app.consumer.is_member)
        return ConsumerProtocolMemberMetadata(self.version, sorted(topics), msgspec.json.encode(holding))

    def on_assignment(self, assignment: ConsumerProtocolMemberAssignment) -> None:
        """Take what was given to this worker."""
        actives = {topic: list(numbers) for topic, numbers in assignment.assignment}
        self._assignment = ClientAssignment(actives=actives, standbys={})
        self._active_tps, self._standby_tps = self._assignment.active_tps, set()
        self.again = msgspec.json.decode(assignment.user_data, type=bool)

    def _perform_assignment(
        self, cluster: Any, member_metadata: Mapping[str, ConsumerProtocolMemberMetadata]
    ) -> dict[str, ConsumerProtocolMemberAssignment]:
        """Share the partitions.

        Raises:
            NoTopics: there are none; what aiokafka makes of it is taken, and joins again, in half a second.

        """
        topics = {topic for member in member_metadata.values() for topic in member.subscription}
        counts = {topic: len(cluster.partitions_for_topic(topic) or ()) for topic in sorted(topics)}
        there = [topic for topic, count in counts.items() if count]
        if not there:
            self.app.consumer.ask_for_topics()
            raise NoTopics("the broker tells of none of the topics")
        partitions = min(counts[topic] for topic in there)
        holdings = {
            name: msgspec.json.decode(member.user_data, type=Holding)
            for name, member in member_metadata.items()
        }
        shares = share(partitions, holdings)
        user_data = msgspec.json.encode(shares.again)
        return {
            name: ConsumerProtocolMemberAssignment(
                self.version, [(topic, sorted(numbers)) for topic in there], user_data
            )
            for name, numbers in shares.given.items()
        }
