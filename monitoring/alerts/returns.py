"""Alerts on what campaigns get for their money: CPA and ROI.

Money is judged over the flight, for fees accrue over it and that is what was agreed. What is spent adds up
there: a campaign of 50 a day without a conversion is found out in days, over 24 h it never would be.
The CPA is judged over 24 h too, because a good past hides a bad day.
"""

from itertools import chain
from typing import get_args

from models.kpis.catalogue import kpi
from monitoring.alerts.alert import Alert, Help, Recording, Severity
from monitoring.alerts.series import Window, held, of_running, sample, threshold, until, with_sample
from monitoring.alerts.wording import (
    CURRENCY,
    NAME,
    by_influencer,
    figure,
    limit,
    threshold_of_campaign,
    told,
    weighs,
)

_CPA, _ROI = kpi("cpa"), kpi("roi_ratio")


def _of(metric: str, window: Window) -> Recording:
    return held(f"{metric}:{window}", f'kpi_campaign_{metric}{{window="{window}"}}')


def _too_dear(name: str, window: Window) -> str:
    measured, lower, maximum = _of(_CPA.id, window), _of(f"{_CPA.id}_lower", window), threshold("cpa")
    fires = f"{lower} > on (campaign) {maximum}"
    # Without conversions there is no CPA, and its lower bound alone tells.
    recovers = f"({measured} or on (campaign) {lower}) > on (campaign) (0.95 * {maximum})"
    return of_running(with_sample(until(name, fires, recovers), "cpa", window))


def _lack(window: Window) -> str:
    spent, sold = by_influencer("invested", window), by_influencer("conversions", window)
    return (
        f"{spent} - on (influencer) {threshold_of_campaign('cpa')} * ({sold} or on (influencer) 0 * {spent})"
    )


def _cpa(name: str, window: Window, severity: Severity, waits: str, of: tuple[str, str], act: str) -> Alert:
    measured, lower = _of(_CPA.id, window), _of(f"{_CPA.id}_lower", window)
    words = told(
        "{name}: CPA {measured} {currency} over {english}, at least {lower} for certain; the maximum is "
        "{maximum}",
        "{name} : CPA {measured} {currency} sur {french}, au moins {lower} à coup sûr ; le maximum est "
        "{maximum}",
        name=NAME, currency=CURRENCY, measured=figure(measured, "amount"), lower=figure(lower, "amount"),
        maximum=limit("cpa", "amount"), english=of[0], french=of[1],
    )  # fmt: skip
    sold = figure(sample("cpa", window), "whole")
    return Alert(
        name, "campaigns", severity, _too_dear(name, window), waits, "15m", words,
        f"Conversions: {sold}. It fires where chance does not explain it (the lower 95 % bound "
        "is above the maximum), and ends 5 % below the maximum."
        + weighs(_lack(window), "what is too dear"),
        Help(
            f"Conversions cost more than agreed over {of[0]}. With none there is no CPA (–), and the bound "
            f"alone "
            "says that the money goes for nothing. For the campaign's manager.",
            "`kpis show CAMPAIGN`; "
            f"`kpi_influencer_cpa{{campaign=\"CAMPAIGN\",window=\"{window}\"}}`. Do conversions arrive at "
            f"all? `kpi_campaign_conversions{{campaign=\"CAMPAIGN\",window=\"1h\"}}`. A broken shop pixel "
            f"looks the same.",
            act,
            "The owner, where much is spent by the day. No engineer, unless conversions of all campaigns "
            "stop.",
        ),
        kpi="cpa",
    )  # fmt: skip


CPA = _cpa(
    "CampaignCpaAboveThreshold", "flight", "critical", "10m", ("the flight", "la campagne"),
    "Move spend from who weighs most, or accept it and raise `cpa_max` with `kpis campaigns apply`.",
)  # fmt: skip
CPA_TODAY = _cpa(
    "CampaignCpaAboveThresholdToday", "24h", "warning", "30m", ("24 h", "24 h"),
    "Find out what is different since yesterday: a post, a price, a pixel. The flight as a whole is still "
    "well.",
)  # fmt: skip


def _roi() -> Alert:
    name, measured, minimum = "CampaignRoiBelowThreshold", _of(_ROI.id, "flight"), threshold("roi")
    both = until(
        name,
        f"{measured} < on (campaign) {minimum}",
        f"{measured} < on (campaign) ({minimum} + 0.05)",
    )
    sold = figure(sample("roi", "flight"), "whole")
    words = told(
        "{name}: ROI {measured} over the flight, with {sold} conversions; the minimum is {minimum}",
        "{name} : ROI {measured} sur la campagne, avec {sold} conversions ; le minimum est {minimum}",
        name=NAME, measured=figure(measured, "share"), minimum=limit("roi", "share"), sold=sold,
    )  # fmt: skip
    lack = f"{by_influencer('invested', 'flight')} - on (influencer) {by_influencer('revenue', 'flight')}"
    return Alert(
        name, "campaigns", "warning",
        of_running(with_sample(both, "roi", "flight")), "1h", "30m", words,
        f"Over {sold} conversions, {figure(measured, 'share')} is below the minimum of "
        f"{limit('roi', 'share')}. "
        "ROI has no bounds: a few large orders may turn it." + weighs(lack, "the loss"),
        Help(
            "The campaign brings back less than agreed. Revenue comes days after the cost, so early in a "
            "flight this is to be expected; `min_sample: {roi: …}` sets how many conversions it takes to "
            "be told.",
            "`kpis show CAMPAIGN`; `kpi_influencer_roi_ratio{campaign=\"CAMPAIGN\",window=\"flight\"}`; "
            "refunds: `kpi_campaign_lifetime_cancellations_total{campaign=\"CAMPAIGN\"}`.",
            "As with the CPA; look at the orders' amounts too, for there the CPA is blind.",
            "Nobody at night.",
        ),
        kpi="roi",
    )  # fmt: skip


ROI = _roi()

_BY_WINDOW = (
    (_of(_CPA.id, window), _of(f"{_CPA.id}_lower", window), sample("cpa", window))
    for window in get_args(Window)
)
RECORDINGS = (*chain.from_iterable(_BY_WINDOW), _of(_ROI.id, "flight"))
ALERTS = (CPA, CPA_TODAY, ROI)
