"""A campaign page and a toy shop: a visitor's way from a post to an order, and back, told to the collector.

    kpis collect                                        # in another terminal
    TOY_SHOP_SECRET=… python docs/examples/shop.py      # a secret of the source `toy-shop`

Then open http://127.0.0.1:8090/. The campaign file needs a link `ana-reel-1` to http://127.0.0.1:8090/glow.
The shop keeps its orders in memory; a real one keeps what it has to tell the collector beside them.
"""

import argparse
import asyncio
import hashlib
import hmac
import os
import time
from dataclasses import dataclass, field
from html import escape
from itertools import count
from pathlib import Path
from string import Template
from urllib.parse import quote

import aiohttp
from aiohttp import web

HERE = Path(__file__).parent
SOURCE = "toy-shop"
PRICE, CURRENCY = "84.90", "EUR"


@dataclass
class Shop:
    """The shop: where the collector is, the secret that they share, and each order's click."""

    collector: str
    secret: bytes
    orders: dict[str, str] = field(default_factory=dict)
    telling: set["asyncio.Task[None]"] = field(default_factory=set)
    numbers: "count[int]" = field(default_factory=lambda: count(int(time.time())))

    async def campaign_page(self, _: web.Request) -> web.Response:
        """Show what an influencer posted: this page is hers, not the shop's."""
        return self.page("campaign.html")

    async def product(self, request: web.Request) -> web.Response:
        """Show what there is to buy, with the click that led here."""
        click = request.query.get("kpi_click", "")
        return self.page("shop.html", price=f"{PRICE} {CURRENCY}", kpi_click=click)

    async def buy(self, request: web.Request) -> web.Response:
        """Take an order, and tell the collector of it from here: no browser has to."""
        order, click = f"T-{next(self.numbers)}", str((await request.post()).get("kpi_click", ""))
        self.orders[order] = click
        self.tell(order, "confirmed")
        return self.page("order.html", order=order, state="bought")

    async def refund(self, request: web.Request) -> web.Response:
        """Take an order back, all of it."""
        order = str((await request.post()).get("order", ""))
        if order not in self.orders:
            raise web.HTTPNotFound(text="There is no such order.")
        self.tell(order, "refunded")
        return self.page("order.html", order=order, state="given back")

    def tell(self, order: str, status: str) -> None:
        """Tell the collector of an order that a click led to, while the customer goes on."""
        if self.orders[order]:
            task = asyncio.create_task(self.post_back(order, status))
            self.telling.add(task)
            task.add_done_callback(self.telling.discard)

    async def post_back(self, order: str, status: str) -> None:
        """Repeat a postback until the collector has taken it, or refuses it; taken twice it counts once."""
        told = {"source": SOURCE, "order_id": order, "click_id": self.orders[order], "status": status}
        told |= {"revenue": PRICE, "currency": CURRENCY}
        async with aiohttp.ClientSession() as session:
            for pause in (1, 5, 25, 125, 625, 3125):
                try:
                    async with session.get(f"{self.collector}/postback?{self.signed(told)}") as answer:
                        if answer.status < 500 and answer.status != 429:
                            print(f"{order} {status}: {answer.status} {await answer.text()}", flush=True)
                            return
                except aiohttp.ClientConnectionError:
                    print(f"{order} {status}: the collector does not answer", flush=True)
                await asyncio.sleep(pause)

    def signed(self, told: dict[str, str]) -> str:
        """Write parameters as a query, with the time, and the HMAC-SHA-256 of all in the order of names."""
        named = sorted((told | {"ts": str(int(time.time()))}).items())
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in named)
        return f"{query}&sig={hmac.digest(self.secret, query.encode(), hashlib.sha256).hex()}"

    def page(self, name: str, **values: str) -> web.Response:
        """Fill in a page. Its policy allows the snippet, the pixel and its own files, and nothing else."""
        policy = (
            f"default-src 'none'; script-src 'self' {self.collector}/t.js; connect-src {self.collector}; "
            f"img-src {self.collector}; style-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        )
        shown = {name: escape(value) for name, value in (values | {"collector": self.collector}).items()}
        text = Template((HERE / name).read_text("utf-8")).substitute(shown)
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})


async def file_of(request: web.Request) -> web.FileResponse:
    """Serve the script and the style of the pages."""
    return web.FileResponse(HERE / request.path.removeprefix("/"))


def site(shop: Shop) -> web.Application:
    """Put the pages at their addresses."""
    app = web.Application()
    app.add_routes(
        [
            web.get("/", shop.campaign_page),
            web.get("/recipe", shop.campaign_page),
            web.get("/glow", shop.product),
            web.post("/orders", shop.buy),
            web.post("/refunds", shop.refund),
            web.get("/example.js", file_of),
            web.get("/example.css", file_of),
        ]
    )
    return app


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="A campaign page and a toy shop.")
    parser.add_argument("--collector", default="http://127.0.0.1:8080", help="its address")
    parser.add_argument("--port", type=int, default=8090)
    options = parser.parse_args()
    secret = os.environ.get("TOY_SHOP_SECRET", "")
    if not secret:
        parser.error(
            f"TOY_SHOP_SECRET is not set: it is a secret of [postbacks.{SOURCE}] in KPIS_SECRETS_FILE."
        )
    web.run_app(
        site(Shop(options.collector.rstrip("/"), secret.encode())), host="127.0.0.1", port=options.port
    )


if __name__ == "__main__":
    main()
