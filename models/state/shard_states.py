"""The folds of several shards, read as one: each campaign is of one of them."""

from collections.abc import Callable, Mapping

from models.state.delta import Ledger, merge_ledgers
from models.state.shard_state import ShardState
from models.topics import FORWARDED, INPUT_TOPICS


class ShardStates:
    """ShardStates by shard; `owner` tells which shard a campaign is of."""

    def __init__(self, by_shard: Mapping[int, ShardState], owner: Callable[[str], int]) -> None:
        self._by_shard = by_shard
        self._owner = owner

    def of(self, campaign: str) -> ShardState | None:
        """Give the fold that counts a campaign; None where its shard is not among these."""
        return self._by_shard.get(self._owner(campaign))

    def leaf_counts(self) -> dict[str, int]:
        """Count the leaves of each campaign."""
        return {
            name: number for fold in self._by_shard.values() for name, number in fold.leaf_counts().items()
        }

    def invalid_traffic(self) -> dict[tuple[str, str, str], int]:
        """Count invalid traffic by campaign, type of event and reason."""
        return {
            key: count for fold in self._by_shard.values() for key, count in fold.invalid_traffic().items()
        }

    def ledger(self) -> Ledger:
        """Count what became of records, by source topic."""
        return merge_ledgers(
            {topic: dict(fold.outcomes(topic)) for topic in (*INPUT_TOPICS, FORWARDED)}
            for fold in self._by_shard.values()
        )


def only(fold: ShardState) -> ShardStates:
    """See the one fold that has every campaign."""
    return ShardStates({0: fold}, lambda _: 0)
