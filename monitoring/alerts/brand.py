"""Alerts on what people say and whether they are people, beside thresholds."""

from models.kpis.catalogue import kpi
from models.metrics.campaign_metrics import LIKED_LIMIT
from models.windows import FLIGHT
from monitoring.alerts.alert import Alert, Help
from monitoring.alerts.rates import negative_surplus
from monitoring.alerts.series import BEYOND, HELD, concern, held, held_kpi, of_running
from monitoring.alerts.wording import (
    NAME,
    by_influencer,
    figure,
    form_of,
    heaviest,
    label,
    sentence,
    value,
)
from monitoring.promql import Selector, select, select_kpi

_SENTIMENT, _AUTHENTICITY = kpi("sentiment_ratio"), kpi("authenticity_ratio")
_TODAY, _SO_FAR = held_kpi(_SENTIMENT.id, "24h"), held_kpi(_SENTIMENT.id, FLIGHT)
_LATELY = held_kpi(_AUTHENTICITY.id, "1h")
_RATED = select_kpi("influencer", "rated_mentions", campaign="CAMPAIGN", window="24h")
_REASONS = select_kpi("campaign", "suspicious_interactions", campaign="CAMPAIGN", window="1h")
_CONTENTS = select_kpi("content", "interactions", campaign="CAMPAIGN", window="24h")

DROP = Alert(
    "CampaignSentimentDrops", "campaigns", "warning",
    of_running(f"{concern('sentiment_drop')} == {BEYOND}"), "30m", "2h",
    sentence(
        "{name}: what people say has likely turned: net sentiment {today} in the last 24 h, {so_far} over "
        "the flight",
        "{name} : le ton a probablement changé : sentiment net {today} sur les dernières 24 h, {so_far} sur "
        "la campagne",
        name=NAME,
        today=figure(_TODAY, form_of(_SENTIMENT)),
        so_far=figure(_SO_FAR, form_of(_SENTIMENT)),
    ),
    "It compares the last 24 hours with the flight before them, by more than chance and days that differ "
    "explain." + heaviest(negative_surplus("24h"), "the surplus of negative mentions"),
    Help(
        "Comments and mentions of the last day are clearly worse than those before. For the campaign's "
        "manager and whoever is responsible for the brand, within hours.",
        f"Read the newest comments on the platform. `{_RATED}` by `polarity`. Did a post, a price, a "
        "delivery or another's scandal come before it?",
        "Answer, correct or take down what set it off; pause what is planned until you know. What the rating "
        "of texts can and cannot tell: [brand.md](brand.md).",
        "The brand's owner, if it concerns safety or a scandal; otherwise in the morning.",
    ),
    kpi="sentiment",
)  # fmt: skip
BURST = Alert(
    "CampaignSuspiciousBurst", "campaigns", "warning",
    of_running(f"{concern('suspicious_burst')} == {BEYOND}"), "10m", "1h",
    sentence(
        "{name}: of the latest interactions more are likely suspicious than organic: authenticity {lately} "
        "in the last hour",
        "{name} : parmi les dernières interactions, plus sont probablement suspectes qu'organiques : "
        "authenticité {lately} sur la dernière heure",
        name=NAME,
        lately=figure(_LATELY, form_of(_AUTHENTICITY)),
    ),
    "More than a single account or group does, and more than this campaign is used to."
    + heaviest(by_influencer("suspicious_interactions", "1h"), "what is suspicious"),
    Help(
        "Likes or comments come by the hundred that do not look like people's: bought, scripted, agreed "
        "upon; or a producer that sends the same persons again and again. For the campaign's manager, before "
        "anything is paid by result.",
        f"By `reason`: `{_REASONS}`; which content: `{_CONTENTS}`. What each reason sees, and whom it "
        "accuses wrongly: [authenticity.md](authenticity.md). A live chat that is not named as one looks "
        "like this, and so does a giveaway whose phrase is not excepted.",
        "Name live chats (`live`) and a giveaway's phrase (`copied_text: {except: […]}`) in the campaign "
        "file. If it is neither, ask the influencer, and hold payments that depend on interactions.",
        "Nobody at night.",
    ),
    kpi="authenticity",
)  # fmt: skip
_LIMIT = held("liked_limit:held", select(LIKED_LIMIT), "limit")
_LEAST, _SHARE = (Selector(_LIMIT.name, (f'limit="{name}"',)) for name in ("likes", "share"))
_UNREPORTED = 3
"""A content that is liked more often than so many times its views is one whose views are not reported."""


def _of_contents(identifier: str, **labels: str) -> str:
    """Select a count of contents over the flight, whichever worker shows it."""
    chosen = select_kpi("content", identifier, window=FLIGHT, **labels)
    return f"max by (campaign, influencer, content) (last_over_time({chosen}[{HELD}]))"


_LIKES, _SHOWN, _VIEWED = (
    _of_contents("interactions", kind="like"), _of_contents("impressions"), _of_contents("video_views"),
)  # fmt: skip
_SEEN = select_kpi("content", "impressions", campaign="CAMPAIGN", window=FLIGHT)
_BY_SHARE = f"({_LIKES} / on (campaign) group_left () {_SHARE})"
LIKED = Alert(
    "CampaignContentLikedMoreThanSeen", "campaigns", "info",
    of_running(
        f"({_LIKES} >= on (campaign) group_left () {_LEAST})\nand {_BY_SHARE} >= {_SHOWN}\n"
        f"and {_BY_SHARE} >= {_VIEWED}\nand {_LIKES} <= {_UNREPORTED} * ({_SHOWN} + {_VIEWED})"
    ),
    "1h", "2h",
    sentence(
        "{name}: {content} of {influencer} is liked about as often as it is seen, {likes} times",
        "{name} : {content} de {influencer} est aimé à peu près aussi souvent que vu, {likes} fois",
        name=NAME, content=label("content"), influencer=label("influencer"), likes=value("whole"),
    ),
    "People like a part of what they see. Either likes are bought, or not all views are reported.",
    Help(
        "A content has about as many likes as impressions, and as views of its video. No interaction is "
        "suspicious by that, and authenticity does not know of it. For the campaign's manager.",
        f"Are its views reported at all, and for the same days? `{_SEEN}`, and `video_views` alike. Then its "
        "likes by day on the platform: bought ones come at once, long after the post.",
        "Import the views if they are missing. Otherwise ask the influencer. `authenticity: {ratio: {share: "
        "…, likes: …}}` in the campaign file moves the limit, `ratio: off` switches it off.",
        "Nobody.",
    ),
    kpi="authenticity",
)  # fmt: skip

RECORDINGS = (_TODAY, _LATELY, _LIMIT)
ALERTS = (DROP, BURST, LIKED)
