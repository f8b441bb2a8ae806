"""Numbers of exports: what people write in cells, in either way to write decimals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.imports.numbers import DecimalSign, read_count, read_number

SIGNS = st.sampled_from([".", ","])
SEPARATORS = st.sampled_from(["", " ", "\u00a0", "\u202f", "'", "’", "other"])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        (" 1234 ", 1234),
        ("1,234", 1234),
        ("12 345", 12_345),
        ("12\u202f345", 12_345),
        ("1.2\u202fK", 1200),
        ("1'234'567", 1_234_567),
        ("1.2K", 1200),
        ("3.4 M", 3_400_000),
        ("2B", 2_000_000_000),
        ("12.0", 12),
        ("1,234.50K", 1_234_500),
    ],
)
def test_counts_are_read_as_people_write_them(text: str, count: int) -> None:
    assert read_count(text, ".") == count


@pytest.mark.parametrize(
    ("text", "count"), [("1.234", 1234), ("1.234.567", 1_234_567), ("1,2K", 1200), ("12,0", 12)]
)
def test_with_a_decimal_comma_points_part_thousands(text: str, count: int) -> None:
    assert read_count(text, ",") == count


@pytest.mark.parametrize(
    ("text", "pointed", "comma"), [("12.000", 12, 12_000), ("1.000", 1, 1_000), ("999.000", 999, 999_000)]
)
def test_what_may_mean_two_counts_is_refused_until_the_map_says_which(
    text: str, pointed: int, comma: int
) -> None:
    assert (read_count(text, "."), read_count(text, ",")) == (pointed, comma)
    with pytest.raises(ValueError, match=rf"{text} may be {comma} or {pointed}: put numbers: ") as refused:
        read_count(text, None)
    assert 'numbers: {decimal: "."} for the second' in str(refused.value)


@pytest.mark.parametrize("text", ["1.500", "84.900"])
def test_an_amount_that_may_be_a_thousand_times_as_much_is_refused_alike(text: str) -> None:
    assert read_number(text, ".") == Decimal(text)
    with pytest.raises(ValueError, match="may be"):
        read_number(text, None)


@pytest.mark.parametrize(
    "text", ["0.500", "1,234.500", "1234.500", "84.90", "1.234K", "12.0", "1,234", "1234"]
)
def test_what_can_mean_only_one_number_needs_no_sign_in_the_map(text: str) -> None:
    assert read_number(text, None) == read_number(text, ".")


@pytest.mark.parametrize("text", ["", "  ", "-", "--", "–", "—", "n/a", "N/A"])
def test_a_cell_that_says_nothing_is_no_zero(text: str) -> None:
    assert read_count(text, ".") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12%", "percentage"),
        ("-5", "negative"),
        ("−5", "negative"),
        ("5.5", "no whole number"),
        ("1.2345K", "no whole number"),
        ("1,23", 'numbers: {decimal: ","}'),
        ("12,34,567", "no number"),
        ("1,234 567", "no number"),
        ("1_000", "no number"),
        ("1e3", "no number"),
        ("٣", "no number"),
        ("0x10", "no number"),
        ("€5", "no number"),
        ("NaN", "no number"),
        ("9" * 41, "no number"),
        ("1000000000001", "1e12"),
        ("1001B", "1e12"),
    ],
)
def test_what_is_no_count_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("{", r"\{")):
        read_count(text, ".")


@given(st.integers(0, 10**12), SIGNS, SEPARATORS)
def test_every_count_is_read_back_whatever_parts_its_thousands(
    count: int, decimal: DecimalSign, separator: str
) -> None:
    by = {".": ",", ",": "."}[decimal] if separator == "other" else separator
    assert read_count(f"{count:,}".replace(",", by), decimal) == count


@given(st.decimals(0, 10**9, places=2), SIGNS)
def test_every_amount_is_read_back_exactly(amount: Decimal, decimal: DecimalSign) -> None:
    assert read_number(f"{amount:.2f}".replace(".", decimal), decimal) == amount


@given(st.integers(0, 10**12), st.sampled_from([",", "."]))
def test_without_a_sign_in_the_map_no_count_is_read_as_another(count: int, by: str) -> None:
    try:
        assert read_count(f"{count:,}".replace(",", by), None) == count
    except ValueError:
        assert by == "."


@given(st.text(max_size=60), SIGNS | st.none())
def test_any_text_is_a_number_nothing_or_refused(text: str, decimal: DecimalSign | None) -> None:
    try:
        found = read_number(text, decimal)
    except ValueError:
        return
    assert found is None or 0 <= found <= 10**12
