"""The `kpis` command line: subcommands are imported only when they are called."""

import difflib
import importlib
import keyword
import sys
from pathlib import Path
from typing import Any

import click

from commands import standard_streams
from commands.failure import FAILED, sentence_of
from commands.printable import say

_SUBCOMMANDS = {
    "up": "the whole service on this machine",
    "worker": "one stream worker",
    "collect": "take events over HTTP",
    "simulate": "send simulated events",
    "replay": "send the events of a file",
    "import": "send the rows of a CSV export",
    "validate": "say which events of a file would be refused",
    "campaigns": "apply, list, show and delete campaigns",
    "links": "the short links of campaigns, with QR codes",
    "show": "the KPIs now, in the terminal",
    "dead-letters": "list, show and send again refused events",
    "topics": "create and list the topics",
    "snippet": "the tag with which a page loads /t.js",
    "schema": "the JSON Schema of the events",
    "compile": "compile what workers run, before they start",
    "check": "whether everything that it needs is there",
}


def module_of(name: str) -> str:
    """Name the module of a subcommand: a hyphen is an underscore, and one stands behind a word of Python."""
    return name.replace("-", "_") + ("_" if keyword.iskeyword(name) else "")


class _Subcommands(click.Group):
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run as a process: whatever its streams and files are, it ends with a sentence and a code."""
        standard_streams.prepare()
        try:
            try:
                self.main(*args, **kwargs)
            finally:
                sys.stdout.flush()
        except OSError as error:
            standard_streams.drop_output()
            # Whoever reads us has had enough, which is no fault: `kpis campaigns list | head`.
            if not isinstance(error, BrokenPipeError):
                said = sentence_of(error)
                if said is None:
                    raise
                say(f"Error: {said}", err=True)
            sys.exit(FAILED)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  same
        if cmd_name not in _SUBCOMMANDS:
            near = difflib.get_close_matches(cmd_name, _SUBCOMMANDS, n=1)
            hint = f"did you mean {near[0]}?" if near else "`kpis --help` lists them."
            raise click.UsageError(f"There is no command {cmd_name}: {hint}")
        command = importlib.import_module(f"commands.{module_of(cmd_name)}").command
        assert isinstance(command, click.Command)
        return command


@click.command(cls=_Subcommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="KPIS_CONFIG",
    help="Settings file (TOML) instead of ./kpis.toml; KPIS_* variables override it.",
)
@click.version_option(package_name="campaign-kpis", prog_name="kpis")
def main(config: Path | None) -> None:
    """Live KPIs of influencer-marketing campaigns.

    Events on Kafka become the KPIs of each campaign on /metrics. Start with: kpis up --demo
    """
