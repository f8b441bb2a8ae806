"""`kpis links`: the short links of the registered campaigns."""

import io
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import segno

from commands.addresses import base_address
from commands.configuration import current_settings
from commands.failure import Failure
from commands.listing import print_list
from commands.printable import printable_json, say
from commands.registered import registered_if_any
from models.campaigns.campaign import Campaign
from models.campaigns.registry import Registry
from models.campaigns.wording import suggestion
from producers.collector.click import target

_SCALE = 8
"""Pixels of a QR code's modules, where its picture is shown as large as it says."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A link as it is listed."""

    id: str
    campaign: str
    influencer: str
    content: str
    channel: str
    format: str
    address: str
    target: str


@click.group()
def command() -> None:
    """List the short links of campaigns, with QR codes."""


@command.command("list")
@click.option("--campaign", help="Only the links of this campaign.")
@click.option(
    "--base", help="Where visitors reach the collector, such as https://go.example; default: its address."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@click.option(
    "--svg",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a QR code of each link's address into this folder, as CAMPAIGN+ID.svg.",
)
def list_(campaign: str | None, base: str | None, as_json: bool, svg: Path | None) -> None:
    """List each link's short address, and where it leads with its UTM parameters."""
    rows = _rows(_chosen(registered_if_any(current_settings()) or Registry(), campaign), _base(base))
    if svg is not None:
        _write(rows, svg)
    if as_json:
        click.echo(printable_json([asdict(row) for row in rows]))
    elif rows:
        print_list(list(_Row.__dataclass_fields__), [list(asdict(row).values()) for row in rows])
    else:
        click.echo("No links are registered: a campaign file declares them (links: …).")


def qr_code(address: str) -> str:
    """Draw an address as a QR code: SVG, on white, with the quiet zone that readers need around it.

    Its middle third may be covered, by a logo for instance (error correction Q).
    """
    drawn = io.BytesIO()
    code = segno.make(address, error="q", micro=False, boost_error=False)
    # Without a ground of its own it is black on black on a dark one.
    code.save(drawn, kind="svg", scale=_SCALE, border=4, light="#fff")
    return drawn.getvalue().decode()


def _base(given: str | None) -> str:
    if given is None:
        return f"http://{current_settings().collect_address}"
    return base_address(given, "--base")


def _chosen(known: Registry, campaign: str | None) -> list[Campaign]:
    if campaign is None:
        return sorted(known.campaigns.values(), key=lambda one: one.id)
    if campaign not in known.campaigns:
        names = sorted(known.campaigns)
        hint = suggestion(campaign, names) or f"; registered: {', '.join(names) or 'none'}"
        raise Failure(f"No campaign {campaign} is registered{hint}")
    return [known.campaigns[campaign]]


def _rows(campaigns: list[Campaign], base: str) -> list[_Row]:
    return [
        _Row(
            link.id, campaign.id, link.influencer, link.content, link.channel, link.format,
            f"{base}/c/{link.id}", target(campaign.id, link, None, ()),
        )
        for campaign in campaigns
        for link in campaign.links
    ]  # fmt: skip


def _write(rows: list[_Row], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows:
        # A plus is in no id: with a hyphen, a-b of glow and b of glow-a would be one file. A colon is in no
        # file's name on Windows.
        name = f"{row.campaign}+{row.id}.svg".replace(":", "%3A")
        (folder / name).write_text(qr_code(row.address), "utf-8")
    say(f"wrote {len(rows)} QR codes into {folder}", err=True)
