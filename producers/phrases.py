"""What comments are made of, by language and feeling."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Polarity = Literal["positive", "neutral", "negative"]
POLARITIES: tuple[Polarity, Polarity, Polarity] = ("positive", "neutral", "negative")


class Phrases(NamedTuple):
    """The parts of one language's comments.

    `short` are whole comments that many people write. A long one is an opening, what is said, and where and
    since when: with {days} and {city} few people write the same. `entries` are what people write to enter a
    giveaway, the first words and the last; `known` are such phrases that everybody uses.
    """

    short: Mapping[Polarity, tuple[str, ...]]
    openings: tuple[str, ...]
    said: Mapping[Polarity, tuple[str, ...]]
    since: tuple[str, ...]
    entries: tuple[tuple[str, ...], tuple[str, ...]]
    known: tuple[str, ...]


_ENGLISH = Phrases(
    short={
        "positive": ("Love it!", "So good 😍", "Amazing!!", "Obsessed with this"),
        "neutral": ("Which shade?", "Link please?", "@jules", "How much?"),
        "negative": ("So disappointing", "Waste of money.", "Terrible quality", "Hate it"),
    },
    openings=("", "Hi!", "OK,", "@jules", "Finally:", "Update:", "Well,", "Just saying:"),
    said={
        "positive": (
            "I love this so much",
            "best recommendation in ages, thank you",
            "honestly brilliant, it works perfectly",
            "great quality and really good value",
            "so happy with mine",
            "absolutely beautiful, I am obsessed",
            "my favourite purchase this year",
            "it is amazing, would buy again",
        ),
        "neutral": (
            "where can I find it?",
            "is it available in other sizes?",
            "which one did you use at 0:45?",
            "does the shop deliver?",
            "when is it back in stock?",
            "is that the small one?",
        ),
        "negative": (
            "terrible quality, mine broke",
            "so disappointing, a complete waste of money",
            "awful service, still no answer, never again",
            "I hate these fake ads, really bad",
            "it is a scam, do not buy it",
            "worst purchase ever, I want a refund",
        ),
    },
    since=("after {days} days in {city}", "({days} days now, {city})", "here in {city}, day {days}"),
    entries=(
        ("crossing everything for", "hoping so hard for", "dreaming of", "already waiting for", "ready for"),
        (
            "this gorgeous prize",
            "the big summer box",
            "one of these sets",
            "a box for my mum",
            "that lovely bundle",
            "the one on the left",
        ),
    ),
    known=("Count me in!", "Good luck everyone 🤞", "Thanks for the chance!", "Fingers crossed"),
)
_FRENCH = Phrases(
    short={
        "positive": ("J'adore !", "Trop beau 😍", "Magnifique !!", "Coup de cœur"),
        "neutral": ("Quelle teinte ?", "Le lien ?", "@jules", "C'est combien ?"),
        "negative": ("Très déçue", "C'est nul.", "Quelle arnaque", "Mauvaise qualité"),
    },
    openings=("", "Coucou !", "Bon,", "@jules", "Enfin :", "Alors,", "Bonjour,", "Petit retour :"),
    said={
        "positive": (
            "j'adore, c'est magnifique",
            "super conseil, merci beaucoup, je suis ravie",
            "excellent produit, vraiment efficace",
            "trop beau, bravo pour cette belle vidéo",
            "gros coup de cœur, je recommande",
            "très contente du mien, parfait",
            "la meilleure découverte de l'année",
            "c'est génial, je rachèterai",
        ),
        "neutral": (
            "on le trouve où ?",
            "c'est quelle taille que tu portes ?",
            "la livraison se fait aussi en Belgique ?",
            "il revient quand en stock ?",
            "c'est le petit modèle ?",
            "tu l'as pris dans quelle boutique ?",
        ),
        "negative": (
            "très déçue, la qualité est vraiment mauvaise",
            "c'est nul, de l'argent jeté par les fenêtres",
            "horrible service client, je ne recommande pas",
            "encore une pub mensongère, quelle arnaque",
            "cassé tout de suite, à éviter",
            "pire achat de l'année, je veux être remboursée",
        ),
    },
    since=("après {days} jours à {city}", "({days} jours déjà, {city})", "ici à {city}, jour {days}"),
    entries=(
        ("je rêve d'avoir", "ce serait fou d'avoir", "je me vois déjà avec", "prête pour", "j'attends"),
        (
            "ce joli lot",
            "la grande box d'été",
            "un des coffrets",
            "une box pour maman",
            "celui de gauche",
            "ce coffret doré",
        ),
    ),
    known=("Je participe !", "Bonne chance à tous 🤞", "Merci pour ce concours", "Je croise les doigts"),
)
_SPANISH = Phrases(
    short={
        "positive": ("¡Me encanta!", "Qué bonito 😍", "¡¡Maravilloso!!", "Es genial"),
        "neutral": ("¿Qué tono es?", "¿El enlace?", "@jules", "¿Cuánto cuesta?"),
        "negative": ("Qué decepción", "Es horrible.", "Una estafa", "Muy mala calidad"),
    },
    openings=("", "¡Hola!", "Bueno,", "@jules", "Por fin:", "Pues,", "Buenas,", "Actualizo:"),
    said={
        "positive": (
            "me encanta, qué maravilla",
            "excelente recomendación, muchas gracias",
            "buenísimo, me ha salido perfecto",
            "qué rico y qué fácil, estoy muy contenta",
            "es precioso, lo recomiendo",
            "muy buena calidad, feliz con el mío",
            "lo mejor del año",
            "es genial, repetiré",
        ),
        "neutral": (
            "¿dónde se puede comprar?",
            "¿cuántas raciones salen?",
            "¿hacen envíos a Canarias?",
            "¿cuándo vuelve a estar disponible?",
            "¿es el pequeño?",
            "¿en qué tienda lo compraste?",
        ),
        "negative": (
            "muy mala calidad, qué decepción",
            "es horrible, un engaño total",
            "pésimo servicio, no lo recomiendo",
            "odio esta publicidad falsa, es una estafa",
            "se rompió enseguida, qué asco",
            "la peor compra del año, quiero mi dinero",
        ),
    },
    since=("después de {days} días en {city}", "(ya {days} días, {city})", "aquí en {city}, día {days}"),
    entries=(
        ("sueño con", "sería increíble tener", "ya me veo con", "lista para", "espero"),
        (
            "este lote tan bonito",
            "la caja grande de verano",
            "uno de los estuches",
            "una caja para mi madre",
            "el de la izquierda",
            "ese estuche dorado",
        ),
    ),
    known=("¡Participo!", "Suerte a todos 🤞", "Gracias por el sorteo", "Cruzo los dedos"),
)
PHRASES = {"en": _ENGLISH, "fr": _FRENCH, "es": _SPANISH}
CITIES = (
    "Lyon", "Leeds", "Bilbao", "Geneva", "Cork", "Nantes", "Sevilla", "Bruges", "Porto", "Turin", "Boston",
    "Quebec", "Denver", "Lille", "Vigo", "Bristol", "Liège", "Malaga", "Nice", "York", "Austin", "Oslo",
)  # fmt: skip
