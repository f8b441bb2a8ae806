"""`kpis replay` refuses what it cannot read before it asks for a broker."""

from pathlib import Path

from click.testing import CliRunner, Result

from commands.main import main


def replay(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["replay", *arguments], env={"KPIS_KAFKA": "127.0.0.1:1"})


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_bytes(b"")
    done = replay(str(there), str(tmp_path / "no-such-file"))
    assert done.exit_code == 2
    assert "no-such-file: no such file" in done.stderr


def test_a_directory_is_wrong_use(tmp_path: Path) -> None:
    done = replay(str(tmp_path))
    assert done.exit_code == 2
    assert "is a directory" in done.stderr


def test_no_file_or_an_unknown_topic_is_wrong_use() -> None:
    assert replay().exit_code == 2
    done = replay("-", "--topic", "dead-letters")
    assert done.exit_code == 2
    assert "dead-letters" in done.stderr


def test_no_broker_is_a_failure_that_names_address_and_setting(tmp_path: Path) -> None:
    events = tmp_path / "events"
    events.write_bytes(b'{"type":"click"}\n')
    done = replay(str(events))
    assert done.exit_code == 1
    assert "127.0.0.1:1" in done.stderr
    assert "KPIS_KAFKA" in done.stderr
