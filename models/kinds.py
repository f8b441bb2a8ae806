"""The kinds of engagement and conversion and the polarities of a rating, each declared once."""

from dataclasses import dataclass

from models.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One value of a kind; `words` name it in the plural."""

    name: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementKind(Kind):
    """What somebody did with a content.

    `event`: engagements carry it as their `kind` (link clicks are events of a type of their own).
    `interaction`: it counts as an interaction, as link clicks do and views of videos do not.
    `rated`: it says something, which may be rated.
    """

    event: bool = True
    interaction: bool = True
    rated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionKind(Kind):
    """What somebody did for the campaign's goal; `needs_order`: the event must name its order."""

    needs_order: bool = False


ENGAGEMENTS = (
    EngagementKind(name="click", words=Words("link clicks", "clics"), event=False),
    EngagementKind(name="like", words=Words("likes", "j'aime")),
    EngagementKind(name="comment", words=Words("comments", "commentaires"), rated=True),
    EngagementKind(name="share", words=Words("shares", "partages")),
    EngagementKind(name="save", words=Words("saves", "enregistrements")),
    EngagementKind(name="follow", words=Words("follows", "abonnements")),
    EngagementKind(name="mention", words=Words("mentions", "mentions"), rated=True),
    EngagementKind(name="reply", words=Words("replies", "réponses"), rated=True),
    EngagementKind(name="video_view", words=Words("video views", "vues de vidéo"), interaction=False),
    EngagementKind(name="reaction", words=Words("reactions", "réactions")),
)
INTERACTIONS: tuple[Kind, ...] = tuple(kind for kind in ENGAGEMENTS if kind.interaction)
CONVERSIONS = (
    ConversionKind(name="purchase", words=Words("purchases", "achats"), needs_order=True),
    ConversionKind(name="signup", words=Words("sign-ups", "inscriptions")),
    ConversionKind(name="download", words=Words("downloads", "téléchargements")),
    ConversionKind(name="quote_request", words=Words("quote requests", "demandes de devis")),
    ConversionKind(name="other", words=Words("other", "autres")),
)
USUAL_CONVERSION = "purchase"
"""The kind of the order that an adjustment is about, where it names none."""
ATTRIBUTIONS = (
    Kind(name="click_id", words=Words("by click id", "par identifiant de clic")),
    Kind(name="code", words=Words("by code", "par code")),
    Kind(name="last_click", words=Words("by last click", "au dernier clic")),
    Kind(name="last_view", words=Words("by last view", "à la dernière vue")),
    Kind(name="declared", words=Words("declared", "déclarées")),
)
"""How a producer found the influencer of a conversion."""
POLARITIES = (
    Kind(name="positive", words=Words("positive", "positives")),
    Kind(name="neutral", words=Words("neutral", "neutres")),
    Kind(name="negative", words=Words("negative", "négatives")),
)


def names(kinds: tuple[Kind, ...]) -> tuple[str, ...]:
    """List the names of kinds."""
    return tuple(kind.name for kind in kinds)
