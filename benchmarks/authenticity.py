"""What judging an interaction takes, rule by rule, and the memory of a campaign at its caps.

Two kinds of traffic: a simulated campaign, and strangers, each of whom acts once, on contents that are all
busy: there every table is full and forgets.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.records import machine
from models.authenticity.columns import NO_HASH, Interactions
from models.authenticity.judge import Judge
from models.authenticity.limits import DEFAULT
from models.authenticity.memory import TABLES, Memory, nothing_measured
from models.authenticity.settings import Authenticity
from models.times import SECOND
from simulations import fraud, honest
from simulations.posts import START, arrive, interactions, joined, publish, scattered

RULES = {
    "burst, clockwork": {"burst", "clockwork"},
    "copied_text": {"copied_text"},
    "lockstep": {"lockstep"},
    "pod": {"pod"},
    "no_exposure": {"no_exposure"},
    "generic, agent": {"generic", "agent"},
}
"""What is measured together."""
_ALL = set().union(*RULES.values())


def main() -> None:
    """Judge the same batches by each rule alone and by all, in turns; print nanoseconds an interaction."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interactions", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print(f"{machine()}; median of {arguments.rounds} rounds, CPU time")
    for traffic, make in (("simulated", simulated), ("strangers", strangers)):
        lines = make(arguments.interactions)
        for size in (4000, 250):
            _report(f"{traffic}, batches of {size}", lines, size, arguments.rounds)
    _report_memory(strangers(arguments.interactions))


def simulated(many: int) -> Interactions:
    """Return the interactions of a simulated campaign."""
    chance = np.random.default_rng(1)
    posts = publish(chance)
    parts = [honest.honest(chance, posts, many * 4 // 5), fraud.fraud(chance, posts, many)]
    return interactions(arrive(chance, joined(parts)))


def strangers(many: int) -> Interactions:
    """Return interactions of as many persons, a hundred a second, a third of them with an own text."""
    chance, numbers = np.random.default_rng(1), np.arange(1, many + 1)
    comments = numbers % 3 == 0
    return Interactions(
        campaigns=np.zeros(many, np.int64),
        persons=scattered(numbers),
        times=START + numbers * (SECOND // 100),
        kinds=np.where(comments, 2, 1).astype(np.int8),
        contents=scattered(1 + chance.integers(0, 500, many)),
        influencers=scattered(np.ones(many, np.int64)),
        texts=np.where(comments, scattered(numbers), np.uint64(NO_HASH)),
        words=np.where(comments, 7, -1),
        agents=np.zeros(many, np.int8),
        live=np.zeros(many, np.bool_),
        counts=np.ones(many, np.int64),
    )


def _report(name: str, lines: Interactions, size: int, rounds: int) -> None:
    batches = [lines.at(slice(start, start + size)) for start in range(0, len(lines.times), size)]
    ways: dict[str, Authenticity] = {"all rules": _only(_ALL)}
    ways |= {rule: _only(reasons) for rule, reasons in RULES.items()}
    ways["none of them"] = _only(set())
    took: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, by in ways.items():
            took[way].append(_measure(batches, by) / len(lines.times))
    print(f"\n{name}")
    for way, times in took.items():
        print(f"{way:20}{statistics.median(times):8.0f} ns an interaction")


def _only(reasons: set[str]) -> Authenticity:
    chosen = {one: "report" if one == "generic" else "on" for one in reasons}
    return Authenticity.model_validate(dict.fromkeys(_ALL, "off") | chosen)


def _measure(batches: Sequence[Interactions], by: Authenticity) -> float:
    """Return the CPU time in nanoseconds: others may use the machine."""
    judge = Judge(lambda _: by)
    for batch in batches[:3]:
        _expose(judge, batch)
        judge.judge(batch)
    started = time.process_time_ns()
    for batch in batches:
        judge.judge(batch)
    return time.process_time_ns() - started


def _expose(judge: Judge, batch: Interactions) -> None:
    """Let half of the persons have seen something, later than all of these."""
    many = len(batch.times)
    judge.expose(batch.campaigns, batch.persons, np.full(many, 2 * START), np.ones(many, np.int64))


def _report_memory(lines: Interactions) -> None:
    memory = Memory(0, DEFAULT)
    memory.see(lines.persons[:1])
    for part in _spread_out(lines):
        memory.measure(part, _only(_ALL), nothing_measured(part))
    print(f"\nmemory of a campaign: {memory.octets / 1e6:.1f} MB at all caps")
    for name, table in zip(TABLES, memory.tables, strict=True):
        print(f"{name:12}{len(table):8} of {table.most:6} {table.octets / 1e6:8.2f} MB")
    print(f"the last cut of all of it: {sum(_octets(memory)) / 1e6:.1f} MB")


def _spread_out(lines: Interactions) -> Iterator[Interactions]:
    """Let everybody comment on a content and influencer of their own: every table fills."""
    many = len(lines.times)
    own = lines._replace(
        kinds=np.full(many, 2, np.int8),
        contents=lines.persons,
        influencers=scattered(np.arange(many) % 3000 + 1),
        texts=lines.persons,
        words=np.full(many, 7),
    )
    for start in range(0, many, 4000):
        yield own.at(slice(start, start + 4000))


def _octets(memory: Memory) -> Iterator[int]:
    _, tables = memory.cut()
    for entries in tables:
        yield sum(column.nbytes for column in (entries.keys, entries.lasts, *entries.own))


if __name__ == "__main__":
    main()
