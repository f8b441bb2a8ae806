"""Texts of JSON within a buffer: where one ends, and how many characters it has.

No loop goes past a zero, and a buffer ends with zeros: so none looks for the end of its record. Whoever reads
one finds out afterwards whether it went past that.
"""

from models.core.compiling import I64, U64, Int, compiled, inlined
from models.core.octets import Octets, load64

ODD = -1
"""Stands for where something ends that is none of what is read here: somebody else decides what it is."""

QUOTE, BACKSLASH = ord('"'), ord("\\")
_ESCAPES = tuple(b'"\\/bfnrt')

_ONES = U64(0x0101010101010101)
_HIGHS = U64(0x8080808080808080)
_QUOTES, _BACKSLASHES, _SPACES = U64(QUOTE) * _ONES, U64(BACKSLASH) * _ONES, U64(ord(" ")) * _ONES
_ONE, _TOP_BYTE = U64(1), U64(56)
_WORD = 8


@inlined
def octet(buffer: Octets, at: Int) -> Int:
    """Read a byte. Of a signed index numba would ask each time whether it counts from the end."""
    return buffer[U64(at)]


@compiled
def text_end(buffer: Octets, at: Int, escapes: Int) -> tuple[Int, Int]:
    """Pass a text, from behind its first quote to behind its last; count its bytes beyond its characters.

    The end is ODD where it is no text, or has an escape and may have none.
    """
    beyond = 0
    while True:
        plain = _plain_bytes(load64(buffer, at))
        at += plain
        if plain == _WORD:
            continue
        byte = octet(buffer, at)
        if byte == QUOTE:
            return at + 1, beyond
        if byte >= 0x80:
            size = _character_size(buffer, at)
            if size == 0:
                return ODD, 0
            at += size
            beyond += size - 1
        elif byte == BACKSLASH and escapes:
            size = _escape_size(buffer, at + 1)
            if size == 0:
                return ODD, 0
            at += 1 + size
            beyond += size
        else:
            return ODD, 0


@inlined
def name_end(buffer: Octets, at: Int) -> Int:
    """Pass a text without escapes, its quotes included; ODD where there is none."""
    if octet(buffer, at) != QUOTE:
        return ODD
    return text_end(buffer, at + 1, False)[0]


@inlined
def _plain_bytes(word: Int) -> Int:
    """Count the bytes of a word before the first that is a quote, a backslash, a control or not ASCII.

    A byte that is zero is the first to borrow when 1 is taken off each: its highest bit shows it. Those above
    may show falsely, and are not looked at.
    """
    quotes, backslashes = word ^ _QUOTES, word ^ _BACKSLASHES
    ends = ((quotes - _ONES) | (backslashes - _ONES) | (word - _SPACES) | word) & _HIGHS
    if not ends:
        return _WORD
    # Below the lowest end all bits are filled; the lowest of each byte add up in the highest byte.
    below = (ends & (~ends + _ONE)) - _ONE
    return I64((below & _ONES) * _ONES >> _TOP_BYTE) - 1


@compiled
def _character_size(buffer: Octets, at: Int) -> Int:
    """Return the bytes of a character that is not ASCII; 0 where it is no UTF-8 (Unicode 16, table 3-7)."""
    first, second = octet(buffer, at), octet(buffer, at + 1)
    if second & 0xC0 != 0x80:
        return 0
    if 0xC2 <= first < 0xE0:
        return 2
    if octet(buffer, at + 2) & 0xC0 != 0x80:
        return 0
    if 0xE0 <= first < 0xF0:
        overlong, surrogate = first == 0xE0 and second < 0xA0, first == 0xED and second >= 0xA0
        return 0 if overlong or surrogate else 3
    if not 0xF0 <= first <= 0xF4 or octet(buffer, at + 3) & 0xC0 != 0x80:
        return 0
    overlong, beyond = first == 0xF0 and second < 0x90, first == 0xF4 and second >= 0x90
    return 0 if overlong or beyond else 4


@compiled
def _escape_size(buffer: Octets, at: Int) -> Int:
    """Return the bytes of an escape behind its backslash; 0 where it is none, or half a character."""
    sign = octet(buffer, at)
    if sign == ord("u"):
        unit = _hex4(buffer, at + 1)
        if unit < 0 or 0xDC00 <= unit < 0xE000:
            return 0
        if not 0xD800 <= unit < 0xDC00:
            return 5
        if octet(buffer, at + 5) != BACKSLASH or octet(buffer, at + 6) != ord("u"):
            return 0
        return 11 if 0xDC00 <= _hex4(buffer, at + 7) < 0xE000 else 0
    return 1 if sign in _ESCAPES else 0


@compiled
def _hex4(buffer: Octets, at: Int) -> Int:
    """Read four hexadecimal digits; below 0 where they are not there."""
    number = I64(0)
    for index in range(at, at + 4):
        byte = I64(octet(buffer, index))
        lower = byte | I64(0x20)
        if ord("0") <= byte <= ord("9"):
            number = number * I64(16) + byte - I64(ord("0"))
        elif ord("a") <= lower <= ord("f"):
            number = number * I64(16) + lower - I64(ord("a") - 10)
        else:
            return I64(-1)
    return number
