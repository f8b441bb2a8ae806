"""The alert on campaigns that fell silent."""

from models.metrics.pipeline_metrics import DEAD_LETTERS
from monitoring.alerts.alert import Alert, Help, Recording
from monitoring.alerts.series import held_count, held_kpi, of_running
from monitoring.alerts.wording import NAME, figure, sentence

_SEEN = held_kpi("impressions", "1h")
_CLICKED = held_kpi("clicks", "1h")
ACTIVITY = Recording("campaign:activity:1h", f"{_SEEN} + on (campaign) {_CLICKED}")
# Six hours with at least ten events each, then one with none: by chance that happens once in 20 000. A
# campaign whose platform reports once a day has empty hours all the time, and never sets this off.
_BEFORE = f"min_over_time({ACTIVITY}[6h] offset 1h)"

SILENT = Alert(
    "CampaignSilent", "campaigns", "warning",
    of_running(f"{_BEFORE} >= 10 and on (campaign) {ACTIVITY} == 0"), "10m", "10m",
    sentence(
        "{name}: no impression and no click for an hour, after at least {before} an hour",
        "{name} : ni impression ni clic depuis une heure, après au moins {before} par heure",
        name=NAME, before="{{ $value | printf \"%.0f\" }}",
    ),
    f"In the last 24 h: {figure(held_count('impressions', '24h'), 'whole')} impressions.",
    Help(
        "Nobody sees the campaign any more, or its events do not reach us: pixel, links, a platform's "
        "export, or the producer. For its manager; for the on-call engineer if several campaigns fall "
        "silent at once.",
        f"One campaign or all? `{ACTIVITY}`. Do its events arrive and get refused? `sum by (topic, reason) "
        f"(increase({DEAD_LETTERS}[1h]))`. `kpis check`.",
        "Open a link and a page with the pixel. Validate what the producer sends: `kpis validate FILE`.",
        "On-call, if all campaigns of a producer are silent.",
    ),
)  # fmt: skip

RECORDINGS = (_SEEN, _CLICKED, ACTIVITY)
ALERTS = (SILENT,)
