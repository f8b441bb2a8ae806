"""Whatever is asked: an answer of ours, no failure, each in a counter, and nothing that ends a header."""

import gzip
import json
import math
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.producers.collector.scene import BROWSER, IPHONE, KEY, Answer, Scene, impression

NASTY = st.sampled_from(
    [
        "",
        "\x00",
        "\r\n\r\nHTTP/1.1 200",
        "%0d%0aX: y",
        "../../etc/passwd",
        "{click_id}",
        "-1",
        "NaN",
        "null",
        "true",
        "ana",
        "glow",
        "1e999",
        "�",
        "😀",
        "' OR 1=1",
        "<script>",
        "reel",
        "r1",
    ]
)
TEXTS = NASTY | st.text(max_size=30)
PATHS = st.sampled_from(
    [
        "/i.gif",
        "/c/reel",
        "/c/%00",
        "/v1/events",
        "/v1/batch",
        "/postback",
        "/hooks/shopify/boutique",
        "/hooks/stripe/%ff",
        "/t.js",
        "/readyz",
        "/�",
        "/c/��",
    ]
)
NAMES = st.sampled_from(
    [
        "c",
        "i",
        "k",
        "ch",
        "e",
        "p",
        "t",
        "type",
        "campaign_id",
        "kind",
        "order_id",
        "revenue",
        "consent",
        "count",
        "audience.country",
        "audience.interests",
        "source",
        "token",
        "click_id",
        "ago",
        "gclid",
        "sig",
    ]
)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "User-Agent",
            "Sec-Purpose",
            "Sec-Fetch-Mode",
            "X-Forwarded-For",
            "Content-Type",
            "Origin",
            "DNT",
            "Authorization",
            "X-Shopify-Hmac-SHA256",
            "Stripe-Signature",
            "Content-Encoding",
        ]
    ),
    st.sampled_from(
        ["gzip", "zstd", "application/json", f"Bearer {KEY}", "1", "navigate", "t=1,v1=z", IPHONE]
    )
    | st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=30),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXTS, inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.dictionaries(st.sampled_from([*impression(), "total", "count", "consent", "person_id"]), VALUES)
EVENTS = FIELDS.map(lambda changed: impression() | changed) | VALUES
BODIES = (
    st.lists(EVENTS, max_size=3).map(lambda found: json.dumps(found).encode())
    | EVENTS.map(lambda found: json.dumps({"batch": [found], "type": "track"}).encode())
    | st.binary(max_size=60)
    | st.binary(max_size=60).map(gzip.compress)
)


async def answered(scene: Scene, method: str, path: str, headers: Any, body: bytes = b"") -> Answer:
    before = requests_of(scene)
    answer = await scene.ask(method, path, headers, body)
    assert requests_of(scene) == before + 1
    assert answer.status < 500, answer.body
    assert not any(set(value) & set("\r\n\0") for value in answer.headers.values())
    assert scene.collector.room.taken == 0
    return answer


def requests_of(scene: Scene) -> float:
    lines = scene.metrics.page().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("kpi_collector_requests_total"))


@given(
    st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "TRACE"]),
    PATHS,
    st.lists(st.tuples(NAMES, TEXTS), max_size=8),
    HEADERS,
    BODIES,
)
async def test_any_request_has_an_answer(
    method: str, path: str, query: list[tuple[str, str]], headers: dict[str, str], body: bytes
) -> None:
    asked = f"{path}?{'&'.join(f'{name}={value}' for name, value in query)}"

    await answered(Scene(rate_by_address=100), method, asked, headers, body)


@given(BODIES)
async def test_any_batch_is_taken_or_refused_and_every_record_would_be_read(body: bytes) -> None:
    scene = Scene()

    answer = await answered(scene, "POST", "/v1/events", {"Authorization": f"Bearer {KEY}"}, body)

    if answer.status in (200, 207):
        assert answer.json["accepted"] == len(scene.keeper.records)
    assert all(json.loads(one.value)["campaign_id"].encode() == one.key for one in scene.keeper.records)


@given(EVENTS)
@example(impression(type=math.inf))
async def test_any_event_of_the_snippet_is_taken_or_refused(event: Any) -> None:
    scene = Scene()

    answer = await answered(scene, "POST", "/i.gif", BROWSER, json.dumps([event]).encode())

    if answer.status == 400 and answer.json.get("reason") == "not_json":
        # Infinity, which JSON has not.
        return
    assert answer.json["accepted"] + answer.json["invalid"] + len(answer.json["refused"]) == 1
    for record in scene.keeper.records:
        assert json.loads(record.value).get("count", 1) == 1


@given(st.lists(st.tuples(NAMES | st.sampled_from(["gclid", "kpi_click", "utm_source"]), TEXTS), max_size=8))
async def test_no_visitor_decides_where_a_link_leads(query: list[tuple[str, str]]) -> None:
    path = f"/c/reel?{'&'.join(f'{name}={value}' for name, value in query)}"

    answer = await answered(Scene(), "GET", path, BROWSER)

    if answer.status == 302:
        assert answer.headers["Location"].startswith("https://shop.example/glow?")
        assert answer.headers["Location"].isascii()
