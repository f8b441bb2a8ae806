"""What a campaign file declares in vain is named, with its place; what has its effect is not."""

import pytest

from tests.unit.models.campaigns.files import EXAMPLE, HEAD, read

VAIN = """\
currency_rates: {date: 2026-11-20, base: EUR, rates: {EUR: 1.1, EUX: 2, USD: 1.08}}
emv_cards:
  none: {currency: EUR, channels: {}}
"""


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("    costs: [{influencer: ana, cpm: 0, cpc: 1}]\n",
         "7:36: campaigns[0].costs[0].cpm: has no effect: it is 0"),
        ("    costs: [{influencer: ana}]\n",
         "7:13: campaigns[0].costs[0]: costs nothing: it names no fee, spend or rate"),
        ("    costs: [{influencer: ana, cpc: 1}, {influencer: ana, cpc: 1}]\n",
         "7:40: campaigns[0].costs[1]: is the same as an earlier cost, and counts beside it"),
        ("    costs: [{influencer: a, spend: 9, from: 2027-01-01T00:00:00Z, to: 2027-01-02T00:00:00Z}]\n"
         "    time_zone: Europe/Paris\n",
         "7:36: campaigns[0].costs[0].spend: has no effect: its dates are outside of the flight (the flight "
         "is from 2026-11-01T00:00:00+01:00 to 2026-12-01T00:00:00+01:00)"),
        ("    costs: [{influencer: a, spend: 9, from: 2026-11-29T23:00:00Z, to: 2026-12-03T23:00:00Z}]\n",
         "7:36: campaigns[0].costs[0].spend: only 25 % of it count: other dates are outside of the flight "
         "(the flight is from 2026-10-31T23:00:00Z to 2026-11-30T23:00:00Z)"),
        ("    thresholds: {engagement_min: 2}\n",
         "7:34: campaigns[0].thresholds.engagement_min: can hardly be kept: 2 is 200 %; "
         "a ratio of 2 % is 0.02"),
        ("    thresholds: {ctr_min: 0}\n",
         "7:27: campaigns[0].thresholds.ctr_min: always holds: it is never below 0"),
        ("    thresholds: {authenticity_min: 0}\n",
         "7:36: campaigns[0].thresholds.authenticity_min: always holds: it is never below 0"),
        ("    thresholds: {sentiment_min: -1}\n",
         "7:33: campaigns[0].thresholds.sentiment_min: always holds: it is never below -1"),
        ("    thresholds: {cpa_max: 25}\n",
         "7:27: campaigns[0].thresholds.cpa_max: has no effect without costs: the KPI is absent"),
        ("    min_sample: {roi: 5}\n",
         "7:23: campaigns[0].min_sample.roi: has no effect without thresholds.roi_min"),
        ("    budget: 5\n", "7:13: campaigns[0].budget: has no effect without costs: nothing is invested"),
        ("    values: {weights: {}, scored_on: 2026-10-20, scores: {}}\n",
         "7:23: campaigns[0].values.weights: names no value: there is no alignment"),
        ("    values: {weights: {eco: 1}, scored_on: 2026-10-20, scores: {}}\n",
         "7:24: campaigns[0].values.weights.eco: has no effect: nobody has a score for eco"),
        ("    codes: [{code: ANA, influencer: ana, from: 2027-01-01T00:00:00Z}]\n",
         "7:48: campaigns[0].codes[0].from: has no effect: the flight ends at 2026-11-30T23:00:00Z, before"),
        ("    target: {size: 1, audience: {}}\n",
         "7:33: campaigns[0].target.audience: names no field: whoever is exposed is of the target"),
        ("    authenticity: {burst: {use: off, in_1_hour: 9}}\n",
         "7:49: campaigns[0].authenticity.burst.in_1_hour: has no effect: the rule is off"),
        ("    sentiment: {positive: [sick, '!!!']}\n",
         "7:34: campaigns[0].sentiment.positive[1]: has no effect: it holds no word"),
        ("    authenticity: {copied_text: {except: [Glow, '#glow 😂']}}\n",
         "7:49: campaigns[0].authenticity.copied_text.except[1]: has no effect: it holds no word"),
        ("    owner: Team #beauty\n",
         "7:12: campaigns[0].owner: what follows is a comment: #beauty; if it belongs to the value, put "
         "quotes around both"),
    ],
)  # fmt: skip
def test_what_has_no_effect_is_named(text: str, warning: str) -> None:
    assert read(HEAD + text).warnings == [f"c.yaml:{warning}"]


def test_rates_and_cards_without_effect_are_named() -> None:
    assert read(VAIN + HEAD).warnings == [
        "c.yaml:1:55: currency_rates.rates.EUR: has no effect: 1 EUR, the base, is 1 EUR",
        "c.yaml:1:65: currency_rates.rates.EUX: EUX is no currency of ISO 4217: hardly an event has it",
        "c.yaml:3:25: emv_cards.none.channels: prices nothing: no EMV comes of this card",
    ]


def test_what_has_its_effect_is_not_warned_of() -> None:
    assert read(EXAMPLE).warnings == []
