"""Alerts on the stream: whether its figures are recent and its state is stored."""

from models.metrics.pipeline_metrics import (
    CONSUMER_LAG,
    DURABLE,
    FRESHNESS,
    OPEN_TRANSACTION,
    REGISTRY_LOADED,
)
from monitoring.alerts.alert import Alert, Help, Recording
from monitoring.alerts.wording import label, sentence, value

# How fast records are applied, by a counter that stays with its process. The counter of events moves with its
# partition from worker to worker, so its rate jumps by a lifetime's count at each hand-over.
_APPLIED = f"sum(rate({FRESHNESS.count}[5m]))"
BEHIND = Recording(
    "pipeline:behind:seconds",
    f"sum(max by (topic, partition) (last_over_time({CONSUMER_LAG}[2m])))\n/\n{_APPLIED}",
)
SLOWEST = Recording(
    "pipeline:freshness_seconds:p99",
    f"histogram_quantile(0.99, sum by (le) (rate({FRESHNESS.bucket}[5m])))",
)

_LAG_LOOK = (
    f"`sum by (topic, partition) ({CONSUMER_LAG})`: all partitions or one? `{_APPLIED}`: records per second."
)
LAG = Alert(
    "KpisLagHigh", "pipeline", "warning", f"{BEHIND} > 60", "5m", "5m",
    sentence(
        f"Records for {value('seconds')} of work wait to be counted",
        f"Les enregistrements en attente demandent {value('seconds')} de travail",
    ),
    "The KPIs are behind by about as much. Infinite: records wait, and none is counted.",
    Help(
        "More arrives than is counted, or counting is slow or has stopped. For the on-call engineer.",
        _LAG_LOOK,
        "Add workers, up to the number of partitions; look at the broker and at CPU. A worker that makes "
        "no progress ends itself after three minutes.",
        "On-call, if it still grows after half an hour: alerts on campaigns come late.",
    ),
)  # fmt: skip
TRANSACTION = Alert(
    "KpisTransactionOpen", "pipeline", "warning",
    f"max by (topic, partition) ({OPEN_TRANSACTION}) > 300", "1m", "2m",
    sentence(
        f"An open transaction has held back {label('topic')}/{label('partition')} for {value('seconds')}",
        f"Une transaction ouverte retient {label('topic')}/{label('partition')} depuis {value('seconds')}",
    ),
    "What arrives behind a producer's open transaction cannot be read until it ends; no event is lost.",
    Help(
        "A producer has begun a transaction and neither commits nor aborts it: it hangs, or was killed and "
        "its timeout is long. For the on-call engineer.",
        "`kpis check` names the producer, since when, and the command that aborts its transaction.",
        "Have the producer end it, or start it again: the same transactional id ends what it left open. "
        "Else abort the transaction. A producer that commits seldom on purpose (Flink: at each checkpoint) "
        "makes the KPIs as late as it commits: silence this alert for its topics.",
        "Whoever runs the producer.",
    ),
)  # fmt: skip
FRESH = Alert(
    "KpisNotFresh", "pipeline", "warning", f"{SLOWEST} > 10", "10m", "5m",
    sentence(
        f"One event in 100 takes {value('seconds')} or more to reach the gauges",
        f"Un événement sur 100 met {value('seconds')} ou plus pour apparaître dans les jauges",
    ),
    "Usually it is a second. A restart delays what arrives meanwhile, but for less than the ten minutes "
    "that this alert waits.",
    Help(
        "Counting is slow, even if nothing piles up: long fetches, a slow broker, large pages. For the "
        "on-call engineer.",
        f"`rate({FRESHNESS.bucket}[5m])` by `instance`; how long scrapes take: "
        "`scrape_duration_seconds`.",
        "As for KpisLagHigh. Pages of some 100 000 series hold up counting: lower `KPIS_MAX_SERIES`.",
        "Nobody at night, unless KpisLagHigh fires too.",
    ),
)  # fmt: skip
NOT_DURABLE = Alert(
    "KpisStateNotDurable", "pipeline", "critical",
    f"time() - max by (partition) ({DURABLE}) > 60", "30s", "2m",
    sentence(
        f"The state of partition {label('partition')} was stored {value('seconds')} ago",
        f"L'état de la partition {label('partition')} a été enregistré il y a {value('seconds')}",
    ),
    "It is stored every second, idle or not. Nothing is lost: a restart counts on from the last stored "
    "state.",
    Help(
        "Kafka does not acknowledge writes. After two minutes the worker ends itself (exit code 3). For "
        "the on-call engineer.",
        "The broker: disk, replicas in sync, `min.insync.replicas`; `kpis check`; rights: `kpis topics "
        "list`.",
        "Repair the broker. Supervisors restart workers that ended themselves, and they carry on.",
        "On-call, at any hour.",
    ),
)  # fmt: skip
# A worker that has never seen the registry has no such series: 0 stands in, the epoch.
_LOADED = (
    f"(max by (instance) (last_over_time({REGISTRY_LOADED}[2m]))\n"
    'or on (instance) 0 * max by (instance) (up{job="campaign-kpis"} == 1))'
)
REGISTRY = Alert(
    "KpisRegistryNotSeen", "pipeline", "warning", f"time() - {_LOADED} > 120", "3m", "2m",
    sentence(
        f"{label('instance')} has not seen the campaign registry {{{{ if gt $value 1e9 }}}}at "
        f"all{{{{ else }}}}for {value('seconds')}{{{{ end }}}}",
        f"{label('instance')} n'a pas vu le registre des campagnes {{{{ if gt $value 1e9 }}}}du "
        f"tout{{{{ else }}}}depuis {value('seconds')}{{{{ end }}}}",
    ),
    "Redis is down, takes no writes, or holds a registry that cannot be read. Counting goes on with the "
    "campaigns already known, if any.",
    Help(
        "Changes to campaigns go unnoticed. A worker that has never seen the registry counts nothing. For "
        "the on-call engineer.",
        "`kpis check`; `kpis campaigns list`; the worker's log says what is wrong; `/readyz`.",
        "Start Redis, or mend what the log names. What Redis has lost or evicted, workers write again as "
        "they know it; where none ran: `kpis campaigns apply FILE` with the current files.",
        "On-call, if workers cannot start because of it; otherwise in working hours.",
    ),
)  # fmt: skip

RECORDINGS = (BEHIND, SLOWEST)
ALERTS = (LAG, TRANSACTION, FRESH, NOT_DURABLE, REGISTRY)
