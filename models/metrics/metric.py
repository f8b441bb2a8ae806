"""What a metric is."""

from dataclasses import dataclass
from typing import Literal

PREFIX = "kpi"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric family: `name` as its series are called, so that of a counter ends in `_total`."""

    name: str
    type: Literal["gauge", "counter", "histogram"]
    help: str
    labels: tuple[str, ...] = ()

    @property
    def bucket(self) -> str:
        """The series of a histogram's buckets."""
        return f"{self.name}_bucket"

    @property
    def count(self) -> str:
        """The series that counts what a histogram observed."""
        return f"{self.name}_count"

    def __str__(self) -> str:
        return self.name
