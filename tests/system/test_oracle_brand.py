"""The oracle's targets, ratings and scorecards against sums worked out by hand."""

from typing import Any

import pytest

from tests.system.support import oracle
from tests.system.support.naming import key
from tests.system.support.target import matches
from tests.system.support.worked import Log, campaign, changed, value

PERSON = {"consent": True}


@pytest.mark.parametrize(
    ("predicate", "audience", "fits"),
    [
        ({"country": "fr"}, {"country": "FR"}, True),
        ({"country": ["BE", "FR"]}, {"country": "be"}, True),
        ({"country": "FR"}, {}, False),
        ({"country": "FR"}, {"country": None}, False),
        ({"country": "FR"}, None, False),
        ({"language": "fr"}, {"language": "FR"}, True),
        ({"language": "fr"}, {"language": "fr-CA"}, True),
        ({"language": "FR"}, {"language": "fro"}, False),
        ({"language": "fr-CA"}, {"language": "fr"}, False),
        ({"language": "en_gb"}, {"language": "en-GB-oxendict"}, True),
        ({"language": "en-GB"}, {"language": "en_GB"}, True),
        ({"country": "UK"}, {"country": "GB"}, True),
        ({"country": "GB"}, {"country": "uk"}, True),
        ({"country": "FR"}, {"country": "FRA"}, True),
        ({"country": "USA"}, {"country": "us"}, True),
        ({"gender": "female"}, {"gender": "Female"}, False),
        ({"age_band": ["18-24", "25-34"]}, {"age_band": "25-34"}, True),
        ({"interests": ["food", "craft"]}, {"interests": ["craft", "games"]}, True),
        ({"interests": "food"}, {"interests": ["games", "food"]}, True),
        ({"interests": ["food"]}, {"interests": ["Food", "fast food"]}, False),
        ({"interests": ["food"]}, {"interests": []}, False),
        ({"country": "FR", "gender": "male"}, {"country": "FR", "gender": "other"}, False),
        ({"country": "FR", "gender": "male"}, {"country": "fr", "gender": "male", "age_band": "65+"}, True),
    ],
)
def test_an_audience_fits_where_every_field_of_the_predicate_does(
    predicate: dict[str, Any], audience: dict[str, Any] | None, fits: bool
) -> None:
    assert matches(predicate, audience) is fits


def test_target_reach_counts_persons_of_the_target_once_over_leaves() -> None:
    cook = {"country": "fr", "interests": ["food"]}
    log = Log().add("impressions", person_id="p", audience=cook, **PERSON)
    log.add("impressions", person_id="p", audience=cook, influencer_id="ben", channel="tiktok", **PERSON)
    log.add("impressions", person_id="q", audience={"country": "BE", "interests": ["craft"]}, **PERSON)
    # No person, none whose name may be used, another country, an aggregate: none of these is of the target.
    log.add("impressions", audience=cook, **PERSON).add("impressions", person_id="r", audience=cook)
    log.add("impressions", person_id="s", audience={**cook, "country": "DE"}, **PERSON)
    log.add("impressions", person_id="t", audience=cook, count=9, **PERSON)
    log.add("clicks", person_id="u", audience=cook, **PERSON)
    shown = log.series()
    assert campaign(shown, "target_reach_persons") == 2
    assert campaign(shown, "target_coverage_ratio") == 0.04
    assert campaign(shown, "reach_persons") == 3
    assert value(shown, "kpi_channel_target_reach_persons", channel="tiktok", window="5m") == 1
    assert value(shown, "kpi_influencer_target_coverage_ratio", influencer="ben", window="1h") == 0.02
    assert not [name for name, _ in shown if name.startswith("kpi_content_target")]


def test_a_campaign_without_a_target_has_no_coverage() -> None:
    log = Log().add("impressions", campaign_id="free", ago=3 * 86_400, person_id="p", **PERSON)
    shown = log.series()
    assert value(shown, "kpi_campaign_reach_persons", campaign="free", window="flight") == 1
    assert not [labels for name, labels in shown if "target" in name and ("campaign", "free") in labels]


