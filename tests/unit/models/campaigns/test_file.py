"""A campaign file is read as YAML 1.2; what is wrong in it is told with line, column, field and rule."""

import pytest

from models.campaigns.file import CampaignFileError
from models.campaigns.rules import LONGEST
from models.events.schema import Audience
from models.times import DAY, parse_time
from tests.unit.models.campaigns.files import EXAMPLE, HEAD, read


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
        ("    owner: 0042\n", '7:12: campaigns[0].owner: must be text: put quotes around it, "0042"'),
        ("    owner: 2026.10\n", '7:12: campaigns[0].owner: must be text: put quotes around it, "2026.10"'),
        ("    influencers: [0815, 12e03]\n    budget: 50_000\n",
         '7:19: campaigns[0].influencers[0]: must be text: put quotes around it, "0815"\n'
         'c.yaml:7:25: campaigns[0].influencers[1]: must be text: put quotes around it, "12e03"\n'
         "c.yaml:8:13: campaigns[0].budget: must be a number, without underscores: 50000"),
        ("    budget: 50,000.5\n",
         "7:13: campaigns[0].budget: must be a number, without commas: 50000.5"),
        ("    budget: 12,5\n", "7:13: campaigns[0].budget: must be a number, with a decimal point: 12.5"),
        ("    budget: 0,125\n", "7:13: campaigns[0].budget: must be a number, with a decimal point: 0.125"),
        ("    budget: 5.000,00\n",
         "7:13: campaigns[0].budget: must be a number, with a decimal point: 5000.00"),
        ("    budget: nan\n", "7:13: campaigns[0].budget: must be a number"),
        ("    goals: []\n", "7:12: campaigns[0].goals: must not be empty"),
        ("    influencers: []\n", "7:18: campaigns[0].influencers: must not be empty"),
        ("    thresholds: {authenticity_min: 90}\n",
         "7:36: campaigns[0].thresholds.authenticity_min: must be at most 1"),
        ("    thresholds: {sentiment_min: -1.5}\n",
         "7:33: campaigns[0].thresholds.sentiment_min: must be at least -1"),
        ("    thresholds: {ctr_min: -0.1}\n", "7:27: campaigns[0].thresholds.ctr_min: must be at least 0"),
        ("    budget: 1e15\n", "7:13: campaigns[0].budget: must be at most 1,000,000,000,000"),
        ('    owner: "x\\e[2Jy"\n',
         "7:12: campaigns[0].owner: holds a control character or line break (U+001B), which a list or a "
         "label cannot show"),
        ("    target: {size: 1, audience: {country: [FR, United Kingdom]}}\n",
         "7:48: campaigns[0].target.audience.country[1]: United Kingdom is no country that an event can "
         "have: must be a code of ISO 3166; did you mean GB?"),
        ("    target: {size: 1, audience: {country: Allemagne}}\n",
         "7:43: campaigns[0].target.audience.country[0]: Allemagne is no country that an event can "
         "have: must be a code of ISO 3166; did you mean DE?"),
        ("    target: {size: 1, audience: {country: ZZ}}\n",
         "7:43: campaigns[0].target.audience.country[0]: ZZ is no country that an event can "
         "have: must be a code of ISO 3166, such as FR or FRA"),
        ("    target: {size: 1, audience: {language: [French, fr_CA]}}\n",
         "7:45: campaigns[0].target.audience.language[0]: French is no language that an event can have: "
         "must be a code of BCP 47; did you mean fr?"),
        ("    target: {size: 1, audience: {age_band: from 18 to 24 years}}\n",
         "7:44: campaigns[0].target.audience.age_band[0]: must have at most 16 characters, as in events"),
        ("    links: [{id: a, influencer: ana, content: r, channel: tiktok, to: shop.example}]\n",
         "7:71: campaigns[0].links[0].to: must be a web address, such as https://shop.example/glow"),
        ("    links: [{id: a, influencer: ana, content: r, channel: tiktok, to: 'https://ana@shop.example'}]\n",
         "7:71: campaigns[0].links[0].to: names no host that browsers find, or a user before it"),
        ("    links: &l [{id: a, influencer: ana, content: r, channel: tiktok, to: 'https://x.example'}]\n"
         "  - {id: b, name: B, starts: 2026-11-01T00:00:00Z, ends: 2026-11-02T00:00:00Z, currency: EUR, "
         "links: *l}\n",
         "7:21: campaigns[1].links[0].id: a is a link of glow, too; the ids of links must differ over all "
         "campaigns"),
        ("    codes: [{code: ANA, influencer: ana, from: 2026-11-01T00:00:00Z, "
         "to: 2026-11-01T00:00:00Z}]\n",
         "7:74: campaigns[0].codes[0].to: must be later than from (2026-11-01T00:00:00Z)"),
        ("    codes: [{code: ANA, influencer: ana, from: 2026-11-01T00:00:00Z}, "
         "{code: ana, influencer: ben, from: 2026-11-01T00:00:00Z}]\n",
         "7:78: campaigns[0].codes[1].code: ana stands here twice; shops read codes in any case"),
        ("    owner: false\n", '7:12: campaigns[0].owner: must be text: put quotes around it, "false"'),
        ("    grace: 7\n",
         "7:12: campaigns[0].grace: must be a whole number and a unit (s, m, h, d, w), such as 7d"),
        ("    min_sample: {roi: 2.5}\n", "7:23: campaigns[0].min_sample.roi: must be a whole number"),
        ("    authenticity: {bursts: off}\n",
         "7:20: campaigns[0].authenticity.bursts: no such field; did you mean burst?"),
        ("    authenticity: {burst: {in_1_hours: 5}}\n",
         "7:28: campaigns[0].authenticity.burst.in_1_hours: no such field; did you mean in_1_hour?"),
        ("    authenticity:\n      generic: on\n",
         "8:16: campaigns[0].authenticity.generic.use: must be one of report, off"),
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
        ("    sentiment: {postive: [sick]}\n",
         "7:17: campaigns[0].sentiment.postive: no such field; did you mean positive?"),
        ("    sentiment: {foo: [sick]}\n",
         "7:17: campaigns[0].sentiment.foo: no such field; it takes positive, negative, neutral"),
        ("    authenticity: {agent: {share: 1}}\n",
         "7:28: campaigns[0].authenticity.agent.share: no such field; it takes use"),
        (f"    sentiment: {{positive: {[f'w{number}' for number in range(501)]}}}\n",
         "7:27: campaigns[0].sentiment.positive: must have at most 500 entries, not 501"),
        (f"    authenticity: {{copied_text: {{except: {[f'w{number}' for number in range(101)]}}}}}\n",
         "7:42: campaigns[0].authenticity.copied_text.except: must have at most 100 entries, not 101"),
        ("    sentiment: {positive: [sick, '']}\n",
         "7:34: campaigns[0].sentiment.positive[1]: must not be empty"),
        ("    sentiment: {positive: [sick], negative: [watery, Sick]}\n",
         "7:54: campaigns[0].sentiment.negative[1]: Sick is among the positive ones, too"),
        ("    sentiment: {positive: sick, neutral: ['#glow']}\n",
         "7:43: campaigns[0].sentiment.neutral[0]: has a mention, tag or link, which are left out of every "
         "text before it is rated"),
        ('    sentiment: {neutral: ["a\\tb"]}\n',
         "7:27: campaigns[0].sentiment.neutral[0]: holds a control character or line break (U+0009), which a "
         "list or a label cannot show"),
        ("    name: Again\n", "7:5: campaigns[0].name: stands here a second time, after line 3"),
        ('    owner: "\\ud800"\n', "7:12: campaigns[0].owner: holds half a character (a lone surrogate)"),
        ("    owner: !secret x\n", "7:12: campaigns[0].owner: has the tag !secret, which means nothing here"),
        ("  - id: glow\n    <<: {name: B, starts: 2026-11-01T00:00:00Z, ends: 2026-11-02T00:00:00Z}\n"
         "    currency: EUR\n",
         "7:9: campaigns[1].id: is the id of campaigns[0], too; ids must differ"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_its_field_and_its_rule(text: str, problem: str) -> None:
    assert problems(HEAD + text) == f"c.yaml:{problem}".split("\n")


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
        (HEAD.replace("EUR", "EUX"),
         "6:15: campaigns[0].currency: EUX is no currency of ISO 4217; did you mean EUR?"),
        (HEAD.replace("name: Glow", "name: #glow"),
         "3:5: campaigns[0].name: must be text; what follows is a comment: #glow; if it belongs to the "
         "value, put quotes around both"),
        (HEAD.replace("glow", "a b"), "2:9: campaigns[0].id: must be 1 to 64 of A–Z a–z 0–9 . _ : -"),
        (HEAD.replace("2026-12", "2026-11"),
         "5:11: campaigns[0].ends: must be later than starts (2026-11-01T00:00:00+01:00)"),
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


def test_names_keep_accents_and_emoji_and_lose_the_white_space_around_them() -> None:
    (campaign,) = read(HEAD + "    owner: >\n      Équipe 👩‍👩‍👧\n      beauté\n").declaration.campaigns

    assert campaign.owner == "Équipe 👩‍👩‍👧 beauté"


def test_the_longest_choices_are_those_of_events() -> None:
    fields = Audience.model_json_schema()["properties"]
    found = {name: fields[name]["anyOf"][0].get("maxLength") for name in ("language", "age_band", "gender")}
    found["interests"] = fields["interests"]["anyOf"][0]["items"]["maxLength"]

    assert found == LONGEST
