"""What people write in the tests' traffic, so plain that no rater of its languages may differ."""

PLAIN: dict[str, tuple[str, str | None]] = {
    "I love it": ("positive", "en_GB"),
    "So beautiful 😍": ("positive", None),
    "Best serum ever, I love it and would buy it again": ("positive", "en"),
    "Terrible quality": ("negative", "en"),
    "Such a waste of money, really disappointing and bad": ("negative", None),
    "lol no thanks": ("negative", "en-US"),
    "Where is it available?": ("neutral", "en"),
    "How much is it?": ("neutral", None),
    "J'adore ❤️": ("positive", "fr-CA"),
    "Très déçue": ("negative", "FR"),
    "Trop beau, je recommande les yeux fermés": ("positive", None),
    "C'est une arnaque, n'achetez surtout pas": ("negative", None),
    "C'est combien ?": ("neutral", "fr"),
    "¡Me encanta!": ("positive", "es"),
    "Qué decepción": ("negative", "es-MX"),
    "Muy buena calidad, estoy encantada con mi compra": ("positive", None),
    "Es una estafa, no lo compréis nunca": ("negative", None),
    "¿Dónde se compra?": ("neutral", "es"),
    "とても良いです": ("unrated", "ja"),
    "Das ist wirklich sehr schön geworden": ("unrated", "de"),
    "qwrtz plmk": ("unrated", None),
}
"""Texts, what each is rated as, and the language that its producer names."""


def rating(text: str) -> str | None:
    """Return what a text is rated as, None where that cannot be told."""
    assert text in PLAIN, f"what {text!r} is rated as is not plain"
    rated, _ = PLAIN[text]
    return None if rated == "unrated" else rated
