"""The kinds of engagement and conversion, the polarities of a rating and what makes suspicious, each once."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Kind):
    """Why an interaction does not look like a person's; `suspicious`: it may count as such.

    One that may not is reported alone.
    """

    suspicious: bool = True


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
REASONS = (
    Reason(name="agent", words=Words("by a machine's agent", "par l'agent d'une machine")),
    Reason(name="burst", words=Words("in a burst", "en rafale")),
    Reason(name="clockwork", words=Words("like clockwork", "réglée comme une horloge")),
    Reason(name="copied_text", words=Words("with a copied text", "au texte copié")),
    Reason(name="lockstep", words=Words("in lockstep", "en cadence")),
    Reason(name="no_exposure", words=Words("without an impression", "sans exposition")),
    Reason(name="pod", words=Words("by a pod, or by fans", "par un groupe d'entraide, ou des fans")),
    Reason(name="generic", words=Words("with hardly a word", "presque sans un mot"), suspicious=False),
)
"""In the order in which rules are asked (models.authenticity): the first that hits is the reason."""


def names(kinds: tuple[Kind, ...]) -> tuple[str, ...]:
    """List the names of kinds."""
    return tuple(kind.name for kind in kinds)
