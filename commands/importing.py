"""The reading behind `kpis import`: a file's rows as events, each judged before any is sent."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from commands.validation import judge
from models.campaigns.registry import Registry
from models.events.parsing import Refusal
from models.topics import topic_of
from producers.imports.rows import LeftOut, Made, RowReader
from producers.imports.seen import Seen
from producers.imports.table import Row
from producers.imports.values import Problem

SAMPLE = 3
"""The rows whose events a dry run shows."""
_MOST_NAMES = 10_000


@dataclass
class Tally:
    """What a file's rows gave so far.

    `refusals` are at most `most` lines, `unshown` how many more there are; `unlisted` are contents left out.
    """

    file: str
    most: int
    rows: int = 0
    events: Counter[str] = field(default_factory=Counter)
    left_out: int = 0
    repeated: int = 0
    refused_rows: int = 0
    refusals: list[str] = field(default_factory=list)
    unshown: int = 0
    unlisted: dict[str, None] = field(default_factory=dict)
    sample: list[bytes] = field(default_factory=list)

    def refuse(self, line: int, problems: Iterable[Problem]) -> None:
        """Count a row of which something is refused; name each rule once, with the columns that break it."""
        by_rule: dict[str, list[str]] = {}
        for problem in problems:
            by_rule.setdefault(problem.rule, []).append(problem.column)
        self.refused_rows += bool(by_rule)
        for rule, columns in by_rule.items():
            named = ", ".join(filter(None, dict.fromkeys(columns)))
            if len(self.refusals) < self.most:
                self.refusals.append(f"{self.file}:{line}: {named + ': ' if named else ''}{rule}")
            else:
                self.unshown += 1


class Judge:
    """Turns rows into events and judges each as a worker would if it arrived now.

    `registry` is None where the campaigns are not known.
    """

    def __init__(self, reader: RowReader, registry: Registry | None, tally: Tally) -> None:
        self._reader = reader
        self._registry = registry
        self._seen = Seen()
        self.tally = tally

    def judge(self, row: Row, now: int) -> list[bytes]:
        """Return the events of a row that count, as JSON; what does not is in the tally."""
        tally = self.tally
        tally.rows += 1
        problems: list[Problem] = []
        values: list[bytes] = []
        for found in self._reader.read(row):
            if isinstance(found, LeftOut):
                self._leave_out(found)
            elif isinstance(found, Problem):
                problems.append(found)
            else:
                values += self._event(found, row.line, now, problems)
        tally.refuse(row.line, problems)
        if values and len(tally.sample) < SAMPLE:
            tally.sample.append(b"\n".join(values))
        return values

    def _leave_out(self, found: LeftOut) -> None:
        self.tally.left_out += 1
        if found.content and len(self.tally.unlisted) < _MOST_NAMES:
            self.tally.unlisted[found.content] = None

    def _event(self, made: Made, line: int, now: int, problems: list[Problem]) -> Iterator[bytes]:
        value, event_type = _json(made.event), made.event["type"]
        read = judge(value, event_type, self._registry, now)
        if isinstance(read, Refusal):
            problems += self._refused(read)
            return
        first = self._seen.first(read.event, line)
        if first.event_id != read.event.event_id:
            rule = f"line {first.line} has another total for the same content at the same time"
            problems.append(Problem(made.column, rule))
        elif first.line != line:
            self.tally.repeated += 1
        else:
            self.tally.events[topic_of(event_type)] += 1
            yield value

    def _refused(self, refusal: Refusal) -> Iterator[Problem]:
        """Name the columns that say the fields that a refusal names; what the map says itself has none."""
        for name in refusal.message.partition(":")[0].split(", "):
            column = self._reader.layout.columns.get(name, "")
            yield Problem(column, f"{refusal.reason}: {refusal.message}")


def _json(event: dict[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
