"""The Kubernetes example: valid by Kubernetes' own schemas, and fit for workers and collectors."""

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((ROOT / "deploy" / "kubernetes").glob("*.yml"))
# The oldest that the schemas' package still has and the newest that this was written for.
RELEASES = ("1.32", "1.37")
ORDERLY_END_SECONDS = {"Deployment": 30, "StatefulSet": 10}
PODS = ("Deployment", "Job", "StatefulSet")

Object = dict[str, Any]


def objects() -> list[Object]:
    """Read all objects, which a test may spoil."""
    return [found for file in FILES for found in yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader)]


def the(kind: str) -> Object:
    """Return the one of its kind; of those that workers and collectors have each, the workers'."""
    (found,) = [one for one in objects() if one["kind"] == kind and (kind in PODS or not of_collectors(one))]
    return found


def of_collectors(one: Object) -> bool:
    return bool(one["metadata"]["labels"].get("app.kubernetes.io/component") == "collector")


def pod(kind: str) -> Object:
    return dict(the(kind)["spec"]["template"]["spec"])


def container(kind: str) -> Object:
    (found,) = pod(kind)["containers"]
    return dict(found)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("found", objects(), ids=lambda found: found["kind"])
def test_every_object_is_valid(found: Object, release: str) -> None:
    kubernetes_validate.validate(found, release, strict=True)


def test_a_misspelt_field_is_found() -> None:
    wrong = the("PodDisruptionBudget")
    wrong["spec"]["maxUnavailble"] = 1

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, RELEASES[0], strict=True)


@pytest.mark.parametrize("kind", PODS)
def test_a_pod_has_no_rights_and_no_way_to_write(kind: str) -> None:
    assert pod(kind)["automountServiceAccountToken"] is False
    assert pod(kind)["securityContext"]["runAsNonRoot"] is True
    assert container(kind)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


@pytest.mark.parametrize("kind", PODS)
def test_a_pod_takes_its_settings_from_the_config_and_its_secrets_from_the_secret(kind: str) -> None:
    sources = container(kind)["envFrom"]

    assert sources == [
        {"configMapRef": {"name": the("ConfigMap")["metadata"]["name"]}},
        {"secretRef": {"name": "campaign-kpis"}},
    ]
    assert [one for one in objects() if one["kind"] == "Secret"] == []


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet"])
def test_the_ca_file_is_where_its_setting_says(kind: str) -> None:
    (mount,) = [mount for mount in container(kind)["volumeMounts"] if mount["name"] == "ca"]

    assert the("ConfigMap")["data"]["KPIS_KAFKA_CA_FILE"].startswith(f"{mount['mountPath']}/")


def asked(kind: str) -> dict[str, str]:
    return {
        probe: container(kind)[f"{probe}Probe"]["httpGet"]["path"]
        for probe in ("startup", "liveness", "readiness")
    }


def test_a_worker_is_asked_whether_it_lives_and_whether_it_is_ready() -> None:
    assert asked("Deployment") == {"startup": "/livez", "liveness": "/livez", "readiness": "/readyz"}


def test_a_collector_leads_visitors_on_though_it_can_keep_no_events() -> None:
    assert asked("StatefulSet") == {"startup": "/readyz", "liveness": "/livez", "readiness": "/livez"}


@pytest.mark.parametrize("kind", ORDERLY_END_SECONDS)
def test_it_has_longer_to_end_than_it_takes(kind: str) -> None:
    assert pod(kind)["terminationGracePeriodSeconds"] > ORDERLY_END_SECONDS[kind]


def test_a_collector_answers_until_the_ingress_has_heard_of_its_end() -> None:
    program, seconds = container("StatefulSet")["lifecycle"]["preStop"]["exec"]["command"]
    orderly, given = ORDERLY_END_SECONDS["StatefulSet"], pod("StatefulSet")["terminationGracePeriodSeconds"]

    assert program == "sleep"
    assert 3 <= int(seconds) < given - orderly


def test_what_a_collector_keeps_is_on_a_disk_of_its_own() -> None:
    collector = container("StatefulSet")
    settings = {one["name"]: one["value"] for one in collector["env"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in collector["volumeMounts"]}
    claims = [claim["metadata"]["name"] for claim in the("StatefulSet")["spec"]["volumeClaimTemplates"]]

    assert claims == ["spool"]
    assert settings["KPIS_DATA_DIR"] == mounts["spool"]
    assert settings["KPIS_SECRETS_FILE"].startswith(f"{mounts['secrets']}/")


def test_what_selects_collectors_selects_them() -> None:
    labels = the("StatefulSet")["spec"]["template"]["metadata"]["labels"]
    services = [one for one in objects() if one["kind"] == "Service" and of_collectors(one)]
    (budget,) = [one for one in objects() if one["kind"] == "PodDisruptionBudget" and of_collectors(one)]

    assert [one["spec"]["selector"] for one in services] == [labels, labels]
    assert the("StatefulSet")["spec"]["serviceName"] in [one["metadata"]["name"] for one in services]
    assert budget["spec"]["selector"]["matchLabels"] == labels


def test_one_worker_at_a_time_is_taken_away() -> None:
    rolling = the("Deployment")["spec"]["strategy"]["rollingUpdate"]

    assert rolling == {"maxSurge": 0, "maxUnavailable": 1}
    assert the("PodDisruptionBudget")["spec"]["maxUnavailable"] == 1


def test_what_selects_workers_selects_them() -> None:
    labels = the("Deployment")["spec"]["template"]["metadata"]["labels"]

    assert the("Service")["spec"]["selector"] == labels
    assert the("PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == labels
    assert the("Job")["spec"]["template"]["metadata"]["labels"] != labels


def test_prometheus_finds_workers_that_are_not_ready_too() -> None:
    service = the("Service")["spec"]
    annotations = the("Deployment")["spec"]["template"]["metadata"]["annotations"]

    assert service["clusterIP"] == "None"
    assert service["publishNotReadyAddresses"] is True
    assert the("ConfigMap")["data"]["KPIS_METRICS_ADDRESS"].endswith(f":{annotations['prometheus.io/port']}")
