"""Rates: by name, within a bound of memory; and whose address a request is from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.collector.rate_limits import Buckets, client, networks, packed, prefix
from tests.unit.producers.collector.scene import BROWSER, Scene

PROXIES = networks("127.0.0.1, 10.0.0.0/8,fd00::/8")


def address(text: str) -> bytes:
    found = packed(text)
    assert found is not None
    return found


def test_a_burst_is_taken_at_once_and_then_no_more_than_the_rate() -> None:
    buckets = Buckets(rate=2, burst=4)
    taken = []
    for tenth in range(40):
        now = 100 + tenth / 10
        taken.append(not buckets.wait(b"a", now))
        if taken[-1]:
            buckets.take(b"a", now)

    assert taken[:5] == [True] * 4 + [False]
    assert sum(taken) == 4 + 7


def test_a_clock_that_is_set_back_holds_nobody_back() -> None:
    buckets = Buckets(rate=2, burst=4)
    buckets.take(b"a", 10_000)

    assert buckets.wait(b"a", 100) == 0


def test_whoever_takes_much_at_once_waits_for_it() -> None:
    buckets = Buckets(rate=10, burst=100)
    buckets.take(b"a", 0, 1000)

    assert (buckets.wait(b"a", 0), buckets.wait(b"a", 89), buckets.wait(b"a", 91)) == (91, 2, 0)
    assert buckets.wait(b"b", 0) == 0


@given(st.lists(st.binary(max_size=3), max_size=60))
def test_no_more_names_are_remembered_than_may_be(names: list[bytes]) -> None:
    buckets = Buckets(1, 1, most=5)
    for number, name in enumerate(names):
        buckets.take(name, number)

    assert len(buckets._known) <= 5


def test_neighbours_are_one() -> None:
    assert prefix(address("203.0.113.7")) == prefix(address("203.0.113.99")) != prefix(address("203.0.114.7"))
    assert prefix(address("2001:db8:1:2::1")) == prefix(address("2001:db8:1:9::"))
    assert prefix(address("2001:db8:1::")) != prefix(address("2001:db8:2::"))
    assert address("::ffff:203.0.113.7") == address("203.0.113.7")


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("fd00::1", "[2001:db8::1]", "2001:db8::1"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("127.0.0.1", "", None),
        ("127.0.0.1", "10.1.1.1", None),
        ("127.0.0.1", "198.51.100.1, unknown", None),
    ],
)
def test_a_proxy_is_believed_only_if_it_is_ours(peer: str, forwarded: str, found: str | None) -> None:
    assert client(address(peer), forwarded, PROXIES) == (found and address(found))


@given(st.text(max_size=60))
def test_any_header_is_an_address_or_none(forwarded: str) -> None:
    found = client(address("127.0.0.1"), forwarded, PROXIES)

    assert found is None or len(found) in (4, 16)


@pytest.mark.parametrize("text", ["x", "10.0.0.1/8", "10.0.0.0/33"])
def test_a_range_that_is_none_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=text.partition("/")[0]):
        networks(text)


async def test_many_pixels_of_neighbours_are_held_back_and_links_lead_on_all_the_same() -> None:
    scene = Scene(rate_by_address=0.2)
    path = "/i.gif?c=glow&i=ana&k=r1&ch=instagram"
    pixels = [await scene.ask("GET", path, BROWSER, peer=f"203.0.113.{one}") for one in range(4)]
    elsewhere = await scene.ask("GET", path, BROWSER, peer="203.0.114.1")
    click = await scene.ask("GET", "/c/reel", BROWSER)

    assert [one.status for one in pixels] == [200, 200, 429, 429]
    assert pixels[2].headers["Retry-After"] == "5"
    assert (elsewhere.status, click.status) == (200, 302)
    assert scene.counted("refused_total", endpoint="click", reason="rate_limited") == 1
    assert scene.counted("lost_clicks_total") == 0
