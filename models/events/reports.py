"""What conversions say of their orders, read off what was scanned."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from models.core.columns import Ints
from models.core.json_texts import ODD
from models.events.batch import Events, Reports
from models.events.currencies import currency_of
from models.events.fields import Derived
from models.events.forms import FIELD
from models.events.scanning import ABSENT, read_decimals
from models.events.schema import STATUSES, asked_for
from models.events.sheet import Sheet
from models.kinds import ATTRIBUTIONS, CONVERSIONS, names
from models.scopes import Leaf

_KINDS, _ATTRIBUTIONS = names(CONVERSIONS), names(ATTRIBUTIONS)


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


def report_of(events: Events, reports: Reports, index: int, leaf: Leaf) -> Any:
    """Return the report of one conversion, which names this leaf: as its model read it, or a Report."""
    if index in reports.read:
        return reports.read[index]
    revenue, currency = float(reports.revenues[index]), int(reports.currencies[index])
    return Report(
        _text(events, int(events.id_starts[index]), int(events.id_lengths[index])) or "",
        leaf.campaign,
        leaf.influencer,
        _word(_KINDS, int(events.kinds[index])),
        _text(events, int(reports.order_starts[index]), int(reports.order_lengths[index])),
        None if revenue == ABSENT else revenue,
        None if currency == ABSENT else currency_of(currency),
        _word(_ATTRIBUTIONS, int(reports.attributions[index])),
        STATUSES[events.statuses[index]],
        int(events.counts[index]),
    )


def read_reports(sheet: Sheet, number: int) -> None:
    """Read the amounts of the conversions that fit a form; those that their model may refuse are odd."""
    lines, derived = sheet.of_form(number), sheet.forms[number]
    _require_asked_for(sheet, derived, lines)
    read_decimals(sheet.records.buffer, sheet.scanned, FIELD["revenue"], derived.form, lines, sheet.revenues)


def _text(events: Events, start: int, length: int) -> str | None:
    return None if length == ABSENT else str(events.buffer.data[start : start + length], "utf-8")


def _word(words: tuple[str, ...], number: int) -> str | None:
    return None if number == ABSENT else words[number]


def _require_asked_for(sheet: Sheet, derived: Derived, lines: Ints) -> None:
    """Take as odd the conversions that lack what their kind or revenue asks for."""
    kinds, revenues = sheet.column("kind", lines), sheet.column("revenue", lines)
    cases = [(kinds == number, asked_for(kind, None)) for number, kind in _kinds(derived)]
    for asks, asked in (*cases, (revenues != ABSENT, asked_for(None, 0))):
        for name in asked:
            sheet.scanned.forms[lines[asks & (sheet.column(name, lines) == ABSENT)]] = ODD


def _kinds(derived: Derived) -> Iterator[tuple[int, str | None]]:
    yield ABSENT, None
    yield from enumerate(derived.rules.values["kind"])
