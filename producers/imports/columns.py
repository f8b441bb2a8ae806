"""Where in a file's rows a map's columns stand."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from models.campaigns.wording import suggestion
from producers.imports.import_map import ImportMap, Metric, Orders, Refunds, Value
from producers.imports.table import Row


class UnfitFile(Exception):
    """The file lacks columns that the map needs; the message names all of them."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name in the file, and by its place in a row."""

    name: str
    index: int

    def cell(self, row: Row) -> str:
        """Return what it says in a row."""
        return row.cells[self.index]


class Field(NamedTuple):
    """A field of events: what its value is, the column that says it (None: no column does), and its table.

    `listed_in` is the map's key that the table stands under.
    """

    name: str
    value: Value
    column: Column | None
    table: Mapping[str, str]
    listed_in: str


class SaleColumns(NamedTuple):
    """Where an order, or a refund of one, says what it says; `amount` is its revenue and its currency."""

    order_id: Column
    amount: tuple[Column, Field] | None
    status: Column | None


@dataclass(frozen=True)
class Layout:
    """A map laid over a header: either `metrics` or `sale` says what its rows are.

    `absent` are the columns of figures that the file does not have, each with a question which one was meant,
    if one of another name is like it.
    """

    width: int
    fields: tuple[Field, ...]
    time: Column | None
    metrics: tuple[tuple[Metric, Column], ...]
    sale: SaleColumns | None
    only: tuple[tuple[Column, frozenset[str]], ...]
    skip: tuple[tuple[Column, frozenset[str]], ...]
    absent: Mapping[str, str]

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """The names of the columns by the fields of events that they say."""
        said = {field.name: field.column for field in self.fields} | {"event_time": self.time}
        if self.sale:
            said |= {"order_id": self.sale.order_id, "status": self.sale.status}
            if self.sale.amount:
                revenue, currency = self.sale.amount
                said |= {"revenue": revenue, "currency": currency.column}
        return {name: column.name for name, column in said.items() if column}


_FIELDS = {
    "campaign": "campaign_id",
    "influencer": "influencer_id",
    "content": "content_id",
    "channel": "channel",
    "format": "format",
}
"""The fields of events by the keys of a map; their tables are under the plurals."""


def wanted(found: ImportMap) -> frozenset[str]:
    """List every name that a column of the map may have."""
    values = [getattr(found, key) for key in _FIELDS]
    sales = [each for each in (found.orders, found.refunds) if each]
    given = [each.column for each in (*values, found.time, *(sale.currency for sale in sales)) if each]
    given += [metric.column for metric in (found.figures.columns if found.figures else ())]
    for sale in sales:
        given += [sale.order_id, sale.revenue, getattr(sale, "status", None)]
    return (
        frozenset(name for names in given if names for name in names) | found.only.keys() | found.skip.keys()
    )


def lay_out(found: ImportMap, header: Sequence[str]) -> Layout:
    """Find the map's columns in a header.

    Raises:
        UnfitFile: one that is needed is missing, or stands there twice.

    """
    finder = _Finder(header, wanted(found))
    sale = found.orders or found.refunds
    layout = Layout(
        width=len(header),
        fields=tuple(
            finder.field(name, value, getattr(found, f"{key}s"), f"{key}s")
            for key, name in _FIELDS.items()
            if (value := getattr(found, key)) is not None
        ),
        time=finder.column(found.time.column) if found.time.column else None,
        metrics=finder.metrics(found.figures.columns if found.figures else ()),
        sale=finder.sale(sale) if sale else None,
        only=finder.filters(found.only),
        skip=finder.filters(found.skip),
        absent=finder.absent,
    )
    if finder.problems:
        raise UnfitFile(" ".join(finder.problems))
    return layout


class _Finder:
    def __init__(self, header: Sequence[str], wanted: Collection[str]) -> None:
        self._header = header
        self._unused = [name for name in header if name and name not in wanted]
        self._counts = Counter(header)
        self.problems: list[str] = []
        self.absent: dict[str, str] = {}

    def column(self, names: Sequence[str]) -> Column:
        found = self._find(names)
        if found is None:
            near = suggestion(names[0], self._unused)
            self.problems.append(f"There is no column {' or '.join(names)}{near or '.'}")
        return found or Column(names[0], 0)

    def sale(self, sale: Orders | Refunds) -> SaleColumns:
        amount = None
        if sale.revenue and sale.currency:
            amount = self.column(sale.revenue), self.field("currency", sale.currency, {}, "")
        status = self.column(sale.status) if isinstance(sale, Orders) and sale.status else None
        return SaleColumns(self.column(sale.order_id), amount, status)

    def field(self, name: str, value: Value, table: Mapping[str, str], listed_in: str) -> Field:
        # What has a value of its own where a cell is empty has one where there is no column.
        needed = value.column and not value.otherwise
        column = self.column(value.column) if value.column and needed else self._find(value.column or ())
        return Field(name, value, column, table, listed_in)

    def metrics(self, metrics: Sequence[Metric]) -> tuple[tuple[Metric, Column], ...]:
        found = [(metric, self._find(metric.column)) for metric in metrics]
        here = tuple((metric, column) for metric, column in found if column)
        self.absent = {
            " or ".join(metric.column): suggestion(metric.column[0], self._unused)
            for metric, column in found
            if not column
        }
        if metrics and not here:
            self.problems.append(f"There is no column of figures: {', '.join(self.absent)}.")
        return here

    def filters(self, filters: Mapping[str, Sequence[str]]) -> tuple[tuple[Column, frozenset[str]], ...]:
        found = ((self._find([name]), frozenset(values)) for name, values in filters.items())
        return tuple((column, values) for column, values in found if column)

    def _find(self, names: Sequence[str]) -> Column | None:
        name = next((name for name in names if name in self._counts), None)
        if name is None:
            return None
        if self._counts[name] > 1:
            places = [str(at + 1) for at, one in enumerate(self._header) if one == name]
            twice = f"The column {name} stands there more than once ({', '.join(places)}): leave one."
            if twice not in self.problems:
                self.problems.append(twice)
        return Column(name, self._header.index(name))
