"""How often bounds hold and verdicts are wrong, on simulated traffic: `python -m simulations.confidence`.

Prints tables as Markdown, some minutes long; `--quick` draws a tenth; `--write` puts them into
docs/confidence.md.
"""

import argparse
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.random import Generator

from simulations import budgets, coverage, cpa_flights, rate_flights, silence, turns
from simulations.rate_flights import Found
from simulations.suspicious import ALONE, PLANTED
from simulations.traffic import Night, Traffic
from simulations.turns import Turned

PAGE = Path(__file__).resolve().parent.parent / "docs" / "confidence.md"
SOON = 1 + 1 / 96
"""A day and the quarter of an hour after which it is looked at."""
_ANY = 2.0
CPA: Mapping[str, Traffic] = {
    "independent": Traffic(),
    "day and night": Traffic("sine"),
    "day and night, 3 of 10 buy twice in a sitting": Traffic("sine", again=0.3),
    "the same, days differ (0.25)": Traffic("sine", 0.25, again=0.3),
    "day and night, days differ (0.4)": Traffic("sine", 0.4),
    "+ first post within 48 h": Traffic("sine", 0.4, first_within=_ANY),
    "the same, nights abrupt": Traffic("abrupt", 0.4, first_within=_ANY),
    "the same, 3 of 10 buy twice in a sitting": Traffic("sine", 0.4, again=0.3, first_within=_ANY),
    "the same, half of them known": Traffic("sine", 0.4, again=0.3, known=0.5, first_within=_ANY),
    "*3 of 10 buy again two days later*": Traffic(
        "sine", 0.4, again=0.3, spread=True, known=0.5, first_within=_ANY
    ),
    "*five posts of different quality (0.3)*": Traffic("sine", 0.4, posts=5, first_within=_ANY),
}
"""In italics: what breaks an assumption."""
_PAIRS = (0.0, 1.0)
RATES: tuple[Callable[[Generator, int], Found], ...] = (
    lambda chance, many: rate_flights.rate(chance, "CTR, 2k a day, independent", 20, (1.0,), 0.0, many),
    lambda chance, many: rate_flights.rate(chance, "CTR, 2k a day, two each, days", 20, _PAIRS, 0.25, many),
    lambda chance, many: rate_flights.rate(
        chance, "CTR, 20k a day, two clicks, days", 200, _PAIRS, 0.25, many
    ),
    lambda chance, many: rate_flights.rate(
        chance, "engagement, 5000 a day, 2.5 a fan, days", 250, coverage.fans(2.5).shares, 0.25, many
    ),
    lambda chance, many: rate_flights.sentiment(chance, "sentiment, 40 a day, independent", 40, 1, many),
    lambda chance, many: rate_flights.sentiment(chance, "sentiment, 40 a day, threads of 5", 40, 5, many),
    lambda chance, many: rate_flights.authenticity(
        chance, "authenticity, 200 judged a day, one by one", 200, ALONE, 0.0, many
    ),
    lambda chance, many: rate_flights.authenticity(
        chance, "authenticity, 200 a day, by 1 to 45, days", 200, PLANTED, 0.25, many
    ),
    lambda chance, many: rate_flights.authenticity(
        chance, "authenticity, 5000 a day, by 1 to 45, days", 5000, PLANTED, 0.25, many
    ),
    lambda chance, many: rate_flights.returns(chance, "ROI, 20 a day, independent", 20, 0.0, many),
    lambda chance, many: rate_flights.returns(chance, "ROI, 20 a day, days (0.4)", 20, 0.4, many),
)
NIGHTS: tuple[Night, ...] = ("none", "sine", "abrupt")
TURNS: Mapping[str, Callable[[Generator, Night, int], Turned]] = {
    "sentiment, 40 a day, independent": lambda chance, night, many: turns.mood(
        chance, night, 40, 1, 0.1, many
    ),
    "sentiment, 40 a day, threads of 5": lambda chance, night, many: turns.mood(
        chance, night, 40, 5, 0.1, many
    ),
    "sentiment, 200 a day, threads of 5": lambda chance, night, many: turns.mood(
        chance, night, 200, 5, 0.1, many
    ),
    "sentiment, 400 a day, threads of 10": lambda chance, night, many: turns.mood(
        chance, night, 400, 10, 0.1, many
    ),
    "200 bought, 300 judged a day": lambda chance, night, many: turns.company(
        chance, night, 300, PLANTED, 200, many
    ),
    "1000 bought, 5000 judged a day": lambda chance, night, many: turns.company(
        chance, night, 5000, PLANTED, 1000, many
    ),
}