def test_ratings_of_comments_mentions_and_replies_count_and_weigh_their_count() -> None:
    log = Log().add("engagements", kind="comment", sentiment="positive", text="bad")
    log.add("engagements", kind="mention", sentiment="positive", count=4)
    log.add("engagements", kind="reply", sentiment="negative").add("engagements", kind="mention")
    for kind in ("like", "video_view", "share", "reaction"):
        log.add("engagements", kind=kind, sentiment="negative", count=100)
    log.add("engagements", kind="reply", sentiment="neutral", count=2)
    log.add("engagements", kind="comment", sentiment="negative", user_agent="curl/8.4.0")
    shown = log.series()
    rated = [campaign(shown, "rated_mentions", polarity=p) for p in ("positive", "neutral", "negative")]
    assert rated == [5, 2, 1]
    assert campaign(shown, "sentiment_ratio") == 0.5
    assert value(shown, "kpi_channel_sentiment_ratio", channel="instagram", window="24h") == 0.5
    assert not [name for name, _ in shown if name in ("kpi_content_sentiment_ratio",)]
    assert "kpi_content_rated_mentions" not in {name for name, _ in shown}


def test_texts_are_rated_where_they_come_without_a_rating() -> None:
    log = Log().add("engagements", kind="comment", text="I love it")
    log.add("engagements", kind="reply", text="Terrible quality", count=3, language="en")
    log.add("engagements", kind="mention", text="How much is it?", sentiment="positive")
    log.add("engagements", kind="mention", text="Très déçue", sentiment="great")
    log.add("engagements", kind="comment", text="とても良いです").add("engagements", kind="comment", text="")
    log.add("engagements", kind="like", text="I love it").add("engagements", kind="comment", text=["5"])
    log.add("engagements", kind="comment", text="I love it", total=500)
    log.add("engagements", kind="comment", text="I love it", user_agent="curl/8.4.0")
    shown = log.series()
    rated = [campaign(shown, "rated_mentions", polarity=p) for p in ("positive", "neutral", "negative")]
    assert rated == [2, None, 4]
    assert campaign(shown, "unrated_mentions") == 503
    least, _ = oracle.pipeline(log.fold())
    assert least[key("kpi_pipeline_read_texts_total")] == 4
    assert least[key("kpi_pipeline_unrated_texts_total", reason="untold")] == 1


def test_interactions_are_judged_and_suspicious_ones_stay() -> None:
    log = Log()
    for _ in range(10):
        log.add("engagements", kind="like", person_id="p", **PERSON)
    log.add("clicks").add("clicks", user_agent="Mozilla/5.0").add("engagements", kind="like", count=28)
    shown = log.series()
    assert campaign(shown, "suspicious_interactions", reason="burst") == 2
    assert campaign(shown, "judged_interactions") == 11
    assert campaign(shown, "authenticity_ratio") == pytest.approx(9 / 11)
    assert campaign(shown, "judged_interactions_ratio") == pytest.approx(11 / 40)
    assert campaign(shown, "interactions", kind="like") == 38
    names = {name for name, _ in shown}
    assert "kpi_content_judged_interactions" not in names
    assert "kpi_channel_suspicious_interactions" in names


def test_without_ratings_there_is_no_sentiment() -> None:
    shown = Log().add("engagements", kind="comment").series()
    assert campaign(shown, "sentiment_ratio") is None


def test_alignment_is_the_weighted_mean_of_the_values_scored_and_has_no_window() -> None:
    shown = Log().series()
    # ana: (2 × 80 + 1 × 50) ÷ 3; eve is scored for craft alone; ben for nothing.
    assert value(shown, "kpi_influencer_values_alignment_ratio", influencer="ana") == pytest.approx(0.7)
    assert value(shown, "kpi_influencer_values_alignment_ratio", influencer="eve") == pytest.approx(0.3)
    assert value(shown, "kpi_influencer_values_alignment_ratio", influencer="ben") is None
    assert value(shown, "kpi_campaign_values_alignment_ratio") == pytest.approx(0.5)
    assert value(shown, "kpi_campaign_values_alignment_ratio", campaign="free") is None


def test_the_campaigns_alignment_is_that_of_the_influencers_whom_it_lists() -> None:
    shown = Log(changed(influencers=["ana", "ben"])).series()
    assert value(shown, "kpi_campaign_values_alignment_ratio") == pytest.approx(0.7)
    shown = Log(changed(influencers=["ben"])).series()
    assert value(shown, "kpi_campaign_values_alignment_ratio") is None


def test_thresholds_and_samples_are_shown_as_they_are_written() -> None:
    shown = Log().series()
    assert value(shown, "kpi_campaign_threshold", kpi="cpa", bound="max") == 25
    assert value(shown, "kpi_campaign_threshold", kpi="sentiment", bound="min") == -0.1
    assert value(shown, "kpi_campaign_min_sample", kpi="roi") == 20
    assert value(shown, "kpi_campaign_min_sample", kpi="cpa") == 0
    assert value(shown, "kpi_campaign_min_sample", kpi="ctr") is None
