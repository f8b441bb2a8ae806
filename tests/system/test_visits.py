"""Visits in a real browser, counted to the end: a page with snippet and pixel, a link, a shop, objections."""

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Page, chromium, driven, eventually
from tests.system.support import scrape
from tests.system.support.processes import Process, free_port, until
from tests.system.support.product import Deployment
from tests.system.support.publisher import publisher

SHOP = Path(__file__).resolve().parents[2] / "docs" / "examples" / "shop.py"
GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true});"
AGREED = "window.kpis = function () { kpis.q.push(arguments); }; kpis.q = [['consent', true]];"
# The campaign's figures over the flight, by the names that tests give them.
FIGURES: dict[str, tuple[str, dict[str, str]]] = {
    "impressions": ("kpi_campaign_impressions", {}),
    "seen in the post": ("kpi_channel_impressions", {"channel": "blog"}),
    "seen in the letter": ("kpi_channel_impressions", {"channel": "newsletter"}),
    "clicks": ("kpi_campaign_clicks", {}),
    "likes": ("kpi_campaign_interactions", {"kind": "like"}),
    "orders": ("kpi_campaign_conversions", {"kind": "purchase"}),
    "orders by click id": ("kpi_influencer_conversions_attributed", {"influencer": "ana", "by": "click_id"}),
    "revenue": ("kpi_campaign_revenue", {}),
    "reach": ("kpi_campaign_reach_persons", {}),
}
Figures = dict[str, float]


@dataclass
class Town:
    """The worker, the collector's address, the shop's, and a browser."""

    worker: Deployment
    collector: str
    shop: str
    browser: str

    def figures(self) -> Figures:
        """Read what the campaign's page shows, without zeros."""
        page = self.worker.scrape()
        found = {
            name: round(scrape.total(page, family, window="flight", **labels), 2)
            for name, (family, labels) in FIGURES.items()
        }
        return {name: value for name, value in found.items() if value}

    def become(self, figures: Figures) -> None:
        """Wait until the figures are these; where they do not become so, say what they are in the end."""
        with suppress(AssertionError):
            until(lambda: self.figures() == figures, 15, "the figures move")
        assert self.figures() == figures


def glow(shop: str) -> dict[str, Any]:
    """Declare the campaign of the examples."""
    now = datetime.now(UTC)
    link = {"id": "ana-reel-1", "influencer": "ana", "content": "reel-1", "channel": "instagram"}
    campaign = {
        "id": "summer-glow",
        "name": "Summer Glow",
        "starts": (now - timedelta(days=1)).isoformat(),
        "ends": (now + timedelta(days=30)).isoformat(),
        "currency": "EUR",
        "emv_card": "default",
        "influencers": ["ana"],
        "links": [link | {"to": f"{shop}/glow"}],
    }
    return {"campaigns": [campaign]}


@contextmanager
def shop_at(port: int, collector: str, secret: str, log: Path) -> Iterator[None]:
    """Run the toy shop until the block ends."""
    command = [sys.executable, str(SHOP), "--collector", collector, "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=os.environ | {"TOY_SHOP_SECRET": secret}, stdout=output, stderr=output
        )
    try:
        until(lambda: scrape.get(f"127.0.0.1:{port}", "/").status == 200, 30, "the shop is open")
        yield
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a browser for all tests of this file."""
    with chromium(tmp_path_factory.mktemp("chromium")) as address:
        yield address


@pytest.fixture
def town(deployment: Deployment, browser: str) -> Iterator[Town]:
    """Run worker, collector and shop."""
    shop, collector = free_port(), f"127.0.0.1:{free_port()}"
    salt, key, secret = (secrets.token_urlsafe(32) for _ in range(3))
    path = deployment.directory / "secrets.toml"
    path.touch(0o600)
    path.write_text(
        f'person_salt = "{salt}"\n[click_keys]\ncurrent = "{key}"\n'
        f'[postbacks.toy-shop]\nsecrets = ["{secret}"]\n'
    )
    own = {
        "KPIS_COLLECT_ADDRESS": collector,
        "KPIS_SECRETS_FILE": str(path),
        "KPIS_DATA_DIR": str(deployment.directory / "data"),
    }
    deployment.apply(glow(f"http://127.0.0.1:{shop}"))
    with deployment.worker():
        process = Process(["collect"], deployment.settings | own, deployment.directory, "collector")
        try:
            until(lambda: scrape.get(collector, "/readyz").status == 200, 30, "the collector is ready")
            with shop_at(shop, f"http://{collector}", secret, deployment.directory / "shop.log"):
                yield Town(deployment, f"http://{collector}", f"http://127.0.0.1:{shop}", browser)
        finally:
            assert process.stop() == 0, process.said()


@asynccontextmanager
async def visit(town: Town, before: str = "") -> AsyncIterator[Page]:
    """Open the campaign page in a fresh profile, with a script before its own."""
    async with driven(town.browser) as browser:
        context = await browser.context()
        page = await browser.open(context)
        await page.before_scripts(before)
        if GPC in before:
            await page.call("Network.enable")
            await page.call("Network.setExtraHTTPHeaders", headers={"Sec-GPC": "1"})
        await page.go(f"{town.shop}/")
        await page.holds("window.kpis && kpis.on")
        yield page
        await browser.call("Target.disposeBrowserContext", {"browserContextId": context})


async def load_ahead(town: Town, how: str) -> None:
    """Have a page with snippet and pixel loaded, and nobody look at it."""
    with publisher(town.collector, how) as site:
        async with driven(town.browser) as browser:
            context = await browser.context()
            await browser.show(context, site.url)
            await eventually(lambda: site.asked, 10, f"the {how}ed page is loaded")
            # A second for a view, one until it would be sent.
            await asyncio.sleep(2.5)
            await browser.call("Target.disposeBrowserContext", {"browserContextId": context})
        assert site.asked == ["prefetch;prerender" if how == "prerender" else "prefetch"]


async def test_figures_move_by_exactly_what_people_do(town: Town) -> None:
    figures: Figures = {}

    async def move(**by: float) -> None:
        for name, much in by.items():
            figures[name.replace("_", " ")] = round(figures.get(name.replace("_", " "), 0) + much, 2)
        await asyncio.to_thread(town.become, {name: value for name, value in figures.items() if value})

    for how in ("prefetch", "prerender"):
        await load_ahead(town, how)

    async with visit(town) as page:
        await move(impressions=2, seen_in_the_post=1, seen_in_the_letter=1)
        await page.click("#like")
        await move(likes=1)
        await page.click("#shop")
        await page.holds("location.pathname == '/glow' && location.search.includes('kpi_click=')")
        await move(clicks=1)
        await page.click("#buy")
        await move(orders=1, orders_by_click_id=1, revenue=84.9)
        await page.click("#refund")
        await move(revenue=-84.9)

    async with visit(town, GPC + AGREED) as page:
        await page.click("#like")
        await move(impressions=2, seen_in_the_post=1, seen_in_the_letter=1, likes=1)
        assert await page.run("localStorage.length + sessionStorage.length") == 0

    async with visit(town, AGREED) as page:
        await move(impressions=2, seen_in_the_post=1, seen_in_the_letter=1, reach=1)
        await page.click("#recipe")
        await page.holds("location.pathname == '/recipe'")
        await move(impressions=2, seen_in_the_post=1, seen_in_the_letter=1, clicks=1)

    assert town.worker.dead_letters() == []
    assert scrape.total(town.worker.scrape(), "kpi_campaign_invalid_traffic_total") == 0
