"""How figures are written in the terminal; an absent one is a dash."""

from models.kpis.kpi import Form

ABSENT = "–"


def full(value: float | None, form: Form, currency: str) -> str:
    """Write a value in full, money with its currency."""
    if value is None:
        return ABSENT
    if form == "money":
        return f"{value:,.2f} {currency}"
    return _numeral(value, form) or (f"{value:,.2f}" if form == "number" else f"{value:,.0f}")


def short(value: float | None, form: Form) -> str:
    """Write a value in at most seven characters, without its currency."""
    if value is None:
        return ABSENT
    if form == "percent":
        return f"{value:.2%}" if abs(value) < 0.1 else f"{value:.1%}" if abs(value) < 1 else f"{value:.0%}"
    if form == "signed percent":
        return f"{value:+.0%}"
    return _numeral(value, form) or _with_prefix(round(value) if form == "count" else value)


def _numeral(value: float, form: Form) -> str | None:
    match form:
        case "percent":
            return f"{value:.2%}"
        case "signed percent":
            return f"{value:+.1%}"
        case "signed":
            return f"{value:+.2f}"
    return None


def _with_prefix(value: float) -> str:
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= 10 * size or (abs(value) >= size and sign != "k"):
            return f"{value / size:,.1f}{sign}"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:,.2f}"
