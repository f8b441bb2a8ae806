"""What a page tells kpis() is sent, whatever becomes of page and collector; sent again it is the same."""

import asyncio

import pytest

from tests.integration.snippet.scene import STUB, Scene

LIKE = ("'engagement'", "{kind: 'like'}")
BROKEN = 0
"""The status of a connection that ends without an answer."""


async def test_what_is_told_before_and_after_the_snippet_is_there_is_sent(scene: Scene) -> None:
    early = STUB + "kpis('conversion', {kind: 'purchase', order_id: 'A-1', revenue: 84.9, currency: 'EUR'});"
    await scene.open(script=early)
    await scene.tell("'conversion'", "{kind: 'signup', content_id: 'reel-2'}")
    sale, signup = await scene.collector.count(2)

    assert (sale["type"], sale["order_id"], sale["revenue"], sale["currency"]) == (
        "conversion",
        "A-1",
        84.9,
        "EUR",
    )
    assert (sale["campaign_id"], sale["content_id"], sale["channel"]) == ("summer-glow", "reel-1", "blog")
    assert (signup["kind"], signup["content_id"]) == ("signup", "reel-2")


@pytest.mark.parametrize("leaving", ["location = 'about:blank'", "dispatchEvent(new Event('pagehide'))"])
async def test_what_waits_is_sent_when_the_page_is_left(scene: Scene, leaving: str) -> None:
    await scene.open()
    await scene.page.run(f"kpis('engagement', {{kind: 'share'}}); {leaving}")
    (event,) = await scene.collector.count(1)

    assert event["kind"] == "share"
    assert event["ago"] < 900, "it was sent when its second was over"


async def test_much_at_once_goes_in_several_bodies(scene: Scene) -> None:
    await scene.open()
    await scene.page.run("for (let n = 0; n < 120; n++) kpis('engagement', {kind: 'like'})")
    events = await scene.collector.count(120)

    assert sorted(map(len, scene.collector.bodies)) == [20, 50, 50]
    assert len({event["event_id"] for event in events}) == 120


async def test_what_could_not_be_kept_is_sent_once_more_as_the_same(scene: Scene) -> None:
    scene.collector.statuses = [503] * 9
    await scene.open()
    await scene.tell(*LIKE)
    first, second = await scene.collector.count(2)
    # Longer than it waited before it was sent again.
    await asyncio.sleep(3.5)

    assert first["event_id"] == second["event_id"]
    assert abs(first["at"] - second["at"]) < 0.5
    assert len(scene.collector.bodies) == 2


@pytest.mark.parametrize("status", [503, 429, 408, BROKEN, 400, 207])
async def test_what_failed_is_sent_when_the_page_is_left_and_what_is_refused_is_not(
    scene: Scene, status: int
) -> None:
    # A connection that breaks the browser itself tries twice.
    scene.collector.statuses = [status] * (2 if status == BROKEN else 1)
    await scene.open()
    await scene.tell(*LIKE)
    await scene.collector.count(1)
    await asyncio.sleep(0.5)
    await scene.page.go(scene.site.page("/next", scene.tag()))
    await scene.page.holds("window.kpis && kpis.on && location.pathname == '/next'")
    marked = await scene.mark()

    assert len({event["event_id"] for event in marked}) == 1
    assert (marked[-1]["status"] == 200) is (status not in (400, 207))
