"""Alerts on what campaigns get for their money: CPA and ROI.

Money is judged over the flight, because fees accrue over it and that is what was agreed. Spending adds up
there: a campaign that spends 50 a day without a conversion is noticed within days, over 24 h it never would
be. The CPA is judged over 24 h too, because a good past hides a bad day.
"""

from itertools import chain

from models.kpis.catalogue import kpi_judged_by
from models.metrics.campaign_metrics import LIFETIME_CANCELLATIONS
from models.windows import FLIGHT, WindowName
from monitoring.alerts.alert import Alert, Help, Severity
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
    CURRENCY,
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

_CPA, _ROI = kpi_judged_by("cpa"), kpi_judged_by("roi")
_CONVERSIONS = select_kpi("campaign", "conversions", campaign="CAMPAIGN", window="1h")
_WINDOWS: tuple[WindowName, ...] = ("24h", FLIGHT)


def _too_dear(name: str, window: WindowName) -> str:
    measured, lower = held_kpi(_CPA.id, window), held_kpi(_CPA.id, window, "lower")
    fires = f"{lower} > on (campaign) {threshold('cpa')}"
    # Without conversions there is no CPA, and its lower bound decides alone.
    recovers = f"({measured} or on (campaign) {lower}) > on (campaign) ({recovered('cpa')})"
    return of_running(with_sample(with_hysteresis(name, fires, recovers), "cpa", window))


def _lack(window: WindowName) -> str:
    spent, sold = by_influencer("invested", window), by_influencer("goal_conversions", window)
    return (
        f"{spent} - on (influencer) {threshold_of_campaign('cpa')} * ({sold} or on (influencer) 0 * {spent})"
    )


def _cpa(
    name: str, window: WindowName, severity: Severity, waits: str, of: tuple[str, str], act: str
) -> Alert:
    measured, lower = held_kpi(_CPA.id, window), held_kpi(_CPA.id, window, "lower")
    form = form_of(_CPA)
    others = select_kpi("influencer", _CPA.id, campaign="CAMPAIGN", window=window)
    words = sentence(
        "{name}: CPA {measured} {currency} over {english}, at least {lower} for certain; the maximum is "
        "{maximum}",
        "{name} : CPA {measured} {currency} sur {french}, au moins {lower} à coup sûr ; le maximum est "
        "{maximum}",
        name=NAME, currency=CURRENCY, measured=figure(measured, form), lower=figure(lower, form),
        maximum=limit("cpa"), english=of[0], french=of[1],
    )  # fmt: skip
    sold = figure(sample("cpa", window), "whole")
    return Alert(
        name, "campaigns", severity, _too_dear(name, window), waits, "15m", words,
        f"Conversions: {sold}. It fires where chance does not explain it (the lower 95 % bound "
        f"is above the maximum), and ends {margin('cpa')} below the maximum."
        + heaviest(_lack(window), "what is too dear"),
        Help(
            f"Conversions cost more than agreed over {of[0]}. Without any there is no CPA (–), and the "
            "bound alone shows that the money buys nothing. For the campaign's manager.",
            f"`kpis show CAMPAIGN`; `{others}`. Do conversions arrive at all? "
            f"`{_CONVERSIONS}`. A broken shop pixel looks the same.",
            act,
            "The owner, if a lot is spent each day. No engineer, unless the conversions of all campaigns "
            "stop.",
        ),
        kpi="cpa",
    )  # fmt: skip


CPA = _cpa(
    "CampaignCpaAboveThreshold", FLIGHT, "critical", "10m", ("the flight", "la campagne"),
    "Move spend away from who weighs most, or accept the cost and raise `cpa_max` with `kpis campaigns "
    "apply`.",
)  # fmt: skip
CPA_TODAY = _cpa(
    "CampaignCpaAboveThresholdToday", "24h", "warning", "30m", ("24 h", "24 h"),
    "Find out what has changed since yesterday: a post, a price, a pixel. The flight as a whole is still "
    "fine.",
)  # fmt: skip


def _roi() -> Alert:
    name, measured, minimum = "CampaignRoiBelowThreshold", held_kpi(_ROI.id, FLIGHT), threshold("roi")
    form = form_of(_ROI)
    both = with_hysteresis(
        name,
        f"{measured} < on (campaign) {minimum}",
        f"{measured} < on (campaign) ({recovered('roi')})",
    )
    sold = figure(sample("roi", FLIGHT), "whole")
    words = sentence(
        "{name}: ROI {measured} over the flight, with {sold} conversions; the minimum is {minimum}",
        "{name} : ROI {measured} sur la campagne, avec {sold} conversions ; le minimum est {minimum}",
        name=NAME, measured=figure(measured, form), minimum=limit("roi"), sold=sold,
    )  # fmt: skip
    lack = f"{by_influencer('invested', FLIGHT)} - on (influencer) {by_influencer('revenue', FLIGHT)}"
    return Alert(
        name, "campaigns", "warning",
        of_running(with_sample(both, "roi", FLIGHT)), "1h", "30m", words,
        f"Over {sold} conversions, {figure(measured, form)} is below the minimum of {limit('roi')}. ROI has "
        "no bounds: a few large orders can turn it." + heaviest(lack, "the loss"),
        Help(
            "The campaign brings back less than agreed. Revenue comes days after the cost, so early in a "
            "flight this is to be expected; `min_sample: {roi: …}` sets how many conversions it takes "
            "before this alert may fire.",
            "`kpis show CAMPAIGN`; "
            f"`{select_kpi('influencer', _ROI.id, campaign='CAMPAIGN', window=FLIGHT)}`; "
            f"refunds: `{select(LIFETIME_CANCELLATIONS, campaign='CAMPAIGN')}`.",
            "As for the CPA. Look at the amounts of the orders too: the CPA does not see them.",
            "Nobody at night.",
        ),
        kpi="roi",
    )  # fmt: skip


ROI = _roi()

_BY_WINDOW = (
    (held_kpi(_CPA.id, window), held_kpi(_CPA.id, window, "lower"), sample("cpa", window))
    for window in _WINDOWS
)
RECORDINGS = (*chain.from_iterable(_BY_WINDOW), held_kpi(_ROI.id, FLIGHT))
ALERTS = (CPA, CPA_TODAY, ROI)
