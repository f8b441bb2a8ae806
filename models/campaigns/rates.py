"""Currency rates of several files in one table: merged by currency, each with its date."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from models.campaigns.campaign import CurrencyRates

JsonObject = dict[str, Any]


class NoCommonCurrency(ValueError):
    """Rates on another base cannot be converted: by no rate of the registered base, or beyond what can be."""


@dataclass(frozen=True, slots=True)
class RateChange:
    """What became of one rate: units of `currency` for one of the base, and the date that it is of."""

    currency: str
    base: str
    before: tuple[float, str] | None
    after: tuple[float, str]

    @property
    def is_older(self) -> bool:
        """Whether the new rate is of an earlier date than the one that it replaces."""
        return self.before is not None and self.after[1] < self.before[1]

    def __str__(self) -> str:
        before = "none" if self.before is None else f"{self.before[0]:.6g} ({self.before[1]})"
        return f"1 {self.base} = {before} → {self.after[0]:.6g} {self.currency} ({self.after[1]})"


def merge_rates(registered: object, declared: JsonObject) -> tuple[JsonObject, list[RateChange]]:
    """Return the rates that are known with a file's, in the form of the registry's document.

    The base stays the registered one: rates on another base are converted by the file's own rate of it. Rates
    of a document that cannot be read are replaced.

    Raises:
        NoCommonCurrency: the file has another base, and no rate of the registered one by which its rates
            become such as can be read again.

    """
    new = CurrencyRates.model_validate(declared)
    try:
        old = None if registered is None else CurrencyRates.model_validate(registered)
    except ValidationError:
        old = None
    base = new.base if old is None else old.base
    known = {} if old is None else _dated(old)
    added = _on_base(new, base)
    changes = [
        RateChange(currency, base, known.get(currency), rate)
        for currency, rate in sorted(added.items())
        if known.get(currency) != rate
    ]
    merged = _document(base, known | added, new.date)
    try:
        CurrencyRates.model_validate(merged)
    except ValidationError as error:
        wrong = ", ".join(str(problem["loc"][-1]) for problem in error.errors())
        rule = f"on the registered base {base}, rates are beyond what can be: {wrong}"
        raise NoCommonCurrency(rule) from None
    return merged, changes


def _dated(rates: CurrencyRates) -> dict[str, tuple[float, str]]:
    return {
        currency: (rate, rates.dates.get(currency, rates.date))
        for currency, rate in rates.rates.items()
        if currency != rates.base
    }


def _on_base(rates: CurrencyRates, base: str) -> dict[str, tuple[float, str]]:
    dated = _dated(rates)
    if rates.base == base:
        return dated
    if base not in dated:
        raise NoCommonCurrency(
            f"the registered rates have the base {base}: add the rate of {base}, by which these are converted"
        )
    factor, day = dated.pop(base)
    converted = {currency: (rate / factor, min(date, day)) for currency, (rate, date) in dated.items()}
    return converted | {rates.base: (1 / factor, day)}


def _document(base: str, rates: dict[str, tuple[float, str]], date: str) -> JsonObject:
    latest = max((day for _, day in rates.values()), default=date)
    document: JsonObject = {
        "date": latest,
        "base": base,
        "rates": {currency: rate for currency, (rate, _) in sorted(rates.items())},
    }
    older = {currency: day for currency, (_, day) in sorted(rates.items()) if day != latest}
    return document | ({"dates": older} if older else {})
