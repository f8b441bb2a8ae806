"""Events out of JSON in one pass: where each text stands, and what numbers and words say.

Accepted is less than pydantic accepts, and never more: an object of known fields, each named once, and of
others. Whatever else comes is odd, and for the model to judge. What texts mean is not looked at.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints
from models.core.compiling import I64, Int, compiled, inlined
from models.core.json_texts import ODD, QUOTE, name_end, octet, text_end
from models.core.json_values import (
    BRACE,
    BRACE_END,
    COMMA,
    blank_end,
    colon_end,
    decimal_of,
    is_null,
    number_end,
    switch_end,
    value_end,
    whole_end,
)
from models.core.octets import Octets
from models.core.times import UNREAD, read_time
from models.core.words import Words, number_of
from models.events.fields import KEPT, LEFT, PART, PASSED, SWITCH, UNKNOWN, WHOLE, WORD, WRITTEN, Form
from models.events.nobody import may_be_nobody

Floats = npt.NDArray[np.float64]

LONGEST_EVENT = 4096
"""The bytes of the longest event that is scanned."""
ABSENT = -1

_ONE = I64(1)


class Scanned(NamedTuple):
    """What was read, by event and number of the field; ABSENT values where there is none, or null.

    `starts` are places in the buffer of texts, numbers and parts; `values` are the length in bytes of those,
    the number of a word among its field's values, 1 or 0 for true or false, or a whole number. `forms` has by
    event the number of the form that it fits, or ODD.
    """

    starts: Ints
    values: npt.NDArray[np.int32]
    forms: npt.NDArray[np.int8]


def room_for(events: int, fields: int) -> Scanned:
    """Make room for what is read of so many events with so many fields."""
    return Scanned(
        np.zeros((events, fields), np.int64), np.empty((events, fields), np.int32), np.empty(events, np.int8)
    )


@compiled
def scan(
    buffer: Octets, starts: Ints, lengths: Ints, lines: Ints, form: Form, number: Int, out: Scanned
) -> None:
    """Read the records at these lines as events of a form, which has this number."""
    for line in lines:
        start, length = starts[line], lengths[line]
        out.values[line, :] = ABSENT
        fits = 0 < length <= LONGEST_EVENT and _reads(buffer, start, start + length, line, form, out)
        out.forms[line] = number if fits else ODD


@inlined
def _reads(buffer: Octets, at: Int, end: Int, line: Int, form: Form, out: Scanned) -> Int:
    """Read an event; return whether it is all that there is to its end."""
    at = blank_end(buffer, at)
    if octet(buffer, at) != BRACE:
        return False
    named, present = I64(0), I64(0)
    sign = I64(COMMA)
    while sign == COMMA:
        name_at = blank_end(buffer, at + 1)
        at = name_end(buffer, name_at)
        if at == ODD:
            return False
        field = number_of(form.names, buffer, name_at + 1, at - name_at - 2)
        at = colon_end(buffer, at)
        if at == ODD:
            return False
        if field < 0 or form.kinds[field] == UNKNOWN:
            at = value_end(buffer, at, end)
        elif named >> field & _ONE:
            return False
        elif is_null(buffer, at):
            named |= _ONE << field
            at += 4
        else:
            named |= _ONE << field
            present |= _ONE << field
            at = _field_end(buffer, at, end, field, line, form, out)
        if at == ODD:
            return False
        at = blank_end(buffer, at)
        sign = I64(octet(buffer, at))
    if sign != BRACE_END or present & form.required != form.required:
        return False
    at += 1
    # What comes behind is no event's, and may be blank.
    return at == end or (at < end and blank_end(buffer, at) >= end)


@inlined
def _field_end(buffer: Octets, at: Int, end: Int, field: Int, line: Int, form: Form, out: Scanned) -> Int:
    """Read the value of a field, and pass it."""
    kind = form.kinds[field]
    if kind in (KEPT, WRITTEN, PASSED):
        if octet(buffer, at) != QUOTE:
            return ODD
        start = at + 1
        at, beyond = text_end(buffer, start, kind != KEPT)
        length = at - 1 - start
        out.starts[line, field], out.values[line, field] = start, length
        return at if form.least[field] <= length - beyond <= form.most[field] else ODD
    if kind == WORD:
        start = at + 1
        at = name_end(buffer, at)
        word = number_of(form.words, buffer, start, at - 1 - start)
        value = form.choices[field, word] if word >= 0 else I64(ODD)
    elif kind == SWITCH:
        at, value = switch_end(buffer, at)
    elif kind == WHOLE:
        at, value = whole_end(buffer, at)
        value = value if form.least[field] <= value <= form.most[field] else I64(ODD)
    elif kind == LEFT:
        return ODD
    else:
        start = at
        if kind == PART:
            at = value_end(buffer, at, end) if octet(buffer, at) == BRACE else ODD
        else:
            at = number_end(buffer, at) if octet(buffer, at) != ord("-") else ODD
        value = at - start
        out.starts[line, field] = start
    out.values[line, field] = value
    return at if value >= 0 else ODD


@compiled
def read_times(buffer: Octets, scanned: Scanned, field: Int, lines: Ints, times: Ints) -> None:
    """Read the times that stand in a field of these lines; where one is not plain, its event is odd."""
    for line in lines:
        times[line] = read_time(buffer, scanned.starts[line, field], I64(scanned.values[line, field]))
        if times[line] == UNREAD:
            scanned.forms[line] = ODD


@compiled
def read_decimals(
    buffer: Octets, scanned: Scanned, field: Int, form: Form, lines: Ints, numbers: Floats
) -> None:
    """Read the numbers that stand in a field of these lines into a column of all lines, −1 where none does.

    Where one is beyond its bounds, or has too many digits, its event is odd.
    """
    for line in lines:
        length = I64(scanned.values[line, field])
        numbers[line] = ABSENT
        if length != ABSENT:
            numbers[line] = decimal_of(buffer, scanned.starts[line, field], length)
            if not form.least[field] <= numbers[line] <= form.most[field]:
                scanned.forms[line] = ODD


@compiled
def list_nobodies(
    words: Words, buffer: Octets, scanned: Scanned, field: Int, lines: Ints, listed: Ints
) -> Int:
    """List those of these lines whose person may stand for nobody; return how many they are."""
    many = 0
    for line in lines:
        length = I64(scanned.values[line, field])
        if length != ABSENT and may_be_nobody(words, buffer, scanned.starts[line, field], length):
            listed[many] = line
            many += 1
    return many
