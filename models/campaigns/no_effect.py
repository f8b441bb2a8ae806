"""What a campaign file declares in vain: each is allowed, and named, for it is hardly what was meant."""

import math
import re
from collections.abc import Iterator

from models.authenticity.rule import RuleSettings
from models.authenticity.settings import Authenticity
from models.authenticity.texts import words_of
from models.campaigns.campaign import Campaign, Cost, CurrencyRates, Declaration, EmvCard
from models.campaigns.places_and_languages import is_currency
from models.campaigns.rules import Complaint
from models.campaigns.yaml_data import Path
from models.kpis.catalogue import THRESHOLDS
from models.kpis.kpi import Threshold

_PRICED = ("flat_fee", "spend", "cpm", "cpc", "cpa", "revenue_share")
# Beyond these a ratio cannot be, or all but never is: a limit there never or always holds.
_POSSIBLE = {
    "engagement": (0.0, 1.0),
    "ctr": (0.0, 1.0),
    "sentiment": (-1.0, 1.0),
    "authenticity": (0.0, 1.0),
    "roi": (-1.0, math.inf),
}
_NEED_COSTS = ("cpa", "roi")
# No word, and in no emoticon: models.sentiment.tokens passes over them.
_SILENT = re.compile(r"[!.,&'\"“”«»•…\s]+")


def ineffective(declaration: Declaration) -> Iterator[Complaint]:
    """Find what has no effect, with its path in the declaration."""
    if declaration.currency_rates is not None:
        yield from _rates(declaration.currency_rates)
    for name, card in declaration.emv_cards.items():
        yield from _card(("emv_cards", name), card)
    for index, campaign in enumerate(declaration.campaigns):
        for path, rule in _of_campaign(campaign):
            yield ("campaigns", index, *path), rule


def _rates(rates: CurrencyRates) -> Iterator[Complaint]:
    if not rates.rates:
        yield ("currency_rates", "rates"), "holds no rate"
    for code in (rates.base, *rates.rates):
        path: Path = ("currency_rates", "base") if code == rates.base else ("currency_rates", "rates", code)
        if not is_currency(code):
            yield path, f"{code} is no currency of ISO 4217: hardly an event has it"
    if rates.base in rates.rates:
        rule = f"has no effect: 1 {rates.base}, the base, is 1 {rates.base}"
        yield ("currency_rates", "rates", rates.base), rule
    for code in rates.dates:
        if code not in rates.rates:
            yield ("currency_rates", "dates", code), f"has no effect: no rate of {code} is declared"


def _card(path: Path, card: EmvCard) -> Iterator[Complaint]:
    if not any(any(actions.values()) for actions in card.channels.values()):
        yield (*path, "channels"), "prices nothing: no EMV comes of this card"
    for channel, actions in card.channels.items():
        if not actions:
            yield (*path, "channels", channel), "prices nothing"


def _of_campaign(campaign: Campaign) -> Iterator[Complaint]:
    for index, cost in enumerate(campaign.costs):
        for path, rule in _cost(campaign, cost):
            yield ("costs", index, *path), rule
        if cost in campaign.costs[:index]:
            yield ("costs", index), "is the same as an earlier cost, and counts beside it"
    yield from _thresholds(campaign)
    for path, rule in _authenticity(campaign.authenticity):
        yield ("authenticity", *path), rule
    yield from _sentiment(campaign)
    if campaign.target is not None and not campaign.target.audience:
        yield ("target", "audience"), "names no field: whoever is exposed is of the target"
    if campaign.budget is not None and not campaign.costs:
        yield ("budget",), "has no effect without costs: nothing is invested"
    if campaign.values is not None:
        scored = {value for scores in campaign.values.scores.values() for value in scores}
        if not campaign.values.weights:
            yield ("values", "weights"), "names no value: there is no alignment"
        for value in campaign.values.weights:
            if value not in scored:
                yield ("values", "weights", value), f"has no effect: nobody has a score for {value}"
    yield from _codes(campaign)


def _cost(campaign: Campaign, cost: Cost) -> Iterator[Complaint]:
    named = [field for field in _PRICED if field in cost.model_fields_set]
    if not named:
        yield (), "costs nothing: it names no fee, spend or rate"
    for field in named:
        if not getattr(cost, field):
            yield (field,), "has no effect: it is 0"
    if not cost.spend or cost.from_ is None or cost.to is None:
        return
    inside = min(cost.to, campaign.ends) - max(cost.from_, campaign.starts)
    flight = f"the flight is from {campaign.local(campaign.starts)} to {campaign.local(campaign.ends)}"
    if inside <= 0:
        yield ("spend",), f"has no effect: its dates are outside of the flight ({flight})"
    elif inside < cost.to - cost.from_:
        share = 100 * inside / (cost.to - cost.from_)
        rule = f"only {share:.0f} % of it count: other dates are outside of the flight ({flight})"
        yield ("spend",), rule


def _thresholds(campaign: Campaign) -> Iterator[Complaint]:
    for threshold in THRESHOLDS:
        limit = campaign.thresholds.limit(threshold)
        if limit is None:
            if threshold.name in campaign.min_sample.model_fields_set:
                rule = f"has no effect without thresholds.{threshold.field}"
                yield ("min_sample", threshold.name), rule
            continue
        path: Path = ("thresholds", threshold.field)
        if pointless := _pointless(threshold, limit):
            yield path, pointless
        if threshold.name in _NEED_COSTS and not campaign.costs:
            yield path, "has no effect without costs: the KPI is absent"


def _authenticity(settings: Authenticity) -> Iterator[Complaint]:
    for rule, set_ in settings:
        if isinstance(set_, RuleSettings) and set_.use == "off":
            for field in sorted(set_.model_fields_set - {"use"}):
                yield (rule, type(set_).model_fields[field].alias or field), "has no effect: the rule is off"
    for index, phrase in enumerate(settings.copied_text.excepted):
        if not words_of(phrase):
            yield ("copied_text", "except", index), "has no effect: it holds no word"


def _sentiment(campaign: Campaign) -> Iterator[Complaint]:
    for verdict, phrases in campaign.sentiment or ():
        for index, phrase in enumerate(phrases):
            if _SILENT.fullmatch(phrase):
                yield ("sentiment", verdict, index), "has no effect: it holds no word"


def _pointless(threshold: Threshold, limit: float) -> str | None:
    """Say what is wrong with a limit that always or never holds."""
    least, most = _POSSIBLE.get(threshold.name, (0.0, math.inf))
    if threshold.bound == "max":
        return "is beyond from the first expense on: nothing costs 0" if limit <= least else None
    # 0 is the natural limit of what can be negative, and says nothing of what cannot.
    if limit <= least:
        return f"always holds: it is never below {least:g}"
    if limit > most:
        return f"can hardly be kept: {limit:g} is {100 * limit:g} %; a ratio of 2 % is 0.02"
    return None


def _codes(campaign: Campaign) -> Iterator[Complaint]:
    for index, code in enumerate(campaign.codes):
        if code.from_ >= campaign.ends:
            rule = f"has no effect: the flight ends at {campaign.local(campaign.ends)}, before"
            yield ("codes", index, "from"), rule
        elif code.to is not None and code.to <= campaign.starts:
            rule = f"has no effect: the flight starts at {campaign.local(campaign.starts)}, after"
            yield ("codes", index, "to"), rule
