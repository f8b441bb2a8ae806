"""Alerts on campaigns' rates: engagement, click-through, sentiment, authenticity."""

from models.kpis.catalogue import kpi_judged_by
from models.metrics.campaign_metrics import INVALID_TRAFFIC
from models.windows import FLIGHT, WindowName
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


def negative_surplus(window: WindowName) -> str:
    """Count each influencer's negative mentions beyond the positive ones."""
    rated = by_influencer("rated_mentions", window)
    good, bad = (by_influencer("rated_mentions", window, polarity=name) for name in ("positive", "negative"))
    return f"{bad} - on (influencer) ({good} or on (influencer) 0 * {rated})"


_RATED = select_kpi("influencer", "rated_mentions", campaign="CAMPAIGN", window=FLIGHT)
_SENTIMENT = Judged(
    alert="CampaignSentimentBelowThreshold",
    threshold="sentiment",
    said=kpi_judged_by("sentiment").name,
    severity="warning",
    stays="30m",
    lack=negative_surplus(FLIGHT),
    lacking="the surplus of negative mentions",
    help=Help(
        "Comments and mentions turn against the campaign. For its manager and whoever is responsible for "
        "the brand.",
        f"Read the comments on the platform. `{_RATED}` by `polarity`. Only rated mentions count.",
        _ACT,
        _WAKE,
    ),
)
_REASONS = select_kpi("influencer", "suspicious_interactions", campaign="CAMPAIGN", window=FLIGHT)
_JUDGED_SHARE = select_kpi("campaign", "judged_interactions_ratio", campaign="CAMPAIGN", window=FLIGHT)
_AUTHENTICITY = Judged(
    alert="CampaignAuthenticityBelowThreshold",
    threshold="authenticity",
    said=kpi_judged_by("authenticity").name,
    severity="warning",
    stays="30m",
    lack=by_influencer("suspicious_interactions", FLIGHT),
    lacking="what is suspicious",
    help=Help(
        "Too many interactions do not look like those of people. That is no proof that somebody cheated. For "
        "the campaign's manager.",
        f"By `reason`: `{_REASONS}`. Of how many it speaks: `{_JUDGED_SHARE}`. What each reason sees, and "
        "whom it accuses wrongly: [authenticity.md](authenticity.md).",
        "`burst`, `clockwork` and `lockstep` are strong: ask the influencer who weighs most. `copied_text` "
        "in the week of a giveaway is weak: put its phrase into `except` in the campaign file. Or lower "
        "`authenticity_min` with `kpis campaigns apply`.",
        _WAKE,
    ),
)

JUDGED = (_ENGAGEMENT, _CTR, _SENTIMENT, _AUTHENTICITY)
RECORDINGS = tuple(series for one in JUDGED for series in (one.measured, one.likely))
ALERTS = tuple(one.declared() for one in JUDGED)
