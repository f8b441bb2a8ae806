"""Contents have the numbers in whose order they came, each influencer's own."""

from hypothesis import given
from hypothesis import strategies as st

from models.scopes import ScopeKey
from models.state.contents import Contents

NAMED = st.tuples(st.integers(0, 20), st.sampled_from(["reel-1", "reel-2", "none"]))


def influencer(number: int) -> ScopeKey:
    return ScopeKey("influencer", ("glow", f"i{number}"))


@given(st.lists(NAMED, max_size=100), st.lists(NAMED, max_size=10))
def test_contents_are_numbered_as_they_come_and_known_by_influencer_and_name(
    named: list[tuple[int, str]], asked: list[tuple[int, str]]
) -> None:
    contents = Contents([influencer(number) for number in range(21)])

    found = [contents.number_for(*one) for one in named]

    distinct = list(dict.fromkeys(named))
    assert found == [distinct.index(one) for one in named]
    assert [contents[number] for number in range(len(contents))] == [
        ScopeKey("content", (*influencer(number).ids, name)) for number, name in distinct
    ]
    for one in asked:
        assert contents.number(*one) == (distinct.index(one) if one in distinct else None)
    assert len(contents) == len(distinct)
