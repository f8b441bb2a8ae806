"""Alerts on limits: something is left out, and counted as such."""

from models.metrics.pipeline_metrics import (
    DUPLICATE_HORIZON,
    EVENTS,
    LEAVES,
    LEAVES_CAPPED,
    RATER_STARTS,
    READ_TEXTS,
    REGISTRY_UNREADABLE,
    SERIES_DROPPED,
    UNRATED_TEXTS,
)
from models.scopes import GIVING_WAY
from models.words import listed
from monitoring.alerts.alert import Alert, Help
from monitoring.alerts.wording import label, sentence, value
from monitoring.promql import Selector, select

_CUT = listed([scope.plural.english.lower() for scope in GIVING_WAY], "or")
DROPPED = Alert(
    "KpisSeriesDropped", "pipeline", "warning",
    f"max by (scope) (last_over_time({SERIES_DROPPED}[2m])) > 0", "15m", "15m",
    sentence(
        f"{value('whole')} series of scope {label('scope')} are left out of a page",
        f"{value('whole')} séries de niveau {label('scope')} sont omises d'une page",
    ),
    "The least active go first; campaigns always stay. Their events are counted all the same.",
    Help(
        f"Dashboards miss {_CUT}. For the on-call engineer.",
        f"`{SERIES_DROPPED}`; which campaign has most leaves: `topk(10, {LEAVES})`.",
        "Add workers, or raise `KPIS_MAX_SERIES` while scrapes stay short (`scrape_duration_seconds`).",
        "Nobody.",
    ),
)  # fmt: skip
CAPPED = Alert(
    "KpisLeavesCapped", "pipeline", "warning",
    f"max by (campaign) (last_over_time({LEAVES_CAPPED}[2m])) > 0", "5m", "1h",
    sentence(
        f"{label('campaign')} has more contents than KPIS_MAX_LEAVES: new ones count as __other__",
        f"{label('campaign')} a plus de contenus que KPIS_MAX_LEAVES : les nouveaux comptent sous __other__",
    ),
    "The campaign's totals are right; new influencers and contents are not told apart.",
    Help(
        "Usually a producer makes up an id for each event. For the on-call engineer and that producer.",
        f"`{select(LEAVES, campaign='CAMPAIGN')}`; `kpis show CAMPAIGN`; ids in the topics.",
        "Fix the producer. Declare `influencers` in the campaign file, so that any others are refused. "
        "`kpis worker --rebuild` with a higher `KPIS_MAX_LEAVES` counts everything again.",
        "Nobody.",
    ),
)  # fmt: skip
HORIZON = Alert(
    "KpisDuplicateHorizonShort", "pipeline", "info",
    f"min by (instance) (last_over_time({DUPLICATE_HORIZON}[2m])) < 3600", "15m", "30m",
    sentence(
        f"{label('instance')} recognises duplicates only over the last {value('seconds')}",
        f"{label('instance')} ne reconnaît les doublons que sur {value('seconds')}",
    ),
    "An event that a producer repeats later than that counts twice. Orders are remembered for ever.",
    Help(
        "More ids arrive in an hour than `KPIS_DUPLICATE_IDS` holds. For whoever plans capacity.",
        f"`{DUPLICATE_HORIZON}`; `sum by (topic) "
        f"(rate({select(EVENTS, outcome='duplicate')}[1h]))`.",
        "Raise `KPIS_DUPLICATE_IDS` (about 40 bytes an id), or add workers.",
        "Nobody.",
    ),
)  # fmt: skip
UNREADABLE = Alert(
    "KpisRegistryUnreadable", "pipeline", "warning",
    f"max by (entry) (last_over_time({REGISTRY_UNREADABLE}[2m])) > 0", "1m", "10m",
    sentence(
        f"This release cannot read {label('entry')} in the campaign registry",
        f"Cette version ne peut pas lire {label('entry')} dans le registre des campagnes",
    ),
    "All others live. A worker that has read it before goes on with that; one started since counts what it "
    "can, and does not show it.",
    Help(
        "The declaration breaks a rule of this release: another release wrote it, or it was changed by hand. "
        "For the on-call engineer and the campaign's owner.",
        "`kpis campaigns list` names the field and the rule; each worker's log says what becomes of it; "
        "`kpis campaigns show CAMPAIGN` prints what was declared.",
        "Correct the campaign file and apply it, or go back to the release that wrote it. Where the log says "
        "that events are refused, they are among the dead letters as `unknown_campaign`, and still in the "
        "topics: `kpis worker --rebuild` counts them.",
        "On-call, if events of a running campaign are refused; otherwise in working hours.",
    ),
)  # fmt: skip
_NOT_READ = Selector(UNRATED_TEXTS.name, ('reason!="untold"',))
_LEFT = f"rate({_NOT_READ}[5m])"
_BY_REASON = f"sum by (reason) ({_LEFT})"
_READ = f"(sum(rate({READ_TEXTS}[5m])) or vector(0))"
UNRATED = Alert(
    "KpisTextsUnrated", "pipeline", "warning",
    # These counters move with their partitions: a hand-over spoils the rate for as long as it looks back. At
    # least one text in 15 s must be left.
    f"{_BY_REASON} / on () group_left () ({_READ} + sum({_LEFT})) > 0.05 and {_BY_REASON} > 1 / 15",
    "10m", "15m",
    sentence(
        f"{value('share')} of the texts of comments are not rated: {label('reason')}",
        f"{value('share')} des textes de commentaires ne sont pas évalués : {label('reason')}",
    ),
    "Net sentiment knows nothing of them, now or later; unrated mentions say how many they are.",
    Help(
        "The process that rates texts is too slow, or is not there. Everything else is counted as ever. For "
        "the on-call engineer.",
        f"`{_BY_REASON}`: `pressure`, more texts come than it rates; `late`, it does not answer in time; "
        f"`failed`, it cannot be started, dies of texts, or its model fails. `{RATER_STARTS}`; the worker's "
        "log; processor and memory of its machine.",
        "Give the worker a second core, or the memory that is missing; an installed model that is too slow: "
        "take it away. What was not rated stays so: `kpis worker --rebuild` rates it "
        "([rating texts](operations.md#rating-texts)).",
        "Nobody at night.",
    ),
)  # fmt: skip

ALERTS = (DROPPED, CAPPED, HORIZON, UNREADABLE, UNRATED)
