"""The alert on campaigns that fell silent."""

from models.metrics.pipeline_metrics import DEAD_LETTERS
from monitoring.alerts.alert import Alert, Help
from monitoring.alerts.series import BEYOND, concern, held_kpi, of_running
from monitoring.alerts.wording import NAME, figure, sentence
from monitoring.promql import select_kpi

_SEEN = held_kpi("impressions", "24h")
_HOURLY = select_kpi("campaign", "impressions", window="1h")

SILENT = Alert(
    "CampaignSilent", "campaigns", "warning",
    of_running(f"{concern('silence')} == {BEYOND}"), "10m", "10m",
    sentence(
        "{name}: likely interrupted; it has been silent for longer than its own rhythm explains, with {seen} "
        "impressions in the last 24 h",
        "{name} : probablement interrompue ; elle se tait depuis plus longtemps que son rythme habituel ne "
        "l'explique, avec {seen} impressions sur les dernières 24 h",
        name=NAME, seen=figure(_SEEN, "whole"),
    ),
    "Nights and quiet days of this campaign are taken into account.",
    Help(
        "Nobody sees the campaign any more, or its events do not reach us: pixel, links, a platform's "
        "export, or the producer. For its manager; for the on-call engineer if several campaigns fall "
        "silent at once.",
        f"One campaign or all? `{_HOURLY}`. Do its events arrive and get refused? `sum by (topic, reason) "
        f"(increase({DEAD_LETTERS}[1h]))`. `kpis check`.",
        "Open a link and a page with the pixel. Validate what the producer sends: `kpis validate FILE`.",
        "On-call, if all campaigns of a producer are silent.",
    ),
)  # fmt: skip

RECORDINGS = (_SEEN,)
ALERTS = (SILENT,)
