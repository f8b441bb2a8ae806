"""Alerts on the pipeline: whether what the campaigns' alerts see is there, fresh and whole."""

from monitoring.alerts.alert import Alert, Recording
from monitoring.alerts.annotations import SHARE, WHOLE, label, value

_UP = 'up{job="campaign-kpis"}'
_LOST = "topic:kpi_pipeline_lost_records:sum"
_DURATION = "humanizeDuration"

RECORDINGS = (Recording(_LOST, "sum by (topic) (kpi_pipeline_lost_records_total)"),)


def _grown(metric: str, minutes: int, by: str) -> str:
    return f"sum by ({by}) (increase({metric}[{minutes}m]))"


ALERTS = (
    Alert(
        "KpisNoWorkerUp",
        f"absent({_UP} == 1)",
        "1m",
        "critical",
        "No worker answers: nothing is counted and no KPI is shown",
        "Kafka keeps the events, to be counted once a worker is back. No campaign's alert fires meanwhile.",
        stays="2m",
        french="aucun worker ne répond : rien n'est compté ni montré",
    ),
    Alert(
        "KpisWorkerDown",
        f"{_UP} == 0",
        "2m",
        "warning",
        f"The worker {label('instance')} does not answer",
        "The others take its partitions over after 10 s, if there are any.",
        stays="2m",
        french=f"le worker {label('instance')} ne répond pas",
    ),
    Alert(
        "KpisRecoveryTooLong",
        'kpi_pipeline_partitions{state="recovering"} > 0',
        "5m",
        "critical",
        f"{value(WHOLE)} partitions of {label('instance')} are not live yet: their campaigns are on no page",
        "State is restored, or what waited in Kafka is applied: usually within a minute.",
        french=f"{value(WHOLE)} partitions de {label('instance')} ne sont pas encore à jour",
    ),
    Alert(
        "KpisLagHigh",
        "sum by (topic) (max by (topic, partition) (kpi_pipeline_consumer_lag_records)) > 100000",
        "5m",
        "warning",
        f"{value(WHOLE)} records of {label('topic')} wait to be counted",
        "The KPIs are behind. A worker counts a hundred thousand a second: is one away, or the broker slow?",
        stays="5m",
        french=f"{value(WHOLE)} événements de {label('topic')} attendent d'être comptés",
    ),
    Alert(
        "KpisNotFresh",
        "histogram_quantile(0.99, sum by (le) (rate(kpi_pipeline_freshness_seconds_bucket[5m]))) > 10",
        "5m",
        "warning",
        f"Of 100 events one takes {value(_DURATION)} or longer until the gauges show it",
        "From the record's arrival at the broker; usually below a second.",
        stays="5m",
        french=f"un événement sur cent met {value(_DURATION)} ou plus à apparaître",
    ),
    Alert(
        "KpisStateNotDurable",
        "time() - max by (partition) (kpi_pipeline_durable_timestamp_seconds) > 60",
        "1m",
        "critical",
        f"The state of partition {label('partition')} was not stored for {value(_DURATION)}",
        "Usually stored each second. Nothing is lost, but a restart has all of it to count again; after two "
        "minutes the worker ends itself.",
        french=f"l'état de la partition {label('partition')} n'est plus stocké depuis {value(_DURATION)}",
    ),
    Alert(
        "KpisManyDeadLetters",
        f"{_grown('kpi_pipeline_dead_letters_total', 15, 'topic')} > 100\nand on (topic) "
        f"{_grown('kpi_pipeline_dead_letters_total', 15, 'topic')} / "
        f"{_grown('kpi_pipeline_events_total', 15, 'topic')} > 0.05",
        "5m",
        "warning",
        f"{value(WHOLE)} records of {label('topic')} were refused in 15 minutes, more than one in twenty",
        "By reason: kpi_pipeline_dead_letters_total; each one, with its reason, on the topic dead-letters.",
        stays="15m",
        french=f"{value(WHOLE)} événements de {label('topic')} refusés en 15 minutes, plus d'un sur vingt",
    ),
    Alert(
        "KpisRecordsLost",
        # A worker tells at its start what was lost while it was away: an increase would not show it.
        f"{_LOST} > max_over_time({_LOST}[1d] offset 5m)",
        "0s",
        "critical",
        f"Records of {label('topic')} were deleted before they were counted: {value(WHOLE)} up to now",
        "Retention is shorter than the time that workers were away or behind.",
        stays="1h",
        french=f"des événements de {label('topic')} ont été supprimés avant d'être comptés",
    ),
    Alert(
        "KpisForwardingHole",
        "sum(increase(kpi_pipeline_forwarding_holes_total[15m])) > 0",
        "0s",
        "critical",
        "Forwarded events are missing: some campaigns count too little",
        "Records of the forwarding topic were deleted before they were read. Count the state anew.",
        stays="1h",
        french="des événements transmis entre workers manquent",
    ),
    Alert(
        "KpisRegistryNotSeen",
        "time() - max by (instance) (kpi_pipeline_registry_loaded_timestamp_seconds) > 120",
        "3m",
        "warning",
        f"{label('instance')} has not seen the campaign registry for {value(_DURATION)}",
        "Redis is away, empty, or holds an older registry. Counting goes on with the campaigns known; "
        "changes are not seen.",
        french=f"{label('instance')} ne voit plus le registre des campagnes depuis {value(_DURATION)}",
    ),
    Alert(
        "KpisSeriesDropped",
        "sum by (scope) (max_over_time(kpi_pipeline_series_dropped[5m])) > 0",
        "15m",
        "info",
        f"{value(WHOLE)} series of {label('scope')} scope are left out of the page",
        "The least active first; they are counted all the same. Raise KPIS_MAX_SERIES, or add workers.",
        stays="15m",
        french=f"{value(WHOLE)} séries de niveau {label('scope')} ne sont pas montrées",
    ),
    Alert(
        "KpisLeavesCapped",
        "max by (campaign) (last_over_time(kpi_pipeline_leaves_capped[2m])) > 0",
        "15m",
        "warning",
        f"{label('campaign')} has more contents than KPIS_MAX_LEAVES: new ones count as __other__",
        "Often ids that change with each event: `kpis show` tells which. As a whole the campaign is right.",
        stays="1h",
        french=f"{label('campaign')} a trop de contenus : les nouveaux comptent sous __other__",
    ),
    Alert(
        "KpisDuplicateHorizonShort",
        "min(kpi_pipeline_duplicate_horizon_seconds) < 600",
        "1h",
        "info",
        f"Duplicates are recognised only {value(_DURATION)} back",
        "More ids arrive than KPIS_DUPLICATE_IDS holds: an event that a producer repeats later counts twice.",
        stays="1h",
        french=f"les doublons ne sont reconnus que sur {value(_DURATION)}",
    ),
    Alert(
        "KpisHighShareOfLateEvents",
        f"{_grown('kpi_pipeline_late_events_total', 60, 'topic')} / "
        f"{_grown('kpi_pipeline_events_total', 60, 'topic')} > 0.1",
        "30m",
        "info",
        f"{value(SHARE)} of the events of {label('topic')} arrive more than a day after they happened",
        "They count in the flight alone: 24 h and shorter windows read too low.",
        stays="1h",
        french=f"{value(SHARE)} des événements de {label('topic')} arrivent plus d'un jour après",
    ),
    Alert(
        "KpisDeadMansSwitch",
        "vector(1)",
        "0s",
        "none",
        "Alerting works",
        "Fires always. Have somebody else tell you when it does not arrive any more.",
        french="l'alerte fonctionne",
    ),
)
