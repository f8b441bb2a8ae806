"""Links: visitors are led on whatever happens, and only where the registry says."""

import asyncio
from urllib.parse import parse_qsl, urlsplit

import pytest

from models.scopes import Leaf
from producers.collector import links
from tests.unit.producers.collector.scene import (
    BROWSER,
    CAMPAIGN,
    FULL,
    IPHONE,
    NOW,
    Answer,
    Scene,
    registered,
)


def led_to(answer: Answer) -> dict[str, str]:
    """Return the parameters of where an answer leads."""
    assert answer.status == 302
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def scene_with(to: str) -> Scene:
    link = {"id": "reel", "influencer": "ana", "content": "r1", "channel": "instagram", "to": to}
    return Scene(registry=registered({**CAMPAIGN, "links": [link]}))


async def test_a_click_is_kept_and_leads_on_with_a_signed_id_and_utm_parameters(scene: Scene) -> None:
    answer = await scene.ask("GET", "/c/reel?gclid=G-1&next=https://evil.example", BROWSER)

    led = led_to(answer)
    assert answer.headers["Location"].startswith("https://shop.example/glow?")
    assert answer.headers["Cache-Control"] == "no-store"
    click_id = led.pop("kpi_click")
    assert led == {
        "utm_source": "instagram",
        "utm_medium": "influencer",
        "utm_campaign": "glow",
        "utm_content": "ana-r1",
        "gclid": "G-1",
    }
    click = scene.collector.campaigns.attribution.click_ids.read(click_id, NOW)
    assert (click.leaf, click.time) == (Leaf("glow", "ana", "r1", "instagram"), NOW)
    (event,) = scene.keeper.events
    assert (event["type"], event["influencer_id"], event["user_agent"]) == ("click", "ana", IPHONE)
    assert (scene.keeper.records[0].topic, scene.keeper.yielded) == ("clicks", [False])


async def test_what_the_target_says_itself_stays() -> None:
    scene = scene_with("https://shop.example/glow?utm_source=mine&a=1#there")

    answer = await scene.ask("GET", "/c/reel?fbclid=F", BROWSER)

    parts = urlsplit(answer.headers["Location"])
    assert parse_qsl(parts.query)[:2] == [("utm_source", "mine"), ("a", "1")]
    assert parts.query.count("utm_source") == 1
    assert parts.fragment == "there"


@pytest.mark.parametrize(
    "query", ["gclid=%0d%0aSet-Cookie:%20a=b", "gclid=%00%0a", "gclid=a&gclid=b%0d%0a%0d%0a<script>"]
)
async def test_nothing_that_a_visitor_brings_ends_a_header(scene: Scene, query: str) -> None:
    answer = await scene.ask("GET", f"/c/reel?{query}", BROWSER)

    assert not set(answer.headers["Location"]) & set("\r\n\0")
    assert "Set-Cookie" not in answer.headers


async def test_an_address_beyond_ascii_is_written_as_browsers_ask_for_it() -> None:
    scene = scene_with("https://bücher.example/sommer-glänzt?farbe=grün")

    answer = await scene.ask("GET", "/c/reel", BROWSER)

    start = "https://xn--bcher-kva.example/sommer-gl%C3%A4nzt?farbe=gr%C3%BCn&kpi_click="
    assert answer.headers["Location"].startswith(start)


async def test_a_click_id_in_the_target_itself_is_another_clicks_and_left_out() -> None:
    scene = scene_with("https://shop.example/glow?kpi_click=copied&a=1&kpi_click=twice")

    answer = await scene.ask("GET", "/c/reel", BROWSER)

    query = urlsplit(answer.headers["Location"]).query
    assert query.startswith("a=1&kpi_click=")
    assert (query.count("kpi_click"), "copied" in query) == (1, False)


async def test_a_link_that_nobody_has_is_404(scene: Scene) -> None:
    answer = await scene.ask("GET", "/c/nothing", BROWSER)

    assert (answer.status, answer.json["reason"]) == (404, "unknown_link")


