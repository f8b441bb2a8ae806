"""Alerts on campaigns' rates: engagement, click-through, sentiment.

They judge 24 h: a whole day, so that no night or morning stands out, and no more, because the mean of a
flight hardly moves once half of it is over. They judge the 95 % bound and not the figure: a few events say
little. A firing alert goes on until the figure itself beats its threshold by a margin.
"""

from dataclasses import dataclass

from models.kpis.catalogue import kpi_judged_by
from models.kpis.kpi import Kpi
from models.metrics.campaign_metrics import INVALID_TRAFFIC
from models.windows import WindowName
from monitoring.alerts.alert import Alert, Help, Recording
from monitoring.alerts.series import (
    held_kpi,
    margin,
    of_running,
    recovered,
    sample,
    threshold,
    with_hysteresis,
    with_sample,
)
from monitoring.alerts.wording import (
    NAME,
    by_influencer,
    figure,
    form_of,
    heaviest,
    limit,
    sentence,
    threshold_of_campaign,
)
from monitoring.promql import select, select_kpi

_DAY: WindowName = "24h"
_ACT = (
    "Talk to the influencer who weighs most, change what is published, or lower the threshold with `kpis "
    "campaigns apply` if it was never within reach."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rate:
    """A rate with a minimum: `judged` is its name among the thresholds.

    `lack` is each influencer's part of what is wrong, `lacking` what that is called.
    """

    alert: str
    judged: str
    lack: str
    lacking: str
    means: str
    look: str

    @property
    def kpi(self) -> Kpi:
        return kpi_judged_by(self.judged)

    @property
    def measured(self) -> Recording:
        return held_kpi(self.kpi.id, _DAY)

    @property
    def upper(self) -> Recording:
        return held_kpi(self.kpi.id, _DAY, "upper")


def _alert(rate: _Rate) -> Alert:
    fires = f"{rate.upper} < on (campaign) {threshold(rate.judged)}"
    recovers = f"{rate.measured} < on (campaign) ({recovered(rate.judged)})"
    form = form_of(rate.kpi)
    summary = sentence(
        "{name}: {english} {measured} over 24 h, at most {upper} for certain; the minimum is {minimum}",
        "{name} : {french} {measured} sur 24 h, au plus {upper} à coup sûr ; le minimum est {minimum}",
        name=NAME,
        english=rate.kpi.name.english,
        french=rate.kpi.name.french,
        measured=figure(rate.measured, form),
        upper=figure(rate.upper, form),
        minimum=limit(rate.judged),
    )
    return Alert(
        rate.alert,
        "campaigns",
        "warning",
        of_running(with_sample(with_hysteresis(rate.alert, fires, recovers), rate.judged, _DAY)),
        "30m",
        "30m",
        summary,
        "It fires where chance does not explain it (the upper 95 % bound is below the minimum), and ends "
        f"{margin(rate.judged)} above the minimum." + heaviest(rate.lack, rate.lacking),
        Help(rate.means, rate.look, _ACT, "Nobody at night."),
        kpi=rate.judged,
    )


_REACHED = by_influencer("estimated_reach_persons", _DAY)
_BY_INFLUENCER = select_kpi("influencer", "engagement_ratio", campaign="CAMPAIGN", window=_DAY)
_IDENTIFIED = select_kpi("campaign", "identified_impressions_ratio")
_ENGAGEMENT = _Rate(
    alert="CampaignEngagementBelowThreshold",
    judged="engagement",
    lack=f"{threshold_of_campaign('engagement')} * {_REACHED} - on (influencer) "
    f"({by_influencer('interactions', _DAY)} or on (influencer) 0 * {_REACHED})",
    lacking="the missing interactions",
    means="People see the campaign and do not react, or their reactions do not reach us. For the "
    "campaign's manager.",
    look=f"`kpis show CAMPAIGN`; `{_BY_INFLUENCER}`. Reach is estimated by those who consented: where "
    f"`{_IDENTIFIED}` is low, the rate is less sure.",
)
_CTR = _Rate(
    alert="CampaignCtrBelowThreshold",
    judged="ctr",
    lack=f"{threshold_of_campaign('ctr')} * {by_influencer('impressions', _DAY)} - on (influencer) "
    f"{by_influencer('clicks', _DAY)}",
    lacking="the clicks that are missing",
    means="Impressions bring too few clicks. A broken link looks the same. For the campaign's manager.",
    look="Open the campaign's links. "
    f"`{select_kpi('content', 'ctr_ratio', campaign='CAMPAIGN', window=_DAY)}`; "
    f"`{select(INVALID_TRAFFIC, campaign='CAMPAIGN')}`: clicks that were taken for bots.",
)
_ALL_RATED = by_influencer("rated_mentions", _DAY)
_RATED = select_kpi("influencer", "rated_mentions", campaign="CAMPAIGN", window=_DAY)
_SENTIMENT = _Rate(
    alert="CampaignSentimentBelowThreshold",
    judged="sentiment",
    lack=f"{by_influencer('rated_mentions', _DAY, polarity='negative')} - on (influencer) "
    f"({by_influencer('rated_mentions', _DAY, polarity='positive')} or on (influencer) 0 * {_ALL_RATED})",
    lacking="the surplus of negative mentions",
    means="Comments and mentions turn against the campaign. For its manager and whoever is responsible for "
    "the brand.",
    look=f"Read the comments on the platform. `{_RATED}` by `polarity`. Only rated mentions count.",
)

_RATES = (_ENGAGEMENT, _CTR, _SENTIMENT)
RECORDINGS = (
    *(series for rate in _RATES for series in (sample(rate.judged, _DAY), rate.measured, rate.upper)),
)
ALERTS = tuple(_alert(rate) for rate in _RATES)
