"""How a worker stands: what /readyz, /metrics and the watch over generations are told."""

from models.campaigns.registry import Registry
from models.readings.pipeline import Histogram, Pipeline, Readiness, TextRating, rated_otherwise
from models.settings import Settings
from models.state.delta import Ledger
from models.state.shard_states import ShardStates
from models.times import HOUR, SECOND
from streams.worker.wiring import Parts

UNREAD = (
    "partitions were added to the topics, and events on them are not counted: count the state anew with "
    "`kpis worker --rebuild`"
)

STANDBY = "standing by: other workers hold every partition"
UNRATED = "texts cannot be rated (or set KPIS_RATE_TEXTS=false): {}"
OTHERWISE = (
    "texts of {} campaigns were rated by another model than {}, which rates from now on: "
    "kpi_pipeline_rated_otherwise names them, and `kpis worker --rebuild` rates all by the same"
)


def readiness_of(parts: Parts) -> Readiness:
    """Return whether every partition held is live, once the app runs."""
    assignment = parts.manager.assignment
    if assignment.all is None:
        return Readiness(False, "waiting for partitions and their stored state")
    if assignment.recovering:
        behind = len(assignment.recovering)
        return Readiness(False, f"catching up: {behind} partitions have state, records or texts waiting")
    if parts.manager.waits:
        return Readiness(False, "waiting until a former worker of this name can show nothing any more")
    if parts.manager.cut_off:
        return Readiness(False, "the consumer group was not heard of for a session: nothing is shown")
    if parts.app.has_unread_partitions():
        return Readiness(False, UNREAD)
    live = STANDBY if assignment.stands_by else f"{len(assignment.shards)} partitions live"
    said = [f"ready: {live}", parts.lag.open_transactions(), _unrated(parts)]
    return Readiness(True, " ".join(filter(None, said)))


def awaited_model(parts: Parts) -> str:
    """Say why nothing is to be counted yet: without a package's model texts would be unrated for good."""
    rating = parts.rating
    if rating is None or not rating.plugged_in or rating.starts:
        return ""
    return _unrated(parts) or "loading the model of sentiment"


def _unrated(parts: Parts) -> str:
    problem = parts.rating.problem if parts.rating else ""
    return UNRATED.format(problem) if problem else ""


def nothing_counted(settings: Settings, registry_loaded: float | None) -> Pipeline:
    """Return the health of a pipeline that has not begun; `registry_loaded` is in Unix seconds."""
    return Pipeline(
        states=ShardStates({}, lambda _: 0),
        registry=Registry(),
        ledger=None,
        lag={},
        durable={},
        partitions={"live": 0, "recovering": 0},
        freshness=Histogram(),
        duplicate_horizon=HOUR / SECOND,
        registry_loaded=registry_loaded,
        max_series=settings.max_series,
    )


def pipeline_of(parts: Parts, settings: Settings, registry_loaded: float | None, now: int) -> Pipeline:
    """Return the pipeline's health; `registry_loaded` is in Unix seconds, `now` in microseconds."""
    manager, assignment = parts.manager, parts.manager.assignment
    held, recovering = assignment.all, len(assignment.recovering)
    ledger = held.ledger() if held else None
    return Pipeline(
        states=manager.shown,
        registry=manager.registry,
        ledger=ledger,
        lag=parts.lag.lag(),
        held_back=parts.lag.held_back(),
        durable=assignment.durable_at,
        partitions={"live": len(assignment.claimed) - recovering, "recovering": recovering},
        freshness=manager.freshness,
        duplicate_horizon=assignment.horizon(now),
        registry_loaded=registry_loaded,
        max_series=settings.max_series,
        holes=assignment.holes,
        rating=_rating(parts, ledger or {}, now),
    )


def _rating(parts: Parts, ledger: Ledger, now: int) -> TextRating | None:
    if parts.rating is None:
        return None
    rating = parts.rating.rating
    otherwise = rated_otherwise(ledger, parts.manager.registry, now, rating.model)
    return TextRating(rating.model, rating.waiting, parts.rating.starts, otherwise)


def caught_up(parts: Parts) -> frozenset[int]:
    """Return the partitions whose state holds all that could be read when the broker was last asked."""
    if parts.manager.cut_off:
        return frozenset()
    assignment, lag = parts.manager.assignment, parts.lag.readable_lag()
    live = (assignment.claimed - assignment.recovering) & {number for _, number in lag}
    return live - {number for (_, number), records in lag.items() if records}
