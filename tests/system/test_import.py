"""Exports of two days, imported by `kpis import`: gauges are the hand sum, whatever befalls the worker."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any

from tests.system.support import scrape
from tests.system.support.naming import Series
from tests.system.support.processes import Process, free_port, until
from tests.system.support.product import Deployment

ROWS = 1000
SUPERSEDED = 3
"""The exit code of a worker whose generation is not the active one any more."""
CHANNELS = ("instagram", "tiktok", "youtube", "twitch", "pinterest")
FORMATS = ("reel", "story", "post", "short", "live")
Leaf = tuple[str, str, str]
"""Content, channel, format."""
Figures = dict[Leaf, tuple[int, int]]
"""Views and likes."""
COLUMNS = """
  columns:
    - {column: Views, type: impression}
    - {column: Likes, type: engagement, kind: like}
"""
LEAF = """
campaign: glow
influencer: ana
content: {column: Link, part: last_path_part}
channel: {column: Network}
format: {column: Type}
"""
TOTALS = f"source: mine{LEAF}figures:\n  are: running_totals{COLUMNS}"
PER_DAY = f"source: daily{LEAF}time: {{column: Day, zone: UTC}}\nfigures:\n  are: per_day{COLUMNS}"


def glow(now: datetime) -> dict[str, Any]:
    """Declare a campaign that has run for ten days."""
    starts, ends = ((now + timedelta(days=days)).isoformat() for days in (-10, 10))
    flight = {"starts": starts, "ends": ends, "currency": "EUR", "emv_card": "default"}
    return {"campaigns": [{"id": "glow", "name": "Glow", **flight}]}


def first_day(chance: random.Random) -> Figures:
    leaves = product((f"post-{number}" for number in range(ROWS // 25)), CHANNELS, FORMATS)
    return {leaf: (chance.randrange(100_000), chance.randrange(5_000)) for leaf in leaves}


def next_day(before: Figures, chance: random.Random) -> Figures:
    """Let most grow; every tenth stays, and every tenth falls."""
    grown: Figures = {}
    for row, (leaf, (views, likes)) in enumerate(before.items()):
        low, high = {0: (-1.0, -0.1), 1: (0.0, 0.0)}.get(row % 10, (0.0, 0.5))
        grown[leaf] = (
            round(views * (1 + chance.uniform(low, high))),
            round(likes * (1 + chance.uniform(low, high))),
        )
    return grown


def write(deployment: Deployment, name: str, rows: list[str], more: str = "") -> None:
    header = f"Link,Network,Type,Views,Likes{more}"
    (deployment.directory / name).write_text("\n".join([header, *rows]))


def rows_of(figures: Figures) -> list[str]:
    return [
        f'https://x.example/p/{content}/,{channel},{form},"{views:,}",{likes}'
        for (content, channel, form), (views, likes) in figures.items()
    ]


def sums(figures: Figures) -> dict[tuple[str, str], tuple[int, int]]:
    """Add up the figures of each content, channel and format, and of the campaign."""
    found: defaultdict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for leaf, (views, likes) in figures.items():
        for scope in (*zip(("content", "channel", "format"), leaf, strict=True), ("campaign", "glow")):
            found[scope] = found[scope][0] + views, found[scope][1] + likes
    return found


def read(shown: Series, scope: str, name: str, window: str = "flight") -> tuple[float, float]:
    """Read the impressions and likes of a scope."""
    labels = {scope: name, "window": window}
    impressions = scrape.total(shown, f"kpi_{scope}_impressions", **labels)
    return impressions, scrape.total(shown, f"kpi_{scope}_interactions", kind="like", **labels)


def wrong(deployment: Deployment, figures: Figures, day: tuple[int, int] | None = None) -> dict[Any, Any]:
    """Return what is shown otherwise than the hand sum: of the flight, and of the campaign's last 24 h."""
    shown = deployment.scrape()
    pairs: dict[Any, Any] = {scope: (read(shown, *scope), given) for scope, given in sums(figures).items()}
    if day is not None:
        pairs["24h"] = (read(shown, "campaign", "glow", "24h"), day)
    return {scope: pair for scope, pair in pairs.items() if pair[0] != pair[1]}


