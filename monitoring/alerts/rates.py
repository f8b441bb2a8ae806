"""Alerts on campaigns' rates: engagement, click-through, sentiment."""

from models.kpis.catalogue import kpi_judged_by
from models.metrics.campaign_metrics import INVALID_TRAFFIC
from models.windows import FLIGHT
from monitoring.alerts.alert import Help
from monitoring.alerts.verdicts import Judged
from monitoring.alerts.wording import by_influencer, threshold_of_campaign
from monitoring.promql import select, select_kpi

_ACT = (
    "Talk to the influencer who weighs most, change what is published, or lower the threshold with `kpis "
    "campaigns apply` if it was never within reach."
)
_WAKE = "Nobody at night."
_REACHED = by_influencer("estimated_reach_persons", FLIGHT)
_BY_INFLUENCER = select_kpi("influencer", "engagement_ratio", campaign="CAMPAIGN", window=FLIGHT)
_IDENTIFIED = select_kpi("campaign", "identified_impressions_ratio")
_ENGAGEMENT = Judged(
    alert="CampaignEngagementBelowThreshold",
    threshold="engagement",
    said=kpi_judged_by("engagement").name,
    severity="warning",
    stays="30m",
    lack=f"{threshold_of_campaign('engagement')} * {_REACHED} - on (influencer) "
    f"({by_influencer('interactions', FLIGHT)} or on (influencer) 0 * {_REACHED})",
    lacking="the missing interactions",
    help=Help(
        "People see the campaign and do not react, or their reactions do not reach us. For the campaign's "
        "manager.",
        f"`kpis show CAMPAIGN`; `{_BY_INFLUENCER}`. Reach is estimated from people who consented: where "
        f"`{_IDENTIFIED}` is low, it is a rough guess.",
        _ACT,
        _WAKE,
    ),
)
_CTR = Judged(
    alert="CampaignCtrBelowThreshold",
    threshold="ctr",
    said=kpi_judged_by("ctr").name,
    severity="warning",
    stays="30m",
    lack=f"{threshold_of_campaign('ctr')} * {by_influencer('impressions', FLIGHT)} - on (influencer) "
    f"{by_influencer('clicks', FLIGHT)}",
    lacking="the clicks that are missing",
    help=Help(
        "Impressions bring too few clicks. A broken link looks the same. For the campaign's manager.",
        "Open the campaign's links. "
        f"`{select_kpi('content', 'ctr_ratio', campaign='CAMPAIGN', window=FLIGHT)}`; "
        f"`{select(INVALID_TRAFFIC, campaign='CAMPAIGN')}`: clicks that were taken for bots.",
        _ACT,
        _WAKE,
    ),
)
_ALL_RATED = by_influencer("rated_mentions", FLIGHT)
_RATED = select_kpi("influencer", "rated_mentions", campaign="CAMPAIGN", window=FLIGHT)
_SENTIMENT = Judged(
    alert="CampaignSentimentBelowThreshold",
    threshold="sentiment",
    said=kpi_judged_by("sentiment").name,
    severity="warning",
    stays="30m",
    lack=f"{by_influencer('rated_mentions', FLIGHT, polarity='negative')} - on (influencer) "
    f"({by_influencer('rated_mentions', FLIGHT, polarity='positive')} or on (influencer) 0 * {_ALL_RATED})",
    lacking="the surplus of negative mentions",
    help=Help(
        "Comments and mentions turn against the campaign. For its manager and whoever is responsible for "
        "the brand.",
        f"Read the comments on the platform. `{_RATED}` by `polarity`. Only rated mentions count.",
        _ACT,
        _WAKE,
    ),
)

JUDGED = (_ENGAGEMENT, _CTR, _SENTIMENT)
RECORDINGS = tuple(series for one in JUDGED for series in (one.measured, one.likely))
ALERTS = tuple(one.declared() for one in JUDGED)
