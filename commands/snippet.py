"""`kpis snippet`: the tag with which a page loads the collector's snippet."""

from html import escape
from urllib.parse import urlencode

import click

from commands.addresses import base_address
from commands.printable import say
from producers.collector.snippet import read_snippet

_NAMED = ("campaign", "influencer", "content", "channel", "format")


@click.command()
@click.argument("collector")
@click.option("--campaign", help="The campaign that the page is about.")
@click.option("--influencer", help="Who published the page.")
@click.option("--content", help="What was published.")
@click.option("--channel", help="Where: instagram, blog …")
@click.option("--format", help="As what: post, reel …")
@click.option("--page", is_flag=True, help="Count each view of the page as an impression.")
@click.option("--no-integrity", is_flag=True, help="Load what the collector serves, also another release's.")
@click.option(
    "--source", is_flag=True, help="Print the snippet itself as it is served, to serve it yourself."
)
def command(collector: str, page: bool, no_integrity: bool, source: bool, **named: str | None) -> None:
    """Print the tag that loads /t.js from a COLLECTOR (https://kpi.shop.example).

    The tag holds the hash of the snippet (SRI, SHA-384) that this release serves. A browser runs nothing else
    under it: so print the tag anew after an upgrade that changes the snippet. docs/snippet.md says what the
    snippet counts and what a page can tell it.

    Exit codes: 0 printed, 2 wrong use.
    """
    address = base_address(collector, "COLLECTOR")
    snippet = read_snippet()
    if source:
        click.echo(snippet.body.decode(), nl=False)
        return
    given = {name: value for name in _NAMED if (value := named[name])}
    integrity = None if no_integrity else snippet.integrity
    for line in tag(address, given, integrity, page=page):
        say(line)


def tag(collector: str, named: dict[str, str], integrity: str | None, *, page: bool) -> list[str]:
    """Return the tag; below it, where views of the page count, the image for browsers without scripts."""
    attributes = {"src": f"{collector}/t.js"} | {f"data-{name}": value for name, value in named.items()}
    if integrity:
        attributes |= {"integrity": integrity, "crossorigin": "anonymous"}
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    script = f"<script async {written}{' data-page' if page else ''}></script>"
    return [script, _image(collector, named)] if page else [script]


def _image(collector: str, named: dict[str, str]) -> str:
    fields = {name if name in ("channel", "format") else f"{name}_id": value for name, value in named.items()}
    address = f"{collector}/i.gif?{urlencode({'type': 'impression', **fields})}"
    return f'<noscript><img src="{escape(address)}" alt="" width="1" height="1"></noscript>'
