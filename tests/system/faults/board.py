"""The table that a run of the fault tests ends with: a line for each scenario."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from tests.system.faults.hiding import Hiding
from tests.system.support.checking import merged
from tests.system.support.comparing import Interval
from tests.system.support.families import LIFETIME, RISING
from tests.system.support.formulas import PEOPLE
from tests.system.support.naming import Key, Series

ORDERS_AND_ROBOTS = ("conversions_total", "cancellations_total", "traffic_total")


@dataclass(frozen=True)
class Row:
    """What one scenario came to.

    `sent` is what Kafka acknowledged, `counted` what the workers say that they counted. `lost` and `doubled`
    are how far counts are below and above the truth, added up over `counts_once`: an event whose `count` is
    5 adds 5. `dead_letters`: distinct ones, and how many were sent again. `twice`, `dips` and `outside` have
    each series in each round of scrapes; `twice` has those that lasted no more than a moment after a stroke.
    `hidden` is the longest time that a campaign was on no page, in seconds; `restarts` are those of the
    supervisor, `acts` what the test did.
    """

    scenario: str
    seed: int
    sent: int
    counted: int
    lost: int
    doubled: int
    dead_letters: str
    twice: str
    dips: int
    outside: int
    hidden: str
    restarts: int
    rounds: str
    acts: str


@dataclass
class Run:
    """How thoroughly a test is to run, and where it writes what came of it."""

    seed: int
    whole: bool
    forced_workers: int = 0
    nameless: bool = False
    board: list[Row] = field(default_factory=list)
    hidings: list[Hiding] = field(default_factory=list)

    def of(self, short: int, full: int) -> int:
        """Choose between a number for every run and one for the whole."""
        return full if self.whole else short

    def workers(self, number: int) -> int:
        """Return the number of workers: the test's own unless the command line says another."""
        return self.forced_workers or number


def table(rows: Sequence[Any]) -> list[str]:
    """Write rows, dataclasses of one sort, as lines of a Markdown table."""
    names = [field.name for field in fields(rows[0])]
    lines = [[str(getattr(row, name)) for name in names] for row in rows]
    heads = [name.replace("_", " ") for name in names]
    widths = [max(len(line[column]) for line in [heads, *lines]) for column in range(len(names))]
    rule = ["-" * width for width in widths]
    return [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in [heads, rule, *lines]
    ]


def counts_once(key: Key) -> bool:
    """Choose series that hold each event once: contents' counts of the flight, orders, and robots."""
    family, labels = key
    if family.startswith("kpi_content_"):
        counts = family in RISING and not family.endswith((*PEOPLE, "_clicks"))
        return counts and ("window", "flight") in labels
    return family in LIFETIME and family.endswith(ORDERS_AND_ROBOTS)


def off(wanted: dict[Key, Interval], shown: Series) -> tuple[int, int]:
    """Add up how far counts are below and above the truth."""
    lost = doubled = 0.0
    shown = merged(shown)
    for key in filter(counts_once, wanted.keys() | shown.keys()):
        (low, high), value = wanted.get(key, (0.0, 0.0)), shown.get(key, 0.0)
        lost += max(0.0, low - value)
        doubled += max(0.0, value - high)
    return round(lost), round(doubled)
