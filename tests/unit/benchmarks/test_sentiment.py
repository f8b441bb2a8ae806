"""What the judge of the rating reads and reckons."""

import json
from pathlib import Path

import pytest

from benchmarks.sentiment.afinn import rate
from benchmarks.sentiment.judged import FormError, Judged, comments, tweets
from benchmarks.sentiment.raters import OURS, OURS_FOUND, ours
from benchmarks.sentiment.scores import Pair, Score, scores_of


def test_scores_are_those_of_the_textbook() -> None:
    pairs: list[Pair] = [
        ("positive", "positive"),
        ("positive", "positive"),
        ("positive", "negative"),
        ("negative", "negative"),
        ("neutral", "neutral"),
        ("neutral", "positive"),
    ]

    scores = scores_of(pairs)

    assert scores.by_class == {
        "positive": Score(precision=2 / 3, recall=2 / 3),
        "negative": Score(precision=1 / 2, recall=1),
        "neutral": Score(precision=1, recall=1 / 2),
    }
    assert scores.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 2 / 3) / 3)
    assert (scores.right, scores.unrated) == (4 / 6, 0)


def test_an_unrated_text_counts_as_neutral_and_as_wrong_unless_it_is_neutral() -> None:
    scores = scores_of(
        [("positive", "unrated"), ("neutral", "unrated"), ("neutral", "neutral"), ("negative", "negative")]
    )

    assert scores.by_class["neutral"] == Score(precision=2 / 3, recall=1)
    assert (scores.right, scores.unrated) == (3 / 4, 2 / 4)


def test_what_nobody_is_or_is_rated_as_has_no_score() -> None:
    assert scores_of([("positive", "neutral")]).by_class["negative"] == Score(0, 0)
    assert scores_of([]).macro_f1 == 0


def test_tweets_are_read_in_their_order(tmp_path: Path) -> None:
    for name in ("english", "french", "spanish"):
        (tmp_path / f"{name}_val_text.txt").write_text("a\u2028b \nc\n")
        (tmp_path / f"{name}_val_labels.txt").write_text("0\n2\n")

    assert tweets(tmp_path)[:3] == [
        Judged("en", "a\u2028b ", "negative"),
        Judged("en", "c", "positive"),
        Judged("fr", "a\u2028b ", "negative"),
    ]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ("0\n", "2 texts and 1 labels in english"),
        ("0\n3\n", "english_val_labels.txt:2: the label must be 0, 1 or 2"),
    ],
)
def test_labels_that_do_not_fit_are_named(tmp_path: Path, labels: str, message: str) -> None:
    (tmp_path / "english_val_text.txt").write_text("a\nb\n")
    (tmp_path / "english_val_labels.txt").write_text(labels)

    with pytest.raises(FormError, match=message):
        tweets(tmp_path)


def test_comments_are_read_from_all_files(tmp_path: Path) -> None:
    one, other = Judged("fr", "bof\nbof", "negative"), Judged("en", "ok", "neutral")
    (tmp_path / "b.jsonl").write_text(json.dumps(other._asdict()) + "\n")
    (tmp_path / "a.jsonl").write_text(json.dumps(one._asdict()))

    assert comments(tmp_path) == [one, other]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "{}",
        '{"language": "de", "text": "a", "verdict": "neutral"}',
        '{"language": "en", "text": "a", "verdict": "bad"}',
    ],
)
def test_a_line_that_is_no_comment_is_named(tmp_path: Path, line: str) -> None:
    good = '{"language": "en", "text": "a", "verdict": "neutral"}'
    (tmp_path / "a.jsonl").write_text(f"{good}\n{line}\n{good}")

    with pytest.raises(FormError, match=r"a\.jsonl:2: "):
        comments(tmp_path)


def test_a_folder_without_texts_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormError, match="there is no"):
        comments(tmp_path)
    with pytest.raises(FormError, match=r"english_val_text\.txt: No such file"):
        tweets(tmp_path)


def test_ours_rates_with_the_language_given_and_found() -> None:
    rated = ours([Judged("fr", "pain", "neutral"), Judged("en", "I hate it", "negative")])

    assert rated[OURS].verdicts == ["neutral", "negative"]
    assert rated[OURS_FOUND].verdicts == ["negative", "negative"]


@pytest.mark.parametrize(
    ("text", "verdict"), [("Good!", "positive"), ("good bad bad", "negative"), ("so 😍", "neutral")]
)
def test_afinn_adds_words_up(text: str, verdict: str) -> None:
    assert rate(text, {"good": 3, "bad": -3}) == verdict
