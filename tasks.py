#!/usr/bin/env python3
"""Set the project up on a machine with nothing but Python, and run its tasks.

    python3 tasks.py demo    the whole service with simulated campaigns
    python3 tasks.py test    every check and test, as CI runs them

The environment goes to .venv beside this file, with the versions of the lock files; it is made again
when they change.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
RUNTIME_LOCK = ROOT / "requirements.lock"
DEVELOPMENT_LOCK = ROOT / "requirements-dev.lock"
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile")


def run(*command: str | Path) -> None:
    """Run a command in the project's folder; end with its exit code where it fails."""
    code = subprocess.call([str(part) for part in command], cwd=ROOT)
    if code:
        sys.exit(code)


def set_up(lock: Path) -> None:
    """Create or renew .venv so that it holds what a lock file names, and the project itself."""
    state = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / "installed"
    installed = stamp.read_text().split() if stamp.exists() else []
    if state in installed:
        return
    print(f"Setting up .venv with the versions of {lock.name} (first time: about a minute)…", flush=True)
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        make_environment()
    pip = [BIN / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    run(*pip, "--require-hashes", "-r", lock)
    run(*pip, "--no-deps", "--editable", ".")
    kept = installed if lock == DEVELOPMENT_LOCK else []
    stamp.write_text("\n".join([*kept, state]))


def make_environment() -> None:
    """Make .venv; say what is missing where Python came without its parts."""
    try:
        venv.create(VENV, with_pip=True)
    except (subprocess.CalledProcessError, ImportError):
        sys.exit("Python cannot make virtual environments here. On Debian: apt-get install python3-venv")


def demo() -> None:
    """Run the whole service with simulated campaigns; Ctrl-C ends it."""
    set_up(RUNTIME_LOCK)
    # In our place: an interrupt must reach it alone, and it must have the time to end in order.
    os.execv(BIN / "kpis", ["kpis", "up", "--demo"])


def lint() -> None:
    """Check style, types and that generated documents are fresh."""
    set_up(DEVELOPMENT_LOCK)
    run(BIN / "ruff", "check", ".")
    run(BIN / "ruff", "format", "--check", ".")
    run(BIN / "mypy")


def test() -> None:
    """Run every check and test."""
    lint()
    # Or the first tests would wait for the compiler, each of them.
    run(BIN / "kpis", "compile")
    pytest: list[str | Path] = [BIN / "python", "-m", "pytest", "-q", "--durations=10"]
    run(*pytest, *SIDE_BY_SIDE, "tests/unit", "tests/golden", "tests/test_layout.py")
    # Tests of real servers mostly wait: two files at a time. Not among those above: what a worker that dies
    # in a test leaves behind runs on.
    run(*pytest, *SIDE_BY_SIDE, "tests/integration")
    # The folder in front is one of the other's: its table is printed by a process that collects no tests.
    run(*pytest, *SIDE_BY_SIDE, "tests/system/faults", "tests/system")


def unit() -> None:
    """Run the tests that need no server."""
    set_up(DEVELOPMENT_LOCK)
    run(BIN / "python", "-m", "pytest", "-q", "tests/unit", "tests/golden", "tests/test_layout.py")


def faults() -> None:
    """Run the fault tests whole: some minutes for each scenario and seed, more than an hour in all."""
    set_up(DEVELOPMENT_LOCK)
    # A whole scenario takes minutes: on a busy machine two met the ten after which a test is said to hang.
    whole = ("--whole", "-o", "faulthandler_timeout=1800")
    run(BIN / "python", "-m", "pytest", "-v", "tests/system/faults", "tests/integration/collector", *whole)


def docs() -> None:
    """Write the generated pages of docs/."""
    set_up(DEVELOPMENT_LOCK)
    run(BIN / "python", "-m", "docs.generate")


def monitoring() -> None:
    """Write the generated files of monitoring/."""
    set_up(DEVELOPMENT_LOCK)
    run(BIN / "python", "-m", "monitoring.dashboards")
    run(BIN / "python", "-m", "monitoring.alerts")


def bench() -> None:
    """Compare the worker with other engines on the same work; takes some minutes."""
    set_up(DEVELOPMENT_LOCK)
    run(BIN / "python", "-m", "benchmarks.peers")


def lock() -> None:
    """Write the lock files, with the newest versions that pyproject.toml allows."""
    set_up(DEVELOPMENT_LOCK)
    compile_ = [BIN / "uv", "pip", "compile", "--quiet", "--universal", "--upgrade", "--generate-hashes"]
    options = ["--python-version", "3.11", "--extra", "embedded", "--no-header", "pyproject.toml"]
    run(*compile_, *options, "-o", RUNTIME_LOCK)
    run(*compile_, *options, "--group", "dev", "-o", DEVELOPMENT_LOCK)


TASKS: dict[str, Callable[[], None]] = {
    "demo": demo,
    "test": test,
    "unit": unit,
    "faults": faults,
    "lint": lint,
    "docs": docs,
    "monitoring": monitoring,
    "bench": bench,
    "lock": lock,
}


def main() -> None:
    """Run the task named on the command line."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit(f"Python 3.11, 3.12 or 3.13 is needed; this is {sys.version.split()[0]}.")
    parser = argparse.ArgumentParser(
        formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__
    )
    tasks = parser.add_subparsers(required=True, metavar="TASK")
    for name, task in TASKS.items():
        tasks.add_parser(name, help=(task.__doc__ or "").rstrip(".")).set_defaults(task=task)
    parser.parse_args().task()


if __name__ == "__main__":
    main()
