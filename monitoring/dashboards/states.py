"""What needs a look: the verdicts on campaigns' thresholds and concerns, as the worker gives them.

Alerts and the terminal read the same series; nothing is compared here.
"""

from models.kpis.catalogue import KPIS
from models.kpis.concerns import Concern
from models.kpis.kpi import Kpi
from models.metrics.campaign_metrics import CONCERN_VERDICT, VERDICT
from models.windows import FLIGHT
from models.words import Language, Words
from monitoring.dashboards.language import say
from monitoring.dashboards.panels import GREEN, ORANGE, RED, Texts
from monitoring.dashboards.queries import latest

JUDGED: tuple[Kpi, ...] = tuple(entry for entry in KPIS if entry.threshold is not None)
WELL, EARLY, BEYOND = 1, 0, -1
CONCERNS: dict[Concern, Words] = {
    "overspend": Words("Overspending", "Dépassement du budget"),
    "underspend": Words("Underspending", "Sous-utilisation du budget"),
    "silence": Words("Tracking", "Suivi"),
    "sentiment_drop": Words("Sentiment of the last 24 h", "Sentiment des dernières 24 h"),
    "suspicious_burst": Words("Suspicious burst", "Rafale suspecte"),
}
_OVER_FLIGHT = f'window="{FLIGHT}"'


def against_threshold(kpi: Kpi, *where: str) -> str:
    """Read the verdict on a KPI over the flight, whatever window is chosen."""
    assert kpi.threshold is not None
    return latest(VERDICT, ["campaign"], *where, f'kpi="{kpi.threshold.name}"', _OVER_FLIGHT)


def concern(name: Concern, *where: str) -> str:
    """Read the verdict on a concern."""
    return latest(CONCERN_VERDICT, ["campaign"], *where, f'concern="{name}"')


def attention(*where: str) -> str:
    """Count what is beyond, and in tenths what is early: the campaign with most needs a look first."""
    thresholds = latest(VERDICT, ["campaign", "kpi"], *where, _OVER_FLIGHT)
    concerns = latest(CONCERN_VERDICT, ["campaign", "concern"], *where)
    every = (
        f"({given} == bool {BEYOND}) + 0.1 * ({given} == bool {EARLY})" for given in (thresholds, concerns)
    )
    return f"sum by (campaign) ({' or '.join(every)})"


def explained(language: Language) -> str:
    """Say what the states mean."""
    return say("needs_a_look_about", language)


def texts(language: Language) -> Texts:
    """Put verdicts into words."""
    return {
        WELL: (say("well", language), GREEN),
        EARLY: (say("early", language), ORANGE),
        BEYOND: (say("beyond", language), RED),
    }


def texts_of(name: Concern, language: Language) -> Texts:
    """Put the verdicts on a concern into words."""
    if name != "silence":
        return {**texts(language), BEYOND: (say("likely", language), RED)}
    return {
        WELL: (say("events_come", language), GREEN),
        EARLY: (say("early", language), ORANGE),
        BEYOND: (say("no_events", language), RED),
    }
