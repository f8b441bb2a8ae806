"""Differences between what /metrics shows and what the oracle says, in words."""

import math
from collections import defaultdict
from collections.abc import Mapping

from tests.system.support.families import ALWAYS, EMPTY, ENDS, IN_SCOPE, LIFETIME, RISING, ROUNDED, WHOLE
from tests.system.support.formulas import PEOPLE
from tests.system.support.naming import Key, Series, describe
from tests.system.support.oracle import Truth

Interval = tuple[float, float]
# Relative; and absolute, near zero: a thousandth of a cent, for what is made of amounts that are rounded.
TOLERANCE, LEAST, OF_MONEY = 1e-6, 1e-9, 1e-5
# How far what rests on a sample of the persons may be off: itself, and its bounds from the truth.
SAMPLED, SAMPLED_BOUND = 0.05, 0.1
PROMISED = 0.02
"""How far a number of persons may be off in 95 of 100 samples; no sample is off by twice that."""


def between(early: Series, late: Series) -> dict[Key, Interval]:
    """Join two computations: what is true at a moment between them lies between their values."""
    return {
        key: (min(values), max(values))
        for key in early.keys() | late.keys()
        for values in [(early.get(key, late.get(key, 0.0)), late.get(key, early.get(key, 0.0)))]
    }


def widened(expected: Mapping[Key, Interval], sampled: set[Key]) -> dict[Key, Interval]:
    """Allow for the error of a sample where a series rests on one."""
    result = dict(expected)
    for key in sampled & expected.keys():
        share = SAMPLED_BOUND if key[0].endswith(ENDS) else SAMPLED
        low, high = expected[key]
        result[key] = (low * (1 - share), high * (1 + share))
    return result


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


def claimed(truth: Truth, shown: Series) -> list[str]:
    """Say what is shown, though nothing is known of it."""
    return [
        f"{describe(key)}: {shown[key]!r} is shown, but nothing is known of it"
        for key in sorted(truth.unknown & shown.keys(), key=describe)
    ]


def _difference(key: Key, expected: Interval | None, value: float | None) -> str:
    empty = EMPTY.get(key[0])
    if expected is None and empty is not None and "_target_" not in key[0]:
        expected = (empty, empty)
    if expected is None:
        return f"{value!r} is shown, but it should be absent"
    number, slack = empty if value is None else value, _slack(key[0], expected)
    if number is not None and expected[0] - slack <= number <= expected[1] + slack:
        return ""
    shown = "absent" if value is None else f"{value!r} is shown"
    return f"{shown}, but it should be {_interval(expected)}"


def _slack(family: str, expected: Interval) -> float:
    if family in WHOLE:
        return 0.0
    least = OF_MONEY if family in ROUNDED else LEAST
    return max(least, TOLERANCE * max(abs(expected[0]), abs(expected[1])))


def _interval(interval: Interval) -> str:
    low, high = interval
    return repr(low) if low == high else f"between {low!r} and {high!r}"


def disordered(shown: Series) -> list[str]:
    """Say which values lie outside their own bounds: those of one look, and those of every look."""
    found = []
    for (family, labels), value in shown.items():
        for ends in (ENDS, ALWAYS):
            low, high = (shown.get((family + end, labels)) for end in ends)
            lowest = value if low is None else low
            highest = value if high is None else high
            slack = LEAST + TOLERANCE * abs(value)
            if not lowest - slack <= value <= highest + slack:
                found.append(f"{describe((family, labels))} is {value!r}, outside {low!r} to {high!r}")
    return found


def sampled_people(truth: Truth) -> list[Key]:
    """Return the numbers of persons that rest on a sample."""
    return [key for key in truth.sampled if key[0].removeprefix("kpi_").partition("_")[2] in PEOPLE]


def badly_sampled(truth: Truth, shown: Series) -> list[str]:
    """Say which numbers of persons are off by twice what is promised, and which bounds miss the truth so.

    Each run draws another sample, so one time in twenty the promise itself is missed; twice that hardly ever.
    """
    found = []
    for family, labels in sampled_people(truth):
        right = truth.series[family, labels]
        value = shown.get((family, labels), right)
        if abs(value / right - 1) > 2 * PROMISED:
            found.append(f"{describe((family, labels))} is off by {value / right - 1:+.2%}")
        low = shown.get((family + "_lower", labels), -math.inf)
        high = shown.get((family + "_upper", labels), math.inf)
        if not 2 * low - value <= right <= 2 * high - value:
            found.append(f"{describe((family, labels))} is {right!r}, outside {low!r} to {high!r}")
    return found


def above(truth: Mapping[Key, Interval], shown: Series) -> list[str]:
    """Say which counts are higher than they may ever become."""
    return [
        f"{describe(key)}: {value!r} is shown, but the truth is at most {truth.get(key, (0.0, 0.0))[1]!r}"
        for key, value in shown.items()
        if key[0] in RISING and value > truth.get(key, (0.0, 0.0))[1]
    ]


def dips(before: Series, after: Series) -> list[str]:
    """Say which lifetime counters went down or away."""
    return [
        f"{describe(key)} went from {value!r} to {after.get(key)!r}"
        for key, value in before.items()
        if key[0] in LIFETIME and value > after.get(key, 0.0)
    ]


def report(differences: list[str], most: int = 25) -> str:
    """Write a failure's message: the first differences, and how many there are."""
    shown = "\n".join(differences[:most])
    return f"{len(differences)} differences; the first {min(most, len(differences))}:\n{shown}"
