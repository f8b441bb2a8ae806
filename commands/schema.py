"""`kpis schema`: the JSON Schema of the events."""

import json
from typing import Any

import click
from pydantic import TypeAdapter

from models.events.schema import Adjustment, Click, Conversion, Engagement, Impression
from models.topics import INPUT_TOPICS, EventType

_MODELS: dict[str, TypeAdapter[Any]] = {
    "impression": TypeAdapter(Impression),
    "click": TypeAdapter(Click),
    "engagement": TypeAdapter(Engagement),
    "conversion": TypeAdapter(Conversion | Adjustment),
}


def schemas() -> dict[str, Any]:
    """Return the JSON Schema of each type of event."""
    return {event_type: model.json_schema() for event_type, model in _MODELS.items()}


@click.command()
@click.argument("event_type", required=False, type=click.Choice(list(INPUT_TOPICS.values())))
def command(event_type: EventType | None) -> None:
    """Print the JSON Schema of one type of event, or of all by type."""
    click.echo(json.dumps(schemas()[event_type] if event_type else schemas(), indent=2))
