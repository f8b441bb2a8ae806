"""The walk of a click: how it is measured, and that it stays as short as was promised."""

import pytest

from docs.walk import Walk, walk, walk_of_a_click
from models.tally import by_family, merge
from models.times import parse_time


@pytest.fixture(scope="module")
def click() -> Walk:
    """Walk with a click once."""
    return walk_of_a_click()


def test_a_walk_lists_our_files_once_in_order_and_counts_no_call_within_a_file() -> None:
    found = walk(lambda: (merge([{"clicks": 1}]), parse_time("2026-11-01T00:00:00Z"), by_family({})))

    assert list(found.entered) == ["models/tally.py", "models/times.py"]
    assert found.entered["models/tally.py"] == ["merge", "by_family"]
    assert found.hops == 0, "this file is none of the product's: what it calls is entered, and no hop"


def test_a_call_from_one_of_our_files_into_another_is_a_hop_each_time(click: Walk) -> None:
    into_others = sum(map(len, click.entered.values()))

    assert click.hops == into_others - 2, "accepting and applying are called from here"


def test_a_click_goes_through_few_files(click: Walk) -> None:
    assert len(click.entered) < 28
    assert click.hops < 65
