"""Pages that nobody has asked for yet, and what a browser lets run."""

import asyncio

import pytest

from producers.collector.snippet import read_snippet
from tests.browser import eventually
from tests.integration.snippet.scene import LONG_ENOUGH, STUB, Scene, box, leaves


def ahead(how: str) -> str:
    """Write the script that has /next loaded before it is asked for, and asks for it when the gate opens."""
    return f"""
        const rules = document.createElement("script");
        rules.type = "speculationrules";
        rules.text = JSON.stringify({{{how}: [{{source: "list", urls: ["/next"], eagerness: "immediate"}}]}});
        document.head.append(rules);
        const gate = new Image();
        gate.onerror = () => {{ location = "/next"; }};
        addEventListener("load", () => {{ gate.src = "/gate"; }});
    """


async def load_ahead(scene: Scene, how: str) -> str:
    """Show a page that has /next, which has the snippet, loaded ahead; return for which purpose it was."""
    scene.site.policy = scene.site.policy.replace("script-src", "script-src 'inline-speculation-rules'")
    scene.site.policy = scene.site.policy.replace("img-src", "img-src 'self'")
    scene.site.page("/next", scene.tag("data-page"), box("a"), STUB + "kpis('click');")
    await scene.browser.show(scene.context, scene.site.page("/first", "", script=ahead(how)))
    await eventually(lambda: scene.site.times("/next"), 10, "the next page is loaded ahead")
    return next(purpose for path, purpose, _ in scene.site.served if path == "/next")


async def test_a_prerendered_page_counts_once_it_is_shown(scene: Scene) -> None:
    assert await load_ahead(scene, "prerender") == "prefetch;prerender"
    await eventually(lambda: "/t.js" in scene.collector.seen, 10, "the snippet is there")
    await asyncio.sleep(2 * LONG_ENOUGH)
    assert scene.collector.events == []

    scene.site.gate.set()
    assert leaves(await scene.collector.count(3)) == ["a", "reel-1"]
    assert leaves(scene.collector.events, "click") == ["reel-1"]
    assert len(scene.site.times("/next")) == 1, "it was loaded anew, and not shown as it was prerendered"


async def test_a_prefetched_page_counts_once_it_is_shown(scene: Scene) -> None:
    assert await load_ahead(scene, "prefetch") == "prefetch"
    await asyncio.sleep(LONG_ENOUGH)
    assert scene.collector.seen == []

    scene.site.gate.set()
    assert leaves(await scene.collector.count(3)) == ["a", "reel-1"]


async def test_the_snippet_runs_under_its_hash_alone(scene: Scene) -> None:
    integrity = read_snippet().integrity
    scene.site.policy = scene.site.policy.replace("script-src 'self'", f"script-src '{integrity}'")
    scene.site.policy = scene.site.policy.replace(f"{scene.collector.url}/t.js", "")
    await scene.open(attributes=f'data-page integrity="{integrity}" crossorigin="anonymous"', script="")

    assert leaves(await scene.collector.count(1)) == ["reel-1"]


@pytest.mark.parametrize("right", [True, False])
async def test_a_snippet_that_is_not_the_one_named_does_not_run(scene: Scene, right: bool) -> None:
    integrity = read_snippet().integrity
    if not right:
        integrity = f"sha384-{integrity[-64:].swapcase()}"
    tag = scene.tag(f'data-page integrity="{integrity}" crossorigin="anonymous"')
    await scene.page.go(scene.site.page("/page", tag, "<p>shown</p>"))
    await scene.page.holds("document.readyState == 'complete' && document.body.innerText == 'shown'")
    await asyncio.sleep(LONG_ENOUGH)

    assert "/t.js" in scene.collector.seen
    assert leaves(scene.collector.events) == (["reel-1"] if right else [])
