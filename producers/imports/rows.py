"""A row as events: figures as totals, orders and refunds as conversions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from models.times import moment
from producers.imports.columns import Column, Layout
from producers.imports.event_ids import event_id
from producers.imports.import_map import ImportMap, Metric
from producers.imports.numbers import read_count
from producers.imports.sales import Event, sale_events
from producers.imports.table import Row
from producers.imports.times import Placed
from producers.imports.values import Problem, Unreadable, given, identifier, read_cell


class Made(NamedTuple):
    """An event, and the column that it was made of."""

    event: Event
    column: str


class LeftOut(NamedTuple):
    """A row that the map leaves out; `content` is what its contents do not list, if that is why."""

    content: str = ""


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one file. `as_of` is when its totals were so, where no column says it."""

    map: ImportMap
    layout: Layout
    as_of: Placed | None

    def read(self, row: Row) -> Iterator[Made | Problem | LeftOut]:
        """Yield the events of a row, and what is wrong in it."""
        problem = row.problem or self._ragged(row)
        if problem:
            yield Problem("", problem)
            return
        try:
            left_out = self._left_out(row)
            yield from [left_out] if left_out else self._events(row)
        except Unreadable as error:
            yield error.problem

    def _ragged(self, row: Row) -> str:
        cells, width = len(row.cells), self.layout.width
        if cells < width:
            return f"has {cells} cells, where the header has {width}: is it torn?"
        return f"has {cells} cells, where the header has {width}" if any(row.cells[width:]) else ""

    def _left_out(self, row: Row) -> LeftOut | None:
        misses = any(column.cell(row) not in values for column, values in self.layout.only)
        if misses or any(column.cell(row) in values for column, values in self.layout.skip):
            return LeftOut()
        if self.map.other_contents == "leave_out":
            contents = (field for field in self.layout.fields if field.name == "content_id")
            others = [said for field in contents if (said := given(field, row)) not in field.table]
            return LeftOut(others[0]) if others else None
        return None

    def _events(self, row: Row) -> Iterator[Made | Problem]:
        named = {field.name: identifier(field, given(field, row)) for field in self.layout.fields}
        leaf = {name: value for name, value in named.items() if value}
        placed = self._placed(row)
        if self.layout.sale:
            for event in sale_events(self.map, self.layout.sale, row, leaf):
                yield _made(self.layout.sale.order_id, event, placed, self.map.source)
        # The source tells the totals of one day from those of another: each begins at 0.
        source = f"{self.map.source}:{placed.day}" if self._is_per_day else self.map.source
        for metric, column in self.layout.metrics:
            try:
                total = read_cell(column, row, self._count)
            except Unreadable as error:
                yield error.problem
                continue
            if total is not None:
                yield _made(column, {**_counted(metric), **leaf, "total": total}, placed, source)

    @property
    def _is_per_day(self) -> bool:
        return self.map.figures is not None and self.map.figures.are == "per_day"

    def _count(self, text: str) -> int | None:
        return read_count(text, self.map.numbers.decimal)

    def _placed(self, row: Row) -> Placed:
        if self.layout.time is None:
            assert self.as_of is not None
            return self.as_of
        clock = self.map.time.clock
        read: Callable[[str], Placed] = clock.read_day if self._is_per_day else clock.read
        return read_cell(self.layout.time, row, read)


def _counted(metric: Metric) -> Event:
    return {"type": metric.type} | ({"kind": metric.kind} if metric.kind else {})


def _made(column: Column, said: Event, placed: Placed, source: str) -> Made:
    event = {**said, "event_time": moment(placed.time).isoformat().replace("+00:00", "Z"), "source": source}
    return Made({"event_id": event_id(event), **event}, column.name)
