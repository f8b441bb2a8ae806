"""Every query of the dashboards, on a real Prometheus that scraped real workers during a hand-over."""

import re
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.system.support import dashboards, scrape
from tests.system.support.dashboards import EVERYTHING, Asked, combinations, options, queries, variables
from tests.system.support.everything import prepare
from tests.system.support.monitors import Prometheus, targets
from tests.system.support.naming import Series
from tests.system.support.processes import Process, free_port, until
from tests.system.support.product import Deployment, Servers

EVERY_SECOND = """
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: campaign-kpis
    file_sd_configs: [{files: [targets/workers.json]}]
  - job_name: campaign-kpis-collector
    file_sd_configs: [{files: [targets/collectors.json]}]
"""
MAY_BE_EMPTY = {
    "kpi_pipeline_leaves_capped": "no campaign has come near its cap of leaves",
    "kpi_pipeline_rated_otherwise": "one model, in one version, has rated all",
}
Thing = frozenset[tuple[str, str]]
LEAST_QUESTIONS = {
    "portfolio": 100,
    "campaign": 800,
    "influencers": 800,
    "contents": 60,
    "channels": 800,
    "pipeline": 35,
}
ABOUT = {"instance", "job", "name", "owner", "currency", "status"}


@dataclass(frozen=True)
class Scene:
    """A Prometheus that has seen a worker hand its campaigns over to another, and when."""

    prometheus: Prometheus
    handed_over: float
    worker: Deployment

    def shown(self) -> Series:
        """Read the second worker's page, now: costs accrue, and events leave windows, while tests go on."""
        return self.worker.scrape()

    def values(self, page: str, name: str, **known: str) -> list[str]:
        """List what a variable of a page can be."""
        return options(variables(dashboards.read(page))[name], self.prometheus, known)


