"""Which campaigns alerts are for: those that run now."""

from monitoring.alerts.alert import HELD, Recording

INFO = "campaign:kpis_running:info"

RECORDINGS = (
    # One series a campaign, whatever its name, owner and worker were meanwhile: two would be an error.
    Recording(
        INFO,
        "topk by (campaign) (1, max by (campaign, name, owner) "
        f'(last_over_time(kpi_campaign_info{{status="running"}}[{HELD}])))',
    ),
)


def of_running(expression: str) -> str:
    """Keep what is of running campaigns, with the name that people know and the owner who is told."""
    return f"({expression}) * on (campaign) group_left (name, owner) {INFO}"
