"""A campaign file is read as YAML 1.2; what is wrong in it is told with line, column, field and rule."""

import pytest

from models.campaigns.file import CampaignFile, CampaignFileError, read_campaign_file
from models.times import DAY, parse_time

HEAD = """\
campaigns:
  - id: glow
    name: Glow
    starts: 2026-11-01T00:00:00+01:00
    ends: 2026-12-01T00:00:00+01:00
    currency: EUR
"""


def read(text: str | bytes) -> CampaignFile:
    return read_campaign_file("c.yaml", text)


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(CampaignFileError) as caught:
        read(text)
    return str(caught.value).split("\n")


def test_the_contracts_example_is_valid() -> None:
    file = read(EXAMPLE)

    (campaign,) = file.declaration.campaigns
    assert campaign.starts == parse_time("2026-10-31T23:00:00Z")
    assert campaign.grace == 7 * DAY
    assert campaign.influencers == frozenset({"ana", "ben", "cleo", "dan"})
    assert campaign.target is not None
    assert campaign.target.audience["country"] == ("FR", "BE")
    assert file.declaration.emv_cards["house"].channels["instagram"]["comment"] == 3.46


def test_what_was_declared_is_kept_as_it_was_written() -> None:
    (campaign,) = read(HEAD + "    owner: NO\n    budget: 8e3\n").declared["campaigns"]

    assert campaign == {
        "id": "glow",
        "name": "Glow",
        "starts": "2026-11-01T00:00:00+01:00",
        "ends": "2026-12-01T00:00:00+01:00",
        "currency": "EUR",
        "owner": "NO",
        "budget": 8000.0,
    }


