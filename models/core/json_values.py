"""Values of JSON within a buffer: where each ends. What it reads is accepted by every reader of JSON.

An end is ODD where there is no such value, or one that not everybody reads alike: numbers with an exponent or
many digits, halves of characters, deep nesting.
"""

import numpy as np

from models.core.compiling import F64, I64, U64, Int, compiled, inlined
from models.core.json_texts import ODD, QUOTE, octet, text_end
from models.core.octets import Octets, load64

BRACE, BRACE_END, BRACKET, BRACKET_END, COLON, COMMA = (ord(sign) for sign in "{}[]:,")
DEEPEST = 32
"""How many brackets may be open at once."""

_BLANKS = tuple(b" \n\r\t")
_MINUS, _POINT, _ZERO, _NINE = (ord(sign) for sign in "-.09")
_LONGEST_NUMBER = 32
_LONGEST_WHOLE = 18
# All whole numbers of so many digits, and powers of ten up to the 22nd, are exact in 64-bit floats.
_MOST_EXACT = 15
_POWERS = np.array([10.0**power for power in range(_MOST_EXACT + 1)])
_FOUR = U64(0xFFFFFFFF)
_NULL, _TRUE, _FALS = (U64(int.from_bytes(word, "little")) for word in (b"null", b"true", b"fals"))


@inlined
def blank_end(buffer: Octets, at: Int) -> Int:
    """Pass what is blank, if anything is."""
    while octet(buffer, at) in _BLANKS:
        at += 1
    return at


@inlined
def colon_end(buffer: Octets, at: Int) -> Int:
    """Pass a colon and what is blank around it; ODD where there is none."""
    at = blank_end(buffer, at)
    return blank_end(buffer, at + 1) if octet(buffer, at) == COLON else ODD


@inlined
def is_null(buffer: Octets, at: Int) -> Int:
    """Tell whether a null comes next, which has four bytes."""
    return load64(buffer, at) & _FOUR == _NULL


@inlined
def switch_end(buffer: Octets, at: Int) -> tuple[Int, Int]:
    """Pass true or false, and return it as 1 or 0."""
    four = load64(buffer, at) & _FOUR
    if four == _TRUE:
        return at + 4, 1
    if four == _FALS and octet(buffer, at + 4) == ord("e"):
        return at + 5, 0
    return ODD, 0


@inlined
def whole_end(buffer: Octets, at: Int) -> tuple[Int, Int]:
    """Pass a whole number without a sign, and return it; of a longer one only what fits is passed."""
    start, number = at, I64(0)
    while _is_digit(octet(buffer, at)) and at - start < _LONGEST_WHOLE:
        number = number * I64(10) + I64(octet(buffer, at)) - I64(_ZERO)
        at += 1
    fits = at > start and (octet(buffer, start) != _ZERO or at == start + 1)
    return (at, number) if fits else (ODD, I64(0))


@compiled
def number_end(buffer: Octets, at: Int) -> Int:
    """Pass a number without an exponent."""
    start = at
    if octet(buffer, at) == _MINUS:
        at += 1
    first = at
    while _is_digit(octet(buffer, at)):
        at += 1
    if at == first or (octet(buffer, first) == _ZERO and at > first + 1):
        return ODD
    if octet(buffer, at) == _POINT:
        first = at = at + 1
        while _is_digit(octet(buffer, at)):
            at += 1
        if at == first:
            return ODD
    return at if at - start <= _LONGEST_NUMBER else ODD


@compiled
def decimal_of(buffer: Octets, start: Int, length: Int) -> Int:
    """Return the number that digits are, with a point among them or not; below 0 where they are too many.

    It is the nearest that there is, as every reader's: both the digits without the point and what they are
    divided by are exact, and a division is rounded once.
    """
    number, digits, below = I64(0), 0, 0
    for at in range(start, start + length):
        byte = octet(buffer, at)
        if byte == _POINT:
            below = start + length - 1 - at
        else:
            number = number * I64(10) + I64(byte) - I64(_ZERO)
            digits += 1
            if digits > _MOST_EXACT:
                return F64(-1)
    return F64(number) / _POWERS[below]


@compiled
def value_end(buffer: Octets, at: Int, end: Int) -> Int:
    """Pass any value; ODD also where it goes on past `end`.

    `objects` has a bit for each open bracket, the innermost lowest: whether it is an object's.
    """
    depth, objects = 0, U64(0)
    while at <= end:
        sign = octet(buffer, at)
        if sign != BRACE and sign != BRACKET:
            at = _plain_end(buffer, at)
        elif depth == DEEPEST:
            return ODD
        else:
            inside = blank_end(buffer, at + 1)
            if octet(buffer, inside) == (BRACE_END if sign == BRACE else BRACKET_END):
                at = inside + 1
            else:
                depth += 1
                objects = objects << U64(1) | U64(sign == BRACE)
                at = _member_begin(buffer, inside, sign == BRACE)
                if at == ODD:
                    return ODD
                continue
        if at == ODD:
            return ODD
        while depth > 0:
            in_object = objects & U64(1) != U64(0)
            at = blank_end(buffer, at)
            if octet(buffer, at) == COMMA:
                at = _member_begin(buffer, blank_end(buffer, at + 1), in_object)
                break
            if octet(buffer, at) != (BRACE_END if in_object else BRACKET_END):
                return ODD
            at += 1
            depth -= 1
            objects >>= U64(1)
        if depth == 0 or at == ODD:
            return at
    return ODD


@inlined
def _member_begin(buffer: Octets, at: Int, in_object: Int) -> Int:
    """Pass the name of an object's next member; of a list's, nothing."""
    if not in_object:
        return at
    if octet(buffer, at) != QUOTE:
        return ODD
    at, _ = text_end(buffer, at + 1, True)
    return ODD if at == ODD else colon_end(buffer, at)


@inlined
def _plain_end(buffer: Octets, at: Int) -> Int:
    """Pass a value that holds no others."""
    if octet(buffer, at) == QUOTE:
        return text_end(buffer, at + 1, True)[0]
    if is_null(buffer, at):
        return at + 4
    end, _ = switch_end(buffer, at)
    return number_end(buffer, at) if end == ODD else end


@inlined
def _is_digit(byte: Int) -> Int:
    return byte >= _ZERO and byte <= _NINE
