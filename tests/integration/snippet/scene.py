"""A tab that shows a page with the snippet, and what is asked of it."""

from dataclasses import dataclass, field
from typing import Any

from tests.browser import Browser, Page, eventually
from tests.integration.snippet.toys import Event, ToyCollector, ToySite

STUB = "window.kpis = window.kpis || function () { (kpis.q = kpis.q || []).push(arguments); };"
LONG_ENOUGH = 1.4
"""In which a view would count; it is sent with a mark that is set after that."""


@dataclass
class Scene:
    """A tab of a fresh profile, the site that it looks at, and the collector."""

    browser: Browser
    context: str
    page: Page
    site: ToySite
    collector: ToyCollector
    marks: set[str] = field(default_factory=set)

    def tag(self, attributes: str = "") -> str:
        """Write the snippet's tag, for a leaf."""
        return (
            f'<script async src="{self.collector.url}/t.js" data-campaign="summer-glow" '
            f'data-influencer="ana" data-content="reel-1" data-channel="blog" {attributes}></script>'
        )

    async def open(
        self, body: str = "", attributes: str = "", path: str = "/page", script: str = STUB
    ) -> None:
        """Open a page with the tag, and wait until the snippet runs; the path may have a query."""
        plain = path.partition("?")[0]
        self.site.page(plain, self.tag(attributes), body, script)
        await self.page.go(self.site.url + path)
        await self.page.holds(f"location.pathname == {plain!r} && window.kpis && kpis.on")

    async def tell(self, *call: str) -> None:
        """Call kpis() in the page, with arguments written in JavaScript."""
        await self.page.run(f"kpis({', '.join(call)})")

    async def resize(self, height: int) -> None:
        """Give the window's inside a height; it is 800 wide."""
        await self.page.call(
            "Emulation.setDeviceMetricsOverride", width=800, height=height, deviceScaleFactor=1, mobile=False
        )

    async def mark(self) -> list[Event]:
        """Tell something last, and return all else that was sent: what happened before is sent with it."""
        mark = f"mark-{len(self.marks)}"
        self.marks.add(mark)
        await self.tell("'engagement'", f"{{kind: 'reaction', event_id: '{mark}'}}")
        events = self.collector.events
        await eventually(lambda: any(event["event_id"] == mark for event in events), 10, f"{mark} is sent")
        return [event for event in events if event["event_id"] not in self.marks]

    async def stored(self) -> list[Any]:
        """Return all that the site keeps in the browser: what lasts, what the tab keeps, and cookies."""
        return list(await self.page.run("[{...localStorage}, {...sessionStorage}, document.cookie]"))


def leaves(events: list[Event], kind: str = "impression") -> list[str]:
    """List the contents that events of a type are about."""
    return sorted(event["content_id"] for event in events if event["type"] == kind)


def box(content: str) -> str:
    """Write something that is watched, 300 by 200."""
    return f'<div class="box" id="{content}" data-kpi-view data-content="{content}"></div>'
