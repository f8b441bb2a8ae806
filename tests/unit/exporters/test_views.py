"""The views say what /metrics says, no more than is asked for, and of no campaign that it does not show."""

import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession

from exporters.collector import KpiCollector
from exporters.endpoint import serve
from exporters.views import Views
from models.kpis.catalogue import KPIS, kpi_judged_by
from models.metrics.kpi_metrics import ALWAYS_SIDES, SIDES, metric_name
from models.readings.pipeline import Pipeline, Readiness
from models.readings.viewing import MOST_PARTS
from models.readings.views import Part
from models.scopes import LABELS, Leaf
from models.times import DAY, SECOND
from models.windows import SCOPES_OF, WINDOW_NAMES
from tests.unit.exporters.worked import pipeline_of, shown, worked_campaign, worked_pipeline
from tests.unit.models.building import NOON, Feed, campaign, new_state, registry

READY = Readiness(True, "ready: 1 partitions live")


class Site:
    """The views of a pipeline."""

    def __init__(self, client: ClientSession) -> None:
        self.pipeline = worked_pipeline()
        self.now = NOON
        self.timer: Callable[[], float] = lambda: 0.0
        self.address = ""
        self._client = client

    async def ask(self, path: str, status: int = 200) -> Any:
        async with self._client.get(f"http://{self.address}{path}") as response:
            assert response.status == status, await response.text()
            assert response.content_type == "application/json"
            return await response.json()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """Serve them."""
    async with ClientSession() as client:
        made = Site(client)
        metrics = KpiCollector(lambda: made.pipeline, lambda: made.now, "1.2.3")
        views = Views(lambda: made.pipeline, lambda: READY, lambda: made.now, lambda: made.timer())
        runner = await serve("127.0.0.1:0", metrics, lambda: READY, views.routes())
        host, port = runner.addresses[0][:2]
        made.address = f"{host}:{port}"
        yield made
        await runner.cleanup()


Key = tuple[str, tuple[str, ...], str]
"""A metric's name, the ids of what it is shown for, and the value of the KPI's own label."""


def on_the_page(pipeline: Pipeline, window: str) -> dict[Key, float]:
    """Return the KPI series of a window, and those without windows; of labelled KPIs no bounds."""
    families = shown(pipeline)
    found: dict[Key, float] = {}
    for kpi in KPIS:
        for scope in set(kpi.scopes) & set(SCOPES_OF[window]):
            for side in (None, *(() if kpi.label else (*SIDES, *ALWAYS_SIDES))):
                name = metric_name(scope, kpi, side)
                for sample in families[name].samples if name in families else ():
                    if sample.labels.get("window", window) == window:
                        ids = tuple(sample.labels[label] for label in LABELS[scope])
                        found[name, ids, sample.labels[kpi.label] if kpi.label else ""] = sample.value
    return found


def in_the_view(scope: str, ids: tuple[str, ...], figures: dict[str, Any]) -> dict[Key, float]:
    """Return what a view says, named as on the page."""
    found: dict[Key, float] = {}
    for kpi in KPIS:
        figure = figures.get(kpi.id, {})
        if kpi.label:
            parts = figure.get("parts", {})
            found |= {(metric_name(scope, kpi), ids, part): value for part, value in parts.items()}
            assert figure.get("value", 0) == sum(parts.values())
            continue
        sides = {None: "value"} | {side: side for side in (*SIDES, *ALWAYS_SIDES)}
        found |= {
            (metric_name(scope, kpi, side), ids, ""): figure[key]
            for side, key in sides.items()
            if key in figure
        }
    return found


@pytest.mark.parametrize("window", WINDOW_NAMES)
async def test_every_figure_of_a_campaign_is_that_of_the_page_and_none_is_missing(
    site: Site, window: str
) -> None:
    answer = await site.ask(f"/v1/campaigns/glow?window={window}")

    seen = in_the_view("campaign", ("glow",), answer["campaign"]["kpis"])
    for scope, parts in answer["campaign"].get("scopes", {}).items():
        for part in parts:
            ids = ("glow", *(part[label] for label in LABELS[scope][1:]))
            seen |= in_the_view(scope, ids, part["kpis"])
    assert seen == on_the_page(site.pipeline, window)


