"""The pages of a worker, read by the programs that will read them."""

import json
import math
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from prometheus_client import Metric
from prometheus_client.openmetrics import parser as openmetrics

from tests.system.support.campaigns import all_campaigns, clock
from tests.system.support.kafka import Sender
from tests.system.support.product import Deployment, Servers
from tests.system.support.scrape import OPENMETRICS, Answer, parse
from tests.system.support.traffic import Traffic

parse_openmetrics: Callable[[str], Iterable[Metric]] = openmetrics.text_string_to_metric_families


@dataclass(frozen=True)
class Pages:
    """Both forms of the page, its campaigns as JSON, and the addresses for supervisors."""

    text: Answer
    openmetrics: Answer
    views: Answer
    alive: Answer
    ready: Answer


@pytest.fixture(scope="module")
def pages(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Read every page of a worker that has counted a little of everything."""
    deployment = Deployment(servers, f"t-{uuid.uuid4().hex[:8]}", tmp_path_factory.mktemp("pages"))
    now = clock()
    deployment.apply(all_campaigns(now))
    sender = Sender(deployment.servers.kafka, deployment.prefix)
    sender.send(Traffic(3, now).messages(2000))
    sender.flush()
    with deployment.worker():
        deployment.wait_applied(2000, seconds=30)
        text, openmetrics = deployment.get("/metrics"), deployment.get("/metrics", OPENMETRICS)
        views = deployment.get("/v1/campaigns?window=24h")
        return Pages(text, openmetrics, views, deployment.get("/livez"), deployment.get("/readyz"))


def test_the_views_count_what_the_page_counts(pages: Pages) -> None:
    told = json.loads(pages.views.text)
    shown = parse(pages.text.text)
    for kpi in ("impressions", "clicks", "reach_persons", "video_views"):
        name = f"kpi_campaign_{kpi}"
        seen = {
            dict(labels)["campaign"]: value
            for (series, labels), value in shown.items()
            if series == name and ("window", "24h") in labels
        }
        assert {
            one["id"]: one["kpis"][kpi]["value"] for one in told["campaigns"] if kpi in one["kpis"]
        } == seen
        assert seen
    assert told["ready"] and told["elsewhere"] == 0


def test_pages_are_what_prometheus_reads(pages: Pages) -> None:
    assert (pages.alive.status, pages.ready.status) == (200, 200)
    assert pages.text.content_type.startswith("text/plain")
    assert pages.openmetrics.content_type.startswith("application/openmetrics-text")
    assert pages.openmetrics.text.endswith("\n# EOF\n")
    families = list(parse_openmetrics(pages.openmetrics.text))
    samples = {
        (
            sample.name,
            frozenset((label, value) for label, value in sample.labels.items() if value),
        ): sample.value
        for family in families
        for sample in family.samples
    }
    shown = parse(pages.text.text)
    assert all(family.documentation for family in families), [f.name for f in families if not f.documentation]
    assert shown.keys() <= samples.keys(), sorted(str(key) for key in shown.keys() - samples.keys())[:10]
    assert any(name == "kpi_campaign_impressions" for name, _ in shown)
    assert all(math.isfinite(value) for (name, _), value in shown.items() if name.startswith("kpi_"))


def test_promtool_has_nothing_to_remark(pages: Pages) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here: `apt-get install prometheus`")
    command = [promtool, "check", "metrics"]
    checked = subprocess.run(command, input=pages.text.text, capture_output=True, text=True, timeout=30)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
