"""What people write under contents: samples by language and feeling."""

from typing import Literal

Polarity = Literal["positive", "neutral", "negative"]
POLARITIES: tuple[Polarity, Polarity, Polarity] = ("positive", "neutral", "negative")

BOUGHT_COMMENT = "Nice pic!! 🔥🔥"

COMMENTS: dict[str, dict[Polarity, tuple[str, ...]]] = {
    "en": {
        "positive": (
            "I love this so much, ordered one straight away!",
            "Best recommendation in ages, thank you 😍",
            "Honestly brilliant, works perfectly for me.",
            "Great quality and really good value, very happy with it.",
        ),
        "neutral": (
            "Where can I find it?",
            "Is it available in other sizes?",
            "Which one did you use at 0:45?",
            "Tagging @jules for later",
        ),
        "negative": (
            "Terrible quality, mine broke after two days.",
            "So disappointing, a complete waste of money.",
            "Awful service, I still have no answer. Never again.",
            "I hate these fake ads, this is really bad.",
        ),
    },
    "fr": {
        "positive": (
            "J'adore, c'est magnifique ! Je viens de commander 😍",
            "Super conseil, merci beaucoup, je suis ravie.",
            "Excellent produit, vraiment efficace.",
            "Trop beau, bravo pour cette belle vidéo !",
        ),
        "neutral": (
            "On le trouve où ?",
            "C'est quelle taille que tu portes ?",
            "La livraison se fait aussi en Belgique ?",
            "Je demande pour une amie",
        ),
        "negative": (
            "Très déçue, la qualité est vraiment mauvaise.",
            "C'est nul, de l'argent jeté par les fenêtres.",
            "Horrible service client, je ne recommande pas.",
            "Encore une pub mensongère, quelle arnaque.",
        ),
    },
    "es": {
        "positive": (
            "¡Me encanta, qué maravilla! Ya lo he pedido 😍",
            "Excelente recomendación, muchas gracias.",
            "Buenísimo, me ha salido perfecto.",
            "Qué rico y qué fácil, estoy muy contenta.",
        ),
        "neutral": (
            "¿Dónde se puede comprar?",
            "¿Cuántas raciones salen?",
            "¿Hacen envíos a Canarias?",
            "Lo miro luego con mi hermana",
        ),
        "negative": (
            "Muy mala calidad, qué decepción.",
            "Es horrible, un engaño total.",
            "Pésimo servicio, no lo recomiendo.",
            "Odio esta publicidad falsa, es una estafa.",
        ),
    },
}


def language_of(time_zone: str) -> str:
    """Guess the language in which most of a campaign's audience writes."""
    return {"Europe/Paris": "fr", "Europe/Brussels": "fr", "Europe/Madrid": "es"}.get(time_zone, "en")
