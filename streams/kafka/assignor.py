"""Share out the partitions that all topics have.

Faust shares out topics with different partition counts apart from one another, so that a worker under which
partitions are added would hold numbers whose state nobody keeps. It goes on with those that it has instead,
and says that it does not read the others (streams.worker.worker), until the state is counted anew.
"""

from typing import Any

from faust.assignor import PartitionAssignor


class CommonAssignor(PartitionAssignor):
    """Faust's assignor, for topics that all are to be read with one another."""

    @classmethod
    def _get_copartitioned_groups(cls, topics: Any, cluster: Any, subscriptions: Any) -> Any:
        groups = super()._get_copartitioned_groups(topics, cluster, subscriptions)
        if not groups:
            return groups
        together = {topic for shared in groups.values() for names in shared for topic in names}
        return {min(groups): cls._group_co_subscribed(together, subscriptions)}
