"""Locales, closed streams and full disks: a sentence and an exit code, and never a trace."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.interrupts import interruptible
from tests.system.support.processes import environment, free_port, kpis

NAMED = """\
campaigns:
  - id: glow
    name: "Été – 夏 😀"
    starts: 2026-11-01T00:00:00Z
    ends: 2026-12-30T00:00:00Z
    currency: EUX
"""


@pytest.fixture
def nowhere(tmp_path: Path) -> dict[str, str]:
    """Return settings that lead to no server."""
    port, metrics = free_port(), free_port()
    own = {"KPIS_KAFKA": f"127.0.0.1:{port}", "KPIS_REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    return environment(own | {"KPIS_METRICS_ADDRESS": f"127.0.0.1:{metrics}", "KPIS_DATA_DIR": str(tmp_path)})


def shell(line: str, settings: dict[str, str], directory: Path) -> "subprocess.CompletedProcess[bytes]":
    """Run a line of a shell in which `kpis` is ours; its output is read through pipes."""
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; kpis() {{ {kpis()} \"$@\"; }}; {line}"],
        env=settings, cwd=directory, capture_output=True, timeout=60,
    )  # fmt: skip
    assert b"Traceback" not in done.stdout + done.stderr, done.stderr.decode(errors="replace")
    return done


@pytest.mark.parametrize("command", ["schema", "check"])
@pytest.mark.parametrize(
    ("streams", "said"),
    [
        ("> /dev/full", "Error: standard output: No space left on device."),
        (">&-", "Error: standard output: Bad file descriptor."),
        ("> /dev/full 2> /dev/full", ""),
        (">&- 2>&- <&-", ""),
        ("| head -c 0", ""),
    ],
)
def test_an_output_that_takes_nothing_is_a_sentence_and_a_failure(
    nowhere: dict[str, str], tmp_path: Path, command: str, streams: str, said: str
) -> None:
    done = shell(f"kpis {command} {streams}", nowhere, tmp_path)

    assert (done.returncode, done.stderr.decode().strip()) == (1, said)


@pytest.mark.parametrize("streams", ["<&-", "2>&-", "2> /dev/full"])
def test_what_needs_no_such_stream_goes_on_without(
    nowhere: dict[str, str], tmp_path: Path, streams: str
) -> None:
    done = shell(f"kpis schema {streams}", nowhere, tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(b"{")


def test_an_input_that_is_closed_is_named(nowhere: dict[str, str], tmp_path: Path) -> None:
    for command in ("campaigns apply -", "validate -"):
        done = shell(f"kpis {command} <&-", nowhere, tmp_path)
        assert done.returncode == 2
        assert b"cannot be read (Bad file descriptor)" in done.stderr


def test_a_disk_that_takes_nothing_is_a_sentence(nowhere: dict[str, str], tmp_path: Path) -> None:
    done = shell("ulimit -f 0; kpis simulate --to events.ndjson --count 20000", nowhere, tmp_path)
    assert done.returncode == 1
    assert b"events.ndjson" in done.stderr


def test_a_worker_needs_no_place_to_write_to(nowhere: dict[str, str], tmp_path: Path) -> None:
    without = nowhere | {"TMPDIR": "/nowhere", "HOME": "/nowhere"}
    command = f"ulimit -f 0; exec {kpis()} worker"
    with interruptible():
        worker = subprocess.Popen(["bash", "-c", command], env=without, cwd=tmp_path, stderr=subprocess.PIPE)
    assert worker.stderr
    said = b""
    while b"waiting: " not in said and (line := worker.stderr.readline()):
        said += line
    worker.terminate()
    rest = worker.communicate(timeout=60)[1]

    assert b"Traceback" not in said + rest
    assert worker.returncode == 0, said
    assert b"No Kafka broker answers" in said


def check_and_apply(settings: dict[str, str], directory: Path) -> None:
    """See a check fail, and a wrong file refused, each with its sentence."""
    (directory / "campaigns.yaml").write_text(NAMED, "utf-8")
    checked = shell("kpis check", settings, directory)
    assert checked.returncode == 1
    assert b"No Kafka broker answers" in checked.stdout
    refused = shell("kpis campaigns apply campaigns.yaml", settings, directory)
    assert refused.returncode == 2
    assert b"EUX is no currency" in refused.stderr


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_any_encoding_of_the_streams_will_do(nowhere: dict[str, str], tmp_path: Path, encoding: str) -> None:
    check_and_apply(nowhere | {"PYTHONIOENCODING": encoding}, tmp_path)


@pytest.mark.parametrize("locale", ["C", "ja_JP.EUC-JP", "en_US.ISO-8859-1"])
def test_any_locale_will_do(nowhere: dict[str, str], tmp_path: Path, locale: str) -> None:
    if "." in locale:
        name, charmap = locale.split(".")
        if not (shutil.which("localedef") and Path("/usr/share/i18n/locales").is_dir()):
            pytest.skip("no locale can be compiled: apt-get install locales")
        subprocess.run(["localedef", "-i", name, "-f", charmap, str(tmp_path / locale)], check=False)
    python = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    check_and_apply(nowhere | python | {"LOCPATH": str(tmp_path), "LC_ALL": locale}, tmp_path)
