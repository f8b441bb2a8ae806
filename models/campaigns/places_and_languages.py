"""Countries and languages as people and devices write them, in one spelling each; and currencies.

A country is its ISO 3166-1 alpha-2 code in capitals (`fra` and `FR` are FR, `UK` is GB), a language its
BCP 47 tag in lower case (`en_GB` is en-gb, `fra` is fr).
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from models.campaigns.iso_639 import LANGUAGES
from models.campaigns.iso_3166 import COUNTRIES
from models.campaigns.iso_4217 import CURRENCIES

# Reserved by ISO 3166-1 for what these countries also call themselves.
_RESERVED = {"UK": "GB", "EL": "GR"}
_LONGEST_LANGUAGE_CODE = 3
# Withdrawn from ISO 639-1 in 1989, and what Java wrote until release 17.
_WITHDRAWN = {"iw": "he", "in": "id", "ji": "yi"}


def country(written: str) -> str:
    """Return a country's alpha-2 code; what is no code stays, in capitals."""
    code = written.strip().upper()
    return _country_codes().get(code, code)


def language(written: str) -> str:
    """Return a language tag in lower case, with hyphens, begun by the shortest code that ISO 639 has.

    Its country is spelt as a country is: `en-UK` is en-gb.
    """
    first, *rest = written.strip().lower().replace("_", "-").split("-")
    places = [_RESERVED.get(part.upper(), part).lower() for part in rest]
    return "-".join([_language_codes().get(first, first), *places])


def wider_tags(tag: str) -> list[str]:
    """List the basic filters of RFC 4647 that take a tag: `fr-ca`, `fr` and `*` take `fr-ca`."""
    parts = tag.split("-")
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)] + ["*"]


def is_country(code: str) -> bool:
    """Return whether ISO 3166-1 has this alpha-2 code."""
    return code in _country_codes()


def is_language(tag: str) -> bool:
    """Return whether a tag may stand for a language: ISO 639 has its code of two letters, or it has three."""
    first = tag.split("-")[0]
    return first == "*" or len(first) == _LONGEST_LANGUAGE_CODE or first in _language_codes()


def is_currency(code: str) -> bool:
    """Return whether ISO 4217 has this code."""
    return code in CURRENCIES.split()


def country_called(name: str) -> str | None:
    """Return the code of the country of a name, in English or French, or of the name most like it."""
    return _called(name, _country_names())


def language_called(name: str) -> str | None:
    """Return the code of the language of a name, in English or French, or of the name most like it."""
    return _called(name, _language_names())


def currency_like(code: str) -> str | None:
    """Return a currency whose code differs from one that is none in its last letter."""
    return next((known for known in CURRENCIES.split() if known[:2] == code[:2]), None)


def _called(name: str, names: dict[str, str]) -> str | None:
    near = get_close_matches(name.strip().casefold(), names, n=1, cutoff=0.8)
    return names[near[0]] if near else None


@cache
def _country_codes() -> dict[str, str]:
    codes = dict(_RESERVED)
    for two, three, _ in _rows(COUNTRIES):
        codes |= {two: two, three: two}
    return codes


@cache
def _language_codes() -> dict[str, str]:
    codes = dict(_WITHDRAWN)
    for two, three, _ in _rows(LANGUAGES):
        codes |= dict.fromkeys((two, *three.split(",")), two)
    return codes


@cache
def _country_names() -> dict[str, str]:
    return _names(_rows(COUNTRIES))


@cache
def _language_names() -> dict[str, str]:
    return _names(_rows(LANGUAGES))


def _names(rows: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    return {name.casefold(): code for code, _, names in rows for name in names.split("|")}


def _rows(table: str) -> Iterable[tuple[str, str, str]]:
    for line in table.splitlines():
        code, longer, names = line.split(" ", 2)
        yield code, longer, names
