"""Why something is not shown: the words blame what is to blame."""

from commands.live.sentences import budget_line, verdict_lines, why_nothing, worker_lines
from models.kpis.concerns import BUDGET, CONCERNS
from models.readings.figure import Figure
from tests.unit.commands.live.building import HERE, NOW, READY, THERE, answer, campaign, figure, problem, seen

BOTH = (HERE, THERE)


def test_before_any_worker_answers_it_says_how_one_is_started() -> None:
    assert "kpis up" in why_nothing(seen())


def test_a_worker_that_is_not_ready_says_why_and_nothing_is_said_of_the_registry() -> None:
    waiting = answer(ready=False, reason="waiting for Kafka at 127.0.0.1:9092", registered=0)
    said = why_nothing(seen(waiting))
    assert "waiting for Kafka at 127.0.0.1:9092" in said
    assert "registered" not in said


def test_where_a_worker_is_away_the_others_nothing_is_not_blamed_on_the_campaigns() -> None:
    said = why_nothing(seen(answer(registered=3), problem(THERE), workers=BOTH))
    assert "does not answer" in said


def test_campaigns_that_others_count_are_not_called_unregistered() -> None:
    assert why_nothing(seen(answer(registered=3))).startswith(
        "3 campaigns are registered, but none is shown here"
    )
    assert why_nothing(seen(answer(registered=1))).startswith("1 campaign is registered")


def test_only_an_empty_registry_is_called_empty() -> None:
    assert why_nothing(seen(answer(registered=0))).startswith("No campaign is registered")


def test_each_worker_that_is_away_or_not_ready_is_named_with_its_reason() -> None:
    joining = answer(address=THERE, ready=False, reason="joining the group")
    memory = seen(answer(campaign(), ago=41), problem(HERE), joining, workers=BOTH)
    away, unready = worker_lines(memory, NOW.timestamp())
    assert HERE in away.text
    assert "41 s ago" in away.text
    assert unready.text == f"✗ The worker at {THERE} is not ready: joining the group"


def test_where_all_is_well_one_line_says_so() -> None:
    (line,) = worker_lines(seen(answer(reason=READY)), NOW.timestamp())
    assert line.text == "● 1 worker, ready"


def test_campaigns_of_workers_that_are_not_asked_are_counted() -> None:
    memory = seen(answer(campaign("one"), elsewhere=2))
    (line,) = worker_lines(memory, NOW.timestamp())
    assert "2 more campaigns are shown by workers that are not asked" in line.text
    both = seen(
        answer(campaign("one"), elsewhere=1),
        answer(campaign("two"), address=THERE, elsewhere=1),
        workers=BOTH,
    )
    assert both.missing(NOW.timestamp()) == 0


def test_a_hostile_reason_is_spelt_out() -> None:
    memory = seen(answer(ready=False, reason="\x1b[2J"))
    assert "\x1b" not in why_nothing(memory) + worker_lines(memory, 0)[0].text


def test_each_concern_beside_the_budget_has_its_sentence() -> None:
    for name in CONCERNS:
        lines = verdict_lines(campaign(concerns={name: -1}))
        assert [line.text[0] for line in lines] == ([] if name in BUDGET else ["✗"])


def test_silence_and_budget_are_told_before_kpis() -> None:
    kpis: dict[str, Figure | float] = {
        "cpa": figure(30, -1),
        "budget_spent_ratio": 0.33,
        "forecast_spent_ratio": figure(1.27, lower=1.18, upper=1.37),
    }
    loud = campaign(kpis=kpis, concerns={"silence": -1, "overspend": -1})
    first, second = verdict_lines(loud)
    assert first.text.startswith("✗ Silent")
    assert second.text.startswith("✗ CPA 30.00 EUR")
    (money,) = budget_line(loud)
    assert money.text == "▲ 33% of 1,000.00 EUR is spent: likely 118% to 137% by the end of the flight."
    assert (
        verdict_lines(campaign(kpis={"cpa": figure(20, 1)}))[0].text == "✓ Nothing is beyond its threshold."
    )
