"""Read what screens ask for: every campaign in one window, and one with its parts."""

import argparse
import gc
import platform
import time
from collections.abc import Callable

import msgspec

from benchmarks.page import pipeline_of
from benchmarks.records import machine
from benchmarks.shard_state import ARRIVAL
from exporters.views import AT_ONCE
from models.readings.pipeline import Pipeline
from models.readings.viewing import Wish, campaign_figures, shown

_FEW = frozenset({"impressions", "estimated_reach_persons", "ctr_ratio", "cpa", "roi_ratio", "pacing_ratio"})


def main() -> None:
    """Read and write each answer some times; print the least milliseconds and the bytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--campaigns", type=int, default=500)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    pipeline = pipeline_of(arguments.events, arguments.campaigns)
    leaves = sum(pipeline.states.leaf_counts().values())
    gc.freeze()
    print(
        f"{machine()}, Python {platform.python_version()}; {arguments.campaigns} campaigns, {leaves} leaves"
    )
    whole = frozenset[str]()
    asked = {
        "all, flight": lambda: _answer(pipeline, Wish(scopes=whole)),
        "all, 24h": lambda: _answer(pipeline, Wish("24h", scopes=whole)),
        f"all, flight, {len(_FEW)} KPIs": lambda: _answer(pipeline, Wish(kpis=_FEW, scopes=whole)),
        "one with its parts, flight": lambda: _answer(pipeline, Wish(), 1),
    }
    for name, way in asked.items():
        seconds, size = min(_measure(way) for _ in range(arguments.rounds))
        print(f"{name:28} {seconds * 1e3:7.1f} ms {size / 1e3:8.0f} kB")


def _answer(pipeline: Pipeline, wish: Wish, campaigns: int | None = None) -> bytes:
    found, here = [], shown(pipeline, ARRIVAL)[:campaigns]
    for start in range(0, len(here), AT_ONCE):
        part = [(pipeline.states.of(one.id), one) for one in here[start : start + AT_ONCE]]
        chosen = [(state, one) for state, one in part if state is not None]
        found += campaign_figures(chosen, pipeline.registry, wish, ARRIVAL)
    return msgspec.json.encode(found)


def _measure(way: Callable[[], bytes]) -> tuple[float, int]:
    started = time.process_time()
    answer = way()
    return time.process_time() - started, len(answer)


if __name__ == "__main__":
    main()
