"""Prometheus and Alertmanager where the system has them, with our rules, over one worker."""

import json
import shutil
import urllib.request
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from embedded import ServerFailed
from embedded.lock import make_folder
from embedded.ports import LOOPBACK, required_port
from embedded.processes import Child, start_child
from embedded.server import Service

# As in the compose stack, but for the size: here the disk is shared with Kafka.
_RETENTION = ["--storage.tsdb.retention.time=400d", "--storage.tsdb.retention.size=5GB"]


def prometheus_service(
    data_dir: Path, files: Path, ports: tuple[int, int], worker: str, lock: int
) -> Service:
    """Say how Prometheus is run: with our rules, over one worker, telling Alertmanager; `ports` are theirs.

    Raises:
        ServerFailed: it is not installed, or our files are not here.

    """
    port, alertmanager = ports
    binary = _binary("prometheus")
    _copy_files(files / "prometheus", data_dir)
    _write_targets(data_dir, "workers", worker)
    _write_targets(data_dir, "alertmanagers", f"{LOOPBACK}:{alertmanager}")
    command = [
        binary,
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=data",
        *_RETENTION,
        f"--web.listen-address={LOOPBACK}:{port}",
    ]
    return _service("Prometheus", command, data_dir, data_dir, port, lock)


def alertmanager_service(data_dir: Path, files: Path, port: int, lock: int) -> Service:
    """Say how Alertmanager is run: with our file as it stands, and the secrets beside it.

    Raises:
        ServerFailed: it is not installed, or our files are not here.

    """
    binary = _binary("prometheus-alertmanager", "alertmanager")
    file = _required(files / "alertmanager" / "alertmanager.yml")
    make_folder(data_dir)
    command = [
        binary,
        f"--config.file={file}",
        f"--storage.path={data_dir}",
        "--cluster.listen-address=",
        f"--web.listen-address={LOOPBACK}:{port}",
    ]
    return _service("Alertmanager", command, data_dir, file.parent, port, lock)


def _service(
    name: str, command: Sequence[str], data_dir: Path, directory: Path, port: int, lock: int
) -> Service:
    log = data_dir / "server.log"

    def spawn() -> Child:
        required_port(name, port)
        return start_child(command, cwd=directory, log=log, inherit=[lock])

    remedy = f"if its data are damaged, move {data_dir} away"
    return Service(name, f"{LOOPBACK}:{port}", log, spawn, partial(_answers, port=port), remedy)


def _answers(_: Child, *, port: int) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{LOOPBACK}:{port}/-/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _binary(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise ServerFailed(
            f"There is no {names[0]} here. On Debian: apt-get install prometheus prometheus-alertmanager, "
            "then systemctl disable --now both, for it has started them; and start again."
        )
    return found


def _required(file: Path) -> Path:
    if not file.is_file():
        raise ServerFailed(
            f"{file} is not there: --with-prometheus uses the repository's monitoring/. Run it from the "
            "repository, or where monitoring/ is in the current directory."
        )
    return file


def _copy_files(files: Path, data_dir: Path) -> None:
    """Copy them beside the targets, which Prometheus looks for beside its configuration."""
    configuration = _required(files / "prometheus.yml")
    make_folder(data_dir / "targets")
    make_folder(data_dir / "data")
    try:
        shutil.copyfile(configuration, data_dir / configuration.name)
        shutil.rmtree(data_dir / "rules", ignore_errors=True)
        shutil.copytree(files / "rules", data_dir / "rules")
    except OSError as error:
        raise ServerFailed(f"{data_dir} cannot be written ({error.strerror}).") from None


def _write_targets(data_dir: Path, name: str, address: str) -> None:
    try:
        targets = json.dumps([{"targets": [address]}])
        (data_dir / "targets" / f"{name}.json").write_text(f"{targets}\n", "utf-8")
    except OSError as error:
        raise ServerFailed(f"{data_dir} cannot be written ({error.strerror}).") from None
