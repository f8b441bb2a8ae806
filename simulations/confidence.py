"""How often bounds hold and verdicts are wrong, on simulated traffic: `python -m simulations.confidence`.

Prints tables as Markdown; `--quick` draws fewer campaigns.
"""

import argparse
from collections.abc import Iterator

import numpy as np

from simulations import concerns, cpa_flights
from simulations.traffic import Traffic

_SOON = 1 + 1 / 96
_ANY = 2.0
CPA = {
    "independent": Traffic(),
    "day and night": Traffic("sine"),
    "+ days differ": Traffic("sine", 0.4),
    "+ first post within 48 h": Traffic("sine", 0.4, first_within=_ANY),
    "the same, abrupt nights": Traffic("abrupt", 0.4, first_within=_ANY),
    "+ 3 of 10 buy twice in a sitting, nobody known": Traffic("sine", 0.4, again=0.3, first_within=_ANY),
    "the same, half known": Traffic("sine", 0.4, again=0.3, known=0.5, first_within=_ANY),
    "+ 3 of 10 buy again within days, half known": Traffic(
        "sine", 0.4, again=0.3, spread=True, known=0.5, first_within=_ANY
    ),
    "+ five posts of different quality": Traffic("sine", 0.4, posts=5, first_within=_ANY),
}


def cpa_table(seed: int, campaigns: int) -> Iterator[str]:
    """Tell how campaigns with a cpa_max fare, a row for each kind of traffic and volume."""
    yield "| traffic | a day | fine that ever alarm | before | 2 × as bad: in a day | 1.5 ×: in five |"
    yield "|---|---|---|---|---|---|"
    for name, traffic in CPA.items():
        for a_day in (20, 100):
            seen = cpa_flights.outcome(np.random.default_rng(seed), traffic, a_day, campaigns)
            alarms = (seen.fine.within(30), seen.fine_before.within(30))
            shares = (*alarms, seen.twice.within(_SOON), seen.worse.within(5))
            yield f"| {name} | {a_day} | " + " | ".join(f"{share:.1%}" for share in shares) + " |"


def main() -> None:
    """Run the simulation and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="draw a tenth of the campaigns")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for line in cpa_table(given.seed, 200 if given.quick else 2000):
        print(line, flush=True)
    print()
    for line in concerns.tables(given.seed, 50 if given.quick else 500):
        print(line, flush=True)


if __name__ == "__main__":
    main()
