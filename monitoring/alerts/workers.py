"""Alerts on workers, and on campaigns that no worker shows."""

from models.metrics.campaign_metrics import INFO
from models.metrics.pipeline_metrics import CONSUMER_LAG, HALTED, PARTITIONS
from monitoring.alerts.alert import Alert, Help
from monitoring.alerts.wording import label, sentence, value
from monitoring.promql import Selector, select

_UP = 'up{job="campaign-kpis"}'
_SHOWN = Selector(INFO.name, ('status=~"running|grace"',))
_RECOVERING = select(PARTITIONS, state="recovering")

DEAD_MANS_SWITCH = Alert(
    "KpisDeadMansSwitch", "pipeline", "none", "vector(1)", "0s", "0s",
    sentence("Alerts work", "Les alertes fonctionnent"),
    "It always fires, and must reach a service elsewhere that raises the alarm when it stops.",
    Help(
        "Prometheus evaluates rules and Alertmanager sends alerts. Its *absence* is the alarm.",
        "`up`, `/-/ready` of Prometheus and Alertmanager, the log of Alertmanager.",
        "Start what is down. The receiver `heartbeat` in alertmanager.yml says where it goes.",
        "On-call, when it stops: no other alert can come.",
    ),
)  # fmt: skip
NO_WORKER = Alert(
    "KpisNoWorkerUp", "pipeline", "critical", f"absent({_UP} == 1)", "1m", "2m",
    sentence(
        "No worker answers: nothing is counted, no campaign is shown",
        "Aucun worker ne répond : rien n'est compté, aucune campagne n'est affichée",
    ),
    "Kafka keeps the events, and they are counted once a worker is back. Meanwhile no alert on a campaign "
    "can fire.",
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
    sentence(
        f"The worker {label('instance')} does not answer",
        f"Le worker {label('instance')} ne répond pas",
    ),
    "The others take its campaigns over within half a minute. If they do not, CampaignHidden fires.",
    Help(
        "One worker fewer; the figures are right as long as another runs. For the on-call engineer.",
        f"Its log and exit code; `/livez`. `sum({select(PARTITIONS, state='live')})`: are all "
        "partitions held?",
        "Let its supervisor restart it. One that keeps coming and going hides its campaigns for seconds "
        "each time: stop it.",
        "Nobody, while others are up and nothing is hidden.",
    ),
)  # fmt: skip
HALT = Alert(
    "KpisWorkerHalted", "pipeline", "critical",
    f"max by (instance) (last_over_time({HALTED}[2m])) > 0", "1m", "2m",
    sentence(
        f"{label('instance')} waits until a topic or its state is mended",
        f"{label('instance')} attend qu'un sujet ou son état soit réparé",
    ),
    "It counts nothing, and does not end itself: starting it again would only meet the same. Kafka keeps "
    "the events.",
    Help(
        "The state is damaged, emptied or of another release, a topic was deleted or is configured so that "
        "state would be lost, or a record is refused. For the on-call engineer.",
        "`/readyz` of that worker, or its log: one sentence with the remedy; `kpis check`.",
        "Do what it says. The worker looks every 5 to 60 s, and goes on by itself; restarting it is no harm "
        "and no help. State that is lost is counted anew from the topics: [rebuild](rebuild.md).",
        "On-call, at any hour: its campaigns go to the other workers, which meet the same.",
    ),
)  # fmt: skip
HIDDEN = Alert(
    "CampaignHidden", "pipeline", "critical",
    f"(max by (campaign, owner) (last_over_time({_SHOWN}[30m]))\n"
    f"unless on (campaign) last_over_time({INFO}[2m]))\n"
    # A deleted campaign is on no page either.
    f'and on () (count({_UP} == 0) or count({_RECOVERING} > 0) or '
    f"absent({_UP}))",
    "1m", "2m",
    sentence(
        f"{label('campaign')} is on no page any more",
        f"{label('campaign')} n'est plus sur aucune page",
    ),
    "For three minutes no worker shows it, and a worker is down or still restores. Its other alerts are "
    "silenced.",
    Help(
        "Nobody sees its figures, and its alerts cannot fire. No event is lost. For the on-call engineer; "
        "its owner may ask.",
        f"`sum by (state) ({PARTITIONS})`, `{_UP}`, `/readyz` of each worker.",
        "Start a worker, or wait for the one that restores (KpisRecoveryTooLong).",
        "On-call, at any hour.",
    ),
)  # fmt: skip
RECOVERY = Alert(
    "KpisRecoveryTooLong", "pipeline", "warning",
    f"max by (instance) (last_over_time({_RECOVERING}[2m])) > 0", "5m", "1m",
    sentence(
        f"{label('instance')}: {value('whole')} partitions are not live after five minutes",
        f"{label('instance')} : {value('whole')} partitions pas encore actives après cinq minutes",
    ),
    "A worker is ready within a minute, plus the time to apply what waited. Until then its campaigns are "
    "hidden.",
    Help(
        "State is being restored, or a backlog worked off. A worker that rebuilds (`--rebuild`) takes as "
        "long as it needs: do not scrape it, or silence this alert.",
        f"`/readyz` says how far it has come. Does `{CONSUMER_LAG}` fall?",
        "If the lag falls: wait, or add workers. If not: read the worker's log, then look at the broker.",
        "On-call, if CampaignHidden fires too.",
    ),
)  # fmt: skip

ALERTS = (DEAD_MANS_SWITCH, NO_WORKER, WORKER_DOWN, HALT, HIDDEN, RECOVERY)
