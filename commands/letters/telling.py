"""What `kpis dead-letters` prints: whatever letters hold, it is harmless on a terminal."""

from collections import Counter
from collections.abc import Iterable

import click

from commands.listing import print_list
from commands.printable import printable_json, say
from models.dead_letters import Letter
from models.times import format_time
from producers.letters.choosing import NONE
from producers.letters.picture import Picture
from producers.letters.reinjection import Tally
from producers.letters.table import Table

_HEAD = ("letters", "reason", "campaign", "source", "topic", "first", "last")
_NOTHING = "No dead letters match."


def print_table(table: Table, *, as_json: bool) -> None:
    """Print how many letters there are, by what they are about; as JSON a list, names as null where NONE."""
    rows = [
        (count.letters, *about, format_time(count.first), format_time(count.last))
        for about, count in table.rows()
    ]
    if as_json:
        names = [[None if cell == NONE else cell for cell in row] for row in rows]
        click.echo(printable_json([dict(zip(_HEAD, row, strict=True)) for row in names]))
    elif rows:
        print_list(_HEAD, [list(map(str, row)) for row in rows])
        click.echo(f"{table.letters} dead letters")
    else:
        click.echo(_NOTHING)


def print_pictures(pictures: Iterable[Picture], *, as_json: bool) -> None:
    """Print letters: several lines each, or each as JSON on one line."""
    nothing = True
    for picture in pictures:
        nothing = False
        if as_json:
            arrival = {"arrival": format_time(picture.letter.arrival)}
            click.echo(printable_json(arrival | picture.as_json(), None))
        else:
            for line in _lines(picture):
                say(line)
    if nothing and not as_json:
        click.echo(_NOTHING)


def _lines(picture: Picture) -> Iterable[str]:
    letter, shown = picture.letter, picture.bytes
    place = f"{letter.place.partition}:{letter.place.offset}"
    yield f"{place}  {format_time(letter.arrival)}  {letter.reason or NONE}  {letter.message or ''}".rstrip()
    yield f"  came on {_origin(letter)}; campaign {picture.campaign or NONE}; source {picture.source or NONE}"
    if letter.times_sent:
        yield f"  sent again before: {letter.times_sent}"
    if letter.key is not None or picture.headers:
        headers = ", ".join(f"{name}: {text}" for name, text in picture.headers.items()) or NONE
        yield f"  key {picture.key if letter.key is not None else NONE}; headers {headers}"
    if letter.value is None:
        yield "  null"
    else:
        # Printed in one piece: what is broken over lines cannot be told from the next letter's.
        yield f"  {printable_json(picture.value, None) if shown is None else shown}"


def _origin(letter: Letter) -> str:
    origin = letter.origin
    return f"{origin.topic}/{origin.partition}, offset {origin.offset}" if origin else NONE


def print_tally(tally: Tally, *, sent: bool) -> None:
    """Print what became of letters, or would."""
    for line in tally_lines(tally, sent=sent):
        say(line)


def tally_lines(tally: Tally, *, sent: bool) -> list[str]:
    """Say what became of letters, or would; a line for each fate that has any, but always what counts."""
    lines = [_counted("sent", tally.sent) if sent else _counted("would be sent", tally.counts)]
    if tally.sent_before:
        lines.append(f"already sent {tally.sent_before}")
    if tally.refused:
        lines.append(_counted("still refused", tally.refused))
    if tally.left_alone:
        lines.append(
            f"left alone {tally.left_alone}: their events were sent again before and refused again (--again "
            "judges them, too)"
        )
    lines += [f"cannot be sent {count}: {why}" for why, count in tally.cannot_be_sent.most_common()]
    return lines


def _counted(what: str, by_reason: Counter[str]) -> str:
    listed = ", ".join(f"{reason} {count}" for reason, count in by_reason.most_common())
    return f"{what} {by_reason.total()}{': ' + listed if listed else ''}"
