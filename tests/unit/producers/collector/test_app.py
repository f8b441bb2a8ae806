"""Every answer: its endpoint, its headers, and whatever goes wrong without a trace."""

import logging

import pytest

from producers.collector.answers import sentence
from producers.collector.app import malformed
from tests.unit.producers.collector.scene import BROWSER, KEY, Scene, impression

PATHS = [
    "/i.gif",
    "/c/reel",
    "/v1/events",
    "/v1/batch",
    "/postback",
    "/t.js",
    "/robots.txt",
    "/metrics",
    "/x",
]


@pytest.mark.parametrize("path", [*PATHS, "/hooks/shopify/boutique"])
async def test_every_answer_keeps_browsers_from_guessing_storing_and_indexing(
    scene: Scene, path: str
) -> None:
    for method in ("GET", "POST", "HEAD", "OPTIONS", "BREW"):
        headers = (await scene.ask(method, path, BROWSER)).headers

        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Content-Security-Policy"] == "default-src 'none'"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert headers["Server"] == "kpis"
        assert "Timing-Allow-Origin" not in headers
        stored = "public, max-age=3600" if path == "/t.js" and method in ("GET", "HEAD") else "no-store"
        assert headers["Cache-Control"] == stored


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/i.gif", "GET, POST, OPTIONS"),
        ("/c/reel", "GET, OPTIONS"),
        ("/v1/events", "POST, OPTIONS"),
        ("/postback", "GET, POST, OPTIONS"),
        ("/hooks/stripe/x", "POST, OPTIONS"),
        ("/t.js", "GET, OPTIONS"),
    ],
)
async def test_other_methods_are_told_which_there_are(scene: Scene, path: str, allowed: str) -> None:
    answer = await scene.ask("DELETE", path)

    assert (answer.status, answer.headers["Allow"]) == (405, allowed)
    assert b"kpi_collector_events_total{" not in scene.metrics.page(), "no event was sent"


@pytest.mark.parametrize(
    "path", ["/", "/x", "/c/", "/c", "/hooks/shopify/", "/hooks", "//i.gif", "/I.GIF", "/%2e%2e", "*"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_where_there_is_nothing_is_404_and_one_endpoint(scene: Scene, method: str, path: str) -> None:
    assert (await scene.ask(method, path)).status == 404
    assert scene.counted("requests_total", code="404", endpoint="other") == 1


class TestPages:
    async def test_anybodys_may_read_a_pixel_and_only_those_listed_a_batch(self, scene: Scene) -> None:
        any_page = await scene.ask("OPTIONS", "/i.gif", {"Origin": "https://any.example"})
        listed = await scene.ask("OPTIONS", "/v1/events", {"Origin": "https://shop.example"})
        other = await scene.ask("OPTIONS", "/v1/events", {"Origin": "https://evil.example"})
        none = await scene.ask("OPTIONS", "/postback", {"Origin": "https://shop.example"})

        origins = [one.headers.get("Access-Control-Allow-Origin") for one in (any_page, listed, other, none)]
        assert origins == ["*", "https://shop.example", None, None]
        assert listed.headers["Access-Control-Max-Age"] == "3600"
        assert "Authorization" in listed.headers["Access-Control-Allow-Headers"]
        assert listed.headers["Vary"] == "Origin"
        assert {one.status for one in (any_page, listed, other, none)} == {204}
        assert all("Access-Control-Allow-Credentials" not in one.headers for one in (any_page, listed))

    async def test_an_error_can_be_read_as_well(self, scene: Scene) -> None:
        answer = await scene.post(impression(), key="wrong", Origin="https://shop.example")

        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (401, "https://shop.example")

    async def test_text_needs_no_preflight_and_is_taken(self, scene: Scene) -> None:
        answer = await scene.post(impression(), Content_Type="text/plain;charset=UTF-8")

        assert answer.status == 200


async def test_a_defect_is_500_in_one_line_that_quotes_nothing(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.keeper.error = ValueError("what anna@example.org wrote")

    with caplog.at_level(logging.ERROR):
        answers = [
            await scene.post(impression()),
            await scene.pixel("c=glow&i=ana&k=r1&ch=instagram"),
        ]

    assert [one.status for one in answers] == [500, 500]
    assert answers[0].json["reason"] == "own_fault"
    assert "ValueError" in caplog.text
    assert "anna" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)
    assert scene.counted("refused_total", endpoint="events", reason="own_fault") == 1


async def test_a_head_and_an_address_have_a_largest_size(scene: Scene) -> None:
    head = await scene.ask("GET", "/robots.txt", {f"X-{number}": "x" * 8000 for number in range(5)})
    address = await scene.ask("GET", "/i.gif?" + "&".join(f"a{number}=" for number in range(101)))

    assert (head.status, address.status) == (431, 400)
    assert address.headers["X-Kpi-Reason"] == "too_many_parameters"
    assert scene.counted("events_total", endpoint="pixel", outcome="refused") == 1


async def test_what_is_no_http_is_counted(scene: Scene) -> None:
    answer = malformed(scene.collector)

    assert answer.status == 400
    assert scene.counted("requests_total", code="400", endpoint="other") == 1
    assert scene.counted("refused_total", endpoint="other", reason="malformed") == 1


async def test_the_other_pages(scene: Scene) -> None:
    robots, live, ready, metrics, script = [
        await scene.ask("GET", path) for path in ("/robots.txt", "/livez", "/readyz", "/metrics", "/t.js")
    ]

    assert robots.body == b"User-agent: *\nDisallow: /\n"
    assert (live.body, ready.body, ready.status) == (b"alive\n", b"ready\n", 200)
    assert b'kpi_collector_requests_total{code="200",endpoint="livez"} 1.0' in metrics.body
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert len(script.body) > 100


async def test_no_label_is_what_a_request_says(scene: Scene) -> None:
    await scene.ask("GET", "/secret-path")
    await scene.ask("SECRET-METHOD", "/i.gif")
    await scene.pixel("c=secret-campaign&i=secret-one&k=secret&ch=secret")
    await scene.post(impression(), key="secret-key")

    assert b"secret" not in scene.metrics.page()
    assert KEY.encode() not in scene.metrics.page()


def test_a_reason_without_a_sentence_is_said_in_its_own_words() -> None:
    assert sentence("bad_token") == "bad token"
