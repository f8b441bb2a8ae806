"""Viewable impressions: half in view for a second, without a break, on a page that is looked at."""

import asyncio

from tests.integration.snippet.scene import LONG_ENOUGH, Scene, box, leaves


async def test_what_is_half_in_view_for_a_second_counts_once(scene: Scene) -> None:
    await scene.resize(501)
    await scene.open(f'{box("a")}{box("b")}{box("half")}{box("out")}<div class="gap"></div>')
    first = await scene.collector.count(3)
    assert leaves(first) == ["a", "b", "half"]
    assert min(event["at"] for event in first) - scene.site.times("/page")[0] >= 1

    await scene.page.run("document.querySelector('#out').scrollIntoView()")
    await scene.collector.count(4)
    await scene.page.run("scrollTo(0, 3000)")
    await asyncio.sleep(0.2)
    await scene.page.run("scrollTo(0, 0)")
    await asyncio.sleep(LONG_ENOUGH)

    events = await scene.mark()
    assert leaves(events) == ["a", "b", "half", "out"]
    assert {event["campaign_id"] for event in events} == {"summer-glow"}
    assert {event["influencer_id"] for event in events} == {"ana"}
    assert {event["channel"] for event in events} == {"blog"}
    assert len({event["event_id"] for event in events}) == 4


async def test_less_than_half_in_view_or_less_than_a_second_is_none(scene: Scene) -> None:
    await scene.resize(299)
    await scene.open(f'{box("a")}{box("less")}<div class="gap"></div>{box("passing")}')
    await scene.page.run(
        "new Promise(done => { scrollTo(0, 4000); setTimeout(() => { scrollTo(0, 0); done(); }, 500); })"
    )
    await asyncio.sleep(LONG_ENOUGH)

    assert leaves(await scene.mark()) == ["a"]


async def test_what_comes_later_is_watched_too(scene: Scene) -> None:
    await scene.open()
    await scene.page.run(
        "const late = document.createElement('div'); late.className = 'box'; late.dataset.kpiView = '';"
        "late.dataset.content = 'late'; document.body.append(late); 0"
    )

    assert leaves(await scene.collector.count(1)) == ["late"]


async def test_a_hidden_tab_counts_when_it_is_looked_at(scene: Scene) -> None:
    front, scene.page = scene.page, await scene.browser.open(scene.context, background=True)
    await front.to_front()
    await scene.open(box("a"), "data-page")
    assert await scene.page.run("document.visibilityState") == "hidden"
    await asyncio.sleep(LONG_ENOUGH)
    assert await scene.mark() == []

    await scene.page.to_front()
    assert leaves(await scene.collector.count(3)) == ["a", "reel-1"]


async def test_a_view_that_is_hidden_within_its_second_begins_anew(scene: Scene) -> None:
    other = await scene.browser.open(scene.context)
    await scene.page.to_front()
    await scene.open(box("a"))
    # However long that took: the second begins now.
    await scene.tell("'page'")
    await other.to_front()
    await asyncio.sleep(LONG_ENOUGH)
    assert await scene.mark() == []

    await scene.page.to_front()
    assert leaves(await scene.collector.count(2)) == ["a"]


async def test_a_new_page_view_of_one_document_counts_anew(scene: Scene) -> None:
    await scene.open(box("a"), "data-page")
    assert leaves(await scene.collector.count(2)) == ["a", "reel-1"]
    await scene.tell("'page'", "{content_id: 'reel-2'}")

    assert leaves(await scene.collector.count(4)) == ["a", "a", "reel-1", "reel-2"]


async def test_a_second_tag_counts_nothing(scene: Scene) -> None:
    await scene.open(scene.tag("data-page") + box("a"), "data-page")
    await scene.collector.count(2)

    assert leaves(await scene.mark()) == ["a", "reel-1"]
