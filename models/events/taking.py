"""Loops over what was scanned: columns of times and numbers, and who stands for nobody."""

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints
from models.core.compiling import I64, Int, compiled
from models.core.json_texts import ODD
from models.core.json_values import decimal_of
from models.core.octets import Octets
from models.core.times import UNREAD, read_time
from models.core.words import Words
from models.events.fields import Form
from models.events.scanning import ABSENT, Scanned
from models.events.unused import may_be_nobody

Floats = npt.NDArray[np.float64]


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
    """Read the numbers that stand in a field of these lines, −1 where none does.

    Where one is beyond its bounds, or has too many digits, its event is odd.
    """
    for index in range(len(lines)):
        line = lines[index]
        length = I64(scanned.values[line, field])
        numbers[index] = ABSENT
        if length != ABSENT:
            numbers[index] = decimal_of(buffer, scanned.starts[line, field], length)
            if not form.least[field] <= numbers[index] <= form.most[field]:
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
