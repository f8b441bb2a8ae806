"""Alerts on workers, and on campaigns that none of them shows."""

from models.metrics.campaign_metrics import INFO
from models.metrics.pipeline_metrics import CONSUMER_LAG, PARTITIONS
from monitoring.alerts.alert import Alert, Help
from monitoring.alerts.wording import label, told, value
from monitoring.promql import Selector, select

_UP = 'up{job="campaign-kpis"}'
_SHOWN = Selector(INFO.name, ('status=~"running|grace"',))
_RECOVERING = select(PARTITIONS, state="recovering")

DEAD_MANS_SWITCH = Alert(
    "KpisDeadMansSwitch", "pipeline", "none", "vector(1)", "0s", "0s",
    told("Alerts work", "Les alertes fonctionnent"),
    "Fires always; it is to reach a service elsewhere, which tells when it does not any more.",
    Help(
        "Prometheus evaluates and Alertmanager sends. Its *absence* is the alarm.",
        "`up`, `/-/ready` of Prometheus and Alertmanager, the log of Alertmanager.",
        "Start what is down. The receiver `heartbeat` in alertmanager.yml says where it goes.",
        "On-call, when it stops: no other alert can come.",
    ),
)  # fmt: skip
NO_WORKER = Alert(
    "KpisNoWorkerUp", "pipeline", "critical", f"absent({_UP} == 1)", "1m", "2m",
    told(
        "No worker answers: nothing is counted, no campaign is shown",
        "Aucun worker ne répond : rien n'est compté, aucune campagne n'est affichée",
    ),
    "Kafka keeps the events, and they are counted once a worker is back. No campaign's alert can fire "
    "meanwhile.",
    Help(
        "All workers are down, or Prometheus looks in the wrong place (`targets/`). For the on-call "
        "engineer.",
        f"`{_UP}`; the workers' logs and exit codes (3: it stopped itself, the log says "
        "why); "
        "`kpis check`.",
        "Start workers. If they end at once, do what their last line says.",
        "On-call, at any hour.",
    ),
)  # fmt: skip
WORKER_DOWN = Alert(
    "KpisWorkerDown", "pipeline", "warning", f"{_UP} == 0", "2m", "2m",
    told(
        f"The worker {label('instance')} does not answer",
        f"Le worker {label('instance')} ne répond pas",
    ),
    "The others take its campaigns over within half a minute. If they do not, CampaignHidden tells.",
    Help(
        "One worker less; the numbers are right as long as another runs. For the on-call engineer.",
        f"Its log and exit code; `/livez`. `sum({select(PARTITIONS, state='live')})`: are all "
        "partitions held?",
        "Let its supervisor start it. One that comes and goes hides all campaigns for seconds each time: "
        "stop it.",
        "Nobody, while others are up and nothing is hidden.",
    ),
)  # fmt: skip
HIDDEN = Alert(
    "CampaignHidden", "pipeline", "critical",
    f"(max by (campaign, owner) (last_over_time({_SHOWN}[30m]))\n"
    f"unless on (campaign) last_over_time({INFO}[2m]))\n"
    # A campaign that was deleted is on no page either.
    f'and on () (count({_UP} == 0) or count({_RECOVERING} > 0) or '
    f"absent({_UP}))",
    "1m", "2m",
    told(
        f"{label('campaign')} is on no page any more",
        f"{label('campaign')} n'est plus sur aucune page",
    ),
    "For three minutes no worker shows it, and a worker is down or still restores. Its other alerts are "
    "silenced.",
    Help(
        "Its figures and alerts are blind. Events are not lost. For the on-call engineer; its owner may ask.",
        f"`sum by (state) ({PARTITIONS})`, `{_UP}`, `/readyz` of each worker.",
        "Start a worker, or wait for the one that restores (KpisRecoveryTooLong).",
        "On-call, at any hour.",
    ),
)  # fmt: skip
RECOVERY = Alert(
    "KpisRecoveryTooLong", "pipeline", "warning",
    f"max by (instance) (last_over_time({_RECOVERING}[2m])) > 0", "5m", "1m",
    told(
        f"{label('instance')}: {value('whole')} partitions are not live after five minutes",
        f"{label('instance')} : {value('whole')} partitions pas encore actives après cinq minutes",
    ),
    "A worker is ready within a minute, and the time to apply what waited. Until then those campaigns are "
    "hidden.",
    Help(
        "State is restored, or a backlog is worked off. A worker that rebuilds (`--rebuild`) does so for as "
        "long "
        "as it needs: do not scrape it, or silence this alert.",
        f"`/readyz` says how far it is; `{CONSUMER_LAG}` falls, or does not.",
        "Where the lag falls: wait, or add workers. Where it does not: its log, then the broker.",
        "On-call, if CampaignHidden fires too.",
    ),
)  # fmt: skip

ALERTS = (DEAD_MANS_SWITCH, NO_WORKER, WORKER_DOWN, HIDDEN, RECOVERY)
