"""What is left out of a page that would have too many series."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from exporters.series_budget import Entry, left_out
from models.scopes import LABELS, ScopeKey

SCOPES = [ScopeKey(name, ids) for name, labels in LABELS.items() for ids in product("ab", repeat=len(labels))]
ENTRIES = st.lists(
    st.builds(Entry, st.sampled_from(SCOPES), st.integers(1, 9), st.integers(0, 3)),
    unique_by=lambda entry: entry.scope,
    max_size=12,
)
BUDGETS = st.integers(0, 60)


def content(name: str, series: int, activity: int) -> Entry:
    return Entry(ScopeKey("content", ("glow", "ana", name)), series, activity)


def total(entries: list[Entry]) -> int:
    return sum(entry.series for entry in entries)


def test_within_the_budget_nothing_is_left_out() -> None:
    assert left_out([content("a", 5, 0), content("b", 5, 0)], 10) == []


def test_the_least_active_content_goes_first_and_no_more_than_needed() -> None:
    busy, quiet, quieter = content("a", 5, 9), content("b", 5, 2), content("c", 5, 1)

    assert left_out([quiet, busy, quieter], 14) == [quieter]
    assert left_out([quiet, busy, quieter], 9) == [quieter, quiet]


def test_of_equally_active_ones_the_lowest_ids_go_first() -> None:
    assert left_out([content("b", 5, 0), content("a", 5, 0)], 9) == [content("a", 5, 0)]


def test_busy_contents_go_before_quiet_channels_and_those_before_quiet_influencers() -> None:
    influencer = Entry(ScopeKey("influencer", ("glow", "ana")), 5, 0)
    channel = Entry(ScopeKey("channel", ("glow", "tiktok")), 5, 0)
    busy = content("a", 5, 99)

    assert left_out([influencer, channel, busy], 10) == [busy]
    assert left_out([influencer, channel, busy], 5) == [busy, channel]
    assert left_out([influencer, channel, busy], 0) == [busy, channel, influencer]


@given(ENTRIES, BUDGETS)
def test_what_stays_is_within_the_budget_wherever_the_campaigns_are(
    entries: list[Entry], budget: int
) -> None:
    campaigns = [entry for entry in entries if entry.scope.name == "campaign"]
    chosen = left_out(entries, budget)

    assert not set(chosen) & set(campaigns)
    assert total(entries) - total(chosen) <= max(budget, total(campaigns))


@given(ENTRIES, BUDGETS)
def test_no_influencer_goes_while_a_content_or_channel_stays(entries: list[Entry], budget: int) -> None:
    chosen = left_out(entries, budget)
    staying = {entry.scope.name for entry in entries if entry not in chosen}

    if any(entry.scope.name == "influencer" for entry in chosen):
        assert not staying & {"content", "channel"}


@given(ENTRIES, BUDGETS)
def test_what_goes_is_no_more_active_than_what_stays_of_its_scope(entries: list[Entry], budget: int) -> None:
    chosen = left_out(entries, budget)
    for gone in chosen:
        for entry in entries:
            if entry.scope.name == gone.scope.name and entry not in chosen:
                assert (gone.activity, gone.scope.ids) < (entry.activity, entry.scope.ids)


@given(ENTRIES.flatmap(lambda entries: st.tuples(st.just(entries), st.permutations(entries))), BUDGETS)
def test_the_choice_does_not_depend_on_the_order(both: tuple[list[Entry], list[Entry]], budget: int) -> None:
    entries, shuffled = both

    assert left_out(entries, budget) == left_out(shuffled, budget)


@given(ENTRIES, BUDGETS, BUDGETS)
def test_a_smaller_budget_leaves_out_the_same_and_more(entries: list[Entry], one: int, other: int) -> None:
    few, many = left_out(entries, max(one, other)), left_out(entries, min(one, other))

    assert many[: len(few)] == few
