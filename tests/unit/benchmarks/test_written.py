"""The page that benchmarks write parts of."""

import pytest

from benchmarks.written import NoSuchPart, replaced

PAGE = "# Page\n\n<!-- a -->\nold\n<!-- end of a -->\n\nBetween.\n\n<!-- b -->\nkept\n<!-- end of b -->\n"


def test_a_part_is_replaced_and_the_rest_stays() -> None:
    assert replaced(PAGE, "a", "new\n") == PAGE.replace("\nold\n", "\n\nnew\n\n")


def test_to_replace_a_part_twice_is_to_replace_it_once() -> None:
    assert replaced(replaced(PAGE, "b", "x"), "b", "y") == replaced(PAGE, "b", "y")


def test_a_part_without_a_place_is_refused() -> None:
    with pytest.raises(NoSuchPart, match="end of c"):
        replaced(PAGE, "c", "text")