def rebuild(deployment: Deployment) -> None:
    """Rebuild the state beside the worker, and take its place."""
    before = deployment.latest
    assert before
    deployment.address = f"127.0.0.1:{free_port()}"
    deployment.settings["KPIS_METRICS_ADDRESS"] = deployment.address
    deployment.latest = Process(
        ["worker", "--rebuild"], deployment.settings, deployment.directory, "rebuilding"
    )
    until(lambda: before.exit_code is not None, 120, "the former worker ends")
    assert before.exit_code == SUPERSEDED, before.said()
    until(lambda: deployment.get("/readyz").status == 200, 70, "the rebuilt state is shown")


def test_the_gauges_are_those_of_the_last_export_through_kill_and_rebuild(deployment: Deployment) -> None:
    now, chance = datetime.now(UTC), random.Random(15)
    deployment.apply(glow(now))
    (deployment.directory / "map.yaml").write_text(TOTALS)
    first = first_day(chance)
    second = next_day(first, chance)
    assert len(first) == ROWS
    assert sum(second[leaf][0] < first[leaf][0] for leaf in first) == ROWS // 10
    times = [
        (now - age).isoformat(timespec="seconds") for age in (timedelta(hours=30), timedelta(minutes=10))
    ]
    write(deployment, "first.csv", rows_of(first))
    write(deployment, "second.csv", rows_of(second))
    whole = ("campaign", "glow")
    (views, likes), (views_before, likes_before) = sums(second)[whole], sums(first)[whole]
    grown = views - views_before, likes - likes_before

    def imported(name: str, as_of: str, records: int) -> None:
        deployment.do("import", name, "--map", "map.yaml", "--as-of", as_of)
        deployment.wait_applied(records, seconds=30)

    with deployment.worker():
        imported("first.csv", times[0], 2 * ROWS)
        until(lambda: wrong(deployment, first, (0, 0)) == {}, 10, "the first export is shown")

        imported("second.csv", times[1], 4 * ROWS)
        until(lambda: wrong(deployment, second, grown) == {}, 10, "the second export is shown")

        imported("first.csv", times[0], 6 * ROWS)
        assert wrong(deployment, second, grown) == {}, "an older export changes nothing"

        deployment.restart_killed()
        assert wrong(deployment, second, grown) == {}, "after a kill"

        imported("second.csv", times[1], 8 * ROWS)
        assert wrong(deployment, second, grown) == {}, "the same again changes nothing"

        rebuild(deployment)
        until(lambda: wrong(deployment, second, grown) == {}, 20, "after a rebuild")
        assert deployment.dead_letters() == []


def test_figures_per_day_are_corrected_on_their_day(deployment: Deployment) -> None:
    now = datetime.now(UTC)
    deployment.apply(glow(now))
    (deployment.directory / "map.yaml").write_text(PER_DAY)
    days = [f"{now - timedelta(days=age):%Y-%m-%d}" for age in (3, 2, 0)]
    reports = [
        # What of a day is known in the evening, what the next export corrects, and the same again.
        ([(days[0], 100, 10), (days[1], 40, 4)], (140, 14)),
        ([(days[0], 100, 10), (days[1], 60, 3), (days[2], 5, 1)], (165, 14)),
        ([(days[0], 100, 10), (days[1], 60, 3), (days[2], 5, 1)], (165, 14)),
    ]
    records = 0

    def shows(flight: tuple[int, int]) -> bool:
        return wrong(deployment, {("reel-1", "instagram", "reel"): flight}) == {}

    with deployment.worker():
        for report, flight in reports:
            rows = [f"reel-1,instagram,reel,{views},{likes},{day}" for day, views, likes in report]
            write(deployment, "report.csv", rows, ",Day")
            deployment.do("import", "report.csv", "--map", "map.yaml")
            records += 2 * len(rows)
            deployment.wait_applied(records, seconds=30)
            until(partial(shows, flight), 10, f"{flight} are shown")
        shown = deployment.scrape()
        assert read(shown, "campaign", "glow", "7d") == (165, 14)
        assert read(shown, "campaign", "glow", "24h") == (5, 1)
