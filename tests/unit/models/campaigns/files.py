"""What the tests of campaign files begin with: a short one, the contract's example, and how they are read."""

from models.campaigns.file import CampaignFile, read_campaign_file

HEAD = """\
campaigns:
  - id: glow
    name: Glow
    starts: 2026-11-01T00:00:00+01:00
    ends: 2026-12-01T00:00:00+01:00
    currency: EUR
"""
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
    authenticity: {burst: off, copied_text: {persons: 4, except: [I play with Glow]}, live: [live, twitch]}
"""


def read(text: str | bytes) -> CampaignFile:
    return read_campaign_file("c.yaml", text)
