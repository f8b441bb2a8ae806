"""What a field takes, in words: the rule that a wrong value breaks, without a validator's patterns."""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from models.campaigns.yaml_data import is_number

_RULES = {
    "missing": "required",
    "extra_forbidden": "no such field",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "finite_number": "must be a finite number",
    "tuple_type": "must be a list",
    "frozen_set_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
}
_WITH_LIMITS: dict[str, Callable[[dict[str, Any]], str]] = {
    "too_long": lambda limits: (
        f"must have at most {limits['max_length']} entries, not {limits['actual_length']}"
    ),
    "string_too_long": lambda limits: f"must have at most {limits['max_length']} characters",
    "greater_than_equal": lambda limits: f"must be at least {_plain(limits['ge'])}",
    "less_than_equal": lambda limits: f"must be at most {_plain(limits['le'])}",
}
_PATTERNS = {
    r"^[A-Z]{3}$": "must be an ISO 4217 code of three capitals, such as EUR",
    r"^[A-Za-z0-9._:-]{1,64}$": "must be 1 to 64 of A–Z a–z 0–9 . _ : -",
}

_FEW = 10
"""So many fields are listed where none like the one that was written is there."""
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"([-+]?[0-9]+(?:\.[0-9]{3})*),([0-9]+)")


def rule_in_words(detail: ErrorDetails, written: str | None = None) -> str:
    """Return the rule that a value breaks; `written` is how the value stands in a file, where it does."""
    kind, given, limits = detail["type"], detail["input"], detail.get("ctx") or {}
    if kind == "string_pattern_mismatch":
        return _PATTERNS[limits["pattern"]]
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", limits["expected"])
        return f"must be one of {', '.join(known)}{suggestion(str(given), known)}"
    if kind in _WITH_LIMITS:
        return _WITH_LIMITS[kind](limits)
    rule = _RULES.get(kind)
    if rule is None:
        return detail["msg"].removeprefix("Value error, ").replace("Input should ", "must ")
    if kind in ("float_type", "int_type") and isinstance(given, str):
        return rule + _how_to_write_a_number(given)
    if kind == "string_type" and isinstance(given, bool | int | float):
        return f'{rule}: put quotes around it, "{written or str(given).lower()}"'
    return rule


def no_such_field(given: str, known: Sequence[str]) -> str:
    """Say that there is no such field: which one was meant, or else which there are, where they are few."""
    near = suggestion(given, known)
    listed = f"; it takes {', '.join(known)}" if known and not near and len(known) <= _FEW else ""
    return f"{_RULES['extra_forbidden']}{near or listed}"


def suggestion(given: str, known: Iterable[str]) -> str:
    """Return a question whether the most similar known name was meant; empty where none is similar."""
    near = difflib.get_close_matches(given, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _how_to_write_a_number(given: str) -> str:
    if is_number(given):
        return ", without quotes"
    decimal = _DECIMAL_COMMA.fullmatch(given)
    if decimal and not _THOUSANDS.fullmatch(given):
        return f", with a decimal point: {decimal[1].replace('.', '')}.{decimal[2]}"
    for separator, name in (("_", "underscores"), (",", "commas"), (" ", "spaces"), ("'", "apostrophes")):
        if is_number(given.replace(separator, "")):
            return f", without {name}: {given.replace(separator, '')}"
    return ""


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:g}"
