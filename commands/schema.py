"""`kpis schema`: the JSON Schema of the events."""

import json
from typing import Any

import click

from models.events.json_schema import json_schema
from models.topics import INPUT_TOPICS, EventType


def schemas() -> dict[str, Any]:
    """Return the JSON Schema of each type of event."""
    return {event_type: json_schema(event_type) for event_type in INPUT_TOPICS.values()}


@click.command()
@click.argument("event_type", required=False, type=click.Choice(list(INPUT_TOPICS.values())))
def command(event_type: EventType | None) -> None:
    """Print the JSON Schema of one type of event, or of all by type.

    It takes what a worker takes, as far as a schema can tell, and refuses the rest.
    """
    click.echo(json.dumps(json_schema(event_type) if event_type else schemas(), indent=2))
