"""Figures in the texts of alerts: templates that query them when the alert is evaluated."""

from typing import Literal

from models.kpis.catalogue import kpi_judged_by
from models.kpis.kpi import Form as KpiForm
from models.kpis.kpi import Kpi
from models.windows import WindowName
from models.words import Words
from monitoring.alerts.alert import Recording
from monitoring.alerts.series import HELD, RUNNING, threshold
from monitoring.promql import Selector, select_kpi

Form = Literal["amount", "signed", "share", "whole", "seconds"]
_FORMS: dict[Form, str] = {
    "amount": 'printf "%.2f"',
    "signed": 'printf "%+.2f"',
    "whole": 'printf "%.0f"',
    "share": "humanizePercentage",
    "seconds": "humanizeDuration",
}
_BY_FORM: dict[KpiForm, Form] = {
    "count": "whole",
    "money": "amount",
    "number": "amount",
    "percent": "share",
    "signed": "signed",
    "signed percent": "share",
}
_COMMA = ' | reReplaceAll "[.]" ","'
_CAMPAIGN = "%[1]q"
"""Stands for the alert's campaign in a query that names it more than once."""


def sentence(english: str, french: str, /, **figures: str) -> Words:
    """Put figures into a sentence, {name} each, in both languages."""
    for name, figure in figures.items():
        english, french = (text.replace(f"{{{name}}}", figure) for text in (english, french))
    return Words(english, _french(french))


def value(form: Form) -> str:
    """Write the alert's value."""
    return f"{{{{ $value | {_FORMS[form]} }}}}"


def label(name: str) -> str:
    """Write a label of the alert."""
    return f"{{{{ $labels.{name} }}}}"


def queried(selector: Selector, form: Form) -> str:
    """Query a figure of the alert's campaign; – if there is none."""
    return _query(selector, f"value | {_FORMS[form]}", "–")


def figure(series: Recording, form: Form) -> str:
    """Query what is recorded of the alert's campaign."""
    return queried(Selector(series.name), form)


def limit(name: str) -> str:
    """Query the campaign's threshold with this name."""
    return queried(threshold(name), form_of(kpi_judged_by(name)))


def form_of(kpi: Kpi) -> Form:
    """Return how alerts write a KPI."""
    return _BY_FORM[kpi.form]


NAME = (
    f"{{{{ with query (printf `{RUNNING}{{campaign=%q}}` $labels.campaign) }}}}"
    '{{ . | first | label "name" }}{{ else }}{{ $labels.campaign }}{{ end }}'
)
CURRENCY = (
    f"{{{{ with query (printf `{RUNNING}{{campaign=%q}}` $labels.campaign) }}}}"
    '{{ . | first | label "currency" }}{{ end }}'
)


def heaviest(lack: str, of: str) -> str:
    """Name the influencer who accounts for half or more of what is wrong, if there is one.

    `lack` is PromQL for each influencer's part, with %[1]q for the campaign.
    """
    query = f"topk(1, ({lack}) / on () group_left () sum(({lack}) > 0)) >= 0.5"
    return (
        f"{{{{ range query (printf `{query}` $labels.campaign) }}}} "
        f"{{{{ .Labels.influencer }}}} weighs most: {{{{ .Value | humanizePercentage }}}} of "
        f"{of}.{{{{ end }}}}"
    )


def by_influencer(identifier: str, window: WindowName, **labels: str) -> str:
    """Select a KPI of each influencer of the campaign, added up over kinds."""
    chosen = select_kpi("influencer", identifier, window=window, **labels).of(_CAMPAIGN)
    return f"sum by (influencer) (max without (instance, job) (last_over_time({chosen}[{HELD}])))"


def threshold_of_campaign(name: str) -> str:
    """Select the campaign's threshold as a scalar."""
    return f"scalar({threshold(name).of(_CAMPAIGN)})"


def _query(selector: Selector, shown: str, otherwise: str) -> str:
    return (
        f"{{{{ with query (printf `{selector.of('%q')}` $labels.campaign) }}}}"
        f"{{{{ . | first | {shown} }}}}{{{{ else }}}}{otherwise}{{{{ end }}}}"
    )


def _french(text: str) -> str:
    for form in _FORMS.values():
        text = text.replace(f"{form} }}}}", f"{form}{_COMMA} }}}}")
    return text
