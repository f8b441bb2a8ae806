"""The pixel: what is taken, what is refused, whose it is not."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.collector.durable import NeverKept
from producers.collector.pixel import GIF, parameters
from producers.collector.pixel import SHORT as NAMES
from tests.unit.producers.collector.scene import BROWSER, FULL, IPHONE, Scene, impression

SHORT = "c=glow&i=ana&k=r1&ch=instagram"
SALE = "type=conversion&kind=purchase&order_id=o1&c=glow&currency=EUR"


async def test_an_event_is_kept_under_its_campaign_before_the_dot_is_answered(scene: Scene) -> None:
    answer = await scene.pixel(f"{SHORT}&e=e1&cb=4711&email=anna@example.org")

    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (200, GIF, "image/gif")
    assert [(one.topic, one.key) for one in scene.keeper.records] == [("impressions", b"glow")]
    assert scene.keeper.events == [
        {**impression(), "event_time": "2026-11-10T12:00:00Z", "user_agent": IPHONE}
    ]
    assert scene.keeper.yielded == [False]
    assert scene.counted("events_total", endpoint="pixel", outcome="accepted") == 1
    assert scene.counted("requests_total", code="200", endpoint="pixel") == 1


async def test_long_names_say_the_same_and_numbers_are_numbers(scene: Scene) -> None:
    query = (
        "type=conversion&campaign_id=glow&influencer_id=ana&content_id=r1&channel=tiktok&kind=purchase"
        "&order_id=o1&revenue=12.5&currency=EUR&event_time=2026-11-10T11:00:00Z&event_id=x"
    )
    await scene.pixel(query)

    (event,) = scene.keeper.events
    assert (event["revenue"], event["type"], event["event_time"]) == (
        12.5,
        "conversion",
        "2026-11-10T11:00:00Z",
    )
    assert scene.keeper.records[0].topic == "conversions"


async def test_an_absent_id_is_made_so_that_a_repeat_counts_twice(scene: Scene) -> None:
    await scene.pixel(SHORT)
    await scene.pixel(SHORT)

    assert [event["event_id"] for event in scene.keeper.events] == ["made-1", "made-2"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("c=nobody&i=ana&k=r1&ch=instagram", "unknown_campaign"),
        ("c=glow&i=zoe&k=r1&ch=instagram", "unknown_influencer"),
        ("c=glow&i=ana&k=r1", "missing_field"),
        (f"{SHORT}&t=yesterday", "invalid_field"),
        (f"{SHORT}&t=2026-11-10T13:00:00Z", "future"),
        (f"{SHORT}&t=2026-10-10T13:00:00Z", "outside_flight"),
        (f"{SHORT}&type=visit", "wrong_type"),
        (f"{SHORT}&total=4", "invalid_field"),
        (f"{SHORT}&count=40", "invalid_field"),
        (f"{SHORT}&count=1_0", "invalid_field"),
        (f"{SALE}&revenue=nan", "invalid_field"),
        (f"{SALE}&revenue=inf", "invalid_field"),
        (f"{SALE}&revenue=1e400", "invalid_field"),
        (f"{SALE}&revenue=1_000", "invalid_field"),
        ("c=glow&type=conversion&order_id=o1&status=cancelled", "invalid_field"),
        (f"{SHORT}&text={'x' * 33_000}", "too_large"),
    ],
)
async def test_what_a_worker_would_refuse_is_refused_now_with_its_reason_and_the_dot(
    scene: Scene, query: str, reason: str
) -> None:
    answer = await scene.pixel(query)

    assert (answer.status, answer.headers["X-Kpi-Reason"], answer.body) == (400, reason, GIF)
    assert scene.keeper.records == []
    assert scene.counted("refused_total", endpoint="pixel", reason=reason) == 1
    assert scene.counted("events_total", endpoint="pixel", outcome="refused") == 1


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*NAMES, "audience", "audience.country", "audience.", "revenue", "count", "ago"]),
            st.text(max_size=8) | st.from_regex(r"-?[0-9]{1,30}([.e][0-9]{1,4})?", fullmatch=True),
        ),
        max_size=6,
    )
)
def test_any_parameters_are_fields_as_json_has_them(query: list[tuple[str, str]]) -> None:
    json.dumps(parameters(query), allow_nan=False)


async def test_a_full_spool_is_503_with_the_dot_and_when_to_come_again(scene: Scene) -> None:
    scene.keeper.error = FULL

    answer = await scene.pixel(SHORT)

    assert (answer.status, answer.body, answer.headers["Retry-After"]) == (503, GIF, "7")
    assert scene.counted("refused_total", endpoint="pixel", reason="overloaded") == 1


async def test_what_kafka_never_takes_is_no_success(scene: Scene) -> None:
    scene.keeper.error = NeverKept({0: "The record is too large."})

    answer = await scene.pixel(SHORT)

    assert (answer.status, answer.headers["X-Kpi-Reason"]) == (400, "kafka_refuses")


class TestPerson:
    async def test_with_consent_becomes_a_pseudonym_of_the_campaign(self, scene: Scene) -> None:
        for campaign in ("glow", "glow", "other"):
            await scene.pixel(f"c={campaign}&i=ana&k=r1&ch=instagram&p=anna@example.org&consent=true")

        first, again, elsewhere = (event["person_id"] for event in scene.keeper.events)
        assert first == again != elsewhere
        assert "anna" not in str(scene.keeper.records)
        assert all(event["consent"] is True for event in scene.keeper.events)

    @pytest.mark.parametrize(
        ("query", "headers"),
        [
            ("p=anna", {}),
            ("p=anna&consent=false", {}),
            ("p=anna&consent=true", {"Sec_GPC": "1"}),
            ("p=anna&consent=true", {"DNT": "1"}),
        ],
    )
    async def test_without_it_counts_without_person(
        self, scene: Scene, query: str, headers: dict[str, str]
    ) -> None:
        answer = await scene.pixel(f"{SHORT}&{query}", **headers)

        (event,) = scene.keeper.events
        assert answer.status == 200
        assert not {"person_id", "consent"} & set(event)

    async def test_dnt_may_be_set_to_mean_nothing(self) -> None:
        scene = Scene(do_not_track=False)

        await scene.pixel(f"{SHORT}&p=anna&consent=true", DNT="1")

        assert "person_id" in scene.keeper.events[0]


class TestNobody:
    @pytest.mark.parametrize(
        ("headers", "reason"),
        [
            ({"User_Agent": ""}, "no_user_agent"),
            ({"Sec_Fetch_Mode": "navigate"}, "opened_by_hand"),
        ],
    )
    async def test_is_answered_counted_with_the_reason_and_not_sent(
        self, scene: Scene, headers: dict[str, str], reason: str
    ) -> None:
        answer = await scene.pixel(SHORT, **headers)

        assert (answer.status, answer.headers["X-Kpi-Reason"], scene.keeper.records) == (200, reason, [])
        assert scene.counted("invalid_traffic_total", endpoint="pixel", reason=reason) == 1
        assert scene.counted("events_total", endpoint="pixel", outcome="invalid_traffic") == 1
        assert scene.counted("events_total", endpoint="pixel", outcome="accepted") == 0

    async def test_a_known_bot_is_counted_here_and_sent_for_the_workers_to_count_by_campaign(
        self, scene: Scene
    ) -> None:
        agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
        await scene.pixel(SHORT, User_Agent=agent)
        await scene.pixel("c=glow&type=conversion&kind=signup", User_Agent=agent)

        assert [event["user_agent"] for event in scene.keeper.events] == [agent]
        assert scene.counted("invalid_traffic_total", endpoint="pixel", reason="bot") == 2

    @pytest.mark.parametrize(
        ("method", "headers", "reason"),
        [
            ("HEAD", {}, "head"),
            ("GET", {"Sec-Purpose": "prefetch;prerender"}, "prefetch"),
            ("GET", {"Purpose": "prefetch"}, "prefetch"),
            ("GET", {"X-Moz": "prefetch"}, "prefetch"),
            ("GET", {"X-Purpose": "preview"}, "preview"),
        ],
    )
    async def test_what_loads_ahead_is_answered_and_counts_nothing(
        self, scene: Scene, method: str, headers: dict[str, str], reason: str
    ) -> None:
        answer = await scene.ask(method, f"/i.gif?{SHORT}", {**BROWSER, **headers})

        assert (answer.status, scene.keeper.records) == (200, [])
        assert scene.counted("uncounted_requests_total", endpoint="pixel", reason=reason) == 1
        assert scene.counted("events_total", endpoint="pixel", outcome="accepted") == 0


class TestSnippet:
    async def test_its_list_is_taken_by_how_long_ago_each_was(self, scene: Scene) -> None:
        told = impression("s1", ago=90_000)
        del told["event_time"], told["type"]

        answer = await scene.ask("POST", "/i.gif", BROWSER, json.dumps([told, 7]).encode())

        assert answer.status == 207
        assert answer.json["accepted"] == 1
        assert [(one["index"], one["reason"]) for one in answer.json["refused"]] == [(1, "not_an_object")]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        (event,) = scene.keeper.events
        assert event == {**impression("s1"), "event_time": "2026-11-10T11:58:30Z", "user_agent": IPHONE}

    @pytest.mark.parametrize("ago", [-1, 86_400_001, "1", True, 1e300])
    async def test_an_impossible_ago_is_refused(self, scene: Scene, ago: object) -> None:
        told = impression("s1", ago=ago)
        del told["event_time"]

        answer = await scene.ask("POST", "/i.gif", BROWSER, json.dumps(told).encode())

        assert (answer.status, answer.json["refused"][0]["field"]) == (400, "ago")

    async def test_an_amount_beyond_all_numbers_is_refused_and_not_left_out(self, scene: Scene) -> None:
        told = {"type": "conversion", "kind": "purchase", "order_id": "o1", "campaign_id": "glow"}
        body = json.dumps({**told, "currency": "EUR"}).encode()[:-1] + b', "revenue": 1e400}'

        answer = await scene.ask("POST", "/i.gif", BROWSER, body)

        assert (answer.status, answer.json["refused"][0]["field"]) == (400, "revenue")

    async def test_more_than_it_ever_sends_is_too_much(self, scene: Scene) -> None:
        answer = await scene.ask("POST", "/i.gif", BROWSER, b"[" + b",".join([b"{}"] * 51) + b"]")

        assert (answer.status, answer.json["reason"]) == (413, "too_many_events")

    async def test_text_cut_in_the_midst_of_an_emoji_costs_no_event(self, scene: Scene) -> None:
        said = rb'{"type":"engagement","kind":"comment","event_id":"s1","campaign_id":"glow",'
        said += rb'"influencer_id":"ana","content_id":"r1","channel":"instagram","text":"so \ud83d"}'

        answer = await scene.ask("POST", "/i.gif", BROWSER, said)

        assert (answer.status, len(scene.keeper.records)) == (200, 1)

    async def test_a_conversion_is_its_whose_click_the_page_has(self, scene: Scene) -> None:
        led = await scene.ask("GET", "/c/reel", BROWSER)
        (click_id,) = parse_qs(urlsplit(led.headers["Location"]).query)["kpi_click"]
        sale = {
            "type": "conversion",
            "event_id": "o",
            "kind": "purchase",
            "order_id": "1",
            "campaign_id": "glow",
        }
        said = {**sale, "click_id": click_id, "attributed_by": "declared", "influencer_id": "ben"}

        await scene.ask("POST", "/i.gif", BROWSER, json.dumps(said).encode())

        event = scene.keeper.events[-1]
        assert (event["influencer_id"], event["content_id"], event["attributed_by"]) == (
            "ana",
            "r1",
            "click_id",
        )
        assert "click_id" not in event

    async def test_a_forged_click_id_attributes_nothing_and_is_noted(self, scene: Scene) -> None:
        sale = {
            "type": "conversion",
            "event_id": "o",
            "kind": "signup",
            "campaign_id": "glow",
            "click_id": "A" * 60,
        }

        answer = await scene.ask("POST", "/i.gif", BROWSER, json.dumps(sale).encode())

        assert answer.status == 200
        assert "influencer_id" not in scene.keeper.events[0]
        assert scene.counted("notes_total", endpoint="pixel", note="forged_click_id") == 1
