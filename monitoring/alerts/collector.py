"""Alerts on the collector: whether senders are answered, and what they sent reaches Kafka."""

from models.metrics.collector_metrics import (
    CAMPAIGN_OVER,
    EVENTS,
    LOST_CLICKS,
    NOTES,
    REFUSED,
    REGISTRY_LOADED,
    SPOOL_EVENTS,
)
from monitoring.alerts.alert import Alert, Help
from monitoring.alerts.wording import label, sentence, value
from monitoring.promql import select

_UP = 'up{job="campaign-kpis-collector"}'
# Not the code 503: so a collector answers its readiness probe, and links while it has not seen the campaigns.
_FULL = f"sum by (instance) (rate({select(REFUSED, reason='overloaded')}[5m]))"
_REFUSED = f"sum by (endpoint) (rate({select(EVENTS, outcome='refused')}[5m]))"
# Links, pages and shops outlive campaigns: what they send then is nobody's mistake.
_TOO_LATE = f"sum by (endpoint) (rate({select(NOTES, note=CAMPAIGN_OVER)}[5m]))"
_WRONG = f"({_REFUSED} - ({_TOO_LATE} or 0 * {_REFUSED}))"
_EVENTS = f"sum by (endpoint) (rate({EVENTS}[5m]))"

DOWN = Alert(
    "KpisCollectorDown", "pipeline", "critical", f"{_UP} == 0", "1m", "2m",
    sentence(
        f"The collector {label('instance')} does not answer",
        f"Le collecteur {label('instance')} ne répond pas",
    ),
    "Pixels and clicks that come meanwhile are lost, links lead nowhere; shops and networks send again.",
    Help(
        "Nothing takes events over HTTP at this address. For the on-call engineer.",
        "Its log and exit code, `/livez`; the proxy in front of it.",
        "Start it. What waits in its spool is sent first.",
        "On-call, at any hour: visitors' links do not work.",
    ),
)  # fmt: skip
SPOOLING = Alert(
    "KpisCollectorSpooling", "pipeline", "warning", f"{SPOOL_EVENTS} > 0", "5m", "2m",
    sentence(
        f"{value('whole')} events wait on the disk of {label('instance')} for Kafka",
        f"{value('whole')} événements attendent Kafka sur le disque de {label('instance')}",
    ),
    "They are safe, and missing in the figures until Kafka acknowledges them.",
    Help(
        "Kafka does not acknowledge, or more slowly than events come. For the on-call engineer.",
        "`/readyz` of the collector says why, and how long the disk will last; `kpis check`.",
        "Repair the broker. The spool is sent in order as soon as Kafka answers; do not delete its folder "
        "(`KPIS_DATA_DIR`). To allow it more of the disk: `KPIS_COLLECT_SPOOL_BYTES`.",
        "On-call, if the disk will not last until morning.",
    ),
)  # fmt: skip
FULL = Alert(
    "KpisCollectorRefusesAll", "pipeline", "critical", f"{_FULL} > 0", "2m", "5m",
    sentence(
        f"The collector {label('instance')} can keep no more events, and says so to senders (503)",
        f"Le collecteur {label('instance')} ne peut plus garder d'événements et le dit aux émetteurs (503)",
    ),
    "Batches are refused first, pixels last. Senders that try again lose nothing; pixels do.",
    Help(
        "The spool is full or its disk takes no more, while Kafka does not acknowledge; or bodies come "
        "faster than its memory takes them. For the on-call engineer.",
        f"`/readyz` of the collector; `sum by (endpoint, reason) (rate({REFUSED}[5m]))`; free disk.",
        "Repair the broker, or free the disk; `KPIS_COLLECT_SPOOL_BYTES` is the bound.",
        "On-call, at any hour.",
    ),
)  # fmt: skip
CLICKS_LOST = Alert(
    "KpisCollectorLosesClicks", "pipeline", "critical",
    # Counted from 0 on: a counter without labels is there before anything is lost.
    f"increase({LOST_CLICKS}[5m]) > 0", "0s", "15m",
    sentence(
        f"{label('instance')} redirects visitors whose clicks it cannot keep",
        f"{label('instance')} redirige des visiteurs dont il ne peut garder les clics",
    ),
    "Visitors arrive; their clicks are missing from CTR and CPC for good. Orders that bring a click id back "
    "are still attributed.",
    Help(
        "Neither Kafka nor the disk takes the clicks. For the on-call engineer.",
        "As for KpisCollectorRefusesAll.",
        "As for KpisCollectorRefusesAll; tell the campaigns' owners when it began and ended.",
        "On-call, at any hour.",
    ),
)  # fmt: skip
MANY_REFUSED = Alert(
    "KpisCollectorManyRefused", "pipeline", "warning",
    # At least one in a minute: of a few events a share says nothing.
    f"{_WRONG} / {_EVENTS} > 0.05 and {_WRONG} > 1 / 60", "10m", "15m",
    sentence(
        f"{value('share')} of the events sent to {label('endpoint')} are refused",
        f"{value('share')} des événements envoyés à {label('endpoint')} sont refusés",
    ),
    "Their senders are told the reason; nothing of them is kept. Events of campaigns that are over are not "
    "among them.",
    Help(
        "A page, shop or server sends events that do not fit, or a campaign is not registered. For whoever "
        "runs the sender.",
        f"`sum by (endpoint, reason) (rate({REFUSED}[5m]))`; what each reason means: "
        "[events.md](events.md), [collect.md](collect.md).",
        "Register what is missing, or have the sender corrected. `unfilled_macro`: a network's template "
        "names a macro that it does not fill.",
        "Nobody at night.",
    ),
)  # fmt: skip
REGISTRY = Alert(
    "KpisCollectorRegistryNotSeen", "pipeline", "warning",
    f"time() - {REGISTRY_LOADED} > 120", "3m", "2m",
    sentence(
        f"The collector {label('instance')} has not seen the campaigns for two minutes or more",
        f"Le collecteur {label('instance')} n'a pas vu les campagnes depuis deux minutes ou plus",
    ),
    "New links, codes and campaigns are not known to it; what it knows goes on.",
    Help(
        "Redis is down, or its registry is empty or cannot be read. For the on-call engineer.",
        "`/readyz` of the collector; `kpis check`; KpisRegistryNotSeen.",
        "As for KpisRegistryNotSeen. A collector that has never seen the campaigns answers 503 to links.",
        "On-call, if links do not work because of it; otherwise in working hours.",
    ),
)  # fmt: skip

ALERTS = (DOWN, SPOOLING, FULL, CLICKS_LOST, MANY_REFUSED, REGISTRY)
