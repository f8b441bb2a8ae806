"""Servers: batches in ours and Segment's form, postbacks, webhooks."""

import asyncio
import base64
import gzip
import hashlib
import hmac
import json
import os
from collections.abc import Awaitable
from typing import Any, ClassVar

import pytest
import zstandard

from producers.collector.durable import NeverKept
from tests.unit.producers.collector.scene import BROWSER, FULL, KEY, Answer, Scene, impression


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([impression("a"), impression("b")]).encode(),
        json.dumps(impression("a")).encode() + b"\n" + json.dumps(impression("b")).encode() + b"\r\n",
        b"\n ["
        + json.dumps(impression("a"), indent=2).encode()
        + b","
        + json.dumps(impression("b")).encode()
        + b"]",
    ],
)
async def test_a_list_and_lines_are_taken_as_they_are_written(scene: Scene, body: bytes) -> None:
    answer = await scene.post(body)

    assert answer.status == 200
    assert answer.json == {"accepted": 2, "duplicate": 0, "invalid": 0, "refused": []}
    assert scene.keeper.events == [impression("a"), impression("b")]
    assert scene.keeper.yielded == [True]
    assert scene.counted("events_total", endpoint="events", outcome="accepted") == 2


@pytest.mark.parametrize("indent", [None, 2])
async def test_one_event_is_taken(scene: Scene, indent: int | None) -> None:
    answer = await scene.post(json.dumps(impression(), indent=indent).encode())

    assert (answer.status, answer.json["accepted"]) == (200, 1)


async def test_each_event_is_judged_by_itself(scene: Scene) -> None:
    body = [
        impression("a"),
        impression("a"),
        impression("b", campaign_id="nobody"),
        impression(channel=None),
        7,
        impression("c", event_time=4),
        impression("d", extra="x" * 33_000),
        impression("e", extra=[[[[[[[["deep"]]]]]]]]),
        {**impression("f"), "type": None},
        {**impression("g"), "event_id": None},
    ]

    answer = await scene.post(body)

    assert (answer.status, answer.json["accepted"], answer.json["duplicate"]) == (207, 1, 1)
    assert [(one["index"], one["reason"], one["field"]) for one in answer.json["refused"]] == [
        (2, "unknown_campaign", "campaign_id"),
        (3, "missing_field", "channel"),
        (4, "not_an_object", None),
        (5, "invalid_field", "event_time"),
        (6, "too_large", None),
        (7, "too_large", None),
        (8, "missing_field", "type"),
        (9, "missing_field", "event_id"),
    ]
    assert scene.counted("events_total", endpoint="events", outcome="duplicate") == 1
    assert scene.counted("refused_total", endpoint="events", reason="too_large") == 2


async def test_without_the_campaigns_events_are_kept_for_the_workers_to_judge() -> None:
    scene = Scene(known=False)

    answer = await scene.post([impression("a", campaign_id="any"), impression("b", channel=None)])

    assert (answer.status, answer.json["accepted"]) == (207, 1)


async def test_before_the_campaigns_were_ever_seen_orders_may_come_later() -> None:
    """Answered 2xx, an order by code would be nobody's for good: its shop does not send it again."""
    scene = Scene(known=False)
    headers, body = TestHook.signed(TestHook.ORDER)
    completed = {"type": "track", "event": "Order Completed", "messageId": "m1"}

    answers = [
        await scene.ask("POST", "/hooks/shopify/boutique", headers, body),
        await scene.ask("GET", f"{TestPostback.PATH}&code=BEN15"),
        await scene.post({"batch": [completed]}, "/v1/batch"),
    ]

    assert [(one.status, one.json["reason"], one.headers["Retry-After"]) for one in answers] == [
        (503, "registry_missing", "10")
    ] * 3


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {KEY}", 200),
        (f"bearer  {KEY}", 200),
        ("Bearer the-former-key-of-the-crm", 200),
        ("Basic " + base64.b64encode(f"{KEY}:".encode()).decode(), 200),
        ("", 401),
        ("Bearer", 401),
        ("Bearer wrong", 401),
        (f"Digest {KEY}", 401),
        ("Basic §§§", 401),
        (f"Bearer {KEY}é", 401),
    ],
)
async def test_only_who_has_a_key_may_send(scene: Scene, authorization: str, status: int) -> None:
    answer = await scene.post(impression(), Authorization=authorization)

    assert answer.status == status
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


