"""The options by which dead letters are chosen."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from models.times import parse_duration, parse_time
from producers.letters.choosing import NONE, Choice

F = TypeVar("F", bound=Callable[..., Any])


class WhenType(click.ParamType):
    """An RFC 3339 time, or how long ago, in microseconds."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Parse the value, or fail with what it must be."""
        if isinstance(value, int):
            return value
        try:
            return time.time_ns() // 1000 - parse_duration(value)
        except ValueError:
            pass
        try:
            return parse_time(value)
        except ValueError as error:
            self.fail(f"{error}, or how long ago: 45m, 2h, 7d", param, ctx)


def choosing(function: F) -> F:
    """Give a command the options of a choice; it gets `choice`."""

    @wraps(function)
    def command(
        reason: str | None,
        campaign: str | None,
        source: str | None,
        topic: str | None,
        since: int | None,
        until: int | None,
        **others: Any,
    ) -> Any:
        if since is not None and until is not None and since >= until:
            raise click.UsageError("--since must be before --until.")
        return function(choice=Choice(reason, campaign, source, topic, since, until), **others)

    asked = command
    for option in reversed(_OPTIONS):
        asked = option(asked)
    return asked  # type: ignore[return-value]  # the options come on top, and choice is not asked for


_OPTIONS = (
    click.option("--reason", help="Only those refused for this reason (unknown_campaign …)."),
    click.option("--campaign", help=f"Only those of this campaign; {NONE}: that name none."),
    click.option("--source", help=f"Only those from this source; {NONE}: that name none."),
    click.option("--topic", help="Only those that came on this topic (clicks …)."),
    click.option("--since", type=WhenType(), help="Only those refused since: a time, or how long ago (2h)."),
    click.option("--until", type=WhenType(), help="Only those refused before: a time, or how long ago (2h)."),
)
