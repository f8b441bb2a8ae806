"""How Segment's batches, postbacks and webhooks are answered, which are translated into events of ours."""

import base64
import hashlib
import hmac
import json
from typing import Any, ClassVar

import pytest

from tests.unit.producers.collector.scene import FULL, POSTBACK, Scene


async def test_before_the_campaigns_were_ever_seen_orders_may_come_later() -> None:
    """Answered 2xx, an order by code would be nobody's for good: its shop does not send it again."""
    scene = Scene(known=False)
    headers, body = TestHook.signed(TestHook.ORDER)
    completed = {"type": "track", "event": "Order Completed", "messageId": "m1"}

    answers = [
        await scene.ask("POST", "/hooks/shopify/boutique", headers, body),
        await scene.ask("GET", f"{POSTBACK}&code=BEN15"),
        await scene.post({"batch": [completed]}, "/v1/batch"),
    ]

    assert [(one.status, one.json["reason"], one.headers["Retry-After"]) for one in answers] == [
        (503, "registry_missing", "10")
    ] * 3


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
    async def test_an_order_is_taken_once_and_its_repeat_is_told(self, scene: Scene) -> None:
        path = f"{POSTBACK}&campaign_id=glow&influencer_id=ana"
        first = await scene.ask("GET", path)
        again = await scene.ask("GET", path)

        assert first.json == {"accepted": 1, "duplicate": False}
        assert (again.status, again.json) == (200, {"accepted": 0, "duplicate": True})
        assert len(scene.keeper.records) == 1

    async def test_a_form_says_the_same_as_an_address(self, scene: Scene) -> None:
        path, _, query = f"{POSTBACK}&campaign_id=glow".partition("?")

        answer = await scene.ask(
            "POST", path, {"Content-Type": "application/x-www-form-urlencoded"}, query.encode()
        )

        assert answer.json == {"accepted": 1, "duplicate": False}

    async def test_what_could_not_be_kept_is_no_duplicate_when_it_comes_again(self, scene: Scene) -> None:
        path = f"{POSTBACK}&campaign_id=glow"
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
        answer = await scene.ask("GET", f"{POSTBACK}{changed}")

        assert (answer.status, answer.json["reason"]) == (status, reason)
        assert scene.counted("refused_total", endpoint="postback", reason=reason) == 1
        assert scene.counted("events_total", endpoint="postback", outcome="refused") == 1

    async def test_who_only_asks_what_would_be_answered_reports_no_order(self, scene: Scene) -> None:
        answer = await scene.ask("HEAD", f"{POSTBACK}&campaign_id=glow")

        assert (answer.status, scene.keeper.records) == (200, [])
        assert scene.counted("uncounted_requests_total", endpoint="postback", reason="head") == 1

    async def test_who_guesses_tokens_is_held_back_and_who_has_one_is_not(self) -> None:
        scene = Scene(rate_by_address=0.2)
        right = f"{POSTBACK}&campaign_id=glow"
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
