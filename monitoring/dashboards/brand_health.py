"""Whether texts are rated and interactions judged: what sentiment and authenticity stand on."""

from grafana_foundation_sdk.builders.timeseries import Panel as Curves

from models.metrics.pipeline_metrics import (
    AUTHENTICITY_BYTES,
    AUTHENTICITY_EVICTED,
    RATED_OTHERWISE,
    READ_TEXTS,
    TEXTS_WAITING,
    UNRATED_TEXTS,
)
from models.words import Language
from monitoring.dashboards.health_panels import drawn
from monitoring.dashboards.queries import latest, rate_of_fleet
from monitoring.dashboards.units import BYTES, COUNT, PER_SECOND


def panels(language: Language) -> list[Curves]:
    """Return the panels of the row."""
    read, unrated = rate_of_fleet(READ_TEXTS, ["model"]), rate_of_fleet(UNRATED_TEXTS, ["reason"])
    waiting, taken = (f"sum by (instance) ({metric})" for metric in (TEXTS_WAITING, AUTHENTICITY_BYTES))
    otherwise, forgotten = (
        latest(RATED_OTHERWISE, ["campaign"]),
        rate_of_fleet(AUTHENTICITY_EVICTED, ["table"]),
    )
    return [
        drawn("read", read, "{{model}}", PER_SECOND, language),
        drawn("unrated", unrated, "{{reason}}", PER_SECOND, language),
        drawn("waiting", waiting, "{{instance}}", COUNT, language),
        drawn("rated_otherwise", otherwise, "{{campaign}}", COUNT, language),
        drawn("judging_bytes", taken, "{{instance}}", BYTES, language),
        drawn("forgotten", forgotten, "{{table}}", PER_SECOND, language),
    ]
