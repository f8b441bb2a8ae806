"""The families of series that the oracle speaks of, and how exactly each must be shown."""

from tests.system.support.bounds import NONE_SEEN
from tests.system.support.formulas import AMOUNTS, BOUNDED, COUNTS, MONEY, PEOPLE, RATIOS
from tests.system.support.places import SCOPES

ENDS = ("_lower", "_upper")

# Not min_sample: which samples hold where the file names none is the product's own choice.
_ABOUT = ("info", "budget", "budget_spent_ratio", "pacing_ratio", "threshold")
_ALIGNED = {f"kpi_{scope}_values_alignment_ratio" for scope in SCOPES}
LIFETIME = {
    f"kpi_campaign_{name}_total"
    for name in (
        "lifetime_impressions",
        "lifetime_clicks",
        "lifetime_interactions",
        "lifetime_conversions",
        "lifetime_cancellations",
        "invalid_traffic",
    )
}
_PIPELINE = {
    f"kpi_pipeline_{name}" for name in ("events_total", "dead_letters_total", "late_events_total", "leaves")
}
_WINDOWED = COUNTS | PEOPLE | MONEY | RATIOS
_NAMES = _WINDOWED | {name + end for name in BOUNDED for end in ENDS}
IN_SCOPE = (
    {f"kpi_{scope}_{name}" for scope in SCOPES for name in _NAMES}
    | {f"kpi_campaign_{name}" for name in _ABOUT}
    | _ALIGNED
    | LIFETIME
    | _PIPELINE
)
_EMPTY = {
    **dict.fromkeys(COUNTS | PEOPLE | AMOUNTS, 0.0),
    **{name + end: value for name in COUNTS for end, value in zip(ENDS, (0.0, NONE_SEEN), strict=True)},
    **{name + end: 0.0 for name in PEOPLE for end in ENDS},
}
EMPTY = {f"kpi_{scope}_{name}": value for scope in SCOPES for name, value in _EMPTY.items()} | dict.fromkeys(
    LIFETIME | _PIPELINE, 0.0
)
"""What a series is worth where nothing was counted: it may be shown so or left out; a ratio may not."""
WHOLE = {f"kpi_{scope}_{name}" for scope in SCOPES for name in COUNTS | PEOPLE} | LIFETIME | _PIPELINE
ROUNDED = {f"kpi_{scope}_{name}" for scope in SCOPES for name in (*MONEY, "roi_ratio")}
RISING = WHOLE - {f"kpi_{scope}_conversions" for scope in SCOPES}
"""Counts from which only time takes away; cancellations take from conversions."""
