"""What keeps the collector from starting is a sentence."""

import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from commands import collect
from commands.failure import FAILED, WRONG_USE
from commands.main import main
from models.settings import Settings


@pytest.mark.parametrize(
    ("secrets", "said"), [('person_salt = "short"', "person_salt: "), ("x = [", "is not TOML")]
)
def test_wrong_secrets_are_named_and_exit_code_2(tmp_path: Path, secrets: str, said: str) -> None:
    (tmp_path / "secrets.toml").write_text(secrets)

    done = CliRunner().invoke(main, ["collect"], env={"KPIS_DATA_DIR": str(tmp_path)})

    assert done.exit_code == WRONG_USE
    assert f"{tmp_path / 'secrets.toml'}: " in done.output
    assert said in done.output
    assert "short" not in done.output


def test_a_secret_in_the_environment_stands_for_a_file(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        main, ["collect"], env={"KPIS_DATA_DIR": str(tmp_path), "KPIS_SECRETS": "x = ["}
    )

    assert done.exit_code == WRONG_USE
    assert "KPIS_SECRETS: is not TOML" in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_named_and_missing_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "none.toml"

    done = CliRunner().invoke(main, ["collect"], env={"KPIS_SECRETS_FILE": str(file)})

    assert done.exit_code == WRONG_USE
    assert str(file) in done.output
    assert not file.exists()


def test_secrets_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)

    first, again = (collect._secrets(settings, quiet=True) for _ in range(2))

    assert first == again
    assert stat.S_IMODE((tmp_path / "secrets.toml").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    done = CliRunner().invoke(main, ["collect"], env={"KPIS_DATA_DIR": str(tmp_path / "file")})

    assert done.exit_code == FAILED
    assert "KPIS_DATA_DIR" in done.output
    assert "Traceback" not in done.output


def test_a_file_of_certificates_that_is_missing_is_a_sentence(tmp_path: Path) -> None:
    own = {"KPIS_DATA_DIR": str(tmp_path), "KPIS_KAFKA_SECURITY_PROTOCOL": "SSL"}

    done = CliRunner().invoke(
        main, ["collect"], env={**own, "KPIS_KAFKA_CA_FILE": str(tmp_path / "none.pem")}
    )

    assert done.exit_code == FAILED
    assert "KPIS_KAFKA_CA_FILE" in done.output


def test_after_a_defect_it_ends_with_a_sentence_so_that_it_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def defective(*given: Any, **_: Any) -> AsyncIterator[None]:
        _, _, _, failed = given
        failed()
        yield

    monkeypatch.setattr(collect, "collecting", defective)

    done = CliRunner().invoke(main, ["collect"], env={"KPIS_DATA_DIR": str(tmp_path)})

    assert done.exit_code == FAILED
    assert "a defect of its own" in done.output
