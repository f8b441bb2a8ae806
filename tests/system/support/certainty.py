"""Whether a page is sure of its numbers as it must be: where bounds are, and how far apart at the least."""

import re
from collections.abc import Iterator

from tests.system.support.bounds import poisson
from tests.system.support.families import ENDS
from tests.system.support.formulas import COUNTS, PEOPLE
from tests.system.support.naming import Key, Series, describe

BOUNDED = (
    COUNTS
    | PEOPLE
    | {"estimated_reach_persons", "target_coverage_ratio"}
    | {"ctr_ratio", "engagement_ratio", "sentiment_ratio", "authenticity_ratio", "cpa", "cpe", "roi_ratio"}
)
_OWN = re.compile(f"kpi_(campaign|influencer)_({'|'.join(sorted(BOUNDED))})(_lower|_upper)?")
ALONE = "cpa_lower"
"""The one bound that is there without its value: before the first conversion, too, something was spent."""
OPEN = {"cpa_upper", "cpe_upper", "engagement_ratio_upper", "roi_ratio_upper"}
"""The bounds that may be lacking: where one event stands for thousands, next to none is as likely."""
OPEN_AT_NONE = {"ctr_ratio_upper"}
"""And where a few totals of impressions came and no click: clicks may be reported later."""
SLACK = 1e-6


def problems(shown: Series) -> list[str]:
    """Say which values lack their bounds, which bounds lack their value, and which are closer than can be."""
    return [*_unbounded(shown), *_narrow(shown)]


def _bounded(shown: Series) -> Iterator[tuple[Key, str, str]]:
    for key in shown:
        if own := _OWN.fullmatch(key[0]):
            yield key, own[2], own[3] or ""


def _unbounded(shown: Series) -> Iterator[str]:
    for (family, labels), name, end in _bounded(shown):
        value = family.removesuffix(end)
        open_ = OPEN if shown.get((value, labels)) else OPEN | OPEN_AT_NONE
        due = [other for other in ("", *ENDS) if name + other not in open_]
        missing = [value + other for other in due if (value + other, labels) not in shown]
        if missing and name + end != ALONE:
            yield f"{describe((family, labels))} is shown without {' and '.join(missing)}"


def _narrow(shown: Series) -> Iterator[str]:
    """Compare counts with what holds where every event comes alone: as they are, they are less certain."""
    for (family, labels), name, end in _bounded(shown):
        count = shown.get((family.removesuffix(end), labels))
        if name in COUNTS and end and count is not None:
            least, most = poisson(round(count))
            bound = shown[family, labels]
            if (bound > least * (1 + SLACK)) if end == "_lower" else (bound < most * (1 - SLACK)):
                alone = f"events that come alone give {least!r} to {most!r}"
                yield f"{describe((family, labels))} is {bound!r} at {count!r}: {alone}"
