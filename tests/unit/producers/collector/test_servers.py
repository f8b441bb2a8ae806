"""Batches of events of ours: who may send them, what becomes of each event, and what is refused whole."""

import asyncio
import base64
import gzip
import json
import os
from collections.abc import Awaitable
from typing import Any

import pytest
import zstandard

from producers.collector.durable import NeverKept
from tests.unit.producers.collector.scene import BROWSER, FULL, KEY, POSTBACK, Answer, Scene, impression


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
        noting("order", scene.ask("GET", f"{POSTBACK}&campaign_id=glow")),
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
