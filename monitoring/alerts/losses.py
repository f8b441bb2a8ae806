"""Alerts on events that are not in the numbers, or not where one looks: refused, late, lost, missing."""

from models.metrics.pipeline_metrics import DEAD_LETTERS, EVENTS, FORWARDING_HOLES, LATE_EVENTS, LOST_RECORDS
from monitoring.alerts.alert import Alert, Help, Recording
from monitoring.alerts.wording import label, sentence, value
from monitoring.promql import Selector, select

# A partition takes its counts along from worker to worker. During a hand-over the sum over all pages dips for
# seconds, or counts a partition twice where its old page was scraped just before: the median of five minutes
# does neither.
LOST = Recording(
    "pipeline:lost_records:median5m",
    f"quantile_over_time(0.5, (sum by (topic) ({LOST_RECORDS}))[5m:15s])",
)


def _refused(by: str) -> str:
    return f"sum by ({by}) (rate({select(EVENTS, outcome='refused')}[5m]))"


_EVENTS = f"sum by (topic) (rate({EVENTS}[5m]))"
_LATE = f"sum by (topic) (rate({LATE_EVENTS}[5m]))"
MANY_DEAD_LETTERS = Alert(
    "KpisManyDeadLetters", "pipeline", "warning",
    # Counters jump in a hand-over, so their rate is wrong for the five minutes that it looks back: the alert
    # waits longer. At least one record in 15 s must be refused.
    f"{_refused('topic')} / {_EVENTS} > 0.05 and {_refused('topic')} > 1 / 15", "10m", "15m",
    sentence(
        f"{value('share')} of the records of {label('topic')} are refused",
        f"{value('share')} des enregistrements de {label('topic')} sont refusés",
    ),
    "Most often: {{ range query (printf `topk(1, sum by (reason) "
    f"(rate({Selector(DEAD_LETTERS.name, ('topic=%q',))}[5m])))` $labels.topic) "
    "}}{{ .Labels.reason }}{{ end }}.",
    Help(
        "A producer sends invalid events, or a campaign is not registered. Nothing is lost: the bytes are "
        "on `dead-letters`. For the on-call engineer, and whoever runs the producer.",
        f"`sum by (topic, reason) (rate({DEAD_LETTERS}[5m]))`; by campaign and source: `kpis dead-letters "
        "list --since 1h`; what was wrong with the last ones: `kpis dead-letters show --limit 5`.",
        "`unknown_campaign`, `unknown_influencer`, `outside_flight`, `unknown_currency`: correct the "
        "campaign file, apply it, and send what counts now: `kpis dead-letters reinject` "
        "([dead letters](dead-letters.md)). Other reasons: show the producer's developer "
        "`kpis dead-letters show`, and have the events sent again, corrected.",
        "Nobody at night, unless a whole topic is refused.",
    ),
)  # fmt: skip
MANY_LATE = Alert(
    "KpisManyLateEvents", "pipeline", "warning",
    # As above: a hand-over spoils the rate for as long as it looks back. At least one event in 15 s must be
    # late.
    f"{_LATE} / {_EVENTS} > 0.2 and {_LATE} > 1 / 15", "30m", "30m",
    sentence(
        f"{value('share')} of the events of {label('topic')} arrive more than a day late",
        f"{value('share')} des événements de {label('topic')} arrivent avec plus d'un jour de retard",
    ),
    "They count over the flight and are missing in the windows of the last hours.",
    Help(
        "A producer sends what happened days ago, or its clock is wrong. Recent windows show too "
        "little, the flight is right. For the on-call engineer, and whoever runs the producer.",
        f"`sum by (topic) (rate({LATE_EVENTS}[5m]))`; the `source` and `event_time` of what "
        "arrives: `kcat -C -b BROKER -t TOPIC -o -20 -e`.",
        "Nothing where somebody sends old events on purpose (`kpis replay`, a platform's report): silence "
        "it for as long as that takes. Otherwise have the producer send sooner, or fix its clock.",
        "Nobody at night.",
    ),
)  # fmt: skip
RECORDS_LOST = Alert(
    "KpisRecordsLost", "pipeline", "critical",
    # No `for`: the median has waited already.
    f"{LOST} > max_over_time({LOST}[1h] offset 5m)", "0s", "1h",
    sentence(
        f"Records of {label('topic')} were deleted before they were counted: {value('whole')} so far",
        f"Des enregistrements de {label('topic')} ont été supprimés avant d'être comptés : "
        f"{value('whole')} en tout",
    ),
    "Retention deleted them while workers were down or behind. They are in no figure.",
    Help(
        "The figures are too low, for good. For the on-call engineer; the owners of running campaigns must "
        "know.",
        f"`sum by (topic) ({LOST_RECORDS})`; how long workers were down; the topic's retention, against "
        "`KPIS_RETENTION`.",
        "Lengthen the retention before anything else. Have producers send that period again, but with "
        "care: what was counted already is known as a duplicate only for an hour (orders for ever).",
        "On-call, at any hour: it may still go on.",
    ),
)  # fmt: skip
_HOLES = f"max by (instance) (last_over_time({FORWARDING_HOLES}[2m]))"
HOLE = Alert(
    "KpisForwardingHole", "pipeline", "critical",
    # Counted since the worker took its partitions, so one that begins with a hole shows no increase.
    f"(max by (instance) (increase({FORWARDING_HOLES}[15m])) > 0)\nor\n"
    f"(({_HOLES} > 0) unless on (instance) {FORWARDING_HOLES} offset 15m)", "0s", "1h",
    sentence(
        f"{label('instance')} misses events that were forwarded to it",
        f"Il manque à {label('instance')} des événements qui lui étaient transmis",
    ),
    "The forwarding topic lost records. Some campaigns count too little until the state is rebuilt.",
    Help(
        "Events that came on another partition than their campaign's are missing. For the on-call engineer.",
        "The worker's log names topic, partition and offset; retention of the topic that ends in "
        "`-forwarded`: `kpis topics list`.",
        "Put right what deleted them, then `kpis worker --rebuild` ([rebuild.md](rebuild.md)): the input "
        "topics still hold the events.",
        "On-call, in working hours; at night if the count rises.",
    ),
)  # fmt: skip

RECORDINGS = (LOST,)
ALERTS = (MANY_DEAD_LETTERS, MANY_LATE, RECORDS_LOST, HOLE)
