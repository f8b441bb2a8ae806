"""Alerts on campaigns' rates: engagement, click-through, sentiment.

Judged over 24 h: a whole day, so that no night or morning stands out, and no longer, because a flight's mean
hardly moves once half of it is over. Not the figure is judged but its 95 % bound: a few events say little.
An alert that fires goes on until the figure itself is better than its threshold by a margin.
"""

from dataclasses import dataclass

from models.kpis.catalogue import kpi
from monitoring.alerts.alert import Alert, Help, Recording
from monitoring.alerts.series import held, of_running, sample, threshold, until, with_sample
from monitoring.alerts.wording import (
    NAME,
    Form,
    by_influencer,
    figure,
    limit,
    threshold_of_campaign,
    told,
    weighs,
)

_DAY = '{window="24h"}'
_ACT = (
    "Talk to the influencer who weighs most, change what is published, or lower the threshold with `kpis "
    "campaigns apply` where it was never within reach."
)


@dataclass(frozen=True, slots=True)
class _Rate:
    """A rate with a minimum.

    `judged` is its name among the thresholds, `recovered` what the minimum ({}) becomes for an alert that
    fires, `margin` the same in words; `lack` is each influencer's part of what is amiss, `lacking` its name.
    """

    name: str
    judged: str
    catalogued: str
    form: Form
    recovered: str
    margin: str
    lack: str
    lacking: str
    means: str
    look: str

    @property
    def measured(self) -> Recording:
        metric = kpi(self.catalogued).id
        return held(f"{metric}:24h", f"kpi_campaign_{metric}{_DAY}")

    @property
    def upper(self) -> Recording:
        metric = f"{kpi(self.catalogued).id}_upper"
        return held(f"{metric}:24h", f"kpi_campaign_{metric}{_DAY}")


def _alert(rate: _Rate) -> Alert:
    minimum, entry = threshold(rate.judged), kpi(rate.catalogued)
    fires = f"{rate.upper} < on (campaign) {minimum}"
    recovers = f"{rate.measured} < on (campaign) ({rate.recovered.format(minimum)})"
    summary = told(
        "{name}: {english} {measured} over 24 h, at most {upper} for certain; the minimum is {minimum}",
        "{name} : {french} {measured} sur 24 h, au plus {upper} à coup sûr ; le minimum est {minimum}",
        name=NAME,
        english=entry.name.english,
        french=entry.name.french,
        measured=figure(rate.measured, rate.form),
        upper=figure(rate.upper, rate.form),
        minimum=limit(rate.judged, rate.form),
    )
    return Alert(
        rate.name,
        "campaigns",
        "warning",
        of_running(with_sample(until(rate.name, fires, recovers), rate.judged, "24h")),
        "30m",
        "30m",
        summary,
        "It fires where chance does not explain it (the upper 95 % bound is below the minimum), and ends "
        f"{rate.margin} above the minimum." + weighs(rate.lack, rate.lacking),
        Help(rate.means, rate.look, _ACT, "Nobody at night."),
        kpi=rate.judged,
    )


_REACHED = by_influencer("reach_persons", "24h")
_ENGAGEMENT = _Rate(
    "CampaignEngagementBelowThreshold",
    "engagement",
    "engagement_ratio",
    "share",
    "1.05 * {}",
    "5 %",
    f"{threshold_of_campaign('engagement')} * {_REACHED} - on (influencer) "
    f"({by_influencer('interactions', '24h')} or on (influencer) 0 * {_REACHED})",
    "the interactions that are missing",
    "People see the campaign and do not react, or reactions do not reach us. For the campaign's manager.",
    '`kpis show CAMPAIGN`; `kpi_influencer_engagement_ratio{campaign="CAMPAIGN",window="24h"}`. Reach counts '
    "those who consented: where `kpi_campaign_identified_impressions_ratio` is low, the rate reads too high.",
)
_CTR = _Rate(
    "CampaignCtrBelowThreshold",
    "ctr",
    "ctr_ratio",
    "share",
    "1.05 * {}",
    "5 %",
    f"{threshold_of_campaign('ctr')} * {by_influencer('impressions', '24h')} - on (influencer) "
    f"{by_influencer('clicks', '24h')}",
    "the clicks that are missing",
    "Impressions bring too few clicks. A broken link looks the same. For the campaign's manager.",
    'Open the campaign\'s links. `kpi_content_ctr_ratio{campaign="CAMPAIGN",window="24h"}`; '
    '`kpi_campaign_invalid_traffic_total{campaign="CAMPAIGN"}`: clicks that were taken for bots.',
)
_ALL_RATED = by_influencer("rated_mentions", "24h")
_SENTIMENT = _Rate(
    "CampaignSentimentBelowThreshold",
    "sentiment",
    "sentiment_ratio",
    "signed",
    "{} + 0.05",
    "0.05",
    f"{by_influencer('rated_mentions', '24h', polarity='negative')} - on (influencer) "
    f"({by_influencer('rated_mentions', '24h', polarity='positive')} or on (influencer) 0 * {_ALL_RATED})",
    "what negative mentions are more than positive ones",
    "Comments and mentions turn against the campaign. For its manager and whoever answers for the brand.",
    "Read the comments on the platform. "
    '`kpi_influencer_rated_mentions{campaign="CAMPAIGN",window="24h"}` by `polarity`. Only rated ones count.',
)

_RATES = (_ENGAGEMENT, _CTR, _SENTIMENT)
RECORDINGS = (
    *(series for rate in _RATES for series in (sample(rate.judged, "24h"), rate.measured, rate.upper)),
)
ALERTS = tuple(_alert(rate) for rate in _RATES)
