"""docker-compose.yml as Compose reads it, and the Dockerfile: what whoever runs the stack relies on."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ORDERLY_END_SECONDS = 30
ONCE = {"topics", "kpis", "demo-campaigns"}
WORKERS = {"worker-1", "worker-2"}
# Writes its configuration below its own program.
WRITES = {"kafka"}
FOR_USERS = {"kafka", "collector", "prometheus", "alertmanager", "grafana"}
PASSWORD = {"GRAFANA_PASSWORD": "of-a-test"}

Service = dict[str, Any]


def compose(environment: dict[str, str], empty: Path) -> subprocess.CompletedProcess[str]:
    """Have Compose read the file, with all profiles and nothing but this environment."""
    program = shutil.which("docker-compose")
    assert program, "There is no docker-compose here: apt-get install docker-compose."
    empty.write_text("")
    command = [program, "--env-file", str(empty), "--profile", "demo", "--profile", "tools", "config"]
    inherited = {"PATH": os.environ["PATH"], "HOME": str(empty.parent)}
    return subprocess.run(command, cwd=ROOT, env=inherited | environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Service]:
    """Return the services as Compose resolves them."""
    done = compose(PASSWORD, tmp_path_factory.mktemp("compose") / "empty.env")
    assert done.returncode == 0, done.stderr
    return dict(yaml.safe_load(done.stdout)["services"])


def missing(services: dict[str, Service], *keys: str) -> list[str]:
    """Name the services that lack one of some keys."""
    return [name for name, service in services.items() if not all(service.get(key) for key in keys)]


def seconds(duration: str) -> int:
    """Read a duration such as 1m30s."""
    found = re.fullmatch(r"(?:(\d+)m)?(?:(\d+)s)?", duration)
    assert found is not None, duration
    minutes, rest = found.groups()
    return int(minutes or 0) * 60 + int(rest or 0)


def names_of_networks(service: Service) -> set[str]:
    return set(service["networks"])


def test_all_that_the_service_is_made_of_is_there(services: dict[str, Service]) -> None:
    assert set(services) == FOR_USERS | WORKERS | ONCE | {"redis", "demo-traffic"}


def test_every_image_is_pinned_by_its_whole_version(services: dict[str, Service]) -> None:
    images = {service["image"] for service in services.values()}

    assert [image for image in images if not re.search(r":v?\d+\.\d+\.\d+(-[a-z]+)?$", image)] == []


def test_every_service_has_limits_and_no_privileges(services: dict[str, Service]) -> None:
    assert missing(services, "mem_limit", "cpus", "pids_limit", "logging") == []
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "max-size" in service["logging"]["options"], name


def test_file_systems_are_read_only_where_the_program_allows_it(services: dict[str, Service]) -> None:
    assert set(missing(services, "read_only")) == WRITES


def test_what_runs_on_is_looked_at_and_started_again(services: dict[str, Service]) -> None:
    lasting = {name: service for name, service in services.items() if name not in ONCE}
    ours = {name for name, service in services.items() if "build" in service}

    assert {service["restart"] for service in lasting.values()} == {"unless-stopped"}
    assert set(missing(lasting, "healthcheck")) == WORKERS, "a worker's check is its image's"
    assert {name for name in ours if services[name].get("healthcheck")} == ours - WORKERS
    assert all(services[name]["restart"] == "no" for name in ONCE)


def test_ports_are_published_on_loopback_and_only_where_users_go(services: dict[str, Service]) -> None:
    published = {name: service["ports"] for name, service in services.items() if service.get("ports")}

    assert set(published) == FOR_USERS
    assert [port for ports in published.values() for port in ports if not port.startswith("127.0.0.1:")] == []


def test_what_is_not_for_users_is_on_a_network_without_a_way_out(
    services: dict[str, Service], tmp_path: Path
) -> None:
    outside = {name for name, service in services.items() if names_of_networks(service) != {"inside"}}
    networks = yaml.safe_load(compose(PASSWORD, tmp_path / "empty.env").stdout)["networks"]

    assert outside == FOR_USERS
    assert networks["inside"]["internal"] is True


def test_a_worker_has_longer_to_end_than_it_takes(services: dict[str, Service]) -> None:
    for name in WORKERS:
        assert seconds(services[name]["stop_grace_period"]) > ORDERLY_END_SECONDS, name


def test_topics_are_created_before_a_worker_starts(services: dict[str, Service]) -> None:
    assert services["topics"]["command"] == ["topics", "apply"]
    assert services["topics"]["depends_on"]["kafka"] == {"condition": "service_healthy"}
    for name in WORKERS:
        waits = services[name]["depends_on"]
        assert waits["topics"] == {"condition": "service_completed_successfully"}, name


def test_prometheus_is_told_of_every_worker_and_of_alertmanager(services: dict[str, Service]) -> None:
    targets = ROOT / "monitoring" / "compose" / "targets"
    workers = [f"{name}:9464" for name in sorted(WORKERS)]

    assert json.loads((targets / "workers.json").read_text()) == [{"targets": workers}]
    assert json.loads((targets / "collectors.json").read_text()) == [{"targets": ["collector:8080"]}]
    assert json.loads((targets / "alertmanagers.json").read_text()) == [{"targets": ["alertmanager:9093"]}]
    for name in WORKERS:
        assert services[name]["environment"]["KPIS_METRICS_ADDRESS"] == "0.0.0.0:9464"


def test_each_server_reads_what_the_repository_holds(services: dict[str, Service]) -> None:
    mounts = [mount for service in services.values() for mount in service.get("volumes", [])]
    files = {target: Path(source) for source, target, mode in map(split, mounts) if source.startswith("/")}

    assert set(files) == {
        "/etc/prometheus/prometheus.yml",
        "/etc/prometheus/rules",
        "/etc/prometheus/targets",
        "/etc/alertmanager",
        "/etc/grafana/provisioning",
        "/var/lib/grafana/dashboards",
    }
    assert [mount for mount in mounts if mount.startswith("/") and not mount.endswith(":ro")] == []
    assert [str(path) for path in files.values() if not path.exists()] == []


def split(mount: str) -> tuple[str, str, str]:
    source, target, mode = mount.split(":")
    return source, target, mode


def test_no_state_is_lost_with_a_container(services: dict[str, Service]) -> None:
    kept = {name: [split(mount)[:2] for mount in services[name]["volumes"]] for name in FOR_USERS | {"redis"}}

    assert ("kafka-data", services["kafka"]["environment"]["KAFKA_LOG_DIRS"]) in kept["kafka"]
    assert ("redis-data", "/data") in kept["redis"]
    collector = services["collector"]["environment"]["KPIS_DATA_DIR"]
    assert ("collector-data", collector) in kept["collector"]
    assert ("prometheus-data", "/prometheus") in kept["prometheus"]
    assert ("alertmanager-data", "/alertmanager") in kept["alertmanager"]
    assert ("grafana-data", "/var/lib/grafana") in kept["grafana"]
    assert "--appendonly yes" in " ".join(services["redis"]["command"])


def test_there_is_no_default_password_and_no_secret(tmp_path: Path) -> None:
    done = compose({}, tmp_path / "empty.env")
    text = (ROOT / "docker-compose.yml").read_text()
    secrets = re.findall(r"^\s*\S*(?:PASSWORD|SECRET|TOKEN)\S*:(.*)$", text, re.MULTILINE)

    assert done.returncode != 0
    assert "Set GRAFANA_PASSWORD to a password of your own" in done.stderr
    assert secrets
    assert [value for value in secrets if not value.strip().startswith('"${GRAFANA_PASSWORD:?')] == []


def test_the_example_of_an_environment_names_what_compose_reads() -> None:
    read = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    example = (ROOT / ".env.example").read_text()

    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == read
    assert re.search(r"^GRAFANA_PASSWORD=$", example, re.MULTILINE)


def test_the_dockerfile_has_nothing_that_a_linter_finds() -> None:
    program = Path(sys.executable).parent / "hadolint"
    assert program.exists(), "There is no hadolint here: `python3 tasks.py lint` installs it."

    done = subprocess.run([program, ROOT / "Dockerfile"], capture_output=True, text=True)

    assert done.stdout + done.stderr == ""


def test_the_image_runs_the_command_as_a_user_without_rights_and_asks_whether_it_lives() -> None:
    text = (ROOT / "Dockerfile").read_text()

    assert re.search(r"^USER [1-9]\d+$", text, re.MULTILINE)
    assert re.search(r'^ENTRYPOINT \["kpis"\]$', text, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*\\\n +CMD \[.*/livez", text, re.MULTILINE)
    assert "--verify-hashes --constraint requirements.lock" in text
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["python:3.12.13-slim-trixie"] * 2
