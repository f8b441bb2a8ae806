"""What needs a look: campaigns against their thresholds, pacing and budget.

A state is 0 (fine), EARLY (too early to say) or BEYOND (beyond, and not by chance).
"""

from collections.abc import Callable, Iterable

from models.kpis.catalogue import KPIS, kpi, tolerance
from models.kpis.kpi import Kpi
from models.metrics.campaign_metrics import INFO, MIN_SAMPLE
from models.metrics.kpi_metrics import SIDES, Side, kpi_metric
from models.words import Language, Words
from monitoring.dashboards.language import say
from monitoring.dashboards.panels import GREEN, ORANGE, RED, Colours, Texts
from monitoring.dashboards.queries import CHOSEN_WINDOW, latest, of_kpi, threshold

JUDGED: tuple[Kpi, ...] = tuple(entry for entry in KPIS if entry.threshold is not None)
_TOLERANCE = tolerance("pacing_ratio")
EARLY, BEYOND = 1, 10
PACING_COLOURS: Colours = (
    (None, RED),
    (1 - _TOLERANCE, GREEN),
    (1 + _TOLERANCE, RED),
)
SPENT_COLOURS: Colours = ((None, GREEN), (1, RED))
COLOURS = {"pacing_ratio": PACING_COLOURS, "budget_spent_ratio": SPENT_COLOURS}


def against_threshold(kpi: Kpi, *where: str) -> str:
    """Compare with the threshold: beyond if both bounds are, early if one is or the sample is small.

    A KPI without bounds is compared as it is. A cost per acquisition without conversions has no upper bound:
    it is early until its lower one is beyond.
    """
    key, compared = _key_of(kpi), ">" if kpi.threshold and kpi.threshold.bound == "max" else "<"
    sides: tuple[Side | None, ...] = SIDES if kpi.bounds else (None, None)
    near, far = (_figure(kpi, side, *where) for side in (sides if compared == ">" else reversed(sides)))
    limit = f"max by (campaign) ({threshold(key, *where)})"
    known = f"{EARLY} + 0 * {near} + 0 * {limit}"
    suffices = _sample_suffices(kpi, *where)
    return _highest(
        [
            f"{EARLY} * ({far} {compared} bool {limit})",
            f"{known} unless on (campaign) {far}",
            f"{known} unless on (campaign) ({suffices})",
            f"{BEYOND} * ({near} {compared} bool {limit}) and on (campaign) ({suffices})",
        ]
    )


def pacing(*where: str) -> str:
    """Find running campaigns that spend off plan."""
    pace = of_kpi(kpi("pacing_ratio"), "campaign", *where)
    return f"{BEYOND} * (abs({pace} - 1) > bool {_TOLERANCE}) and on (campaign) {_running(*where)}"


def budget(*where: str) -> str:
    """Find campaigns that have spent more than their budget."""
    spent = of_kpi(kpi("budget_spent_ratio"), "campaign", *where)
    return f"{BEYOND} * ({spent} > bool 1)"


def silence(*where: str) -> str:
    """Find running campaigns without an impression in the last hour: their tracking may be broken."""
    shown = latest(kpi_metric(kpi("impressions"), "campaign"), ["campaign"], *where, 'window="1h"')
    return f"{BEYOND} * ({shown} == bool 0) and on (campaign) {_running(*where)}"


SILENCE = Words("Tracking", "Suivi")
OTHERS: dict[Words, Callable[..., str]] = {
    kpi("pacing_ratio").name: pacing,
    kpi("budget_spent_ratio").name: budget,
    SILENCE: silence,
}


def attention(*where: str) -> str:
    """Count what is beyond, and in tenths what is early: the campaign with most needs a look first."""
    thresholds = [against_threshold(entry, *where) for entry in JUDGED]
    others = [state(*where) for state in OTHERS.values()]
    return f"sum by (campaign) ({_told_apart([*thresholds, *others])}) / {BEYOND}"


def explained(language: Language) -> str:
    """Say what the states mean."""
    return say("needs_a_look_about", language, tolerance=f"{_TOLERANCE * 100:.0f} %")


def texts(language: Language) -> Texts:
    """Put states into words."""
    return {
        0: (say("well", language), GREEN),
        EARLY: (say("early", language), ORANGE),
        BEYOND: (say("beyond", language), RED),
    }


def _highest(states: Iterable[str]) -> str:
    return f"max by (campaign) ({_told_apart(states)})"


def _running(*where: str) -> str:
    return latest(INFO, ["campaign"], *where, 'status="running"')


def _told_apart(states: Iterable[str]) -> str:
    numbered = enumerate(states)
    return " or ".join(f'label_replace({state}, "state", "{number}", "", "")' for number, state in numbered)


def _figure(kpi: Kpi, side: Side | None, *where: str) -> str:
    """Read a figure of a campaign, without its currency, so that it compares with a threshold."""
    return latest(kpi_metric(kpi, "campaign", side), ["campaign"], *where, CHOSEN_WINDOW)


def _key_of(kpi: Kpi) -> str:
    assert kpi.threshold is not None
    return kpi.threshold.name


def _sample_suffices(judged: Kpi, *where: str) -> str:
    """Keep campaigns whose sample reaches their minimum; an absent sample counts as 0."""
    assert judged.sample is not None
    sample = kpi(judged.sample.kpi)
    count = f"sum by (campaign) ({of_kpi(sample, 'campaign', *where)})"
    least = latest(MIN_SAMPLE, ["campaign"], *where, f'kpi="{_key_of(judged)}"')
    return f"({count} or 0 * {least}) >= on (campaign) {least}"