def coverage_table(seed: int, many: int) -> Iterator[str]:
    """Tell how often bounds of one look hold the truth."""
    yield "| count | sizes | hold, now | before |"
    yield "|---|---|---|---|"
    for row in coverage.rows(np.random.default_rng(seed), 2 * many):
        now, before = (
            " / ".join(f"{share:.0%}"[:-1] for share in shares) for shares in (row.now, row.before)
        )
        yield f"| {row.name} | {' / '.join(f'{size:,}' for size in row.sizes)} | {now} | {before} |"


def cpa_table(seed: int, many: int) -> Iterator[str]:
    """Tell how campaigns with a cpa_max fare."""
    yield "| conversions | a day | fine that ever alarm | before | 2 ×: in a day | 1.5 ×: in five | hold |"
    yield "|---|---|---|---|---|---|---|"
    for name, traffic in CPA.items():
        for a_day in (20, 100):
            seen = cpa_flights.outcome(np.random.default_rng(seed), traffic, a_day, many)
            alarms = seen.fine.within(30), seen.fine_before.within(30)
            found = seen.twice.within(SOON), seen.worse.within(5), seen.held
            yield f"| {name} | {a_day} | " + " | ".join(f"{share:.1%}" for share in (*alarms, *found)) + " |"


def rate_table(seed: int, many: int) -> Iterator[str]:
    """Tell how campaigns with other limits fare."""
    yield "| KPI | fine that ever alarm | before | half of the twice as bad are found after |"
    yield "|---|---|---|---|"
    for fly in RATES:
        seen = fly(np.random.default_rng(seed), many)
        yield f"| {seen.name} | {seen.fine:.1%} | {seen.before:.1%} | {np.median(seen.twice):.1f} days |"


def silence_table(seed: int, many: int) -> Iterator[str]:
    """Tell how campaigns fare that are never silent, and those that stop."""
    yield "| impressions an hour | nights | fine that ever alarm | before | half are found after |"
    yield "|---|---|---|---|---|"
    for an_hour in (3, 10, 100):
        for night in NIGHTS:
            seen = silence.heard(np.random.default_rng(seed), night, an_hour, many)
            yield f"| {an_hour} | {night} | {seen.fine:.1%} | {seen.before:.1%} | {seen.hours:.0f} h |"


def turn_table(seed: int, many: int) -> Iterator[str]:
    """Tell how campaigns fare whose mood and company stay as they are, and those in which they turn."""
    yield "| what turns | nights | steady that ever alarm | by a single look | half are found after |"
    yield "|---|---|---|---|---|"
    for name, fly in TURNS.items():
        for night in NIGHTS[1:]:
            seen = fly(np.random.default_rng(seed), night, many // 4)
            yield f"| {name} | {night} | {seen.fine:.1%} | {seen.before:.1%} | {seen.hours:.0f} h |"


TABLES: Mapping[str, Callable[[int, int], Iterator[str]]] = {
    "coverage": coverage_table,
    "cpa": cpa_table,
    "rates": rate_table,
    "budgets": lambda seed, many: budgets.budget_table(seed, many // 4),
    "silence": silence_table,
    "turns": turn_table,
}


def main() -> None:
    """Run the simulation and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="draw a tenth of the campaigns")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE.name}")
    given = parser.parse_args()
    for name, table in TABLES.items():
        lines = []
        for line in table(given.seed, 200 if given.quick else 2000):
            print(line, flush=True)
            lines.append(line)
        print()
        if given.write:
            PAGE.write_text(written(PAGE.read_text("utf-8"), name, "\n".join(lines)), "utf-8")


def written(page: str, name: str, table: str) -> str:
    """Return the page with a table between its marks."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    return pattern.sub(lambda _: f"{begin}{table}\n{end}", page)


if __name__ == "__main__":
    main()
