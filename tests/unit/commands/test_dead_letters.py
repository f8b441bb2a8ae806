"""What `kpis dead-letters` prints of letters is harmless, and wrong use is a sentence."""

import json
from collections import Counter

import pytest
from click.testing import CliRunner, Result

from commands.dead_letters import seconds_unseen
from commands.letters.telling import print_pictures, print_table, tally_lines
from commands.main import main
from commands.printable import printable
from models.dead_letters import Letter
from models.times import SECOND
from producers.letters.choosing import About
from producers.letters.picture import picture
from producers.letters.reinjection import Tally
from producers.letters.table import Table
from tests.unit.commands.names import HOSTILE
from tests.unit.models.building import NOON
from tests.unit.producers.letters.writing import event, letter


def kpis(*arguments: str) -> Result:
    nowhere = {"KPIS_KAFKA": "127.0.0.1:1", "KPIS_REDIS_URL": "redis://127.0.0.1:1/0"}
    return CliRunner().invoke(main, ["dead-letters", *arguments], env=nowhere)


@pytest.mark.parametrize(("name", "printed"), HOSTILE.items())
def test_names_that_a_terminal_would_obey_are_spelt(
    name: str, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    table = Table()
    table.add(About(name, name, name, name), NOON)
    raw = name.encode()
    one = letter(b'{"text": "' + raw, headers=[(name, raw)], reason=name, key=raw)

    print_table(table, as_json=False)
    print_pictures([picture(one, personal=True)], as_json=False)
    print_table(table, as_json=True)
    print_pictures([picture(one, personal=True)], as_json=True)

    said = capsys.readouterr().out
    assert printed in said
    assert printable(said, keep="\n") == said


def test_a_letter_is_shown_with_what_was_wrong_where_it_came_from_and_what_it_holds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = letter(event(person_id="p1", source="shop"), place=7)
    print_pictures([picture(one, personal=False)], as_json=False)

    first, second, third, fourth = capsys.readouterr().out.splitlines()
    assert first == "0:7  2026-11-10T12:00:00Z  unknown_campaign  field: rule"
    assert second == "  came on team.clicks/1, offset 107; campaign glow; source shop"
    assert third == "  key glow; headers (none)"
    assert json.loads(fourth)["person_id"] == "********"


def test_for_programs_each_letter_is_json_on_a_line_and_what_it_does_not_tell_is_null(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ours = letter()
    foreign = Letter(ours.place, ours.arrival, None, b"\xfe\n", [])
    print_pictures([picture(ours, personal=False), picture(foreign, personal=False)], as_json=True)

    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["letter"], first["topic"], first["offset"]) == ("0:0", "team.clicks", 100)
    assert (first["value"]["campaign_id"], first["bytes"]) == ("glow", None)
    assert [second[name] for name in ("reason", "topic", "campaign", "key", "value")] == [None] * 5
    assert second["bytes"].startswith("\\xfe")


def test_what_became_of_letters_is_told_by_reason_and_nothing_of_what_there_was_none() -> None:
    tally = Tally(
        sent=Counter(unknown_campaign=3),
        sent_before=2,
        left_alone=1,
        refused=Counter(outside_flight=4, future=1),
        cannot_be_sent=Counter({"it came from elsewhere": 5}),
    )

    assert [line.partition(": their")[0] for line in tally_lines(tally, sent=True)] == [
        "sent 3: unknown_campaign 3",
        "already sent 2",
        "still refused 5: outside_flight 4, future 1",
        "left alone 1",
        "cannot be sent 5: it came from elsewhere",
    ]
    assert tally_lines(Tally(), sent=False) == ["would be sent 0"]


@pytest.mark.parametrize(("age", "left"), [(0.0, 3.0), (1.0, 2.0), (3.0, 0.0), (86_400.0, 0.0), (-2.0, 3.0)])
def test_workers_are_given_three_seconds_to_see_a_registry(age: float, left: float) -> None:
    now = NOON / SECOND
    assert seconds_unseen(round((now - age) * 1000), now) == pytest.approx(left)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "3"], "3: must be PARTITION:OFFSET, such as 3:120"),
        (["show", "3:120", "--reason", "future"], "Give either PARTITION:OFFSET or what to choose by."),
        (["list", "--since", "yesterday"], "or how long ago: 45m, 2h, 7d"),
        (["list", "--since", "1h", "--until", "2h"], "--since must be before --until"),
        (["show", "--limit", "0"], "0 is not in the range 1<=x<=1000"),
        (["reinject"], "no terminal to ask on: give --yes to send, or --dry-run only to look"),
        (["bury"], "No such command 'bury'"),
    ],
)
def test_wrong_use_is_told_before_any_server_is_asked(arguments: list[str], said: str) -> None:
    done = kpis(*arguments)

    assert done.exit_code == 2
    assert said in done.output