@pytest.mark.parametrize("window", WINDOW_NAMES)
async def test_side_by_side_a_campaign_is_what_it_is_alone(site: Site, window: str) -> None:
    alone = await site.ask(f"/v1/campaigns/glow?window={window}&scopes=")
    together = await site.ask(f"/v1/campaigns?window={window}")

    assert together.pop("campaigns") == [alone.pop("campaign")]
    assert together == alone


def verdicts_on(site: Site, window: str) -> dict[str, float]:
    samples = shown(site.pipeline)["kpi_campaign_verdict"].samples
    return {one.labels["kpi"]: one.value for one in samples if one.labels["window"] == window}


@pytest.mark.parametrize("window", WINDOW_NAMES)
async def test_verdicts_limits_and_samples_are_those_of_the_page(site: Site, window: str) -> None:
    answer = await site.ask(f"/v1/campaigns?window={window}")
    families = shown(site.pipeline)

    (told,) = answer["campaigns"]
    judged = {name: one for name, one in told["kpis"].items() if "verdict" in one}
    verdicts = verdicts_on(site, window)
    assert {name: one["verdict"] for name, one in judged.items()} == {
        kpi_judged_by(name).id: verdict for name, verdict in verdicts.items()
    }
    for sample in families["kpi_campaign_threshold"].samples:
        limit = judged[kpi_judged_by(sample.labels["kpi"]).id]["threshold"]
        assert (limit["bound"], limit["value"]) == (sample.labels["bound"], sample.value)
    for sample in families["kpi_campaign_min_sample"].samples:
        if sample.labels["kpi"] in verdicts:
            limit = judged[kpi_judged_by(sample.labels["kpi"]).id]["threshold"]
            assert limit["min_sample"] == sample.value
    concerns = {s.labels["concern"]: s.value for s in families["kpi_campaign_concern_verdict"].samples}
    assert told["concerns"] == concerns


async def test_what_is_declared_and_how_the_worker_stands_is_told(site: Site) -> None:
    answer = await site.ask("/v1/campaigns")

    (told,) = answer.pop("campaigns")
    assert answer == {
        "at": NOON / SECOND,
        "window": "flight",
        "ready": True,
        "reason": "ready: 1 partitions live",
        "pipeline": {
            "partitions": {"live": 1, "recovering": 0},
            "lag": 3,
            "registry_loaded": 1_794_311_999.0,
        },
        "registered": 1,
        "elsewhere": 0,
    }
    del told["kpis"], told["concerns"]
    assert told == {
        "id": "glow",
        "name": "Glow",
        "owner": "team-beauty",
        "currency": "EUR",
        "status": "running",
        "starts": 1793491200.0,
        "ends": 1796083200.0,
        "budget": 4000.0,
    }


async def test_a_figure_that_says_little_says_so(site: Site) -> None:
    known = registry(worked_campaign())
    feed = Feed(new_state(known))
    feed.send("impression", count=5)
    feed.send("click", count=6)
    site.pipeline = pipeline_of(feed.state, known)

    (told,) = (await site.ask("/v1/campaigns"))["campaigns"]
    assert (told["kpis"]["ctr_ratio"]["small"], told["kpis"]["ctr_ratio"]["misleading"]) == (True, True)
    assert not told["kpis"]["impressions"].keys() & {"small", "misleading"}

    feed.send("impression", count=1000)
    (told,) = (await site.ask("/v1/campaigns"))["campaigns"]
    assert not told["kpis"]["ctr_ratio"].keys() & {"small", "misleading"}


