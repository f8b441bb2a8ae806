"""What is learned from comments, and that it is what the data files hold."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from benchmarks.sentiment.judged import VERDICTS, comments
from learning.examples import Example, examples_of, lexicon, rated
from learning.files import HERE, all_comments, content, digest, made_from, of_language
from learning.learner import Settings, learn
from learning.regression import fit
from learning.trials import cells, in_parts, left_out
from models.sentiment.data_files import LANGUAGES, Language
from models.sentiment.folding import composed, folded
from models.sentiment.learned import ALWAYS, Phrases, judge
from models.sentiment.rating import Verdict
from models.sentiment.weights import read_weights

ROOT = HERE.parent


def toy(text: str, verdict: Verdict, by_lexicon: Verdict = "neutral") -> Example:
    words = text.split()
    pairs = [" ".join(pair) for pair in pairwise(words)]
    return Example(Phrases(words, pairs), verdict, by_lexicon, by_lexicon == "neutral")


def toys(times: int = 10) -> list[Example]:
    return [
        toy("grandma would wear that dress", "positive"),
        toy("five weeks for that dress", "negative"),
        toy("which shop has that dress", "neutral"),
    ] * times


def quiet(_: str) -> None:
    """Say nothing."""


def test_a_toy_problem_is_learned() -> None:
    learned = learn(toys())

    assert {rated(example, learned) == example.verdict for example in toys(1)} == {True}
    assert learned["grandma"].positive > 1 > learned["grandma"].negative
    assert learned["five weeks"].negative > 1 > learned["five weeks"].positive
    assert judge(Phrases(["unheard", "of", "words"], []), learned) is None


def test_it_is_learned_the_same_each_time_and_in_any_order() -> None:
    learned = learn(toys())

    assert learn(toys()) == learned
    turned = learn(toys()[::-1])
    assert turned.keys() == learned.keys()
    for phrase, weights in learned.items():
        assert turned[phrase] == pytest.approx(weights, abs=0.02)


def test_what_says_little_is_left_out_but_for_words() -> None:
    examples = [*toys(), toy("alone there", "neutral")]

    loose, strict = learn(examples, Settings(least_weight=0.0)), learn(examples, Settings(least_weight=2.0))

    assert "alone" in strict and "alone there" not in loose
    assert {phrase for phrase in loose if " " not in phrase} <= strict.keys()
    assert "that dress" in loose and "that dress" not in strict
    assert ALWAYS in strict


@given(
    st.lists(st.tuples(st.lists(st.floats(-2, 2), min_size=3, max_size=3), st.integers(0, 2)), min_size=3),
    st.floats(0.1, 10),
)
def test_no_step_from_what_is_found_costs_less(rows: list[tuple[list[float], int]], penalty: float) -> None:
    features = csr_matrix(np.array([row for row, _ in rows]))
    classes = np.array([*(one for _, one in rows[:-3]), 0, 1, 2])
    weights, always = fit(features, classes, penalty)

    def cost(weights: np.ndarray, always: np.ndarray) -> float:
        scores = features @ weights + always
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return float(penalty / 2 * (weights**2).sum() - logs[np.arange(len(classes)), classes].sum())

    best = cost(weights, always)
    for step in (-0.1, 0.1):
        for place in np.ndindex(weights.shape):
            moved = weights.copy()
            moved[place] += step
            assert cost(moved, always) > best


def test_each_set_is_tried_by_the_others_and_each_tenth_by_the_rest() -> None:
    sets = {"one": toys(5), "two": toys(5), "odd": [toy("nothing known here", "positive")]}

    trials = [*left_out(sets, quiet), *in_parts(sets, quiet)]

    assert [cells(alone) for _, alone, _ in trials[:2]] == [["0.333", "0.167", "0.00, 0.00"]] * 2
    assert [cells(together) for _, _, together in trials[:2]] == [["1.000", "1.000", "1.00, 1.00"]] * 2
    assert cells(trials[2][2])[0] == "0.000"
    assert sum(len(together) for _, _, together in trials[3:]) == 31
    assert cells([("neutral", "neutral"), ("neutral", "positive")]) == ["0.500", "–", "–"]


def test_the_lexicon_that_judges_is_not_asked_twice() -> None:
    assert rated(toy("grandma would wear that dress", "negative", "negative"), learn(toys())) == "negative"


def test_comments_are_read_by_the_lexicon_alone() -> None:
    sets = of_language(all_comments(), "en")
    examples = examples_of(sets["plain"][:20], "en", lexicon())

    assert {example.verdict for example in examples} == {"neutral"}
    assert sum(example.is_silent for example in examples) > 10
    assert all(example.phrases.words for example in examples)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_is_of_these_comments(language: Language) -> None:
    expected = digest(of_language(all_comments(), language), Settings())

    assert made_from(language) == expected, "run python -m learning --write"


def test_what_is_written_is_read_as_it_was_learned() -> None:
    learned = learn(toys())

    written = content(learned, {}, Settings())

    assert read_weights("a.tsv", written.encode()) == learned
    assert digest({}, Settings()) in written
    assert digest({}, Settings(penalty=2.0)) not in written


def texts(*folders: str) -> list[tuple[str, str]]:
    return [
        (one.language, " ".join(folded(composed(one.text)).split()))
        for folder in folders
        for one in comments(ROOT / folder)
    ]


def test_no_comment_stands_there_twice_or_judges_too() -> None:
    learned = texts(*(f"learning/comments/{name}" for name in all_comments()))
    # Who works on the rating must not read what judges it, so nothing but a number may be printed.
    twice = len(learned) - len(set(learned))
    in_both = len(set(learned) & set(texts("tests/comments", "tests/comments/unseen")))

    assert (twice, in_both) == (0, 0)


@pytest.mark.parametrize("name", ["first", "second", "third", "fourth"])
def test_each_verdict_has_about_a_third_of_a_set(name: str) -> None:
    found = all_comments()[name]

    for language in LANGUAGES:
        verdicts = [one.verdict for one in found if one.language == language]
        assert all(0.28 < verdicts.count(verdict) / len(verdicts) < 0.38 for verdict in VERDICTS)
