"""The metrics of a campaign beside its KPIs: what is declared of it, and counts over its lifetime."""

from typing import Literal

from models.metrics.metric import PREFIX, Metric


def _metric(name: str, kind: Literal["gauge", "counter"], text: str, *labels: str) -> Metric:
    suffix = "_total" if kind == "counter" else ""
    return Metric(f"{PREFIX}_campaign_{name}{suffix}", kind, text, ("campaign", *labels))


INFO = _metric(
    "info", "gauge", "1 for each campaign: its name, owner, currency and status",
    "name", "owner", "currency", "status",
)  # fmt: skip
BUDGET = _metric("budget", "gauge", "Budget of the campaign", "currency")
THRESHOLD = _metric("threshold", "gauge", "Threshold that the verdict on the KPI is about", "kpi", "bound")
MIN_SAMPLE = _metric(
    "min_sample", "gauge", "Sample below which the verdict on the KPI is too early to say", "kpi"
)
LIKED_LIMIT = _metric(
    "liked_limit", "gauge",
    "From how many likes on (likes), and from which share of its views (share), a content is liked more than "
    "seen; absent where the campaign switches that off",
    "limit",
)  # fmt: skip
VERDICT = _metric(
    "verdict", "gauge",
    "1 if the KPI likely keeps its threshold, -1 if it is likely beyond it, 0 if it is too early to say",
    "kpi", "window",
)  # fmt: skip
CONCERN_VERDICT = _metric(
    "concern_verdict", "gauge",
    "-1 if the campaign is likely to overspend or underspend its budget, is silent against its habit, if "
    "what people say has likely turned worse, or more of the latest interactions are likely suspicious than "
    "organic; 1 if not, 0 if it is too early to say; absent without a budget, ratings or judged "
    "interactions, and but for budgets once the flight is over",
    "concern",
)  # fmt: skip
_ADDED = "since the flight began: all that was added, also where a lower total took it away again"
LIFETIME_IMPRESSIONS = _metric("lifetime_impressions", "counter", f"Impressions {_ADDED}")
LIFETIME_CLICKS = _metric("lifetime_clicks", "counter", f"Link clicks {_ADDED}")
LIFETIME_INTERACTIONS = _metric("lifetime_interactions", "counter", f"Interactions {_ADDED}", "kind")
LIFETIME_CONVERSIONS = _metric("lifetime_conversions", "counter", "Confirmed orders seen", "kind")
LIFETIME_CANCELLATIONS = _metric("lifetime_cancellations", "counter", "Confirmed orders that were cancelled")
INVALID_TRAFFIC = _metric(
    "invalid_traffic", "counter", "Invalid traffic kept out of every KPI", "type", "reason"
)

ABOUT = (INFO, BUDGET, THRESHOLD, MIN_SAMPLE, LIKED_LIMIT)
VERDICTS = (VERDICT, CONCERN_VERDICT)
LIFETIME = (
    LIFETIME_IMPRESSIONS,
    LIFETIME_CLICKS,
    LIFETIME_INTERACTIONS,
    LIFETIME_CONVERSIONS,
    LIFETIME_CANCELLATIONS,
    INVALID_TRAFFIC,
)
CAMPAIGN_METRICS = (*ABOUT, *VERDICTS, *LIFETIME)
