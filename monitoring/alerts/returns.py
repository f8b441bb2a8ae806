"""Alerts on what campaigns get for their money: CPA and ROI."""

from models.kpis.catalogue import kpi_judged_by
from models.metrics.campaign_metrics import LIFETIME_CANCELLATIONS
from models.windows import FLIGHT
from models.words import Words
from monitoring.alerts.alert import Help
from monitoring.alerts.verdicts import Judged
from monitoring.alerts.wording import by_influencer, threshold_of_campaign
from monitoring.promql import select, select_kpi

_CPA_ID, _ROI_ID = kpi_judged_by("cpa").id, kpi_judged_by("roi").id
_CONVERSIONS = select_kpi("campaign", "goal_conversions", campaign="CAMPAIGN", window="1h")
_SPENT = by_influencer("invested", FLIGHT)
_CPA = Judged(
    alert="CampaignCpaAboveThreshold",
    threshold="cpa",
    said=Words("CPA", "CPA"),
    severity="critical",
    stays="15m",
    lack=f"{_SPENT} - on (influencer) {threshold_of_campaign('cpa')} * "
    f"({by_influencer('goal_conversions', FLIGHT)} or on (influencer) 0 * {_SPENT})",
    lacking="what is too dear",
    help=Help(
        "Conversions likely cost more than agreed over the flight. Without any there is no CPA (–), and the "
        "bound alone shows that the money buys nothing. For the campaign's manager.",
        f"`kpis show CAMPAIGN`; `{select_kpi('influencer', _CPA_ID, campaign='CAMPAIGN', window=FLIGHT)}`. "
        f"Do conversions arrive at all? `{_CONVERSIONS}`. A broken shop pixel looks the same.",
        "Move spend away from who weighs most, or accept the cost and raise `cpa_max` with `kpis campaigns "
        "apply`.",
        "The owner, if a lot is spent each day. No engineer, unless the conversions of all campaigns stop.",
    ),
)
_ROI = Judged(
    alert="CampaignRoiBelowThreshold",
    threshold="roi",
    said=Words("ROI", "ROI"),
    severity="warning",
    stays="30m",
    lack=f"{_SPENT} - on (influencer) {by_influencer('revenue', FLIGHT)}",
    lacking="the loss",
    help=Help(
        "The campaign likely brings back less than agreed. Revenue comes days after the cost, so early in a "
        "flight this is to be expected; `min_sample: {roi: …}` sets how many conversions it takes before "
        "this alert may fire.",
        "`kpis show CAMPAIGN`; "
        f"`{select_kpi('influencer', _ROI_ID, campaign='CAMPAIGN', window=FLIGHT)}`; "
        f"cancelled orders: `{select(LIFETIME_CANCELLATIONS, campaign='CAMPAIGN')}`. Refunds have no "
        "counter: they are taken from the revenue.",
        "As for the CPA. Look at the amounts of the orders too: the CPA does not see them.",
        "Nobody at night.",
    ),
)

JUDGED = (_CPA, _ROI)
RECORDINGS = tuple(series for one in JUDGED for series in (one.measured, one.likely))
ALERTS = tuple(one.declared() for one in JUDGED)
