"""The alert on campaigns that fell silent."""

from models.metrics.pipeline_metrics import DEAD_LETTERS
from monitoring.alerts.alert import Alert, Help, Recording
from monitoring.alerts.series import held_count, held_kpi, of_running
from monitoring.alerts.wording import NAME, figure, told

_SEEN = held_kpi("impressions", "1h")
_CLICKED = held_kpi("clicks", "1h")
ACTIVITY = Recording("campaign:activity:1h", f"{_SEEN} + on (campaign) {_CLICKED}")
# Six hours, each of which had ten events, then one that has none: by chance that is one in 20 000. A campaign
# whose platform reports once a day has hours without any, and is never told of.
_BEFORE = f"min_over_time({ACTIVITY}[6h] offset 1h)"

SILENT = Alert(
    "CampaignSilent", "campaigns", "warning",
    of_running(f"{_BEFORE} >= 10 and on (campaign) {ACTIVITY} == 0"), "10m", "10m",
    told(
        "{name}: no impression and no click for an hour, after {before} an hour at least",
        "{name} : ni impression ni clic depuis une heure, après au moins {before} par heure",
        name=NAME, before="{{ $value | printf \"%.0f\" }}",
    ),
    f"In the last 24 h: {figure(held_count('impressions', '24h'), 'whole')} impressions.",
    Help(
        "Nobody sees the campaign any more, or its events do not reach us: pixel, links, a platform's "
        "export, or the producer. For its manager; for the on-call engineer where several campaigns are "
        "silent at once.",
        f"One campaign or all: `{ACTIVITY}`. Do they come and get refused? `sum by (topic, "
        f"reason) (increase({DEAD_LETTERS}[1h]))`. `kpis check`.",
        "Open a link and a page with the pixel. Validate what the producer sends: `kpis validate FILE`.",
        "On-call, where all campaigns of a producer are silent.",
    ),
)  # fmt: skip

RECORDINGS = (_SEEN, _CLICKED, ACTIVITY)
ALERTS = (SILENT,)
