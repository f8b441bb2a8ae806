"""Templates in what an alert says: figures that are asked for when it fires."""

from typing import Literal

Window = Literal["24h", "flight"]

AMOUNT = 'printf "%.2f"'
SIGNED = 'printf "%+.2f"'
WHOLE = 'printf "%.0f"'
SHARE = "humanizePercentage"


def value(shown: str) -> str:
    """Show the alert's own value."""
    return f"{{{{ $value | {shown} }}}}"


def label(name: str) -> str:
    """Show a label of the alert."""
    return f"{{{{ $labels.{name} }}}}"


def figure(metric: str, shown: str, window: Window | None = None) -> str:
    """Ask for a figure of the alert's campaign; "none" where it is absent."""
    of_window = "" if window is None else f', window="{window}"'
    return _asked(f'max by (campaign) ({metric}{{campaign="%s"{of_window}}})', shown)


def threshold(kpi: str, bound: str, shown: str) -> str:
    """Ask for a threshold of the alert's campaign."""
    return _asked(f'max(kpi_campaign_threshold{{campaign="%s", kpi="{kpi}", bound="{bound}"}})', shown)


def heaviest(metric: str, what: str, window: Window) -> str:
    """Name the influencer who has more than half of a campaign's amount, where one does; say what it is."""
    chosen = f'{{campaign="%s", window="{window}"}}'
    query = (
        f"topk(1, sum by (influencer) (max without (instance, job) (kpi_influencer_{metric}{chosen}))) "
        f"> on () group_left () (0.5 * sum(max without (instance, job) (kpi_campaign_{metric}{chosen})))"
    )
    return (
        f"{{{{ range query (printf `{query}` $labels.campaign $labels.campaign) }}}} "
        f"More than half of the {what} is due to {{{{ .Labels.influencer }}}}.{{{{ end }}}}"
    )


def _asked(query: str, shown: str) -> str:
    return (
        f"{{{{ with query (printf `{query}` $labels.campaign) }}}}"
        f"{{{{ . | first | value | {shown} }}}}{{{{ else }}}}none{{{{ end }}}}"
    )