async def test_a_key_speaks_of_its_campaigns_alone(scene: Scene) -> None:
    key = "a-key-for-one-campaign"
    none = await scene.post([impression()], key=key)
    some = await scene.post([impression(), impression(campaign_id="other")], key=key)

    assert (none.status, none.json["refused"][0]["reason"]) == (403, "campaign_not_allowed")
    assert (some.status, some.json["accepted"]) == (207, 1)


async def test_a_key_sends_no_faster_than_it_may(scene: Scene) -> None:
    key = "a-key-with-a-low-rate"
    first = await scene.post([impression(str(number)) for number in range(6)], key=key)
    second = await scene.post(impression("x"), key=key)
    scene.now += 4_000_000
    third = await scene.post(impression("x"), key=key)

    assert [first.status, second.status, third.status] == [200, 429, 200]
    assert second.headers["Retry-After"] == "4"


@pytest.mark.parametrize(
    ("body", "headers", "status", "reason"),
    [
        (b"", {}, 400, "no_events"),
        (b"[]", {}, 400, "no_events"),
        (b"[1,", {}, 400, "not_json"),
        (b"[" * 100_000, {}, 400, "not_json"),
        (b"[" + b"{}," * 1000 + b"{}]", {}, 413, "too_many_events"),
        (b"x" * 1_048_577, {}, 413, "too_large"),
        (b"{}", {"Content-Type": "image/png"}, 415, "unsupported_type"),
        (b"{}", {"Content-Encoding": "br"}, 415, "unsupported_encoding"),
        (b"{}", {"Content-Encoding": "gzip"}, 400, "broken_body"),
        (gzip.compress(b" " * 6_000_000), {"Content-Encoding": "gzip"}, 413, "too_large"),
    ],
)
async def test_a_body_that_is_none_of_ours_is_refused_as_a_whole(
    scene: Scene, body: bytes, headers: dict[str, str], status: int, reason: str
) -> None:
    answer = await scene.ask("POST", "/v1/events", {"Authorization": f"Bearer {KEY}", **headers}, body)

    assert (answer.status, answer.json["reason"]) == (status, reason)
    assert scene.counted("refused_total", endpoint="events", reason=reason) == 1
    assert scene.collector.room.taken == 0


@pytest.mark.parametrize(
    ("encoding", "compress"), [("gzip", gzip.compress), ("zstd", zstandard.ZstdCompressor().compress)]
)
async def test_a_compressed_body_is_inflated(scene: Scene, encoding: str, compress: Any) -> None:
    body = compress(json.dumps([impression()]).encode())

    answer = await scene.post(body, **{"Content-Encoding": encoding})

    assert (answer.status, scene.keeper.events) == (200, [impression()])


@pytest.mark.parametrize("path", ["/i.gif", "/postback"])
async def test_who_has_proven_nothing_may_not_send_what_takes_long_to_read(scene: Scene, path: str) -> None:
    body = gzip.compress(os.urandom(300_000))

    answer = await scene.ask("POST", path, {**BROWSER, "Content-Encoding": "gzip"}, body)

    assert (answer.status, answer.json["reason"]) == (413, "too_large")


async def test_while_a_batch_is_judged_others_are_answered_and_batches_in_the_order_in_which_they_came(
    scene: Scene,
) -> None:
    answered: list[str] = []

    async def noting(name: str, asking: Awaitable[Answer]) -> None:
        assert (await asking).status == 200
        answered.append(name)

    await asyncio.gather(
        noting("large batch", scene.post([impression(f"a{number}") for number in range(1000)])),
        noting("small batch", scene.post([impression(f"b{number}") for number in range(100)])),
        noting("pixel", scene.pixel("c=glow&i=ana&k=r1&ch=instagram")),
        noting("order", scene.ask("GET", f"{TestPostback.PATH}&campaign_id=glow")),
    )

    assert answered == ["pixel", "order", "large batch", "small batch"]


