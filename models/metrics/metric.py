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

    def __str__(self) -> str:
        return self.name
