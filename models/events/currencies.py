"""Currencies as numbers: their three letters read as digits, so that each has one number for ever."""

_LETTERS, _FIRST = 26, ord("A")

CURRENCIES = _LETTERS**3
"""How many numbers there are, from 0 on."""


def currency_number(code: str) -> int:
    """Return the number of a code of three letters from A to Z."""
    first, second, third = (ord(letter) - _FIRST for letter in code)
    return (first * _LETTERS + second) * _LETTERS + third


def currency_of(number: int) -> str:
    """Return the code that has a number."""
    rest, third = divmod(number, _LETTERS)
    first, second = divmod(rest, _LETTERS)
    return "".join(chr(_FIRST + letter) for letter in (first, second, third))
