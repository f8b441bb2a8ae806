"""Hosts of links, as the URL standard has them (its tests name most of these)."""

import pytest

from models.campaigns.web_address import authority_of


@pytest.mark.parametrize(
    ("address", "authority"),
    [
        ("https://shop.example", "shop.example"),
        ("https://Shop.example.:8080/a:b@c", "Shop.example.:8080"),
        ("https://bücher.example:8080/x", "xn--bcher-kva.example:8080"),
        # Another registrant's than fass.example.
        ("https://faß.example/", "xn--fa-hia.example"),
        ("https://BÜCHER。example/", "xn--bcher-kva.example"),
        ("https://☃.example/", "xn--n3h.example"),
        ("https://my_shop.example/", "my_shop.example"),
        ("http://[2001:db8::1]:80/", "[2001:db8::1]:80"),
    ],
)
def test_a_host_is_written_as_browsers_ask_for_it(address: str, authority: str) -> None:
    assert authority_of(address) == authority


@pytest.mark.parametrize(
    "address",
    [
        "https://[::1",
        "https://:80/",
        "https://shop.example:0/",
        "https://shop.example:65536/",
        "https://shop.example:/",
        "https://ana:secret@shop.example/",
        "https://shop.example\\@evil.example/",
        "https://shop\x01.example/",
        "https://shop%2eexample/",
        "https://shop..example/",
        "https://bücher..example/",
        f"https://{'ü' * 60}.example/",
        "https://a℀.example/",
    ],
)
def test_what_names_no_host_is_refused(address: str) -> None:
    with pytest.raises(ValueError):  # the standard library's own sentences are among them
        authority_of(address)
