"""`kpis import`: rows of a CSV export onto the topics, as totals or orders."""

import time
from collections.abc import Mapping

import click
from pydantic import ValidationError

from commands.configuration import current_settings
from commands.failure import WrongUse
from commands.import_job import ImportJob, conclude, run_job
from commands.importing import Tally
from commands.listing import print_list
from commands.printable import say
from commands.sending import run
from models.campaigns.wording import rule_in_words
from producers.archives import UnreadableFile
from producers.imports.columns import UnfitFile, lay_out, wanted
from producers.imports.import_map import ImportMap, Value
from producers.imports.map_file import MapError, all_maps, read_map
from producers.imports.rows import RowReader
from producers.imports.table import Table, opened, read_table
from producers.imports.times import USUAL_FORMS, Clock, Placed

_FORMS_OF_AS_OF = (*USUAL_FORMS, "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


def _list_maps(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        rows = [
            (name, found.about, found.read_from.on if found.read_from else "") for name, found in all_maps()
        ]
        print_list(("MAP", "OF", "COLUMNS READ ON"), rows)
        context.exit()


@click.command()
@click.argument("file")
@click.option("--map", "map_", metavar="MAP", required=True,
              help="A file (my-map.yaml), or the name of a built-in map (instagram).")  # fmt: skip
@click.option("--maps", is_flag=True, is_eager=True, expose_value=False, callback=_list_maps,
              help="List the built-in maps, and exit.")  # fmt: skip
@click.option("--campaign", metavar="ID", help="The campaign, in place of the map's.")
@click.option("--influencer", metavar="ID", help="The influencer, in place of the map's.")
@click.option("--as-of", metavar="TIME",
              help="When running totals were exported, such as 2026-11-28T09:00:00+01:00.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show the first rows as events and the counts; send nothing.")
@click.option("--partly", is_flag=True, help="Where rows are refused, send the others all the same.")
@click.option("--most", type=click.IntRange(min=0), default=50, show_default=True, help="Refusals to print.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def command(
    context: click.Context,
    file: str,
    map_: str,
    campaign: str | None,
    influencer: str | None,
    as_of: str | None,
    dry_run: bool,
    partly: bool,
    most: int,
    quiet: bool,
) -> None:
    """Send the rows of FILE, a CSV export of a platform, a tool or a shop, to Kafka.

    A map says which column is what. First look at what would be sent:

    \b
      kpis import posts.csv --map instagram --campaign summer-glow \\
        --as-of 2026-11-28T09:00:00+01:00 --dry-run

    Figures are sent as totals, orders with their ids: the same file again changes nothing, and a later or
    corrected one counts the difference. Every event is judged before any is sent, where Redis answers by the
    registered campaigns, too; if a row is refused, nothing is sent. docs/import.md says how to write a map.

    Exit codes: 0 all acknowledged; 1 rows refused, or not all acknowledged; 2 wrong map or file.
    """  # noqa: D301  a real \b is click's mark of a paragraph that is not wrapped
    found = _mapped(map_, {"campaign": campaign, "influencer": influencer})
    placed = _as_of(found, as_of)
    started = time.monotonic()
    try:
        with opened(file) as raw:
            table = read_table(raw, file, wanted(found), found.file.encoding, found.file.delimiter)
            reader = _reader(found, table, placed, file)
            job = ImportJob(table, reader, Tally(file, most), dry_run, partly, quiet)
            stopped_by = run(run_job(current_settings(), job))
    except UnreadableFile as error:
        raise WrongUse(f"{error} Nothing was sent.") from None
    except UnfitFile as error:
        raise WrongUse(f"{file}:{table.line}: {error} The map is {map_}.") from None
    context.exit(conclude(job, stopped_by, time.monotonic() - started))


def _mapped(given: str, options: Mapping[str, str | None]) -> ImportMap:
    """Read the map, with what the options put in place of its own."""
    try:
        read = read_map(given)
    except MapError as error:
        raise WrongUse(str(error)) from None
    for line in read.warnings:
        say(f"warning: {line}", err=True)
    try:
        values = {name: Value(always=one) for name, one in options.items() if one is not None}
    except ValidationError as error:
        raise WrongUse(f"An id on the command line {rule_in_words(error.errors()[0])}.") from None
    found = read.map.model_copy(update=values)
    missing = [name for name in found.needed if getattr(found, name) is None]
    if missing:
        option = "".join(f", or --{name} ID" for name in missing[:1] if name in options)
        raise WrongUse(
            f"{read.name}: says no {' and no '.join(missing)}: put {missing[0]}: ID, or {missing[0]}: "
            f"{{column: NAME}}, into a map of your own{option}."
        )
    return found


def _as_of(found: ImportMap, given: str | None) -> Placed | None:
    """Read when running totals were so."""
    if found.time.column:
        if given is not None:
            names = " or ".join(found.time.column)
            raise WrongUse(f"--as-of: the map reads each row's time from the column {names}.")
        return None
    if given is None:
        raise WrongUse(
            "Give --as-of, the time of the export (2026-11-28T09:00:00+01:00): its totals count from there "
            "on, and those of an older export change nothing."
        )
    clock = found.time.clock
    try:
        return Clock(clock.zone, _FORMS_OF_AS_OF, clock.at).read(given)
    except ValueError as error:
        raise WrongUse(f"--as-of: {error}.") from None


def _reader(found: ImportMap, table: Table, placed: Placed | None, file: str) -> RowReader:
    layout = lay_out(found, table.header)
    for absent, question in layout.absent.items():
        say(f"note: {file} has no column {absent}: nothing is imported of it{question or '.'}", err=True)
    return RowReader(found, layout, placed)