def test_a_campaign_may_repeat_another_but_for_what_differs() -> None:
    text = HEAD.replace("- id", "- &first\n    id") + "  - {<<: *first, id: glow-2}\n"

    first, second = read(text).declaration.campaigns
    assert (second.id, second.name, second.starts) == ("glow-2", first.name, first.starts)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("    thresholds: {cpa_maximum: 25}\n",
         "7:18: campaigns[0].thresholds.cpa_maximum: no such field; did you mean cpa_max?"),
        ("    budgett: 5\n", "7:5: campaigns[0].budgett: no such field; did you mean budget?"),
        ("    zzz: 5\n", "7:5: campaigns[0].zzz: no such field"),
        ("    budget: '12'\n", "7:13: campaigns[0].budget: must be a number, without quotes"),
        ("    budget: much\n", "7:13: campaigns[0].budget: must be a number"),
        ("    budget: yes\n", "7:13: campaigns[0].budget: must be a number"),
        ("    budget: true\n", "7:13: campaigns[0].budget: must be a number"),
        ("    budget: .inf\n", "7:13: campaigns[0].budget: must be a finite number"),
        ("    owner: 12\n", '7:12: campaigns[0].owner: must be text: put quotes around it, "12"'),
        ("    owner: false\n", '7:12: campaigns[0].owner: must be text: put quotes around it, "false"'),
        ("    grace: 7\n",
         "7:12: campaigns[0].grace: must be a whole number and a unit (s, m, h, d, w), such as 7d"),
        ("    min_sample: {roi: 2.5}\n", "7:23: campaigns[0].min_sample.roi: must be a whole number"),
        ("    costs: {influencer: ana}\n", "7:12: campaigns[0].costs: must be a list"),
        ("    costs:\n", "7:5: campaigns[0].costs: must be a list"),
        ("    costs: [ana]\n", "7:13: campaigns[0].costs[0]: must be a mapping"),
        ("    costs:\n      - flat_fee: 12\n", "8:9: campaigns[0].costs[0].influencer: required"),
        ("    costs: [{influencer: ana, spend: 3}]\n",
         "7:13: campaigns[0].costs[0]: spend needs from and to"),
        ("    target: {size: 3, audience: {contry: FR}}\n",
         "7:34: campaigns[0].target.audience.contry: must be one of country, language, age_band, gender, "
         "interests; did you mean country?"),
        ("    time_zone: Europe/Pari\n",
         "7:16: campaigns[0].time_zone: must be a time zone that exists, such as Europe/Paris; "
         "did you mean Europe/Paris?"),
        ("    time_zone: ../../etc/passwd\n",
         "7:16: campaigns[0].time_zone: must be a time zone that exists, such as Europe/Paris"),
        ("    influencers: [ana]\n    costs: [{influencer: anna}]\n",
         "8:26: campaigns[0].costs[0].influencer: anna is not among the campaign's influencers; "
         "did you mean ana?"),
        ("    values: {weights: {eco: 1}, scored_on: 2026-10-20, scores: {ben: {ecco: 3}}}\n",
         "7:71: campaigns[0].values.scores.ben.ecco: ecco has no weight; did you mean eco?"),
        ("    values: {weights: {eco: 1}, scored_on: 2026-10-20, scores: {ben: {eco: 3}}}\n"
         "    influencers: [ana]\n",
         "7:65: campaigns[0].values.scores.ben: ben is not among the campaign's influencers"),
        ("    name: Again\n", "7:5: campaigns[0].name: stands here a second time, after line 3"),
        ('    owner: "\\ud800"\n', "7:12: campaigns[0].owner: holds half a character (a lone surrogate)"),
        ("    owner: !secret x\n", "7:12: campaigns[0].owner: has the tag !secret, which means nothing here"),
        ("  - id: glow\n    <<: {name: B, starts: 2026-11-01T00:00:00Z, ends: 2026-11-02T00:00:00Z}\n"
         "    currency: EUR\n",
         "7:9: campaigns[1].id: is the id of campaigns[0], too; ids must differ"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_its_field_and_its_rule(text: str, problem: str) -> None:
    assert problems(HEAD + text) == [f"c.yaml:{problem}"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: is empty: it must declare campaigns"),
        ("# later\n", "1:1: is empty: it must declare campaigns"),
        ("- glow\n", "1:1: must be a mapping with the key campaigns"),
        (HEAD.encode("utf-16"), "1:1: is not UTF-8 text: save it as UTF-8"),
        (HEAD.encode() + b"    owner: Ren\xe9\n", "7:15: is not UTF-8 text: save it as UTF-8"),
        ("emv_cards:\n  - x\n", "2:3: emv_cards: must be a mapping"),
        (HEAD.replace("    currency: EUR\n", ""), "2:5: campaigns[0].currency: required"),
        (HEAD.replace("EUR", "euro"),
         "6:15: campaigns[0].currency: must be an ISO 4217 code of three capitals, such as EUR"),
        (HEAD.replace("glow", "a b"), "2:9: campaigns[0].id: must be 1 to 64 of A–Z a–z 0–9 . _ : -"),
        (HEAD.replace("2026-12", "2026-11"),
         "5:11: campaigns[0].ends: must be later than starts (2026-10-31T23:00:00Z)"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_as_a_whole_is_told_so(text: str | bytes, problem: str) -> None:
    assert problems(text) == [f"c.yaml:{problem}"]


def test_all_mistakes_are_told_at_once_in_their_order() -> None:
    found = problems(HEAD.replace("EUR", "eur").replace("glow", "") + "    budget: -1\n    budget: 3\n")

    assert [line.split(": ")[1] for line in found] == [
        "campaigns[0].id",
        "campaigns[0].currency",
        "campaigns[0].budget",
        "campaigns[0].budget",
    ]


def test_a_mark_at_the_files_beginning_is_no_part_of_it() -> None:
    assert read(b"\xef\xbb\xbf" + HEAD.encode()).declaration == read(HEAD).declaration


def test_who_finds_a_mistake_later_can_tell_its_place() -> None:
    file = read(HEAD + "    emv_card: hose\n")

    assert file.complain(("campaigns", 0, "emv_card"), "no such card") == (
        "c.yaml:7:15: campaigns[0].emv_card: no such card"
    )


EXAMPLE = """\
currency_rates: {date: 2026-11-20, base: EUR, rates: {USD: 1.08, GBP: 0.84}}
emv_cards:
  house: {currency: EUR, channels: {instagram: {impression: 5.0, like: 0.07, comment: 3.46}}}
campaigns:
  - id: summer-glow
    name: Summer Glow
    starts: 2026-11-01T00:00:00+01:00
    ends: 2026-12-01T00:00:00+01:00
    time_zone: Europe/Paris
    owner: team-beauty
    currency: EUR
    budget: 50000
    grace: 7d
    adjustments_until: 45d
    influencers: [ana, ben, cleo, dan]
    costs:
      - {influencer: ana, flat_fee: 12000}
      - {influencer: ana, content: reel-1, flat_fee: 500}
      - {influencer: ben, cpm: 8.0}
      - {influencer: cleo, cpc: 0.25}
      - {influencer: dan, cpa: 5.0, revenue_share: 0.1}
      - {influencer: ben, spend: 300, from: 2026-11-02T00:00:00Z, to: 2026-11-05T00:00:00Z}
    target: {size: 250000, audience: {country: [FR, BE], age_band: ["18-24", "25-34"]}}
    emv_card: house
    values: {weights: {ecology: 2, craft: 1}, scored_on: 2026-10-20, scores: {ana: {ecology: 80, craft: 60}}}
    thresholds: {cpa_max: 25, engagement_min: 0.02, ctr_min: 0.005, roi_min: 0, sentiment_min: 0}
    min_sample: {roi: 20, cpa: 0, engagement: 0, ctr: 0, sentiment: 30}
"""
