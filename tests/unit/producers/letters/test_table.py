"""Letters are counted by what they are about, in bounded memory, whatever they hold."""

from producers.letters.choosing import NONE, About
from producers.letters.table import LONGEST_NAME, MOST_ROWS, OTHERS, Table


def test_letters_are_counted_by_what_they_are_about_the_most_first() -> None:
    table, few, many = Table(), About("future", "a", NONE, "clicks"), About("not_json", "b", NONE, "clicks")
    for row, arrival in ((few, 5), (many, 7), (many, 3), (many, 9)):
        table.add(row, arrival)

    assert [(row, count.letters, count.first, count.last) for row, count in table.rows()] == [
        (many, 3, 3, 9),
        (few, 1, 5, 5),
    ]
    assert table.letters == 4


def test_names_without_end_and_of_any_length_take_bounded_memory() -> None:
    table = Table()
    for number in range(MOST_ROWS + 50):
        table.add(About("invalid_field", f"{number}-" + "x" * 60_000, NONE, "clicks"), number)

    assert len(table.counts) == MOST_ROWS + 1
    assert table.counts[About(OTHERS, OTHERS, OTHERS, OTHERS)].letters == 50
    assert max(len(row.campaign) for row in table.counts) == LONGEST_NAME
