from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from models.scopes import ABSENT, Leaf
from models.times import DAY, SECOND
from producers.collector.click_ids import LONGEST, BadClickId, Click, ClickIds, is_macro, may_be_click_id
from tests.unit.producers.collector.attributing import FORMER_KEY, KEY, LIFETIME, NOON

NAMES = st.text("ABCxyz019._:-", min_size=1, max_size=64)
LEAVES = st.builds(Leaf, NAMES, NAMES, NAMES, NAMES, NAMES)
LEAF = Leaf("summer-glow", "ana", "reel-1", "instagram", "reel")
LONG = Leaf(*("x" * 64 for _ in Leaf._fields))


def ids(*keys: SecretStr, links: Any = None) -> ClickIds:
    return ClickIds(keys or (KEY, FORMER_KEY), links or {}, LIFETIME)


def reason(text: str, reader: ClickIds | None = None, at: int | None = NOON) -> str:
    with pytest.raises(BadClickId) as refused:
        (reader or ids()).read(text, at)
    return refused.value.reason


@given(LEAVES, NAMES, st.integers(0, 2**32 - 1))
def test_a_click_id_tells_leaf_and_second_of_its_click(leaf: Leaf, link: str, second: int) -> None:
    reader = ids(links={(leaf.campaign, link): leaf})
    text = reader.make(leaf, link, second * SECOND + 999_999)

    assert reader.read(text, second * SECOND) == Click(leaf, second * SECOND)
    assert len(text) <= LONGEST
    assert may_be_click_id(text)
    assert not is_macro(text)


def test_an_id_of_usual_names_is_short_and_of_the_longest_names_within_the_limit() -> None:
    assert len(ids().make(LEAF, "ana-reel-1", NOON)) < 70
    assert len(ids().make(LONG, "l" * 64, NOON)) < LONGEST


@given(LEAVES, st.data())
def test_an_id_with_any_byte_changed_is_refused(leaf: Leaf, data: st.DataObject) -> None:
    text = ids().make(leaf, "link", NOON)
    at = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.sampled_from("ABCXYZabcxyz0189-_").filter(lambda sign: sign != text[at]))

    assert reason(text[:at] + sign + text[at + 1 :]) in ("forged_click_id", "malformed_click_id")


@given(LEAVES, LEAVES, st.integers(1, 10**6))
def test_no_two_clicks_have_the_same_id(one: Leaf, other: Leaf, seconds: int) -> None:
    make = ids().make

    assert make(one, "link", NOON) != make(one, "link", NOON + seconds * SECOND)
    assert (make(one, "link", NOON) == make(other, "link", NOON)) == (one == other)


def test_there_is_one_text_only_for_a_click() -> None:
    """The last sign of base64 has bits that nobody reads: another sign would say the same."""
    text = ids().make(Leaf("a", "b", "c", "d"), "link", NOON)
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    alike = [text[:-1] + sign for sign in signs] + [
        text + "=",
        text + "\n",
        " " + text,
        text[:9] + "!" + text[9:],
    ]

    assert [one for one in alike if reason_or_none(one) is None] == [text]


def reason_or_none(text: str) -> str | None:
    try:
        ids().read(text, NOON)
    except BadClickId as error:
        return error.reason
    return None


def test_both_keys_open_and_the_current_one_signs() -> None:
    old = ids(FORMER_KEY).make(LEAF, "link", NOON)
    new = ids().make(LEAF, "link", NOON)

    assert ids().read(old, NOON).leaf == ids().read(new, NOON).leaf == LEAF
    assert new == ids(KEY).make(LEAF, "link", NOON) != old
    assert reason(old, ids(KEY)) == "forged_click_id"


def test_a_click_is_too_old_one_second_after_its_lifetime() -> None:
    text = ids().make(LEAF, "link", NOON)

    assert ids().read(text, NOON + LIFETIME).leaf == LEAF
    assert reason(text, at=NOON + LIFETIME + SECOND) == "expired"
    assert ids().read(text, None).leaf == LEAF


def test_a_link_may_be_removed_while_its_clicks_are_out() -> None:
    assert ids(links={}).read(ids().make(LEAF, "ana-reel-1", NOON), NOON).leaf == LEAF


@pytest.mark.parametrize("links", [{}, {(LONG.campaign, "link"): LONG._replace(influencer="other")}])
def test_of_the_longest_names_a_link_that_is_not_what_it_was_leaves_the_campaign(links: Any) -> None:
    text = ids().make(LONG, "link", NOON)

    assert ids(links={(LONG.campaign, "link"): LONG}).read(text, NOON).leaf == LONG
    assert ids(links=links).read(text, NOON) == Click(Leaf(LONG.campaign, ABSENT, ABSENT, ABSENT), NOON)


@pytest.mark.parametrize(
    "text",
    ["{click_id}", "{{click_id}}", "${CLICK_ID}", "__CLICKID__", "%7Bclick_id%7D", "[CLICK_ID]", "<click id>",
     "%%CLICK%%", "#click_id#", " {cid} ", "x{cid}y", "{}"],
)  # fmt: skip
def test_a_macro_that_nobody_filled_in_is_called_so(text: str) -> None:
    assert reason(text) == "unfilled_macro"


@given(st.text(max_size=300))
def test_any_text_is_refused_with_a_reason(text: str) -> None:
    assert reason_or_none(text) is not None


@pytest.mark.parametrize(
    "text", ["", "A", "abc", "user_4711", "é" * 80, "A" * 201, "\ud800" * 40, "A" * 24 + "\0"]
)
def test_what_has_not_the_form_of_a_click_id_is_malformed(text: str) -> None:
    assert reason(text) == "malformed_click_id"


def test_a_campaign_of_later_days_is_read_until_2106() -> None:
    last = (2**32 - 1) * SECOND

    assert ids().read(ids().make(LEAF, "link", last), last + DAY).time == last
