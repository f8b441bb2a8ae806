"""Compare ways to read events: the derived decoder, the pydantic models, and JSON without any rule."""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from models.decoding import read_event
from models.parsing import Refusal, parse_event
from models.topics import EventType

Record = tuple[EventType, bytes]

_TYPES: list[EventType] = ["impression"] * 60 + ["click"] * 20 + ["engagement"] * 15 + ["conversion"] * 5
_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def main() -> None:
    """Read the same batch in each way, in turns; print microseconds an event and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    batch = [_record(Random(seed)) for seed in range(arguments.events)]
    if any(isinstance(read_event(*record), Refusal) for record in batch):
        raise SystemExit("an event of the benchmark is refused")
    times: dict[str, list[float]] = {name: [] for name in _WAYS}
    for _ in range(arguments.rounds):
        for name, read in _WAYS.items():
            times[name].append(_measure(read, batch))
    _report(batch, times)


def _derived(batch: Sequence[Record]) -> None:
    for event_type, value in batch:
        read_event(event_type, value)


def _models(batch: Sequence[Record]) -> None:
    for event_type, value in batch:
        parse_event(event_type, value)


def _without_rules(batch: Sequence[Record]) -> None:
    for _, value in batch:
        json.loads(value)


_WAYS: dict[str, Callable[[Sequence[Record]], None]] = {
    "derived (read_event)": _derived,
    "models (parse_event)": _models,
    "json.loads, no rules": _without_rules,
}


def _measure(read: Callable[[Sequence[Record]], None], batch: Sequence[Record]) -> float:
    started = time.perf_counter()
    read(batch)
    return (time.perf_counter() - started) / len(batch) * 1e6


def _report(batch: Sequence[Record], times: dict[str, list[float]]) -> None:
    size = statistics.mean(len(value) for _, value in batch)
    print(f"{len(batch)} events of {size:.0f} bytes, Python {platform.python_version()}, {_machine()}")
    print(f"{'':24}{'µs/event':>10}{'least':>8}{'× derived':>12}")
    own = next(iter(times.values()))
    for name, rounds in times.items():
        ratio = statistics.median(one / other for one, other in zip(rounds, own, strict=True))
        print(f"{name:24}{statistics.median(rounds):10.2f}{min(rounds):8.2f}{ratio:12.1f}")


def _machine() -> str:
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{(names or [platform.processor() or platform.machine()])[0]}, {os.cpu_count()} cores"


def _record(random: Random) -> Record:
    event_type = random.choice(_TYPES)
    fields = {
        "type": event_type,
        "event_id": f"{random.getrandbits(128):032x}",
        "event_time": f"2026-11-10T12:{random.randrange(60):02}:{random.uniform(10, 59):06.3f}Z",
        "campaign_id": f"campaign-{random.randrange(50)}",
        "influencer_id": f"influencer-{int(random.paretovariate(1)) % 500}",
        "content_id": f"reel-{random.randrange(4)}",
        "channel": random.choice(["instagram", "tiktok", "youtube"]),
        "person_id": f"{random.getrandbits(64):016x}",
        "consent": random.random() < 0.8,
    }
    return event_type, json.dumps(fields | _more(random, event_type), separators=(",", ":")).encode()


def _more(random: Random, event_type: EventType) -> dict[str, Any]:
    if event_type == "conversion":
        order = f"order-{random.getrandbits(32)}"
        return {
            "kind": "purchase",
            "order_id": order,
            "revenue": random.randrange(9999) / 100,
            "currency": "EUR",
        }
    if event_type == "engagement":
        return {"kind": "comment", "text": "So lovely! Where did you get it?", "user_agent": _AGENT}
    if event_type == "click" or random.random() < 0.5:
        return {"user_agent": _AGENT}
    audience = {"country": random.choice(["FR", "BE", "DE"]), "language": "fr-FR", "age_band": "18-24"}
    return {"audience": audience | {"gender": "female", "interests": ["beauty", "travel"]}}


if __name__ == "__main__":
    main()
