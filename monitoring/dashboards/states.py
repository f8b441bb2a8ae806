"""What needs a look: how a campaign stands against its thresholds, its pacing and its budget.

A state is 0: well, 1: watch (the figure is beyond, but chance may explain it), 2: beyond.
"""

from collections.abc import Callable, Iterable

from models.campaigns import Thresholds
from models.catalogue import KPIS, Kpi
from monitoring.dashboards.language import Language, say
from monitoring.dashboards.panels import GREEN, ORANGE, RED, Colours, Texts
from monitoring.dashboards.queries import CHOSEN_WINDOW, latest, threshold

KEYS = tuple(field.rpartition("_")[0] for field in Thresholds.model_fields)
_BOUNDS = dict(field.rpartition("_")[::2] for field in Thresholds.model_fields)
_SAMPLES = {
    "cpa": "conversions",
    "engagement": "reach_persons",
    "ctr": "impressions",
    "roi": "conversions",
    "sentiment": "rated_mentions",
}
PACING_WATCH, PACING_BEYOND = 0.2, 0.5
SPENT_WATCH, SPENT_BEYOND = 0.9, 1.0
PACING_COLOURS: Colours = (
    (None, RED),
    (1 - PACING_BEYOND, ORANGE),
    (1 - PACING_WATCH, GREEN),
    (1 + PACING_WATCH, ORANGE),
    (1 + PACING_BEYOND, RED),
)
SPENT_COLOURS: Colours = ((None, GREEN), (SPENT_WATCH, ORANGE), (SPENT_BEYOND, RED))


def key_of(kpi: Kpi) -> str:
    """Give the name that thresholds have for a KPI."""
    return kpi.id.removesuffix("_ratio")


def kpi_of(key: str) -> Kpi:
    """Find the KPI that a threshold is for."""
    return next(kpi for kpi in KPIS if key_of(kpi) == key)


def against_threshold(key: str, *where: str) -> str:
    """Compare with the threshold: 1 where the figure is beyond, 2 where its bound is too.

    Where a KPI has no bounds its figure counts for both. Below the campaign's smallest sample it is never 2.
    """
    kpi, compared = kpi_of(key), ">" if _BOUNDS[key] == "max" else "<"
    side = ("_lower" if compared == ">" else "_upper") if kpi.bounds else ""
    limit = f"max by (campaign) ({threshold(key, *where)})"
    figure, bound = (
        f"{_figure(f'{kpi.id}{suffix}', *where)} {compared} bool on (campaign) {limit}"
        for suffix in ("", side)
    )
    return highest([figure, f"2 * ({bound}) and on (campaign) ({_sample_suffices(key, *where)})"])


def pacing(*where: str) -> str:
    """Tell how far spending is from plan."""
    pace = latest("kpi_campaign_pacing_ratio", ["campaign"], *where)
    return f"(abs({pace} - 1) > bool {PACING_WATCH}) + (abs({pace} - 1) > bool {PACING_BEYOND})"


def budget(*where: str) -> str:
    """Tell how near the budget's end is."""
    spent = latest("kpi_campaign_budget_spent_ratio", ["campaign"], *where)
    return f"({spent} >= bool {SPENT_WATCH}) + ({spent} >= bool {SPENT_BEYOND})"


def silence(*where: str) -> str:
    """Find running campaigns without an impression in the last hour: their tracking may be broken."""
    shown = latest("kpi_campaign_impressions", ["campaign"], *where, 'window="1h"')
    running = latest("kpi_campaign_info", ["campaign"], *where, 'status="running"')
    return f"2 * ({shown} == bool 0) and on (campaign) {running}"


OTHERS: dict[str, Callable[..., str]] = {"pacing": pacing, "budget": budget, "silence": silence}


def highest(states: Iterable[str]) -> str:
    """Take the worst of states, by campaign."""
    return f"max by (campaign) ({_told_apart(states)})"


def attention(*where: str) -> str:
    """Add up all states of a campaign: what has most needs a look first."""
    thresholds = [against_threshold(key, *where) for key in KEYS]
    others = [state(*where) for state in OTHERS.values()]
    return f"sum by (campaign) ({_told_apart([*thresholds, *others])})"


def texts(language: Language) -> Texts:
    """Put states into words."""
    return {
        0: (say("well", language), GREEN),
        1: (say("watch", language), ORANGE),
        2: (say("beyond", language), RED),
    }


def _told_apart(states: Iterable[str]) -> str:
    numbered = enumerate(states)
    return " or ".join(f'label_replace({state}, "state", "{number}", "", "")' for number, state in numbered)


def _figure(name: str, *where: str) -> str:
    return latest(f"kpi_campaign_{name}", ["campaign"], *where, CHOSEN_WINDOW)


def _sample_suffices(key: str, *where: str) -> str:
    """Hold where the sample is at least the campaign's smallest; what is absent counts as 0."""
    sample = kpi_of(_SAMPLES[key])
    labels = ["campaign", sample.label] if sample.label else ["campaign"]
    count = f"sum by (campaign) ({latest(f'kpi_campaign_{sample.id}', labels, *where, CHOSEN_WINDOW)})"
    least = latest("kpi_campaign_min_sample", ["campaign"], *where, f'kpi="{key}"')
    return f"({count} or 0 * {least}) >= on (campaign) {least}"
