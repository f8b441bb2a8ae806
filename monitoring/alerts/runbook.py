"""The runbook: one section per alert."""

from collections.abc import Sequence

from monitoring.alerts.alert import Alert

_NOTE = "<!-- Made by monitoring/alerts: `python3 tasks.py monitoring` writes it. -->\n"
_INTRO = """# Runbook

What each alert means, where to look first, what to do, when to wake somebody.
An alert's annotation `runbook` leads here.

`critical`: act now. `warning`: act in working hours. `info`: know it.
Alerts on campaigns go to their owners, alerts on the pipeline to whoever is on call.
How to set that, and how to add an owner's receiver: [alerts.md](alerts.md).

Queries are for Prometheus; `CAMPAIGN` stands for the campaign's id.
"Likely" means by bounds that are made for every look at once: [how sure they are](confidence.md).
A series `campaign:…` is the figure whichever worker shows it, held for two minutes.
"""


def page(campaigns: Sequence[Alert], pipeline: Sequence[Alert]) -> str:
    """Write the page: an index, and a section for each alert."""
    index = _index("Campaigns", campaigns) + "\n" + _index("Pipeline", pipeline)
    sections = [_section(alert) for alert in (*campaigns, *pipeline)]
    return "\n".join([_NOTE, _INTRO, index, *sections])


def _index(title: str, alerts: Sequence[Alert]) -> str:
    rows = [
        f"| [{one.name}](#{one.name.lower()}) | {one.severity} | {one.waits} | {one.stays} |"
        for one in alerts
    ]
    head = f"| {title} | severity | fires after | ends after |\n|---|---|---|---|"
    return "\n".join([head, *rows, ""])


def _section(alert: Alert) -> str:
    said = alert.help
    return (
        f"## {alert.name}\n\n{said.means}\n\n- **Look**: {said.look}\n- **Do**: {said.act}\n- **Wake**: "
        f"{said.wake}\n\n```promql\n{alert.expr}\n```\n"
    )
