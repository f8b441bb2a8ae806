"""Clicks on what is marked: those of people, however they leave the page."""

import pytest

from tests.browser import eventually
from tests.integration.snippet.scene import Scene, leaves


def button(name: str) -> str:
    inside = f'<i id="in-{name}">x</i>'
    return f'<button class="box" id="{name}" data-kpi-click data-content="{name}">{inside}</button>'


async def test_clicks_of_people_on_what_is_marked_count(scene: Scene) -> None:
    await scene.resize(1500)
    address = f"{scene.collector.url}/c/ana-reel-1"
    redirect = f'<a class="box" id="link" href="{address}" target="_blank" data-kpi-click></a>'
    names = ("left", "double", "right", "script")
    await scene.open("".join(map(button, names)) + redirect + '<p class="box" id="plain">x</p>')
    await scene.page.click("#in-left")
    await scene.page.click("#double", times=2)
    await scene.page.click("#right", button="right")
    await scene.page.click("#plain")
    await scene.page.run("document.querySelector('#script').click()")
    # The redirect counts that one.
    await scene.page.click("#link")
    await eventually(lambda: "/c/ana-reel-1" in scene.collector.seen, 5, "the link is followed")
    await scene.page.to_front()

    assert leaves(await scene.mark(), "click") == ["double", "left"]


@pytest.mark.parametrize("button", ["left", "middle"])
async def test_a_click_that_leads_away_is_sent(scene: Scene, button: str) -> None:
    scene.site.page("/next", "")
    await scene.open('<a class="box" href="/next" data-kpi-click data-content="link">next</a>')
    await scene.page.click("a", button=button)

    assert leaves(await scene.collector.count(1), "click") == ["link"]
    await eventually(lambda: scene.site.times("/next"), 5, "the next page is opened")
