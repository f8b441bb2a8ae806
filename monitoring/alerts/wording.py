"""Figures in what alerts say: templates that ask for them when the alert is evaluated."""

from typing import Literal

from monitoring.alerts.alert import Recording, Words
from monitoring.alerts.series import HELD, RUNNING, threshold

Form = Literal["amount", "signed", "share", "whole", "seconds"]
_FORMS: dict[Form, str] = {
    "amount": 'printf "%.2f"',
    "signed": 'printf "%+.2f"',
    "whole": 'printf "%.0f"',
    "share": "humanizePercentage",
    "seconds": "humanizeDuration",
}
_COMMA = ' | reReplaceAll "[.]" ","'


def told(english: str, french: str, /, **figures: str) -> Words:
    """Put figures into a sentence, {name} each, in both languages."""
    for name, figure in figures.items():
        english, french = (text.replace(f"{{{name}}}", figure) for text in (english, french))
    return Words(english, _french(french))


def value(form: Form) -> str:
    """Tell the alert's value."""
    return f"{{{{ $value | {_FORMS[form]} }}}}"


def label(name: str) -> str:
    """Tell a label of the alert."""
    return f"{{{{ $labels.{name} }}}}"


def asked(selector: str, form: Form) -> str:
    """Ask for a figure of the alert's campaign; – where there is none."""
    return _query(selector, f"value | {_FORMS[form]}", "–")


def figure(series: Recording, form: Form) -> str:
    """Ask for what is recorded of the alert's campaign."""
    return asked(str(series), form)


def limit(kpi: str, form: Form) -> str:
    """Ask for the campaign's threshold of a KPI."""
    return asked(threshold(kpi), form)


NAME = (
    f"{{{{ with query (printf `{RUNNING}{{campaign=%q}}` $labels.campaign) }}}}"
    '{{ . | first | label "name" }}{{ else }}{{ $labels.campaign }}{{ end }}'
)
CURRENCY = (
    f"{{{{ with query (printf `{RUNNING}{{campaign=%q}}` $labels.campaign) }}}}"
    '{{ . | first | label "currency" }}{{ end }}'
)


def weighs(lack: str, of: str) -> str:
    """Name the influencer who has half or more of what is amiss, where one does.

    `lack` is PromQL that gives each influencer's part, %[1]q standing for the campaign.
    """
    query = f"topk(1, ({lack}) / on () group_left () sum(({lack}) > 0)) >= 0.5"
    return (
        f"{{{{ range query (printf `{query}` $labels.campaign) }}}} "
        f"{{{{ .Labels.influencer }}}} weighs most: {{{{ .Value | humanizePercentage }}}} of "
        f"{of}.{{{{ end }}}}"
    )


def by_influencer(metric: str, window: str, **labels: str) -> str:
    """Give an influencer's figure of the campaign, added up over kinds."""
    others = "".join(f',{name}="{one}"' for name, one in labels.items())
    chosen = f'kpi_influencer_{metric}{{campaign=%[1]q,window="{window}"{others}}}'
    return f"sum by (influencer) (max without (instance, job) (last_over_time({chosen}[{HELD}])))"


def threshold_of_campaign(kpi: str) -> str:
    """Give the campaign's threshold as a scalar."""
    return f"scalar({threshold(kpi).replace('{', '{campaign=%[1]q,')})"


def _query(selector: str, shown: str, otherwise: str) -> str:
    name, _, rest = selector.partition("{")
    query = f"{name}{{campaign=%q{',' + rest if rest else '}'}"
    return (
        f"{{{{ with query (printf `{query}` $labels.campaign) }}}}"
        f"{{{{ . | first | {shown} }}}}{{{{ else }}}}{otherwise}{{{{ end }}}}"
    )


def _french(text: str) -> str:
    for form in _FORMS.values():
        text = text.replace(f"{form} }}}}", f"{form}{_COMMA} }}}}")
    return text
