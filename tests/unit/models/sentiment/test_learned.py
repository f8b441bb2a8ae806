"""What was learned is asked where the lexicon is silent, and nowhere else."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.sentiment.learned import ALWAYS, PRAISE, Phrases, judge
from models.sentiment.model import LexiconRater
from models.sentiment.rating import OwnWords
from models.sentiment.weights import Weights, write_weights
from tests.unit.models.sentiment.building import small_data, usual_rater

RULES = small_data(
    praise="{says: praise, entries: {en: {2: good, 0.4: still}, fr: {2: beau}}}",
    question="{says: questions, role: question, entries: {any: {3: '?'}}}",
    first="{says: first, role: settles, entries: {en: {6: first}}}",
    not_a="{says: not, role: negation, reaches: 2, entries: {en: {-0.7: never}}}",
)
GRANDMA, WEEKS = Weights(20.0, 0.0), Weights(0.0, 20.0)
KNOWN = dict.fromkeys(["the", "is", "a", "cake", "like", "hers", "for", "five"], Weights(0.0, 0.0))


def rater(**learned: Mapping[str, Weights]) -> LexiconRater:
    """Make a rater that has learned this, by language."""
    return LexiconRater(
        {
            **RULES,
            **{f"learned/{one}.tsv": write_weights(all_of, []).encode() for one, all_of in learned.items()},
        }
    )


RATER = rater(en={**KNOWN, "grandma": GRANDMA, "five weeks": WEEKS, "weeks": Weights(0.0, 0.0)})


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("the cake is like grandma", "positive"),
        ("five weeks for a cake", "negative"),
        ("weeks for five cake", "neutral"),
        ("the cake is like hers", "neutral"),
        ("grandma bakes unheard of things", "neutral"),
        ("five weeks for a good cake", "positive"),
        ("five weeks. for a cake still", "negative"),
        ("five, weeks for a cake", "negative"),
        ("five. weeks for a cake", "neutral"),
    ],
)
def test_it_decides_where_the_lexicon_is_silent(text: str, verdict: str) -> None:
    assert RATER.rate(text, "en").verdict == verdict


@pytest.mark.parametrize(
    "text",
    ["is the cake like grandma?", "is the cake for grandma? is the cake for five?", "first like grandma"],
)
def test_who_asks_or_is_settled_as_neutral_stays_so(text: str) -> None:
    assert RATER.rate(text, "en").verdict == "neutral"
    assert RATER.rate("the cake is like grandma. is the cake for five?", "en").verdict == "positive"


def test_each_language_has_its_own_and_may_have_none() -> None:
    assert RATER.rate("the cake is like grandma", "fr").verdict == "neutral"
    assert rater(fr={"grandma": GRANDMA}).rate("grandma", "fr").verdict == "positive"


def test_it_is_not_asked_where_two_languages_are_as_likely() -> None:
    words = {**dict.fromkeys(["the", "is", "le", "est"], Weights(0.0, 0.0)), "grandma": GRANDMA}
    both = rater(en=words, fr=words)

    assert both.rate("the is le est grandma").verdict == "neutral"
    assert (
        both.rate("the is le grandma").verdict
        == both.rate("the is le est grandma", "fr").verdict
        == "positive"
    )


def test_the_phrases_that_decided_are_said_the_weightiest_first() -> None:
    learned = {**KNOWN, "cake": Weights(1.0, 3.0), "grandma": GRANDMA, "like grandma": Weights(30.0, 1.0)}
    rating = rater(en=learned).rate("the cake is like grandma", "en")

    assert [phrase for phrase, _ in rating.because] == [
        "learned: like grandma", "learned: grandma", "learned: cake",
    ]  # fmt: skip
    assert [much for _, much in rating.because] == sorted((much for _, much in rating.because), reverse=True)
    assert RATER.rate("five weeks for a cake", "en").because[0][1] < 0


def test_own_words_win() -> None:
    own = OwnWords(positive=("cake",), negative=("hers",), neutral=("grandma", "five weeks"))

    assert RATER.rate("five weeks for a cake", "en", own).verdict == "positive"
    assert RATER.rate("grandma like the cake hers", "en", own).verdict == "neutral"
    assert RATER.rate("the is like grandma", "en", own).verdict == "neutral"
    assert RATER.rate("five weeks for a like", "en", own).verdict == "neutral"


def test_a_long_text_is_not_surer_than_a_usual_one_and_a_short_one_is_less_so() -> None:
    learned = {f"w{number}": Weights(1.0, 0.0) for number in range(1000)}

    def sum_of(words: int) -> float:
        judgement = judge(
            Phrases([f"w{number}" for number in range(words)], []), {**learned, ALWAYS: Weights(5, 0)}
        )
        assert judgement is not None
        return judgement.because[0][1]

    assert sum_of(1) == sum_of(30)
    assert sum_of(120) == pytest.approx(sum_of(30) / 2)


def test_nothing_is_as_likely_as_all_else_together() -> None:
    def verdict(positive: float, negative: float) -> str | None:
        judgement = judge(Phrases(["a"], []), {"a": Weights(0, 0), ALWAYS: Weights(positive, negative)})
        return judgement and judgement.verdict

    assert (verdict(0.0, 0.0), verdict(1.0, 1.0)) == (None, None)
    assert (verdict(1.0, 0.5), verdict(1.0, 0.6)) == ("positive", None)
    assert (verdict(0.5, 1.0), verdict(0.6, 1.0)) == ("negative", None)
    assert verdict(0.1, -100.0) == "positive"


def test_what_the_lexicon_found_speaks_too() -> None:
    learned = {**KNOWN, PRAISE: Weights(0.0, 100.0), "(hinted praise)": Weights(100.0, 0.0)}

    assert rater(en=learned).rate("still a cake", "en").verdict == "positive"
    assert rater(en=learned).rate("a cake", "en").verdict == "neutral"


TEXTS = st.lists(
    st.sampled_from(["grandma", "five", "weeks", "cake", "the", "?", "!", "first", "still", "😍", "ñ", "\n"])
    | st.text(max_size=5)
).map(" ".join)
WEIGHTS = st.floats(-100, 100).map(lambda weight: round(weight, 2))


@given(
    TEXTS,
    st.dictionaries(st.sampled_from([*KNOWN, ALWAYS, "five weeks", "grandma"]), st.tuples(WEIGHTS, WEIGHTS)),
)
def test_whatever_the_text_and_weights_there_is_a_rating(
    text: str, learned: dict[str, tuple[float, float]]
) -> None:
    weights = {phrase: Weights(*both) for phrase, both in learned.items()}
    alone, both = LexiconRater(RULES).rate(text, "en"), rater(en=weights).rate(text, "en")

    assert both == rater(en=dict(reversed(weights.items()))).rate(text, "en")
    assert both == alone or (alone.verdict == "neutral" and both.verdict in ("positive", "negative"))


@given(TEXTS, st.sampled_from(["en", "fr", "es"]))
def test_what_the_lexicon_says_stands(text: str, language: str) -> None:
    """Only what the usual lexicon calls neutral is called otherwise."""
    rating = usual_rater().rate(text, language)
    learned = [phrase for phrase, _ in rating.because if phrase.startswith("learned: ")]

    assert not learned or (len(learned) == len(rating.because) and rating.verdict != "neutral")
