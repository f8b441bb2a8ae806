"""What a cell says: a part of an address, an entry of a table, or itself; or why it says nothing."""

import re
from collections.abc import Callable
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qs, urlsplit

from producers.imports.columns import Column, Field
from producers.imports.table import Row

T = TypeVar("T")

SHOWN = 40
"""Characters of a cell that a message quotes."""
_IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,64}")


class Problem(NamedTuple):
    """Why a row, or a cell of it, is no event; `column` is empty where it is about the row."""

    column: str
    rule: str


class Unreadable(Exception):
    """A cell cannot be read; `problem` says which, and why."""

    def __init__(self, column: str, rule: str) -> None:
        super().__init__(rule)
        self.problem = Problem(column, rule)


def read_cell(column: Column, row: Row, read: Callable[[str], T]) -> T:
    """Read a cell.

    Raises:
        Unreadable: it raised a ValueError.

    """
    try:
        return read(column.cell(row))
    except ValueError as error:
        raise Unreadable(column.name, str(error)) from None


def given(field: Field, row: Row) -> str:
    """Return what of a field's cell is meant, before its table is asked.

    Raises:
        Unreadable: a part of an address is meant, and it is none.

    """
    if field.column is None:
        return field.value.always or ""
    text, parameter = field.column.cell(row), field.value.parameter
    if not text or (field.value.part == "text" and parameter is None):
        return text
    try:
        address = urlsplit(text)
    except ValueError:
        raise Unreadable(field.column.name, "is no address") from None
    if parameter is not None:
        return next(iter(parse_qs(address.query).get(parameter, [])), "")
    return address.path.rstrip("/").rpartition("/")[2]


def identifier(field: Field, said: str) -> str:
    """Return the id that is meant: by the field's table, else its `otherwise`, else what is said itself.

    Raises:
        Unreadable: the table does not list it, or it is no id.

    """
    if said in field.table:
        return field.table[said]
    if field.value.otherwise and (field.table or not said):
        return field.value.otherwise
    if field.column is None or not said:
        return said
    if field.table:
        raise Unreadable(field.column.name, f"{said[:SHOWN]} is not listed in the map's {field.listed_in}")
    if not _IDENTIFIER.fullmatch(said):
        rule = f"{said[:SHOWN]} is no {field.name}, which has 1 to 64 of A–Z a–z 0–9 . _ : -"
        raise Unreadable(field.column.name, f"{rule}; list it in the map's {field.listed_in}")
    return said
