"""What an engine is told and what it tells; the standard library alone, for it runs in every environment."""

import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_LOOKED_AT = 0.5


@dataclass(frozen=True)
class Task:
    """The records to count: so many, on these topics, of so many partitions each."""

    kafka: str
    group: str
    topics: list[str]
    partitions: int
    records: int
    result: str
    """The file to write what was counted to."""
    folder: str
    """An empty one for the engine's state."""


@dataclass
class Tally:
    """What has been counted: unique events by `campaign|kind|minute`, and records that were dropped."""

    cells: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    invalid: int = 0
    people: dict[str, float] = field(default_factory=dict)


def told() -> Task:
    """Return the task of this process, its only argument."""
    return Task(**json.loads(sys.argv[1]))


def say(what: str) -> None:
    """Tell the benchmark `begun`, at the first record, or `done`, at the last."""
    print(what, flush=True)


def write(task: Task, tally: Tally) -> None:
    """Write what was counted, once `done` is said; then stay while the benchmark looks at the process."""
    found: dict[str, Any] = {
        "cells": tally.cells,
        "duplicates": tally.duplicates,
        "invalid": tally.invalid,
        "people": tally.people,
    }
    Path(task.result).write_text(json.dumps(found))
    time.sleep(_LOOKED_AT)