async def test_only_what_is_asked_for_is_told(site: Site) -> None:
    answer = await site.ask("/v1/campaigns/glow?kpis=ctr_ratio,pacing_ratio&scopes=influencer&window=1h")

    assert answer["campaign"]["kpis"].keys() == {"ctr_ratio", "pacing_ratio"}
    assert answer["campaign"]["scopes"].keys() == {"influencer"}
    assert {key for part in answer["campaign"]["scopes"]["influencer"] for key in part["kpis"]} == {
        "ctr_ratio"
    }
    assert "scopes" not in (await site.ask("/v1/campaigns/glow?scopes="))["campaign"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("window=2h", "no window '2h': 5m, 1h, 24h, 7d, flight"),
        ("window=", "no window ''"),
        ("kpis=ctr", "kpis: no 'ctr'"),
        ("scopes=campaign", "scopes: no 'campaign': channel, content, format, influencer"),
        ("window=%FF%00" + "x" * 5000, "no window"),
    ],
)
async def test_what_there_is_not_is_400_and_says_what_there_is(site: Site, query: str, sentence: str) -> None:
    answer = await site.ask(f"/v1/campaigns/glow?{query}", status=400)

    assert answer["error"].startswith(sentence)


async def test_a_campaign_that_is_not_shown_is_404_with_the_reason(site: Site) -> None:
    known = site.pipeline.registry
    hidden = known.model_copy(update={"hidden": frozenset({"glow"})})
    cases = {
        "no campaign nope is registered": ("nope", site.pipeline, NOON),
        "campaign glow is over, and no longer shown": ("glow", site.pipeline, NOON + 60 * DAY),
        "campaign glow is not counted by this worker now": ("glow", pipeline_of(None, known), NOON),
        "the registry's entry of campaign glow cannot be read by this release": (
            "glow", replace(site.pipeline, registry=hidden), NOON,
        ),
    }  # fmt: skip
    for sentence, (name, site.pipeline, site.now) in cases.items():
        assert await site.ask(f"/v1/campaigns/{name}", status=404) == {"error": sentence}
        side_by_side = (await site.ask("/v1/campaigns"))["campaigns"]
        assert name not in {one["id"] for one in side_by_side}


async def test_campaigns_that_other_workers_have_are_counted(site: Site) -> None:
    site.pipeline = pipeline_of(None, site.pipeline.registry)

    answer = await site.ask("/v1/campaigns")
    assert (answer["registered"], answer["elsewhere"], answer["campaigns"]) == (1, 1, [])


async def test_of_very_many_parts_the_most_active_are_told(site: Site) -> None:
    known = registry(campaign())
    feed = Feed(new_state(known, max_leaves=2000))
    for number in range(MOST_PARTS + 2):
        feed.send("impression", content_id=f"c{number}", count=1 + number)
    site.pipeline = pipeline_of(feed.state, known)

    told = (await site.ask("/v1/campaigns/glow?kpis=impressions"))["campaign"]
    assert told["left_out"] == {"content": 2}
    named = [part["content"] for part in told["scopes"]["content"]]
    assert named == [f"c{number}" for number in range(MOST_PARTS + 1, 1, -1)]


def test_a_part_can_be_named_by_every_field_of_a_leaf() -> None:
    assert set(Part.__struct_fields__) == {"kpis", *Leaf._fields[1:]}


async def test_of_a_campaign_that_is_gone_since_it_was_read_nothing_is_told(site: Site) -> None:
    """The timer goes with each look at it: reading took a second, and the answer stands for three."""
    ticks = itertools.count()
    site.timer = lambda: float(next(ticks))
    for path in ("/v1/campaigns", "/v1/campaigns/glow"):
        site.pipeline = worked_pipeline()
        await site.ask(path)
        site.pipeline = pipeline_of(None, site.pipeline.registry)
        if path == "/v1/campaigns":
            assert (await site.ask(path))["campaigns"] == []
        else:
            await site.ask(path, status=404)


async def test_what_stands_is_told_again_as_of_its_time(site: Site) -> None:
    ticks = itertools.count()
    site.timer = lambda: float(next(ticks))
    first = await site.ask("/v1/campaigns")
    site.now += SECOND

    assert (await site.ask("/v1/campaigns"))["at"] == first["at"]
