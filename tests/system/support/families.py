"""The families of series that the oracle speaks of, and how exactly each must be shown."""

from tests.system.support.formulas import AMOUNTS, COUNTS, JUDGED, MONEY, OF_WHOM, PEOPLE, RATIOS, RETURNED
from tests.system.support.places import SCOPES

ENDS = ("_lower", "_upper")
ALWAYS = ("_always_lower", "_always_upper")

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
LEAVES = "kpi_pipeline_leaves"
_PIPELINE = {LEAVES} | {
    f"kpi_pipeline_{name}_total"
    for name in ("events", "dead_letters", "late_events", "ignored_fields", "read_texts", "unrated_texts")
}
EXACT_BOUNDS = {name + end for name in (*PEOPLE, "target_coverage_ratio") for end in ENDS}
_NAMES = COUNTS | JUDGED | PEOPLE | MONEY | RATIOS | OF_WHOM | EXACT_BOUNDS
IN_SCOPE = (
    {f"kpi_{scope}_{name}" for scope in SCOPES for name in _NAMES}
    | {f"kpi_campaign_{name}" for name in _ABOUT}
    | _ALIGNED
    | LIFETIME
    | _PIPELINE
)
_ZERO = COUNTS | JUDGED | PEOPLE | AMOUNTS | OF_WHOM | {"estimated_reach_persons"} | EXACT_BOUNDS
_EMPTY = {f"kpi_{scope}_{name}" for scope in SCOPES for name in _ZERO} | LIFETIME | _PIPELINE
EMPTY = dict.fromkeys(_EMPTY, 0.0)
"""What a series is worth where nothing was counted: it may be shown so or left out; a ratio may not."""
_WHOLE = COUNTS | JUDGED | PEOPLE | OF_WHOM
WHOLE = {f"kpi_{scope}_{name}" for scope in SCOPES for name in _WHOLE} | LIFETIME | _PIPELINE
ROUNDED = {f"kpi_{scope}_{name}" for scope in SCOPES for name in (*MONEY, "roi_ratio")}
_FALLING = {f"kpi_{scope}_{name}" for scope in SCOPES for name in RETURNED | OF_WHOM}
RISING = WHOLE - _FALLING - {LEAVES}
"""Counts from which only time takes away; cancellations and better reports take from conversions."""
