"""The three pages, over HTTP on a free port of loopback."""

import socket
from collections.abc import AsyncIterator, Callable, Iterable

import pytest
from aiohttp import ClientResponse, ClientSession
from prometheus_client import Metric
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from connections.listening import AddressInUse
from exporters.collector import KpiCollector
from exporters.endpoint import serve
from models.readings.pipeline import Readiness
from tests.unit.exporters.worked import worked_pipeline
from tests.unit.models.building import NOON

parse_openmetrics: Callable[[str], Iterable[Metric]] = openmetrics.text_string_to_metric_families
REGISTRY = KpiCollector(worked_pipeline, lambda: NOON, "1.2.3")


class Site:
    """The pages at an address, of a worker that stands as `readiness` says."""

    def __init__(self, client: ClientSession) -> None:
        self.readiness = Readiness(False, "waiting for partitions")
        self._client = client
        self.address = ""

    async def get(self, path: str, **headers: str) -> tuple[ClientResponse, str]:
        return await self.ask("GET", path, **headers)

    async def ask(self, method: str, path: str, **headers: str) -> tuple[ClientResponse, str]:
        async with self._client.request(method, f"http://{self.address}{path}", headers=headers) as response:
            return response, await response.text()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """Serve the pages."""
    async with ClientSession() as client:
        made = Site(client)
        runner = await serve("127.0.0.1:0", REGISTRY, lambda: made.readiness)
        host, port = runner.addresses[0][:2]
        made.address = f"{host}:{port}"
        yield made
        await runner.cleanup()


async def test_livez_is_200_even_while_it_is_not_ready(site: Site) -> None:
    response, text = await site.get("/livez")

    assert (response.status, text) == (200, "alive\n")


async def test_readyz_is_503_with_the_reason_and_200_once_ready(site: Site) -> None:
    waiting, why = await site.get("/readyz")
    site.readiness = Readiness(True, "ready: 8 partitions live")
    ready, how = await site.get("/readyz")

    assert (waiting.status, why) == (503, "waiting for partitions\n")
    assert (ready.status, how) == (200, "ready: 8 partitions live\n")


@pytest.mark.parametrize("accept", ["*/*", "text/plain", "", "text/html,application/xhtml+xml"])
async def test_metrics_are_prometheus_text_unless_asked_otherwise(site: Site, accept: str) -> None:
    response, text = await site.get("/metrics", Accept=accept)

    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "kpi_campaign_impressions" in {family.name for family in text_string_to_metric_families(text)}


@pytest.mark.parametrize(
    "accept",
    [
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;q=0.5",
    ],
)
async def test_prometheus_gets_openmetrics_that_the_clients_parser_reads(site: Site, accept: str) -> None:
    response, text = await site.get("/metrics", Accept=accept)

    assert response.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    assert text.endswith("# EOF\n")
    families = {family.name: family.type for family in parse_openmetrics(text)}
    assert families["kpi_campaign_lifetime_clicks"] == "counter"
    assert families["kpi_pipeline_freshness_seconds"] == "histogram"


async def test_other_pages_are_404(site: Site) -> None:
    response, _ = await site.get("/")

    assert response.status == 404


@pytest.mark.parametrize("path", ["/metrics", "/livez", "/readyz", "/nothing"])
async def test_head_is_told_what_get_would_be_and_other_methods_that_they_are_not_allowed(
    site: Site, path: str
) -> None:
    (got, text), (head, nothing) = await site.get(path), await site.ask("HEAD", path)
    posted, _ = await site.ask("POST", path)

    assert (head.status, nothing) == (got.status, "")
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert head.headers["Content-Length"] == str(len(text.encode()))
    assert posted.status == (404 if path == "/nothing" else 405)
    assert posted.headers.get("Allow") == (None if path == "/nothing" else "GET,HEAD")


@pytest.mark.parametrize("accept", ["text/plain;version=abc", "é" * 100, "a" * 8000, ";;,=", "*/*;q=NaN"])
async def test_no_accept_header_is_an_error(site: Site, accept: str) -> None:
    response, text = await site.get("/metrics", Accept=accept)

    assert (response.status, text.count("# EOF")) == (200, 0)


async def test_an_address_in_use_is_a_sentence_that_names_it_and_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(AddressInUse, match="KPIS_METRICS_ADDRESS") as caught:
            await serve(address, REGISTRY, lambda: Readiness(True, ""))
    assert address in str(caught.value)


async def test_an_address_of_no_machine_is_a_sentence_too() -> None:
    with pytest.raises(AddressInUse, match=r"Cannot listen at no\.such\.invalid:9464"):
        await serve("no.such.invalid:9464", REGISTRY, lambda: Readiness(True, ""))


async def test_an_ipv6_address_in_brackets_is_taken() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6; run it on one that has")
    runner = await serve("[::1]:0", REGISTRY, lambda: Readiness(True, ""))
    assert runner.addresses[0][0] == "::1"
    await runner.cleanup()
