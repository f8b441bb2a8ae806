"""Numbers as exports write them: `1,234`, `12 345`, `1.234,50`, `1.2K`. A cell may also say nothing."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

DecimalSign = Literal[".", ","]

_NOTHING = frozenset({"", "-", "--", "–", "—", "n/a", "N/A"})
_SPACES = " \u00a0\u202f\u2009"
_APOSTROPHES = "'’"
_THOUSANDS = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000}
# Twelve thousand to some, twelve to others: of 12.000 a thousandth would be counted, and nobody be told.
_EITHER = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_SAY_WHICH = 'put numbers: {decimal: ","} into the map for the first, numbers: {decimal: "."} for the second'
_LONGEST = 40
_LARGEST = 10**12


def read_number(text: str, decimal: DecimalSign | None) -> Decimal | None:
    """Read an amount of 0 to 1e12; None where the cell says nothing.

    `decimal` stands before decimals, and the other sign parts thousands. Where it is None that is the point,
    but what may mean either is refused.

    Raises:
        ValueError: it is none; the message says why.

    """
    text = text.strip()
    if text in _NOTHING:
        return None
    found = _form(decimal or ".").fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise ValueError(_why(text, decimal or "."))
    if decimal is None and _EITHER.fullmatch(text):
        raise ValueError(f"{text} may be {text.replace('.', '')} or {float(text):g}: {_SAY_WHICH}")
    plain = re.sub("[^0-9]", "", found["whole"]) + (f".{found['part']}" if found["part"] else "")
    number = Decimal(plain) * _THOUSANDS[found["scale"].lower()]
    if number > _LARGEST:
        raise ValueError("is more than 1e12")
    return number


def read_count(text: str, decimal: DecimalSign | None) -> int | None:
    """Read a whole number, as `read_number` does; `1.2K` is 1200.

    Raises:
        ValueError: it is none, or has a part.

    """
    number = read_number(text, decimal)
    if number is None:
        return None
    if number != int(number):
        raise ValueError(f"{text.strip()} is no whole number{_other(text.strip(), decimal or '.')}")
    return int(number)


@lru_cache
def _form(decimal: DecimalSign) -> re.Pattern[str]:
    separator = f"[{_SPACES}{_APOSTROPHES}{',' if decimal == '.' else '.'}]"
    return re.compile(
        rf"(?P<whole>[0-9]{{1,3}}(?:(?P<by>{separator})[0-9]{{3}}(?:(?P=by)[0-9]{{3}})*)?|[0-9]+)"
        rf"(?:\{decimal}(?P<part>[0-9]+))?[{_SPACES}]?(?P<scale>[KkMmBb]?)"
    )


def _why(text: str, decimal: DecimalSign) -> str:
    if len(text) > _LONGEST:
        return "is no number"
    if "%" in text:
        return f"{text} is a percentage, which cannot be counted"
    if text.startswith(("-", "−")):
        return f"{text} is negative"
    return f"{text} is no number{_other(text, decimal)}"


def _other(text: str, decimal: DecimalSign) -> str:
    """Say which other decimal sign would make a number of it."""
    other: DecimalSign = "," if decimal == "." else "."
    if _form(other).fullmatch(text):
        return f'; if {other} is the decimal sign, put numbers: {{decimal: "{other}"}} into the map'
    return ""
