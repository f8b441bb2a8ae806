"""What conversions say of their orders, read off what was scanned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.core.columns import Ints
from models.core.json_texts import ODD
from models.events.fields import Derived
from models.events.forms import FIELD
from models.events.scanning import ABSENT, read_decimals
from models.events.schema import asked_for
from models.events.sheet import Sheet
from models.scopes import Leaf


# Not frozen: that takes three times as long to make.
@dataclass(slots=True)
class Report:
    """What a conversion says of its order; the fields are those of its model."""

    event_id: str
    campaign_id: str
    influencer_id: str | None
    kind: str | None
    order_id: str | None
    revenue: float | None
    currency: str | None
    attributed_by: str | None
    status: str
    count: int
    type: str = "conversion"


def read_reports(sheet: Sheet, number: int, named: Sequence[Leaf]) -> None:
    """Read the reports of the conversions that fit a form, and take as odd those that their model may refuse.

    `named` are their leaves.
    """
    lines, derived = sheet.of_form(number), sheet.forms[number]
    _require_asked_for(sheet, derived, lines)
    revenues = np.empty(len(lines), np.float64)
    read_decimals(sheet.records.buffer, sheet.scanned, FIELD["revenue"], derived.form, lines, revenues)
    columns = zip(
        sheet.texts("event_id", lines),
        (leaf.campaign for leaf in named),
        (leaf.influencer for leaf in named),
        sheet.words("kind", derived, lines),
        sheet.texts("order_id", lines),
        (None if revenue < 0 else revenue for revenue in revenues.tolist()),
        sheet.texts("currency", lines),
        sheet.words("attributed_by", derived, lines),
        sheet.words("status", derived, lines),
        sheet.column("count", lines, absent=int(derived.rules.defaults["count"])).tolist(),
        strict=True,
    )
    sheet.payloads.update(zip(lines.tolist(), (Report(*row) for row in columns), strict=True))


def _require_asked_for(sheet: Sheet, derived: Derived, lines: Ints) -> None:
    """Take as odd the conversions that lack what their kind or revenue asks for."""
    kinds, revenues = sheet.column("kind", lines), sheet.column("revenue", lines)
    cases = [(kinds == number, asked_for(kind, None)) for number, kind in _kinds(derived)]
    for asks, names in (*cases, (revenues != ABSENT, asked_for(None, 0))):
        for name in names:
            sheet.scanned.forms[lines[asks & (sheet.column(name, lines) == ABSENT)]] = ODD


def _kinds(derived: Derived) -> Iterator[tuple[int, str | None]]:
    yield ABSENT, None
    yield from enumerate(derived.rules.values["kind"])
