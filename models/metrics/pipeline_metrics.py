"""The metrics of the pipeline's own health."""

from typing import Literal

from models.metrics import metric
from models.metrics.metric import Metric
from models.scopes import OTHER, Leaf
from models.words import listed

PREFIX = f"{metric.PREFIX}_pipeline_"
"""What the names of these metrics begin with, and no others."""


def _metric(name: str, kind: Literal["gauge", "counter", "histogram"], text: str, *labels: str) -> Metric:
    suffix = "_total" if kind == "counter" else ""
    return Metric(f"{PREFIX}{name}{suffix}", kind, text, labels)


EVENTS = _metric(
    "events", "counter",
    "Records by what became of them; stale: totals older than the last of their source, which change nothing",
    "topic", "outcome",
)  # fmt: skip
DEAD_LETTERS = _metric("dead_letters", "counter", "Records refused, by reason", "topic", "reason")
LATE_EVENTS = _metric(
    "late_events", "counter", "Events that arrived more than 24 h after they happened", "topic"
)
IGNORED_FIELDS = _metric(
    "ignored_fields", "counter",
    "Fields of events that only describe and did not fit, or that stand for nobody, or totals beyond ten for "
    "each leaf that a campaign may have: taken as absent",
    "topic", "field",
)  # fmt: skip
FORWARDED_EVENTS = _metric(
    "forwarded_events", "counter", "Events sent on to the partition of their campaign", "topic"
)
READ_TEXTS = _metric(
    "read_texts", "counter",
    "Texts of comments, mentions and replies that were read to be rated, by the model and its version",
    "model",
)  # fmt: skip
UNRATED_TEXTS = _metric(
    "unrated_texts", "counter",
    "Texts of comments, mentions and replies without a rating, by why; untold: the model cannot tell; "
    "pressure: more came than it rates; late: not rated within seconds; failed: nobody to ask, or it failed",
    "reason",
)  # fmt: skip
TEXTS_WAITING = _metric("texts_waiting", "gauge", "Texts that are with the process that rates them")
RATER_STARTS = _metric(
    "rater_starts", "counter", "How often the process that rates texts has begun; more than once: it had died"
)
SENTIMENT_MODEL = _metric(
    "sentiment_model_info", "gauge", "1, with the model that rates texts now; absent where none does", "model"
)
RATED_OTHERWISE = _metric(
    "rated_otherwise", "gauge",
    "1 for each campaign shown of whose texts some were rated by another model, or version, than rates now: "
    "a rebuild would rate them otherwise", "campaign",
)  # fmt: skip
LOST_RECORDS = _metric(
    "lost_records", "counter", "Records that retention took before they were read", "topic"
)
CONSUMER_LAG = _metric(
    "consumer_lag_records", "gauge", "Records not applied yet, by the end of the log",
    "topic", "partition",
)  # fmt: skip
OPEN_TRANSACTION = _metric(
    "open_transaction_seconds", "gauge",
    "How long the records behind a producer's open transaction have waited; absent where there is none",
    "topic", "partition",
)  # fmt: skip
FRESHNESS = _metric(
    "freshness_seconds", "histogram", "From a record's arrival at the broker until the gauges show it"
)
DURABLE = _metric(
    "durable_timestamp_seconds", "gauge", "When the partition's state was last stored", "partition"
)
PARTITIONS = _metric("partitions", "gauge", "Partitions held, by state", "state")
HALTED = _metric(
    "halted", "gauge", "1 while the worker waits until a topic or its state is mended: /readyz says how"
)
DUPLICATE_HORIZON = _metric(
    "duplicate_horizon_seconds", "gauge", "How far back duplicates are recognised now"
)
AUTHENTICITY_BYTES = _metric(
    "authenticity_bytes", "gauge", "Memory that is taken by what interactions are judged by"
)
AUTHENTICITY_EVICTED = _metric(
    "authenticity_evicted", "counter",
    "Entries of what interactions are judged by that were forgotten for want of room, by table", "table",
)  # fmt: skip
REGISTRY_LOADED = _metric(
    "registry_loaded_timestamp_seconds", "gauge", "When the campaign registry was last seen whole"
)
REGISTRY_UNREADABLE = _metric(
    "registry_unreadable", "gauge",
    "1 for each campaign, EMV card or rates in the registry that this release cannot read", "entry",
)  # fmt: skip
LEAVES = _metric("leaves", "gauge", f"Distinct {listed(Leaf._fields[1:], 'and')} of a campaign", "campaign")
LEAVES_CAPPED = _metric(
    "leaves_capped", "gauge",
    f"1 for each campaign that reached KPIS_MAX_LEAVES: what came after counts under `{OTHER}`", "campaign",
)  # fmt: skip
FORWARDING_HOLES = _metric("forwarding_holes", "counter", "Gaps in what was forwarded: events are missing")
SERIES_DROPPED = _metric(
    "series_dropped", "gauge",
    "KPI series left out of the page to hold it to KPIS_MAX_SERIES, the least active first; of what was not "
    "computed as many as the scope's others have on average", "scope",
)  # fmt: skip
BUILD_INFO = _metric("build_info", "gauge", "1, with the versions that run", "version", "python")

PIPELINE_METRICS = (
    EVENTS, DEAD_LETTERS, LATE_EVENTS, IGNORED_FIELDS, FORWARDED_EVENTS, READ_TEXTS, UNRATED_TEXTS,
    TEXTS_WAITING, RATER_STARTS, SENTIMENT_MODEL, RATED_OTHERWISE, LOST_RECORDS, CONSUMER_LAG,
    OPEN_TRANSACTION, FRESHNESS, DURABLE, PARTITIONS, HALTED, DUPLICATE_HORIZON, AUTHENTICITY_BYTES,
    AUTHENTICITY_EVICTED, REGISTRY_LOADED, REGISTRY_UNREADABLE, LEAVES, LEAVES_CAPPED, FORWARDING_HOLES,
    SERIES_DROPPED, BUILD_INFO,
)  # fmt: skip
