"""Differences between what /metrics shows and what the oracle says, in words."""

import math
from collections import defaultdict
from collections.abc import Mapping

from tests.system.support.oracle import MONEY, NOT_OF_CONTENTS, SCOPES, Key, Series

Interval = tuple[float, float]
TOLERANCE = 1e-6
# A count or an amount that is zero may be shown or left out; a ratio may not.
COUNTS = {"reach_persons", "impressions", "video_views", "clicks", "interactions", "conversions"}
AMOUNTS = {"invested", "revenue", "emv"}
_ABOUT = {"info", "budget", "budget_spent_ratio", "pacing_ratio", "threshold"}
_LIFETIME = {
    f"kpi_campaign_{name}_total"
    for name in (
        "lifetime_impressions",
        "lifetime_clicks",
        "lifetime_interactions",
        "lifetime_conversions",
        "invalid_traffic",
    )
}
_PIPELINE = {f"kpi_pipeline_{name}_total" for name in ("events", "dead_letters", "late_events")}
WINDOWED = COUNTS | AMOUNTS | MONEY | NOT_OF_CONTENTS | {"engagement_ratio", "ctr_ratio"}
IN_SCOPE = (
    {f"kpi_{scope}_{name}" for scope in SCOPES for name in WINDOWED}
    | {f"kpi_campaign_{name}" for name in _ABOUT}
    | _LIFETIME
    | _PIPELINE
)
ZERO_IS_ABSENT = (
    {f"kpi_{scope}_{name}" for scope in SCOPES for name in COUNTS | AMOUNTS} | _LIFETIME | _PIPELINE
)
WHOLE = {f"kpi_{scope}_{name}" for scope in SCOPES for name in COUNTS} | _LIFETIME | _PIPELINE


def between(early: Series, late: Series) -> dict[Key, Interval]:
    """Join two computations: what is true at a moment between them lies between their values."""
    return {
        key: (min(values), max(values))
        for key in early.keys() | late.keys()
        for values in [(early.get(key, late.get(key, 0.0)), late.get(key, early.get(key, 0.0)))]
    }


def summed(shown: Series, name: str, label: str) -> Series:
    """Add a family's series up over one label."""
    result: Series = defaultdict(float)
    for (family, labels), value in shown.items():
        kept = frozenset(pair for pair in labels if pair[0] != label) if family == name else labels
        result[family, kept] += value
    return dict(result)


def differences(expected: Mapping[Key, Interval], shown: Series) -> list[str]:
    """Say of every series in scope where the page and the oracle disagree; nothing when they agree."""
    found = [f"{describe(key)} is {value}" for key, value in shown.items() if not math.isfinite(value)]
    shown = {key: value for key, value in shown.items() if key[0] in IN_SCOPE or key in expected}
    for key in sorted(expected.keys() | shown.keys(), key=describe):
        difference = _difference(key, expected.get(key), shown.get(key))
        if difference:
            found.append(f"{describe(key)}: {difference}")
    return found


def _difference(key: Key, expected: Interval | None, value: float | None) -> str:
    if key[0] in ZERO_IS_ABSENT:
        expected, value = expected or (0.0, 0.0), value or 0.0
    if expected is None:
        return f"{value} is shown, but it should be absent"
    if value is None:
        return f"absent, but it should be {_interval(expected)}"
    slack = 0.0 if key[0] in WHOLE else TOLERANCE * max(abs(expected[0]), abs(expected[1]))
    if expected[0] - slack <= value <= expected[1] + slack:
        return ""
    return f"{value!r} is shown, but it should be {_interval(expected)}"


def _interval(interval: Interval) -> str:
    low, high = interval
    return repr(low) if low == high else f"between {low!r} and {high!r}"


def above(truth: Mapping[Key, Interval], shown: Series) -> list[str]:
    """Say which counts are higher than they may ever become."""
    return [
        f"{describe(key)}: {value!r} is shown, but the truth is at most {truth.get(key, (0.0, 0.0))[1]!r}"
        for key, value in shown.items()
        if key[0] in WHOLE and value > truth.get(key, (0.0, 0.0))[1]
    ]


def dips(before: Series, after: Series) -> list[str]:
    """Say which lifetime counters went down or away."""
    return [
        f"{describe(key)} went from {value!r} to {after.get(key)!r}"
        for key, value in before.items()
        if key[0] in _LIFETIME and value > after.get(key, 0.0)
    ]


def report(differences: list[str], most: int = 25) -> str:
    """Write a failure's message: the first differences, and how many there are."""
    shown = "\n".join(differences[:most])
    return f"{len(differences)} differences; the first {min(most, len(differences))}:\n{shown}"


def describe(key: Key) -> str:
    """Write a series as Prometheus does."""
    labels = ",".join(f'{label}="{value}"' for label, value in sorted(key[1]))
    return f"{key[0]}{{{labels}}}" if labels else key[0]
