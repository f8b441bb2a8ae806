"""`kpis snippet`: the tag to copy."""

from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from commands.snippet import command
from producers.collector.snippet import read_snippet


class Tags(HTMLParser):
    """Collects the tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def run(*arguments: str) -> str:
    done = CliRunner().invoke(command, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


def test_the_tag_has_address_names_and_hash() -> None:
    text = run("https://kpi.shop.example/", "--campaign", "summer-glow", "--influencer", "ana")

    assert Tags(text).found == [
        (
            "script",
            {
                "async": None,
                "src": "https://kpi.shop.example/t.js",
                "data-campaign": "summer-glow",
                "data-influencer": "ana",
                "integrity": read_snippet().integrity,
                "crossorigin": "anonymous",
            },
        )
    ]


def test_views_of_a_page_count_without_scripts_too() -> None:
    (_, script), (noscript, _), (_, image) = Tags(
        run("https://kpi.shop.example", "--campaign", "a", "--channel", "blog", "--page", "--no-integrity")
    ).found

    assert script == {
        "async": None,
        "src": "https://kpi.shop.example/t.js",
        "data-campaign": "a",
        "data-channel": "blog",
        "data-page": None,
    }
    assert noscript == "noscript"
    assert image["src"] == "https://kpi.shop.example/i.gif?type=impression&campaign_id=a&channel=blog"


def test_a_name_stays_inside_its_attribute() -> None:
    (_, script), *_ = Tags(run("https://kpi.shop.example", "--campaign", '"><b a="')).found

    assert script["data-campaign"] == '"><b a="'


def test_the_source_is_what_is_served() -> None:
    assert run("https://kpi.shop.example", "--source") == read_snippet().body.decode()


@pytest.mark.parametrize(
    "address",
    [
        "kpi.shop.example",
        "ftp://kpi.shop.example",
        "https://",
        "https://[::1",
        "https://kpi.shop.example/?a=b",
    ],
)
def test_what_is_no_address_of_a_collector_is_wrong_use(address: str) -> None:
    done = CliRunner().invoke(command, [address])

    assert done.exit_code == 2
    assert "COLLECTOR: must be a web address, such as https://kpi.shop.example, not " in done.output
