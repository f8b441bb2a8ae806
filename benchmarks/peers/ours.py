"""Our worker on the work that the others get."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from benchmarks.metrics_page import Sample, read_metrics
from benchmarks.peers.counted import Counted, differences
from benchmarks.peers.data import Data
from benchmarks.peers.run import Place, Run, run_between
from benchmarks.peers.watching import EngineFailed, Watched, watched
from benchmarks.runs import Committed
from benchmarks.stage import KPIS, Stage
from commands.worker_http import NoWorker
from embedded.ports import free_port

_TRIES = 10
NONE: Mapping[str, str] = MappingProxyType({})
_KINDS = {
    "kpi_campaign_impressions": "impression",
    "kpi_campaign_clicks": "click",
    "kpi_campaign_interactions": "engagement",
    "kpi_campaign_conversions": "conversion",
}
_NOT_ENGAGEMENTS = {"click"}  # Link clicks are interactions, too.


def run_ours(
    stage: Stage,
    data: Data,
    place: Place,
    *,
    after: int = 0,
    settings: Mapping[str, str] = NONE,
    check: bool = True,
    rated: bool = False,
    children_anywhere: bool = False,
) -> Run:
    """Let a worker count all, from when it holds its partitions until all is durable; then read its page.

    Where `after` is given it is measured from when so many records are durable. Texts are not rated unless
    told so: no other engine does. What the worker starts has its core, or any core.

    Raises:
        EngineFailed: it did not come to the end.

    """
    address = f"127.0.0.1:{free_port()}"
    own = {"KPIS_GROUP": place.group, "KPIS_METRICS_ADDRESS": address, "KPIS_RATE_TEXTS": str(rated).lower()}
    environment = {**data.environment, **settings, **own}
    committed = Committed(stage, data.prefix, place.group)
    with watched([*KPIS, "worker"], environment, place.core, place.folder / "log", _mark_of) as worker:
        begun = worker.reach("begun", place.within)
        if children_anywhere:
            worker.free_children()
        before = _await(worker, committed, after, place.within)
        if after:
            begun = worker.look()
        if before >= data.records:
            raise EngineFailed("all was durable at once: it takes more events to measure anything")
        _await(worker, committed, data.records, place.within, lambda: committed.forwarded_left() == 0)
        done = worker.look()
        page = _page(address) if check else []
        wrong = differences(data.truth, counted_on(page)) if check else []
    run = run_between(begun, done, data.records - (before if after else 0), wrong)
    return replace(run, unrated=_unrated(page))


def _unrated(samples: list[Sample]) -> int:
    """Count the texts that were not rated in time."""
    why = (sample for sample in samples if sample.name == "kpi_pipeline_unrated_texts_total")
    return sum(int(sample.value) for sample in why if sample.labels["reason"] != "untold")


def _mark_of(line: str) -> str | None:
    """Find the line that a worker logs once it holds its partitions, and reads from then on."""
    return "begun" if "restored" in line and line.endswith("have records waiting") else None


def _await(
    worker: Watched,
    committed: Committed,
    records: int,
    within: float,
    also: Callable[[], bool] = lambda: True,
) -> int:
    """Wait until at least so many records are durable, and for what else is asked; return how many are."""
    ends = time.monotonic() + within
    while (found := committed.records()) < records or not also():
        if time.monotonic() > ends or "end" in worker.marks:
            raise EngineFailed(f"{found:,} of {records:,} records; {worker.last_lines()}")
        time.sleep(0.02)
    return found


def _page(address: str) -> list[Sample]:
    """Read a worker's page; on a machine that others keep busy it may take longer than anybody waits."""
    for _ in range(_TRIES):
        try:
            return read_metrics(address)
        except NoWorker:
            time.sleep(1)
    raise EngineFailed(f"its page could not be read in {_TRIES} tries")


def counted_on(samples: list[Sample]) -> Counted:
    """Read from a worker's page what the others write to a file."""
    events: Counter[tuple[str, str]] = Counter()
    outcomes: Counter[str] = Counter()
    people: dict[str, float] = {}
    for sample in samples:
        labels = sample.labels
        if sample.name == "kpi_pipeline_events_total":
            outcomes[labels["outcome"]] += int(sample.value)
        elif labels.get("window") != "flight":
            continue
        elif sample.name == "kpi_campaign_reach_persons":
            people[labels["campaign"]] = sample.value
        elif sample.name in _KINDS and labels.get("kind") not in _NOT_ENGAGEMENTS:
            events[labels["campaign"], _KINDS[sample.name]] += int(sample.value)
    return Counted(events, outcomes["duplicate"], outcomes["refused"], people)
