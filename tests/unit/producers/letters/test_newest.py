"""Of many letters the newest are kept."""

from hypothesis import given
from hypothesis import strategies as st

from producers.letters.newest import Newest
from tests.unit.producers.letters.writing import letter


@given(st.lists(st.integers(0, 20), max_size=30), st.integers(1, 5))
def test_the_newest_are_kept_the_newest_first(arrivals: list[int], most: int) -> None:
    newest = Newest(most)
    for place, arrival in enumerate(arrivals):
        newest.add(letter(place=place, arrival=arrival))

    kept = [(one.arrival, one.place.offset) for one in newest]
    assert kept == sorted(((arrival, place) for place, arrival in enumerate(arrivals)), reverse=True)[:most]
