"""The states of several shards, read as one: each campaign belongs to one of them."""

from collections.abc import Callable, Mapping

from models.state.delta import Ledger
from models.state.shard_state import ShardState
from models.tally import merge_each
from models.topics import FORWARDED, INPUT_TOPICS


class ShardStates:
    """States by shard; `owner` returns the shard of a campaign."""

    def __init__(self, by_shard: Mapping[int, ShardState], owner: Callable[[str], int]) -> None:
        self._by_shard = by_shard
        self._owner = owner

    def of(self, campaign: str) -> ShardState | None:
        """Return the state that counts a campaign; None where its shard is not among these."""
        return self._by_shard.get(self._owner(campaign))

    def leaf_counts(self) -> dict[str, int]:
        """Count the leaves of each campaign."""
        return {
            name: number for state in self._by_shard.values() for name, number in state.leaf_counts().items()
        }

    def judge_octets(self) -> int:
        """Return the memory that is taken by what interactions are judged by."""
        return sum(state.judge.octets() for state in self._by_shard.values())

    def invalid_traffic(self) -> dict[tuple[str, str, str], int]:
        """Count invalid traffic by campaign, type of event and reason."""
        return {
            key: count for state in self._by_shard.values() for key, count in state.invalid_traffic().items()
        }

    def ledger(self) -> Ledger:
        """Count what became of records, by source topic."""
        return merge_each(
            {topic: dict(state.outcomes(topic)) for topic in (*INPUT_TOPICS, FORWARDED)}
            for state in self._by_shard.values()
        )


def only(state: ShardState) -> ShardStates:
    """Wrap the one state that has every campaign."""
    return ShardStates({0: state}, lambda _: 0)
