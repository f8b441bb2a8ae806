"""Alerts on campaigns' KPIs: one rule a KPI serves every campaign, by the thresholds that it declares.

Money is judged over the flight, since fees accrue over it and that is what was agreed; rates over a day,
since a flight's mean hardly moves any more when half of it is over. Where a KPI has bounds, they are judged
and not the figure: with three conversions an awful CPA says little, and with none a rising cost says much.
"""

from models.catalogue import SAMPLES
from monitoring.alerts.alert import Alert, held, hysteresis
from monitoring.alerts.annotations import (
    AMOUNT,
    SHARE,
    SIGNED,
    figure,
    heaviest,
    label,
    threshold,
    value,
)
from monitoring.alerts.running import of_running


def _sample(kpi: str) -> str:
    window = "flight" if kpi in ("cpa", "roi") else "24h"
    gauge = held(f'kpi_campaign_{SAMPLES[kpi]}{{window="{window}"}}')
    return f"sum by (campaign) ({gauge})"


def _limit(kpi: str, bound: str) -> str:
    return held(f'kpi_campaign_threshold{{kpi="{kpi}", bound="{bound}"}}')


def _with_sample(expression: str, kpi: str) -> str:
    least = held(f'kpi_campaign_min_sample{{kpi="{kpi}"}}')
    return f"{expression}\n  and on (campaign) ({_sample(kpi)} >= on (campaign) {least})"


def _below(name: str, kpi: str, gauge: str, slack: str) -> str:
    """Give campaigns whose gauge is below their minimum, with sample; where it fires, until `slack` above."""
    minimum = _limit(kpi, "min")
    fires = _with_sample(f"{held(gauge)} < on (campaign) group_left () {minimum}", kpi)
    recovers = f"{held(gauge)} < on (campaign) group_left () ({minimum} {slack})"
    return of_running(hysteresis(name, fires, recovers))


def _above(name: str, kpi: str, gauge: str, slack: str) -> str:
    """Give campaigns whose gauge is above their maximum, with sample; where it fires, until `slack` below."""
    maximum = _limit(kpi, "max")
    fires = _with_sample(f"{held(gauge)} > on (campaign) group_left () {maximum}", kpi)
    recovers = f"{held(gauge)} > on (campaign) group_left () ({maximum} {slack})"
    return of_running(hysteresis(name, fires, recovers))


CPA = Alert(
    "CampaignCpaAboveThreshold",
    _above("CampaignCpaAboveThreshold", "cpa", 'kpi_campaign_cpa_lower{window="flight"}', "* 0.95"),
    "10m",
    "critical",
    f"{label('name')}: a conversion costs at least {value(AMOUNT)} {label('currency')}, "
    f"above the maximum of {threshold('cpa', 'max', AMOUNT)}",
    f"CPA over the flight: {figure('kpi_campaign_cpa', AMOUNT, 'flight')}. Even its lower 95 % bound is "
    "above the threshold, so chance does not explain it; it is there without any conversion too."
    + heaviest("invested", "costs", "flight"),
    stays="15m",
    french=f"une conversion coûte au moins {value(AMOUNT)} {label('currency')}, au-dessus du maximum",
)

ENGAGEMENT = Alert(
    "CampaignEngagementBelowThreshold",
    _below(
        "CampaignEngagementBelowThreshold",
        "engagement",
        'kpi_campaign_engagement_ratio_upper{window="24h"}',
        "* 1.05",
    ),
    "30m",
    "warning",
    f"{label('name')}: engagement is at most {value(SHARE)} over a day, "
    f"below the minimum of {threshold('engagement', 'min', SHARE)}",
    f"Engagement rate over 24 h: {figure('kpi_campaign_engagement_ratio', SHARE, '24h')}; its upper 95 % "
    "bound is below the threshold." + heaviest("impressions", "impressions", "24h"),
    stays="30m",
    french=f"l'engagement est d'au plus {value(SHARE)} sur un jour, sous le minimum",
)

CTR = Alert(
    "CampaignCtrBelowThreshold",
    _below("CampaignCtrBelowThreshold", "ctr", 'kpi_campaign_ctr_ratio_upper{window="24h"}', "* 1.05"),
    "30m",
    "warning",
    f"{label('name')}: the click-through rate is at most {value(SHARE)} over a day, "
    f"below the minimum of {threshold('ctr', 'min', SHARE)}",
    f"CTR over 24 h: {figure('kpi_campaign_ctr_ratio', SHARE, '24h')}; its upper 95 % bound is below the "
    "threshold. Broken links show so too." + heaviest("impressions", "impressions", "24h"),
    stays="30m",
    french=f"le taux de clics est d'au plus {value(SHARE)} sur un jour, sous le minimum",
)

SENTIMENT = Alert(
    "CampaignSentimentBelowThreshold",
    _below(
        "CampaignSentimentBelowThreshold",
        "sentiment",
        'kpi_campaign_sentiment_ratio_upper{window="24h"}',
        "+ 0.02",
    ),
    "30m",
    "warning",
    f"{label('name')}: net sentiment is at most {value(SIGNED)} over a day, "
    f"below the minimum of {threshold('sentiment', 'min', SIGNED)}",
    f"Net sentiment over 24 h: {figure('kpi_campaign_sentiment_ratio', SIGNED, '24h')}; its upper 95 % bound "
    "is below the threshold.",
    stays="30m",
    french=f"le sentiment net est d'au plus {value(SIGNED)} sur un jour, sous le minimum",
)

ROI = Alert(
    "CampaignRoiBelowThreshold",
    _below("CampaignRoiBelowThreshold", "roi", 'kpi_campaign_roi_ratio{window="flight"}', "+ 0.02"),
    "1h",
    "warning",
    f"{label('name')}: the return on investment is {value(SHARE)}, "
    f"below the minimum of {threshold('roi', 'min', SHARE)}",
    "Over the flight, with at least as many conversions as the campaign's smallest sample asks for. There is "
    "no bound around it: a few large orders may turn it." + heaviest("invested", "costs", "flight"),
    stays="1h",
    french=f"le retour sur investissement est de {value(SHARE)}, sous le minimum",
)

ALERTS = (CPA, ENGAGEMENT, CTR, SENTIMENT, ROI)