async def test_a_body_for_which_there_is_no_room_may_come_later(scene: Scene) -> None:
    scene.collector.room.take(64 * 1_048_576)

    answer = await scene.post(impression())

    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")


async def test_a_full_spool_is_503_and_what_kafka_never_takes_is_named(scene: Scene) -> None:
    scene.keeper.error = FULL
    full = await scene.post([impression("a")])
    scene.keeper.error = NeverKept({1: "The record is too large."})
    partly = await scene.post([impression("a"), impression("b"), impression("c")])

    assert (full.status, full.headers["Retry-After"]) == (503, "7")
    assert (partly.status, partly.json["accepted"]) == (207, 2)
    assert partly.json["refused"] == [
        {"index": 1, "reason": "kafka_refuses", "field": None, "message": "The record is too large."}
    ]


class TestSegment:
    async def test_each_message_is_an_event_or_refused_by_its_index(self, scene: Scene) -> None:
        properties = {
            "campaign_id": "glow",
            "influencer_id": "ana",
            "content_id": "r1",
            "channel": "instagram",
        }
        seen = {"type": "track", "event": "Promotion Viewed", "messageId": "m1", "properties": properties}

        answer = await scene.post({"batch": [seen, {"type": "page", "messageId": "m2"}]}, "/v1/batch")

        assert (answer.status, answer.json["accepted"]) == (207, 1)
        assert answer.json["refused"][0]["index"] == 1
        assert scene.keeper.events[0]["event_id"] == "m1"

    async def test_more_messages_than_a_batch_may_have_are_too_many(self, scene: Scene) -> None:
        answer = await scene.post({"batch": [{}] * 1001}, "/v1/batch")

        assert (answer.status, answer.json["reason"]) == (413, "too_many_events")


class TestPostback:
    PATH = "/postback?source=network&token=the-token-of-network&order_id=o1&revenue=20&currency=EUR"

    async def test_an_order_is_taken_once_and_its_repeat_is_told(self, scene: Scene) -> None:
        path = f"{self.PATH}&campaign_id=glow&influencer_id=ana"
        first = await scene.ask("GET", path)
        again = await scene.ask("GET", path)

        assert first.json == {"accepted": 1, "duplicate": False}
        assert (again.status, again.json) == (200, {"accepted": 0, "duplicate": True})
        assert len(scene.keeper.records) == 1

    async def test_a_form_says_the_same_as_an_address(self, scene: Scene) -> None:
        path, _, query = f"{self.PATH}&campaign_id=glow".partition("?")

        answer = await scene.ask(
            "POST", path, {"Content-Type": "application/x-www-form-urlencoded"}, query.encode()
        )

        assert answer.json == {"accepted": 1, "duplicate": False}

    async def test_what_could_not_be_kept_is_no_duplicate_when_it_comes_again(self, scene: Scene) -> None:
        path = f"{self.PATH}&campaign_id=glow"
        scene.keeper.error = FULL
        full = await scene.ask("GET", path)
        scene.keeper.error = None
        again = await scene.ask("GET", path)

        assert (full.status, again.json) == (503, {"accepted": 1, "duplicate": False})

    @pytest.mark.parametrize(
        ("changed", "status", "reason"),
        [
            ("&campaign_id=nobody", 400, "unknown_campaign"),
            ("&campaign_id={campaign}", 400, "unfilled_macro"),
            ("&campaign_id=glow&token=wrong-wrong-wrong", 400, "repeated_parameter"),
        ],
    )
    async def test_a_postback_that_is_wrong_says_why(
        self, scene: Scene, changed: str, status: int, reason: str
    ) -> None:
        answer = await scene.ask("GET", f"{self.PATH}{changed}")

        assert (answer.status, answer.json["reason"]) == (status, reason)
        assert scene.counted("refused_total", endpoint="postback", reason=reason) == 1
        assert scene.counted("events_total", endpoint="postback", outcome="refused") == 1

    async def test_who_only_asks_what_would_be_answered_reports_no_order(self, scene: Scene) -> None:
        answer = await scene.ask("HEAD", f"{self.PATH}&campaign_id=glow")

        assert (answer.status, scene.keeper.records) == (200, [])
        assert scene.counted("uncounted_requests_total", endpoint="postback", reason="head") == 1

    async def test_who_guesses_tokens_is_held_back_and_who_has_one_is_not(self) -> None:
        scene = Scene(rate_by_address=0.2)
        right = f"{self.PATH}&campaign_id=glow"
        statuses = [(await scene.ask("GET", right)).status for _ in range(5)]
        wrong = right.replace("the-token", "some-token")
        statuses += [(await scene.ask("GET", wrong)).status for _ in range(3)]

        assert statuses == [200] * 5 + [401, 401, 429]


