"""What Prometheus' and Alertmanager's own tools say of the files."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

MONITORING = Path(__file__).resolve().parents[2] / "monitoring"
INSTALL = {
    "promtool": "apt-get install prometheus",
    "amtool": "apt-get install prometheus-alertmanager",
}
ALERT = {
    "labels": {"alertname": "A", "owner": "team-beauty"},
    "annotations": {"summary": "Dear <b>", "summary_fr": "Cher <b>"},
    "startsAt": "2026-11-25T10:00:00Z",
    "endsAt": "2026-11-25T11:00:00Z",
}
LABELS = {"campaign": "summer", "owner": "team-beauty", "severity": "critical"}


def run(tool: str, *arguments: str, directory: Path = MONITORING) -> str:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not here: `{INSTALL[tool]}`")
    done = subprocess.run([tool, *arguments], cwd=directory, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def paths(pattern: str) -> list[str]:
    found = [str(path) for path in sorted(MONITORING.glob(pattern))]
    assert found
    return found


def test_the_rules_are_valid() -> None:
    run("promtool", "check", "rules", *paths("prometheus/rules/*.yml"))


@pytest.mark.parametrize("path", paths("prometheus/tests/*.yml"), ids=lambda path: Path(path).stem)
def test_alerts_fire_when_they_should_and_only_then(path: str) -> None:
    run("promtool", "test", "rules", path)


def test_the_configuration_of_prometheus_is_valid() -> None:
    run("promtool", "check", "config", "prometheus/prometheus.yml")


def test_the_configuration_of_alertmanager_is_valid() -> None:
    run("amtool", "check-config", "alertmanager/alertmanager.yml")


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (["team=pipeline", "severity=critical"], "on-call"),
        (["team=pipeline", "severity=info"], "on-call"),
        (["team=campaigns", "severity=critical", "owner=team-beauty", "campaign=c"], "campaigns"),
        (["team=campaigns", "severity=info", "campaign=c"], "campaigns"),
        (["team=pipeline", "severity=none"], "heartbeat"),
        (["alertname=SomebodyElses"], "on-call"),
    ],
)
def test_alerts_are_routed_by_team_and_severity(labels: list[str], receiver: str) -> None:
    config = "--config.file=alertmanager/alertmanager.yml"
    run("amtool", "config", "routes", "test", config, f"--verify.receivers={receiver}", *labels)


def test_an_owner_gets_a_receiver_by_the_three_lines_that_the_file_shows(tmp_path: Path) -> None:
    text = (MONITORING / "alertmanager/alertmanager.yml").read_text()
    for line in ("- matchers: [owner = team-beauty]", "  receiver: team-beauty", "  routes: *by_severity"):
        assert f"        # {line}\n" in text
        text = text.replace(f"        # {line}\n", f"        {line}\n")
    (tmp_path / "alertmanager.yml").write_text(text)
    (tmp_path / "templates").symlink_to(MONITORING / "alertmanager/templates")
    run("amtool", "check-config", "alertmanager.yml", directory=tmp_path)
    config = f"--config.file={tmp_path}/alertmanager.yml"
    for severity in ("critical", "warning", "info"):
        labels = ["team=campaigns", f"severity={severity}", "owner=team-beauty", "campaign=c"]
        run("amtool", "config", "routes", "test", config, "--verify.receivers=team-beauty", *labels)


@pytest.mark.parametrize(
    ("template", "status", "said"),
    [
        ("kpis.title.en", "firing", "CRITICAL: summer (team-beauty)"),
        ("kpis.title.fr", "firing", "CRITIQUE : summer (team-beauty)"),
        ("kpis.title.en", "resolved", "RESOLVED: summer (team-beauty)"),
        ("kpis.title.fr", "resolved", "RÉSOLU : summer (team-beauty)"),
        ("kpis.text.en", "firing", "Dear <b>\n"),
        ("kpis.text.fr", "firing", "Responsable : team-beauty · depuis le 2026-11-25 10:00 UTC"),
        ("kpis.text.fr", "resolved", "Résolu : Cher <b>\n"),
        ("kpis.mail.en", "firing", "<b>Dear &lt;b&gt;</b>"),
        ("kpis.mail.fr", "resolved", '<html lang="fr">'),
    ],
)
def test_templates_speak_both_languages(template: str, status: str, said: str, tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    group = {"status": status, "commonLabels": LABELS, "alerts": [ALERT | {"status": status}]}
    data.write_text(json.dumps(group))
    kind = "html" if "mail" in template else "text"
    arguments = [f"--template.glob={MONITORING}/alertmanager/templates/*.tmpl", f"--template.data={data}"]
    text = f'{{{{ template "{template}" . }}}}'
    answer = run(
        "amtool", "template", "render", *arguments, f"--template.type={kind}", f"--template.text={text}"
    )
    assert said in answer


def test_no_secret_stands_in_the_configuration() -> None:
    text = (MONITORING / "alertmanager/alertmanager.yml").read_text()
    assert "api_url:" not in text
    assert "password:" not in text
