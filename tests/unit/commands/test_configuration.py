"""Settings come from the environment above a file; what is wrong is named as its owner wrote it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commands.configuration import load_settings
from commands.failure import WrongUse
from commands.main import main
from models.settings import Settings


def kpis(*arguments: str, **variables: str) -> Result:
    return CliRunner().invoke(main, arguments, env=variables, prog_name="kpis")


def complaint(environment: dict[str, str], config: Path | None = None) -> str:
    with pytest.raises(WrongUse) as caught:
        load_settings(environment, config)
    return caught.value.message


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a directory that has no kpis.toml."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("elsewhere")
def test_without_anything_set_the_defaults_hold() -> None:
    assert load_settings({"PATH": "/bin"}, None) == Settings()


def test_the_environment_wins_over_the_file(elsewhere: Path) -> None:
    file = elsewhere / "my.toml"
    file.write_text('group = "from-file"\nkafka = "file:1"\n')

    settings = load_settings({"KPIS_GROUP": "from-environment", "KPIS_CONFIG": str(file)}, file)

    assert (settings.group, settings.kafka) == ("from-environment", "file:1")


def test_a_file_beside_is_found_unless_another_is_named(elsewhere: Path) -> None:
    (elsewhere / "kpis.toml").write_text('group = "beside"\n')
    other = elsewhere / "other.toml"
    other.write_text("partitions = 3\n")

    assert load_settings({}, None).group == "beside"
    assert load_settings({}, other).group == Settings().group


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KPIS_PARTITIONS", "many"),
        ("KPIS_PARTITIONS", "0"),
        ("KPIS_RETENTION", "60"),
        ("KPIS_METRICS_ADDRESS", "9464"),
        ("KPIS_KAFKA_SECURITY_PROTOCOL", "TLS"),
        ("KPIS_GROUP", "a b"),
        ("KPIS_KAFKA", "kafka://127.0.0.1:9092"),
        ("KPIS_KAFKA", "127.0.0.1:9092, kafka"),
        ("KPIS_KAFKA", "127.0.0.1:99999"),
        ("KPIS_METRICS_ADDRESS", "http://127.0.0.1:9464"),
        ("KPIS_REDIS_URL", "localhost:6379"),
        ("KPIS_REDIS_URL", "localhost"),
        ("KPIS_REDIS_URL", ""),
        ("KPIS_REDIS_URL", "http://localhost:6379"),
        ("KPIS_REDIS_URL", "redis://:hush@"),
        ("KPIS_REDIS_URL", "redis://:hush@localhost:port/0"),
        ("KPIS_REDIS_URL", "redis://:hush@localhost:99999/0"),
        ("KPIS_REDIS_URL", "redis://:hush@localhost:6379/zero"),
        ("KPIS_REDIS_URL", "redis://:hush@localhost:6379/0?db=x"),
        ("KPIS_REDIS_URL", "redis://:hush@localhost:6379/0?colour=red"),
        ("KPIS_REDIS_URL", "redis://:hush@localhost:6379/0?ssl"),
        ("KPIS_REDIS_URL", "unix://"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, value: str) -> None:
    said = complaint({variable: value})

    assert said.startswith(f"{variable}: ")
    assert "hush" not in said


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    "url",
    ["redis://localhost", "redis://localhost:6379", "redis://u:p%40@h:1/15", "rediss://h:6380/0?ssl_ca_certs=/ca",
     "unix:///run/redis.sock?db=2", "unix://:p@/run/redis.sock", "redis://[::1]:6379/0"],
)  # fmt: skip
def test_an_address_of_redis_is_taken_in_each_of_its_forms(url: str) -> None:
    assert load_settings({"KPIS_REDIS_URL": url}, None).redis_url == url


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('partitions = "many"', ": partitions: "),
        ("no_such_thing = 1", ": no_such_thing: no such setting"),
        ("group =", ": is not TOML: "),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(elsewhere: Path, text: str, what: str) -> None:
    file = elsewhere / "my.toml"
    file.write_text(text)

    assert complaint({}, file).startswith(f"{file}{what}")


def test_a_file_that_is_not_there_is_named(elsewhere: Path) -> None:
    assert "gone.toml: cannot be read" in complaint({}, elsewhere / "gone.toml")


@pytest.mark.usefixtures("elsewhere")
def test_check_lists_every_setting_with_its_value() -> None:
    listed = kpis("check", "--settings", KPIS_PARTITIONS="12").stdout.splitlines()

    names = [line.split()[0] for line in listed[1:]]
    assert names == [f"KPIS_{name.upper()}" for name in Settings.model_fields]
    (partitions,) = [line for line in listed if line.startswith("KPIS_PARTITIONS ")]
    assert partitions.split()[1:3] == ["12", "8"]


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KPIS_KAFKA_SASL_PASSWORD", "hush"),
        ("KPIS_REDIS_URL", "redis://me:hush@127.0.0.1:1/0"),
        ("KPIS_REDIS_URL", "redis://:hush@127.0.0.1:1/0"),
        ("KPIS_REDIS_URL", "redis://127.0.0.1:1/0?password=hush&db=1"),
    ],
)
def test_check_lists_no_secret(variable: str, value: str) -> None:
    done = kpis("check", "--settings", **{variable: value})

    assert done.exit_code == 0
    assert "********" in done.stdout
    assert "hush" not in done.output


@pytest.mark.usefixtures("elsewhere")
def test_a_wrong_setting_ends_a_command_with_its_name_and_no_trace() -> None:
    done = kpis("check", KPIS_PARTITIONS="many")

    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "KPIS_PARTITIONS" in done.stderr


@pytest.mark.usefixtures("elsewhere")
def test_a_redis_address_that_is_none_is_named_without_its_password() -> None:
    done = kpis("campaigns", "list", KPIS_REDIS_URL="http://me:hush@example.org")

    assert done.exit_code == 2
    assert "KPIS_REDIS_URL" in done.stderr
    assert "hush" not in done.stderr


@pytest.mark.usefixtures("elsewhere")
def test_no_file_and_a_wrong_file_are_wrong_use_before_redis_is_asked() -> None:
    Path("wrong.yaml").write_text("campaigns:\n  - name: x\n")

    gone, wrong = kpis("campaigns", "apply", "gone.yaml"), kpis("campaigns", "apply", "wrong.yaml")

    assert (gone.exit_code, wrong.exit_code) == (2, 2)
    assert "gone.yaml: cannot be read" in gone.stderr
    assert "wrong.yaml:2:5: campaigns[0].id: required" in wrong.stderr


@pytest.mark.usefixtures("elsewhere")
def test_pruning_by_a_file_that_names_no_campaigns_is_refused() -> None:
    Path("cards.yaml").write_text("emv_cards: {}\n")

    done = kpis("campaigns", "apply", "--prune", "cards.yaml")

    assert done.exit_code == 2
    assert "would remove all" in done.stderr


def test_a_variable_that_is_no_setting_is_told_and_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    settings = load_settings({"KPIS_GRUOP": "x", "KPIS_GROUP": "mine"}, None)

    assert settings.group == "mine"
    assert "KPIS_GRUOP is no setting" in capsys.readouterr().err


def test_sasl_without_credentials_is_refused() -> None:
    with pytest.raises(WrongUse, match="kafka_sasl_username"):
        load_settings({"KPIS_KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, None)