async def test_while_the_campaigns_are_not_known_an_unknown_link_may_be_one_and_a_known_one_leads_on() -> (
    None
):
    nothing, stale = Scene(known=False), Scene()
    stale.watch.problem = "Redis does not answer."

    unknown = [await one.ask("GET", "/c/new", BROWSER) for one in (nothing, stale)]
    known = await stale.ask("GET", "/c/reel", BROWSER)

    assert [(one.status, one.headers["Retry-After"]) for one in unknown] == [(503, "10")] * 2
    assert known.status == 302


@pytest.mark.parametrize("error", [FULL, RuntimeError("a defect")])
async def test_a_click_that_cannot_be_kept_leads_on_and_is_counted_as_lost(
    scene: Scene, error: Exception
) -> None:
    scene.keeper.error = error

    answer = await scene.ask("GET", "/c/reel", BROWSER)

    assert led_to(answer)
    assert scene.counted("lost_clicks_total") == 1


async def test_clicks_of_nobody_in_particular_repeat_none(scene: Scene) -> None:
    for _ in range(3):
        await scene.ask("GET", "/c/reel?p=undefined&consent=true", BROWSER)

    assert [event["person_id"] for event in scene.keeper.events] == ["unknown"] * 3


async def test_nobody_can_make_a_click_seem_lost_by_what_its_address_says(scene: Scene) -> None:
    """A lost click wakes somebody."""
    await scene.ask("GET", "/c/reel?audience=x&audience.country=FR&consent=maybe&p=%00", BROWSER)

    assert (len(scene.keeper.records), scene.counted("lost_clicks_total")) == (1, 0)


async def test_a_visitor_waits_no_longer_than_a_second(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_VISITORS_WAIT", 0.0)
    scene.keeper.hangs = True

    answer = await scene.ask("GET", "/c/reel", BROWSER)

    assert led_to(answer)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()


async def test_out_of_its_flight_a_click_leads_on_and_is_refused(scene: Scene) -> None:
    scene.now += 90 * 86_400_000_000

    answer = await scene.ask("GET", "/c/reel", BROWSER)

    assert led_to(answer)
    assert scene.counted("refused_total", endpoint="click", reason="outside_flight") == 1
    assert scene.counted("notes_total", endpoint="click", note="campaign_over") == 1


async def test_before_its_flight_a_click_is_refused_and_its_campaign_is_not_over(scene: Scene) -> None:
    scene.now -= 30 * 86_400_000_000

    assert led_to(await scene.ask("GET", "/c/reel", BROWSER))
    assert scene.counted("refused_total", endpoint="click", reason="outside_flight") == 1
    assert scene.counted("notes_total", endpoint="click", note="campaign_over") == 0


@pytest.mark.parametrize(
    ("headers", "reason"),
    [({"User-Agent": ""}, "no_user_agent"), ({**BROWSER, "Sec-Fetch-Dest": "image"}, "no_navigation")],
)
async def test_a_click_of_nobody_leads_on_counted_with_the_reason(
    scene: Scene, headers: dict[str, str], reason: str
) -> None:
    answer = await scene.ask("GET", "/c/reel", headers)

    assert led_to(answer)
    assert scene.keeper.records == []
    assert scene.counted("invalid_traffic_total", endpoint="click", reason=reason) == 1


@pytest.mark.parametrize(
    ("method", "headers"), [("HEAD", BROWSER), ("GET", {**BROWSER, "Sec-Purpose": "prefetch"})]
)
async def test_a_preview_is_led_on_and_counts_nothing(
    scene: Scene, method: str, headers: dict[str, str]
) -> None:
    answer = await scene.ask(method, "/c/reel", headers)

    assert led_to(answer)
    assert scene.keeper.records == []


async def test_a_second_click_of_one_person_within_the_hour_is_nobodys(scene: Scene) -> None:
    path = "/c/reel?p=anna&consent=true"
    await scene.ask("GET", path, BROWSER)
    await scene.ask("GET", path, BROWSER)
    await scene.ask("GET", "/c/reel?p=ben&consent=true", BROWSER)
    await scene.ask("GET", "/c/reel", BROWSER)
    await scene.ask("GET", "/c/reel", BROWSER)
    scene.now += 3_600_000_000
    await scene.ask("GET", path, BROWSER)

    assert len(scene.keeper.records) == 5
    assert "anna" not in str(scene.collector.repeated._clicks), "people are remembered by pseudonyms"
    assert scene.counted("invalid_traffic_total", endpoint="click", reason="repeated") == 1