@pytest.fixture(scope="module")
def scene(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Count traffic on one worker, then stop it and start another and a collector; Prometheus scrapes all."""
    directory, collector = tmp_path_factory.mktemp("dashboards"), f"127.0.0.1:{free_port()}"
    name = f"t-{uuid.uuid4().hex[:8]}"
    first, second = (Deployment(servers, name, directory) for _ in range(2))
    (directory / "targets").mkdir()
    (directory / "targets/workers.json").write_text(targets(first.address, second.address))
    (directory / "targets/collectors.json").write_text(targets(collector))
    (directory / "prometheus.yml").write_text(EVERY_SECOND)
    campaigns, events = prepare(first, directory)
    first.do("campaigns", "apply", str(campaigns))
    first.do("topics", "apply")
    rates = [
        query.expression for query in queries(dashboards.read("pipeline"), {}) if "deriv" in query.expression
    ]
    with Prometheus(directory) as prometheus:
        with first.worker():
            first.do("replay", "--quiet", str(events))
            first.wait_applied(len(events.read_text().splitlines()), seconds=60)
            scraped = "count_over_time(kpi_campaign_info[1m]) >= 5"
            until(lambda: len(prometheus.query(scraped)) == 4, 30, "the first worker is scraped five times")
        handed_over = time.time()
        with second.worker(), collecting(second, collector):
            until(lambda: len(prometheus.query("kpi_campaign_info")) == 4, 20, "the second worker is scraped")
            # Rates need two points, 15 s apart.
            until(lambda: all(prometheus.query(rate) for rate in rates), 40, "rates are there")
            rate = "rate(kpi_collector_events_total[1m])"
            until(lambda: bool(prometheus.query(rate)), 40, "the collector's, too")
            yield Scene(prometheus, handed_over, second)


@contextmanager
def collecting(deployment: Deployment, address: str) -> Iterator[None]:
    """Run a collector that was asked something, and for something that it refuses."""
    own = {"KPIS_COLLECT_ADDRESS": address, "KPIS_DATA_DIR": str(deployment.directory / "data")}
    process = Process(["collect"], deployment.settings | own, deployment.directory, "collector")
    try:
        until(lambda: scrape.get(address, "/readyz").status == 200, 30, "the collector is ready")
        assert scrape.get(address, "/postback?order_id=1").status in (400, 401)
        yield
    finally:
        process.stop()


def every_choice(scene: Scene, page: str) -> Iterator[dict[str, str]]:
    """Return what the variables of a page can be: each value of each, not each with each of all others."""
    if page == "pipeline":
        yield {}
        return
    windows = scene.values(page, "window")
    statuses, owners = ["running", EVERYTHING], scene.values(page, "owner", status=EVERYTHING)
    if page == "portfolio":
        yield from combinations(window=windows, status=statuses, owner=[EVERYTHING])
        yield from combinations(window=["flight"], status=["running"], owner=owners)
        return
    for campaign in scene.values(page, "campaign", status="running", owner=EVERYTHING):
        yield from combinations(campaign=[campaign], window=windows, influencer=[EVERYTHING])
        if "influencer" in variables(dashboards.read(page)):
            influencers = scene.values(page, "influencer", campaign=campaign)
            yield from combinations(campaign=[campaign], window=["flight"], influencer=influencers)


def asked(scene: Scene, page: str) -> set[Asked]:
    """Return every query of a page with every value of its variables."""
    board = dashboards.read(page)
    return {query for chosen in every_choice(scene, page) for query in queries(board, chosen)}


STATES = "What needs a look"
EARLY, BEYOND = 0, -1
# In the order in which the catalogue declares them.
KEYS = ("engagement", "ctr", "cpa", "roi", "sentiment", "authenticity")
CONCERNS = ("overspend", "underspend", "silence", "sentiment_drop", "suspicious_burst")
PAGES = ("portfolio", "campaign", "influencers", "contents", "channels", "pipeline")


def test_variables_offer_campaigns_by_status_and_owner(scene: Scene) -> None:
    owners = scene.values("campaign", "owner", status="running")
    campaigns = scene.values("campaign", "campaign", status="running", owner=EVERYTHING)

    assert owners == ["team-beauty", "team-food", "team-growth", "team-outdoor", EVERYTHING]
    assert sorted(campaigns) == ["lumiere-glow", "nimbus-app", "terra-mesa", "trailhead-packs"]
    assert scene.values("campaign", "campaign", status="running", owner="team-food") == ["terra-mesa"]
    assert scene.values("campaign", "campaign", status="ended", owner=EVERYTHING) == []
    assert len(scene.values("contents", "influencer", campaign="terra-mesa")) == 4


@pytest.mark.parametrize("page", PAGES)
def test_every_query_gives_each_thing_once(scene: Scene, page: str) -> None:
    questions = asked(scene, page)
    answers = {question: scene.prometheus.query(question.expression) for question in questions}
    empty = [
        question for question, answer in answers.items()
        if not answer and not any(name in question.expression for name in MAY_BE_EMPTY)
    ]  # fmt: skip

    assert len(questions) >= LEAST_QUESTIONS[page]
    assert empty == []
    assert [question for question, answer in answers.items() if twice(question, answer)] == []


def twice(question: Asked, answer: list[dict[str, Any]]) -> list[Thing]:
    """Return what has more than one series: they differ by worker or by words alone."""
    about = ABOUT - ({"instance"} if "by (instance" in question.expression else set())
    things = Counter(
        frozenset((name, value) for name, value in series["metric"].items() if name not in about)
        for series in answer
    )
    return [thing for thing, count in things.items() if count > 1]


def test_a_hand_over_hides_no_campaign_and_doubles_none(scene: Scene) -> None:
    board = dashboards.read("portfolio")
    questions = list(queries(board, {"window": "flight", "status": "running", "owner": EVERYTHING}))
    gone = scene.handed_over + 1.5

    assert scene.prometheus.query("kpi_campaign_info", at=gone) == [], "the hand-over was not seen"
    for question in questions:
        answer = scene.prometheus.query(question.expression, at=gone)
        assert len({series["metric"]["campaign"] for series in answer}) == len(answer) == 4, question


def test_numbers_are_those_of_the_workers_page(scene: Scene) -> None:
    chosen = {"campaign": "terra-mesa", "window": "24h"}
    page, compared = scene.shown(), 0
    for question in queries(dashboards.read("campaign"), chosen):
        shown = question.expression.partition(" or 0 * ")[0]
        names = set(re.findall(r"kpi_\w+", shown))
        name = names.pop()
        if not question.now or names or name == "kpi_campaign_info" or question.panel == "What needs a look":
            continue
        window = match[1] if (match := re.search(r'window="(\w+)"', question.expression)) else None
        wanted = [
            value for (family, found), value in page.items()
            if family == name and (labels := dict(found))["campaign"] == "terra-mesa"
            and labels.get("window") == window
            and ("kpi" not in labels or f'kpi="{labels["kpi"]}"' in question.expression)
        ]  # fmt: skip
        got = [float(series["value"][1]) for series in scene.prometheus.query(question.expression)]
        assert sum(got) == pytest.approx(sum(wanted), rel=0.002), question
        compared += 1

    assert compared > 40


def test_a_state_is_the_verdict_that_the_page_gives(scene: Scene) -> None:
    told: dict[str, float] = {}
    seen: set[float] = set()
    for campaign in scene.values("campaign", "campaign", status="running", owner=EVERYTHING):
        chosen = {"campaign": campaign, "window": "1h"}
        states = [query for query in queries(dashboards.read("campaign"), chosen) if query.panel == STATES]
        answers = [scene.prometheus.query(query.expression) for query in states]
        page = scene.shown()
        verdicts = [amount(page, campaign, "verdict", kpi=key) for key in KEYS]
        verdicts += [amount(page, campaign, "concern_verdict", concern=concern) for concern in CONCERNS]
        given = [verdict for verdict, answer in zip(verdicts, answers, strict=True) if answer]
        assert [float(answer[0]["value"][1]) for answer in answers if answer] == given, campaign
        assert len(given) == sum(map(len, of_campaign(page, campaign, "verdict", "concern_verdict")))
        told[campaign] = given.count(BEYOND) + given.count(EARLY) / 10
        seen.update(given)

    portfolio = {"window": "1h", "status": "running", "owner": EVERYTHING}
    first = [query for query in queries(dashboards.read("portfolio"), portfolio) if query.panel == STATES][1]
    scores = {s["metric"]["campaign"]: float(s["value"][1]) for s in scene.prometheus.query(first.expression)}
    assert scores == pytest.approx(told)
    assert len(seen) > 1


def amount(page: Series, campaign: str, name: str, **labels: str) -> float:
    """Return a figure of a campaign, in the flight where it has windows, as the worker's page has it."""
    (found,) = of_campaign(page, campaign, name, **labels)
    return sum(found)


def of_campaign(page: Series, campaign: str, *names: str, **labels: str) -> list[list[float]]:
    """List the values of series of a campaign, in the flight where they have windows, by name."""
    wanted = {"campaign": campaign, **labels}.items()
    return [
        [
            value for (family, found), value in page.items()
            if family == f"kpi_campaign_{name}" and wanted <= dict(found).items()
            and dict(found).get("window", "flight") == "flight"
        ]
        for name in names
    ]  # fmt: skip
