"""Rate texts by packages of others: lines of {"language", "text"} in, of {rater: [verdict, µs]} out.

Runs in an environment of its own (others.txt), without anything of ours.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable

Polarity = Callable[[str], float]
# The bounds that VADER's authors give; the others' polarity has the same range.
_POSITIVE, _NEGATIVE = 0.05, -0.05


def main() -> None:
    """Rate each text by every package that reads its language."""
    warnings.simplefilter("ignore")
    raters = {"en": _english(), "fr": _french()}
    for line in sys.stdin:
        asked = json.loads(line)
        of_language = raters.get(asked["language"], {})
        print(json.dumps({name: _rated(polarity, asked["text"]) for name, polarity in of_language.items()}))


def _english() -> dict[str, Polarity]:
    from textblob import TextBlob
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    vader = SentimentIntensityAnalyzer()
    return {
        "vaderSentiment": lambda text: vader.polarity_scores(text)["compound"],
        "textblob": lambda text: TextBlob(text).sentiment.polarity,
    }


def _french() -> dict[str, Polarity]:
    from textblob import TextBlob
    from textblob_fr import PatternAnalyzer
    from vaderSentiment_fr.vaderSentiment import SentimentIntensityAnalyzer

    vader, pattern = SentimentIntensityAnalyzer(), PatternAnalyzer()
    return {
        "vaderSentiment-fr": lambda text: vader.polarity_scores(text)["compound"],
        "textblob-fr": lambda text: TextBlob(text, analyzer=pattern).sentiment[0],
    }


def _rated(polarity: Polarity, text: str) -> tuple[str, float]:
    started = time.process_time()
    found = polarity(text)
    taken = (time.process_time() - started) * 1e6
    return ("positive" if found >= _POSITIVE else "negative" if found <= _NEGATIVE else "neutral"), taken


if __name__ == "__main__":
    main()
