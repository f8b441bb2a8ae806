"""All campaigns together are held to a bound by whoever is heaviest."""

from dataclasses import dataclass
from typing import Any

from models.authenticity.bound import shrink


@dataclass
class Weighed:
    """A memory that halves whenever it forgets, and counts how often its weight is asked for."""

    entries: int
    asked: int = 0

    @property
    def weight(self) -> int:
        self.asked += 1
        return self.entries

    def shrink(self) -> None:
        self.entries //= 2


def shrunk(memories: dict[int, Any], most: int) -> set[int]:
    return shrink(memories, {number: one.entries for number, one in memories.items()}, most)


def test_the_heaviest_forget_first_and_no_more_than_they_must() -> None:
    memories = {number: Weighed(entries) for number, entries in enumerate((10, 80, 5, 60))}

    assert shrunk(memories, 100) == {1, 3}
    assert [one.entries for one in memories.values()] == [10, 40, 5, 30]
    assert shrunk(memories, 85) == set()


def test_each_step_looks_at_one_campaign_however_many_there_are() -> None:
    memories = {number: Weighed(64) for number in range(1000)}

    assert len(shrunk(memories, 32_000)) == 1000
    assert sum(one.asked for one in memories.values()) <= 3000
