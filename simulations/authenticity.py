"""What the rules of authenticity find, and whom they accuse wrongly: `python -m simulations.authenticity`.

Prints tables as Markdown, a minute or two long; `--quick` draws a tenth; `--write` puts them into
docs/authenticity.md.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from models.authenticity.catalogue import RULES
from models.authenticity.settings import Authenticity
from models.statistics.intervals import Estimate
from producers.groups import PLANTED
from simulations import fraud, honest
from simulations.accused import Judged, accused, campaigns, found, found_at_all
from simulations.confidence import written

PAGE = Path(__file__).resolve().parent.parent / "docs" / "authenticity.md"
SIZES = {1_000: 200, 10_000: 40, 100_000: 8}
"""Campaigns by size."""
_LEAST = 0.01
"""Percent below this are not told apart."""
USUAL, WITH_EXPOSURE = Authenticity(), Authenticity.model_validate({"no_exposure": "on"})


@cache
def judged(seed: int, size: int, many: int, by: Authenticity = USUAL) -> tuple[Judged, ...]:
    """Judge campaigns, once."""
    return tuple(campaigns(seed, size, many, by))


def rule_table(seed: int, part: int) -> Iterator[str]:
    """Tell by rule and size what is found of what it is for, and which honest interactions are accused."""
    yield from _head(
        "rule", *(f"found, {size:,}" for size in SIZES), *(f"accused, {size:,}" for size in SIZES)
    )
    origin_of = {one.reason: number for number, one in enumerate(PLANTED, fraud.FIRST)}
    for rule in RULES:
        if rule.reason != "agent":
            by = WITH_EXPOSURE if rule.reason == "no_exposure" else USUAL
            seen = [judged(seed, size, max(2, many // part), by) for size, many in SIZES.items()]
            origin = origin_of.get(rule.reason)
            hits = [found(one, rule.reason, origin) if origin else None for one in seen]
            wrong = [accused(one, rule.reason) for one in seen]
            name = rule.reason + ("" if USUAL.of(rule.reason).use == "on" else f" ({_how(rule.reason)})")
            yield _row(name, *map(_written, (*hits, *wrong)))
    seen = [judged(seed, size, max(2, many // part)) for size, many in SIZES.items()]
    together = [*map(found_at_all, seen), *(accused(one, None) for one in seen)]
    yield _row("all that count", *map(_written, together))


def honest_table(seed: int, part: int) -> Iterator[str]:
    """Tell which honest interactions are accused, by what they are, in the largest campaigns."""
    rules = [rule.reason for rule in RULES if rule.reason not in ("agent", "no_exposure", "generic")]
    yield from _head("honest interactions", *rules, "any that counts")
    size, many = max(SIZES.items())
    seen = judged(seed, size, max(2, many // part))
    for origin, name in enumerate(honest.ORIGINS):
        yield _row(name, *(_written(accused(seen, reason, origin)) for reason in (*rules, None)))


def planted_table(_seed: int, _part: int) -> Iterator[str]:
    """Say what is planted, and how much of it can be found."""
    yield from _head("for", "what is planted", "can be found")
    for one in PLANTED:
        yield _row(one.reason, one.words, f"{one.findable:.0%}")


TABLES: Mapping[str, Callable[[int, int], Iterator[str]]] = {
    "rules": rule_table,
    "honest": honest_table,
    "planted": planted_table,
}


def main() -> None:
    """Run the simulation and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="draw a tenth of the campaigns")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE.name}")
    given = parser.parse_args()
    for name, table in TABLES.items():
        lines = list(table(given.seed, 10 if given.quick else 1))
        print("\n".join(lines), end="\n\n", flush=True)
        if given.write:
            PAGE.write_text(written(PAGE.read_text("utf-8"), name, "\n".join(lines)), "utf-8")


def _head(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield _row(*("---" for _ in names))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _how(reason: str) -> str:
    use = USUAL.of(reason).use
    return "reported" if use == "report" else "if it is on"


def _written(share: Estimate | None) -> str:
    """Write a share in percent with its bounds."""
    if share is None:
        return ""
    return f"{_percent(share.value)} ({_percent(share.lower)}–{_percent(share.upper)})"


def _percent(share: float) -> str:
    percent = 100 * share
    if 0 < percent < _LEAST:
        return f"<{_LEAST}"
    return f"{percent:.0f}" if percent >= 10 or not percent else f"{percent:.2g}"


if __name__ == "__main__":
    main()