class TestHook:
    @staticmethod
    def signed(body: dict[str, Any], secret: str = "shopify-shopify-shopify") -> tuple[dict[str, str], bytes]:
        sent = json.dumps(body).encode()
        mac = base64.b64encode(hmac.digest(secret.encode(), sent, hashlib.sha256)).decode()
        return {"X-Shopify-Hmac-SHA256": mac, "X-Shopify-Topic": "orders/paid"}, sent

    ORDER: ClassVar = {
        "id": 4711,
        "name": "#1001",
        "created_at": "2026-11-10T11:00:00Z",
        "processed_at": "2026-11-10T11:00:00Z",
        "currency": "EUR",
        "total_price": "20.00",
        "current_total_price": "20.00",
        "financial_status": "paid",
        "discount_codes": [{"code": "ben15"}],
    }

    async def test_an_order_is_taken_and_its_redelivery_is_not_taken_twice(self, scene: Scene) -> None:
        headers, body = self.signed(self.ORDER)
        first = await scene.ask("POST", "/hooks/shopify/boutique", headers, body)
        again = await scene.ask("POST", "/hooks/shopify/boutique", headers, body)

        assert (first.status, first.json["accepted"]) == (200, 1)
        assert (again.status, again.json["accepted"], again.json["duplicate"]) == (200, 0, 1)
        assert scene.keeper.events[0]["influencer_id"] == "ben"
        assert scene.counted("requests_total", code="200", endpoint="hooks_shopify") == 2

    async def test_a_wrong_signature_is_401(self, scene: Scene) -> None:
        headers, body = self.signed(self.ORDER, "another-secret-of-shopify")

        answer = await scene.ask("POST", "/hooks/shopify/boutique", headers, body)

        assert (answer.status, scene.keeper.records) == (401, [])

    @pytest.mark.parametrize(
        "path", ["/hooks/stripe/boutique", "/hooks/shopify/nobody", "/hooks/else/boutique"]
    )
    async def test_a_shop_that_is_not_known_is_404(self, scene: Scene, path: str) -> None:
        assert (await scene.ask("POST", path, {}, b"{}")).status == 404

    async def test_an_order_that_does_not_count_is_no_failure_for_the_shop(self, scene: Scene) -> None:
        long_ago = "2025-01-01T00:00:00Z"
        headers, body = self.signed({**self.ORDER, "created_at": long_ago, "processed_at": long_ago})

        answer = await scene.ask("POST", "/hooks/shopify/boutique", headers, body)

        assert (answer.status, answer.json["refused"][0]["reason"]) == (200, "outside_flight")
        assert scene.counted("refused_total", endpoint="hooks_shopify", reason="outside_flight") == 1
        assert scene.counted("events_total", endpoint="hooks_shopify", outcome="refused") == 1

    async def test_what_cannot_be_kept_is_503_so_that_the_shop_sends_it_again(self, scene: Scene) -> None:
        scene.keeper.error = FULL
        headers, body = self.signed(self.ORDER)

        assert (await scene.ask("POST", "/hooks/shopify/boutique", headers, body)).status == 503
